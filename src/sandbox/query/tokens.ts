import { invalid } from '../errors';
import type { ApiError } from '../errors';
import type { Generation } from '../types';

/** A token of a query. `name` tokens hold the unquoted name. */
export interface Token {
  kind: 'name' | 'quoted' | 'text' | 'number' | 'placeholder' | 'symbol';
  value: string;
  /** Whether white space precedes it: expressions without an alias are named as written. */
  spaced: boolean;
}

/** A query the server rejects (API facts 5.4). */
export function queryError(generation: Generation, detail: string): ApiError {
  return invalid(detail, null, generation === 'current' ? 'hogql_query_error' : 'invalid_input');
}

const PIECES: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)/y],
  ['text', /'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['quoted', /`(?:[^`\\]|\\[\s\S])+`|"(?:[^"\\]|\\[\s\S])+"/y],
  ['placeholder', /\{\s*[A-Za-z_]\w*\s*\}/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y],
  ['name', /[A-Za-z_$][\w$]*/y],
  ['symbol', /<=|>=|!=|<>|==|\|\||[-+*/%(),.<>=;]/y],
];

/** Splits a query into tokens; unsupported characters are a syntax error. */
export function tokenize(sql: string, generation: Generation): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let spaced = false;
  while (at < sql.length) {
    const found = PIECES.map(([kind, expression]) => {
      expression.lastIndex = at;
      return { kind, value: expression.exec(sql)?.[0] };
    }).find((item) => item.value !== undefined);
    if (found?.value === undefined) {
      throw queryError(generation, `Syntax error at position ${at}: unexpected input '${sql[at] ?? ''}'`);
    }
    at += found.value.length;
    if (found.kind !== 'space') {
      tokens.push({ kind: found.kind, value: unquote(found.kind, found.value), spaced });
    }
    spaced = found.kind === 'space';
  }
  return tokens;
}

function unquote(kind: Token['kind'], value: string): string {
  switch (kind) {
    case 'quoted':
      return value.slice(1, -1).replace(/\\([\s\S])/g, '$1');
    case 'text':
      return value
        .slice(1, -1)
        .replaceAll("''", "'")
        .replace(/\\([\s\S])/g, (_, character: string) => (character === 'n' ? '\n' : character));
    case 'placeholder':
      return value.slice(1, -1).trim();
    default:
      return value;
  }
}
