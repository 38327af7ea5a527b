import { tableAccess } from '../access';
import { invalid, notFound, PlainError, serverError } from '../errors';
import type { Reply } from '../errors';
import { isJsonObject, pythonString, textOf } from '../json';
import type { JsonObject } from '../json';
import { page } from '../paging';
import { table as present } from '../present';
import type { FormShape } from '../form';
import { objectBody } from '../request';
import type { Caller } from '../request';
import type { Environment } from '../state';
import type { StoredTable } from '../stored';
import { nullRefused } from '../fields/primitives';
import { pause } from '../timing';
import { freshColumns, judgeType, readsAs } from '../warehouse/columns';
import { columnList } from '../warehouse/fileContent';
import { readObject, removeObject } from '../warehouse/objects';
import {
  newCredential,
  newTable,
  readCredential,
  readStorage,
  readTable,
  refuseTakenName,
  TABLE_FORM,
} from '../warehouse/tables';
import type { TableChanges } from '../warehouse/tables';
import { checkUrlPattern } from '../warehouse/urlRules';
import type { Endpoint } from './endpoint';
import { ok, openEnvironment, underEnvironment } from './endpoint';
import { fieldContext } from './settings';
import { uploadFile } from './upload';
import { createFromUpload, uploadForLater } from './uploadForLater';

const MANAGED = 'PostHog manages where this table reads from, so';

function listTables(caller: Caller): Reply {
  const environment = openEnvironment(caller, 'warehouse_table:read', 'viewer');
  const { request, state } = caller;
  const search = request.query.get('search')?.toLowerCase() ?? '';
  const items = environment.tables.filter(
    (item) => !item.deleted && (search === '' || item.name.toLowerCase().includes(search)),
  );
  const accessLevel = tableAccess(state, environment, caller.user);
  const includeColumns = !(
    state.generation === 'current' && request.query.get('include_columns')?.toLowerCase() === 'false'
  );
  return ok(page(request, items, (item) => present(state, item, { includeColumns, accessLevel })));
}

/** The table in a URL; a deleted one is a 404. */
function findTable(environment: Environment, id: string): StoredTable {
  // UUIDs are case-insensitive.
  const found = environment.tables.find((item) => item.id === id.toLowerCase() && !item.deleted);
  if (!found) {
    throw notFound();
  }
  return found;
}

function openTable(
  caller: Caller,
  scope: string | null,
  level: 'viewer' | 'editor',
): { environment: Environment; stored: StoredTable } {
  const environment = openEnvironment(caller, scope, level);
  return { environment, stored: findTable(environment, caller.params.id ?? '') };
}

function retrieveTable(caller: Caller): Reply {
  const { environment, stored } = openTable(caller, 'warehouse_table:read', 'viewer');
  const accessLevel = tableAccess(caller.state, environment, caller.user);
  return ok(present(caller.state, stored, { accessLevel }));
}

/** Create: checks fields, credential, name and URL, then reads the files (API facts 2.2). */
async function createTable(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const { state, user } = caller;
  const body = await objectBody(caller.request, TABLE_FORM);
  const context = fieldContext(state, environment);
  const rawCredential = body.credential;
  const plain = { ...body };
  delete plain.credential;
  const changes = readTable(plain, context, ['name', 'format', 'url_pattern']);
  const secrets = readNewCredential(caller, rawCredential);
  const { name = '', format = '', url_pattern: urlPattern = '' } = changes;
  refuseTakenName(environment, name, state.generation);
  await checkUrlPattern(urlPattern, state.generation, caller.resolveHost);
  const { columns, rows } = readStorage(environment, urlPattern, secrets?.access_key, state.storageHosts);
  const stored = newTable(
    { name, format, urlPattern, createdVia: 'api' },
    columns,
    rows,
    user.id,
    state.now(),
  );
  stored.credential = secrets ? newCredential(secrets, user.id, state.now()) : null;
  stored.deleted = changes.deleted ?? false;
  stored.options = changes.options ?? {};
  environment.tables.unshift(stored);
  state.checkColumnsLater(stored);
  return { status: 201, body: present(state, stored) };
}

