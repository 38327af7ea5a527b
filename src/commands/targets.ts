import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import { Canceled, failureText, isCanceled } from '../connections/failures';
import type { Choice } from '../ui/prompts';
import { requireScope } from '../connections/requireScope';
import { parseDocumentUri, type DocumentTarget } from '../documents/uris/uri';
import { parseReportUri } from '../reports/reportUri';
import {
  entryAround,
  environmentRef,
  type Entry,
  type EnvironmentEntry,
  type TableEntry,
} from '../directory/entries';
import { environmentsOf, placeOf } from '../directory/lookup';
import type { WarehouseTable } from '../posthog/models';
import { formatAndSource } from '../warehouse/formatTexts';
import { withLateCancel } from '../ui/lateProgress';
import { TreeNode } from '../tree/node';
import { connectionIdOf, type CommandServices } from './command';
import { runCommand } from '../ui/commandIds';
import { purposeIn, whereText } from './placeNames';
import { requireWritable } from './requireWritable';

/** An environment for a command. */
export type EnvironmentTarget = Extract<DocumentTarget, { kind: 'settings' }>;
/** Maximum number of tables that a search shows. */
const tablesShown = 100;

/** A warehouse table for a command. */
export type TableTarget = Extract<DocumentTarget, { kind: 'table' }>;

/** The connection a command applies to: its argument's, the only one, or the user's choice. */
export async function connectionTarget(
  services: CommandServices,
  target: unknown,
  accept: (connection: Connection) => boolean = () => true,
): Promise<Connection> {
  const given = connectionIdOf(target);
  const known = given === undefined ? undefined : services.connections.get(given);
  if (known) {
    return known;
  }
  const candidates = services.connections.list().filter(accept);
  if (candidates.length === 0) {
    await offerConnection(services);
    throw new Canceled();
  }
  const [only] = candidates;
  if (only && candidates.length === 1) {
    return only;
  }
  return picked(
    await services.prompts.pick(
      candidates.map((connection) => ({
        label: connection.label,
        description: connection.origin,
        iconPath: new vscode.ThemeIcon(connection.kind === 'sandbox' ? 'beaker' : 'plug'),
        value: connection,
      })),
      { title: services.purpose, placeHolder: 'Choose a connection' },
    ),
  );
}

/**
 * The environment a command applies to: its argument's, the active document's, the only one, or the user's choice.
 *
 * @param scope what the command needs. A missing scope is reported before environments are listed.
 * @throws PostHogError `missing-scope`
 */
export async function environmentTarget(
  services: CommandServices,
  target: unknown,
  scope?: string,
): Promise<EnvironmentTarget> {
  const permitted = <T extends { connectionId: string }>(found: T): T => {
    if (scope !== undefined) {
      requireScope(services.connections, found.connectionId, scope);
    }
    return found;
  };
  const entry = entryAround(nearestEntry(target), 'environment');
  if (entry) {
    return permitted(environmentOfEntry(entry));
  }
  const document = documentOf(target);
  if (document) {
    return await namedEnvironment(services, permitted(document));
  }
  const connection = await connectionTarget(services, target);
  permitted({ connectionId: connection.id });
  const list = { isCut: false };
  const environments = await withLateCancel(`Reading the environments of ${connection.label}`, () =>
    environmentsOf(services.directory, connection.id, { onCut: () => (list.isCut = true) }),
  );
  if (environments.length === 0) {
    await services.prompts.notify(
      'information',
      `This key can't access any environments in "${connection.label}". Create an environment, or use another key.`,
    );
    throw new Canceled();
  }
  const choices = environments.map((value): Choice<EnvironmentEntry> => ({
    label: value.basic.name,
    description: [String(value.basic.id), value.basic.timezone].filter(Boolean).join(' · '),
    detail: placeOf(value),
    iconPath: new vscode.ThemeIcon('layers'),
    value,
  }));
  const [only] = environments;
  if (only && environments.length === 1 && !list.isCut) {
    return permitted(environmentOfEntry(only));
  }
  const chosen = picked(
    await services.prompts.pick(choices, {
      title: purposeIn(services, connection.id),
      placeHolder: `Choose an environment${list.isCut ? incomplete : ''}`,
    }),
  );
  return environmentOfEntry(chosen);
}

