import type { JsonObject } from '../json';
import { isBigNumber, textOf } from '../json';
import type { StoredTable } from '../stored';
import type { Generation } from '../types';
import { queryError } from './tokens';
import type { Token } from './tokens';

/** A query in SQLite's dialect. */
export interface Translation {
  sql: string;
  parameters: (string | number | bigint | null)[];
  /** Tables it reads, without duplicates. */
  tables: StoredTable[];
  /** Number of rows to scan if nothing narrows a join. */
  rowEstimate: number;
  /** The outermost limit; null without one. */
  limit: number | null;
  offset: number;
}

/** Keywords that a reading query never needs. */
const REFUSED_WORDS = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'DROP',
  'CREATE',
  'ALTER',
  'ATTACH',
  'PRAGMA',
  'VACUUM',
  'RECURSIVE',
  'EXPLAIN',
]);

/** Supported keywords. Any other word is a name, even if SQLite has a keyword of that name. */
const KEYWORDS = new Set(
  (
    'SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET AS AND OR NOT IN IS NULL LIKE ILIKE BETWEEN CASE WHEN THEN ' +
    'ELSE END JOIN LEFT RIGHT INNER OUTER FULL CROSS ON USING DISTINCT UNION ALL EXCEPT INTERSECT WITH ASC DESC NULLS ' +
    'FIRST LAST EXISTS TRUE FALSE'
  ).split(' '),
);

const RENAMED_FUNCTIONS: Record<string, string> = {
  if: 'iif',
  tostring: 'toString',
  tofloat: 'toFloat',
  toint: 'toInt',
  todate: 'toDate',
  todatetime: 'toDateTime',
};

/**
 * Translates the supported subset of HogQL to SQLite: one SELECT, names in backticks, dotted table names,
 * `{placeholders}`, and a few functions.
 *
 * @throws 400 shaped like a HogQL error
 */
export function translate(
  tokens: readonly Token[],
  tables: readonly StoredTable[],
  values: JsonObject,
  generation: Generation,
): Translation {
  const query = tokens.at(-1)?.value === ';' ? tokens.slice(0, -1) : tokens;
  const first = query[0]?.value.toUpperCase();
  if (first !== 'SELECT' && first !== 'WITH') {
    throw queryError(generation, 'Only SELECT queries are supported.');
  }
  const refused = query.find(
    (token) =>
      (token.kind === 'name' && REFUSED_WORDS.has(token.value.toUpperCase())) ||
      (token.kind === 'symbol' && token.value === ';'),
  );
  if (refused) {
    throw queryError(generation, `Syntax error: unexpected '${refused.value}'`);
  }
  const result: Translation = {
    sql: '',
    parameters: [],
    tables: [],
    rowEstimate: 1,
    ...limits(query),
  };
  let sql = '';
  for (let at = 0; at < query.length;) {
    const reference = tableAt(query, at, tables);
    if (reference) {
      sql += gap(query[at]) + quoteName(reference.table.hogqlName);
      if (!result.tables.includes(reference.table)) {
        result.tables.push(reference.table);
      }
      if (isSource(query, at)) {
        result.rowEstimate *= Math.max(1, reference.table.rows.length);
      }
      at += reference.length;
    } else {
      sql += gap(query[at]) + piece(query, at, values, result, generation);
      at += 1;
    }
  }
  result.sql = sql;
  return result;
}

function gap(token: Token | undefined): string {
  return token?.spaced ? ' ' : '';
}

function isName(token: Token | undefined): token is Token {
  return token?.kind === 'name' || token?.kind === 'quoted';
}

/** The longest dotted name starting here that is a table, by its HogQL name or its own. */
function tableAt(
  query: readonly Token[],
  at: number,
  tables: readonly StoredTable[],
): { table: StoredTable; length: number } | undefined {
  const first = query[at];
  if (!isName(first) || query[at - 1]?.value === '.' || query[at - 1]?.value.toUpperCase() === 'AS') {
    return undefined;
  }
  const names = [first.value];
  for (let next = at + 1; query[next]?.value === '.' && isName(query[next + 1]); next += 2) {
    names.push(query[next + 1]?.value ?? '');
  }
  for (let count = names.length; count > 0; count -= 1) {
    const name = names.slice(0, count).join('.');
    const table = tables.find((item) => item.hogqlName === name || item.name === name);
    const used = isSource(query, at) || query[at + count * 2 - 1]?.value === '.';
    if (table && used) {
      return { table, length: count * 2 - 1 };
    }
  }
  return undefined;
}

/** Whether a name refers to a table: after FROM, JOIN or a comma between tables. */
function isSource(query: readonly Token[], at: number): boolean {
  const before = query[at - 1];
  if (before?.value === ',') {
    const clause = query
      .slice(0, at)
      .findLast(
        (token) => token.kind === 'name' && /^(?:SELECT|FROM|WHERE|GROUP|ORDER|ON|BY)$/i.test(token.value),
      );
    return clause?.value.toUpperCase() === 'FROM';
  }
  return before?.kind === 'name' && /^(?:FROM|JOIN)$/i.test(before.value);
}

function piece(
  query: readonly Token[],
  at: number,
  values: JsonObject,
  result: Translation,
  generation: Generation,
): string {
  const token = query[at];
  switch (token?.kind) {
    case 'text':
      result.parameters.push(token.value);
      return '?';
    case 'placeholder':
      result.parameters.push(parameter(token.value, values, generation));
      return '?';
    case 'quoted':
      return quoteName(token.value);
    case 'name':
      return word(query, at, token.value);
    case 'symbol':
      if (
        token.value === ')' &&
        query[at - 1]?.value === '(' &&
        /^count$/i.test(query[at - 2]?.value ?? '')
      ) {
        return '*)';
      }
      return token.value;
    default:
      return token?.value ?? '';
  }
}

function word(query: readonly Token[], at: number, value: string): string {
  const afterDot = query[at - 1]?.value === '.';
  const upper = value.toUpperCase();
  if (!afterDot && KEYWORDS.has(upper)) {
    return upper === 'ILIKE' ? 'LIKE' : value;
  }
  const call = query[at + 1]?.value === '(' && !afterDot;
  return call ? (RENAMED_FUNCTIONS[value.toLowerCase()] ?? value) : quoteName(value);
}

function parameter(
  name: string,
  values: JsonObject,
  generation: Generation,
): string | number | bigint | null {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) {
    throw queryError(generation, `Placeholder {${name}} has no value`);
  }
  if (typeof value === 'number' || typeof value === 'string' || value === null) {
    return value;
  }
  if (isBigNumber(value)) {
    return storedInteger(value.rawJSON);
  }
  return typeof value === 'boolean' ? Number(value) : textOf(value);
}

/** SQLite's integers are signed 64-bit; longer ones are kept as strings. */
export function storedInteger(digits: string): bigint | string {
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value ? value : digits;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function limits(query: readonly Token[]): { limit: number | null; offset: number } {
  let depth = 0;
  const found: { limit: number | null; offset: number } = { limit: null, offset: 0 };
  query.forEach((token, at) => {
    if (token.kind === 'symbol') {
      depth += token.value === '(' ? 1 : token.value === ')' ? -1 : 0;
    }
    if (depth === 0 && token.kind === 'name' && query[at + 1]?.kind === 'number') {
      const number = Number(query[at + 1]?.value);
      if (/^LIMIT$/i.test(token.value)) {
        found.limit = number;
      } else if (/^OFFSET$/i.test(token.value)) {
        found.offset = number;
      }
    }
  });
  return found;
}
