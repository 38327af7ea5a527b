import { settingsFields, settingsGroups, type SettingsField } from './catalogue';
import type { JsonObject } from '../json/json';
import type { FieldRule, ObjectRule } from './rules';
import { columnTypes, doubleQuotesOption, doubtfulColumnTypes, tableFormats } from '../warehouse/table';
import { timezones } from './timezones';

export { timezones } from './timezones';

/*
 * The schemas guide: titles and meanings on hover, keys and values in completion. They find fault with nothing, for
 * the check of the catalogue does, with better words and with what the server said at hand: two checks would list a
 * mistake twice and disagree about null.
 */

const draft = 'http://json-schema.org/draft-07/schema#';

/** Values to propose, each with what it means, any other value allowed. */
function proposals(
  values: readonly (string | number | boolean | null)[],
  meanings: Readonly<Record<string, string>> = {},
): JsonObject {
  if (values.length === 0) {
    return {};
  }
  const texts = values.map((value) => (value === null ? 'Not set' : (meanings[String(value)] ?? '')));
  const details = Object.keys(meanings).length > 0 ? { enumDescriptions: texts, enumDetails: texts } : {};
  return { anyOf: [{ enum: [...values], ...details }, {}] };
}

/** What a rule proposes. */
function guide(rule: FieldRule, takesNull: boolean): JsonObject {
  return {
    ...(rule.text === undefined ? {} : { markdownDescription: rule.text }),
    ...(rule.snippets ? { defaultSnippets: rule.snippets.map((one) => ({ ...one })) } : {}),
    ...content(rule, takesNull),
  };
}

function content(rule: FieldRule, takesNull: boolean): JsonObject {
  const orNull = takesNull ? [null] : [];
  switch (rule.type) {
    case 'boolean':
      return proposals([true, false, ...orNull]);
    case 'integer':
    case 'string':
      return rule.values ? proposals([...rule.values, ...orNull], rule.meanings) : proposals(orNull);
    case 'timezone':
      return proposals(timezones);
    case 'array':
      return rule.items ? { items: guide(rule.items, false) } : {};
    case 'object':
      return objectGuide(rule);
    case 'union':
      return Object.assign({}, ...rule.of.map((one) => content(one, false))) as JsonObject;
    case 'decimal':
    case 'time':
    case 'id':
      return proposals(orNull);
    case 'any':
      return {};
  }
}

function objectGuide({ keys, each, required = [], hidden, kept = [] }: ObjectRule): JsonObject {
  const takesNull = (key: string, rule: FieldRule): boolean => !rule.notNull && !required.includes(key);
  const shown = Object.entries(keys ?? {}).filter(([key]) => !hidden?.test(key));
  return {
    ...(keys
      ? {
          properties: Object.fromEntries(
            shown.map(([key, rule]) => [
              key,
              { ...guide(rule, takesNull(key, rule)), ...(kept.includes(key) ? { doNotSuggest: true } : {}) },
            ]),
          ),
        }
      : {}),
    ...(each ? { additionalProperties: guide(each, !each.notNull) } : {}),
  };
}

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
  const { text, initial, gate } = field;
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
      field.replacedBy ?? '',
    ]
      .filter(Boolean)
      .join(' '),
    group ? `*${group.title}*` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

function fieldSchema(field: SettingsField): JsonObject {
  const { rule, nullable, access, title, removedIn } = field;
  return {
    // Where the rule has a text of its own, the record's, which says more, comes last.
    ...(access === 'writable' ? guide(rule, nullable) : {}),
    title,
    markdownDescription: hover(field),
    ...(access !== 'writable' || removedIn ? { doNotSuggest: true } : {}),
  };
}

const properties = (fields: readonly SettingsField[]): JsonObject =>
  Object.fromEntries(fields.map((field) => [field.key, fieldSchema(field)]));

/**
 * The JSON schema (draft 7, with the extensions of VS Code's JSON editor) of a settings document.
 */
export function settingsJsonSchema(): JsonObject {
  return {
    $schema: draft,
    title: 'Settings of a PostHog environment',
    properties: properties(settingsFields),
  };
}

/** The JSON schema of the document from which an environment is created (API facts 4.6). */
export function createEnvironmentJsonSchema(): JsonObject {
  return {
    ...settingsJsonSchema(),
    title: 'A new PostHog environment',
    properties: properties(
      settingsFields.filter(
        ({ access, renamedTo, notOnCreation }) =>
          access === 'writable' && !renamedTo && notOnCreation === undefined,
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

/** The JSON schema of a table document (API facts 2.1, 2.3, 2.5, 9.2). */
export function tableJsonSchema(): JsonObject {
  const formats = proposals(tableFormats, formatTexts);
  const doubt = ' – PostHog probably cannot read the data with it';
  const types = Object.fromEntries(
    columnTypes.map((type) => [
      type,
      `${typeTexts[type] ?? ''}${doubtfulColumnTypes.includes(type) ? doubt : ''}`,
    ]),
  );
  return {
    $schema: draft,
    title: 'A PostHog warehouse table',
    properties: {
      name: {
        title: 'Name',
        markdownDescription:
          'The name in queries, at most 128 characters. No other table or view may have it. Renaming breaks queries that use the old name.',
      },
      format: {
        title: 'Format',
        markdownDescription:
          'The format of the files. After a change, use *Refresh schema*: PostHog does not read the columns again on its own.',
        ...formats,
      },
      url_pattern: {
        title: 'URL pattern',
        markdownDescription:
          'Where the files are, such as `https://bucket.s3.amazonaws.com/orders/*.parquet`, at most 500 characters. Wildcards belong in the path. After a change, use *Refresh schema*.',
      },
      options: {
        title: 'Options',
        markdownDescription: 'How CSV files are read. Only newer servers have it.',
        properties: {
          [doubleQuotesOption]: {
            title: 'Doubled quotes in CSV',
            markdownDescription:
              'Reads `""` inside a quoted value as one quote. Turn it on when queries fail on quoted values with commas.',
            ...proposals([true, false]),
          },
        },
      },
      columns: {
        title: 'Columns',
        markdownDescription:
          'Column name and type. Types can be changed; columns are added and removed by changing the files and using *Refresh schema*.',
        additionalProperties: proposals(columnTypes, types),
      },
    },
  };
}
