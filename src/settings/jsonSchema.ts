import { settingsFields, settingsGroups, type SettingsField } from './catalogue';
import { descriptions, type FieldText } from './descriptions';
import { isJsonObject, type JsonObject, type JsonValue } from './json';
import type { FieldRule, ListRule } from './rules';
import { shapes } from './shapes';
import { columnTypes, doubleQuotesOption, doubtfulColumnTypes, tableFormats } from './table';
import { timezones } from './timezones';

export { timezones } from './timezones';

const draft = 'http://json-schema.org/draft-07/schema#';

/** The texts of a field; its key where a newer field has none yet. */
function textOf(key: string): FieldText {
  return descriptions[key] ?? { title: key, text: '' };
}

/** Meanings of the allowed values, which editors show beside each. */
const enumTexts = (values: readonly (string | number)[], texts: FieldText['values']): JsonObject =>
  texts ? { enumDescriptions: values.map((value) => texts[String(value)] ?? '') } : {};

function listSchema(rule: ListRule): JsonObject {
  const items = rule.items ? ruleSchema(rule.items, undefined) : {};
  return { type: 'array', items: rule.nullItems ? orNull(items) : items };
}

/** A rule of the catalogue as JSON schema. */
function ruleSchema(rule: FieldRule, texts: FieldText['values']): JsonObject {
  switch (rule.type) {
    case 'integer':
      return rule.values
        ? { enum: [...rule.values], ...enumTexts(rule.values, texts) }
        : {
            type: rule.fractions ? 'number' : 'integer',
            ...(rule.min === undefined ? {} : { minimum: rule.min }),
            ...(rule.max === undefined ? {} : { maximum: rule.max }),
          };
    case 'decimal':
      return {
        type: ['string', 'number'],
        pattern:
          rule.max === 1
            ? '^(0?\\.\\d{1,2}|0(\\.\\d{0,2})?|1(\\.0{0,2})?)$'
            : '^\\d(\\.\\d{0,2})?$|^\\.\\d{1,2}$',
        ...(rule.min === undefined ? {} : { minimum: rule.min }),
        ...(rule.max === undefined ? {} : { maximum: rule.max }),
      };
    case 'string':
      return rule.values
        ? { enum: [...rule.values], ...enumTexts(rule.values, texts) }
        : {
            type: 'string',
            ...(rule.minLength === undefined ? {} : { minLength: rule.minLength }),
            ...(rule.maxLength === undefined ? {} : { maxLength: rule.maxLength }),
          };
    case 'time':
      return {
        type: 'string',
        pattern: '^([01]?\\d|2[0-3]):[0-5]?\\d(:[0-5]?\\d(\\.\\d{1,6})?)?Z?$',
        patternErrorMessage: 'A time of day such as "02:00:00" (UTC).',
      };
    case 'timezone':
      // The list suggests; any other name is left to the server, which may know more.
      return { anyOf: [{ enum: [...timezones] }, { type: 'string' }] };
    case 'array':
      return listSchema(rule);
    case 'object':
      return { type: 'object' };
    case 'id':
      return { type: ['integer', 'string'] };
    case 'boolean':
      return { type: 'boolean' };
  }
}

/** The same schema, null allowed. */
function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values, anyOf } = schema;
  const meanings = schema.enumDescriptions;
  return {
    ...schema,
    ...(type === undefined ? {} : { type: [...(Array.isArray(type) ? type : [type]), 'null'] }),
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
    ...(Array.isArray(meanings) ? { enumDescriptions: [...meanings, 'Not set'] } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: [...anyOf, { type: 'null' }] } : {}),
  };
}

/** Fields that PostHog answers with null although it takes none: an untouched document must have no warnings. */
const nullWhenRead = new Set([
  'autocapture_exceptions_errors_to_ignore',
  'data_attributes',
  'test_account_filters',
  'revenue_analytics_config',
  'marketing_analytics_config',
  'customer_analytics_config',
]);

const writers = {
  member: 'Any member may write it.',
  admin: 'Only project admins may write it.',
  organizationAdmin: 'Only organization owners and admins may write it.',
} as const;

function howStored({ rule, patchMode, nullable }: SettingsField): string {
  const nullText = nullable ? ' null clears it.' : '';
  if (rule.type !== 'object') {
    return rule.type === 'array' ? `The list is replaced whole.${nullText}` : '';
  }
  if (patchMode('documented') === 'merge') {
    return `PostHog merges the keys that are sent into the stored ones; a key left out stays.${nullText}`;
  }
  return patchMode('current') === 'merge'
    ? `Current servers merge the keys that are sent into the stored ones, older ones replace the object.${nullText}`
    : `The object is replaced whole.${nullText}`;
}

