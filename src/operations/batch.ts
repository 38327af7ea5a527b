import { isCanceled, withTechnical } from '../connections/failures';
import type { Log } from '../connections/ports';
import { commonAction, type Action } from './actions';
import { outcomeText, type Applied, type Outcome } from './outcome';
import { failedBy, mayRetry } from './refused';
import { sentences } from './phrases/sentences';
import { canceledBefore, doneOf } from './phrases/writes';

/** One item of a batch. */
export interface BatchItem<T> {
  label: string;
  value: T;
}

/** An item and its outcome. */
interface Became<T, O> {
  item: BatchItem<T>;
  outcome: O;
}

/** An outcome that needs attention. */
type Unfinished<R> = Exclude<Outcome<R>, Applied<R>>;

/** The outcome of each item. */
export interface BatchResult<T, R> {
  done: readonly Became<T, Applied<R>>[];
  failed: readonly Became<T, Unfinished<R>>[];
  /** In progress when the user canceled; the server may still complete it. */
  interrupted?: Became<T, Unfinished<R>>;
  /** Not started because the user canceled. */
  left: readonly BatchItem<T>[];
}

/** Reports progress. `percent` is the share of the whole batch that is done, 0 to 100. */
export type Report = (message: string, percent?: number) => void;

/** How a batch is monitored and canceled. */
export interface BatchPorts {
  signal: AbortSignal;
  report: Report;
  log: Log;
}

/** Runs the operation for one item. @throws Canceled if the user canceled before anything was sent */
export type Attempt<T, R> = (value: T, signal: AbortSignal, report: Report) => Promise<Outcome<R>>;

/** Runs the same operation on several items, one after another. Failures don't stop the others; canceling does. */
export async function runBatch<T, R>(
  items: readonly BatchItem<T>[],
  attempt: Attempt<T, R>,
  { signal, report, log }: BatchPorts,
): Promise<BatchResult<T, R>> {
  const done: Became<T, Applied<R>>[] = [];
  const failed: Became<T, Unfinished<R>>[] = [];
  for (const [index, item] of items.entries()) {
    if (signal.aborted) {
      return { done, failed, left: items.slice(index) };
    }
    report(item.label, (100 * index) / items.length);
    let outcome: Outcome<R>;
    try {
      outcome = await attempt(item.value, signal, report);
    } catch (error) {
      if (isCanceled(error)) {
        return { done, failed, left: items.slice(index) };
      }
      outcome = failedBy(error, log);
    }
    if (outcome.kind === 'applied') {
      done.push({ item, outcome });
    } else if (isCanceled(outcome.cause)) {
      return { done, failed, interrupted: { item, outcome }, left: items.slice(index + 1) };
    } else {
      log.warn(withTechnical(`${item.label}: ${outcome.what}`, outcome.cause));
      failed.push({ item, outcome });
    }
  }
  return { done, failed, left: [] };
}

/** Whether everything was done. */
export function isComplete({ failed, interrupted, left }: BatchResult<unknown, unknown>): boolean {
  return failed.length + left.length === 0 && !interrupted;
}

/**
 * The text about a batch that wasn't fully done.
 *
 * @param verb the past-tense verb that starts a sentence: `Deleted`
 * @param reportsDone report successful outcomes, too
 */
export function batchText(result: BatchResult<unknown, unknown>, verb: string, reportsDone: boolean): string {
  const { done, failed, interrupted, left } = result;
  const count = done.length + failed.length + (interrupted ? 1 : 0) + left.length;
  return sentences(
    count === 1 ? '' : doneOf(verb, done.length, count),
    ...(reportsDone ? done.map(({ outcome }) => outcomeText(outcome)) : []),
    ...failed.map(({ item: { label }, outcome }) => {
      const text = outcomeText(outcome);
      return text.startsWith(`${label} `) ? text : `${label}: ${text}`;
    }),
    interrupted ? outcomeText(interrupted.outcome) : '',
    left.length > 0 ? canceledBefore(left.map(({ label }) => label)) : '',
  );
}

/** The items for which retrying may help. */
export function retriable<T>({ failed }: BatchResult<T, unknown>): readonly BatchItem<T>[] {
  return failed.filter(({ outcome }) => mayRetry(outcome)).map(({ item }) => item);
}

/** The remedy for all failures of a batch, if it is the same. For retrying, see {@link retriable}. */
export function batchAction(
  { failed }: BatchResult<unknown, unknown>,
  connectionId: string | undefined,
): Action | undefined {
  return commonAction(
    failed.map(({ outcome }) => outcome.cause),
    connectionId,
  );
}

/** Combines two runs if some items of the first were retried in the second. */
export function joined<T, R>(first: BatchResult<T, R>, again: BatchResult<T, R>): BatchResult<T, R> {
  const retried = new Set(retriable(first));
  return {
    ...again,
    done: [...first.done, ...again.done],
    failed: [...first.failed.filter(({ item }) => !retried.has(item)), ...again.failed],
    left: [...first.left, ...again.left],
  };
}
