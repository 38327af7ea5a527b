import { closeTables } from '../../documents/tabs';
import { namesText } from '../../json/namesText';
import { readOnlyReason } from '../../warehouse/managed';
import { accessProblem } from '../../warehouse/tableAccess';
import { isHostedUpload } from '../../warehouse/uploadFile';
import type { Command, CommandServices } from '../command';
import { showBatch } from '../batch';
import { groupsOf } from '../../operations/groups';
import { deleteTables } from '../../operations/table/deleteTables';
import { chosenTables, showRefusal, type ChosenTable } from './tableTargets';
import { picked, type TableTarget } from '../targets';
import { cantBeUndone } from '../../operations/phrases/writes';
import { buttonFor, wheresText } from '../placeNames';

export const deleteTable: Command = {
  async run(services, target, selection) {
    const chosen = await chosenTables(services, target, selection);
    const kept = chosen.flatMap((one) => {
      const reason = keptReason(one);
      return reason === undefined ? [] : [{ ...one, reason }];
    });
    const tables = chosen.filter((one) => keptReason(one) === undefined);
    if (tables.length === 0) {
      await showRefusal(services, kept.map(({ reason }) => reason).join(' '), kept[0]?.target);
      return;
    }
    const where = wheresText(services, tables);
    picked(
      await services.prompts.confirm(
        tables.length === 1
          ? `Delete the warehouse table "${tables[0]?.table.name ?? ''}" of ${where}?`
          : `Delete ${tables.length} warehouse tables of ${where}?`,
        { detail: whatIsLost(tables, kept) },
        buttonFor(
          services,
          'Delete from',
          tables.map(({ target: at }) => at),
        ),
      ),
    );
    await deleteAll(services, tables);
  },
};

async function deleteAll(services: CommandServices, tables: readonly ChosenTable[]): Promise<void> {
  const what = tables.length === 1 && tables[0] ? tables[0].table.name : `${tables.length} tables`;
  await showBatch<TableTarget, undefined>(services, {
    title: `Deleting ${what} of ${wheresText(services, tables)}`,
    verb: 'Deleted',
    items: tables.map(({ target, table: { name } }) => ({ label: name, value: { ...target, name } })),
    run: (items, ports) => deleteTables(services, items, ports),
    settle: async ({ done }) => {
      const groups = groupsOf(
        done.map(({ item }) => item.value),
        ({ connectionId }) => connectionId,
      );
      for (const group of groups) {
        const ids = group.map(({ tableId }) => tableId);
        await closeTables(group[0].connectionId, ids);
      }
    },
    targetOf: (target) => target,
  });
}

/** Why a table can't be deleted; checked before anything is sent. */
function keptReason({ table }: ChosenTable): string | undefined {
  const source = table.external_data_source;
  if (source && readOnlyReason(table.raw) !== undefined) {
    const from = source.source_type ? `the ${source.source_type} source` : 'a data source';
    return `${table.name} is synced by ${from}, so PostHog can't delete it on its own. Remove the table from the source in PostHog instead.`;
  }
  const problem = accessProblem(table);
  return problem === undefined ? undefined : `${table.name}: ${problem}`;
}

function whatIsLost(tables: readonly ChosenTable[], kept: readonly ChosenTable[]): readonly string[] {
  const names = (of: readonly ChosenTable[]): string => namesText(of.map(({ table }) => table.name));
  const them = tables.length === 1 ? 'it' : 'them';
  const hosted = tables.filter(({ table }) => isHostedUpload(table.url_pattern));
  const sentences = [
    `Joins that use ${them} are deleted, too. Queries and insights that read ${them} will fail.`,
  ];
  if (tables.length > 1) {
    sentences.unshift(`${names(tables)}.`);
  }
  if (hosted.length > 0) {
    const of = tables.length === 1 ? '' : ` of ${names(hosted)}`;
    sentences.push(`PostHog has the only copy of the uploaded content${of}, which will be lost.`);
  }
  if (hosted.length < tables.length) {
    sentences.push('Files in your own storage are kept.');
  }
  sentences.push(cantBeUndone);
  if (kept.length > 0) {
    sentences.push(`Not deleted, because a source manages them or you don't have access: ${names(kept)}.`);
  }
  return sentences;
}
