import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import { Cancelled, failureText } from '../connections/failures';
import type { Choice } from '../ui/prompts';
import { requireScope } from '../connections/requireScope';
import { parseDocumentUri, type DocumentTarget } from '../documents/uri';
import { parseReportUri } from '../reports/reportUri';
import type { WarehouseTable } from '../posthog/models';
import { withStatus } from '../ui/progress';
import { ConnectionNode } from '../tree/connectionNodes';
import { EnvironmentNode } from '../tree/environmentNodes';
import { TreeNode, type EnvironmentRow } from '../tree/node';
import { PagedNode } from '../tree/pagedNode';
import { TableNode } from '../tree/tableNodes';
import { connectionIdOf, type CommandServices } from './command';
import { runCommand } from '../ui/commandIds';

/** An environment as a command needs it. */
export type EnvironmentTarget = Extract<DocumentTarget, { kind: 'settings' }>;
/** A warehouse table as a command needs it. */
export type TableTarget = Extract<DocumentTarget, { kind: 'table' }>;

/** The connection a command is about: of its argument, the only one, or the one picked. */
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
    throw new Cancelled();
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
 * The environment a command is about: of its argument, of the active document, the only one, or the one picked.
 *
 * @param scope what the command needs. A key that lacks it is told before environments are read and one is asked for.
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
  const row = ancestor(target, EnvironmentNode);
  if (row) {
    return permitted(environmentOfNode(row));
  }
  const document = documentOf(target);
  if (document) {
    return await namedEnvironment(services, permitted(document));
  }
  const connection = await connectionTarget(services, target);
  permitted({ connectionId: connection.id });
  const list = { isCut: false };
  const nodes = await withStatus(`Reading the environments of ${connection.label}`, () =>
    environmentNodes(services, connection, () => (list.isCut = true)),
  );
  if (nodes.length === 0) {
    await services.prompts.tell(
      'information',
      `There are no environments in "${connection.label}" that its key may see. Create one, or use another key.`,
    );
    throw new Cancelled();
  }
  const choices = nodes.map(({ node, place }): Choice<EnvironmentNode> => ({
    label: node.basic.name,
    description: [String(node.basic.id), node.basic.timezone].filter(Boolean).join(' · '),
    detail: place,
    iconPath: new vscode.ThemeIcon('layers'),
    value: node,
  }));
  const [only] = nodes;
  if (only && nodes.length === 1 && !list.isCut) {
    return permitted(environmentOfNode(only.node));
  }
  const several = services.connections.list().length > 1;
  const node = picked(
    await services.prompts.pick(choices, {
      title: several ? `${services.purpose}: ${connection.label}` : services.purpose,
      placeHolder: `Choose an environment${list.isCut ? incomplete : ''}`,
    }),
  );
  return environmentOfNode(node);
}

/**
 * The environment of a document under its own name: a file cannot have every name, and the document of a table has the
 * table's. Where the server cannot be asked, the command that follows says why; the id stands for the name then.
 */
async function namedEnvironment(
  { connections, log }: CommandServices,
  { kind, connectionId, environment, name }: DocumentTarget,
): Promise<EnvironmentTarget> {
  const named = (own: string): EnvironmentTarget => ({
    kind: 'settings',
    connectionId,
    environment,
    name: own,
  });
  try {
    const client = await connections.client(connectionId);
    return named((await client.getEnvironment(environment, new AbortController().signal)).name);
  } catch (error) {
    log.warn(`The name of an environment could not be read: ${failureText(error, log)}`);
    return named(kind === 'settings' ? name : `environment ${environment.id}`);
  }
}

/**
 * The warehouse table a command is about: of its argument, of the active document, or the one searched for.
 *
 * @param scope as for {@link environmentTarget}
 * @throws PostHogError `missing-scope`
 */
