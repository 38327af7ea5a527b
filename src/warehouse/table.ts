import type { ValueOutcome } from '../settings/answer';
import { readOnlyReason } from './managed';
import { describeColumns, type TableDocument } from './columns';
import type { Generation } from '../settings/catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../json/parse';
import { storageUrlProblem } from './storageUrl';
import { tableNameWarning } from './tableNames';
import { notInDocument } from '../settings/check';
import { withFixes } from '../settings/fixes';
import { isTaken } from '../settings/taken';
import { tableFixes } from './tableFixes';

export { describeColumns, diffColumns, type ColumnDescription, type ColumnDifference } from './columns';
export { readOnlyReason };
export { detectFormat, proposeTableName, tableNameProblem } from './tableNames';

/** The only types that `update_schema` accepts. Uppercase makes it fail (API facts 2.5). */
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

/** Types that PostHog accepts but that probably make a column unreadable (API facts 2.5, inferred). */
export const doubtfulColumnTypes: readonly string[] = ['array', 'json'];

/**
 * Why a type may not fit the data of a column, as it stands after the type; undefined where nothing speaks against it.
 * The one check for everything that changes types: what the data is like, PostHog tells only afterwards.
 */
export function columnTypeDoubt(type: string): string | undefined {
  return doubtfulColumnTypes.includes(type)
    ? 'PostHog probably cannot read the data with it; queries would leave the column out'
    : undefined;
}

/** {@link columnTypeDoubt} of every column that is to get another type, as sentences. */
export function columnTypeDoubts(updates: ColumnUpdates): string[] {
  return Object.entries(updates).flatMap(([name, type]) => {
    const doubt = columnTypeDoubt(type);
    return doubt === undefined ? [] : [`"${name}" as ${type}: ${doubt}.`];
  });
}

/**
 * The file formats of a table (API facts 2.1), without `DeltaS3Wrapper`, which PostHog only uses for its own
 * materialized views (API facts 9.2).
 */
export const tableFormats: readonly string[] = ['CSV', 'CSVWithNames', 'Parquet', 'JSONEachRow', 'Delta'];
const reservedFormat = 'DeltaS3Wrapper';

/** The only key of a table's `options` that PostHog reads (API facts 9.2). */
export const doubleQuotesOption = 'csv_allow_double_quotes';

/** Column name → new type: the `updates` of `update_schema`. */
export type ColumnUpdates = Record<string, string>;

/** What a save of a table document would send. */
export interface TablePlan {
  /** The body of the PATCH; empty if there is nothing to send. */
  readonly patch: JsonObject;
  readonly updates: ColumnUpdates;
  /** Keys of the base that aren't in the document. PostHog keeps their values. */
  readonly missing: readonly string[];
}

/** A value of a save that the server didn't accept. `path` is a key, or `columns.name`. */
export interface IgnoredTableKey {
  readonly path: string;
  readonly sent: JsonValue;
  readonly answered: JsonValue | undefined;
}

/** What a table document is checked against. */
export interface TableContext {
  /** The table document as last confirmed by the server. */
  readonly base: JsonObject;
  /** The whole table object, if available. */
  readonly table?: JsonObject | undefined;
  /** Rules that only current servers have are errors there and warnings elsewhere. */
  readonly generation?: Generation | undefined;
  /** Whether the server lets an API key change column types. Undefined until tried. */
  readonly takesTypes?: boolean | undefined;
  /** Columns whose declared type doesn't match the data, with that type. */
  readonly unreadable?: Readonly<Record<string, string>> | undefined;
}

const patchKeys = ['name', 'format', 'url_pattern', 'options'] as const;
const maxNameLength = 128;
const maxUrlLength = 500;

