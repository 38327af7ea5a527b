import type { Log } from '../connections/ports';

/** How to reveal a row: selected, focused, expanded to a depth. */
export interface RevealOptions {
  readonly select?: boolean;
  readonly focus?: boolean;
  readonly expand?: boolean | number;
}

/**
 * Reveals a row in the tree. VS Code rejects that while the rows around it are being reloaded ("Cannot resolve tree
 * item"). The command itself succeeded, so the rejection is only logged.
 */
export async function revealRow<Row>(
  { tree, log }: { tree: { reveal(row: Row, options: RevealOptions): PromiseLike<void> }; log: Log },
  row: Row,
  options: RevealOptions,
): Promise<void> {
  try {
    await tree.reveal(row, options);
  } catch (error) {
    log.warn(`Couldn't reveal a row in the tree: ${error instanceof Error ? error.message : String(error)}`);
  }
}
