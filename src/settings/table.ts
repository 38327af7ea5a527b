import { readOnlyReason } from './managed';
import { describeColumns, type TableDocument } from './columns';
import type { Generation } from './catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from './json';
import type { DocumentProblem, JsonPath, ValidDocument } from './parse';
import { tableNameWarning } from './tableNames';
import { objectOf, own } from './values';

export { describeColumns, diffColumns, type ColumnDescription, type ColumnDifference } from './columns';
export { readOnlyReason };
export { detectFormat, proposeTableName, tableNameProblem } from './tableNames';

/** The types that `update_schema` takes; it knows no others, and upper case makes it fail (API facts 2.5). */
export const columnTypes: readonly string[] = [
  'integer',
  'float',
  'decimal',
  'string',
  'datetime',
  'date',
  'boolean',
  'array',
  'json',
];

/** Types that PostHog takes but probably cannot read the data with (API facts 2.5, inferred). */
export const doubtfulColumnTypes: readonly string[] = ['array', 'json'];

/** The formats of a table's files (API facts 2.1). */
export const tableFormats: readonly string[] = [
  'CSV',
  'CSVWithNames',
  'Parquet',
  'JSONEachRow',
  'Delta',
  'DeltaS3Wrapper',
];

/** Column name → new type: the `updates` of `update_schema`. */
export type ColumnUpdates = Record<string, string>;

/** What a save of a table document would send. */
export interface TablePlan {
  /** The body of the PATCH; empty when nothing is to be sent. */
  readonly patch: JsonObject;
  readonly updates: ColumnUpdates;
  /** Keys of the base that are not in the document: PostHog keeps their values. */
  readonly missing: readonly string[];
}

/** What of a save the server did not take. `path` is a key, or `columns.name`. */
export interface IgnoredTableKey {
  readonly path: string;
  readonly sent: JsonValue;
  readonly answered: JsonValue | undefined;
}

/** What a table document is checked against. */
export interface TableContext {
  /** The table document as the server last confirmed it. */
  readonly base: JsonObject;
  /** The whole table object, where it is at hand. */
  readonly table?: JsonObject | undefined;
  /** Rules that only current servers have are errors on them and warnings elsewhere. */
  readonly generation?: Generation | undefined;
}

const patchKeys = ['name', 'format', 'url_pattern'] as const;
const maxNameLength = 128;
const maxUrlLength = 500;

/**
 * What is wrong with the values that a table document changes (API facts 2.1, 2.3, 2.4, 2.5). An `error` is what
 * PostHog refuses, silently drops, or must not be sent.
 */
export function checkTable(document: ValidDocument, context: TableContext): DocumentProblem[] {
  const { base } = context;
  const problems: DocumentProblem[] = [];
  const add: Add = (path, code, message, options = {}) => {
    const { offset, length } = (options.atKey ? document.locateKey : document.locate)(path);
    problems.push({ path, offset, length, severity: options.severity ?? 'error', code, message });
  };
  const managed = readOnlyReason(context.table ?? {});
  if (managed !== undefined && !jsonEquals(document.value, base)) {
    add([], 'read-only', managed);
  }
  for (const [key, value] of Object.entries(document.value)) {
    if (value === undefined || jsonEquals(value, own(base, key))) {
      continue;
    }
    if (key === 'columns') {
      checkColumns(value, objectOf(base.columns), add);
    } else if (!(patchKeys as readonly string[]).includes(key)) {
      add([key], ...notEditable(key), { atKey: true });
    } else if (typeof value !== 'string') {
      add([key], 'type', `"${key}" must be a text in double quotes.`);
    } else {
      checkText(key, value, context, add);
    }
  }
  for (const key of Object.keys(base).filter((one) => !Object.hasOwn(document.value, one))) {
    const message = `"${key}" is left out of the document: PostHog keeps its value.`;
    add([], 'missing-key', message, { severity: 'information' });
  }
  return problems;
}

type Add = (
  path: JsonPath,
  code: string,
  message: string,
  options?: { readonly atKey?: boolean; readonly severity?: DocumentProblem['severity'] },
) => void;

function notEditable(key: string): [code: string, message: string] {
  switch (key) {
    case 'deleted':
      return [
        'deleted',
        'Deleting a table this way would leave its joins behind. Remove this line and use the command "Delete table…".',
      ];
    case 'credential':
      return [
        'credential',
        'Storage keys do not belong in a document. Remove this and use the command "Replace storage credentials…".',
      ];
    default:
      return [
        'unknown-key',
        `PostHog would ignore "${key}": a table takes only name, format, url_pattern and columns. Remove it.`,
      ];
  }
}

