import { settingsFields, settingsGroups, type SettingsField } from './catalogue';
import type { JsonObject } from '../json/json';
import type { FieldRule, ObjectRule } from './rules';
import { timezones } from './timezones';

/*
 * The schemas guide: titles and meanings on hover, keys and values in completion. They find fault with nothing, for
 * the check of the catalogue does, with better words and with what the server said at hand: two checks would list a
 * mistake twice and disagree about null.
 */

/** The dialect of the schemas. */
export const draft = 'http://json-schema.org/draft-07/schema#';

/** Values to propose, each with what it means, any other value allowed. */
export function proposals(
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
  admin: 'Project admins only.',
  organizationAdmin: 'Organization owners and admins only.',
} as const;

function howStored({ rule, patchMode, nullable }: SettingsField): string {
  const nullText = nullable ? ' null clears it.' : '';
  if (rule.type !== 'object') {
    return rule.type === 'array' ? `Saving replaces the whole list.${nullText}` : '';
  }
  if (patchMode('documented') === 'merge') {
    return `PostHog merges the keys that are sent into the stored ones; a key left out stays.${nullText}`;
  }
  return patchMode('current') === 'merge'
    ? `Current servers merge the keys that are sent into the stored ones, older ones replace the object.${nullText}`
    : `Saving replaces the whole object.${nullText}`;
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
      initial === undefined ? '' : `Default: ${initial}.`,
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
