import { newToken, stableToken, stableUuid } from '../ids';
import type { JsonObject } from '../json';
import { FIELDS } from '../fields/fields';
import { DELETION_SECONDS, State } from '../state';
import type { ApiKey, Environment, User } from '../state';
import type { StoredTable } from '../stored';
import { KEY_NAMES } from '../types';
import type { Generation, KeyName } from '../types';
import { freshColumns } from '../warehouse/columns';
import { OBJECT_STORAGE_HOST } from '../warehouse/urlRules';
import type {
  Scenario,
  ScenarioEnvironment,
  ScenarioKey,
  ScenarioOrganization,
  ScenarioProject,
  ScenarioTable,
} from './scenario';

const START_MS = Date.UTC(2026, 0, 5, 9);
const MINUTE_MS = 60_000;

function startedAt(minutes: number): string {
  return new Date(START_MS + minutes * MINUTE_MS).toISOString().replace('Z', '000Z');
}

/** The state that a scenario describes. Omitted IDs and tokens are derived from names alone. */
export function buildState(
  scenario: Scenario,
  options: { generation: Generation; now: () => Date; keys: Partial<Record<KeyName, string>> },
): State {
  const state = new State(options.generation, options.now);
  state.queryDelayMs = scenario.query_delay_ms ?? 0;
  state.throttle = scenario.limits ?? {};
  state.environmentsAlias = scenario.environments_alias ?? 'served';
  state.uploadRoutes = scenario.upload_routes ?? true;
  state.storageHosts = scenario.storage_hosts ?? null;
  state.keysUpdateSchema = scenario.allow_key_update_schema ?? false;
  const organizationIds = new Map<string, string>();
  for (const organization of scenario.organizations) {
    organizationIds.set(organization.name, addOrganization(state, organization));
  }
  const idOf = (name: string): string => organizationIds.get(name) ?? name;
  for (const user of scenario.users) {
    state.users.set(user.id, {
      id: user.id,
      uuid: stableUuid(`user ${user.id}`),
      distinctId: stableToken('user', String(user.id)),
      firstName: user.first_name,
      lastName: user.last_name ?? '',
      email: user.email,
      role: user.role_at_organization ?? null,
      memberships: new Map(user.memberships.map((item) => [idOf(item.organization), item.level])),
      access: new Map((user.access ?? []).map(({ environment, ...access }) => [environment, access])),
      currentEnvironmentId:
        user.current_environment ?? firstEnvironment(state, idOf(user.memberships[0]?.organization ?? '')),
      currentOrganizationId: user.memberships[0] ? idOf(user.memberships[0].organization) : null,
    });
  }
  const owner = tableOwner(state);
  for (const environment of state.environments.values()) {
    for (const table of environment.tables) {
      table.createdById = table.source ? null : owner;
    }
  }
  for (const key of [...(scenario.keys ?? []), ...missingKeys(state, scenario)]) {
    state.keys.push(newKey(key, idOf, options.keys));
  }
  return state;
}

function tableOwner(state: State): number | null {
  return state.users.keys().next().value ?? null;
}

function firstEnvironment(state: State, organizationId: string): number | null {
  return state.environmentsOf(organizationId)[0]?.id ?? null;
}

function addOrganization(state: State, organization: ScenarioOrganization): string {
  const id = organization.id ?? stableUuid(`organization ${organization.name}`);
  state.organizations.set(id, {
    id,
    name: organization.name,
    slug: organization.slug ?? organization.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    createdAt: startedAt(0),
    features: new Set(organization.features ?? []),
    limits: {
      projects: organization.limits?.projects ?? null,
      environments: organization.limits?.environments ?? null,
      longestRetention:
        organization.limits?.longest_recording_retention === undefined
          ? '5y'
          : organization.limits.longest_recording_retention,
      logsRetention30Days: organization.limits?.logs_retention_30_days ?? true,
    },
    allowsPersonalApiKeys: organization.allows_personal_api_keys ?? true,
  });
  for (const project of organization.projects) {
    state.projects.set(project.id, {
      id: project.id,
      organizationId: id,
      name: project.name,
      createdAt: startedAt(1),
    });
    for (const environment of project.environments) {
      state.environments.set(environment.id, newEnvironment(environment, project, id));
    }
  }
  return id;
}

