import type { WarehouseTable } from './models';

/** The number of rows in a preview. */
export const previewRowLimit = 100;

/** Reserved words in queries: a table with such a name must be quoted. */
const keywords = new Set(
  (
    'all and any array as asc between by case cast collate cross cube current date day desc distinct else end ' +
    'except extract fill final following for from full grouping group having hour if ilike in index inf inner ' +
    'intersect interval into is join key lambda last leading left like limit minute month nan not null nulls ' +
    'offset on or order outer over partition preceding prewhere quarter range return right rollup row rows ' +
    'sample second select semi settings substring table then ties timestamp to top totals trailing trim truncate ' +
    'unbounded union using week when where window with year'
  ).split(' '),
);

/**
 * The name of a table in a query (API facts 5.4): `hogql_name`, including dots, if the server has it, or else the
 * name. Anything but plain identifiers is quoted with backticks.
 */
export function tableNameInQuery({ hogql_name, name }: Pick<WarehouseTable, 'hogql_name' | 'name'>): string {
  return hogql_name === undefined || hogql_name === ''
    ? quote(name)
    : hogql_name
        .split('.')
        .map((part) => (isPlain(part) ? part : quote(part)))
        .join('.');
}

/** The query for the first rows of a table (API facts 5.4). */
export function previewQuery(table: Pick<WarehouseTable, 'hogql_name' | 'name'>, limit: number): string {
  return `SELECT * FROM ${tableNameInQuery(table)} LIMIT ${limit}`;
}

const isPlain = (part: string): boolean => /^[A-Za-z_]\w*$/.test(part) && !keywords.has(part.toLowerCase());

const quote = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``;

/** The name of a column in a query. */
export function columnNameInQuery(name: string): string {
  return isPlain(name) ? name : quote(name);
}