/** Required today (API facts 9.2); optional in the seed era. */
function readNewCredential(
  caller: Caller,
  value: JsonObject[string],
): { access_key: string; access_secret: string } | undefined {
  if ((value === undefined || value === null) && caller.state.generation === 'documented') {
    return undefined;
  }
  if (value === undefined) {
    throw invalid('This field is required.', 'credential', 'required');
  }
  if (value === null) {
    throw nullRefused('credential');
  }
  const { access_key: key, access_secret: secret } = readCredential(value);
  if (key === undefined) {
    throw invalid('This field is required.', 'credential__access_key', 'required');
  }
  if (secret === undefined) {
    throw invalid('This field is required.', 'credential__access_secret', 'required');
  }
  return { access_key: key, access_secret: secret };
}

function updateTable(required: readonly (keyof TableChanges)[]) {
  return async (caller: Caller): Promise<Reply> => {
    const { environment, stored } = openTable(caller, 'warehouse_table:write', 'editor');
    const { state } = caller;
    const body = await objectBody(caller.request, TABLE_FORM);
    const changes = readTable(body, fieldContext(state, environment), required);
    if (changes.name !== undefined) {
      refuseTakenName(environment, changes.name, state.generation, stored);
    }
    const urlChanges = changes.url_pattern !== undefined && changes.url_pattern !== stored.urlPattern;
    if (!stored.credential) {
      refuseManaged(caller, changes, urlChanges);
    }
    if (urlChanges) {
      await checkUrlPattern(changes.url_pattern ?? '', state.generation, caller.resolveHost);
    }
    store(stored, changes);
    return ok(present(state, stored));
  };
}

/** Tables in storage that PostHog manages accept neither a credential nor another URL (API facts 2.3). */
function refuseManaged(caller: Caller, changes: TableChanges, urlChanges: boolean): void {
  const current = caller.state.generation === 'current';
  if (changes.credential) {
    throw current
      ? invalid(`${MANAGED} it doesn't take an access key or secret.`, 'credential')
      : serverError();
  }
  if (urlChanges && current) {
    throw invalid(`${MANAGED} its URL can't be changed.`, 'url_pattern');
  }
}

function store(stored: StoredTable, changes: TableChanges): void {
  if (changes.name !== undefined) {
    stored.hogqlName = stored.hogqlName === stored.name ? changes.name : stored.hogqlName;
    stored.name = changes.name;
  }
  stored.format = changes.format ?? stored.format;
  stored.urlPattern = changes.url_pattern ?? stored.urlPattern;
  stored.options = changes.options ?? stored.options;
  if (changes.deleted !== undefined) {
    stored.deleted = changes.deleted;
  }
  if (changes.credential && stored.credential) {
    Object.assign(stored.credential, changes.credential);
  }
}

function deleteTable(caller: Caller): Reply {
  const { environment, stored } = openTable(caller, 'warehouse_table:write', 'editor');
  if (stored.source) {
    throw new PlainError(400, 'message', "Can't delete a sourced table");
  }
  stored.deleted = true;
  removeObject(environment, stored);
  return { status: 204 };
}

/** Seed-era servers declare no scope for the schema actions, so they reject keys (API facts 2.5). */
function refreshScope(caller: Caller): string | null {
  return caller.state.generation === 'current' ? 'warehouse_table:write' : null;
}

/** With few exceptions, newer servers declare none for column types either (API facts 9.2). */
function updateScope(caller: Caller): string | null {
  return caller.state.keysUpdateSchema ? refreshScope(caller) : null;
}

const UPDATES_FORM: FormShape = { kindOf: (name) => (name === 'updates' ? 'json' : undefined) };

