import type * as vscode from 'vscode';
import { allowsScope } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import { pathText } from '../json/merge/path';
import { conflictAuthors } from '../operations/conflictAuthors';
import type { Unmerged } from '../operations/mergeDocument';
import { changedSinceOpened } from '../operations/phrases';
import type { Documents } from './documents';
import type { DocumentState } from './documentState';

/** How long a notification waits for the names of who made the changes. */
const waitMs = 2_000;

/**
 * Asks PostHog who made conflicting changes of settings, where the key may read the activity log, and keeps the answer
 * with the conflicts.
 *
 * @returns what happened, with the names; `undefined` if they aren't known
 */
export async function tellConflictAuthors(
  {
    documents,
    connections,
    log,
  }: { documents: Documents; connections: Connections; log: vscode.LogOutputChannel },
  state: DocumentState,
  { conflicts }: Unmerged,
): Promise<string | undefined> {
  const { target } = state;
  const connection = connections.get(target.connectionId);
  if (target.kind !== 'settings' || allowsScope(connection?.access, 'activity_log:read') === false) {
    return undefined;
  }
  try {
    const { connectionId, name } = target;
    const client = await connections.client(connectionId);
    const place = { connectionId, environment: { ...target.environment, name } };
    const authors = await conflictAuthors(client, place, conflicts, AbortSignal.timeout(waitMs));
    if (authors.length === 0) {
      return undefined;
    }
    documents.conflicts.tellAuthors(state, authors);
    const who = [...new Set(authors.map((author) => author.who))];
    return authors.length < conflicts.length
      ? undefined
      : changedSinceOpened(
          conflicts.map(({ path }) => pathText(path)),
          who,
        );
  } catch (error) {
    log.info(`Who made the conflicting changes isn't known: ${failureText(error, log)}`);
    return undefined;
  }
}
