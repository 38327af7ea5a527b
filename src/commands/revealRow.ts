import type { Log } from '../connections/ports';

/** How a row is shown: selected, focused, opened to a depth. */
export interface RevealOptions {
  readonly select?: boolean;
  readonly focus?: boolean;
  readonly expand?: boolean | number;
}

/**
 * Shows a row in the tree. VS Code refuses that while what is around the row is being read anew ("Cannot resolve tree
 * item"): what the person wanted has happened all the same, so the refusal is for the log alone.
 */
export async function revealRow<Row>(
  { tree, log }: { tree: { reveal(row: Row, options: RevealOptions): PromiseLike<void> }; log: Log },
  row: Row,
  options: RevealOptions,
): Promise<void> {
  try {
    await tree.reveal(row, options);
  } catch (error) {
    log.warn(
      `A row could not be shown in the tree: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
