import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { settingsFields } from '../../../src/settings/catalogue';
import { descriptions } from '../../../src/settings/descriptions';
import {
  createEnvironmentJsonSchema,
  settingsJsonSchema,
  tableJsonSchema,
} from '../../../src/settings/jsonSchema';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/settings/json';
import { shapes } from '../../../src/settings/shapes';
import { columnTypes, tableFormats } from '../../../src/settings/table';
import { timezones } from '../../../src/settings/timezones';
import { documentedRequestKeys } from './documentedFields';
import { acceptedValues, refusedValues } from './ruleCases';

/** VS Code's own keywords are no part of draft 7; whatever else is unknown is a mistake in the schema. */
const editorKeywords = [
  'markdownDescription',
  'enumDescriptions',
  'defaultSnippets',
  'doNotSuggest',
  'deprecationMessage',
  'patternErrorMessage',
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

  it('accept every good value', () => {
    for (const [key, ...values] of acceptedValues) {
      for (const value of values) {
        assert.ok(
          settings({ [key]: value }),
          `${key}: ${JSON.stringify(value)}: ${ajv.errorsText(settings.errors)}`,
        );
      }
    }
  });

  it('complain about every value that the catalogue refuses', () => {
    // What a schema cannot say, or leaves to the check on purpose: an untouched document may hold it.
    const beyond = [
      'autocapture_exceptions_errors_to_ignore:limit',
      'app_urls:wildcards',
      'logs_settings:readonly',
      'conversations_settings:readonly',
      'name:blank',
    ];
    for (const { key, value, code } of refusedValues) {
      const { type } = property(settingsJsonSchema(), key);
      const readsNull = value === null && Array.isArray(type) && type.includes('null');
      if (!readsNull && !beyond.includes(`${key}:${code}`)) {
        assert.ok(!settings({ [key]: value }), `${key}: ${JSON.stringify(value)}`);
      }
    }
  });

  it('accept an environment as servers answer it, whose untouched values must have no warnings', () => {
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

  it('describe every field: its title, its meaning and who may write it', () => {
    assert.deepEqual(
      Object.keys(descriptions).sort(),
      settingsFields.map(({ key }) => key).sort(),
      'a text for each field, and none for anything else',
    );
    const schema = settingsJsonSchema();
    for (const { key, access, writeAccess } of settingsFields) {
      const { title, markdownDescription, doNotSuggest } = property(schema, key);
      assert.ok(typeof title === 'string' && title !== '', key);
      assert.ok(typeof markdownDescription === 'string', key);
      if (access === 'writable') {
        const who = {
          member: /Any member/,
          admin: /Only project admins/,
          organizationAdmin: /owners and admins/,
        };
        assert.match(markdownDescription, who[writeAccess]);
      } else {
        assert.equal(doNotSuggest, true, key);
      }
    }
  });

  it('describe every allowed value that has a description list', () => {
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
    assert.ok(Array.isArray(property(settingsJsonSchema(), 'week_start_day').enumDescriptions));
  });

  it('suggest every time zone', () => {
    const { anyOf } = property(settingsJsonSchema(), 'timezone');
    assert.ok(Array.isArray(anyOf) && isJsonObject(anyOf[0]));
    assert.deepEqual(anyOf[0].enum, timezones);
  });

  it('call a retired field deprecated only where it is in use', () => {
    for (const key of ['slack_incoming_webhook', 'default_evaluation_environments_enabled']) {
      const { anyOf, doNotSuggest, deprecationMessage } = property(settingsJsonSchema(), key);
      assert.equal(doNotSuggest, true);
      assert.equal(deprecationMessage, undefined);
      assert.ok(Array.isArray(anyOf) && isJsonObject(anyOf[0]) && isJsonObject(anyOf[1]));
      assert.deepEqual(anyOf[0], { type: 'null' });
      assert.equal(typeof anyOf[1].deprecationMessage, 'string');
    }
    assert.equal(property(settingsJsonSchema(), 'experiment_recalculation_time').doNotSuggest, true);
  });

  it('have no shape for a field that does not exist', () => {
    const keys = settingsFields.map(({ key }) => key);
    assert.deepEqual(
      Object.keys(shapes).filter((key) => !keys.includes(key)),
      [],
    );
  });

  it('for creating need the name and offer what may be set then', () => {
    assert.ok(create({ name: 'Staging', timezone: 'UTC' }));
    assert.ok(!create({ timezone: 'UTC' }));
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

  it('for tables take every type and format, and the kinds that are only read', () => {
    for (const type of [...columnTypes, 'unknown', 'lazy_table', 'expression']) {
      assert.ok(
        table({ name: 'a', format: 'CSV', url_pattern: 'https://example.com', columns: { a: type } }),
        type,
      );
    }
    for (const format of tableFormats) {
      assert.ok(table({ format }));
    }
    assert.ok(!table({ columns: { a: 'Float' } }));
    assert.ok(!table({ format: 'csv' }));
    assert.ok(!table({ name: 'x'.repeat(129) }));
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
});
