import enums from '../enums.json';
import { digitsOf, isNumber } from '../json';
import type { JsonValue } from '../json';
import type { StoredColumn, StoredTable } from '../stored';
import { columnList } from './fileContent';
import type { GivenColumns } from './fileContent';

/** The nine types that `update_schema` accepts (API facts 2.5). */
const COLUMN_TYPES: readonly string[] = enums.update_schema_type;

/** Names that pass the server's first check and then fail with a 500 (API facts 2.5). */
const OTHER_KINDS = [
  'lazy_table',
  'virtual_table',
  'field_traverser',
  'expression',
  'view',
  'materialized_view',
  'unknown',
];

/** What the server does with a type name: stores it, fails on it, or rejects it. */
export function judgeType(type: JsonValue | undefined): 'known' | 'fails' | 'unknown' {
  if (typeof type !== 'string') {
    return 'unknown';
  }
  if (COLUMN_TYPES.includes(type)) {
    return 'known';
  }
  const lower = type.toLowerCase();
  return COLUMN_TYPES.includes(lower) || OTHER_KINDS.includes(lower) ? 'fails' : 'unknown';
}

/**
 * Types whose stored ClickHouse form isn't valid inside Nullable or lacks its precision, so that nothing reads as them
 * (API facts 2.5).
 */
const NEVER_VALID = new Set(['array', 'json', 'decimal']);

const READS_AS: Record<string, readonly string[]> = {
  integer: ['integer', 'float', 'string', 'boolean'],
  float: ['float', 'string'],
  decimal: ['decimal', 'float', 'string'],
  string: ['string'],
  datetime: ['datetime', 'string'],
  date: ['date', 'datetime', 'string'],
  boolean: ['boolean', 'string', 'integer'],
  array: ['array', 'string'],
  json: ['json', 'string'],
};

/** Whether a column's data can be read as its declared type. */
export function readsAs(table: StoredTable, column: StoredColumn): boolean {
  if (column.type === column.dataType) {
    return true;
  }
  if (NEVER_VALID.has(column.type)) {
    return false;
  }
  if (READS_AS[column.dataType]?.includes(column.type)) {
    return column.type !== 'boolean' || everyRow(table, column, (value) => value === 0 || value === 1);
  }
  return (
    column.dataType === 'string' &&
    table.rows.length > 0 &&
    everyRow(table, column, (value) => typeof value === 'string' && textReadsAs(value, column.type))
  );
}

/** Whether rows can be read as the columns declare: the background check after a create. */
export function checkColumns(table: StoredTable): void {
  for (const column of table.columns) {
    column.valid = readsAs(table, column) && everyRow(table, column, (value) => fits(value, column.type));
  }
}

function fits(value: JsonValue, type: string): boolean {
  if (typeof value === 'string') {
    return !['integer', 'float', 'boolean', 'date', 'datetime'].includes(type) || textReadsAs(value, type);
  }
  return !(type === 'integer' || type === 'float') || isNumber(value);
}

function everyRow(table: StoredTable, column: StoredColumn, test: (value: JsonValue) => boolean): boolean {
  const index = table.columns.indexOf(column);
  return table.rows.every((row) => {
    const value = row[index] ?? null;
    return value === null || test(value);
  });
}

function textReadsAs(value: string, type: string): boolean {
  switch (type) {
    case 'integer':
      return /^-?\d{1,20}$/.test(value) && isWithin64Bits(BigInt(value));
    case 'float':
      return value.trim() !== '' && Number.isFinite(Number(value));
    case 'boolean':
      return /^(?:true|false|0|1)$/i.test(value);
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(value);
    case 'datetime':
      return /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}/.test(value);
    default:
      return false;
  }
}

/** Whether ClickHouse has an integer type for it; longer ones become floats. */
function isWithin64Bits(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 64n;
}

/** The common type of a column's values. */
export function inferType(values: readonly JsonValue[]): string {
  const present = values.filter((value) => value !== null && value !== '');
  const all = (test: (value: JsonValue) => boolean): boolean => present.length > 0 && present.every(test);
  if (all((value) => typeof value === 'boolean' || value === 'true' || value === 'false')) {
    return 'boolean';
  }
  if (
    all(
      (value) =>
        Number.isSafeInteger(value) ||
        ((typeof value === 'string' || isNumber(value)) && textReadsAs(asText(value), 'integer')),
    )
  ) {
    return 'integer';
  }
  if (all((value) => isNumber(value) || (typeof value === 'string' && textReadsAs(value, 'float')))) {
    return 'float';
  }
  if (all((value) => typeof value === 'string' && textReadsAs(value, 'date'))) {
    return 'date';
  }
  if (all((value) => typeof value === 'string' && textReadsAs(value, 'datetime'))) {
    return 'datetime';
  }
  if (all((value) => Array.isArray(value))) {
    return 'array';
  }
  return all((value) => typeof value === 'object') ? 'json' : 'string';
}

function asText(value: string | Parameters<typeof digitsOf>[0]): string {
  return typeof value === 'string' ? value : digitsOf(value);
}

/** Columns whose declared type is the type of their data. */
export function freshColumns(columns: GivenColumns): StoredColumn[] {
  return columnList(columns).map(({ name, type }) => ({ name, type, dataType: type, valid: true }));
}
