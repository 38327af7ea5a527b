import { failureText, isCancelled } from '../connections/failures';
import { requireScope as requireScopeOf } from '../connections/requireScope';
import { documentUri, type DocumentTarget } from '../documents/uri';
import { commonAction, retryHelps } from '../operations/actions';
import { runCommand } from '../ui/commandIds';
import { withProgress, type Report } from '../ui/progress';
import { TreeNode } from '../tree/node';
import type { CommandServices } from './command';

export { withProgress, type Report } from '../ui/progress';

/**
 * The rows of one kind that a command was called on: the whole selection when it holds the clicked row, else that
 * row alone; from the palette, what is selected in the tree.
 */
export function selectedNodes<T extends TreeNode>(
  { tree }: Pick<CommandServices, 'tree'>,
  target: unknown,
  selection: unknown,
  type: abstract new (...parameters: never[]) => T,
): readonly T[] {
  const rows: readonly unknown[] =
    Array.isArray(selection) && selection.includes(target)
      ? selection
      : target instanceof TreeNode
        ? [target]
        : target === undefined
          ? tree.selection
          : [];
  return rows.filter((row): row is T => row instanceof type);
}

/** One thing an operation is done to. */
export interface BatchItem<T> {
  label: string;
  value: T;
}

/** An item that could not be done, and why. */
export interface Failed<T> {
  item: BatchItem<T>;
  reason: string;
  error: unknown;
}

/** What became of each item. */
export interface BatchResult<T, R> {
  done: readonly { item: BatchItem<T>; result: R }[];
  failed: readonly Failed<T>[];
  /** Was under way when the person cancelled: the server may still do it. */
  interrupted?: BatchItem<T>;
  /** Not started, because the person cancelled. */
  left: readonly BatchItem<T>[];
}

/** What a batch is, and what is said about it. */
export interface Batch<T, R> {
  title: string;
  /** What was done, as it begins a sentence: `Deleted`. */
  verb: string;
  items: readonly BatchItem<T>[];
  /** Called after each run over the items, before anything is asked: to show the new state. */
  settle?(result: BatchResult<T, R>): void | Promise<void>;
  /** What to say about the items that are done, when something is to be said about the others. */
  describe?(done: BatchResult<T, R>['done']): string;
  /** What is to be known about the item that was under way when the person cancelled. */
  interruption?(label: string): string;
  /** Finds out what has become of that item, when the person asks for it. */
  lookAgain?(value: T): Promise<void>;
  /** Where an item is: a failure that trying again cannot mend is then offered what can. */
  targetOf?(value: T): DocumentTarget;
}

/**
 * Does the same to several things, one after another. Failures do not stop the others; they are listed at the end
 * with their reasons and *Retry Failed*, where that can help. A single failure is shown with its own sentences.
 */
export async function runBatch<T, R>(
  services: CommandServices,
  batch: Batch<T, R>,
  run: (value: T, signal: AbortSignal, report: Report) => Promise<R>,
): Promise<BatchResult<T, R>> {
  const { title, verb, items } = batch;
  const result = await withProgress(title, (report, signal) => attempt(services, items, run, report, signal));
  await batch.settle?.(result);
  const { interrupted } = result;
  if (result.failed.length + result.left.length === 0 && !interrupted) {
    return result;
  }
  const lines = [
    ...(batch.describe && result.done.length > 0 ? [batch.describe(result.done)] : []),
    ...result.failed.map(({ item, reason }) => `${item.label}: ${reason}`),
    ...(interrupted
      ? [
          batch.interruption?.(interrupted.label) ??
            `Cancelled while ${interrupted.label} was under way: PostHog may still do it.`,
        ]
      : []),
    ...(result.left.length > 0
      ? [`Cancelled before: ${result.left.map(({ label }) => label).join(', ')}.`]
      : []),
  ];
  const summary = items.length === 1 ? '' : `${verb} ${result.done.length} of ${items.length}. `;
  if (result.failed.length === 0) {
    const buttons = interrupted && batch.lookAgain ? ['Look Again'] : [];
    const answer = await services.prompts.tell('information', summary + lines.join(' '), ...buttons);
    if (answer !== undefined && interrupted) {
      await batch.lookAgain?.(interrupted.value);
    }
    return result;
  }
  const retried = result.failed.filter(({ error }) => retryHelps(error));
  if (retried.length === 0) {
    await tellStuck(services, summary + lines.join(' '), batch, result.failed);
    return result;
  }
  const answer = await services.prompts.tell('error', summary + lines.join(' '), 'Retry Failed');
  if (answer !== 'Retry Failed') {
    return result;
  }
  const again = await runBatch(services, { ...batch, items: retried.map(({ item }) => item) }, run);
  return {
    ...again,
    done: [...result.done, ...again.done],
    failed: [...result.failed.filter((one) => !retried.includes(one)), ...again.failed],
    left: [...result.left, ...again.left],
  };
}

/** Shows failures that trying again cannot mend, with what can. */
async function tellStuck<T>(
  { prompts }: CommandServices,
  message: string,
  { targetOf }: Pick<Batch<T, unknown>, 'targetOf'>,
  failed: readonly Failed<T>[],
): Promise<void> {
  const [first] = failed;
  const target = first && targetOf?.(first.item.value);
  const action =
    target &&
    commonAction(
      failed.map(({ error }) => error),
      target.connectionId,
    );
  if (target && action?.kind === 'openInPostHog') {
    if ((await prompts.tell('error', message, 'Open in PostHog')) === 'Open in PostHog') {
      await runCommand('openInPostHog', documentUri(target));
    }
  } else if (action?.kind === 'replaceKey') {
    if ((await prompts.tell('error', message, 'Replace Key…')) === 'Replace Key…') {
      await runCommand('replaceKey', { connectionId: action.connectionId });
    }
  } else {
    await prompts.tell('error', message);
  }
}

async function attempt<T, R>(
  { log }: CommandServices,
  items: readonly BatchItem<T>[],
  run: (value: T, signal: AbortSignal, report: Report) => Promise<R>,
  report: Report,
  signal: AbortSignal,
): Promise<BatchResult<T, R>> {
  const done: { item: BatchItem<T>; result: R }[] = [];
  const failed: Failed<T>[] = [];
  for (const [index, item] of items.entries()) {
    if (signal.aborted) {
      return { done, failed, left: items.slice(index) };
    }
    report(item.label, (100 * index) / items.length);
    try {
      done.push({ item, result: await run(item.value, signal, report) });
    } catch (error) {
      if (isCancelled(error)) {
        return { done, failed, interrupted: item, left: items.slice(index + 1) };
      }
      failed.push({ item, reason: failureText(error, log), error });
    }
  }
  return { done, failed, left: [] };
}

/**
 * Says before it is tried what the key may not do.
 *
 * @throws PostHogError `missing-scope`
 */
export function requireScope({ connections }: CommandServices, connectionId: string, scope: string): void {
  requireScopeOf(connections, connectionId, scope);
}
