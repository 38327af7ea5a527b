import { isJsonObject, jsonEquals, objectOf, own, type JsonObject, type JsonValue } from '../json/json';
import type { DocumentProblem, JsonPath } from '../json/parse';
import type { Generation } from '../settings/catalogue';
import type { FieldRule } from '../settings/rules';
import { proposals } from '../settings/jsonSchema';
import { columnTypeDoubt, columnTypes, columnTypeTexts } from './columnTypes';
import { columnPath, type TableDocument } from './columns';
import { storageUrlProblem } from './storageUrl';
import { maxNameLength, tableNameWarning } from './tableNames';

/** What a table document is checked against. */
export interface TableContext {
  /** The table document as last confirmed by the server. */
  readonly base: JsonObject;
  /** The whole table object, if available. */
  readonly table?: JsonObject | undefined;
  /** Rules that only current servers have are errors there and warnings elsewhere. */
  readonly generation?: Generation | undefined;
  /** Whether the server allows API keys to change column types. Undefined until tried. */
  readonly takesTypes?: boolean | undefined;
  /** Columns whose declared type doesn't match the data, with that type. */
  readonly unreadable?: Readonly<Record<string, string>> | undefined;
}

/** Reports a problem in a table document. */
export type Add = (
  path: JsonPath,
  code: string,
  message: string,
  options?: { readonly atKey?: boolean; readonly severity?: DocumentProblem['severity'] },
) => void;

/** Everything known about a field of a table document. */
export interface TableField {
  readonly key: keyof TableDocument & string;
  /** Its part of the JSON schema: completion and hover. */
  readonly schema: JsonObject;
  /** How a change is sent: with PATCH, or with `update_schema`, column by column. */
  readonly sentBy: 'patch' | 'updateSchema';
  /** How the server stores it, if not as it is. */
  readonly rule?: FieldRule;
  /** What to send for a changed value, if not the value itself. */
  toSend?(value: JsonValue, before: JsonValue | undefined): JsonValue;
  /** Reports the problems with a changed value. */
  check(value: JsonValue, context: TableContext, add: Add): void;
}

const formatTexts: Readonly<Record<string, string>> = {
  CSV: 'CSV without a header row',
  CSVWithNames: 'CSV with a header row',
  Parquet: 'Apache Parquet',
  JSONEachRow: 'JSON Lines: one JSON object per line',
  Delta: 'Delta Lake table',
};

/**
 * The file formats of a table (API facts 2.1), without `DeltaS3Wrapper`, which PostHog only uses for its own
 * materialized views (API facts 9.2).
 */
export const tableFormats: readonly string[] = Object.keys(formatTexts);
const reservedFormat = 'DeltaS3Wrapper';

/** The only key of a table's `options` that PostHog reads (API facts 9.2). */
export const doubleQuotesOption = 'csv_allow_double_quotes';

const maxUrlLength = 500;

/** The fields of a table document in its order (API facts 2.1, 2.3, 2.5, 9.2). Code asks the record, never the key. */
export const tableFields: readonly TableField[] = [
  textField(
    'name',
    maxNameLength,
    {
      title: 'Name',
      examples: [''],
      markdownDescription: `The name in queries, up to ${maxNameLength} characters. It must be unique among tables and views. Renaming breaks queries that use the old name.`,
    },
    (value, _context, add) => {
      const warning = tableNameWarning(value);
      if (warning !== undefined) {
        add(['name'], 'name', warning, { severity: 'warning' });
      }
    },
  ),
  {
    key: 'format',
    schema: {
      title: 'Format',
      examples: tableFormats.slice(0, 2),
      markdownDescription:
        "The format of the files. After you change it, use **Refresh Schema**: PostHog doesn't reread the columns on its own.",
      ...proposals(tableFormats, formatTexts),
    },
    sentBy: 'patch',
    check: checkFormat,
  },
  textField(
    'url_pattern',
    maxUrlLength,
    {
      title: 'URL pattern',
      examples: [''],
      markdownDescription: `The location of the files, such as \`https://bucket.s3.amazonaws.com/orders/*.parquet\`, up to ${maxUrlLength} characters. Use wildcards in the path only. After you change it, use **Refresh Schema**.`,
    },
    checkUrl,
  ),
  {
    key: 'options',
    schema: {
      title: 'Options',
      markdownDescription: 'How CSV files are read. Newer servers only.',
      properties: {
        [doubleQuotesOption]: {
          title: 'Double quotes in CSV',
          examples: [true, false],
          markdownDescription:
            'Reads `""` inside a quoted value as one quote. Turn it on if queries fail on quoted values with commas.',
          ...proposals([true, false]),
        },
      },
    },
    sentBy: 'patch',
    toSend: optionsToSend,
    check: checkOptions,
  },
  {
    key: 'columns',
    schema: {
      title: 'Columns',
      examples: [{}],
      markdownDescription:
        'Column names and types. You can change types. To add or remove columns, change the files and use **Refresh Schema**.',
      additionalProperties: proposals(columnTypes, describedTypes()),
    },
    sentBy: 'updateSchema',
    check: checkColumns,
  },
];

/** How the server stores the value of a key, if not as it is. */
export const ruleOfTableKey = (key: string): FieldRule | undefined =>
  tableFields.find((one) => one.key === key)?.rule;

