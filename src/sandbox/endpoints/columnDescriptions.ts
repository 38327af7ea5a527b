import { invalid, notFound } from '../errors';
import type { Reply } from '../errors';
import { readText } from '../fields/primitives';
import { newUuid, timestamp } from '../ids';
import type { JsonObject } from '../json';
import { page } from '../paging';
import { objectBody } from '../request';
import type { Caller } from '../request';
import type { Environment } from '../state';
import type { StoredDescription, StoredTable } from '../stored';
import type { Endpoint } from './endpoint';
import { ok, openEnvironment, underEnvironment } from './endpoint';

/**
 * `warehouse_column_annotations/` (API facts 9.2: "column descriptions"). The facts only say that keys can use it;
 * scope, shape and rules follow PostHog's source,
 * `products/data_warehouse/backend/presentation/views/column_annotation.py` and its base. Descriptions drafted by
 * PostHog's enrichment are left out because nothing here reads them, so a user is the author of every description.
 */
interface Described {
  table: StoredTable;
  column: string;
  description: StoredDescription;
}

function present({ table, column, description }: Described): JsonObject {
  return {
    id: description.id,
    table: table.id,
    column_name: column,
    description: description.text,
    description_source: 'user_edited',
    ai_model: null,
    is_user_edited: true,
    created_at: description.createdAt,
    updated_at: description.updatedAt,
  };
}

function described({ tables }: Environment): Described[] {
  return tables
    .filter(({ deleted }) => !deleted)
    .flatMap((table) =>
      [...table.descriptions].map(([column, description]) => ({ table, column, description })),
    )
    .sort((one, other) => (one.column < other.column ? -1 : one.column > other.column ? 1 : 0));
}

function list(caller: Caller): Reply {
  const environment = openEnvironment(caller, 'warehouse_table:read', 'viewer');
  const wanted = caller.request.query.get('table_id')?.toLowerCase() ?? '';
  const found = described(environment).filter(({ table }) => wanted === '' || table.id === wanted);
  return ok(page(caller.request, found, present));
}

function find(caller: Caller, environment: Environment): Described {
  const wanted = caller.params.id?.toLowerCase();
  const found = described(environment).find(({ description }) => description.id === wanted);
  if (!found) {
    throw notFound();
  }
  return found;
}

function retrieve(caller: Caller): Reply {
  return ok(present(find(caller, openEnvironment(caller, 'warehouse_table:read', 'viewer'))));
}

function required(body: JsonObject, name: string, blank = false): string {
  const value = body[name];
  if (value === undefined) {
    throw invalid('This field is required.', name, 'required');
  }
  if (value === null) {
    throw invalid('This field may not be null.', name, 'null');
  }
  return readText(value, name, { blank });
}

/** Describes a column or the table itself, replacing any existing description. */
async function create(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const body = await objectBody(caller.request);
  const id = required(body, 'table');
  const table = environment.tables.find((item) => item.id === id.toLowerCase() && !item.deleted);
  if (!table) {
    throw invalid(`Invalid pk "${id}" - object does not exist.`, 'table', 'does_not_exist');
  }
  const column = body.column_name === undefined ? '' : required(body, 'column_name', true);
  const text = required(body, 'description');
  const names = table.columns.map(({ name }) => name).sort();
  if (column !== '' && names.length > 0 && !names.includes(column)) {
    throw invalid(`Column '${column}' does not exist. Valid columns: ${names.join(', ')}.`, 'column_name');
  }
  const now = timestamp(caller.state.now());
  const before = table.descriptions.get(column) ?? { id: newUuid(), createdAt: now };
  const description = { ...before, text, updatedAt: now };
  table.descriptions.set(column, description);
  return { status: 201, body: present({ table, column, description }) };
}

/** Only the description can change, not what it describes. */
async function update(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const found = find(caller, environment);
  const body = await objectBody(caller.request);
  if (caller.request.method === 'PUT' || body.description !== undefined) {
    found.description.text = required(body, 'description');
  }
  found.description.updatedAt = timestamp(caller.state.now());
  return ok(present(found));
}

function remove(caller: Caller): Reply {
  const { table, column } = find(caller, openEnvironment(caller, 'warehouse_table:write', 'editor'));
  table.descriptions.delete(column);
  return { status: 204 };
}

const mayRead = (caller: Caller): void => {
  openEnvironment(caller, 'warehouse_table:read', 'viewer');
};
const isCurrent: Endpoint['exists'] = ({ generation }) => generation === 'current';

/** Descriptions of tables and their columns. */
export const columnDescriptionEndpoints: Endpoint[] = [
  ...underEnvironment('warehouse_column_annotations', { GET: list, POST: create }, mayRead, isCurrent),
  ...underEnvironment(
    'warehouse_column_annotations/:id',
    { GET: retrieve, PATCH: update, PUT: update, DELETE: remove },
    mayRead,
    isCurrent,
  ),
];
