import type * as vscode from 'vscode';
import { connectionLabel, type ConnectionLabels } from '../../connections/connectionLabel';
import { distinctName, organizationNameOf, type KnownOrganizations } from '../../directory/organizationName';
import { namesOf } from './addresses';
import { parseDraftUri } from './draftUri';
import { parseDocumentUri, type DocumentTarget } from './uri';

/** Names of places, as far as they are known without a request. */
export interface KnownNames {
  readonly connections: ConnectionLabels;
  readonly directory: KnownOrganizations;
  readonly marks: { nameOf(connectionId: string, environmentId: number): string | undefined };
}

/**
 * A document and where it belongs: `orders · Production · Hedgehog Outfitters · Work`. Its address has the names, except
 * for those that restored tabs of former versions have until they're replaced.
 */
export function documentText(uri: vscode.Uri, known: KnownNames): string {
  const [, ...folders] = uri.path.split('/').reverse();
  const target = parseDocumentUri(uri)?.target;
  const name = (target ?? parseDraftUri(uri))?.name ?? 'document';
  if (namesOf(uri)) {
    return [name, ...folders.filter((folder) => folder !== '')].join(' · ');
  }
  return [name, ...(target ? placesOf(target, known) : [])].join(' · ');
}

function placesOf(target: DocumentTarget, { connections, directory, marks }: KnownNames): readonly string[] {
  const { connectionId, environment, kind } = target;
  const named = marks.nameOf(connectionId, environment.id) ?? `environment ${environment.id}`;
  return [
    kind === 'table' ? distinctName(directory, target, named) : undefined,
    organizationNameOf(directory, target),
    connectionLabel(connections, connectionId),
  ].filter((part) => part !== undefined);
}
