import { Readable } from 'node:stream';
import { createApplication } from './application';
import { Faults } from './faults';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from './json';
import { RequestLog } from './requestLog';
import { buildState } from './scenario/build';
import type { ScenarioEnvironment } from './scenario/scenario';
import type { State } from './state';
import type { Generation } from './types';
import { resolveWithoutNetwork } from './warehouse/urlRules';

/** A PATCH of an environment's settings to rehearse. */
export interface RehearsedSettings {
  kind: 'settings';
  generation: Generation;
  /** The environment as the server shows it now. */
  environment: JsonObject;
  /** The caller's role: 1 member, 8 admin, 15 owner. */
  membershipLevel: number;
  body: JsonObject;
}

/** A PATCH of a warehouse table and a change of its column types to rehearse. */
export interface RehearsedTable {
  kind: 'table';
  generation: Generation;
  /** The table as the server shows it now. */
  table: JsonObject;
  patch: JsonObject;
  updates: JsonObject;
  /** Whether this server accepts column types from keys; false by default (API facts 9.2). */
  takesTypes?: boolean | undefined;
}

/** The response to a rehearsed change. */
export interface RehearsedAnswer {
  status: number;
  /** The environment or the table, or an error envelope. */
  body: JsonObject;
  /** Set if the rejected request is the one for column types, which is sent last. */
  ofTypes?: boolean;
}

const id = 1;
const key = 'phx_rehearsal';
const organization = 'Rehearsal';

/**
 * Applies changes to an in-memory server whose only environment has the given state: what PostHog would normalize,
 * reject or ignore, as far as its rules are known. Anything the rules look up elsewhere (cohorts, dashboards, the plan)
 * is assumed to exist, and other table names to be free.
 */
export async function rehearse(changes: RehearsedSettings | RehearsedTable): Promise<RehearsedAnswer> {
  return changes.kind === 'settings' ? rehearseSettings(changes) : rehearseTable(changes);
}

async function rehearseSettings(changes: RehearsedSettings): Promise<RehearsedAnswer> {
  const { generation, environment, membershipLevel, body } = changes;
  const name = typeof environment.name === 'string' ? environment.name : organization;
  const ids = [...integersIn(environment), ...integersIn(body)];
  const state = stateOf(
    generation,
    {
      ...{ id, name, settings: environment, dashboards: ids },
      cohorts: Object.fromEntries(ids.map((cohort) => [String(cohort), ''])),
    },
    { level: membershipLevel === 15 ? 15 : membershipLevel === 8 ? 8 : 1 },
  );
  const path = generation === 'current' ? `/api/projects/${id}/` : `/api/projects/${id}/environments/${id}/`;
  return serverOf(state)('PATCH', path, body);
}

async function rehearseTable(changes: RehearsedTable): Promise<RehearsedAnswer> {
  const { generation, table, patch, updates, takesTypes = false } = changes;
  const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
  const level = table.user_access_level;
  const state = stateOf(
    generation,
    {
      ...{ id, name: organization },
      tables: [
        {
          name: text(table.name),
          format: text(table.format),
          url_pattern: text(table.url_pattern),
          columns: columnsOf(table),
          credential: isJsonObject(table.credential) ? { access_key: key, access_secret: key } : null,
          ...(isJsonObject(table.external_data_source) && {
            source: { source_type: text(table.external_data_source.source_type) },
          }),
        },
      ],
    },
    { level: 1, ...((level === 'none' || level === 'viewer') && { tables: level }) },
  );
  state.keysUpdateSchema = takesTypes;
  const [stored] = state.environments.get(id)?.tables ?? [];
  if (!stored) {
    throw new Error('The rehearsal has no table.');
  }
  stored.options = isJsonObject(table.options) ? structuredClone(table.options) : {};
  const ask = serverOf(state);
  const path = `/api/projects/${id}/warehouse_tables/${stored.id}/`;
  if (Object.keys(patch).length > 0) {
    const answer = await ask('PATCH', path, patch);
    if (answer.status >= 400) {
      return answer;
    }
  }
  if (Object.keys(updates).length > 0) {
    const answer = await ask('POST', `${path}update_schema/`, { updates });
    if (answer.status >= 400) {
      return { ...answer, ofTypes: true };
    }
  }
  return ask('GET', path);
}

function columnsOf(table: JsonObject): { name: string; type: string; schema_valid: boolean }[] {
  return (Array.isArray(table.columns) ? table.columns : []).flatMap((column) =>
    isJsonObject(column) && typeof column.name === 'string' && typeof column.type === 'string'
      ? [{ name: column.name, type: column.type, schema_valid: column.schema_valid !== false }]
      : [],
  );
}

/** A server with one environment and one user, whose key has no limits. */
function stateOf(
  generation: Generation,
  environment: ScenarioEnvironment,
  { level, tables }: { level: 1 | 8 | 15; tables?: 'none' | 'viewer' },
): State {
  const project = { id, name: environment.name, environments: [environment] };
  return buildState(
    {
      organizations: [
        { name: organization, features: ['access_control', 'proactive_tasks'], projects: [project] },
      ],
      users: [
        {
          id,
          first_name: organization,
          email: 'rehearsal@example.com',
          memberships: [{ organization, level }],
          ...(tables && { access: [{ environment: id, warehouse_table: tables }] }),
        },
      ],
      keys: [{ name: 'admin', user: id, scopes: ['*'] }],
    },
    { generation, now: () => new Date(), keys: { admin: key } },
  );
}

/** Sends requests to a server's application, without a network. */
function serverOf(
  state: State,
): (method: 'GET' | 'PATCH' | 'POST', path: string, body?: JsonObject) => Promise<RehearsedAnswer> {
  let mistake: unknown;
  const application = createApplication({
    state,
    faults: new Faults(),
    log: new RequestLog(),
    resolveHost: resolveWithoutNetwork,
    redirectEnvironments: false,
    onMistake: (error) => {
      mistake = error;
    },
  });
  return async (method, path, body) => {
    const sent = body === undefined ? [] : [Buffer.from(JSON.stringify(body))];
    const incoming = Object.assign(Readable.from(sent), {
      method,
      url: path,
      complete: true,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', host: 'localhost' },
    });
    const response = await application.fetch(new Request(`http://localhost${path}`, { method }), {
      incoming,
    });
    if (mistake !== undefined) {
      throw mistake instanceof Error ? mistake : new Error('The rehearsal failed.');
    }
    const text = await response.text();
    const answer = text === '' ? {} : parseJson(text);
    return { status: response.status, body: isJsonObject(answer) ? answer : {} };
  };
}

/** Every integer of at least 1 in a value: the IDs that settings refer to are among them. */
function integersIn(value: JsonValue | undefined): number[] {
  if (Array.isArray(value)) {
    return value.flatMap(integersIn);
  }
  if (isJsonObject(value)) {
    return Object.values(value).flatMap(integersIn);
  }
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? [value] : [];
}
