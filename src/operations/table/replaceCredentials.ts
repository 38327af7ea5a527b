import { isCanceled } from '../../connections/failures';
import type { PostHogClient } from '../../posthog/client';
import { isStop } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import { applied, unknown, type Outcome } from '../outcome';
import { sentences } from '../phrases/sentences';
import { hasNewCredentials, mayHaveNewCredentials } from '../phrases/tables';
import { couldNotConfirm } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import { beginOf, Recording } from '../history/recording';
import { refused } from '../refused';
import type { OperationServices, TableAt } from '../services';
import { throwIfCanceled } from '../write';

/** New storage credentials. PostHog merges them: what is left out is kept (API facts 2.3). */
export interface NewCredentials {
  access_key?: string;
  access_secret?: string;
}

type CredentialServices = OperationServices<Pick<PostHogClient, 'patchTable'>>;

/**
 * Replaces a table's storage credentials. They are write-only, so PostHog can't be asked about the outcome, but sending
 * them again is safe.
 */
export async function replaceCredentials(
  services: CredentialServices,
  at: TableAt,
  credential: NewCredentials,
  signal: AbortSignal,
): Promise<Outcome<WarehouseTable>> {
  const { connectionId, environment, tableId, name } = at;
  const table = { id: tableId, name };
  const record = new Recording(beginOf(services, { connectionId, environment, table, kind: 'credentials' }));
  return record.of(send(services, at, credential, record, signal));
}

async function send(
  { connections, changes, receipts }: CredentialServices,
  { connectionId, environment, tableId, name }: TableAt,
  credential: NewCredentials,
  record: Recording,
  signal: AbortSignal,
): Promise<Outcome<WarehouseTable>> {
  const client = await connections.client(connectionId);
  let table: WarehouseTable;
  try {
    table = await record.sending([], () =>
      client.patchTable(environment, tableId, { credential: { ...credential } }, signal),
    );
  } catch (error) {
    if (!isStop(error)) {
      throw error;
    }
    throwIfCanceled(error);
    if (!error.mayHaveBeenApplied) {
      return refused(error);
    }
    return isCanceled(error)
      ? unknown(mayHaveNewCredentials(name), { cause: error })
      : unknown(couldNotConfirm('Try again'), {
          why: sentences(error.what, error.why),
          action: { kind: 'retry' },
          cause: error,
        });
  }
  const changed = Object.keys(credential);
  changes.fire({ kind: 'table', connectionId, environment, table });
  receipts.add({
    done: receiptOf.credentials(table.name),
    connectionId,
    environmentId: environment.id,
    keys: changed,
  });
  return applied(hasNewCredentials(table.name), table, { changed });
}
