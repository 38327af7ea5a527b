import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { ApiError } from '../errors';
import { isBigNumber, readNumber } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { StoredColumn, StoredTable } from '../stored';
import type { Generation } from '../types';
import { queryError, tokenize } from './tokens';
import { storedInteger, translate } from './translate';
import type { Translation } from './translate';

/** Maximum rows without a LIMIT (API facts 5.4, inferred). */
const DEFAULT_LIMIT = 100;
const MAX_ROW_ESTIMATE = 2_000_000;

/** The result of a HogQL query. */
export interface QueryResult {
  results: JsonValue[][];
  columns: string[];
  types: [string, string][];
  hasMore: boolean;
  limit: number;
  offset: number;
}

/**
 * Runs a HogQL query over the tables of an environment.
 *
 * @throws 400 for unsupported syntax, 512 for joins that are too large
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
      if (table.problem !== null) {
        throw queryError(generation, table.problem);
      }
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

/** Marks a name that differs from an earlier one in case only, which SQLite ignores. */
const SAME_NAME = '\u200b';

function sqlNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = seen.get(name.toLowerCase()) ?? 0;
    seen.set(name.toLowerCase(), count + 1);
    return name + SAME_NAME.repeat(count);
  });
}

/** Leaves out columns whose data can't be read as declared, as the real query engine does. */
function fill(database: DatabaseSync, table: StoredTable): void {
  const columns = table.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.valid);
  if (columns.length === 0) {
    return;
  }
  const names = sqlNames(columns.map(({ column }) => column.name))
    .map(quoteName)
    .join(', ');
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
  if (isBigNumber(value)) {
    return column.type === 'string' ? value.rawJSON : storedInteger(value.rawJSON);
  }
  if (typeof value === 'object') {
    return JSON.stringify(value);
  }
  if (column.type === 'integer' && typeof value === 'string' && /^-?\d+$/.test(value)) {
    return storedInteger(value);
  }
  if (column.type === 'integer' && Number.isSafeInteger(value)) {
    // Numbers are bound as doubles, which would make sums of long integers inexact.
    return BigInt(Number(value));
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
    statement.setReadBigInts(true);
    const described = typeof statement.columns === 'function' ? statement.columns() : [];
    const { names, rows } = readRows(statement, translation, described);
    const kept = rows.slice(0, limit);
    const types = names.map((name, index): [string, string] => [
      name,
      typeName(
        described[index],
        kept.map((row) => row[index] ?? null),
        translation.tables,
      ),
    ]);
    return {
      columns: names.map(writtenName),
      types: types.map(([name, type]) => [writtenName(name), type]),
      results: kept.map((row) => row.map((value, index) => shown(value, types[index]?.[1]))),
      hasMore: rows.length > limit,
      limit,
      offset: translation.offset,
    };
  } catch (error) {
    throw queryError(generation, explain(error));
  }
}

/** Rows by position, because two columns of a join can share a name. Older Nodes only give columns by name. */
function readRows(
  statement: StatementSync,
  { parameters }: Translation,
  described: readonly { name: string }[],
): { names: string[]; rows: SQLOutputValue[][] } {
  if (typeof statement.setReturnArrays === 'function' && described.length > 0) {
    statement.setReturnArrays(true);
    const rows: unknown = statement.all(...parameters);
    return { names: described.map(({ name }) => name), rows: rows as SQLOutputValue[][] };
  }
  const rows = statement.all(...parameters);
  const names = described.length > 0 ? described.map(({ name }) => name) : Object.keys(rows[0] ?? {});
  return { names, rows: rows.map((row) => names.map((name) => row[name] ?? null)) };
}

/** SQLite gets `count()` as `count(*)`, and names in quotes. */
function writtenName(name: string): string {
  return name
    .replaceAll(SAME_NAME, '')
    .replace(/\bcount\(\*\)/gi, 'count()')
    .replace(/"([A-Za-z_$][\w$]*)"/g, '$1');
}

/** HogQL's message for an SQLite error. */
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
  const options = { deterministic: true, useBigIntArguments: true };
  const define = (name: string, run: (value: SQLOutputValue) => SQLInputValue): void => {
    database.function(name, options, (value) => (value === null ? null : run(value)));
  };
  define('toString', String);
  define('toFloat', Number);
  define('toInt', toInt);
  define('toDate', (value) => String(value).slice(0, 10));
  define('toDateTime', (value) => String(value).slice(0, 19));
  database.function('now', () => new Date().toISOString().slice(0, 19).replace('T', ' '));
  database.function('today', () => new Date().toISOString().slice(0, 10));
}

function toInt(value: SQLOutputValue): SQLInputValue {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) {
    return storedInteger(value);
  }
  const whole = Math.trunc(Number(value));
  return typeof value === 'bigint' ? value : Number.isFinite(whole) ? BigInt(whole) : null;
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
  if (
    present.length > 0 &&
    present.every((value) => typeof value === 'number' || typeof value === 'bigint')
  ) {
    return present.every((value) => typeof value === 'bigint' || Number.isInteger(value))
      ? 'Int64'
      : 'Float64';
  }
  return 'String';
}

function shown(value: SQLOutputValue, type: string | undefined): JsonValue {
  switch (typeof value) {
    case 'bigint':
      return type === 'Nullable(Bool)' ? value === 1n : readNumber(String(value));
    case 'number':
      return type === 'Nullable(Bool)' ? value === 1 : value;
    case 'string':
      return type === 'Nullable(Int64)' && /^-?\d+$/.test(value) ? readNumber(value) : value;
    default:
      return null;
  }
}
