import { isJsonObject, type JsonObject } from '../json/json';
import type { JsonPath } from '../json/parse';

/** A warehouse table as shown in its document. Columns are name → type. */
export interface TableDocument extends JsonObject {
  name: string;
  format: string;
  url_pattern: string;
  /** How CSV files are read, if the server supports it. */
  options?: JsonObject;
  columns: Record<string, string>;
}

/** Where a table document has the type of a column. */
export const columnPath = (name: string): JsonPath => ['columns', name];

/** The column whose type is at this path of a table document; undefined for anything else. */
export const columnAt = ([key, name]: JsonPath): string | undefined =>
  key === 'columns' && typeof name === 'string' ? name : undefined;

/** A column of a warehouse table. `valid` is false when the declared type doesn't match the data. */
export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly valid: boolean;
}

/** What a schema refresh changed. */
export interface ColumnDifference {
  readonly added: readonly ColumnDescription[];
  readonly removed: readonly ColumnDescription[];
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Names of columns that became unreadable, or that were added unreadable. */
  readonly nowInvalid: readonly string[];
}

/**
 * The columns of a table object in the server's order (API facts 2.1). Anything else is left out.
 *
 * @param table the table object in PostHog's response
 */
export function describeColumns(table: JsonObject): ColumnDescription[] {
  return (Array.isArray(table.columns) ? table.columns : []).flatMap((column) => {
    const name = isJsonObject(column) ? (column.name ?? column.key) : undefined;
    return isJsonObject(column) && typeof name === 'string'
      ? [
          {
            name,
            type: typeof column.type === 'string' ? column.type : 'unknown',
            valid: column.schema_valid !== false,
          },
        ]
      : [];
  });
}

/** How a table's columns differ between two responses from the server. */
export function diffColumns(before: JsonObject, after: JsonObject): ColumnDifference {
  const old = new Map(describeColumns(before).map((column) => [column.name, column]));
  const now = new Map(describeColumns(after).map((column) => [column.name, column]));
  return {
    added: [...now.values()].filter(({ name }) => !old.has(name)),
    removed: [...old.values()].filter(({ name }) => !now.has(name)),
    retyped: [...now.values()].flatMap(({ name, type: to }) => {
      const from = old.get(name)?.type;
      return from !== undefined && from !== to ? [{ name, from, to }] : [];
    }),
    nowInvalid: [...now.values()]
      .filter(({ name, valid }) => !valid && old.get(name)?.valid !== false)
      .map(({ name }) => name),
  };
}
