import { isComplete, runBatch } from '../../operations/batch';
import { outcomeText, type Applied } from '../../operations/outcome';
import { refreshedTo, refreshSchema as refresh, type Refreshed } from '../../operations/table/refreshSchema';
import { lookAtTable } from '../../operations/table/schemaAction';
import type { Command, CommandServices } from '../command';
import { showBatch, withProgress } from '../batch';
import type { TableTarget } from '../targets';
import { confirmedTables, reportKeysRefused, notifyWithOpenOne, type ChosenTable } from './tableTargets';
import { wheresText } from '../placeNames';

export const refreshSchema: Command = {
  async run(services, target, selection) {
    await refreshTables(services, await confirmedTables(services, target, selection));
  },
};

/** Makes the server reread the files of tables, and reports what changed. */
export async function refreshTables(
  services: CommandServices,
  tables: readonly ChosenTable[],
): Promise<void> {
  if (await reportKeysRefused(services, tables, 'refresh_schema')) {
    return;
  }
  const what = tables.length === 1 && tables[0] ? tables[0].table.name : `${tables.length} tables`;
  const result = await showBatch<ChosenTable, Refreshed>(services, {
    title: `Reading the files of ${what} in ${wheresText(services, tables)} again`,
    verb: 'Refreshed',
    items: tables.map((value) => ({ label: value.table.name, value })),
    run: (items, ports) => runBatch(items, ({ target }, signal) => refresh(services, target, signal), ports),
    reportsDone: true,
    checkAgain: (chosen) => checkAgain(services, chosen),
    targetOf: ({ target }) => target,
  });
  if (isComplete(result)) {
    await showDifferences(
      services,
      result.done.map(({ outcome }) => outcome),
      result.done.map(({ item }) => item.value.target),
    );
  }
}

/** After a cancel: compares the current columns with the ones shown before. */
async function checkAgain(services: CommandServices, { target, table }: ChosenTable): Promise<void> {
  const after = await withProgress(
    `Getting ${table.name} in ${wheresText(services, [{ target }])}`,
    (_report, signal) => lookAtTable(services, target, signal),
  );
  await showDifferences(services, [refreshedTo(table, after)], [target]);
}

async function showDifferences(
  services: CommandServices,
  outcomes: readonly Applied<Refreshed>[],
  targets: readonly TableTarget[],
): Promise<void> {
  const severity = outcomes.some(({ result }) => result.invalid.length > 0) ? 'warning' : 'information';
  await notifyWithOpenOne(services, severity, outcomes.map(outcomeText).join(' '), targets);
}