/**
 * The problems of the values that a table document changes (API facts 2.1, 2.3, 2.4, 2.5). An `error` is something that
 * PostHog rejects or silently drops, or that must not be sent.
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
      checkColumns(value, objectOf(base.columns), context, add);
    } else if (!(patchKeys as readonly string[]).includes(key)) {
      add([key], ...notEditable(key), { atKey: true });
    } else if (key === 'options') {
      checkOptions(value, context, add);
    } else if (typeof value !== 'string') {
      add([key], 'type', `"${key}" must be a string.`);
    } else {
      checkText(key, value, context, add);
    }
  }
  const types = objectOf(document.value.columns);
  for (const [name, type] of Object.entries(context.unreadable ?? {})) {
    if (own(types, name) === type) {
      const message = `"${name}" is declared as ${type}, which doesn't match the data: queries leave the column out.`;
      add(['columns', name], 'unreadable-column', message, { severity: 'warning' });
    }
  }
  const missing = Object.keys(base).filter((one) => !Object.hasOwn(document.value, one));
  if (missing.length > 0) {
    add([], 'missing-key', notInDocument(missing), { severity: 'information' });
  }
  const spot = { mine: document.value, base, formats: tableFormats, types: columnTypes };
  return withFixes(problems, (problem) => tableFixes(problem, spot));
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
        'Deleting a table this way would leave its joins behind. Remove this and use "Delete Warehouse Table…".',
      ];
    case 'credential':
      return [
        'credential',
        'Storage credentials don\'t belong in a document. Remove this and use "Replace Storage Credentials…".',
      ];
    default:
      return [
        'unknown-key',
        `PostHog would ignore "${key}". A table only has name, format, url_pattern, options and columns. Remove it.`,
      ];
  }
}

function checkOptions(value: JsonValue, { base, generation }: TableContext, add: Add): void {
  if (!isJsonObject(value)) {
    add(['options'], 'type', '"options" must be an object.');
    return;
  }
  const before = objectOf(base.options);
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || jsonEquals(item, own(before, key))) {
      continue;
    }
    if (key !== doubleQuotesOption) {
      const message = `PostHog ignores "${key}". "options" only has "${doubleQuotesOption}". Remove it.`;
      add(['options', key], 'unknown-key', message, { atKey: true, severity: 'warning' });
    } else if (typeof item !== 'boolean') {
      add(['options', key], 'type', `"${key}" must be true or false.`);
    } else if (base.options === undefined && generation !== 'current') {
      const message = 'This server doesn\'t return "options" and may ignore them. It may be too old.';
      add(['options'], 'not-in-response', message, { atKey: true, severity: 'warning' });
    }
  }
}

function checkFormat(value: string, add: Add): void {
  if (value === reservedFormat) {
    const message = `PostHog only uses "${reservedFormat}" for its own materialized views. For a Delta Lake table, use "Delta".`;
    add(['format'], 'enum', message);
  } else if (!tableFormats.includes(value)) {
    const wanted = tableFormats.find((format) => format.toLowerCase() === value.trim().toLowerCase());
    const remedy = wanted ? ` Use "${wanted}".` : '';
    add(['format'], 'enum', `"format" must be one of ${tableFormats.join(', ')}.${remedy}`);
  }
}

function checkText(key: string, value: string, { generation }: TableContext, add: Add): void {
  if (key === 'format') {
    checkFormat(value, add);
    return;
  }
  const length = Array.from(value.trim()).length;
  const max = key === 'name' ? maxNameLength : maxUrlLength;
  if (length === 0) {
    add([key], 'blank', `"${key}" can't be empty.`);
  } else if (length > max) {
    add([key], 'limit', `"${key}" can have up to ${max} characters, not ${length}.`);
  } else if (key === 'name') {
    const warning = tableNameWarning(value);
    if (warning !== undefined) {
      add([key], 'name', warning, { severity: 'warning' });
    }
  } else {
    checkUrl(value, generation, add);
  }
}

/** The rules of *Link Table*. What only current servers reject is a warning if the server may be older. */
function checkUrl(value: string, generation: Generation | undefined, add: Add): void {
  const refused = storageUrlProblem(value, generation ?? 'documented');
  const doubtful = refused ?? storageUrlProblem(value, 'current');
  if (doubtful !== undefined) {
    add(['url_pattern'], 'url', doubtful, { severity: refused === undefined ? 'warning' : 'error' });
  }
}

