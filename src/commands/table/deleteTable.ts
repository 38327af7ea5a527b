import { isCancelled } from '../../connections/failures';
import { closeTables } from '../../documents/tabs';
import { isPostHogError } from '../../posthog/errors';
import type { PostHogClient } from '../../posthog/client';
import { namesText } from '../../json/namesText';
import { accessProblem, readOnlyReason } from '../../warehouse/managed';
import { isHostedUpload } from '../../warehouse/uploadFile';
import type { Command, CommandServices } from '../command';
import { runBatch } from '../batch';
import { groupsOf } from '../../operations/groups';
import { chosenTables, tellRefusal, type ChosenTable } from './tableTargets';
import { picked } from '../targets';

export const deleteTable: Command = {
  async run(services, target, selection) {
    const chosen = await chosenTables(services, target, selection);
    const kept = chosen.flatMap((one) => {
      const reason = keptReason(one);
      return reason === undefined ? [] : [{ ...one, reason }];
    });
    const tables = chosen.filter((one) => keptReason(one) === undefined);
    if (tables.length === 0) {
      await tellRefusal(services, kept.map(({ reason }) => reason).join(' '), kept[0]?.target);
      return;
    }
    picked(
      await services.prompts.confirm(
        tables.length === 1
          ? `Delete the warehouse table "${tables[0]?.table.name ?? ''}"?`
          : `Delete ${tables.length} warehouse tables?`,
        { detail: whatIsLost(tables, kept) },
        'Delete',
      ),
    );
    await deleteAll(services, tables);
  },
};

async function deleteAll(services: CommandServices, tables: readonly ChosenTable[]): Promise<void> {
  const one = tables.length === 1 ? tables[0] : undefined;
  await runBatch<ChosenTable, undefined>(
    services,
    {
      title: one ? `Deleting ${one.table.name}` : `Deleting ${tables.length} tables`,
      verb: 'Deleted',
      items: tables.map((value) => ({ label: value.table.name, value })),
      settle: ({ done }) =>
        showRemoved(
          services,
          done.map(({ item }) => item.value),
        ),
      targetOf: ({ target }) => target,
      interruption: (label) => `Cancelled: PostHog still has ${label}, but may be about to delete it.`,
    },
    async ({ target, table }, signal) => {
      const client = await services.connections.client(target.connectionId);
      try {
        await client.deleteTable(target.environment, table.id, signal);
      } catch (error) {
        if (!(await isGone(client, { target, table }, error))) {
          throw error;
        }
      }
      services.receipts.tell({
        done: `Deleted ${table.name} in`,
        connectionId: target.connectionId,
        environmentId: target.environment.id,
      });
      return undefined;
    },
  );
}

/** Whether a table is gone although deleting it ended in an error: then that is what was wanted. */
async function isGone(
  client: PostHogClient,
  { target, table }: ChosenTable,
  error: unknown,
): Promise<boolean> {
  if (!isPostHogError(error)) {
    return false;
  }
  if (error.kind === 'not-found') {
    return true;
  }
  if (!error.mayHaveBeenApplied && !isCancelled(error)) {
    return false;
  }
  try {
    await client.getTable(target.environment, table.id, new AbortController().signal);
    return false;
  } catch (again) {
    return isPostHogError(again) && again.kind === 'not-found';
  }
}

/** Shows what is gone: one message for each environment, so that its list is fetched again once. */
async function showRemoved({ changes }: CommandServices, removed: readonly ChosenTable[]): Promise<void> {
  const groups = groupsOf(removed, ({ target }) => `${target.connectionId}/${target.environment.id}`);
  for (const group of groups) {
    const { connectionId, environment } = group[0].target;
    const removedIds = group.map(({ table }) => table.id);
    changes.tell({ kind: 'tables', connectionId, environment, removedIds });
    await closeTables(connectionId, removedIds);
  }
}

/** Why a table cannot be deleted; asked before anything is sent. */
function keptReason({ table }: ChosenTable): string | undefined {
  const source = table.external_data_source;
  if (source && readOnlyReason(table.raw) !== undefined) {
    const from = source.source_type ? `the ${source.source_type} source` : 'a data source';
    return `${table.name} is synced by ${from}, and PostHog does not delete such tables by themselves: remove the table from the source in PostHog instead.`;
  }
  const problem = accessProblem(table);
  return problem === undefined ? undefined : `${table.name}: ${problem}`;
}

function whatIsLost(tables: readonly ChosenTable[], kept: readonly ChosenTable[]): readonly string[] {
  const names = (of: readonly ChosenTable[]): string => namesText(of.map(({ table }) => table.name));
  const them = tables.length === 1 ? 'it' : 'them';
  const hosted = tables.filter(({ table }) => isHostedUpload(table.url_pattern));
  const sentences = [
    `Joins that use ${them} are deleted too, and queries and insights that read ${them} will fail.`,
  ];
  if (tables.length > 1) {
    sentences.unshift(`${names(tables)}.`);
  }
  if (hosted.length > 0) {
    const of = tables.length === 1 ? '' : ` of ${names(hosted)}`;
    sentences.push(`The uploaded content${of} is stored by PostHog alone and is lost.`);
  }
  if (hosted.length < tables.length) {
    sentences.push('Files in your own object storage stay.');
  }
  sentences.push('This cannot be undone.');
  if (kept.length > 0) {
    sentences.push(`Not deleted, because a source manages them or you may not change them: ${names(kept)}.`);
  }
  return sentences;
}
