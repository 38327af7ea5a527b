import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { DEVELOPMENT, inBothGenerations, objectOf, sandboxFor } from './support';

/** Field, stored value, sent value, resulting value, and the generation if only one does so. */
const CASES: readonly (readonly [string, JsonValue, JsonValue, JsonValue, ('documented' | 'current')?])[] = [
  [
    'session_replay_config',
    { record_canvas: true },
    { ai_config: { opt_in: true } },
    { record_canvas: true, ai_config: { opt_in: true } },
  ],
  [
    'session_replay_config',
    { ai_config: { opt_in: true, preferred_events: ['a'] } },
    { ai_config: { preferred_events: ['b'] } },
    { ai_config: { opt_in: true, preferred_events: ['b'] } },
  ],
  [
    'session_replay_config',
    { record_canvas: true, ai_config: { opt_in: true } },
    { ai_config: null },
    { record_canvas: true, ai_config: null },
  ],
  ['session_replay_config', { record_canvas: true }, null, null],
  [
    'survey_config',
    { appearance: { a: 1 }, other: 2 },
    { appearance: { b: 2 } },
    { appearance: { b: 2 }, other: 2 },
  ],
  ['survey_config', { appearance: {} }, null, null],
  ['modifiers', { debug: true }, { timings: true }, { debug: true, timings: true }, 'current'],
  ['modifiers', { debug: true }, { timings: true }, { timings: true }, 'documented'],
  [
    'conversations_settings',
    { widget_color: '#fff' },
    { widget_greeting_text: 'Hi' },
    { widget_color: '#fff', widget_greeting_text: 'Hi' },
  ],
  ['conversations_settings', { widget_color: '#fff' }, null, null],
  [
    'conversations_settings',
    {},
    { widget_domains: ['a', null], widget_public_token: 'x', slack_enabled: true },
    { widget_domains: ['a'] },
  ],
  ['extra_settings', { a: 1 }, { b: 2 }, { b: 2 }],
  ['correlation_config', { excluded_event_names: ['a'] }, {}, {}],
  [
    'session_recording_masking_config',
    { maskAllInputs: true },
    { blockSelector: '.x' },
    { blockSelector: '.x' },
  ],
  [
    'session_recording_network_payload_capture_config',
    { recordBody: true },
    { recordHeaders: true },
    { recordHeaders: true },
  ],
  ['has_completed_onboarding_for', { a: true }, { b: true }, { b: true }],
  ['onboarding_tasks', { a: 'completed' }, { b: 'skipped' }, { b: 'skipped' }],
  ['logs_settings', { capture_console_logs: true }, { json_parse_logs: true }, { json_parse_logs: true }],
];

/** The facts mark two fields as inferred, and describe the merge of conversations for newer servers only. */
function isInferred(name: string, generation: string): boolean {
  return (
    name === 'onboarding_tasks' ||
    name === 'logs_settings' ||
    (name === 'conversations_settings' && generation === 'documented')
  );
}

describe('sandbox: merge or replace (API facts 4.4)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const path = `/api/environments/${DEVELOPMENT}/`;
    for (const [name, stored, sent, expected, only] of CASES) {
      if (only === undefined || only === generation) {
        it(`${name}: ${JSON.stringify(stored)} + ${JSON.stringify(sent)}${isInferred(name, generation) ? ' (inferred)' : ''}`, async () => {
          harness.sandbox.control.patchEnvironment(DEVELOPMENT, { [name]: stored });
          const answer = await call('PATCH', path, { body: { [name]: sent } });
          assert.equal(answer.status, 200, answer.text);
          assert.deepEqual(objectOf(answer)[name], expected);
        });
      }
    }

    it('the three analytics configs update the sub-fields sent; {} does nothing, nor does null on servers that accept it', async () => {
      for (const [name, sent] of [
        ['revenue_analytics_config', { filter_test_accounts: true }],
        ['marketing_analytics_config', { attribution_mode: 'first_touch' }],
        ['customer_analytics_config', { signup_event: { kind: 'EventsNode', event: 'sign up' } }],
      ] as const) {
        const before = objectOf(await call('GET', path))[name] as JsonObject;
        const after = { ...before, ...sent };
        assert.deepEqual(objectOf(await call('PATCH', path, { body: { [name]: sent } }))[name], after);
        const withNull = await call('PATCH', path, { body: { [name]: null } });
        if (generation === 'current') {
          assert.deepEqual([withNull.status, objectOf(withNull).attr], [400, name]);
        } else {
          assert.deepEqual(objectOf(withNull)[name], after);
        }
        assert.deepEqual(objectOf(await call('PATCH', path, { body: { [name]: {} } }))[name], after);
      }
    });

    it('sources_map is merged per source', async () => {
      const patch = async (sources_map: JsonObject): Promise<JsonValue | undefined> =>
        (
          objectOf(await call('PATCH', path, { body: { marketing_analytics_config: { sources_map } } }))
            .marketing_analytics_config as JsonObject
        ).sources_map;
      await patch({ a: { cost: 'x' } });
      assert.deepEqual(await patch({ b: { cost: 'y' } }), { a: { cost: 'x' }, b: { cost: 'y' } });
      if (generation === 'current') {
        assert.deepEqual(await patch({ a: null }), { b: { cost: 'y' } }, 'null removes a source');
      }
    });

    it('conversations_enabled creates a public token and removes it again', async () => {
      harness.sandbox.control.patchEnvironment(DEVELOPMENT, { conversations_settings: null });
      const on = objectOf(await call('PATCH', path, { body: { conversations_enabled: true } }));
      assert.equal(typeof (on.conversations_settings as JsonObject).widget_public_token, 'string');
      const off = objectOf(await call('PATCH', path, { body: { conversations_enabled: false } }));
      assert.equal((off.conversations_settings as JsonObject).widget_public_token, null);
    });
  });
});
