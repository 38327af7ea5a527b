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

/** The labels of connections. */
interface Labels {
  list(): readonly unknown[];
  get(id: string): { readonly label: string } | undefined;
}

/** The name of an environment's organization, if it's known without a request. */
export function organizationNameOf(
  directory: Pick<Directory, 'known'>,
  { connectionId, environment: { id, organizationId }, organization }: At,
): string | undefined {
  const entry = directory
    .known(connectionId)
    .find((one) => one.kind === 'environment' && one.environmentId === id);
  const around = entryAround(entry, 'organization');
  return around
    ? around.organization.name
    : (organizationName(directory, connectionId, organizationId) ?? organization);
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

/** The label of a connection, if there are several to tell apart. */
export const distinctConnection = (connections: Labels, connectionId: string): readonly string[] =>
  connections.list().length > 1 ? [connections.get(connectionId)?.label ?? 'removed connection'] : [];

/**
 * The location of something, for prompts and progress: `Staging`, or `Staging · Hedgehog Outfitters · Work` if there
 * are several organizations and connections.
 */
export function whereText(
  { directory, connections }: { readonly directory: Pick<Directory, 'known'>; readonly connections: Labels },
  at: At,
  name: string,
): string {
  const organization = organizationNameOf(directory, at);
  const organizations = directory.known(at.connectionId).filter(({ kind }) => kind === 'organization');
  return [
    distinctName(directory, at, name),
    ...(organizations.length !== 1 && organization !== undefined ? [organization] : []),
    ...distinctConnection(connections, at.connectionId),
  ].join(' · ');
}

/** `Hedgehog Outfitters · Work`: an environment's organization and connection, for a heading. */
export const aroundText = (directory: Pick<Directory, 'known'>, at: At, connection: string): string =>
  [organizationNameOf(directory, at), connection].filter((part) => part !== undefined).join(' · ');
