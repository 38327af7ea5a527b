import type { JsonObject } from '../../json/json';
import { stateOfLostWrite } from '../phrases/history';
import { valueAt, type RecordedChange, type WriteOutcome } from './entry';
import { namesOf } from './item';
import { sameAt } from './undo';

/** What the server's state says about a write whose response never arrived. */
export interface Seen {
  readonly outcome: WriteOutcome;
  /** The same as a sentence. */
  readonly what: string;
}

/** Secrets aren't recorded, so whether they were written can't be seen. */
const comparable = (changes: readonly RecordedChange[]): readonly RecordedChange[] =>
  changes.filter(({ isMasked }) => !isMasked);

/** Whether {@link seenIn} can say anything about a write. */
export const isComparable = (changes: readonly RecordedChange[]): boolean => comparable(changes).length > 0;

/**
 * Compares the server's state with the recorded changes of a write.
 *
 * @param now an environment, or the document of a table
 * @param changes at least one that {@link isComparable}
 */
export function seenIn(now: JsonObject, changes: readonly RecordedChange[]): Seen {
  const sent = comparable(changes);
  const there = sent.filter(({ path, to }) => sameAt(path, valueAt(now, path), to));
  const missing = sent.filter((change) => !there.includes(change));
  if (missing.length === 0) {
    return { outcome: 'applied', what: stateOfLostWrite.applied };
  }
  return there.length === 0
    ? { outcome: 'notApplied', what: stateOfLostWrite.notApplied }
    : { outcome: 'partly', what: stateOfLostWrite.partly(namesOf(there), namesOf(missing)) };
}