function checkColumns(value: JsonValue, base: JsonObject, { takesTypes }: TableContext, add: Add): void {
  if (!isJsonObject(value)) {
    add(['columns'], 'type', '"columns" must be an object of column names and types.');
    return;
  }
  for (const [name, type] of Object.entries(value)) {
    const path = ['columns', name];
    if (!Object.hasOwn(base, name)) {
      const message = `The table has no column "${name}". Columns come from the files. Change the files, then use "Refresh Schema".`;
      add(path, 'unknown-column', message, { atKey: true });
    } else if (type !== undefined && type !== base[name] && takesTypes === false) {
      const message = `PostHog lets no API key change column types. Restore ${JSON.stringify(base[name])} and change the type in PostHog.`;
      add(path, 'types-need-sign-in', message);
    } else if (type !== undefined && type !== base[name]) {
      checkColumnType(name, type, add);
    }
  }
  for (const name of Object.keys(base).filter((one) => !Object.hasOwn(value, one))) {
    const message = `Column "${name}" can't be removed or renamed here. Columns come from the files. Restore it, or change the files and use "Refresh Schema".`;
    add(['columns', name], 'removed-column', message);
  }
}

function checkColumnType(name: string, type: JsonValue, add: Add): void {
  const path = ['columns', name];
  if (typeof type !== 'string' || !columnTypes.includes(type)) {
    const lower = typeof type === 'string' ? type.trim().toLowerCase() : '';
    const remedy = columnTypes.includes(lower) ? ` Use lowercase: "${lower}".` : '';
    add(path, 'column-type', `A column's type must be one of ${columnTypes.join(', ')}.${remedy}`);
    return;
  }
  const doubt = columnTypeDoubt(type);
  if (doubt !== undefined) {
    const message = `"${name}" as ${type}: ${doubt}. "string" is the safe choice.`;
    add(path, 'doubtful-type', message, { severity: 'warning' });
  }
}

/**
 * What to send to make the table match the document: first PATCH, then `update_schema`.
 *
 * @param base the table document as last confirmed by the server
 * @param mine the table document as edited
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

/**
 * What became of each value of a plan.
 *
 * @param answer the table object in PostHog's answer afterwards
 */
export function tableOutcomes(
  { patch, updates }: Pick<TablePlan, 'patch' | 'updates'>,
  answer: JsonObject,
): ValueOutcome[] {
  const types = new Map(describeColumns(answer).map(({ name, type }) => [name, type]));
  const became = (wanted: JsonValue, answered: JsonValue | undefined): ValueOutcome['became'] =>
    jsonEquals(wanted, answered)
      ? 'same'
      : isTaken(wanted, answered, { before: answered })
        ? 'reshaped'
        : 'missing';
  return [
    ...Object.entries(patch).flatMap(([key, wanted]) => {
      const answered = own(answer, key);
      // The server may keep its own options besides those that were sent.
      return isJsonObject(wanted) && isJsonObject(answered)
        ? Object.entries(wanted).map(([option, part]) => ({
            path: [key, option],
            wanted: part,
            answered: own(answered, option),
          }))
        : [{ path: [key], wanted, answered }];
    }),
    ...Object.entries(updates).map(([name, wanted]) => ({
      path: ['columns', name],
      wanted,
      answered: types.get(name),
    })),
  ].flatMap(({ path, wanted, answered }) =>
    wanted === undefined ? [] : [{ path, wanted, answered, became: became(wanted, answered) }],
  );
}

/** The values of a plan that the server didn't accept. See {@link tableOutcomes}. */
export function compareTableAnswer(
  plan: Pick<TablePlan, 'patch' | 'updates'>,
  answer: JsonObject,
): IgnoredTableKey[] {
  return tableOutcomes(plan, answer).flatMap(({ path, wanted, answered, became }) =>
    became === 'missing' ? [{ path: path.join('.'), sent: wanted, answered }] : [],
  );
}

/** Re-exported beside the functions that use it. */
export type { TableDocument };
