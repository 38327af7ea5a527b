import { sideOf } from '../operations/history/entry';
import type { History } from '../operations/history/history';
import { PostHogError } from '../posthog/errors';
import { formatDocument } from '../settings/document';
import type { ReportTarget } from './reportTargets';

/**
 * The values on one side of a change, as a document.
 *
 * @throws PostHogError `not-found` if it is no longer in the history
 */
export async function changeSide(
  history: History,
  { connectionId, id, side }: Extract<ReportTarget, { kind: 'change' }>['change'],
): Promise<{ text: string }> {
  const entry = await history.get(connectionId, id);
  if (!entry) {
    throw new PostHogError({
      kind: 'not-found',
      what: "This change is no longer in this window's history.",
      why: "The history keeps the newest changes, and other people's only while the window is open.",
      remedy: 'Open it from the History view.',
    });
  }
  return { text: formatDocument(sideOf(entry.changes, side)) };
}
