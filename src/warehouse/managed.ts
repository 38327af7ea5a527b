import { isJsonObject, type JsonObject } from '../json/json';

/**
 * Why a table can't be edited, or undefined if it can: a synced table belongs to its source (API facts 2.1, 2.4, 2.5).
 *
 * @param table the table object in PostHog's response
 */
export function readOnlyReason(table: JsonObject): string | undefined {
  const source = table.external_data_source;
  if (source === null || source === undefined) {
    return undefined;
  }
  const type = isJsonObject(source) ? source.source_type : undefined;
  const from = typeof type === 'string' && type !== '' ? `the ${type} source` : 'a data source';
  return `This table is synced by ${from}, which controls its name, format, files, and columns. Change the source in PostHog instead.`;
}
