import * as vscode from 'vscode';
import { PostHogError } from '../posthog/errors';
import { columnNameInQuery, tableNameInQuery } from '../posthog/hogql';
import { webPageUrl, type WebPage } from '../posthog/webPages';
import { withLateCancel } from '../ui/lateProgress';
import { showInStatusBar } from '../ui/statusMessages';
import type { Entry } from '../directory/entries';
import type { Command } from './command';
import {
  documentOf,
  entryOf,
  environmentOf,
  environmentTarget,
  rowOf,
  tableOf,
  tableTarget,
} from './targets';
import { whereText } from './placeNames';

export const copyId: Command = {
  async run(services, target, selection) {
    const ids = entriesOf(target, selection).map(idOf);
    if (ids.every((id) => id !== undefined) && ids.length > 0) {
      await copy(ids, 'ID');
      return;
    }
    const table = tableOf(target);
    const id = table
      ? table.tableId
      : (environmentOf(target) ?? (await environmentTarget(services, target))).environment.id;
    await copy([String(id)], 'ID');
  },
};

export const copyProjectToken: Command = {
  async run(services, target, selection) {
    const known = entriesOf(target, selection).map((entry) =>
      entry?.kind === 'environment' ? entry.basic.api_token : undefined,
    );
    if (known.every((token) => token !== undefined) && known.length > 0) {
      await copy(known, 'project token');
      return;
    }
    const { connectionId, environment, name } = await environmentTarget(services, target);
    const client = await services.connections.client(connectionId);
    const { api_token } = await withLateCancel(
      `Reading the project token of ${whereText(services, { connectionId, environment }, name)}`,
      (signal) => client.getEnvironment(environment, signal),
    );
    if (api_token === undefined) {
      throw new PostHogError({
        kind: 'unexpected-answer',
        what: `PostHog didn't return the project token of "${name}".`,
        why: "This version of PostHog, or this key, doesn't show it.",
        remedy: "You can find it on the project's settings page in PostHog.",
      });
    }
    await copy([api_token], 'project token');
  },
};

export const copyHogQLName: Command = {
  async run(services, target, selection) {
    const names = entriesOf(target, selection).map(hogQLName);
    if (names.every((name) => name !== undefined) && names.length > 0) {
      await copy(names, 'HogQL name');
      return;
    }
    const table = await tableTarget(services, target);
    const client = await services.connections.client(table.connectionId);
    const current = await withLateCancel(`Reading ${table.name} in ${whereText(services, table)}`, (signal) =>
      client.getTable(table.environment, table.tableId, signal),
    );
    await copy([tableNameInQuery(current)], 'HogQL name');
  },
};

export const openInPostHog: Command = {
  async run(services, target) {
    const environment = environmentOf(target) ?? (await environmentTarget(services, target));
    const connection = services.connections.get(environment.connectionId);
    if (!connection) {
      await services.prompts.notify('information', "The connection doesn't exist anymore.");
      return;
    }
    if (connection.kind === 'sandbox') {
      await services.prompts.notify(
        'information',
        'The sandbox has no web interface. It only provides the API.',
      );
      return;
    }
    const generation = connection.profile?.generation;
    const url = webPageUrl(connection.origin, await pageOf(target), environment.environment, generation);
    await vscode.env.openExternal(vscode.Uri.parse(url, true));
  },
};

/** The entries of the rows a command was run on. */
function entriesOf(target: unknown, selection: unknown): readonly (Entry | undefined)[] {
  if (!rowOf(target)) {
    return [];
  }
  const rows: readonly unknown[] =
    Array.isArray(selection) && selection.includes(target) ? selection : [target];
  return rows.filter((row) => rowOf(row) !== undefined).map(entryOf);
}

function idOf(entry: Entry | undefined): string | undefined {
  switch (entry?.kind) {
    case 'environment':
      return String(entry.environmentId);
    case 'project':
      return String(entry.projectId);
    case 'organization':
      return entry.organizationId;
    case 'table':
      return entry.table.id;
    default:
      return undefined;
  }
}

function hogQLName(entry: Entry | undefined): string | undefined {
  if (entry?.kind === 'column') {
    return columnNameInQuery(entry.column.name);
  }
  return entry?.kind === 'table' ? tableNameInQuery(entry.table) : undefined;
}

async function copy(values: readonly string[], what: string): Promise<void> {
  await vscode.env.clipboard.writeText(values.join('\n'));
  const [only] = values;
  const text = values.length === 1 ? `${what} ${only ?? ''}` : `${values.length} ${what}s`;
  showInStatusBar('clippy', `Copied ${text}`);
}

async function pageOf(target: unknown): Promise<WebPage> {
  if (rowOf(target)) {
    const entry = entryOf(target);
    switch (entry?.kind) {
      case 'settings':
        return 'settings';
      case 'group': {
        const { sectionOfGroup } = await import('../settings/catalogue');
        const section = sectionOfGroup(entry.group.id);
        return section === undefined ? 'settings' : { section };
      }
      case 'tables':
      case 'table':
      case 'column':
        return 'tables';
      default:
        return 'home';
    }
  }
  const document = documentOf(target);
  return document === undefined ? 'home' : document.kind === 'settings' ? 'settings' : 'tables';
}
