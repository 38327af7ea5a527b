import { invalid } from '../errors';
import type { JsonValue } from '../json';

/** Rows that a sandbox table keeps of a file. */
export const MAX_ROWS = 1000;

/** What a table takes from a file: column types by name, and its first rows in the order of the columns. */
export interface FileContent {
  columns: Record<string, string>;
  rows: JsonValue[][];
}

/** The answer to a file that cannot be read, in the words of the bucket. */
export function unreadable(): Error {
  return invalid(
    'Could not read the files from your storage bucket. Check that the files URL pattern, file format, and credentials are correct, then try again.',
  );
}
