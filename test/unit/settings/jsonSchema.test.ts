import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { settingsFields, type SettingsField } from '../../../src/settings/catalogue';
import { createEnvironmentJsonSchema, settingsJsonSchema } from '../../../src/settings/jsonSchema';
import { tableJsonSchema } from '../../../src/warehouse/tableSchema';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import { exampleItem, snippetBody } from '../../../src/settings/exampleItem';
import { breaches } from '../../../src/settings/ruleCheck';
import type { FieldRule } from '../../../src/settings/rules';
import { columnTypes, tableFormats } from '../../../src/warehouse/table';
import { timezones } from '../../../src/settings/timezones';
import { documentedRequestKeys } from './documentedFields';
import { checkSettings } from '../../../src/settings/check';
import { checkTable } from '../../../src/warehouse/table';
import { checkNewEnvironment } from '../../../src/settings/newEnvironment';
import { parseDocument } from '../../../src/json/parse';
import { acceptedValues, refusedValues } from './ruleCases';

/** VS Code's own keywords aren't part of draft 7; any other unknown one is an error in the schema. */
const editorKeywords = [
  'markdownDescription',
  'enumDescriptions',
  'enumDetails',
  'defaultSnippets',
  'doNotSuggest',
];
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
ajv.addVocabulary(editorKeywords);

const settings = ajv.compile(settingsJsonSchema());
const create = ajv.compile(createEnvironmentJsonSchema());
const table = ajv.compile(tableJsonSchema());

function property(schema: JsonObject, key: string): JsonObject {
  assert.ok(isJsonObject(schema.properties));
  const found = schema.properties[key];
  assert.ok(isJsonObject(found), key);
  return found;
}

