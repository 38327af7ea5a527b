import type { Connection } from '../connections/connection';
import type {
  Column,
  EnvironmentBasic,
  EnvironmentRef,
  Organization,
  WarehouseTable,
} from '../posthog/models';
import type { SettingsGroup } from '../settings/groups';

/**
 * What the directory knows, as data. An `id` is unique, stable across reloads, and starts with the parent's ID. The
 * directory keeps entries up to date: after a rename, everyone who holds the entry sees it.
 */
export interface ConnectionEntry {
  readonly kind: 'connection';
  readonly id: string;
  readonly connectionId: string;
  connection: Connection;
}

/** An organization. On current servers, its projects are the environments. */
export interface OrganizationEntry {
  readonly kind: 'organization';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: ConnectionEntry;
  readonly organizationId: string;
  organization: Organization;
}

/** A project with several environments, on a documented server. */
export interface ProjectEntry {
  readonly kind: 'project';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: ConnectionEntry | OrganizationEntry;
  readonly organizationId: string | undefined;
  readonly projectId: number;
  readonly name: string;
}

/** An environment, with its settings and tables. */
export interface EnvironmentEntry {
  readonly kind: 'environment';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: ConnectionEntry | OrganizationEntry | ProjectEntry;
  readonly environmentId: number;
  basic: EnvironmentBasic;
}

/** The settings of an environment. */
export interface SettingsEntry {
  readonly kind: 'settings';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: EnvironmentEntry;
}

/** A group of settings. */
export interface GroupEntry {
  readonly kind: 'group';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: SettingsEntry;
  readonly group: SettingsGroup;
}

/** The warehouse tables of an environment, as the place that lists them. */
export interface TablesEntry {
  readonly kind: 'tables';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: EnvironmentEntry;
}

/** A warehouse table. It includes its columns. */
export interface TableEntry {
  readonly kind: 'table';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: TablesEntry;
  table: WarehouseTable;
}

/** A column of a warehouse table. */
export interface ColumnEntry {
  readonly kind: 'column';
  readonly id: string;
  readonly connectionId: string;
  readonly parent: TableEntry;
  readonly column: Column;
}

/** What has a list. */
export type Place = ConnectionEntry | OrganizationEntry | ProjectEntry | TablesEntry;
export type Entry = Place | EnvironmentEntry | SettingsEntry | GroupEntry | TableEntry | ColumnEntry;

/** What the list of a place can contain. */
export type Listed = OrganizationEntry | ProjectEntry | EnvironmentEntry | TableEntry;

/** The entry of a kind that an entry is or is below. */
export function entryAround<K extends Entry['kind']>(
  entry: Entry | undefined,
  kind: K,
): Extract<Entry, { kind: K }> | undefined {
  for (let around = entry; around; around = parentOf(around)) {
    if (isOf(around, kind)) {
      return around;
    }
  }
  return undefined;
}

/** Whether an entry is of a kind. */
export const isOf = <K extends Entry['kind']>(
  entry: Entry | undefined,
  kind: K,
): entry is Extract<Entry, { kind: K }> => entry?.kind === kind;

const parentOf = (entry: Entry): Entry | undefined => ('parent' in entry ? entry.parent : undefined);

export const settingsEntry = (parent: EnvironmentEntry): SettingsEntry => ({
  kind: 'settings',
  id: `${parent.id}/settings`,
  connectionId: parent.connectionId,
  parent,
});

export const groupEntry = (parent: SettingsEntry, group: SettingsGroup): GroupEntry => ({
  kind: 'group',
  id: `${parent.id}/g:${group.id}`,
  connectionId: parent.connectionId,
  parent,
  group,
});

/** The columns of a table, which are part of it. */
export const columnEntries = (parent: TableEntry): readonly ColumnEntry[] =>
  parent.table.columns.map((column) => ({
    kind: 'column',
    id: `${parent.id}/c:${column.name}`,
    connectionId: parent.connectionId,
    parent,
    column,
  }));

/** The place that lists an environment's tables. */
export const tablesEntry = (parent: EnvironmentEntry): TablesEntry => ({
  kind: 'tables',
  id: `${parent.id}/tables`,
  connectionId: parent.connectionId,
  parent,
});

/** How the API addresses an environment. */
export function environmentRef({ basic, parent }: EnvironmentEntry): EnvironmentRef {
  const organizationId =
    basic.organization ?? (parent.kind === 'connection' ? undefined : parent.organizationId);
  return {
    id: basic.id,
    projectId: basic.project_id,
    ...(organizationId !== undefined && { organizationId }),
  };
}
