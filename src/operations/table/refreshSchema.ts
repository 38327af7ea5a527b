import type { WarehouseTable } from '../../posthog/models';
import { describeDifference } from '../../warehouse/columnText';
import { queriesLeaveOut } from '../../warehouse/unreadable';
import { diffColumns } from '../../warehouse/columns';
import { beginOf, Recording } from '../history/recording';
import { applied, type Applied, type Outcome } from '../outcome';
import { columnsAsTheyWere, columnsChanged, mayStillRefresh } from '../phrases/tables';
import { confirmedAfterAll } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import { refused } from '../refused';
import type { TableAt } from '../services';
import { absentOutcome } from '../save/unsettled';
import { write } from '../write';
import { refusalKnown, refusedAction, unconfirmed, type SchemaActionServices } from './schemaAction';

/** PostHog's state after rereading a table's files. */
export interface Refreshed {
  table: WarehouseTable;
  /** Columns that can't be read now. */
  invalid: readonly string[];
}

/** Makes the server reread a table's files. `refresh_schema` returns nothing, so the table is read afterwards. */
export async function refreshSchema(
  services: SchemaActionServices<'refreshSchema'>,
  at: TableAt,
  signal: AbortSignal,
): Promise<Outcome<Refreshed>> {
  const { connectionId, environment, tableId, name } = at;
  const table = { id: tableId, name };
  const record = new Recording(beginOf(services, { connectionId, environment, table, kind: 'refresh' }));
  return record.of(send(services, at, record, signal));
}

async function send(
  services: SchemaActionServices<'refreshSchema'>,
  { connectionId, environment, tableId }: TableAt,
  record: Recording,
  signal: AbortSignal,
): Promise<Outcome<Refreshed>> {
  // What the server responded for another table applies to this one too.
  const known = await refusalKnown(services, connectionId, 'refresh_schema');
  if (known) {
    return refused(known);
  }
  const client = await services.connections.client(connectionId);
  // The tree may show an older state than the one about to change.
  const before = await client.getTable(environment, tableId, signal);
  const written = await write<WarehouseTable>({
    send: async () => {
      await record.sending([], () => client.refreshSchema(environment, tableId, signal));
      return undefined;
    },
    // After canceling, the server isn't asked right away: it may work on this for minutes.
    look: () => client.getTable(environment, tableId, signal),
    // The columns themselves show whether the files were read.
    tookSome: (after) => differenceOf(before, after) !== undefined,
  });
  switch (written.kind) {
    case 'refused':
      return refusedAction(written.error);
    case 'unknown':
      return unconfirmed(before.name, written, mayStillRefresh(before.name));
    case 'absent':
      return absentOutcome(written, { instead: columnsAsTheyWere });
    case 'there': {
      const { state: table, doubt } = written;
      services.changes.fire({ kind: 'table', connectionId, environment, table });
      services.receipts.add({
        done: receiptOf.refresh(table.name),
        connectionId,
        environmentId: environment.id,
      });
      return refreshedTo(before, table, doubt ? confirmedAfterAll(doubt, 'has read the files') : '');
    }
  }
}

/** The difference between two states of a table's columns. */
export function refreshedTo(before: WarehouseTable, table: WarehouseTable, notice = ''): Applied<Refreshed> {
  const invalid = table.columns.filter(({ schema_valid }) => !schema_valid).map(({ name }) => name);
  const notices = [queriesLeaveOut(invalid) ?? '', notice].filter((text) => text !== '');
  const what = columnsChanged(before.name, differenceOf(before, table), table.columns.length);
  return applied(what, { table, invalid }, { notices });
}

const differenceOf = (before: WarehouseTable, after: WarehouseTable): string | undefined =>
  describeDifference(diffColumns(before.raw, after.raw));
