import { previewRowLimit } from '../posthog/hogql';
import type { RowsPlace } from './reportTargets';
import type { RowsReading } from './rowsReading';
import { layOutRows, type RowsTable } from './rowsText';

/** A preview as a text document. */
export interface RowsDocument {
  text: string;
  table: RowsTable;
  /** Zero-based line number of the column names. */
  firstTableLine: number;
  /** Whether a line of types follows the names. */
  typed: boolean;
}

/**
 * What the preview shows above the rows, and the rows.
 *
 * @param around the environment's organization and connection
 */
export function rowsDocument(
  { table, sql, result }: RowsReading,
  place: RowsPlace,
  around: string,
): RowsDocument {
  const { columns, types, results } = result;
  const environment = place.environmentName ?? `environment ${place.environment.id}`;
  const invalid = table.columns.filter(({ name, schema_valid }) => !schema_valid && !columns.includes(name));
  const head = [
    `${table.name}: ${countText(results.length, result.hasMore)} · ${environment} · ${around}`,
    sql,
    ...(invalid.length > 0
      ? [
          `Left out by PostHog: ${invalid.map(({ name, type }) => `${name} (${type})`).join(', ')}.`,
          invalid.length === 1
            ? "Its type doesn't match the data. Change the column type to see it."
            : "Their types don't match the data. Change the column types to see them.",
        ]
      : []),
    '',
  ];
  const laidOut = layOutRows(columns, types, results);
  const typed = types.length > 0;
  return {
    text: `${[...head, ...laidOut.lines].join('\n')}\n`,
    table: laidOut,
    firstTableLine: head.length,
    typed,
  };
}

function countText(count: number, hasMore: boolean): string {
  if (count === 0) {
    return 'no rows';
  }
  const rows = `${count} row${count === 1 ? '' : 's'}`;
  if (hasMore) {
    return `the first ${rows}, there are more`;
  }
  return count >= previewRowLimit ? `the first ${rows}, there may be more` : `all ${rows}`;
}
