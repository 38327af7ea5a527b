import { ApiError } from '../errors';
import type { Environment, StoredObject } from '../state';
import type { StoredTable } from '../stored';
import { freshColumns } from './columns';
import { unreadable } from './fileContent';
import type { FileContent } from './fileContent';
import { parseFile } from './files';
import { OBJECT_STORAGE_HOST } from './urlRules';

/** The URL of a file in PostHog's own storage. */
export function objectUrl(key: string): string {
  return `https://${OBJECT_STORAGE_HOST}/${key}`;
}

/** The content of a file, or why it can't be read. */
export async function inspect(content: Buffer, format: string, filename: string): Promise<StoredObject> {
  try {
    return await parseFile(content, format, filename);
  } catch (error) {
    if (error instanceof ApiError) {
      return { problem: error.detail };
    }
    throw error;
  }
}

/** Stores a file. Every table with this URL reads the new content from now on (API facts 2.7, inferred). */
export function putObject(environment: Environment, url: string, object: StoredObject): void {
  environment.objects.set(url, object);
  for (const table of environment.tables) {
    if (!table.deleted && table.urlPattern === url) {
      showContent(table, object);
    }
  }
}

/** The rows a table with these columns finds in a file: matched by name, null if the file has no such column. */
function showContent(table: StoredTable, object: StoredObject): void {
  if ('problem' in object) {
    table.problem = object.problem;
    table.rows = [];
    return;
  }
  const names = object.columns.map(({ name }) => name);
  table.problem = null;
  table.rows = object.rows.map((row) => table.columns.map(({ name }) => row[names.indexOf(name)] ?? null));
}

/** Points a table at a file and takes over its columns. */
export function readObject(table: StoredTable, url: string, content: FileContent): void {
  table.urlPattern = url;
  table.readFrom = url;
  table.columns = freshColumns(content.columns);
  table.rows = content.rows;
  table.problem = null;
}

/** A table without a file: nothing can be read. */
export function withoutFile(table: StoredTable): void {
  table.problem = unreadable().message;
}

/** A file in PostHog's own storage is removed with its last table (API facts 2.4). */
export function removeObject(environment: Environment, table: StoredTable): void {
  const isShared = environment.tables.some((item) => !item.deleted && item.urlPattern === table.urlPattern);
  if (table.credential || isShared || !table.urlPattern.startsWith(objectUrl(''))) {
    return;
  }
  environment.objects.delete(table.urlPattern);
  const id = /\/file_uploads\/team_\d+\/([^/]+)\//.exec(table.urlPattern)?.[1];
  if (id !== undefined) {
    environment.uploads.delete(id);
  }
}
