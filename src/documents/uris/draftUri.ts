import type * as vscode from 'vscode';
import { idsOf, namedAddress, type PlaceNames } from './addresses';
import { segment } from '../../json/segment';
import { scheme } from './scheme';
import { parseDocumentUri } from './uri';

/** A draft of a new environment. Nothing of it exists on the server yet. */
export interface DraftTarget {
  kind: 'new';
  connectionId: string;
  organizationId: string;
  /** The project that gets the environment, on documented servers. Absent: a project is created (API facts 4.6). */
  projectId?: number;
  /**
   * Milliseconds since the epoch. Identifies the draft, and serves as the revision of its text, which never changes.
   */
  createdAtMs: number;
  /** The tab's title. */
  name: string;
}

const extension = '.posthog-new.json';

/** A draft's initial text, with the one required field (API facts 4.6). */
export const blankDraft = '{\n  "name": ""\n}\n';

/** The address of a draft: `posthog-env://<host>/<connection>/<organization>/<name>…`. */
export function draftUri(target: DraftTarget, names: PlaceNames): vscode.Uri {
  const { connectionId, organizationId, projectId, createdAtMs, name } = target;
  return namedAddress(names, (name.trim() === '' ? 'New environment' : segment(name)) + extension, [
    String(createdAtMs),
    connectionId,
    organizationId,
    ...(projectId === undefined ? [] : [String(projectId)]),
  ]);
}

/** The inverse of {@link draftUri}, also for the former addresses of drafts; `undefined` for other URIs. */
export function parseDraftUri(uri: vscode.Uri): DraftTarget | undefined {
  if (uri.scheme !== scheme || !uri.authority || !uri.path.endsWith(extension)) {
    return undefined;
  }
  const ids = idsOf(uri) ?? idsBefore(uri);
  const [createdAt = '', connectionId, organizationId = '', project, ...more] = ids;
  if (
    !/^\d{1,15}$/.test(createdAt) ||
    !connectionId ||
    !/^[\w-]+$/.test(organizationId) ||
    (project !== undefined && !/^\d{1,15}$/.test(project)) ||
    more.length > 0
  ) {
    return undefined;
  }
  return {
    kind: 'new',
    connectionId,
    organizationId,
    ...(project !== undefined && { projectId: Number(project) }),
    createdAtMs: Number(createdAt),
    name: uri.path.slice(uri.path.lastIndexOf('/') + 1, -extension.length),
  };
}

/** For `posthog-env://<connection>/new/<organization>[.<project>]/<created at>/<name>…`. */
function idsBefore({ authority, path }: vscode.Uri): readonly string[] {
  const [, organizationId = '', project, createdAt = ''] =
    /^\/new\/([\w-]+)(?:\.(\d{1,15}))?\/(\d{1,15})\/[^/]+$/.exec(path) ?? [];
  return [createdAt, authority, organizationId, ...(project === undefined ? [] : [project])];
}

/** The connection of any document. */
export const connectionIdOf = (uri: vscode.Uri): string =>
  (parseDocumentUri(uri)?.target ?? parseDraftUri(uri))?.connectionId ?? uri.authority;
