import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { ApiError } from '../errors';
import { textOf } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { StoredColumn, StoredTable } from '../state';
import type { Generation } from '../types';
import { queryError, tokenize } from './tokens';
import { translate } from './translate';
import type { Translation } from './translate';

/** Rows without a LIMIT (API facts 5.4, inferred). */
const DEFAULT_LIMIT = 100;
const MAX_ROW_ESTIMATE = 2_000_000;

/** What a HogQL query gives. */
export interface QueryResult {
  results: JsonValue[][];
  columns: string[];
  types: [string, string][];
  hasMore: boolean;
  limit: number;
  offset: number;
}

/**
 * Runs one HogQL query over the tables of an environment.
 *
 * @throws 400 for what the sandbox does not know, 512 for joins that are too large
 */
export async function runQuery(
  sql: string,
  values: JsonObject,
  tables: readonly StoredTable[],
  generation: Generation,
): Promise<QueryResult> {
  const translation = translate(
    tokenize(sql, generation),
    tables.filter((item) => !item.deleted),
    values,
    generation,
  );
  if (translation.rowEstimate > MAX_ROW_ESTIMATE) {
    throw new ApiError(512, 'server_error', 'error', 'Estimated query execution time is too long.');
  }
  const database = await openDatabase(generation);
  try {
    for (const table of translation.tables) {
      fill(database, table);
    }
    return read(database, translation, generation);
  } finally {
    database.close();
  }
}

async function openDatabase(generation: Generation): Promise<DatabaseSync> {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    return new DatabaseSync(':memory:');
  } catch (error) {
    throw queryError(
      generation,
      `Queries are not available in this sandbox: this Node has no SQLite (${error instanceof Error ? error.message : 'unknown reason'}).`,
    );
  }
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Columns whose data cannot be read as declared are left out, as the real query engine does. */
function fill(database: DatabaseSync, table: StoredTable): void {
  const columns = table.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.valid);
  if (columns.length === 0) {
    return;
  }
  const names = columns.map(({ column }) => quoteName(column.name)).join(', ');
  database.exec(`CREATE TABLE ${quoteName(table.hogqlName)} (${names})`);
  const insert = database.prepare(
    `INSERT INTO ${quoteName(table.hogqlName)} VALUES (${columns.map(() => '?').join(', ')})`,
  );
  for (const row of table.rows) {
    insert.run(...columns.map(({ column, index }) => stored(row[index] ?? null, column)));
  }
}

function stored(value: JsonValue, column: StoredColumn): SQLInputValue {
  if (value === null) {
    return null;
  }
  if (typeof value === 'object') {
    return JSON.stringify(value);
  }
  if (column.type === 'integer' || column.type === 'float') {
    return Number(value);
  }
  if (typeof value === 'boolean') {
    return column.type === 'string' ? String(value) : Number(value);
  }
  return column.type === 'string' ? String(value) : value;
}

function read(database: DatabaseSync, translation: Translation, generation: Generation): QueryResult {
  addFunctions(database);
  const limit = translation.limit ?? DEFAULT_LIMIT;
  const sql = translation.limit === null ? `${translation.sql} LIMIT ${limit + 1}` : translation.sql;
  try {
    const statement = database.prepare(sql);
    const rows = statement.all(...translation.parameters);
    const described = typeof statement.columns === 'function' ? statement.columns() : [];
    const columns =
      described.length > 0 ? described.map((column) => column.name) : Object.keys(rows[0] ?? {});
    const kept = rows.slice(0, limit);
    const types = columns.map((name, index): [string, string] => [
      name,
      typeName(
        described[index],
        kept.map((row) => row[name] ?? null),
        translation.tables,
      ),
    ]);
    return {
      columns: columns.map(writtenName),
      types: types.map(([name, type]) => [writtenName(name), type]),
      results: kept.map((row) => columns.map((name, index) => shown(row[name] ?? null, types[index]?.[1]))),
      hasMore: rows.length > limit,
      limit,
      offset: translation.offset,
    };
  } catch (error) {
    throw queryError(generation, explain(error));
  }
}

/** `count()` reaches SQLite as `count(*)`, and names in quotes. */
function writtenName(name: string): string {
  return name.replace(/\bcount\(\*\)/gi, 'count()').replace(/"([A-Za-z_$][\w$]*)"/g, '$1');
}

/** HogQL's words for what SQLite says. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : 'unknown';
  const table = /no such table: (.*)/.exec(message)?.[1];
  if (table !== undefined) {
    return `Unknown table \`${table}\`.`;
  }
  const column = /no such column: (.*?)(?: - .*)?$/.exec(message)?.[1];
  if (column !== undefined) {
    return `Unable to resolve field: ${column.replaceAll('"', '')}`;
  }
  const name = /no such function: (.*)/.exec(message)?.[1];
  return name === undefined ? `Syntax error: ${message}` : `Unsupported function call '${name}(...)'`;
}

function addFunctions(database: DatabaseSync): void {
  const simple = { deterministic: true };
  database.function('toString', simple, (value) => (value === null ? null : String(value)));
  database.function('toFloat', simple, (value) => (value === null ? null : Number(value)));
  database.function('toInt', simple, (value) => (value === null ? null : Math.trunc(Number(value))));
  database.function('toDate', simple, (value) => (value === null ? null : String(value).slice(0, 10)));
  database.function('toDateTime', simple, (value) => (value === null ? null : String(value).slice(0, 19)));
  database.function('now', () => new Date().toISOString().slice(0, 19).replace('T', ' '));
  database.function('today', () => new Date().toISOString().slice(0, 10));
}

const CLICKHOUSE_TYPES: Record<string, string> = {
  integer: 'Nullable(Int64)',
  float: 'Nullable(Float64)',
  decimal: 'Nullable(Decimal)',
  string: 'Nullable(String)',
  datetime: 'Nullable(DateTime64)',
  date: 'Nullable(Date)',
  boolean: 'Nullable(Bool)',
};

function typeName(
  column: { table: string | null; column: string | null } | undefined,
  values: readonly unknown[],
  tables: readonly StoredTable[],
): string {
  const declared = tables
    .find((item) => item.hogqlName === column?.table)
    ?.columns.find((item) => item.name === column?.column)?.type;
  if (declared !== undefined) {
    return CLICKHOUSE_TYPES[declared] ?? 'Nullable(String)';
  }
  const present = values.filter((value) => value !== null);
  if (present.length > 0 && present.every((value) => typeof value === 'number')) {
    return present.every(Number.isInteger) ? 'Int64' : 'Float64';
  }
  return 'String';
}

function shown(value: unknown, type: string | undefined): JsonValue {
  if (value === null || value === undefined) {
    return null;
  }
  if (type === 'Nullable(Bool)') {
    return value === 1;
  }
  return typeof value === 'number'
    ? value
    : typeof value === 'bigint'
      ? Number(value)
      : textOf(value as string);
}
