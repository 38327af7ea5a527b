import type * as vscode from 'vscode';
import { allowsScope } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import { failureText } from '../../connections/failures';
import { pathText } from '../../json/merge/path';
import { conflictAuthors } from '../../operations/save/conflictAuthors';
import type { Unmerged } from '../../operations/save/mergeDocument';
import { changedSinceOpened } from '../../operations/phrases/saving';
import type { Documents } from '../documents';
import type { DocumentState } from '../documentState';

/** How long a notification waits for the authors' names. */
const waitMs = 2_000;

/**
 * Finds out who made conflicting changes to settings, if the key can read the activity log, and records it with the
 * conflicts.
 *
 * @returns what happened, with the names; `undefined` if they aren't known
 */
export async function loadConflictAuthors(
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
    documents.conflicts.setAuthors(state, authors);
    const who = [...new Set(authors.map((author) => author.who))];
    return authors.length < conflicts.length
      ? undefined
      : changedSinceOpened(
          conflicts.map(({ path }) => pathText(path)),
          who,
        );
  } catch (error) {
    log.info(`Couldn't find out who made the conflicting changes: ${failureText(error, log)}`);
    return undefined;
  }
}