/**
 * Like {@link environmentTarget}, for commands that change the environment.
 *
 * @throws PostHogError `missing-scope` or `read-only`
 */
export async function writableEnvironment(
  services: CommandServices,
  target: unknown,
  scope: string,
): Promise<EnvironmentTarget> {
  const environment = await environmentTarget(services, target, scope);
  await requireWritable(services, [environment]);
  return environment;
}

/**
 * A document's environment with its real name: file names can't contain every name, and a table's document has the
 * table's. If the server can't be reached, the command reports it; the ID serves as the name until then.
 */
async function namedEnvironment(
  services: CommandServices,
  { kind, connectionId, environment, name }: DocumentTarget,
): Promise<EnvironmentTarget> {
  const { connections, log } = services;
  const named = (own: string): EnvironmentTarget => ({
    kind: 'settings',
    connectionId,
    environment,
    name: own,
  });
  try {
    const client = await connections.client(connectionId);
    const detail = await withLateCancel(
      `Getting ${whereText(services, { connectionId, environment }, kind === 'settings' ? name : undefined)}`,
      (signal) => client.getEnvironment(environment, signal),
    );
    return named(detail.name);
  } catch (error) {
    if (isCanceled(error)) {
      throw error;
    }
    log.warn(`Couldn't read the name of an environment: ${failureText(error, log)}`);
    return named(kind === 'settings' ? name : `environment ${environment.id}`);
  }
}

/**
 * The warehouse table a command applies to: its argument's, the active document's, or one the user searches for.
 *
 * @param writeScope what commands that change the table need. What they can't do is reported before tables are listed.
 * @throws PostHogError `missing-scope` or `read-only`
 */
export async function tableTarget(
  services: CommandServices,
  target: unknown,
  writeScope?: string,
): Promise<TableTarget> {
  const given = tableOf(target);
  if (given) {
    if (writeScope !== undefined) {
      requireScope(services.connections, given.connectionId, writeScope);
      await requireWritable(services, [given]);
    }
    return given;
  }
  const environment = await (writeScope === undefined
    ? environmentTarget(services, target)
    : writableEnvironment(services, target, writeScope));
  const table = await searchedTable(services, environment);
  return { ...environment, kind: 'table', tableId: table.id, name: table.name };
}

/** Asks for a table. Shows one page, and says if there are more. @throws Canceled */
async function searchedTable(
  services: CommandServices,
  { connectionId, environment, name }: EnvironmentTarget,
): Promise<WarehouseTable> {
  const client = await services.connections.client(connectionId);
  let text = '';
  for (;;) {
    const found = picked(
      await services.prompts.search<WarehouseTable | 'more'>(
        async (typed, signal) => {
          text = typed;
          const search = typed.trim();
          const page = { offset: 0, limit: tablesShown, ...(search !== '' && { search }) };
          const { items, total, unreadable } = await client.listTables(environment, page, signal);
          const rows = items.map((value): Choice<WarehouseTable | 'more'> => ({
            label: value.name,
            description: formatAndSource(value),
            iconPath: new vscode.ThemeIcon('table'),
            value,
          }));
          const more = total - items.length - unreadable;
          return more > 0 ? [...rows, moreTables(more, search !== '')] : rows;
        },
        {
          title: `${services.purpose}: ${whereText(services, { connectionId, environment }, name)}`,
          placeHolder: 'Type part of the table name',
          log: services.log,
          ...(text !== '' && { value: text }),
        },
      ),
    );
    if (found !== 'more') {
      return found;
    }
  }
}

