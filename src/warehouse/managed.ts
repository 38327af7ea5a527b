import { isJsonObject, type JsonObject } from '../json/json';

/**
 * Why a table cannot be edited, or undefined when it can: a table that a source syncs is the source's
 * (API facts 2.1, 2.4, 2.5).
 *
 * @param table the table object as PostHog answered it
 */
export function readOnlyReason(table: JsonObject): string | undefined {
  const source = table.external_data_source;
  if (source === null || source === undefined) {
    return undefined;
  }
  const type = isJsonObject(source) ? source.source_type : undefined;
  const from = typeof type === 'string' && type !== '' ? `the ${type} source` : 'a data source';
  return `This table is synced by ${from}, which decides its name, format, files and columns. Change the source in PostHog instead.`;
}

/** Why the person may not change a table, where newer servers say so (API facts 2.8); else undefined. */
export function accessProblem({
  user_access_level,
}: {
  user_access_level?: string | undefined;
}): string | undefined {
  return user_access_level === 'viewer' || user_access_level === 'none'
    ? 'Your access in PostHog lets you look at this table, not change it. Ask an administrator of the project.'
    : undefined;
}
