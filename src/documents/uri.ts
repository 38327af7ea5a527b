import * as vscode from 'vscode';
import type { EnvironmentRef } from '../posthog/models';
import { asText } from '../json/visibleText';

export const scheme = 'posthog-env';

/** `edit`: the editable document. `theirs`: the server's current version. `response`: the full response, masked. */
export type DocumentView = 'edit' | 'theirs' | 'response';

/** What a document shows. It contains everything needed to open it again after a reload, and no secrets. */
export type DocumentTarget =
  | { kind: 'settings'; connectionId: string; environment: EnvironmentRef; name: string }
  | { kind: 'table'; connectionId: string; environment: EnvironmentRef; tableId: string; name: string };

const extensions = { settings: '.posthog-settings.json', table: '.posthog-table.json' } as const;
const responseExtension = '.posthog-response.json';

/**
 * The URI of a document: `posthog-env://<connection>/<environment>/settings/<name>…` or
 * `…/tables/<table id>/<name>…`, where the environment is `<project>.<environment>` if the two differ. The name is only for the tab's title; {@link targetKey} leaves it out.
 */
export function documentUri(target: DocumentTarget, view: DocumentView = 'edit'): vscode.Uri {
  const { projectId, id } = target.environment;
  const fileName =
    asText(target.name)
      .replace(/[\\/:*?"<>|\s]+/g, ' ')
      .trim() || 'unnamed';
  const extension = view === 'response' ? responseExtension : extensions[target.kind];
  const place = target.kind === 'table' ? ['tables', target.tableId] : ['settings'];
  return vscode.Uri.from({
    scheme,
    authority: target.connectionId,
    path: `/${[projectId === id ? String(id) : `${projectId}.${id}`, ...place, fileName + extension].join('/')}`,
    query: view === 'edit' ? '' : `view=${view}`,
  });
}

/** The inverse of {@link documentUri}; `undefined` if the URI isn't one of ours. */
export function parseDocumentUri(
  uri: vscode.Uri,
): { target: DocumentTarget; view: DocumentView } | undefined {
  if (uri.scheme !== scheme || !uri.authority) {
    return undefined;
  }
  const [ids = '', kind, ...rest] = uri.path.slice(1).split('/');
  const [, project, own] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(ids) ?? [];
  if (project === undefined) {
    return undefined;
  }
  const view = parseView(uri.query);
  const extension =
    view === 'response' ? responseExtension : kind === 'tables' ? extensions.table : extensions.settings;
  const fileName = rest.at(-1);
  if (!view || !fileName?.endsWith(extension)) {
    return undefined;
  }
  const common = {
    connectionId: uri.authority,
    environment: { id: Number(own ?? project), projectId: Number(project) },
    name: fileName.slice(0, -extension.length),
  };
  const [tableId] = rest;
  if (kind === 'settings' && rest.length === 1) {
    return { target: { kind: 'settings', ...common }, view };
  }
  if (kind === 'tables' && rest.length === 2 && tableId) {
    return { target: { kind: 'table', tableId, ...common }, view };
  }
  return undefined;
}

/** Identifies what a document shows, regardless of its name. */
export function targetKey(target: DocumentTarget): string {
  const { connectionId, environment } = target;
  return [connectionId, environment.id, target.kind === 'table' ? target.tableId : 'settings'].join('/');
}

function parseView(query: string): DocumentView | undefined {
  switch (query) {
    case '':
      return 'edit';
    case 'view=theirs':
      return 'theirs';
    case 'view=response':
      return 'response';
    default:
      return undefined;
  }
}
