import { requireScope as requireScopeOf } from '../connections/requireScope';
import { documentUri, type DocumentTarget } from '../documents/uri';
import {
  batchAction,
  batchText,
  isComplete,
  joined,
  retriable,
  type BatchItem,
  type BatchPorts,
  type BatchResult,
} from '../operations/batch';
import { actionFor } from '../operations/actions';
import { runCommand } from '../ui/commandIds';
import { withProgress } from '../ui/progress';
import { isOf, type Entry } from '../directory/entries';
import type { CommandServices } from './command';
import { entryOf, rowOf } from './targets';

export { withProgress } from '../ui/progress';

/**
 * What of one kind a command was called on: the whole selection when it holds the clicked row, else that row alone; from
 * the palette, what is selected in the tree.
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

/** What a batch is, and what is said about it. */
export interface Batch<T, R> {
  title: string;
  /** What was done, as it begins a sentence: `Deleted`. */
  verb: string;
  items: readonly BatchItem<T>[];
  /** The operation, done to some of the items. */
  run(items: readonly BatchItem<T>[], ports: BatchPorts): Promise<BatchResult<T, R>>;
  /** Called after each run over the items, before anything is asked: to show the new state. */
  settle?(result: BatchResult<T, R>): void | Promise<void>;
  /** What is done is told, too, when something is to be said about the others. */
  tellsDone?: boolean;
  /** Finds out what has become of the item that was under way when the person canceled, when asked for it. */
  lookAgain?(value: T): Promise<void>;
  /** Where an item is: a failure that trying again cannot mend is then offered what can. */
  targetOf(value: T): DocumentTarget;
}

/**
 * Does the same to several things with progress and a Cancel button. What is left is told at the end with its reasons
 * and *Retry Failed*, where that can help. A single failure is shown with its own sentences.
 */
export async function showBatch<T, R>(
  services: CommandServices,
  batch: Batch<T, R>,
): Promise<BatchResult<T, R>> {
  const { log, prompts } = services;
  const result = await withProgress(batch.title, (report, signal) =>
    batch.run(batch.items, { report, signal, log }),
  );
  await batch.settle?.(result);
  if (isComplete(result)) {
    return result;
  }
  const text = batchText(withConnections(services, batch, result), batch.verb, batch.tellsDone ?? false);
  const { failed, interrupted } = result;
  if (failed.length === 0) {
    const looksAgain = batch.lookAgain && interrupted?.outcome.action?.kind === 'checkAgain';
    const answer = await prompts.tell('information', text, ...(looksAgain ? ['Look Again'] : []));
    if (answer !== undefined && interrupted) {
      await batch.lookAgain?.(interrupted.item.value);
    }
    return result;
  }
  const items = retriable(result);
  if (items.length === 0) {
    await tellStuck(services, text, batch, result);
    return result;
  }
  if ((await prompts.tell('error', text, 'Retry Failed')) !== 'Retry Failed') {
    return result;
  }
  return joined(result, await showBatch(services, { ...batch, items }));
}

/** Where items are of several connections, a refusal that concerns the key of one says which. */
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

/** Shows failures that trying again cannot mend, with what can. */
async function tellStuck<T>(
  services: CommandServices,
  message: string,
  { targetOf }: Pick<Batch<T, unknown>, 'targetOf'>,
  result: BatchResult<T, unknown>,
): Promise<void> {
  const { prompts } = services;
  const [first] = result.failed;
  const target = first && targetOf(first.item.value);
  const action = batchAction(result, target?.connectionId);
  if (target && action?.kind === 'openInPostHog') {
    if ((await prompts.tell('error', message, 'Open in PostHog')) === 'Open in PostHog') {
      await runCommand('openInPostHog', documentUri(target));
    }
  } else if (action?.kind === 'replaceKey') {
    if ((await prompts.tell('error', message, 'Replace Key…')) === 'Replace Key…') {
      const ids = new Set(result.failed.map(({ item }) => targetOf(item.value).connectionId));
      const connectionId = await oneOf(services, [...ids]);
      if (connectionId !== undefined) {
        await runCommand('replaceKey', { connectionId });
      }
    }
  } else {
    await prompts.tell('error', message);
  }
}

/** The connection whose key is to be replaced, which the person says where it concerns several. */
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
        { title: 'Replace Key', placeHolder: 'Choose the connection whose key to replace' },
      );
}

/**
 * Says before it is tried what the key may not do.
 *
 * @throws PostHogError `missing-scope`
 */
export function requireScope({ connections }: CommandServices, connectionId: string, scope: string): void {
  requireScopeOf(connections, connectionId, scope);
}