function newEnvironment(
  scenario: ScenarioEnvironment,
  project: ScenarioProject,
  organizationId: string,
): Environment {
  const seed = `environment ${scenario.id}`;
  const values: JsonObject = {
    ...structuredClone(Object.fromEntries(FIELDS.map((field) => [field.name, field.default]))),
    uuid: stableUuid(seed),
    api_token: stableToken('phc_sandbox', seed),
    secret_api_token: stableToken('phs_sandbox', seed),
    secret_api_token_backup: stableToken('phs_sandbox_backup', seed),
    created_at: startedAt(2),
    updated_at: startedAt(3),
    ingested_event: true,
    ...structuredClone(scenario.settings ?? {}),
    name: scenario.name,
  };
  const dashboards = scenario.dashboards ?? [scenario.id * 10 + 1];
  return {
    id: scenario.id,
    projectId: project.id,
    organizationId,
    values,
    dashboards,
    cohorts: new Map(Object.entries(scenario.cohorts ?? {}).map(([id, name]) => [Number(id), name])),
    tables: [
      ...(scenario.tables ?? []).map((table, index) => newTable(table, scenario.id, index)).reverse(),
      ...generatedTables(scenario),
    ],
    views: [...(scenario.views ?? [])],
    uploads: new Map(),
    objects: new Map(),
    webVitals: structuredClone(scenario.web_vitals ?? {}),
    webVitalsFailing: scenario.web_vitals_failing ?? false,
    storage: structuredClone(scenario.storage ?? []),
    pendingDeletion: false,
    deletedAtMs: null,
    deletionSeconds: scenario.deletion_seconds ?? DELETION_SECONDS,
    activity: [],
  };
}

const TABLES_FROM_MINUTE = 1_000_000;

function newTable(table: ScenarioTable, environmentId: number, index: number): StoredTable {
  const seed = `table ${environmentId} ${table.name}`;
  const createdAt = startedAt(TABLES_FROM_MINUTE / 10 + index);
  const urlPattern =
    table.url_pattern ?? `https://${OBJECT_STORAGE_HOST}/managed/team_${environmentId}/${table.name}`;
  return {
    id: table.id ?? stableUuid(seed),
    name: table.name,
    hogqlName: table.hogql_name ?? table.name,
    format: table.format ?? 'Parquet',
    urlPattern,
    readFrom: urlPattern,
    directQuery: table.source?.direct_query ?? false,
    deleted: false,
    createdById: null,
    createdAt,
    createdVia: table.created_via ?? (table.source ? 'source' : 'web'),
    credential: table.credential
      ? { id: stableUuid(`credential ${seed}`), createdById: null, createdAt, ...table.credential }
      : null,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      dataType: column.data_type ?? column.type,
      valid: column.schema_valid ?? true,
    })),
    rows: structuredClone(table.rows ?? []),
    source: table.source
      ? {
          id: table.source.id ?? stableUuid(`source ${environmentId} ${table.source.source_type}`),
          created_at: createdAt,
          created_by: 1,
          status: table.source.status ?? 'Completed',
          source_type: table.source.source_type,
        }
      : null,
    schema: table.external_schema
      ? {
          id: stableUuid(`schema ${seed}`),
          name: table.external_schema.name,
          should_sync: table.external_schema.should_sync ?? true,
          last_synced_at: table.external_schema.last_synced_at ?? createdAt,
        }
      : null,
    options: {},
    problem: null,
    refresh: table.refresh ?? {},
    descriptions: new Map(),
  };
}

