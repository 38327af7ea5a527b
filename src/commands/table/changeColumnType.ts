import { Cancelled, isCancelled } from '../../connections/failures';
import type { Choice } from '../../ui/prompts';
import { isPostHogError, PostHogError, restate } from '../../posthog/errors';
import type { PostHogClient } from '../../posthog/client';
import type { Column, WarehouseTable } from '../../posthog/models';
import { namesText } from '../../json/namesText';
import { accessProblem, readOnlyReason } from '../../warehouse/managed';
import { groupsOf } from '../../operations/groups';
import {
  columnTypes,
  compareTableAnswer,
  columnTypeDoubt,
  type ColumnUpdates,
} from '../../warehouse/table';
import { ColumnNode } from '../../tree/tableNodes';
import type { Command, CommandServices } from '../command';
import { runBatch, selectedNodes, withProgress } from '../batch';
import {
  chosenTable,
  confirmed,
  nothingChanged,
  requireSchemaAction,
  requireWriteScope,
  targetOf,
  tellKeysRefused,
  tellRefusal,
  tellWithOpen,
  tellWithOpenOne,
  type ChosenTable,
} from './tableTargets';
import { picked } from '../targets';

/** Columns of one table that are to get another type. */
interface ChosenColumns {
  chosen: ChosenTable;
  columns: readonly Column[];
}

/** What the server has after a change of types. */
interface Retyped {
  names: readonly string[];
  /** Columns whose new type doesn't match the data. */
  invalid: readonly string[];
  /** Sentence about an error that the server answered although it did the work. */
  notice: string;
}

export const changeColumnType: Command = {
  async run(services, target, selection) {
    const tables = await chosenColumns(services, target, selection);
    const refusal = tables
      .map(({ chosen: { table } }) => readOnlyReason(table.raw) ?? accessProblem(table))
      .find(Boolean);
    if (refusal !== undefined) {
      await tellRefusal(services, refusal, tables[0]?.chosen.target);
      return;
    }
    try {
      await requireSchemaAction(
        services,
        tables.map(({ chosen }) => chosen),
        'update_schema',
      );
    } catch (error) {
      if (await tellKeysRefused(services, error, tables[0]?.chosen.target)) {
        return;
      }
      throw error;
    }
    const type = await askType(services, tables);
    const changing = tables
      .map(({ chosen, columns }) => ({ chosen, columns: columns.filter((column) => column.type !== type) }))
      .filter(({ columns }) => columns.length > 0);
    if (changing.length === 0) {
      await services.prompts.tell(
        'information',
        `Already of the type ${type}: ${nameOf(tables)}. Nothing was sent.`,
      );
      return;
    }
    await retypeAll(services, changing, type);
  },
};

async function retypeAll(
  services: CommandServices,
  tables: readonly ChosenColumns[],
  type: string,
): Promise<void> {
  const describe = (results: readonly { item: { label: string }; result: Retyped }[]): string =>
    results.map(({ item, result }) => sentence(item.label, result, type)).join(' ');
  const { done, failed, left, interrupted } = await runBatch<ChosenColumns, Retyped>(
    services,
    {
      title: `Changing ${nameOf(tables)} to ${type}`,
      verb: 'Changed',
      items: tables.map((value) => ({ label: value.chosen.table.name, value })),
      describe,
      interruption: (label) => `Cancelled: PostHog may still change the types in ${label}.`,
      lookAgain: ({ chosen, columns }) => lookAgain(services, chosen, columns),
      targetOf: ({ chosen }) => chosen.target,
    },
    async ({ chosen, columns }, signal) => {
      // What the server has said to the table before holds for this one too.
      await requireSchemaAction(services, [chosen], 'update_schema');
      const updates = Object.fromEntries(columns.map(({ name }) => [name, type]));
      return retypeOne(services, chosen, updates, signal);
    },
  );
  if (failed.length + left.length === 0 && !interrupted) {
    const severity = done.some(({ result }) => result.invalid.length > 0) ? 'warning' : 'information';
    await tellWithOpenOne(
      services,
      severity,
      describe(done),
      done.map(({ item }) => item.value.chosen.target),
    );
  }
}

/** After a cancel: what types the columns have now. */
async function lookAgain(
  services: CommandServices,
  { target }: ChosenTable,
  columns: readonly Column[],
): Promise<void> {
  const { connectionId, environment, tableId } = target;
  const table = await withProgress(`Asking PostHog for ${target.name}`, async (_report, signal) =>
    (await services.connections.client(connectionId)).getTable(environment, tableId, signal),
  );
  services.changes.tell({ kind: 'table', connectionId, environment, table });
  const types = table.columns
    .filter(({ name }) => columns.some((column) => column.name === name))
    .map(({ name, type }) => `${name} is ${type}`);
  await tellWithOpen(services, 'information', `${table.name}: ${namesText(types)}.`, target);
}

