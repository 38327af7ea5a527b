import * as vscode from 'vscode';
import { failureText, isCancelled, signalOf } from '../connections/failures';
import { requireScope as requireScopeOf } from '../connections/requireScope';
import { TreeNode } from '../views/tree/node';
import type { CommandServices } from './command';

/** Reports what an operation is doing. `percent` is the share of the whole done so far, 0 to 100. */
export type Report = (message: string, percent?: number) => void;

/**
 * Runs something that takes a while, with progress and a Cancel button. After cancelling, `run` decides what to
 * tell about what has and has not happened on the server.
 */
export async function withProgress<T>(
  title: string,
  run: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      let shown = 0;
      return run((message, percent = shown) => {
        progress.report({ message, increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      }, signalOf(token));
    },
  );
}

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

/** What became of each item. */
export interface BatchResult<T, R> {
  done: readonly { item: BatchItem<T>; result: R }[];
  failed: readonly { item: BatchItem<T>; reason: string }[];
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
}

/**
 * Does the same to several things, one after another. Failures do not stop the others; they are listed at the end
 * with their reasons and *Retry Failed*. A single failure is shown with its own sentences.
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
  const answer = await services.prompts.tell('error', summary + lines.join(' '), 'Retry Failed');
  if (answer !== 'Retry Failed') {
    return result;
  }
  const again = await runBatch(services, { ...batch, items: result.failed.map(({ item }) => item) }, run);
  return {
    ...again,
    done: [...result.done, ...again.done],
    left: [...result.left, ...again.left],
  };
}

async function attempt<T, R>(
  { log }: CommandServices,
  items: readonly BatchItem<T>[],
  run: (value: T, signal: AbortSignal, report: Report) => Promise<R>,
  report: Report,
  signal: AbortSignal,
): Promise<BatchResult<T, R>> {
  const done: { item: BatchItem<T>; result: R }[] = [];
  const failed: { item: BatchItem<T>; reason: string }[] = [];
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
      failed.push({ item, reason: failureText(error, log) });
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
