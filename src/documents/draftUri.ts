import * as vscode from 'vscode';
import { asText } from '../json/visibleText';
import { scheme } from './uri';

/** A document from which an environment is to be created. Nothing of it is on the server yet. */
export interface DraftTarget {
  kind: 'new';
  connectionId: string;
  organizationId: string;
  /** The project that gets the environment, on documented servers; absent: a project is created (API facts 4.6). */
  projectId?: number;
  /** Milliseconds since the epoch. Tells drafts apart, and stands for the revision of a text that never changes. */
  createdAtMs: number;
  /** The tab's title. */
  name: string;
}

const extension = '.posthog-new.json';

/** The text of a draft before anything was typed: the one field that must be there (API facts 4.6). */
export const blankDraft = '{\n  "name": ""\n}\n';

/** The URI of a draft: `posthog-env://<connection>/new/<organization>[.<project>]/<created at>/<name>…`. */
export function draftUri(target: DraftTarget): vscode.Uri {
  const { connectionId, organizationId, projectId, createdAtMs, name } = target;
  const place = projectId === undefined ? organizationId : `${organizationId}.${projectId}`;
  const fileName =
    asText(name)
      .replace(/[\\/:*?"<>|\s]+/g, ' ')
      .trim() || 'New environment';
  return vscode.Uri.from({
    scheme,
    authority: connectionId,
    path: `/new/${place}/${createdAtMs}/${fileName}${extension}`,
  });
}

/** The opposite of {@link draftUri}; `undefined` for a URI that is no draft's. */
export function parseDraftUri(uri: vscode.Uri): DraftTarget | undefined {
  if (uri.scheme !== scheme || !uri.authority) {
    return undefined;
  }
  const [, organizationId, project, createdAt, fileName] =
    /^\/new\/([\w-]+)(?:\.(\d{1,15}))?\/(\d{1,15})\/([^/]+)$/.exec(uri.path) ?? [];
  if (organizationId === undefined || !fileName?.endsWith(extension)) {
    return undefined;
  }
  return {
    kind: 'new',
    connectionId: uri.authority,
    organizationId,
    ...(project !== undefined && { projectId: Number(project) }),
    createdAtMs: Number(createdAt),
    name: fileName.slice(0, -extension.length),
  };
}