function checkText(key: string, value: string, { generation }: TableContext, add: Add): void {
  const length = Array.from(value.trim()).length;
  const max = key === 'name' ? maxNameLength : maxUrlLength;
  if (key === 'format') {
    if (!tableFormats.includes(value)) {
      const wanted = tableFormats.find((format) => format.toLowerCase() === value.trim().toLowerCase());
      const remedy = wanted ? ` Write "${wanted}".` : '';
      add([key], 'enum', `"format" must be one of ${tableFormats.join(', ')}.${remedy}`);
    }
    return;
  }
  if (length === 0) {
    add([key], 'blank', `"${key}" cannot be empty.`);
  } else if (length > max) {
    add([key], 'limit', `"${key}" can have at most ${max} characters; this has ${length}. Shorten it.`);
  }
  const severity = generation === 'current' ? 'error' : 'warning';
  if (key === 'name') {
    const warning = tableNameWarning(value);
    if (warning !== undefined) {
      add([key], 'name', warning, { severity: 'warning' });
    }
  } else if (length > 0 && !/^https:\/\//i.test(value.trim())) {
    add([key], 'url', 'The address of the files must start with https://.', { severity });
  } else if (/^https:\/\/[^/]*[*?{]/i.test(value.trim())) {
    const message = 'The host and bucket must be exact. Put wildcards into the file path.';
    add([key], 'url', message, { severity });
  }
}

function checkColumns(value: JsonValue, base: JsonObject, add: Add): void {
  if (!isJsonObject(value)) {
    add(['columns'], 'type', '"columns" must be an object of column names and types.');
    return;
  }
  for (const [name, type] of Object.entries(value)) {
    const path = ['columns', name];
    if (!Object.hasOwn(base, name)) {
      const message = `The table has no column "${name}". Columns come from the files: change those, then use the command "Refresh schema".`;
      add(path, 'unknown-column', message, { atKey: true });
    } else if (type !== undefined && type !== base[name]) {
      checkColumnType(name, type, add);
    }
  }
  for (const name of Object.keys(base).filter((one) => !Object.hasOwn(value, one))) {
    const message = `Column "${name}" cannot be removed or renamed here: columns come from the files. Put it back, or change the files and use the command "Refresh schema".`;
    add(['columns', name], 'removed-column', message);
  }
}

function checkColumnType(name: string, type: JsonValue, add: Add): void {
  const path = ['columns', name];
  if (typeof type !== 'string' || !columnTypes.includes(type)) {
    const lower = typeof type === 'string' ? type.trim().toLowerCase() : '';
    const remedy = columnTypes.includes(lower) ? ` Write it in lower case: "${lower}".` : '';
    add(path, 'column-type', `A column's type must be one of ${columnTypes.join(', ')}.${remedy}`);
  } else if (doubtfulColumnTypes.includes(type)) {
    const message = `PostHog takes "${type}" but probably cannot read the data with it; the column would then be left out of queries. "string" is the safe choice.`;
    add(path, 'doubtful-type', message, { severity: 'warning' });
  }
}

/**
 * What to send so that the table becomes what the document says: PATCH first, then `update_schema`.
 *
 * @param base the table document as the server last confirmed it
 * @param mine the table document as the person wants it
 */
export function planTable(base: JsonObject, mine: JsonObject): TablePlan {
  const patch: JsonObject = {};
  for (const key of patchKeys) {
    const value = own(mine, key);
    if (value !== undefined && !jsonEquals(value, base[key])) {
      patch[key] = value;
    }
  }
  const before = objectOf(base.columns);
  const updates: ColumnUpdates = Object.fromEntries(
    Object.entries(objectOf(mine.columns)).flatMap(([name, type]) =>
      typeof type === 'string' && Object.hasOwn(before, name) && type !== before[name] ? [[name, type]] : [],
    ),
  );
  const missing = Object.keys(base).filter((key) => !Object.hasOwn(mine, key));
  return { patch, updates, missing };
}

/** What somebody else changed since the base and this plan would change to something else: keys, or `columns.name`. */
export function conflictingTableKeys(
  base: JsonObject,
  theirs: JsonObject,
  { patch, updates }: Pick<TablePlan, 'patch' | 'updates'>,
): string[] {
  const conflicts = (before: JsonObject, now: JsonObject, sent: JsonObject, prefix: string): string[] =>
    Object.keys(sent)
      .filter(
        (key) => !jsonEquals(own(before, key), own(now, key)) && !jsonEquals(own(now, key), own(sent, key)),
      )
      .map((key) => prefix + key);
  return [
    ...conflicts(base, theirs, patch, ''),
    ...conflicts(objectOf(base.columns), objectOf(theirs.columns), updates, 'columns.'),
  ];
}

/**
 * What the server did not take of a plan.
 *
 * @param answer the table object as PostHog answered it afterwards
 */
export function compareTableAnswer(
  { patch, updates }: Pick<TablePlan, 'patch' | 'updates'>,
  answer: JsonObject,
): IgnoredTableKey[] {
  const types = new Map(describeColumns(answer).map(({ name, type }) => [name, type]));
  const trimmed = (value: JsonValue | undefined): JsonValue | undefined =>
    typeof value === 'string' ? value.trim() : value;
  return [
    ...Object.entries(patch).map(([key, sent]) => ({ path: key, sent, answered: own(answer, key) })),
    ...Object.entries(updates).map(([name, sent]) => ({
      path: `columns.${name}`,
      sent,
      answered: types.get(name),
    })),
  ].flatMap(({ path, sent, answered }) =>
    sent === undefined || jsonEquals(trimmed(sent), trimmed(answered)) ? [] : [{ path, sent, answered }],
  );
}

/** Re-exported beside the functions that use it. */
export type { TableDocument };
