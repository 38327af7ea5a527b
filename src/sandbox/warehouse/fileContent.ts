import { invalid } from '../errors';
import type { JsonValue } from '../json';

/** Rows that a sandbox table keeps of a file. */
export const MAX_ROWS = 1000;

/** A column as a file has it. */
export interface FileColumn {
  name: string;
  type: string;
}

/** What a table takes from a file: its columns, and its first rows, both in the order of the file. */
export interface FileContent {
  columns: FileColumn[];
  rows: JsonValue[][];
}

/** Columns as scenarios and the control port give them: a list, or an object from name to type. */
export type GivenColumns = Readonly<Record<string, string>> | readonly FileColumn[];

/** Columns as a list. An object cannot keep the order of names that are whole numbers; a list can. */
export function columnList(columns: GivenColumns): FileColumn[] {
  return isList(columns)
    ? columns.map(({ name, type }) => ({ name, type }))
    : Object.entries(columns).map(([name, type]) => ({ name, type }));
}

function isList(columns: GivenColumns): columns is readonly FileColumn[] {
  return Array.isArray(columns);
}

/** Columns under different names: a name that was there before gets a number (inferred). */
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

/** The answer to a file that cannot be read, in the words of the bucket. */
export function unreadable(): Error {
  return invalid(
    'Could not read the files from your storage bucket. Check that the files URL pattern, file format, and credentials are correct, then try again.',
  );
}
