import type { WarehouseTable } from '../../posthog/models';
import type { ColumnUpdates } from '../../warehouse/table';
import { tableDocument } from '../../warehouse/tableDocument';
import { tableChanges, type Change } from '../changes';
import { madeOf } from '../history/entry';
import { beginOf, Recording } from '../history/recording';
import { applied, notApplied, partly, type Outcome } from '../outcome';
import { doesNotHave } from '../phrases/saving';
import { sentences } from '../phrases/sentences';
import { areNow, didNotChange, mayStillRetype, typesDoNotMatch } from '../phrases/tables';
import { confirmedAfterAll, didApply } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import type { TableAt } from '../services';
import { absentOutcome } from '../save/unsettled';
import { refusalKnown, refusedAction, unconfirmed, type SchemaActionServices } from './schemaAction';
import { refused } from '../refused';
import { invalidTypes, missingTypes, writeTypes } from './writeTypes';

/** PostHog's state after changing types. */
export interface Retyped {
  table: WarehouseTable;
  /** Columns whose new type doesn't match the data. */
  invalid: readonly string[];
}

/**
 * Changes the types of a table's columns. `update_schema` returns nothing, so the table is read afterwards.
 *
 * @param before the table as it was, for the history
 */
export async function retypeColumns(
  services: SchemaActionServices<'updateSchema'>,
  at: TableAt,
  updates: ColumnUpdates,
  signal: AbortSignal,
  before?: WarehouseTable,
): Promise<Outcome<Retyped>> {
  const { connectionId, environment, tableId, name } = at;
  const table = { id: tableId, name };
  const record = new Recording(beginOf(services, { connectionId, environment, table, kind: 'retype' }));
  const changes = tableChanges(before ? tableDocument(before.raw) : {}, {}, updates);
  return record.of(send(services, at, updates, { record, changes }, signal), (outcome) =>
    outcome.kind === 'applied' || outcome.kind === 'partly'
      ? { changes: madeOf(changes, tableDocument(outcome.result.table.raw)) }
      : undefined,
  );
}

async function send(
  services: SchemaActionServices<'updateSchema'>,
  at: TableAt,
  updates: ColumnUpdates,
  { record, changes }: { record: Recording; changes: readonly Change[] },
  signal: AbortSignal,
): Promise<Outcome<Retyped>> {
  const { connectionId, environment, tableId, name } = at;
  // What the server responded for another table applies to this one too.
  const known = await refusalKnown(services, connectionId, 'update_schema');
  if (known) {
    return refused(known);
  }
  const client = await services.connections.client(connectionId);
  const names = Object.keys(updates);
  const written = await writeTypes(updates, {
    send: () => record.sending(changes, () => client.updateSchema(environment, tableId, updates, signal)),
    // After canceling, the server isn't asked right away: it may work on this for minutes.
    look: () => client.getTable(environment, tableId, signal),
  });
  if (written.kind === 'refused') {
    return refusedAction(written.error);
  }
  if (written.kind === 'unknown') {
    return unconfirmed(name, written, mayStillRetype(name));
  }
  const { state: table, doubt } = written;
  services.changes.fire({ kind: 'table', connectionId, environment, table });
  const missing = missingTypes(table, updates);
  const changed = names.filter((one) => !missing.includes(one));
  if (changed.length > 0) {
    services.receipts.add({
      done: receiptOf.retype(name),
      connectionId,
      environmentId: environment.id,
      keys: changed,
    });
  }
  if (written.kind === 'absent') {
    return absentOutcome(written, 'Try again');
  }
  const result: Retyped = { table, invalid: invalidTypes(table, updates) };
  if (missing.length > 0) {
    const what = doubt ? sentences(doubt.what, doesNotHave(missing)) : didNotChange(missing, name);
    const details = { why: didApply(changed), changed, action: { kind: 'retry' as const }, cause: doubt };
    return changed.length > 0 ? partly(what, result, details) : notApplied(what, details);
  }
  return applied(areNow(name, updates), result, {
    changed,
    notices: [...typesDoNotMatch(result.invalid), ...(doubt ? [confirmedAfterAll(doubt)] : [])],
  });
}