describe('JSON schemas', () => {
  const all: [name: string, schema: JsonObject][] = [
    ['settings', settingsJsonSchema()],
    ['create', createEnvironmentJsonSchema()],
    ['table', tableJsonSchema()],
  ];
  for (const [name, schema] of all) {
    it(`for ${name} are plain JSON and valid draft 7`, () => {
      assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
      assert.ok(ajv.validateSchema(schema), ajv.errorsText());
    });
  }

  it('accept every valid value', () => {
    for (const [key, ...values] of acceptedValues) {
      for (const value of values) {
        assert.ok(
          settings({ [key]: value }),
          `${key}: ${JSON.stringify(value)}: ${ajv.errorsText(settings.errors)}`,
        );
      }
    }
  });

  it('B9: an error is listed once: the schema finds none, the check finds each', () => {
    for (const { key, value } of refusedValues) {
      assert.ok(settings({ [key]: value }), `${key}: ${ajv.errorsText(settings.errors)}`);
      const document = parseDocument(JSON.stringify({ [key]: value }));
      assert.ok(document.ok);
      const base = { [key]: 'something else' };
      const found = checkSettings(document, { base, generation: 'current' });
      assert.equal(found.length, 1, `${key}: ${JSON.stringify(value)}`);
    }
    const nameless = parseDocument('{}');
    assert.ok(nameless.ok && create({}) && checkNewEnvironment(nameless, 'current').length === 1);
    const wrong = parseDocument(
      '{ "name": 5, "format": "csv", "url_pattern": "", "columns": { "a": "Float" } }',
    );
    assert.ok(wrong.ok && table(wrong.value));
    const base = {
      name: 'a',
      format: 'CSV',
      url_pattern: 'https://example.com/a',
      columns: { a: 'integer' },
    };
    assert.equal(checkTable(wrong, { base, generation: 'current' }).length, 4);
  });

  it('B9: only the catalogue decides about null', () => {
    for (const { key, nullable } of settingsFields.filter(({ access }) => access === 'writable')) {
      assert.ok(settings({ [key]: null }), key);
      const document = parseDocument(JSON.stringify({ [key]: null }));
      assert.ok(document.ok);
      const found = checkSettings(document, { base: { [key]: 'something' }, generation: 'current' });
      assert.deepEqual(
        found.map(({ code }) => code),
        nullable ? [] : ['null'],
        key,
      );
    }
  });

  it('accept an environment as servers return it, without warnings', () => {
    const answered: JsonObject = {
      name: 'Production',
      autocapture_exceptions_errors_to_ignore: null,
      session_recording_sample_rate: '0.40',
      session_recording_retention_period: 'legacy',
      timezone: 'America/Coyhaique',
      experiment_recalculation_time: '14:15:22Z',
      default_experiment_confidence_level: '0.95',
      revenue_analytics_config: { base_currency: 'USD', events: [], goals: [], filter_test_accounts: false },
      marketing_analytics_config: {
        sources_map: { abc: { campaign: 'c', source: null } },
        conversion_goals: [],
        attribution_window_days: 90,
        attribution_mode: 'last_touch',
        campaign_name_mappings: { google: { spring: ['spring_sale'] } },
        custom_source_mappings: { google: ['adwords'] },
        campaign_field_preferences: {},
      },
      customer_analytics_config: { activity_event: null, signup_event: { kind: 'EventsNode', event: 'a' } },
      logs_settings: { retention_days: 14, retention_last_updated: '2026-01-05T10:00:00Z', extra: 1 },
      has_completed_onboarding_for: { product_analytics: true },
      brand_new_field: { a: 1 },
    };
    assert.ok(settings(answered), ajv.errorsText(settings.errors));
    for (const field of settingsFields.filter(({ access, nullable }) => access === 'writable' && nullable)) {
      assert.ok(settings({ [field.key]: null }), field.key);
    }
  });

  it('describe every field: its title, its meaning and who can change it', () => {
    const schema = settingsJsonSchema();
    for (const { key, access, writeAccess } of settingsFields) {
      const { title, markdownDescription, doNotSuggest } = property(schema, key);
      assert.ok(typeof title === 'string' && title !== '', key);
      assert.ok(typeof markdownDescription === 'string' && !markdownDescription.startsWith('\n'), key);
      if (access === 'writable') {
        const who = {
          member: /Any member can change it\./,
          admin: /Project admins only\./,
          organizationAdmin: /Organization owners and admins only\./,
        };
        assert.match(markdownDescription, who[writeAccess]);
      } else {
        assert.equal(doNotSuggest, true, key);
      }
    }
  });

  it('describe every allowed value that has a description', () => {
    const visit = (value: JsonValue | undefined): void => {
      if (Array.isArray(value)) {
        value.forEach(visit);
      } else if (isJsonObject(value)) {
        if (Array.isArray(value.enum) && Array.isArray(value.enumDescriptions)) {
          assert.equal(value.enum.length, value.enumDescriptions.length);
          assert.ok(value.enumDescriptions.every((text) => typeof text === 'string' && text !== ''));
        }
        Object.values(value).forEach(visit);
      }
    };
    all.forEach(([, schema]) => visit(schema));
  });

  it('suggest every time zone', () => {
    const { anyOf } = property(settingsJsonSchema(), 'timezone');
    assert.ok(Array.isArray(anyOf) && isJsonObject(anyOf[0]));
    assert.deepEqual(anyOf[0].enum, timezones);
  });

  it('D: values that are numbers or null have a label in completion', () => {
    const labels = (key: string): unknown => {
      const { anyOf } = property(settingsJsonSchema(), key);
      return Array.isArray(anyOf) && isJsonObject(anyOf[0]) ? anyOf[0].enumDetails : undefined;
    };
    assert.deepEqual(labels('week_start_day'), ['Sunday', 'Monday', 'Not set']);
    assert.deepEqual(labels('cookieless_server_hash_mode'), ['Disabled', 'Stateless', 'Stateful', 'Not set']);
    for (const { key, rule, access } of settingsFields) {
      if (access === 'writable' && rule.type === 'integer' && rule.values) {
        assert.ok(Array.isArray(labels(key)), key);
      }
    }
  });

  it("don't suggest a retired field", () => {
    for (const { key, removedIn } of settingsFields.filter(({ access }) => access === 'writable')) {
      assert.equal(property(settingsJsonSchema(), key).doNotSuggest, removedIn ? true : undefined, key);
    }
  });

  it('B9: every suggested key includes its colon, because the editor can guess a value', () => {
    const keysOf = (schema: JsonObject, path: string): [path: string, schema: JsonObject][] =>
      Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).flatMap(([key, below]) =>
        isJsonObject(below) && below.doNotSuggest !== true
          ? [[`${path}${key}`, below] as [string, JsonObject], ...keysOf(below, `${path}${key}.`)]
          : [],
      );
    const guesses = ({ defaultSnippets, examples, properties, items }: JsonObject): boolean =>
      [defaultSnippets, examples].some((one) => Array.isArray(one) && one.length > 0) ||
      [properties, items].some((one) => one !== undefined);
    for (const [name, schema] of all) {
      for (const [path, below] of keysOf(schema, `${name}: `)) {
        assert.ok(guesses(below), path);
      }
    }
  });

  it('for creating offer what can be set on creation', () => {
    assert.ok(create({ name: 'Staging', timezone: 'UTC' }));
    const schema = createEnvironmentJsonSchema();
    assert.ok(isJsonObject(schema.properties));
    for (const key of ['primary_dashboard', 'access_control', 'id', 'secret_api_token']) {
      assert.ok(!Object.hasOwn(schema.properties, key), key);
    }
    const missing = documentedRequestKeys.filter(
      (key) => !Object.hasOwn(schema.properties as JsonObject, key),
    );
    assert.deepEqual(missing, ['access_control', 'primary_dashboard']);
  });

  it('for tables accept every type and format, and the kinds that are read-only', () => {
    for (const type of [...columnTypes, 'unknown', 'lazy_table', 'expression']) {
      assert.ok(
        table({ name: 'a', format: 'CSV', url_pattern: 'https://example.com', columns: { a: type } }),
        type,
      );
    }
    for (const format of tableFormats) {
      assert.ok(table({ format }));
    }
  });

  it('never make a validator throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const validate of [settings, create, table]) {
          validate(value);
        }
      }),
    );
  });

  /** All array rules of the catalogue, with the paths of their items. */
  function itemRules(rule: FieldRule, path: string): readonly (readonly [string, FieldRule])[] {
    switch (rule.type) {
      case 'array':
        return rule.items ? [[path, rule.items], ...itemRules(rule.items, `${path}[]`)] : [];
      case 'object':
        return [
          ...Object.entries(rule.keys ?? {}),
          ...(rule.each ? [['*', rule.each] as const] : []),
        ].flatMap(([key, one]) => itemRules(one, `${path}.${key}`));
      case 'union':
        return rule.of.flatMap((one) => itemRules(one, path));
      default:
        return [];
    }
  }

  it('11: items offer a filled-in example that PostHog accepts', () => {
    const found: string[] = [];
    for (const field of settingsFields.filter(({ access }) => access === 'writable')) {
      for (const [path, rule] of itemRules(field.rule, field.key)) {
        const example = exampleItem(rule);
        const made: SettingsField = { ...field, rule, nullable: true };
        assert.deepEqual(
          breaches(made, example, undefined, { generation: 'current' }).filter(({ certain }) => certain),
          [],
          path,
        );
        if (isJsonObject(example) && Object.keys(example).length > 0) {
          found.push(path);
        }
      }
    }
    assert.ok(found.includes('session_recording_trigger_groups.groups'), found.join(', '));
    assert.ok(found.length > 8, found.join(', '));
  });

  it('11: items that are strings offer an example, too, not an empty string', () => {
    const silent: string[] = [];
    const look = (schema: JsonValue | undefined, path: string): void => {
      if (!isJsonObject(schema)) {
        return;
      }
      const { items } = schema;
      if (isJsonObject(items) && Array.isArray(items.examples) && items.examples.includes('')) {
        silent.push(path);
      }
      look(items, `${path}[]`);
      look(schema.additionalProperties, `${path}.*`);
      for (const [key, one] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
        look(one, `${path}.${key}`);
      }
    };
    look(settingsJsonSchema(), '');
    assert.deepEqual(silent, []);
    const { items } = property(settingsJsonSchema(), 'recording_domains');
    assert.ok(isJsonObject(items));
    assert.deepEqual(items.examples, ['https://example.com']);
  });

  it('11: an example is a snippet with tab stops', () => {
    const groups = property(property(settingsJsonSchema(), 'session_recording_trigger_groups'), 'groups');
    assert.ok(isJsonObject(groups.items));
    assert.deepEqual(groups.items.defaultSnippets, [
      {
        label: 'New item',
        body: { id: '${1:id}', sampleRate: 1, conditions: {} },
        description: 'With id, sampleRate, conditions',
      },
    ]);
    assert.equal(snippetBody('a$b}c\\d'), '${1:a\\$b\\}c\\\\d}');
  });

  it('11: keys inside settings describe their values', () => {
    const modifiers = property(settingsJsonSchema(), 'modifiers');
    assert.equal(
      property(modifiers, 'bounceRateDurationSeconds').markdownDescription,
      'Must be a number from 1 to 120, or null.',
    );
    const silent: string[] = [];
    const look = (schema: JsonValue | undefined, path: string): void => {
      if (!isJsonObject(schema)) {
        return;
      }
      for (const [key, one] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
        if (isJsonObject(one) && one.markdownDescription === undefined) {
          silent.push(`${path}.${key}`);
        }
        look(one, `${path}.${key}`);
      }
      look(schema.items, `${path}[]`);
      look(schema.additionalProperties, `${path}.*`);
    };
    look(settingsJsonSchema(), '');
    assert.deepEqual(silent, []);
  });
});
