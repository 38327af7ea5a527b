import { isCancelled } from '../../connections/failures';
import { isPostHogError, restate } from '../../posthog/errors';
import type { PostHogClient } from '../../posthog/client';
import type { WarehouseTable } from '../../posthog/models';
import { describeDifference } from '../../warehouse/columnText';
import { namesText } from '../../json/namesText';
import { diffColumns } from '../../warehouse/columns';
import type { Command, CommandServices } from '../command';
import { runBatch, withProgress } from '../batch';
import {
  chosenTables,
  confirmed,
  nothingChanged,
  requireSchemaAction,
  tellKeysRefused,
  tellWithOpenOne,
  type ChosenTable,
} from './tableTargets';

/** What reading the files again has changed. */
interface Refreshed {
  chosen: ChosenTable;
  /** In words; undefined: nothing. */
  difference: string | undefined;
  /** Columns that cannot be read now. */
  invalid: readonly string[];
  columns: number;
  /** Sentence about an error that the server answered although it did the work. */
  notice: string;
}

export const refreshSchema: Command = {
  async run(services, target, selection) {
    await refreshTables(services, await chosenTables(services, target, selection));
  },
};

/** Makes the server read the files of tables again, and tells what that changed. */
export async function refreshTables(
  services: CommandServices,
  tables: readonly ChosenTable[],
): Promise<void> {
  try {
    await requireSchemaAction(services, tables, 'refresh_schema');
  } catch (error) {
    if (await tellKeysRefused(services, error, tables[0]?.target)) {
      return;
    }
    throw error;
  }
  const one = tables.length === 1 ? tables[0] : undefined;
  const { done, failed, left, interrupted } = await runBatch<ChosenTable, Refreshed>(
    services,
    {
      title: one
        ? `Reading the files of ${one.table.name} again`
        : `Reading the files of ${tables.length} tables again`,
      verb: 'Refreshed',
      items: tables.map((value) => ({ label: value.table.name, value })),
      describe: (results) => results.map(({ result }) => sentence(result)).join(' '),
      interruption: (label) =>
        `Cancelled: PostHog may still be reading the files of ${label}, and can change its columns in the next minutes.`,
      lookAgain: (chosen) => lookAgain(services, chosen),
      targetOf: ({ target }) => target,
    },
    async (chosen, signal) => {
      // What the server has said to the table before holds for this one too.
      await requireSchemaAction(services, [chosen], 'refresh_schema');
      return refreshOne(services, chosen, signal);
    },
  );
  if (failed.length + left.length === 0 && !interrupted) {
    await tellDifferences(
      services,
      done.map(({ result }) => result),
    );
  }
}

async function refreshOne(
  { connections, changes, receipts }: CommandServices,
  chosen: ChosenTable,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { connectionId, environment, tableId } = chosen.target;
  const client = await connections.client(connectionId);
  // The tree may show an older state than the one that is about to change.
  const before = await client.getTable(environment, tableId, signal);
  const { after, notice } = await refreshAndRead(client, chosen, before, signal);
  changes.tell({ kind: 'table', connectionId, environment, table: after });
  receipts.tell({
    done: `Refreshed the schema of ${after.name} in`,
    connectionId,
    environmentId: environment.id,
  });
  return refreshed(chosen, before, after, notice);
}

/** When the server fails although it may have read the files, the columns themselves tell whether it did. */
async function refreshAndRead(
  client: PostHogClient,
  { target: { environment, tableId } }: ChosenTable,
  before: WarehouseTable,
  signal: AbortSignal,
): Promise<{ after: WarehouseTable; notice: string }> {
  try {
    await client.refreshSchema(environment, tableId, signal);
  } catch (error) {
    if (!isPostHogError(error) || !error.mayHaveBeenApplied || isCancelled(error)) {
      throw nothingChanged(error);
    }
    const after = await client.getTable(environment, tableId, signal);
    if (describeDifference(diffColumns(before.raw, after.raw)) === undefined) {
      throw restate(error, {
        remedy: 'PostHog was asked again: the columns are as they were. Check the files and try again.',
      });
    }
    return { after, notice: `${error.what} It was asked again and has read the files.` };
  }
  const after = await confirmed(before.name, undefined, client.getTable(environment, tableId, signal));
  return { after, notice: '' };
}

/** After a cancel: what the columns are now, compared with those that were shown before. */
async function lookAgain(services: CommandServices, chosen: ChosenTable): Promise<void> {
  const { connectionId, environment, tableId } = chosen.target;
  const after = await withProgress(`Asking PostHog for ${chosen.table.name}`, async (_report, signal) =>
    (await services.connections.client(connectionId)).getTable(environment, tableId, signal),
  );
  services.changes.tell({ kind: 'table', connectionId, environment, table: after });
  await tellDifferences(services, [refreshed(chosen, chosen.table, after, '')]);
}

function refreshed(
  chosen: ChosenTable,
  before: WarehouseTable,
  after: WarehouseTable,
  notice: string,
): Refreshed {
  return {
    chosen,
    notice,
    difference: describeDifference(diffColumns(before.raw, after.raw)),
    invalid: after.columns.filter(({ schema_valid }) => !schema_valid).map(({ name }) => name),
    columns: after.columns.length,
  };
}

async function tellDifferences(services: CommandServices, results: readonly Refreshed[]): Promise<void> {
  const severity = results.some(({ invalid }) => invalid.length > 0) ? 'warning' : 'information';
  await tellWithOpenOne(
    services,
    severity,
    results.map(sentence).join(' '),
    results.map(({ chosen }) => chosen.target),
  );
}

function sentence({ chosen, difference, invalid, columns, notice }: Refreshed): string {
  const name = chosen.table.name;
  const what =
    difference === undefined
      ? `${name}: no changes (${columns} column${columns === 1 ? '' : 's'}).`
      : `${name}: ${difference}.`;
  const unreadable =
    invalid.length === 0
      ? ''
      : `Queries leave out ${namesText(invalid)}: the declared type doesn't match the data.`;
  return [what, unreadable, notice].filter((text) => text !== '').join(' ');
}
