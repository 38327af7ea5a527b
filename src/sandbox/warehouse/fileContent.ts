import { invalid } from '../errors';
import type { JsonValue } from '../json';

/** Maximum number of rows a sandbox table keeps of a file. */
export const MAX_ROWS = 1000;

/** A column of a file. */
export interface FileColumn {
  name: string;
  type: string;
}

/** What a table takes from a file: its columns and first rows, in the order of the file. */
export interface FileContent {
  columns: FileColumn[];
  rows: JsonValue[][];
}

/** Columns as scenarios and the control API pass them: a list, or an object from name to type. */
export type GivenColumns = Readonly<Record<string, string>> | readonly FileColumn[];

/** Columns as a list, because an object doesn't preserve the order of integer names. */
export function columnList(columns: GivenColumns): FileColumn[] {
  return isList(columns)
    ? columns.map(({ name, type }) => ({ name, type }))
    : Object.entries(columns).map(([name, type]) => ({ name, type }));
}

function isList(columns: GivenColumns): columns is readonly FileColumn[] {
  return Array.isArray(columns);
}

/** Makes column names unique: a repeated name gets a number (inferred). */
export function withDifferentNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 1; seen.has(own); number += 1) {
      const next = `${name}_${number}`;
      own = taken.has(next) ? own : next;
    }
    seen.add(own);
    return own;
  });
}

/** The bucket's error for an unreadable file. */
export function unreadable(): Error {
  return invalid(
    'Could not read the files from your storage bucket. Check that the files URL pattern, file format, and credentials are correct, then try again.',
  );
}