/** Says that the list is incomplete. Choosing it leads back to the search. */
const moreTables = (count: number, isSearch: boolean): Choice<'more'> => ({
  // The label starts without letters: VS Code sorts matches to the top, and this row belongs at the end.
  label: '…',
  description: `${count} more ${isSearch ? 'matching ' : ''}${count === 1 ? 'table' : 'tables'}`,
  detail: `Type ${isSearch ? 'more' : 'part'} of the name.`,
  iconPath: new vscode.ThemeIcon('info'),
  alwaysShow: true,
  value: 'more',
});

/** The environment of a row, a URI or the active editor's document. */
export function environmentOf(target: unknown): EnvironmentTarget | undefined {
  const entry = entryAround(nearestEntry(target), 'environment');
  if (entry) {
    return environmentOfEntry(entry);
  }
  const document = documentOf(target);
  return document && { ...document, kind: 'settings' };
}

/** The table of a row, a URI or the active editor's document. */
export function tableOf(target: unknown): TableTarget | undefined {
  const entry = entryAround(nearestEntry(target), 'table');
  if (entry) {
    return tableOfEntry(entry);
  }
  const document = documentOf(target) ?? previewedTable(target);
  return document?.kind === 'table' ? document : undefined;
}

/** The table whose rows a report shows. */
function previewedTable(target: unknown): TableTarget | undefined {
  const uri = documentUriOf(target);
  const report = uri && parseReportUri(uri);
  return report?.kind === 'rows' ? { ...report.place, kind: 'table' } : undefined;
}

/** The document of a URI or of the active editor (in a diff, its modified side). */
export function documentOf(target: unknown): DocumentTarget | undefined {
  const uri = documentUriOf(target);
  return uri && parseDocumentUri(uri)?.target;
}

/** Like {@link documentOf}, as a URI. */
export function documentUriOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) {
    return target;
  }
  if (typeof target === 'string') {
    return vscode.Uri.parse(target); // From a command link, whose arguments are JSON.
  }
  return target === undefined ? vscode.window.activeTextEditor?.document.uri : undefined;
}

/**
 * Whether a command applies to the active panel: from the Command Palette it has no argument, and from a panel's title,
 * VS Code passes an address of its own.
 */
export const isActivePanel = (target: unknown): boolean =>
  target === undefined || (target instanceof vscode.Uri && target.scheme === 'webview-panel');

/** The row a command was run on. Only this module inspects command arguments. */
export const rowOf = (target: unknown): TreeNode | undefined =>
  target instanceof TreeNode ? target : undefined;

/** The entry of the row a command was run on. */
export const entryOf = (target: unknown): Entry | undefined => rowOf(target)?.entry;

/** The entry of the row a command was run on, or of its nearest ancestor that has one. */
function nearestEntry(target: unknown): Entry | undefined {
  let row = rowOf(target);
  while (row && !row.entry) {
    row = row.parent;
  }
  return row?.entry;
}

/** A directory entry as commands and documents refer to it. */
export const environmentOfEntry = (entry: EnvironmentEntry): EnvironmentTarget => ({
  kind: 'settings',
  connectionId: entry.connectionId,
  environment: environmentRef(entry),
  name: entry.basic.name,
});

/** Like {@link environmentOfEntry}, for a table. */
export const tableOfEntry = ({ connectionId, parent, table }: TableEntry): TableTarget => ({
  kind: 'table',
  connectionId,
  environment: environmentRef(parent.parent),
  tableId: table.id,
  name: table.name,
});

/** The value, unless the user canceled. @throws Canceled */
export function picked<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Canceled();
  }
  return value;
}

/** What a quick pick says about a list that never ends. */
export const incomplete = " (incomplete: the server's list doesn't end)";

async function offerConnection({ prompts }: CommandServices): Promise<void> {
  const answer = await prompts.notify(
    'information',
    'There are no PostHog connections yet.',
    'Add Connection…',
    'Try with the Sandbox',
  );
  if (answer) {
    await runCommand(answer === 'Add Connection…' ? 'addConnection' : 'trySandbox');
  }
}
