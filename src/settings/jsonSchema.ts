import { settingsFields, settingsGroups, type SettingsField } from './catalogue';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json';
import { exampleItem, snippetBody } from './exampleItem';
import { expected } from './ruleCheck';
import type { FieldRule, ObjectRule } from './rules';
import { timezones } from './timezones';

/*
 * The schemas only guide: titles and descriptions on hover, keys and values in completion. They never report problems.
 * The check does, with better messages and with the server's answer at hand. Two checks would report every mistake
 * twice and disagree about null.
 */

/** The schemas' dialect. */
export const draft = 'http://json-schema.org/draft-07/schema#';

/** Suggested values with their meanings. Other values are allowed. */
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

/** What a rule suggests. */
function guide(rule: FieldRule, takesNull: boolean): JsonObject {
  return {
    ...(rule.text === undefined ? {} : { markdownDescription: rule.text }),
    ...(rule.snippets
      ? { defaultSnippets: rule.snippets.map((one) => ({ ...one })) }
      : { examples: placeholders(rule) }),
    ...content(rule, takesNull),
  };
}

/**
 * What completion of a key inserts after its colon. A schema without a type, items, or properties has to specify it: VS
 * Code's JSON editor omits the colon if it can't guess a value.
 */
function placeholders(rule: FieldRule): JsonValue[] {
  switch (rule.type) {
    case 'boolean':
      return [true, false];
    case 'integer':
      return [...(rule.values ?? [0])].slice(0, 2);
    case 'string':
      return [...(rule.values ?? [rule.example ?? ''])].slice(0, 2);
    case 'timezone':
      return ['UTC'];
    case 'time':
      return ['02:00:00'];
    case 'decimal':
      return [1];
    case 'id':
      return [0];
    case 'array':
      return rule.items ? [] : [[]];
    case 'object':
      return rule.keys ? [] : [{}];
    case 'union':
      return rule.of.slice(0, 1).flatMap(placeholders);
    case 'any':
      return [''];
  }
}

/** Suggestions for an item: at least an example of an object. */
function itemGuide(rule: FieldRule): JsonObject {
  const described = nested(rule, false);
  const example = exampleItem(rule);
  const fits = rule.type === 'union' ? rule.of.some(({ type }) => type === 'object') : rule.type === 'object';
  if (rule.snippets || !fits || !isJsonObject(example) || Object.keys(example).length === 0) {
    return described;
  }
  const description = `With ${Object.keys(example).join(', ')}`;
  return {
    ...described,
    defaultSnippets: [{ label: 'New item', body: snippetBody(example), description }],
  };
}

/** Suggestions for a part of a setting, with a text about what it accepts. */
function nested(rule: FieldRule, takesNull: boolean): JsonObject {
  const wanted =
    rule.type === 'any' ? 'Any value.' : `Must be ${expected(rule)}${takesNull ? ', or null' : ''}.`;
  const plain = rule.type === 'object' || rule.type === 'array' || rule.type === 'boolean';
  const text = [rule.text, rule.text !== undefined && plain ? '' : wanted].filter(Boolean).join(' ');
  return { ...guide(rule, takesNull), ...(text === '' ? {} : { markdownDescription: text }) };
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
      return rule.items ? { items: itemGuide(rule.items) } : {};
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
              {
                ...nested(rule, takesNull(key, rule)),
                ...(kept.includes(key) ? { doNotSuggest: true } : {}),
              },
            ]),
          ),
        }
      : {}),
    ...(each ? { additionalProperties: nested(each, !each.notNull) } : {}),
  };
}

const writers = {
  member: 'Any member can change it.',
  admin: 'Project admins only.',
  organizationAdmin: 'Organization owners and admins only.',
} as const;

function howStored({ rule, patchMode, nullable }: SettingsField): string {
  const nullText = nullable ? ' `null` clears it.' : '';
  if (rule.type !== 'object') {
    return rule.type === 'array' ? `Saving replaces the whole list.${nullText}` : '';
  }
  if (patchMode('documented') === 'merge') {
    return `Saving merges the keys: a key that is left out keeps its value.${nullText}`;
  }
  return patchMode('current') === 'merge'
    ? `Saving merges the keys on current servers and replaces the whole object on older ones.${nullText}`
    : `Saving replaces the whole object.${nullText}`;
}

/** What to know before changing a field. */
function caution({ risk = 'harmless', needs = [] }: SettingsField): string[] {
  const names = needs.map((key) => `\`${key}\``);
  return [
    needs.length > 0
      ? `Has no effect unless ${names.join(' and ')} ${needs.length > 1 ? 'are' : 'is'} set.`
      : '',
    risk === 'harmless' ? '' : risk.map(({ reason }) => `- ${reason}`).join('\n'),
  ];
}

function hover(field: SettingsField): string {
  const { text, initial, gate, synonyms = [] } = field;
  if (field.access !== 'writable') {
    return `${text}\n\nRead-only: PostHog sets it.`;
  }
  const group = settingsGroups.find(({ id }) => id === field.group);
  return [
    text,
    [
      howStored(field),
      gate ?? '',
      writers[field.writeAccess],
      initial === undefined ? '' : `Default: ${initial}.`,
      field.addedIn ? 'Newer servers only.' : '',
      field.removedIn ? 'Removed from the settings of newer servers.' : '',
      field.replacedBy ?? '',
      field.noSection === undefined ? '' : `Not on PostHog's settings page: ${field.noSection}.`,
    ]
      .filter(Boolean)
      .join(' '),
    ...caution(field),
    [group ? `*${group.title}*` : '', synonyms.length > 0 ? `also known as ${synonyms.join(', ')}` : '']
      .filter(Boolean)
      .join(' · '),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function fieldSchema(field: SettingsField): JsonObject {
  const { rule, nullable, access, title, removedIn } = field;
  return {
    // The record's text comes last, because it says more than the rule's.
    ...(access === 'writable' ? guide(rule, nullable) : {}),
    title,
    markdownDescription: hover(field),
    ...(access !== 'writable' || removedIn ? { doNotSuggest: true } : {}),
  };
}

/** The schema of each field, by key. */
export const properties = (fields: readonly SettingsField[]): JsonObject =>
  Object.fromEntries(fields.map((field) => [field.key, fieldSchema(field)]));

/**
 * The JSON schema of a settings document: draft 7, with the extensions of VS Code's JSON editor.
 */
export function settingsJsonSchema(): JsonObject {
  return {
    $schema: draft,
    title: 'PostHog environment settings',
    properties: properties(settingsFields),
  };
}

/** The JSON schema of a document that creates an environment (API facts 4.6). */
export function createEnvironmentJsonSchema(): JsonObject {
  return {
    ...settingsJsonSchema(),
    title: 'New PostHog environment',
    properties: properties(
      settingsFields.filter(
        ({ access, renamedTo, notOnCreation }) =>
          access === 'writable' && !renamedTo && notOnCreation === undefined,
      ),
    ),
    defaultSnippets: [{ label: 'New environment', body: { name: '${1:Staging}' } }],
  };
}
