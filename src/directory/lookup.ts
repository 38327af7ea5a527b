import type { ReadingClient } from '../posthog/client';
import type { EnvironmentBasic } from '../posthog/models';
import { itemsOf } from '../posthog/paging';
import type { Directory } from './directory';
import type { EnvironmentEntry, Entry, Listed, OrganizationEntry, Place } from './entries';
import type { PagedList } from './pagedList';

/** Callbacks while lists are loaded to their end. */
export interface Told {
  /** A list ended early, so the result is incomplete. */
  onCut?(): void;
  /** How many environments were found so far. */
  onProgress?(count: number): void;
}

/** All environments of a connection. Lists are loaded to their end, and stay loaded for the next use. */
export async function environmentsOf(
  directory: Directory,
  connectionId: string,
  told: Told = {},
): Promise<readonly EnvironmentEntry[]> {
  const found: EnvironmentEntry[] = [];
  const all = walk(directory, connectionId, async (list) => {
    await list.loadAll();
    if (list.cut) {
      told.onCut?.();
    }
  });
  for await (const entry of all) {
    if (entry.kind === 'environment') {
      found.push(entry);
      told.onProgress?.(found.length);
    }
  }
  return found;
}

/** The environments of a connection with exactly this name, which need not be unique. */
export async function environmentsByName(
  directory: Directory,
  connectionId: string,
  name: string,
  told?: Told,
): Promise<readonly EnvironmentEntry[]> {
  return (await environmentsOf(directory, connectionId, told)).filter(({ basic }) => basic.name === name);
}

/**
 * The environment with an ID. What is already loaded isn't loaded again.
 *
 * @param pages `first`: don't search pages that weren't requested
 */
export async function environmentById(
  directory: Directory,
  connectionId: string,
  environmentId: number,
  pages: 'first' | 'all' = 'all',
): Promise<EnvironmentEntry | undefined> {
  const read = (list: PagedList<Listed>): Promise<void> => (pages === 'all' ? list.loadAll() : list.load());
  for await (const entry of walk(directory, connectionId, read)) {
    if (entry.kind === 'environment' && entry.environmentId === environmentId) {
      return entry;
    }
  }
  return undefined;
}

/** The organizations of a connection; none if the key can't list them. */
export async function organizationsOf(
  directory: Directory,
  connectionId: string,
  { onCut }: Pick<Told, 'onCut'> = {},
): Promise<readonly OrganizationEntry[]> {
  const connection = directory.connection(connectionId);
  if (!connection) {
    return [];
  }
  const list = directory.list(connection);
  await list.loadAll();
  if (list.cut) {
    onCut?.();
  }
  return list.items.filter((entry) => entry.kind === 'organization');
}

/** The names of an environment's parents, below its connection. */
export function placeOf({ parent }: EnvironmentEntry): string {
  const names: string[] = [];
  for (let around: Entry = parent; around.kind !== 'connection'; around = around.parent) {
    names.unshift(around.kind === 'organization' ? around.organization.name : around.name);
  }
  return names.join(' › ');
}

/** The projects of an organization in which environments can be created; none if each project is an environment. */
export async function projectsOf(
  client: ReadingClient,
  { organization }: OrganizationEntry,
  onCut: () => void,
  signal: AbortSignal,
): Promise<readonly EnvironmentBasic[]> {
  const projects: EnvironmentBasic[] = [];
  const read = (offset: number): ReturnType<ReadingClient['listProjects']> =>
    client.listProjects({ organizationId: organization.id, offset, limit: 200 }, signal);
  for await (const project of itemsOf(read, onCut)) {
    projects.push(project);
  }
  const [first] = projects;
  if (!first) {
    return [];
  }
  const [team] = organization.teams;
  const sample = { projectId: team?.project_id ?? first.id, environmentId: team?.id ?? first.id };
  const { generation } = client.profile ?? (await client.detect(sample, signal));
  return generation === 'documented' ? projects : [];
}

/** What is below a connection down to its environments, in the order of its lists. */
async function* walk(
  directory: Directory,
  connectionId: string,
  read: (list: PagedList<Listed>) => Promise<void>,
): AsyncGenerator<Listed> {
  const within = async function* (place: Place): AsyncGenerator<Listed> {
    const list: PagedList<Listed> = directory.list(place);
    await read(list);
    for (const entry of list.items) {
      yield entry;
      if (entry.kind === 'organization' || entry.kind === 'project') {
        yield* within(entry);
      }
    }
  };
  const connection = directory.connection(connectionId);
  if (connection) {
    yield* within(connection);
  }
}
