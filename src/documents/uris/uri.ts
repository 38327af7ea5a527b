import * as vscode from 'vscode';
import type { EnvironmentRef } from '../../posthog/models';
import { idsOf, namedAddress, namesOf, type PlaceNames } from './addresses';
import { segment } from '../../json/segment';
import { scheme } from './scheme';

/**
 * `edit`: the editable document. `proposal`: a draft of changes for someone else to apply, which is never sent.
 * `theirs`: the server's current version. `response`: the full response, masked.
 */
export type DocumentView = 'edit' | 'proposal' | 'theirs' | 'response';

/** Whether a view is one in which changes are written. */
export const takesEdits = (view: DocumentView): boolean => view === 'edit' || view === 'proposal';

/** What a document shows. It contains everything needed to open it again after a reload, and no secrets. */
export type DocumentTarget =
  | { kind: 'settings'; connectionId: string; environment: EnvironmentRef; name: string }
  | { kind: 'table'; connectionId: string; environment: EnvironmentRef; tableId: string; name: string };

const extensions = { settings: '.posthog-settings.json', table: '.posthog-table.json' } as const;
const responseExtension = '.posthog-response.json';
/** Distinguishes the tab of a draft from that of its document. */
const proposalExtension = ` (proposal)${extensions.settings}`;

/**
 * The address that a document is shown under: `posthog-env://<host>/<connection>/<organization>/<name>…`, with the
 * environment before the name of a table. The names are only for display; {@link targetKey} leaves them out.
 */
export function namedDocumentUri(target: DocumentTarget, view: DocumentView, names: PlaceNames): vscode.Uri {
  const { kind, connectionId, environment, name } = target;
  return namedAddress(
    kind === 'table' ? names : { ...names, environment: undefined },
    segment(name) + extensionOf(kind, view),
    [
      environmentText(environment),
      connectionId,
      ...(kind === 'table' ? [target.tableId] : []),
      ...(view === 'edit' ? [] : [`+${view}`]),
    ],
  );
}

/**
 * The short address of a document, for commands that accept one:
 * `posthog-env://<connection>/<environment>/settings/<name>…` or `…/tables/<table id>/<name>…`. Documents of
 * former versions had such addresses, so restored tabs may still have them until they're replaced.
 */
export function documentUri(target: DocumentTarget, view: DocumentView = 'edit'): vscode.Uri {
  const { kind, connectionId, environment, name } = target;
  const place = kind === 'table' ? ['tables', target.tableId] : ['settings'];
  const fileName = segment(name) + extensionOf(kind, view);
  return vscode.Uri.from({
    scheme,
    authority: connectionId,
    path: `/${[environmentText(environment), ...place, fileName].join('/')}`,
    query: view === 'edit' ? '' : `view=${view}`,
  });
}

/** The address of another view of the same document, with the same names. */
export function viewUri(uri: vscode.Uri, view: DocumentView): vscode.Uri {
  const target = parseDocumentUri(uri)?.target;
  const names = namesOf(uri, target?.kind === 'table');
  if (!target) {
    return uri;
  }
  return names ? namedDocumentUri(target, view, names) : documentUri(target, view);
}

/** The inverse of {@link namedDocumentUri} and {@link documentUri}; `undefined` for any other URI. */
export function parseDocumentUri(
  uri: vscode.Uri,
): { target: DocumentTarget; view: DocumentView } | undefined {
  if (uri.scheme !== scheme || !uri.authority) {
    return undefined;
  }
  return parseNamed(uri) ?? parseBare(uri);
}

/** Identifies what a document shows, regardless of its name. */
export function targetKey(target: DocumentTarget): string {
  const { connectionId, environment } = target;
  return [connectionId, environment.id, target.kind === 'table' ? target.tableId : 'settings'].join('/');
}

function parseNamed(uri: vscode.Uri): ReturnType<typeof parseDocumentUri> {
  const ids = [...(idsOf(uri) ?? [])];
  const last = ids.at(-1);
  const view = last?.startsWith('+') ? parseView(`view=${last.slice(1)}`) : 'edit';
  if (view !== 'edit') {
    ids.pop();
  }
  const [place = '', connectionId, tableId, ...more] = ids;
  const environment = parseEnvironment(place);
  if (!view || !environment || !connectionId || more.length > 0) {
    return undefined;
  }
  const name = nameOf(uri, extensionOf(tableId === undefined ? 'settings' : 'table', view));
  if (name === undefined) {
    return undefined;
  }
  const common = { connectionId, environment, name };
  const target: DocumentTarget =
    tableId === undefined ? { kind: 'settings', ...common } : { kind: 'table', tableId, ...common };
  return { target, view };
}

function parseBare(uri: vscode.Uri): ReturnType<typeof parseDocumentUri> {
  const [ids = '', kind, ...rest] = uri.path.slice(1).split('/');
  const environment = parseEnvironment(ids);
  const view = parseView(uri.query);
  if (!environment || !view) {
    return undefined;
  }
  const name = nameOf(uri, extensionOf(kind === 'tables' ? 'table' : 'settings', view));
  if (name === undefined) {
    return undefined;
  }
  const common = { connectionId: uri.authority, environment, name };
  const [tableId] = rest;
  if (kind === 'settings' && rest.length === 1) {
    return { target: { kind: 'settings', ...common }, view };
  }
  if (kind === 'tables' && rest.length === 2 && tableId) {
    return { target: { kind: 'table', tableId, ...common }, view };
  }
  return undefined;
}

function extensionOf(kind: DocumentTarget['kind'], view: DocumentView): string {
  switch (view) {
    case 'response':
      return responseExtension;
    case 'proposal':
      return proposalExtension;
    default:
      return extensions[kind];
  }
}

function nameOf({ path }: vscode.Uri, extension: string): string | undefined {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  return fileName.endsWith(extension) ? fileName.slice(0, -extension.length) : undefined;
}

const environmentText = ({ projectId, id }: EnvironmentRef): string =>
  projectId === id ? String(id) : `${projectId}.${id}`;

function parseEnvironment(text: string): EnvironmentRef | undefined {
  const [, project, own] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(text) ?? [];
  return project === undefined ? undefined : { id: Number(own ?? project), projectId: Number(project) };
}

function parseView(query: string): DocumentView | undefined {
  switch (query) {
    case '':
      return 'edit';
    case 'view=proposal':
      return 'proposal';
    case 'view=theirs':
      return 'theirs';
    case 'view=response':
      return 'response';
    default:
      return undefined;
  }
}
