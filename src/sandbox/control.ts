import { existing } from './endpoints/environments';
import { cloneJson, isJsonObject } from './json';
import type { JsonObject, JsonValue } from './json';
import { fullEnvironment, table as present } from './present';
import type { Faults } from './faults';
import type { RequestLog } from './requestLog';
import type { ApiKey, Environment, State, User } from './state';
import type { StoredTable } from './stored';
import { timestamp } from './ids';
import type { SandboxControl } from './types';

/** The control API on top of the state. Unknown names and IDs throw an `Error` that names them. */
export function createControl(state: State, faults: Faults, log: RequestLog): SandboxControl {
  const keyNamed = (name: string): ApiKey => {
    const key = state.keys.find((item) => item.name === name);
    if (!key) {
      throw new Error(`This sandbox has no key named ${name}.`);
    }
    return key;
  };
  const userOf = (keyName: string): User => {
    const user = state.users.get(keyNamed(keyName).userId);
    if (!user) {
      throw new Error(`The key ${keyName} has no user.`);
    }
    return user;
  };
  const tableOf = (environmentId: number, tableId: string): StoredTable => {
    const stored = existing(state, environmentId).tables.find((item) => item.id === tableId);
    if (!stored) {
      throw new Error(`Environment ${environmentId} has no table ${tableId}.`);
    }
    return stored;
  };
  return {
    requests: () => log.all(),
    clearRequests: () => log.clear(),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    environmentIds: () => [...state.environments.keys()],
    environment: (id) => showEnvironment(state, existing(state, id)),
    patchEnvironment: (id, changes) => {
      const environment = existing(state, id);
      Object.assign(environment.values, cloneJson(changes));
      environment.values.updated_at = timestamp(state.now());
    },
    removeEnvironment: (id) => {
      existing(state, id);
      state.removeEnvironment(id);
    },
    cancelDeletion: (id) => {
      Object.assign(existing(state, id), { pendingDeletion: false, deletedAtMs: null });
    },
    tables: (environmentId) =>
      existing(state, environmentId)
        .tables.filter((item) => !item.deleted)
        .map((item) => present(state, item)),
    table: (environmentId, tableId) => present(state, tableOf(environmentId, tableId)),
    patchTable: (environmentId, tableId, changes) => patchTable(tableOf(environmentId, tableId), changes),
    credential: (environmentId, tableId) => {
      const { credential } = tableOf(environmentId, tableId);
      return credential
        ? { access_key: credential.access_key, access_secret: credential.access_secret }
        : null;
    },
    setRefresh: (environmentId, tableId, behavior) => {
      tableOf(environmentId, tableId).refresh = behavior;
    },
    setQueryDelay: (delayMs) => {
      state.queryDelayMs = delayMs;
    },
    setWebVitalsFailing: (environmentId, failing) => {
      existing(state, environmentId).webVitalsFailing = failing;
    },
    revokeKey: (name) => {
      keyNamed(name).revoked = true;
    },
    setKeyScopes: (name, scopes) => {
      keyNamed(name).scopes = scopes;
    },
    setFeature: (organizationId, feature, on) => setFeature(state, organizationId, feature, on),
    setPersonalApiKeysAllowed: (organizationId, allowed) => {
      state.organization(organizationId).allowsPersonalApiKeys = allowed;
    },
    setMembership: (keyName, environmentId, level) => {
      const { organizationId } = existing(state, environmentId);
      const { memberships } = userOf(keyName);
      if (level === null) {
        memberships.delete(organizationId);
      } else {
        memberships.set(organizationId, level);
      }
    },
    setAccess: (keyName, environmentId, access) => {
      userOf(keyName).access.set(environmentId, access);
    },
    setGeneration: (generation) => {
      state.generation = generation;
    },
    setKeyUpdateSchema: (allowed) => {
      state.keysUpdateSchema = allowed;
    },
    setEnvironmentsAlias: (alias) => {
      state.environmentsAlias = alias;
    },
    setUploadRoutes: (on) => {
      state.uploadRoutes = on;
    },
  };
}

/** Turns a feature of an organization on or off. */
export function setFeature(state: State, organizationId: string, feature: string, on: boolean): void {
  const { features } = state.organization(organizationId);
  if (on) {
    features.add(feature);
  } else {
    features.delete(feature);
  }
}

/** The environment as an owner of its organization sees it. */
function showEnvironment(state: State, environment: Environment): JsonObject {
  const owner = [...state.users.values()].find(
    (user) => user.memberships.get(environment.organizationId) === 15,
  );
  const viewer = owner ?? [...state.users.values()][0];
  if (!viewer) {
    throw new Error('This sandbox has no users.');
  }
  return fullEnvironment(state, environment, viewer, false);
}

function patchTable(stored: StoredTable, changes: JsonObject): void {
  stored.name = typeof changes.name === 'string' ? changes.name : stored.name;
  stored.format = typeof changes.format === 'string' ? changes.format : stored.format;
  stored.urlPattern = typeof changes.url_pattern === 'string' ? changes.url_pattern : stored.urlPattern;
  stored.deleted = typeof changes.deleted === 'boolean' ? changes.deleted : stored.deleted;
  if (Array.isArray(changes.columns)) {
    stored.columns = changes.columns.filter(isJsonObject).map((column) => ({
      name: text(column.name),
      type: text(column.type),
      dataType: text(column.data_type ?? column.type),
      valid: column.schema_valid !== false,
    }));
  }
}

function text(value: JsonValue | undefined): string {
  if (typeof value !== 'string') {
    throw new Error('A column needs a name and a type.');
  }
  return value;
}
