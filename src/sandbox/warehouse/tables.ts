import enums from '../enums.json';
import { invalid } from '../errors';
import { newUuid, timestamp } from '../ids';
import { isJsonObject, pythonTypeName } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { boolean, choice, object, text, nullRefused, readText } from '../fields/primitives';
import type { Reader } from '../fields/primitives';
import type { FormShape } from '../form';
import type { FieldContext } from '../fields/context';
import type { Generation } from '../types';
import type { Environment } from '../state';
import type { StoredCredential, StoredTable } from '../stored';
import { freshColumns } from './columns';
import { columnList, unreadable } from './fileContent';
import type { FileContent, GivenColumns } from './fileContent';

/** Names reserved by the query language. */
const BUILT_IN_NAMES = new Set([
  'events',
  'persons',
  'person_distinct_ids',
  'sessions',
  'groups',
  'cohort_people',
  'static_cohort_people',
  'session_replay_events',
  'raw_events',
  'raw_persons',
  'logs',
  'numbers',
  'system',
  'information_schema',
]);

/** The writable part of a table, as read from a body. */
export interface TableChanges {
  name?: string;
  format?: string;
  url_pattern?: string;
  deleted?: boolean | null;
  options?: JsonObject;
  credential?: { access_key?: string; access_secret?: string };
}

/** How a table is read from a form: `credential.access_key` and `credential.access_secret` are dotted names. */
export const TABLE_FORM: FormShape = {
  kindOf: (name) => (name === 'credential' ? 'nested' : name === 'options' ? 'json' : undefined),
  emptyOf: (name) => (name === 'deleted' ? 'null' : 'text'),
};

const nameReader = text({ max: 128 });
const formatReader = choice(enums.warehouse_table_format);
const urlReader = text({ max: 500 });

/**
 * Reads a body in field order; unknown and read-only keys are ignored (API facts 2.3).
 *
 * @param required names that must be present
 */
export function readTable(
  body: JsonObject,
  context: FieldContext,
  required: readonly (keyof TableChanges)[],
): TableChanges {
  const changes: TableChanges = {};
  const read = (name: keyof TableChanges, reader: Reader): JsonValue | undefined => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value === undefined) {
      if (required.includes(name)) {
        throw invalid('This field is required.', name, 'required');
      }
      return undefined;
    }
    if (value === null) {
      if (name === 'deleted') {
        return null;
      }
      throw invalid('This field may not be null.', name, 'null');
    }
    return reader(value, name, context);
  };
  const deleted = read('deleted', boolean);
  if (typeof deleted === 'boolean' || deleted === null) {
    changes.deleted = deleted;
  }
  for (const [name, reader] of [
    ['name', nameReader],
    ['format', formatReader],
    ['url_pattern', urlReader],
  ] as const) {
    const value = read(name, reader);
    if (typeof value === 'string') {
      changes[name] = value;
    }
  }
  // Newer servers store any object but use only its `csv_allow_double_quotes` (API facts 9.2).
  const options =
    context.generation === 'current' ? read('options', object('Not a valid dictionary.')) : undefined;
  if (isJsonObject(options)) {
    changes.options = options;
  }
  const credential = read('credential', (value) => value);
  if (credential !== undefined) {
    changes.credential = readCredential(credential);
  }
  return changes;
}

/** The parts of a credential that the body contains. */
export function readCredential(value: JsonValue): { access_key?: string; access_secret?: string } {
  if (!isJsonObject(value)) {
    throw invalid(`Invalid data. Expected a dictionary, but got ${pythonTypeName(value)}.`, 'credential');
  }
  const result: { access_key?: string; access_secret?: string } = {};
  for (const name of ['access_key', 'access_secret'] as const) {
    const item = value[name];
    if (item === undefined) {
      continue;
    }
    const attr = `credential__${name}`;
    if (item === null) {
      throw nullRefused(attr);
    }
    result[name] = readText(item, attr, { max: 500 });
  }
  return result;
}

/** Newer servers' message for a name that a table, a view or the language uses. */
export const NAME_TAKEN = 'A table or view with this name already exists. Choose a different name.';

/** Whether the language, another table or a view uses a name. */
export function isTakenName(environment: Environment, name: string, self?: StoredTable): boolean {
  return environment.views.includes(name) || isTakenByTable(environment, name, self);
}

function isTakenByTable(environment: Environment, name: string, self?: StoredTable): boolean {
  return (
    BUILT_IN_NAMES.has(name) ||
    environment.tables.some((item) => item !== self && !item.deleted && item.name === name)
  );
}

/** @throws 400 with attr `name` if another table, the language or, on newer servers, a view uses the name */
export function refuseTakenName(
  environment: Environment,
  name: string,
  generation: Generation,
  self?: StoredTable,
): void {
  if (generation === 'current' && isTakenName(environment, name, self)) {
    throw invalid(NAME_TAKEN, 'name');
  }
  if (isTakenByTable(environment, name, self)) {
    throw invalid('A table with this name already exists.', 'name');
  }
}

/** A new credential row. */
export function newCredential(
  secrets: { access_key: string; access_secret: string },
  userId: number | null,
  now: Date,
): StoredCredential {
  return { id: newUuid(), createdById: userId, createdAt: timestamp(now), ...secrets };
}

/** A new table with the result of reading its files. */
export function newTable(
  values: { name: string; format: string; urlPattern: string; createdVia: string },
  columns: GivenColumns,
  rows: JsonValue[][],
  userId: number | null,
  now: Date,
): StoredTable {
  return {
    id: newUuid(),
    name: values.name,
    hogqlName: values.name,
    format: values.format,
    urlPattern: values.urlPattern,
    readFrom: values.urlPattern,
    directQuery: false,
    deleted: false,
    createdById: userId,
    createdAt: timestamp(now),
    createdVia: values.createdVia,
    credential: null,
    columns: freshColumns(columns),
    rows,
    source: null,
    schema: null,
    options: {},
    problem: null,
    refresh: {},
    descriptions: new Map(),
  };
}

function isAllowed(urlPattern: string, hosts: readonly string[]): boolean {
  const host = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#:]+)/i.exec(urlPattern)?.[1]?.toLowerCase() ?? '';
  return hosts.some((allowed) =>
    allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed,
  );
}

/**
 * The result of reading the files behind a URL pattern. Unknown buckets have two plain columns.
 *
 * @param hosts the hosts that can be read from; null for all
 */
export function readStorage(
  environment: Environment,
  urlPattern: string,
  accessKey: string | undefined,
  hosts: readonly string[] | null,
): FileContent {
  if (hosts && !isAllowed(urlPattern, hosts)) {
    // The database rejects the host when it reads, so there is no message specific to hosts (inferred).
    throw unreadable();
  }
  const origin = /^[a-z]+:\/\/[^/]+/i.exec(urlPattern)?.[0];
  const bucket = environment.storage.filter(
    (item) => origin !== undefined && item.url_pattern.startsWith(`${origin}/`),
  );
  const file = bucket.find((item) => item.url_pattern === urlPattern);
  if (bucket.length > 0 && !file) {
    throw invalid("The provided file doesn't exist in the bucket");
  }
  if (file?.access_key !== undefined && file.access_key !== accessKey) {
    throw invalid('The Access Key you provided does not exist');
  }
  if (file?.error !== undefined) {
    throw invalid(file.error);
  }
  return {
    columns: columnList(file?.columns ?? { id: 'integer', value: 'string' }),
    rows: file?.rows ?? [],
  };
}
