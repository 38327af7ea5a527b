import { isJsonObject, type JsonObject, type JsonValue } from '../json/json';
import { describeColumns, type TableDocument } from './columns';

/** How PostHog reads a table's files. Only shown for CSV, because it has no other options (API facts 9.2). */
function tableOptions({ format, options }: JsonObject): { options?: JsonObject } {
  const isCsv = typeof format === 'string' && format.startsWith('CSV');
  return isJsonObject(options) && (isCsv || Object.keys(options).length > 0) ? { options } : {};
}

/**
 * The editable part of a warehouse table: what PATCH accepts, and the column types that `update_schema` accepts
 * (API facts 2.3, 2.5, 9.2).
 *
 * @param table the table object in PostHog's response
 */
export function tableDocument(table: JsonObject): TableDocument {
  const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
  return {
    name: text(table.name),
    format: text(table.format),
    url_pattern: text(table.url_pattern),
    ...tableOptions(table),
    columns: Object.fromEntries(
      describeColumns(table)
        .filter(({ name }) => name !== '__proto__')
        .map(({ name, type }) => [name, type]),
    ),
  };
}
