import type * as vscode from 'vscode';
import { connectionLabel } from '../../connections/connectionLabel';
import {
  distinctName,
  organizationName,
  organizationNameOf,
  type KnownOrganizations,
} from '../../directory/organizationName';
import type { EnvironmentRef } from '../../posthog/models';
import { hostOf, type PlaceNames } from './addresses';
import { namedDocumentUri, type DocumentTarget, type DocumentView } from './uri';

/** Where the names in addresses come from, without a request. */
export interface NameSources {
  readonly connections: {
    get(id: string): { readonly label: string; readonly origin: string } | undefined;
  };
  readonly directory: KnownOrganizations;
  readonly marks: { nameOf(connectionId: string, environmentId: number): string | undefined };
}

/** The location of something. */
export interface NamedPlace {
  readonly connectionId: string;
  readonly environment: EnvironmentRef;
}

/** The names that a document's address shows, as far as they are known without a request. */
export function placeNames(sources: NameSources, at: NamedPlace): PlaceNames {
  const { directory } = sources;
  return {
    ...connectionNames(sources, at.connectionId),
    organization: organizationNameOf(directory, at),
    environment: distinctName(directory, at, lastName(sources, at)),
  };
}

/** Like {@link placeNames}, for something in an organization. */
export function organizationNames(
  sources: Pick<NameSources, 'connections' | 'directory'>,
  { connectionId, organizationId }: { connectionId: string; organizationId: string },
): PlaceNames {
  return {
    ...connectionNames(sources, connectionId),
    organization: organizationName(sources.directory, connectionId, organizationId),
  };
}

/** The last known name of an environment, or its ID. */
export const lastName = (
  { marks }: Pick<NameSources, 'marks'>,
  { connectionId, environment: { id } }: NamedPlace,
): string => marks.nameOf(connectionId, id) ?? `environment ${id}`;

/** The address of a document, with the names that are known. */
export function knownUri(sources: NameSources, target: DocumentTarget, view: DocumentView): vscode.Uri {
  // Settings of environments with one name need addresses that can be told apart: a tab shows nothing else.
  const named =
    target.kind === 'settings'
      ? { ...target, name: distinctName(sources.directory, target, target.name) }
      : target;
  return namedDocumentUri(named, view, placeNames(sources, target));
}

function connectionNames(
  { connections }: Pick<NameSources, 'connections'>,
  connectionId: string,
): Pick<PlaceNames, 'host' | 'connection'> {
  const { origin = '' } = connections.get(connectionId) ?? {};
  return { host: hostOf(origin), connection: connectionLabel(connections, connectionId) };
}
