import { Canceled } from '../../connections/failures';
import type { Choice } from '../../ui/prompts';
import type { Column } from '../../posthog/models';
import { isComplete, runBatch } from '../../operations/batch';
import { outcomeText } from '../../operations/outcome';
import { recordCheck } from '../../operations/history/recordCheck';
import { typesAre } from '../../operations/phrases/tables';
import { nothingSent } from '../../posthog/outcomePhrases';
import { retypeColumns, type Retyped } from '../../operations/table/retypeColumns';
import { lookAtTable } from '../../operations/table/schemaAction';
import { readOnlyReason } from '../../warehouse/managed';
import { accessProblem } from '../../warehouse/tableAccess';
import { groupsOf } from '../../operations/groups';
import { columnTypes, columnTypeDoubt } from '../../warehouse/table';
import { tableDocument } from '../../warehouse/tableDocument';
import type { Command, CommandServices } from '../command';
import { selectedEntries, showBatch, withProgress } from '../batch';
import {
  chosenTable,
  requireWrite,
  reportKeysRefused,
  showRefusal,
  notifyWithOpen,
  notifyWithOpenOne,
  type ChosenTable,
} from './tableTargets';
import { picked, tableOfEntry } from '../targets';
import { whereText, wheresText } from '../placeNames';

/** The columns of one table to change. */
interface ChosenColumns {
  chosen: ChosenTable;
  columns: readonly Column[];
}

export const changeColumnType: Command = {
  async run(services, target, selection) {
    const tables = await chosenColumns(services, target, selection);
    const refusal = tables
      .map(({ chosen: { table } }) => readOnlyReason(table.raw) ?? accessProblem(table))
      .find(Boolean);
    if (refusal !== undefined) {
      await showRefusal(services, refusal, tables[0]?.chosen.target);
      return;
    }
    if (
      await reportKeysRefused(
        services,
        tables.map(({ chosen }) => chosen),
        'update_schema',
      )
    ) {
      return;
    }
    const type = await askType(services, tables);
    const changing = tables
      .map(({ chosen, columns }) => ({ chosen, columns: columns.filter((column) => column.type !== type) }))
      .filter(({ columns }) => columns.length > 0);
    if (changing.length === 0) {
      await services.prompts.notify(
        'information',
        `Already of type ${type}: ${nameOf(tables)}. ${nothingSent}`,
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
  const result = await showBatch<ChosenColumns, Retyped>(services, {
    title: `Changing ${nameOf(tables)} in ${whereOf(services, tables)} to ${type}`,
    verb: 'Changed',
    items: tables.map((value) => ({ label: value.chosen.table.name, value })),
    run: (items, ports) =>
      runBatch(
        items,
        ({ chosen: { target, table }, columns }, signal) => {
          const updates = Object.fromEntries(columns.map(({ name }) => [name, type]));
          return retypeColumns(services, { ...target, name: table.name }, updates, signal, table);
        },
        ports,
      ),
    reportsDone: true,
    checkAgain: ({ chosen, columns }) => checkAgain(services, chosen, columns),
    targetOf: ({ chosen }) => chosen.target,
  });
  if (isComplete(result)) {
    const { done } = result;
    const isDoubtful = done.some(({ outcome }) => outcome.result.invalid.length > 0);
    await notifyWithOpenOne(
      services,
      isDoubtful ? 'warning' : 'information',
      done.map(({ outcome }) => outcomeText(outcome)).join(' '),
      done.map(({ item }) => item.value.chosen.target),
    );
  }
}

/** After a cancel: shows the columns' current types. */
async function checkAgain(
  services: CommandServices,
  { target }: ChosenTable,
  columns: readonly Column[],
): Promise<void> {
  const table = await withProgress(
    `Getting ${target.name} in ${whereText(services, target)}`,
    (_report, signal) => lookAtTable(services, target, signal),
  );
  await recordCheck(await services.history(), target, tableDocument(table.raw));
  const names = new Set(columns.map(({ name }) => name));
  const text = typesAre(
    table.name,
    table.columns.filter(({ name }) => names.has(name)),
  );
  await notifyWithOpen(services, 'information', text, target);
}

/** The selected columns by table, or the chosen columns of one table. */
async function chosenColumns(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<readonly ChosenColumns[]> {
  const rows = selectedEntries(services, target, selection, 'column');
  if (rows.length > 0) {
    const tables = groupsOf(rows, (row) => row.parent.id).map((group) => ({
      chosen: { target: tableOfEntry(group[0].parent), table: group[0].parent.table },
      columns: group.map(({ column }) => column),
    }));
    await requireWrite(
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
      {
        title: `${services.purpose}: ${chosen.table.name} in ${whereText(services, chosen.target)}`,
        placeHolder: 'Choose the columns to change',
      },
    ),
  );
  if (columns.length === 0) {
    throw new Canceled();
  }
  return [{ chosen, columns }];
}

async function askType(services: CommandServices, tables: readonly ChosenColumns[]): Promise<string> {
  const current = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const [only] = current.size === 1 ? current : [];
  const choices = columnTypes.map((type): Choice<string> => {
    const doubt = columnTypeDoubt(type);
    const notes = [
      current.has(type) ? (current.size === 1 ? 'current' : 'current for some') : '',
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
      title: `${services.purpose}: ${nameOf(tables)} in ${whereOf(services, tables)}`,
      placeHolder: "How PostHog reads the data. The data itself doesn't change.",
      ...(only !== undefined && { active: only }),
    }),
  );
}

const whereOf = (services: CommandServices, tables: readonly ChosenColumns[]): string =>
  wheresText(
    services,
    tables.map(({ chosen }) => chosen),
  );

function nameOf(tables: readonly ChosenColumns[]): string {
  const columns = tables.flatMap(({ chosen, columns: of }) =>
    of.map(({ name }) => `${chosen.table.name}.${name}`),
  );
  return columns.length <= 3 ? columns.join(', ') : `${columns.length} columns`;
}