/** Keys that a document can't have, with what to do instead. */
const refusedKeys: ReadonlyMap<string, string> = new Map([
  [
    'deleted',
    'Deleting a table this way would leave its joins behind. Remove this and use "Delete Warehouse Table…".',
  ],
  [
    'credential',
    'Storage credentials don\'t belong in a document. Remove this and use "Replace Storage Credentials…".',
  ],
]);

/** Reports the problems with a changed value in a table document. */
export function checkTableValue(key: string, value: JsonValue, context: TableContext, add: Add): void {
  const field = tableFields.find((one) => one.key === key);
  if (field) {
    field.check(value, context, add);
    return;
  }
  const names = tableFields.map((one) => one.key);
  const known = new Intl.ListFormat('en').format(names);
  const refused = refusedKeys.get(key);
  add(
    [key],
    refused === undefined ? 'unknown-key' : key,
    refused ?? `PostHog would ignore "${key}". A table only has ${known}. Remove it.`,
    { atKey: true },
  );
}

/** A string field with a limited length. */
function textField(
  key: TableField['key'],
  max: number,
  schema: JsonObject,
  checkText: (value: string, context: TableContext, add: Add) => void,
): TableField {
  return {
    key,
    schema,
    sentBy: 'patch',
    rule: { type: 'string', trimmed: true },
    check: (value, context, add) => {
      if (!isText(key, value, add)) {
        return;
      }
      const length = Array.from(value.trim()).length;
      if (length === 0) {
        add([key], 'blank', `"${key}" can't be empty.`);
      } else if (length > max) {
        add([key], 'limit', `"${key}" can have up to ${max} characters, not ${length}.`);
      } else {
        checkText(value, context, add);
      }
    },
  };
}

function isText(key: string, value: JsonValue, add: Add): value is string {
  if (typeof value !== 'string') {
    add([key], 'type', `"${key}" must be a string.`);
  }
  return typeof value === 'string';
}

function describedTypes(): Record<string, string> {
  return Object.fromEntries(
    columnTypes.map((type) => {
      const doubt = columnTypeDoubt(type);
      return [type, `${columnTypeTexts[type] ?? ''}${doubt === undefined ? '' : ` – ${doubt}`}`];
    }),
  );
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
  for (const key of Object.keys(before).filter((one) => !Object.hasOwn(value, one))) {
    const remedy = isOn(key, before[key]) ? 'To turn it off, set it to false.' : 'Put it back.';
    add(['options', key], 'removed-option', `Removing "${key}" has no effect. ${remedy}`);
  }
}

/**
 * A table's options as sent. What PostHog does with options that are left out isn't known, so one that was on is turned
 * off. A document can't leave it out, but undoing the change that added it does.
 */
function optionsToSend(value: JsonValue, before: JsonValue | undefined): JsonValue {
  const gone = Object.entries(objectOf(before)).filter(([key, value]) => isOn(key, value));
  return isJsonObject(value) ? { ...Object.fromEntries(gone.map(([key]) => [key, false])), ...value } : value;
}

/** Whether it's an option that can be turned off, and is on. */
const isOn = (key: string, value: JsonValue | undefined): boolean =>
  key === doubleQuotesOption && value === true;

function checkFormat(value: JsonValue, _context: TableContext, add: Add): void {
  if (!isText('format', value, add)) {
    return;
  }
  if (value === reservedFormat) {
    const message = `PostHog only uses "${reservedFormat}" for its own materialized views. For a Delta Lake table, use "Delta".`;
    add(['format'], 'enum', message);
  } else if (!tableFormats.includes(value)) {
    const wanted = tableFormats.find((format) => format.toLowerCase() === value.trim().toLowerCase());
    const remedy = wanted ? ` Use "${wanted}".` : '';
    add(['format'], 'enum', `"format" must be one of ${tableFormats.join(', ')}.${remedy}`);
  }
}

/** The rules of *Link Table*. What only current servers reject is a warning if the server may be older. */
function checkUrl(value: string, { generation }: TableContext, add: Add): void {
  const refused = storageUrlProblem(value, generation ?? 'documented');
  const doubtful = refused ?? storageUrlProblem(value, 'current');
  if (doubtful !== undefined) {
    add(['url_pattern'], 'url', doubtful, { severity: refused === undefined ? 'warning' : 'error' });
  }
}

function checkColumns(value: JsonValue, context: TableContext, add: Add): void {
  const { takesTypes } = context;
  const base = objectOf(context.base.columns);
  if (!isJsonObject(value)) {
    add(['columns'], 'type', '"columns" must be an object of column names and types.');
    return;
  }
  for (const [name, type] of Object.entries(value)) {
    const path = columnPath(name);
    if (!Object.hasOwn(base, name)) {
      const message = `The table has no column "${name}". Columns come from the files. Change the files, then use "Refresh Schema".`;
      add(path, 'unknown-column', message, { atKey: true });
    } else if (type !== undefined && type !== base[name] && takesTypes === false) {
      const message = `PostHog doesn't allow API keys to change column types. Restore ${JSON.stringify(base[name])} and change the type in PostHog.`;
      add(path, 'types-need-sign-in', message);
    } else if (type !== undefined && type !== base[name]) {
      checkColumnType(name, type, add);
    }
  }
  for (const name of Object.keys(base).filter((one) => !Object.hasOwn(value, one))) {
    const message = `Column "${name}" can't be removed or renamed here. Columns come from the files. Restore it, or change the files and use "Refresh Schema".`;
    add(columnPath(name), 'removed-column', message);
  }
}

function checkColumnType(name: string, type: JsonValue, add: Add): void {
  const path = columnPath(name);
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
