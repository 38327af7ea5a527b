import type { JsonObject } from '../../json/json';
import type { History } from './history';
import { isComparable, seenIn } from './seen';

/** The history for checks, which complete what the user sees there. */
export type CheckedHistory = Pick<History, 'list' | 'complete' | 'note'>;

/** What the user checked again: the settings of an environment, or a table. */
export interface CheckedPlace {
  readonly connectionId: string;
  readonly environment: { readonly id: number };
  readonly tableId?: string | undefined;
}

/**
 * Records in the history what the user's check found out about the newest write to a place, if its outcome is unknown.
 * Changes that are there were applied. Missing ones prove nothing: the server may still be working on them, so this is
 * only noted.
 *
 * @param now the environment, or the document of the table
 */
export async function recordCheck(
  history: CheckedHistory,
  { connectionId, environment, tableId }: CheckedPlace,
  now: JsonObject,
): Promise<void> {
  const { entries } = await history.list(
    {
      connectionIds: [connectionId],
      accepts: (entry) => entry.environment.id === environment.id && entry.table?.id === tableId,
    },
    1,
  );
  const [last] = entries;
  if (last?.outcome !== 'unknown' || !isComparable(last.changes)) {
    return;
  }
  const { outcome, what } = seenIn(now, last.changes);
  if (outcome === 'applied') {
    await history.complete(last, outcome, what);
  } else {
    await history.note(last, what);
  }
}