export async function tableTarget(
  services: CommandServices,
  target: unknown,
  scope?: string,
): Promise<TableTarget> {
  const given = tableOf(target);
  if (given) {
    if (scope !== undefined) {
      requireScope(services.connections, given.connectionId, scope);
    }
    return given;
  }
  const environment = await environmentTarget(services, target, scope);
  const client = await services.connections.client(environment.connectionId);
  const table = picked(
    await services.prompts.search<WarehouseTable>(
      async (search, signal) => {
        const page = { offset: 0, limit: 100, ...(search.trim() !== '' && { search: search.trim() }) };
        const { items } = await client.listTables(environment.environment, page, signal);
        return items.map((value) => ({
          label: value.name,
          description: [value.format, value.external_data_source?.source_type].filter(Boolean).join(' · '),
          iconPath: new vscode.ThemeIcon('table'),
          value,
        }));
      },
      { title: `${services.purpose}: ${environment.name}`, placeHolder: 'Type a part of the table name' },
    ),
  );
  return { ...environment, kind: 'table', tableId: table.id, name: table.name };
}

/** The environment that a row, a URI or the active editor's document belongs to. */
export function environmentOf(target: unknown): EnvironmentTarget | undefined {
  const node = ancestor(target, EnvironmentNode);
  if (node) {
    return environmentOfNode(node);
  }
  const document = documentOf(target);
  return document && { ...document, kind: 'settings' };
}

/** The table that a row, a URI or the active editor's document belongs to. */
export function tableOf(target: unknown): TableTarget | undefined {
  const node = ancestor(target, TableNode);
  if (node) {
    const { connectionId, environment } = environmentOfNode(node.parent.parent);
    return { kind: 'table', connectionId, environment, tableId: node.table.id, name: node.table.name };
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

/** The document a command is about: of a URI, or of the active editor (its modified side in a diff). */
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

export function environmentOfNode(node: EnvironmentRow): EnvironmentTarget {
  return {
    kind: 'settings',
    connectionId: node.connectionId,
    environment: node.environment,
    name: node.basic.name,
  };
}

/** The value, unless the person cancelled. @throws Cancelled */
export function picked<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Cancelled();
  }
  return value;
}

function ancestor<T extends TreeNode>(
  target: unknown,
  type: abstract new (...parameters: never[]) => T,
): T | undefined {
  let node = target;
  while (node instanceof TreeNode) {
    if (node instanceof type) {
      return node;
    }
    node = node.parent;
  }
  return undefined;
}

/** What a picker says of a list that the server does not end. */
export const incomplete = ' (the list is incomplete: the server does not end it)';

/**
 * All environments of a connection, with the names of what they stand in. Lists are read to their end.
 *
 * @param onCut called for a list that does not end.
 */
export async function environmentNodes(
  services: CommandServices,
  connection: Connection,
  onCut: () => void = () => undefined,
): Promise<{ node: EnvironmentNode; place: string }[]> {
  const found: { node: EnvironmentNode; place: string }[] = [];
  const visit = async (node: TreeNode, place: readonly string[]): Promise<void> => {
    if (node instanceof EnvironmentNode) {
      found.push({ node, place: place.join(' › ') });
    } else if (node instanceof PagedNode) {
      for (const child of await node.allChildren()) {
        await visit(child, node instanceof ConnectionNode ? place : [...place, labelOf(node)]);
      }
      if (node.isIncomplete) {
        onCut();
      }
    }
  };
  const root = await services.provider.connection(connection.id);
  if (root) {
    await visit(root, []);
  }
  return found;
}

function labelOf(node: TreeNode): string {
  const { label } = node.item();
  return typeof label === 'string' ? label : (label?.label ?? '');
}

async function offerConnection({ prompts }: CommandServices): Promise<void> {
  const answer = await prompts.tell(
    'information',
    'There is no PostHog connection yet.',
    'Add Connection…',
    'Try with the Sandbox',
  );
  if (answer) {
    await runCommand(answer === 'Add Connection…' ? 'addConnection' : 'trySandbox');
  }
}
