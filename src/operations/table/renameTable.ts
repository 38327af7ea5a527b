import type { WarehouseTable } from '../../posthog/models';
import { tableDocument } from '../../warehouse/tableDocument';
import type { Applying } from '../save/applySettings';
import { applyTable, type TableClient, type TableOutcome } from '../save/applyTable';
import { planTableChanges } from '../changeSet';
import { generationOf, type ProfiledClient } from '../generation';
import { beginOf } from '../history/recording';
import { renamedMeanwhile } from '../phrases/environments';
import { receiptOf } from '../phrases/receipts';
import type { EnvironmentAt, OperationServices } from '../services';

/**
 * Renames a table.
 *
 * @param table as it was when the user was asked for the name
 * @throws Canceled if the user canceled before anything was sent
 */
export async function renameTable(
  services: OperationServices<TableClient & ProfiledClient>,
  { connectionId, environment }: EnvironmentAt,
  table: WarehouseTable,
  name: string,
  { signal, confirm }: Pick<Applying<unknown>, 'signal' | 'confirm'>,
): Promise<TableOutcome> {
  const { connections, changes, receipts } = services;
  const client = await connections.client(connectionId);
  const generation = await generationOf(client, environment, signal);
  const base = tableDocument(table.raw);
  const set = planTableChanges({ environment, generation, base, mine: { ...base, name } }, table.id);
  const begin = beginOf(services, {
    connectionId,
    environment,
    table: { id: table.id, name: table.name },
    kind: 'rename',
  });
  const outcome = await applyTable(set, { client, signal, confirm, begin });
  const now = outcome.kind === 'unknown' ? undefined : outcome.result?.state;
  if (outcome.kind === 'applied' && now) {
    receipts.add({
      done: receiptOf.renameTable(table.name, now.name),
      connectionId,
      environmentId: environment.id,
      keys: ['name'],
    });
  }
  if (now) {
    changes.fire({ kind: 'table', connectionId, environment, table: now });
  }
  return outcome.conflicts.length > 0 ? { ...outcome, what: renamedMeanwhile, why: '' } : outcome;
}
