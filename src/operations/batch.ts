import { isCancelled, withTechnical } from '../connections/failures';
import type { Log } from '../connections/ports';
import { commonAction, type Action } from './actions';
import { outcomeText, type Applied, type Outcome } from './outcome';
import { failedBy, mayRetry } from './refused';
import { cancelledBefore, doneOf, sentences } from './phrases';

/** One thing an operation is done to. */
export interface BatchItem<T> {
  label: string;
  value: T;
}

/** An item and what became of it. */
interface Became<T, O> {
  item: BatchItem<T>;
  outcome: O;
}

/** An outcome with which something is left to be done. */
type Unfinished<R> = Exclude<Outcome<R>, Applied<R>>;

/** What became of each item. */
export interface BatchResult<T, R> {
  done: readonly Became<T, Applied<R>>[];
  failed: readonly Became<T, Unfinished<R>>[];
  /** Was under way when the person canceled: the server may still do it. */
  interrupted?: Became<T, Unfinished<R>>;
  /** Not started, because the person canceled. */
  left: readonly BatchItem<T>[];
}

/** Reports what is under way. `percent` is the share of the whole done so far, 0 to 100. */
export type Report = (message: string, percent?: number) => void;

/** How a batch is watched and stopped. */
export interface BatchPorts {
  signal: AbortSignal;
  report: Report;
  log: Log;
}

/** Does an operation to one item. @throws Cancelled when the person canceled before anything was sent */
export type Attempt<T, R> = (value: T, signal: AbortSignal, report: Report) => Promise<Outcome<R>>;

/** Does the same to several things, one after another. What fails does not stop the others; a cancel does. */
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
      if (isCancelled(error)) {
        return { done, failed, left: items.slice(index) };
      }
      outcome = failedBy(error, log);
    }
    if (outcome.kind === 'applied') {
      done.push({ item, outcome });
    } else if (isCancelled(outcome.cause)) {
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
 * What is said of a batch in which something is left.
 *
 * @param verb what was done, as it begins a sentence: `Deleted`
 * @param reportsDone the outcomes of what is done are worth telling, too
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
    left.length > 0 ? cancelledBefore(left.map(({ label }) => label)) : '',
  );
}

/** The items that may go well when the same is done again. */
export function retriable<T>({ failed }: BatchResult<T, unknown>): readonly BatchItem<T>[] {
  return failed.filter(({ outcome }) => mayRetry(outcome)).map(({ item }) => item);
}

/** What helps against all failures of a batch, if it is the same; trying again is for {@link retriable} to say. */
export function batchAction(
  { failed }: BatchResult<unknown, unknown>,
  connectionId: string | undefined,
): Action | undefined {
  return commonAction(
    failed.map(({ outcome }) => outcome.cause),
    connectionId,
  );
}

/** Both runs as one, when some items of the first were done once more in the second. */
export function joined<T, R>(first: BatchResult<T, R>, again: BatchResult<T, R>): BatchResult<T, R> {
  const retried = new Set(retriable(first));
  return {
    ...again,
    done: [...first.done, ...again.done],
    failed: [...first.failed.filter(({ item }) => !retried.has(item)), ...again.failed],
    left: [...first.left, ...again.left],
  };
}
