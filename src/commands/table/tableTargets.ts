import * as vscode from 'vscode';
import { failureText } from '../../connections/failures';
import type { Severity } from '../../ui/prompts';
import { tablesEntry } from '../../directory/entries';
import { environmentById } from '../../directory/lookup';
import { documentUri } from '../../documents/uri';
import type { SchemaAction, WarehouseTable } from '../../posthog/models';
import { generationOf as generationOn } from '../../operations/generation';
import { refusalKnown } from '../../operations/table/schemaAction';
import type { Generation } from '../../settings/catalogue';
import { withStatus } from '../../ui/progress';
import type { CommandServices } from '../command';
import { openDocument } from '../openCommands';
import { requireScope, selectedEntries } from '../batch';
import { revealRow } from '../revealRow';
import {
  entryOf,
  picked,
  tableOfEntry,
  tableTarget,
  type EnvironmentTarget,
  type TableTarget,
} from '../targets';
import { runCommand } from '../../ui/commandIds';

/** The scope of everything that changes a table (API facts 2). */
export const writeScope = 'warehouse_table:write';

/** A table as an operation works on it: where it is, and its state when the operation began. */
export interface ChosenTable {
  target: TableTarget;
  table: WarehouseTable;
}

/**
 * The tables that a command is about: the selected rows, the table of a document, or the one searched for. Says
 * before anything else what the key may not do.
 */
export async function chosenTables(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<readonly ChosenTable[]> {
  const entries = selectedEntries(services, target, selection, 'table');
  if (entries.length > 0) {
    const chosen = entries.map((entry) => ({ target: tableOfEntry(entry), table: entry.table }));
    requireWriteScope(services, chosen);
    return chosen;
  }
  const one = await tableTarget(services, target, writeScope);
  return [{ target: one, table: await fetchTable(services, one) }];
}

/** Like {@link chosenTables}, for commands that do one table at a time. */
export async function chosenTable(services: CommandServices, target: unknown): Promise<ChosenTable> {
  const entry = entryOf(target);
  if (entry?.kind === 'table') {
    requireScope(services, entry.connectionId, writeScope);
    return { target: tableOfEntry(entry), table: entry.table };
  }
  const one = await tableTarget(services, target, writeScope);
  return { target: one, table: await fetchTable(services, one) };
}

/** @throws PostHogError `missing-scope` for the first connection whose key may not change tables. */
export function requireWriteScope(
  services: CommandServices,
  tables: readonly { target: { connectionId: string } }[],
): void {
  for (const connectionId of new Set(tables.map(({ target }) => target.connectionId))) {
    requireScope(services, connectionId, writeScope);
  }
}

async function fetchTable({ connections }: CommandServices, target: TableTarget): Promise<WarehouseTable> {
  return withStatus(`Asking PostHog for ${target.name}`, async (signal) =>
    (await connections.client(target.connectionId)).getTable(target.environment, target.tableId, signal),
  );
}

/**
 * Says before it is tried that a server lets no API key do something to the columns of tables, with the way to where it
 * can be done. @returns whether it was said
 */
export async function tellKeysRefused(
  services: CommandServices,
  tables: readonly { target: TableTarget }[],
  action: SchemaAction,
): Promise<boolean> {
  for (const connectionId of new Set(tables.map(({ target }) => target.connectionId))) {
    const refusal = await refusalKnown(services, connectionId, action);
    if (refusal) {
      const answer = await services.prompts.tell('warning', refusal.message, 'Open in PostHog');
      if (answer === 'Open in PostHog') {
        await openInPostHog(tables[0]?.target);
      }
      return true;
    }
  }
  return false;
}

/** Opens the page of a table in PostHog's web interface. */
async function openInPostHog(target: TableTarget | undefined): Promise<void> {
  await runCommand('openInPostHog', target && documentUri(target));
}

/** Which rules the server of an environment has. */
export async function generationOf(
  { connections }: CommandServices,
  { connectionId, environment }: EnvironmentTarget,
): Promise<Generation> {
  return generationOn(await connections.client(connectionId), environment, new AbortController().signal);
}

/** Shows a table's row in the tree, selected, when it is within the pages that the tree has. */
export async function revealTable(
  services: CommandServices,
  { connectionId, environment }: Pick<EnvironmentTarget, 'connectionId' | 'environment'>,
  tableId: string,
): Promise<void> {
  const { directory, provider, log } = services;
  try {
    await directory.settled();
    const found = await environmentById(directory, connectionId, environment.id, 'first');
    const tables = found && directory.list(tablesEntry(found));
    await tables?.load();
    const entry = tables?.items.find(({ table }) => table.id === tableId);
    const row = entry && (await provider.row(entry));
    if (row) {
      await revealRow(services, row, { select: true, focus: false, expand: true });
    }
  } catch (error) {
    // The operation itself has succeeded, and the tree shows by itself why a list cannot be had.
    log.warn(`The table could not be shown in the tree: ${failureText(error, log)}`);
  }
}

/** Tells what was done with a table, and opens its document when the person wants to see it. */
export async function tellWithOpen(
  services: CommandServices,
  severity: Severity,
  message: string,
  target: TableTarget,
): Promise<void> {
  if ((await services.prompts.tell(severity, message, 'Open Table')) === 'Open Table') {
    await openDocument(services, target);
  }
}

/** Says why nothing was sent, with the way to where it can be done instead. */
export async function tellRefusal(
  { prompts }: CommandServices,
  reason: string,
  target: TableTarget | undefined,
): Promise<void> {
  const answer = await prompts.tell('warning', `${reason} Nothing was sent.`, 'Open in PostHog');
  if (answer === 'Open in PostHog') {
    await openInPostHog(target);
  }
}

/** Like {@link tellWithOpen}, for several tables of which one can be chosen. */
export async function tellWithOpenOne(
  services: CommandServices,
  severity: Severity,
  message: string,
  targets: readonly TableTarget[],
): Promise<void> {
  const [only] = targets;
  if (only && targets.length === 1) {
    await tellWithOpen(services, severity, message, only);
    return;
  }
  if ((await services.prompts.tell(severity, message, 'Open Table…')) === 'Open Table…') {
    const target = await services.prompts.pick(
      targets.map((value) => ({ label: value.name, iconPath: new vscode.ThemeIcon('table'), value })),
      { title: 'Open Warehouse Table', placeHolder: 'Choose a table' },
    );
    await openDocument(services, picked(target));
  }
}