function hover(field: SettingsField): string {
  const { text, initial, gate } = textOf(field.key);
  if (field.access !== 'writable') {
    return `${text}\n\nPostHog sets it; it cannot be saved.`;
  }
  const group = settingsGroups.find(({ id }) => id === field.group);
  return [
    text,
    [
      initial === undefined ? '' : `Starts as ${initial}.`,
      howStored(field),
      gate ?? '',
      writers[field.writeAccess],
      field.addedIn ? 'Only newer servers have it.' : '',
      field.removedIn ? 'Newer servers no longer have it among these settings.' : '',
    ]
      .filter(Boolean)
      .join(' '),
    group ? `*${group.title}*` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Fields that something else has replaced, not only moved. */
const replacedBy: Readonly<Record<string, string>> = {
  slack_incoming_webhook: 'PostHog has replaced webhooks by its Slack integration.',
  default_evaluation_environments_enabled: 'It is called "default_evaluation_contexts_enabled" today.',
};

/**
 * Marks a field that newer servers do not have. Only a value that is in use is called deprecated: a document that
 * nobody touched must not open with warnings.
 */
function retired({ key, removedIn }: SettingsField, schema: JsonObject): JsonObject {
  if (removedIn === undefined) {
    return schema;
  }
  const deprecationMessage = replacedBy[key];
  return deprecationMessage === undefined
    ? { ...schema, doNotSuggest: true }
    : { anyOf: [{ type: 'null' }, { ...schema, deprecationMessage }], doNotSuggest: true };
}

function fieldSchema(field: SettingsField): JsonObject {
  const { key, rule, nullable, access } = field;
  const { title, values } = textOf(key);
  const described = { title, markdownDescription: hover(field) };
  if (access !== 'writable') {
    // The save check says what to do about it; here it is only kept out of completion.
    return { ...described, doNotSuggest: true };
  }
  const shape = shapes[key] ?? ruleSchema(rule, values);
  return {
    ...described,
    ...retired(field, nullable || nullWhenRead.has(key) ? orNull(shape) : shape),
    ...(key === 'session_recording_retention_period' ? legacyRetention(shape) : {}),
  };
}

/** `legacy` can be read but not chosen. */
const legacyRetention = (shape: JsonObject): JsonObject => ({
  enum: undefined,
  enumDescriptions: undefined,
  anyOf: [
    { enum: shape.enum, enumDescriptions: shape.enumDescriptions },
    { type: 'string', pattern: '^legacy$' },
  ],
});

const properties = (fields: readonly SettingsField[]): JsonObject =>
  Object.fromEntries(fields.map((field) => [field.key, withoutUndefined(fieldSchema(field))]));

/** A copy without absent keys, so that the schema is plain JSON. */
function withoutUndefined(value: JsonObject): JsonObject {
  const plain = (item: JsonValue): JsonValue =>
    Array.isArray(item) ? item.map(plain) : isJsonObject(item) ? withoutUndefined(item) : item;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])),
  );
}

/**
 * The JSON schema (draft 7, with the extensions of VS Code's JSON editor) of a settings document. Further keys are
 * allowed: a newer server has fields that the catalogue does not know (API facts 4.5).
 */
export function settingsJsonSchema(): JsonObject {
  return {
    $schema: draft,
    title: 'Settings of a PostHog environment',
    type: 'object',
    properties: properties(settingsFields),
    additionalProperties: true,
  };
}

/** The JSON schema of the document from which an environment is created (API facts 4.6): the name is required. */
export function createEnvironmentJsonSchema(): JsonObject {
  return {
    ...settingsJsonSchema(),
    title: 'A new PostHog environment',
    required: ['name'],
    properties: properties(
      settingsFields.filter(
        ({ key, access, renamedTo }) => access === 'writable' && !renamedTo && key !== 'primary_dashboard',
      ),
    ),
    defaultSnippets: [{ label: 'A new environment', body: { name: '${1:Staging}' } }],
  };
}

const typeTexts: Readonly<Record<string, string>> = {
  integer: 'Whole numbers (Int64)',
  float: 'Fractions (Float64)',
  decimal: 'Exact decimals',
  string: 'Text',
  datetime: 'Date and time',
  date: 'Date',
  boolean: 'True or false',
  array: 'List',
  json: 'JSON object',
};

const formatTexts: Readonly<Record<string, string>> = {
  CSV: 'CSV without a header row',
  CSVWithNames: 'CSV whose first row holds the names',
  Parquet: 'Apache Parquet',
  JSONEachRow: 'One JSON object on each line',
  Delta: 'Delta Lake table',
};

/** The kinds that a column can be read as but not be given (API facts 2.1). */
const readOnlyKinds =
  '^(lazy_table|virtual_table|field_traverser|expression|view|materialized_view|unknown)$';

/** The JSON schema of a table document (API facts 2.1, 2.3, 2.5). */
export function tableJsonSchema(): JsonObject {
  return {
    $schema: draft,
    title: 'A PostHog warehouse table',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        type: 'string',
        minLength: 1,
        maxLength: 128,
        markdownDescription:
          'The name in queries, at most 128 characters. No other table or view may have it. Renaming breaks queries that use the old name.',
      },
      format: {
        title: 'Format',
        enum: [...tableFormats],
        enumDescriptions: tableFormats.map((format) => formatTexts[format] ?? ''),
        markdownDescription:
          'The format of the files. After a change, use *Refresh schema*: PostHog does not read the columns again on its own.',
      },
      url_pattern: {
        title: 'URL pattern',
        type: 'string',
        minLength: 1,
        maxLength: 500,
        markdownDescription:
          'Where the files are, such as `https://bucket.s3.amazonaws.com/orders/*.parquet`, at most 500 characters. Wildcards belong in the path. After a change, use *Refresh schema*.',
      },
      options: {
        title: 'Options',
        type: 'object',
        markdownDescription: 'How CSV files are read. Only newer servers have it.',
        properties: {
          [doubleQuotesOption]: {
            title: 'Doubled quotes in CSV',
            type: 'boolean',
            markdownDescription:
              'Reads `""` inside a quoted value as one quote. Turn it on when queries fail on quoted values with commas.',
          },
        },
      },
      columns: {
        title: 'Columns',
        type: 'object',
        markdownDescription:
          'Column name and type. Types can be changed; columns are added and removed by changing the files and using *Refresh schema*.',
        additionalProperties: {
          anyOf: [
            {
              enum: [...columnTypes],
              enumDescriptions: columnTypes.map(
                (type) =>
                  `${typeTexts[type] ?? ''}${doubtfulColumnTypes.includes(type) ? ' – PostHog probably cannot read the data with it' : ''}`,
              ),
            },
            { type: 'string', pattern: readOnlyKinds },
          ],
        },
      },
    },
    additionalProperties: true,
  };
}
