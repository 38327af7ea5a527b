import * as vscode from 'vscode';
import { failureText } from '../../connections/failures';
import { namesText } from '../../json/namesText';
import type { Severity } from '../../ui/prompts';
import { tablesEntry } from '../../directory/entries';
import { environmentById } from '../../directory/lookup';
import { documentUri } from '../../documents/uris/uri';
import type { SchemaAction, WarehouseTable } from '../../posthog/models';
import { generationOf as generationOn } from '../../operations/generation';
import { refusalKnown } from '../../operations/table/schemaAction';
import type { Generation } from '../../settings/catalogue';
import { withLateCancel } from '../../ui/lateProgress';
import type { CommandServices } from '../command';
import { openDocument } from '../openCommands';
import { requireScope, selectedEntries } from '../batch';
import { whereText, wheresText } from '../placeNames';
import { requireWritable } from '../requireWritable';
import { revealRow } from '../revealRow';
import {
  entryOf,
  picked,
  tableOf,
  tableOfEntry,
  tableTarget,
  type EnvironmentTarget,
  type TableTarget,
} from '../targets';
import { showWithAction } from '../../ui/actionButtons';
import { nothingSent } from '../../posthog/outcomePhrases';

/** The scope for everything that changes a table (API facts 2). */
export const writeScope = 'warehouse_table:write';

/** A table to operate on: its location, and its state at the start. */
export interface ChosenTable {
  target: TableTarget;
  table: WarehouseTable;
}

/**
 * The tables a command applies to: the selected rows, the document's table, or the user's choice. Reports what
 * can't be changed before anything else.
 */
export async function chosenTables(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<readonly ChosenTable[]> {
  const entries = selectedEntries(services, target, selection, 'table');
  if (entries.length > 0) {
    const chosen = entries.map((entry) => ({ target: tableOfEntry(entry), table: entry.table }));
    await requireWrite(services, chosen);
    return chosen;
  }
  const one = await tableTarget(services, target, writeScope);
  return [{ target: one, table: await fetchTable(services, one) }];
}

/**
 * Like {@link chosenTables}, for commands that write without another question: from the palette, it isn't obvious what
 * they apply to, so they name the selected tables or the document's table first, and wait for an answer.
 *
 * @throws Canceled, or PostHogError as {@link requireWrite}
 */
export async function confirmedTables(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<readonly ChosenTable[]> {
  const rows = selectedEntries(services, target, selection, 'table').map(tableOfEntry);
  const open = tableOf(target);
  const tables = rows.length > 0 || !open ? rows : [open];
  if (target !== undefined || tables.length === 0) {
    return chosenTables(services, target, selection);
  }
  const targets = tables.map((one) => ({ target: one }));
  await requireWrite(services, targets);
  const names = tables.map(({ name }) => name);
  const isConfirmed = picked(
    await services.prompts.pick(
      [
        {
          label: namesText(names),
          description: wheresText(services, targets),
          iconPath: new vscode.ThemeIcon('table'),
          value: true,
        },
        { label: 'Another Table…', iconPath: new vscode.ThemeIcon('search'), value: false },
      ],
      { title: services.purpose, placeHolder: 'Choose a table' },
    ),
  );
  // Null stands for neither a row nor the active document.
  return chosenTables(services, isConfirmed ? undefined : null, selection);
}

/** Like {@link chosenTables}, for commands that handle one table at a time. */
export async function chosenTable(services: CommandServices, target: unknown): Promise<ChosenTable> {
  const entry = entryOf(target);
  if (entry?.kind === 'table') {
    const chosen = { target: tableOfEntry(entry), table: entry.table };
    await requireWrite(services, [chosen]);
    return chosen;
  }
  const one = await tableTarget(services, target, writeScope);
  return { target: one, table: await fetchTable(services, one) };
}

/**
 * @throws PostHogError `missing-scope` for the first connection whose key can't change tables, or `read-only` for the
 *   first environment that must not be changed
 */
export async function requireWrite(
  services: CommandServices,
  tables: readonly { target: Pick<TableTarget, 'connectionId' | 'environment'> }[],
): Promise<void> {
  for (const connectionId of new Set(tables.map(({ target }) => target.connectionId))) {
    requireScope(services, connectionId, writeScope);
  }
  await requireWritable(
    services,
    tables.map(({ target }) => target),
  );
}

async function fetchTable(services: CommandServices, target: TableTarget): Promise<WarehouseTable> {
  return withLateCancel(`Getting ${target.name} in ${whereText(services, target)}`, async (signal) =>
    (await services.connections.client(target.connectionId)).getTable(
      target.environment,
      target.tableId,
      signal,
    ),
  );
}

/**
 * Reports that a server doesn't let API keys change columns, and offers to do it in PostHog. @returns whether it did
 */
export async function reportKeysRefused(
  services: CommandServices,
  tables: readonly { target: TableTarget }[],
  action: SchemaAction,
): Promise<boolean> {
  for (const connectionId of new Set(tables.map(({ target }) => target.connectionId))) {
    const refusal = await refusalKnown(services, connectionId, action);
    if (refusal) {
      await offerPostHog(services, refusal.message, tables[0]?.target);
      return true;
    }
  }
  return false;
}

/** Shows a text with a button for the table's page in PostHog's web interface. */
async function offerPostHog(
  services: CommandServices,
  text: string,
  target: TableTarget | undefined,
): Promise<void> {
  const uri = target && documentUri(target);
  await showWithAction('warning', text, { kind: 'openInPostHog' }, { uri }, services);
}

/** The generation of an environment's server. */
export async function generationOf(
  services: CommandServices,
  { connectionId, environment, name }: EnvironmentTarget,
): Promise<Generation> {
  const client = await services.connections.client(connectionId);
  const title = `Checking ${whereText(services, { connectionId, environment }, name)}`;
  return withLateCancel(title, (signal) => generationOn(client, environment, signal));
}

/** Reveals a table's row in the tree, if its page has been loaded. */
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
    // The operation has succeeded, and the tree itself shows why the list failed to load.
    log.warn(`Couldn't show the table in the tree: ${failureText(error, log)}`);
  }
}

/** Reports what happened to a table, and offers to open its document. */
export async function notifyWithOpen(
  services: CommandServices,
  severity: Severity,
  message: string,
  target: TableTarget,
): Promise<void> {
  if ((await services.prompts.notify(severity, message, 'Open Table')) === 'Open Table') {
    await openDocument(services, target);
  }
}

/** Explains why nothing was sent, and offers to do it in PostHog. */
export async function showRefusal(
  services: CommandServices,
  reason: string,
  target: TableTarget | undefined,
): Promise<void> {
  await offerPostHog(services, `${reason} ${nothingSent}`, target);
}

/** Like {@link notifyWithOpen}, for several tables to choose from. */
export async function notifyWithOpenOne(
  services: CommandServices,
  severity: Severity,
  message: string,
  targets: readonly TableTarget[],
): Promise<void> {
  const [only] = targets;
  if (only && targets.length === 1) {
    await notifyWithOpen(services, severity, message, only);
    return;
  }
  if ((await services.prompts.notify(severity, message, 'Open Table…')) === 'Open Table…') {
    const target = await services.prompts.pick(
      targets.map((value) => ({
        label: value.name,
        description: whereText(services, value),
        iconPath: new vscode.ThemeIcon('table'),
        value,
      })),
      { title: 'Open Warehouse Table', placeHolder: 'Choose a table' },
    );
    await openDocument(services, picked(target));
  }
}