async function updateSchema(caller: Caller): Promise<Reply> {
  const { stored } = openTable(caller, updateScope(caller), 'editor');
  const { updates } = await objectBody(caller.request, UPDATES_FORM);
  if (!updates) {
    return { status: 200 };
  }
  if (stored.source) {
    throw new PlainError(400, 'message', 'The table must be a manually linked table');
  }
  if (!isJsonObject(updates)) {
    throw new PlainError(400, 'message', 'The updates must be a dictionary of column names and types');
  }
  const types = new Map<string, string>();
  for (const [name, type] of Object.entries(updates)) {
    if (!stored.columns.some((column) => column.name === name)) {
      throw new PlainError(400, 'message', `Column ${name} does not exist on table`);
    }
    const verdict = judgeType(type);
    if (verdict === 'unknown') {
      throw new PlainError(
        400,
        'message',
        `Can not parse type ${pythonString(type)} for column ${name} - type does not exist`,
      );
    }
    if (verdict === 'fails') {
      throw serverError();
    }
    types.set(name, textOf(type));
  }
  for (const column of stored.columns) {
    column.type = types.get(column.name) ?? column.type;
  }
  for (const column of stored.columns) {
    if (types.has(column.name)) {
      column.valid = readsAs(stored, column);
    }
  }
  return { status: 200 };
}

/** Reads the columns from the files again: declared types are lost and every column is valid (API facts 2.6). */
async function refreshSchema(caller: Caller): Promise<Reply> {
  const { environment, stored } = openTable(caller, refreshScope(caller), 'editor');
  if (stored.directQuery) {
    throw notFound();
  }
  const { delayMs = 0, failure, columns } = stored.refresh;
  await pause(delayMs);
  if (failure !== undefined) {
    throw caller.state.generation === 'current' ? invalid(failure) : serverError();
  }
  const object = environment.objects.get(stored.urlPattern);
  if (columns) {
    const names = stored.columns.map((column) => column.name);
    stored.rows = stored.rows.map((row) =>
      columnList(columns).map(({ name }) => row[names.indexOf(name)] ?? null),
    );
    stored.columns = freshColumns(columns);
  } else if (stored.problem !== null) {
    throw invalid(stored.problem);
  } else if (object && 'columns' in object) {
    readObject(stored, stored.urlPattern, object);
  } else if (stored.readFrom !== stored.urlPattern) {
    const found = readStorage(
      environment,
      stored.urlPattern,
      stored.credential?.access_key,
      caller.state.storageHosts,
    );
    stored.rows = found.rows;
    stored.columns = freshColumns(found.columns);
    stored.readFrom = stored.urlPattern;
  } else {
    stored.columns = freshColumns(stored.columns.map(({ name, dataType }) => ({ name, type: dataType })));
  }
  return { status: 200 };
}

function mayRead(caller: Caller): void {
  openEnvironment(caller, 'warehouse_table:read', 'viewer');
}

function mayUpdateSchema(caller: Caller): void {
  openEnvironment(caller, updateScope(caller) && 'warehouse_table:read', 'viewer');
}

function mayRefreshSchema(caller: Caller): void {
  openEnvironment(caller, refreshScope(caller) && 'warehouse_table:read', 'viewer');
}

/** The two newer upload steps, which not every server has (API facts 9.2). */
const uploadRoutes: Endpoint['exists'] = ({ generation, uploadRoutes: hasThem }) =>
  generation === 'current' && hasThem;

/** Warehouse tables (API facts 2). */
export const tableEndpoints: Endpoint[] = [
  ...underEnvironment('warehouse_tables', { GET: listTables, POST: createTable }, mayRead),
  ...underEnvironment('warehouse_tables/file', { POST: uploadFile }, mayRead),
  ...underEnvironment('warehouse_tables/upload_file', { POST: uploadForLater }, mayRead, uploadRoutes),
  ...underEnvironment(
    'warehouse_tables/create_from_upload',
    { POST: createFromUpload },
    mayRead,
    uploadRoutes,
  ),
  ...underEnvironment(
    'warehouse_tables/:id',
    {
      GET: retrieveTable,
      PATCH: updateTable([]),
      PUT: updateTable(['name', 'format', 'url_pattern']),
      DELETE: deleteTable,
    },
    mayRead,
  ),
  ...underEnvironment('warehouse_tables/:id/update_schema', { POST: updateSchema }, mayUpdateSchema),
  ...underEnvironment('warehouse_tables/:id/refresh_schema', { POST: refreshSchema }, mayRefreshSchema),
];
