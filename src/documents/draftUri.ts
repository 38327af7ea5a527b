import * as vscode from 'vscode';
import { asText } from '../json/visibleText';
import { scheme } from './uri';

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

/** The inverse of {@link draftUri}; `undefined` if the URI isn't a draft's. */
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
