import { organizationNameOf } from '../directory/organizationName';
import type * as vscode from 'vscode';
import { hostOf, namesOf, type PlaceNames } from '../documents/uris/addresses';
import { parseDocumentUri } from '../documents/uris/uri';
import { namesText } from '../json/namesText';
import type { EnvironmentRef } from '../posthog/models';
import type { CommandServices } from './command';

type Services = Pick<CommandServices, 'connections' | 'directory' | 'marks'>;

/** The location of something. */
interface Place {
  readonly connectionId: string;
  readonly environment: EnvironmentRef;
}

/** The names that a document's address shows, as far as they are known without a request. */
export function placeNames(services: Services, { connectionId, environment }: Place): PlaceNames {
  const { directory, marks } = services;
  return {
    ...connectionNames(services, connectionId),
    organization: organizationNameOf(directory, { connectionId, environment }),
    environment: marks.nameOf(connectionId, environment.id) ?? `environment ${environment.id}`,
  };
}

/**
 * The location of something, for prompts and progress: `Staging`, or `Staging · Hedgehog Outfitters · Work` if there
 * are several organizations and connections.
 */
export function whereText(services: Services, at: Place, name?: string): string {
  const { organization, environment, connection } = placeNames(services, at);
  const organizations = services.directory
    .known(at.connectionId)
    .filter(({ kind }) => kind === 'organization');
  return [
    name ?? environment,
    ...(organizations.length > 1 && organization !== undefined ? [organization] : []),
    ...(services.connections.list().length > 1 ? [connection] : []),
  ].join(' · ');
}

/** Like {@link whereText}, for several tables: each environment once. */
export const wheresText = (services: Services, tables: readonly { readonly target: Place }[]): string =>
  namesText([...new Set(tables.map(({ target }) => whereText(services, target)))]);

/** The title of a prompt about a document: `Use Mine · Production · Hedgehog Outfitters · Work`. */
export function placeTitle(purpose: string, uri: vscode.Uri): string {
  const [, ...folders] = uri.path.split('/').reverse();
  const name = parseDocumentUri(uri)?.target.name;
  const places = namesOf(uri) ? folders.filter((folder) => folder !== '') : [];
  return [purpose, name, ...places].filter((part) => part !== undefined).join(' · ');
}

/** Like {@link placeNames}, for something in an organization. */
export function organizationNames(
  services: Services,
  { connectionId, organizationId }: { connectionId: string; organizationId: string },
): PlaceNames {
  return {
    ...connectionNames(services, connectionId),
    organization: organizationName(services, connectionId, organizationId),
  };
}

function connectionNames(
  { connections }: Services,
  connectionId: string,
): Pick<PlaceNames, 'host' | 'connection'> {
  const { origin = '', label = 'removed connection' } = connections.get(connectionId) ?? {};
  return { host: hostOf(origin), connection: label };
}

function organizationName(
  { directory }: Services,
  connectionId: string,
  organizationId: string,
): string | undefined {
  const entry = directory
    .known(connectionId)
    .find((one) => one.kind === 'organization' && one.organizationId === organizationId);
  return entry?.kind === 'organization' ? entry.organization.name : undefined;
}
