import type { QueryResult } from '../posthog/models';
import type { JsonValue } from '../json/json';
import { notFormula } from '../operations/compare/texts';
import { valueText } from './rowsText';

/** Rows as CSV (RFC 4180). `null` is an empty field, and an empty string is a quoted one. */
export function rowsAsCsv({ columns, results }: QueryResult): string {
  const field = (value: JsonValue): string => {
    if (value === null) {
      return '';
    }
    const text = notFormula(valueText(value));
    return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...results].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Rows as a JSON array of objects, in the order of the columns. */
export function rowsAsJson({ columns, results }: QueryResult): string {
  const rows = results.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
  );
  return `${JSON.stringify(rows, null, 2)}\n`;
}