async function retypeOne(
  { connections, changes, receipts }: CommandServices,
  { target, table: { name } }: ChosenTable,
  updates: ColumnUpdates,
  signal: AbortSignal,
): Promise<Retyped> {
  const { connectionId, environment, tableId } = target;
  const client = await connections.client(connectionId);
  const failure = await sendTypes(client, target, updates, signal);
  const after = await confirmed(name, failure, client.getTable(environment, tableId, signal));
  changes.tell({ kind: 'table', connectionId, environment, table: after });
  const ignored = compareTableAnswer({ patch: {}, updates }, after.raw);
  if (ignored.length > 0) {
    throw failure
      ? restate(failure, {
          remedy: 'PostHog was asked again: the types are as they were. Try again in a moment.',
        })
      : notTaken(
          name,
          ignored.map(({ path }) => path.replace(/^columns\./, '')),
        );
  }
  receipts.tell({
    done: `Changed column types of ${name} in`,
    connectionId,
    environmentId: environment.id,
    keys: Object.keys(updates),
  });
  return {
    names: Object.keys(updates),
    invalid: invalidOf(after, updates),
    notice: failure ? `${failure.what} It was asked again and has the change.` : '',
  };
}

/** Sends the types. @returns the error that leaves open whether they were taken. */
async function sendTypes(
  client: PostHogClient,
  { environment, tableId }: ChosenTable['target'],
  updates: ColumnUpdates,
  signal: AbortSignal,
): Promise<PostHogError | undefined> {
  try {
    await client.updateSchema(environment, tableId, updates, signal);
    return undefined;
  } catch (error) {
    if (isPostHogError(error) && error.mayHaveBeenApplied && !isCancelled(error)) {
      return error;
    }
    throw nothingChanged(error);
  }
}

function notTaken(table: string, names: readonly string[]): PostHogError {
  return new PostHogError({
    kind: 'unexpected-answer',
    what: `PostHog answered success but did not change ${namesText(names)} of ${table}.`,
    why: '',
    remedy: 'Refresh the schema of the table and try again.',
  });
}

function invalidOf(table: WarehouseTable, updates: ColumnUpdates): string[] {
  return table.columns
    .filter(({ name, schema_valid }) => !schema_valid && Object.hasOwn(updates, name))
    .map(({ name }) => name);
}

/** The selected column rows by table, or columns picked of one table. */
async function chosenColumns(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<readonly ChosenColumns[]> {
  const rows = selectedNodes(services, target, selection, ColumnNode);
  if (rows.length > 0) {
    const tables = groupsOf(rows, (row) => row.parent.id).map((group) => ({
      chosen: { target: targetOf(group[0].parent), table: group[0].parent.table },
      columns: group.map(({ column }) => column),
    }));
    requireWriteScope(
      services,
      tables.map(({ chosen }) => chosen),
    );
    return tables;
  }
  const chosen = await chosenTable(services, target);
  if (readOnlyReason(chosen.table.raw) !== undefined) {
    return [{ chosen, columns: [] }];
  }
  const columns = picked(
    await services.prompts.pickMany(
      chosen.table.columns.map((value) => ({
        label: value.name,
        description: value.schema_valid ? value.type : `${value.type} · doesn't match the data`,
        value,
      })),
      { title: `Columns of ${chosen.table.name}`, placeHolder: 'Choose the columns that get another type' },
    ),
  );
  if (columns.length === 0) {
    throw new Cancelled();
  }
  return [{ chosen, columns }];
}

async function askType(services: CommandServices, tables: readonly ChosenColumns[]): Promise<string> {
  const current = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const [only] = current.size === 1 ? current : [];
  const choices = columnTypes.map((type): Choice<string> => {
    const doubt = columnTypeDoubt(type);
    const notes = [
      current.has(type) ? (current.size === 1 ? 'current' : 'current of some') : '',
      doubt ?? '',
    ];
    return {
      label: type,
      description: notes.filter((note) => note !== '').join(' · '),
      warning: doubt !== undefined,
      value: type,
    };
  });
  return picked(
    await services.prompts.pick(choices, {
      title: `Type of ${nameOf(tables)}`,
      placeHolder: 'How PostHog is to read the data. The data itself does not change.',
      ...(only !== undefined && { active: only }),
    }),
  );
}

function nameOf(tables: readonly ChosenColumns[]): string {
  const columns = tables.flatMap(({ chosen, columns: of }) =>
    of.map(({ name }) => `${chosen.table.name}.${name}`),
  );
  return columns.length <= 3 ? columns.join(', ') : `${columns.length} columns`;
}

function sentence(table: string, { names, invalid, notice }: Retyped, type: string): string {
  const bad =
    invalid.length === 0
      ? ''
      : `${namesText(invalid)} cannot be read as ${type}, so queries leave ${invalid.length === 1 ? 'it' : 'them'} out. Choose another type.`;
  return [`${table}: ${namesText(names)} ${names.length === 1 ? 'is' : 'are'} ${type} now.`, bad, notice]
    .filter((text) => text !== '')
    .join(' ');
}