const GENERATED_COLUMNS = { id: 'integer', created_at: 'datetime', name: 'string', amount: 'float' };

/** Newest first, like every list of tables. */
function generatedTables(scenario: ScenarioEnvironment): StoredTable[] {
  const count = scenario.generated_tables?.count ?? 0;
  const prefix = scenario.generated_tables?.prefix ?? 'table';
  const width = String(count).length;
  return Array.from({ length: count }, (_, index) => {
    const number = count - index;
    const name = `${prefix}_${String(number).padStart(width, '0')}`;
    const id = `00000000-0000-4000-8${scenario.id.toString(16).padStart(3, '0').slice(-3)}-${number.toString(16).padStart(12, '0')}`;
    const createdAt = startedAt(number);
    const urlPattern = `https://example-data.s3.amazonaws.com/${name}/*.parquet`;
    return {
      id,
      name,
      hogqlName: name,
      format: 'Parquet',
      urlPattern,
      readFrom: urlPattern,
      directQuery: false,
      deleted: false,
      createdById: null,
      createdAt,
      createdVia: 'api',
      credential: {
        id: id.replace('-4000-', '-4001-'),
        createdById: null,
        createdAt,
        access_key: 'sandbox-access-key',
        access_secret: 'sandbox-access-secret',
      },
      columns: freshColumns(GENERATED_COLUMNS),
      rows: [],
      source: null,
      schema: null,
      options: {},
      problem: null,
      refresh: {},
      descriptions: new Map(),
    };
  });
}

function newKey(
  key: ScenarioKey,
  idOf: (name: string) => string,
  values: Partial<Record<string, string>>,
): ApiKey {
  return {
    id: stableUuid(`key ${key.name}`),
    name: key.name,
    value: values[key.name] ?? key.value ?? newToken(`phx_sandbox_${key.name}`),
    label: key.label ?? `Sandbox ${key.name}`,
    userId: key.user,
    scopes: key.scopes,
    scopedTeams: key.scoped_teams ?? [],
    scopedOrganizations: (key.scoped_organizations ?? []).map(idOf),
    createdAt: startedAt(5),
    revoked: false,
  };
}

/** The scopes of the `read` key: every read scope in the sandbox. */
const READ_SCOPES = [
  'user:read',
  'organization:read',
  'project:read',
  'warehouse_table:read',
  'query:read',
  'activity_log:read',
  'external_data_source:read',
];

/** The standard keys that a scenario doesn't define itself. */
function missingKeys(state: State, scenario: Scenario): ScenarioKey[] {
  const users = [...state.users.values()];
  const owner = users.find((user) => [...user.memberships.values()].includes(15)) ?? users[0];
  const member = users.find(isPlainMember) ?? owner;
  if (!owner || !member) {
    return [];
  }
  const firstEnvironmentId = state.environments.keys().next().value;
  const lastOrganization = scenario.organizations.at(-1)?.name;
  const all: Record<KeyName, ScenarioKey> = {
    admin: { name: 'admin', user: owner.id, scopes: ['*'] },
    read: { name: 'read', user: owner.id, scopes: READ_SCOPES },
    member: { name: 'member', user: member.id, scopes: ['*'] },
    projectScoped: {
      name: 'projectScoped',
      user: owner.id,
      scopes: ['*'],
      scoped_teams: firstEnvironmentId === undefined ? [] : [firstEnvironmentId],
    },
    organizationScoped: {
      name: 'organizationScoped',
      user: owner.id,
      scopes: ['*'],
      scoped_organizations: lastOrganization === undefined ? [] : [lastOrganization],
    },
    none: { name: 'none', user: owner.id, scopes: [] },
  };
  return KEY_NAMES.filter((name) => !scenario.keys?.some((key) => key.name === name)).map(
    (name) => all[name],
  );
}

function isPlainMember(user: User): boolean {
  return user.memberships.size > 0 && [...user.memberships.values()].every((level) => level === 1);
}
