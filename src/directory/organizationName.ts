import { connectionLabel, type ConnectionLabels } from '../connections/connectionLabel';
import type { EnvironmentRef } from '../posthog/models';
import type { Directory } from './directory';
import { entryAround, type EnvironmentEntry } from './entries';

/** Where an environment is. */
interface At {
  readonly connectionId: string;
  readonly environment: EnvironmentRef;
  /** The name of its organization when it was last known: after a reload, the directory has yet to list it. */
  readonly organization?: string | undefined;
}

/** Names of organizations that are known without a request. */
export type KnownOrganizations = Pick<Directory, 'known' | 'organizationSeen'>;

/** What the location of something is made of. */
interface Places {
  readonly directory: KnownOrganizations;
  readonly connections: ConnectionLabels;
}

/** The name of an environment's organization, if it's known without a request. */
export function organizationNameOf(
  directory: KnownOrganizations,
  { connectionId, environment: { id, organizationId }, organization }: At,
): string | undefined {
  const entry = directory
    .known(connectionId)
    .find((one) => one.kind === 'environment' && one.environmentId === id);
  const around = entryAround(entry, 'organization');
  return around
    ? around.organization.name
    : (organizationName(directory, connectionId, organizationId) ??
        organization ??
        directory.organizationSeen(connectionId, id));
}

/** The name of an organization, if it's known without a request. */
export function organizationName(
  directory: Pick<Directory, 'known'>,
  connectionId: string,
  organizationId: string | undefined,
): string | undefined {
  const entry = directory
    .known(connectionId)
    .find((one) => one.kind === 'organization' && one.organizationId === organizationId);
  return entry?.kind === 'organization' ? entry.organization.name : undefined;
}

/**
 * An environment's name, with its ID if another one of the same organization has the same name: `Staging (12)`. Projects
 * of older servers each have environments of their own, with any names (API facts 0).
 */
export function distinctName(
  directory: Pick<Directory, 'known'>,
  { connectionId, environment: { id } }: At,
  name: string,
): string {
  const named = directory
    .known(connectionId)
    .filter((one) => one.kind === 'environment')
    .filter(({ basic }) => basic.name === name);
  const own = named.find(({ environmentId }) => environmentId === id);
  const around = (entry: EnvironmentEntry): string | undefined => entryAround(entry, 'organization')?.id;
  const isTaken = named.some((one) => one.environmentId !== id && (!own || around(one) === around(own)));
  return isTaken ? `${name} (${id})` : name;
}

/** The location of something, for prompts and progress: `Staging · Hedgehog Outfitters · Work`. */
export const whereText = (places: Places, at: At, name: string): string =>
  `${distinctName(places.directory, at, name)} · ${aroundText(places, at)}`;

/** Like {@link whereText}, where space is short: with the organization and the connection only if there are several. */
export function distinctPlace(
  { directory, connections }: Places & { readonly connections: { list(): readonly unknown[] } },
  at: At,
  name: string,
): string {
  const organization = organizationNameOf(directory, at);
  const organizations = directory.known(at.connectionId).filter(({ kind }) => kind === 'organization');
  return [
    distinctName(directory, at, name),
    ...(organizations.length !== 1 && organization !== undefined ? [organization] : []),
    ...(connections.list().length > 1 ? [connectionLabel(connections, at.connectionId)] : []),
  ].join(' · ');
}

/** `Hedgehog Outfitters · Work`: an environment's organization and connection, for a heading. */
export const aroundText = ({ directory, connections }: Places, at: At): string =>
  [organizationNameOf(directory, at), connectionLabel(connections, at.connectionId)]
    .filter((part) => part !== undefined)
    .join(' · ');
