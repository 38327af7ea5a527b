import { isCanceled } from '../../connections/failures';
import { afterWrite } from '../../posthog/abort';
import type { PostHogClient } from '../../posthog/client';
import { isPostHogError } from '../../posthog/errors';
import { runBatch, type BatchItem, type BatchPorts, type BatchResult } from '../batch';
import { groupsOf } from '../groups';
import { beginOf, Recording } from '../history/recording';
import { applied, unknown, type Outcome } from '../outcome';
import { isDeleted, maybeDeletedSoon } from '../phrases/tables';
import { couldNotConfirm, whether } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import { refused } from '../refused';
import type { OperationServices, TableAt } from '../services';
import { absentOutcome, unknownOutcome } from '../save/unsettled';
import { write } from '../write';

type DeleteServices = OperationServices<Pick<PostHogClient, 'deleteTable' | 'getTable'>>;

/** Deletes tables. Announces them once per environment, so that each list is reloaded only once. */
export async function deleteTables<T extends TableAt>(
  services: DeleteServices,
  tables: readonly BatchItem<T>[],
  ports: BatchPorts,
): Promise<BatchResult<T, undefined>> {
  const result = await runBatch<T, undefined>(tables, (at, signal) => remove(services, at, signal), ports);
  const groups = groupsOf(
    result.done.map(({ item }) => item.value),
    ({ connectionId, environment }) => `${connectionId}/${environment.id}`,
  );
  for (const group of groups) {
    const { connectionId, environment } = group[0];
    const removedIds = group.map(({ tableId }) => tableId);
    services.changes.fire({ kind: 'tables', connectionId, environment, removedIds });
  }
  return result;
}

/** Deletes one table. */
export async function deleteTable(
  services: DeleteServices,
  at: TableAt,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = await remove(services, at, signal);
  const { connectionId, environment, tableId } = at;
  const removedIds = outcome.kind === 'applied' ? [tableId] : [];
  services.changes.fire({ kind: 'tables', connectionId, environment, removedIds });
  return outcome;
}

/** Deletes a table without announcing it. A table that is already gone counts as deleted. */
async function remove(services: DeleteServices, at: TableAt, signal: AbortSignal): Promise<Outcome> {
  const { connectionId, environment, tableId, name } = at;
  const table = { id: tableId, name };
  const record = new Recording(beginOf(services, { connectionId, environment, table, kind: 'delete' }));
  return record.of(send(services, at, record, signal));
}

async function send(
  { connections, receipts }: DeleteServices,
  { connectionId, environment, tableId, name }: TableAt,
  record: Recording,
  signal: AbortSignal,
): Promise<Outcome> {
  const client = await connections.client(connectionId);
  const written = await write<'gone' | 'there'>({
    send: () => record.sending([], () => goneOr(client.deleteTable(environment, tableId, signal), 'gone')),
    look: () => goneOr(client.getTable(environment, tableId, afterWrite(signal)), 'there'),
    tookSome: (state) => state === 'gone',
  });
  switch (written.kind) {
    case 'there':
      receipts.add({ done: receiptOf.deleteTable(name), connectionId, environmentId: environment.id });
      return applied(isDeleted(name), undefined);
    case 'refused':
      return refused(written.error);
    case 'absent': {
      const { doubt } = written;
      return isCanceled(doubt)
        ? unknown(maybeDeletedSoon(name), { cause: doubt })
        : absentOutcome(written, 'Try again');
    }
    case 'unknown':
      return unknownOutcome(written, couldNotConfirm('Refresh the list', whether.deleted(name)));
  }
}

/** The result of a request about a table: not found means that it's gone. */
async function goneOr<S>(request: Promise<unknown>, state: S): Promise<S | 'gone'> {
  try {
    await request;
    return state;
  } catch (error) {
    if (isPostHogError(error) && error.kind === 'not-found') {
      return 'gone';
    }
    throw error;
  }
}
