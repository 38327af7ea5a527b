import type { Connections } from '../connections/connections';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError } from '../posthog/errors';
import type { EnvironmentBasic, PageRequest, WarehouseTable } from '../posthog/models';
import {
  environmentRef,
  type ConnectionEntry,
  type EnvironmentEntry,
  type Listed,
  type OrganizationEntry,
  type Place,
  type ProjectEntry,
  type TableEntry,
  type TablesEntry,
} from './entries';
import type { ListPage } from './pagedList';

/** Loads a page of a place's contents. */
export type PageReader<T> = (
  page: PageRequest,
  signal: AbortSignal,
  refreshes: number,
) => Promise<ListPage<T>>;

/** How to load the list of a place, depending on what the key can do and on the server. */
export function readerOf(place: Place, connections: Connections): PageReader<Listed> {
  const { connectionId } = place;
  switch (place.kind) {
    case 'connection':
      return (page, signal) => readConnection(place, connections, page, signal);
    case 'organization':
      return readOrganization(place, connections);
    case 'project':
      return async (page, signal) => {
        const client = await connections.client(connectionId);
        const found = await client.listEnvironments({ projectId: place.projectId, ...page }, signal);
        return { ...found, items: found.items.map((one) => environmentEntry(place, one)) };
      };
    case 'tables':
      return async (page, signal) => {
        const client = await connections.client(connectionId);
        const found = await client.listTables(environmentRef(place.parent), page, signal);
        return { ...found, items: found.items.map((one) => tableEntry(place, one)) };
      };
  }
}

/** Organizations, or their contents if the key can't list organizations. */
async function readConnection(
  place: ConnectionEntry,
  connections: Connections,
  page: PageRequest,
  signal: AbortSignal,
): Promise<ListPage<OrganizationEntry | ProjectEntry | EnvironmentEntry>> {
  const { connectionId } = place;
  const client = await connections.client(connectionId);
  // The key's scopes and limits decide what can be listed, and are checked first.
  const access = place.connection.access ?? (await connections.refreshAccess(connectionId, signal));
  const teams = access.scopedTeams;
  if (teams.length > 0) {
    const { scopedEnvironments } = await import('./scopedEnvironments');
    const found = await scopedEnvironments(client, teams, signal);
    return { ...found, items: found.items.map((one) => environmentEntry(place, one)) };
  }
  try {
    const found = await client.listOrganizations(page, signal);
    return {
      ...found,
      items: found.items.map((organization) => ({
        kind: 'organization',
        id: `${place.id}/o:${organization.id}`,
        connectionId,
        parent: place,
        organizationId: organization.id,
        organization,
      })),
    };
  } catch (error) {
    if (!isPostHogError(error) || error.kind !== 'missing-scope') {
      throw error;
    }
    const found = await client.listProjects(page, signal);
    const nested = await isNested(client, found.items[0], signal);
    const entryOf = nested ? projectEntry : environmentEntry;
    return { ...found, items: found.items.map((one) => entryOf(place, one)) };
  }
}

/** The environments of an organization; on a documented server, its projects if they have more than one. */
function readOrganization(
  place: OrganizationEntry,
  connections: Connections,
): PageReader<ProjectEntry | EnvironmentEntry> {
  let organizationOf = 0;
  return async (page, signal, refreshes) => {
    const client = await connections.client(place.connectionId);
    const found = await client.listProjects({ organizationId: place.organizationId, ...page }, signal);
    const nested = await isNested(client, place.organization.teams[0] ?? found.items[0], signal);
    if (nested && organizationOf !== refreshes) {
      // Only the organization says how many environments a project has, and it was loaded earlier.
      place.organization = await client.getOrganization(place.organizationId, signal);
    }
    organizationOf = refreshes;
    return {
      ...found,
      items: found.items.map((project) => {
        if (!nested) {
          return environmentEntry(place, project);
        }
        const teams = place.organization.teams.filter(({ project_id }) => project_id === project.id);
        const [only] = teams;
        return only && teams.length === 1 ? environmentEntry(place, only) : projectEntry(place, project);
      }),
    };
  };
}

/** Whether the server has environments in projects; asked once, about one of its projects. */
async function isNested(
  client: PostHogClient,
  sample: EnvironmentBasic | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (!client.profile && sample) {
    await client.detect({ projectId: sample.project_id, environmentId: sample.id }, signal);
  }
  return client.profile?.generation === 'documented';
}

const projectEntry = (
  parent: ConnectionEntry | OrganizationEntry,
  { id, name }: EnvironmentBasic,
): ProjectEntry => ({
  kind: 'project',
  id: `${parent.id}/p:${id}`,
  connectionId: parent.connectionId,
  parent,
  organizationId: parent.kind === 'organization' ? parent.organizationId : undefined,
  projectId: id,
  name,
});

const environmentEntry = (parent: EnvironmentEntry['parent'], basic: EnvironmentBasic): EnvironmentEntry => ({
  kind: 'environment',
  id: `${parent.id}/e:${basic.id}`,
  connectionId: parent.connectionId,
  parent,
  environmentId: basic.id,
  basic,
});

const tableEntry = (parent: TablesEntry, table: WarehouseTable): TableEntry => ({
  kind: 'table',
  id: `${parent.id}/t:${table.id}`,
  connectionId: parent.connectionId,
  parent,
  table,
});
