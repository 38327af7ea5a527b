import assert from 'node:assert/strict';
import { settingsField, settingsFields } from '../../../src/settings/catalogue';
import { checkSettings } from '../../../src/settings/check';
import { formatDocument } from '../../../src/settings/document';
import { settingsJsonSchema } from '../../../src/settings/jsonSchema';
import { risksOf } from '../../../src/settings/risk';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import { parseDocument } from '../../../src/json/parse';

const writable = settingsFields.filter(({ access }) => access === 'writable');

function hoverOf(key: string): string {
  const { properties } = settingsJsonSchema();
  const schema = isJsonObject(properties) ? properties[key] : undefined;
  assert.ok(isJsonObject(schema) && typeof schema.markdownDescription === 'string');
  return schema.markdownDescription;
}

function kinds(key: string, from: JsonValue | undefined, to: JsonValue | undefined): string[] {
  const field = settingsField(key);
  assert.ok(field);
  return risksOf(field, from, to).map(({ kind }) => kind);
}

describe('the risks of a setting', () => {
  it('10.4: every writable field has a title, a text, and either a risk or `harmless', () => {
    for (const { key, title, text, risk } of writable) {
      assert.match(title, /^[A-Z]/, key);
      assert.match(text, /^[A-Z`].*\.$/, key);
      assert.ok(risk !== undefined, key);
      for (const { reason } of risk === 'harmless' ? [] : risk) {
        assert.match(reason, /^[A-Z`].*\.$/, key);
        assert.ok(hoverOf(key).includes(`- ${reason}`), key);
      }
    }
  });

  it('10.4: the reason says whether data stops or is exposed', () => {
    for (const key of [
      'session_recording_opt_in',
      'session_recording_retention_period',
      'anonymize_ips',
      'app_urls',
      'recording_domains',
      'autocapture_opt_out',
      'slack_incoming_webhook',
      'session_recording_network_payload_capture_config',
      'session_recording_masking_config',
      'logs_settings',
    ]) {
      assert.notEqual(settingsField(key)?.risk, 'harmless', key);
    }
  });

  it('10.4: the risk depends on the direction of the change', () => {
    assert.deepEqual(kinds('anonymize_ips', true, false), ['exposes']);
    assert.deepEqual(kinds('anonymize_ips', false, true), ['stops']);
    assert.deepEqual(kinds('autocapture_opt_out', false, true), ['stops']);
    assert.deepEqual(kinds('session_recording_sample_rate', '0.40', 0.2), ['stops']);
    assert.deepEqual(kinds('autocapture_exceptions_errors_to_ignore', [], ['a']), ['stops']);
    assert.deepEqual(kinds('autocapture_exceptions_errors_to_ignore', ['a'], []), []);
    assert.deepEqual(kinds('session_recording_event_trigger_config', [], ['a']), ['stops']);
    assert.deepEqual(kinds('session_recording_event_trigger_config', ['a'], []), ['exposes']);
    assert.deepEqual(kinds('session_recording_sample_rate', '0.40', '0.5'), ['exposes']);
    assert.deepEqual(kinds('session_recording_retention_period', '1y', '30d'), ['stops']);
    assert.deepEqual(kinds('session_recording_retention_period', '30d', '5y'), ['exposes']);
    assert.deepEqual(kinds('session_recording_sample_rate', '0.40', null), ['stops', 'exposes']);
    assert.deepEqual(kinds('timezone', 'UTC', 'Europe/Berlin'), ['reports']);
    assert.deepEqual(kinds('name', 'a', 'b'), []);
  });

  it('10.4: a setting only needs settings of the same document', () => {
    const keys = writable.map(({ key }) => key);
    for (const { key, needs = [] } of writable) {
      for (const needed of needs) {
        assert.ok(keys.includes(needed) && needed !== key, `${key} needs ${needed}`);
        assert.ok(hoverOf(key).includes(`\`${needed}\``), key);
      }
    }
    assert.ok(
      settingsField('session_recording_network_payload_capture_config')?.needs?.includes(
        'capture_performance_opt_in',
      ),
    );
  });

  it('10.4: a change without effect is reported, with the setting that is off', () => {
    const key = 'session_recording_network_payload_capture_config';
    const problems = (change: JsonObject): string[] => {
      const base = { session_recording_opt_in: true, capture_performance_opt_in: false, [key]: null };
      const document = parseDocument(formatDocument({ ...base, ...change }));
      assert.ok(document.ok);
      return checkSettings(document, { base, generation: 'current' }).map(
        ({ severity, message }) => `${severity}: ${message}`,
      );
    };
    assert.deepEqual(problems({ [key]: { recordBody: true } }), [
      `information: "${key}" has no effect while "capture_performance_opt_in" is off.`,
    ]);
    assert.deepEqual(problems({ [key]: { recordBody: true }, capture_performance_opt_in: true }), []);
    assert.deepEqual(problems({ [key]: {} }), []);
  });

  it('10.4: other names of a setting are shown, once each', () => {
    assert.match(hoverOf('app_urls'), /also known as Authorized domains, /);
    const named = writable.flatMap(({ key, title, synonyms = [] }) => {
      assert.ok(!synonyms.includes(title), key);
      return [title, ...synonyms].map((name) => [name.toLowerCase(), key] as const);
    });
    for (const [name, key] of named) {
      const owners = new Set(named.filter(([other]) => other === name).map(([, owner]) => owner));
      assert.ok(
        owners.size === 1 || [...owners].some((one) => settingsField(one)?.removedIn),
        `${name}: ${key}`,
      );
    }
  });
});
