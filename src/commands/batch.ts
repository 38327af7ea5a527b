import { requireScope as requireScopeOf } from '../connections/requireScope';
import { documentUri, type DocumentTarget } from '../documents/uris/uri';
import {
  batchAction,
  batchText,
  isComplete,
  joined,
  retriable,
  type BatchItem,
  type BatchPorts,
  type BatchResult,
  type Report,
} from '../operations/batch';
import { actionFor } from '../operations/actions';
import { runCommand } from '../ui/commandIds';
import { withProgress } from '../ui/progress';
import { isOf, type Entry } from '../directory/entries';
import type { CommandServices } from './command';
import { buttonFor } from './placeNames';
import { entryOf, rowOf } from './targets';

export { withProgress } from '../ui/progress';

/**
 * The entries of one kind that a command applies to: the whole selection if it includes the clicked row, otherwise that
 * row alone; from the palette, the tree's selection.
 */
export function selectedEntries<K extends Entry['kind']>(
  { tree }: Pick<CommandServices, 'tree'>,
  target: unknown,
  selection: unknown,
  kind: K,
): readonly Extract<Entry, { kind: K }>[] {
  const rows: readonly unknown[] =
    Array.isArray(selection) && selection.includes(target)
      ? selection
      : rowOf(target)
        ? [target]
        : target === undefined
          ? tree.selection
          : [];
  return rows.map(entryOf).filter((entry) => isOf(entry, kind));
}

/** A batch and the texts about it. */
export interface Batch<T, R> {
  /** The title of the progress; absent: each item has its own progress and prompts. */
  title?: string;
  /** The past-tense verb that starts a sentence: `Deleted`. */
  verb: string;
  items: readonly BatchItem<T>[];
  /** Runs the operation for some of the items. */
  run(items: readonly BatchItem<T>[], ports: BatchPorts): Promise<BatchResult<T, R>>;
  /** Called after each run, before any question: updates what is shown. */
  settle?(result: BatchResult<T, R>): void | Promise<void>;
  /** Report successful outcomes too, if something else needs mentioning. */
  reportsDone?: boolean;
  /** Finds out what happened to the item that was in progress when the user canceled, if they ask. */
  checkAgain?(value: T): Promise<void>;
  /** The location of an item: if retrying can't fix a failure, an action that can is offered there. */
  targetOf(value: T): DocumentTarget;
}

/**
 * Runs the same operation on several items, with progress and a Cancel button. Whatever failed is reported at the end
 * with its reasons, and with a button to retry them where that can help. A single failure keeps its own message.
 */
export async function showBatch<T, R>(
  services: CommandServices,
  batch: Batch<T, R>,
): Promise<BatchResult<T, R>> {
  const { log } = services;
  const run = (report: Report, signal: AbortSignal): Promise<BatchResult<T, R>> =>
    batch.run(batch.items, { report, signal, log });
  const result =
    batch.title === undefined
      ? await run(() => undefined, new AbortController().signal)
      : await withProgress(batch.title, run);
  await batch.settle?.(result);
  if (isComplete(result)) {
    return result;
  }
  const text = batchText(withConnections(services, batch, result), batch.verb, batch.reportsDone ?? false);
  const { failed, interrupted } = result;
  const { showWithAction } = await import('../ui/actionButtons');
  if (failed.length === 0) {
    const check = interrupted && batch.checkAgain?.bind(batch, interrupted.item.value);
    await showWithAction(
      'information',
      text,
      interrupted?.outcome.action,
      { ...(check && { checkAgain: check }) },
      services,
    );
    return result;
  }
  const items = retriable(result);
  const [first] = failed;
  const target = first && batch.targetOf(first.item.value);
  let again: BatchResult<T, R> | undefined;
  await showWithAction(
    'error',
    text,
    items.length > 0 ? { kind: 'retry' } : batchAction(result, target?.connectionId),
    {
      uri: target && documentUri(target),
      retry: {
        label: buttonFor(
          services,
          'Retry in',
          items.map(({ value }) => batch.targetOf(value)),
        ),
        run: async () => {
          again = await showBatch(services, { ...batch, items });
        },
      },
      replaceKey: () => replaceKeyOf(services, batch, result),
    },
    services,
  );
  return again ? joined(result, again) : result;
}

/** If the items belong to several connections, a failure that is about a key names its connection. */
function withConnections<T, R>(
  { connections }: CommandServices,
  { items, targetOf }: Pick<Batch<T, R>, 'items' | 'targetOf'>,
  result: BatchResult<T, R>,
): BatchResult<T, R> {
  const idOf = (value: T): string => targetOf(value).connectionId;
  if (new Set(items.map(({ value }) => idOf(value))).size < 2) {
    return result;
  }
  const failed = result.failed.map((one) => {
    const { label, value } = one.item;
    const connectionId = idOf(value);
    const place = ` (connection "${connections.get(connectionId)?.label ?? ''}")`;
    return actionFor(one.outcome.cause, connectionId)?.kind === 'replaceKey'
      ? { ...one, item: { label: label + place, value } }
      : one;
  });
  return { ...result, failed };
}

/** Replaces the key that a batch failed with; asks which, if there are several. */
async function replaceKeyOf<T>(
  services: CommandServices,
  { targetOf }: Pick<Batch<T, unknown>, 'targetOf'>,
  result: BatchResult<T, unknown>,
): Promise<void> {
  const ids = new Set(result.failed.map(({ item }) => targetOf(item.value).connectionId));
  const connectionId = await oneOf(services, [...ids]);
  if (connectionId !== undefined) {
    await runCommand('replaceKey', { connectionId });
  }
}

/** The connection whose key to replace; asks if there are several. */
async function oneOf(
  { prompts, connections }: CommandServices,
  ids: readonly string[],
): Promise<string | undefined> {
  return ids.length < 2
    ? ids[0]
    : prompts.pick(
        ids.map((value) => ({
          label: connections.get(value)?.label ?? '',
          description: connections.get(value)?.origin ?? '',
          value,
        })),
        { title: 'Replace Key', placeHolder: 'Choose a connection' },
      );
}

/**
 * Reports a missing scope before anything is sent.
 *
 * @throws PostHogError `missing-scope`
 */
export function requireScope({ connections }: CommandServices, connectionId: string, scope: string): void {
  requireScopeOf(connections, connectionId, scope);
}
