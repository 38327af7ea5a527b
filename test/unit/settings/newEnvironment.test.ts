import assert from 'node:assert/strict';
import {
  checkNewEnvironment,
  copyName,
  newEnvironmentBody,
  notTaken,
} from '../../../src/settings/newEnvironment';
import { duplicateDocument, leftOutText } from '../../../src/settings/duplicate';
import { acceptedValues, refusedValues } from './ruleCases';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { parseDocument } from '../../../src/json/parse';

function problemsOf(value: JsonObject): string[] {
  const text = JSON.stringify(value);
  const document = parseDocument(text);
  assert.ok(document.ok);
  return checkNewEnvironment(document, 'current').map(
    ({ severity, code, offset, length }) => `${severity} ${code} ${text.slice(offset, offset + length)}`,
  );
}

describe('the document of a new environment', () => {
  it('needs a name and nothing else', () => {
    assert.deepEqual(problemsOf({ name: 'QA' }), []);
    assert.deepEqual(problemsOf({}), ['error name-missing {']);
    assert.deepEqual(problemsOf({ name: ' ' }), ['error name-empty " "']);
    assert.deepEqual(problemsOf({ name: null }), ['error null null']);
  });

  it("doesn't report keys as missing from the server's response", () => {
    assert.deepEqual(problemsOf({ name: 'QA', timezone: 'UTC', anonymize_ips: true }), []);
  });

  it("rejects what can't be created, and warns about what is ignored", () => {
    assert.deepEqual(problemsOf({ name: 'QA', primary_dashboard: 1 }), [
      'error not-on-creation "primary_dashboard"',
    ]);
    assert.deepEqual(problemsOf({ name: 'QA', slack_incoming_webhook: 'https://example.com' }), [
      'warning removed "slack_incoming_webhook"',
    ]);
    assert.deepEqual(problemsOf({ name: 'QA', secret_api_token: 'x' }), ['error secret "secret_api_token"']);
  });

  it('sends all of its writable values, nulls included', () => {
    assert.deepEqual(
      newEnvironmentBody({ name: 'QA', id: 5, heatmaps_opt_in: null, unheard_of: 1 }, 'current'),
      { name: 'QA', heatmaps_opt_in: null, unheard_of: 1 },
    );
  });
});

describe("values of a new environment that a server didn't store", () => {
  it('are none if only the spelling differs', () => {
    const sent = { name: ' QA ', session_recording_sample_rate: 0.4, app_urls: ['https://example.com', ''] };
    const answer = {
      name: 'QA',
      session_recording_sample_rate: '0.40',
      app_urls: ['https://example.com'],
      anonymize_ips: false,
    };
    assert.deepEqual(notTaken(sent, answer, 'current'), {});
  });

  it('are what PATCH has to send again, a merged object with what the server added', () => {
    const sent = { timezone: 'UTC', session_replay_config: { record_canvas: true } };
    const answer = {
      timezone: 'Europe/Berlin',
      session_replay_config: { record_canvas: false, ai_config: null },
    };
    assert.deepEqual(notTaken(sent, answer, 'current'), {
      timezone: 'UTC',
      session_replay_config: { record_canvas: true, ai_config: null },
    });
  });
});

describe('a duplicate', () => {
  const source: JsonObject = {
    id: 7,
    name: 'Production',
    api_token: 'phc_public',
    secret_api_token: 'phs_secret',
    live_events_token: 'secret',
    slack_incoming_webhook: 'https://hooks.example.com/secret',
    timezone: 'UTC',
    primary_dashboard: 12,
    session_recording_linked_flag: { id: 3, key: 'flag' },
    is_demo: false,
    autocapture_exceptions_errors_to_ignore: null,
    heatmaps_opt_in: null,
    logs_settings: { retention_days: 14, retention_last_updated: '2026-01-01T00:00:00Z' },
    conversations_settings: { widget_color: '#fff', widget_public_token: 'token' },
  };

  it('has the settings, without secrets, IDs of the source, and parts that only the server writes', () => {
    const { document, leftOut } = duplicateDocument(source, 'Copy of Production', 'current');
    assert.deepEqual(document, {
      name: 'Copy of Production',
      timezone: 'UTC',
      heatmaps_opt_in: null,
      logs_settings: { retention_days: 14 },
      conversations_settings: { widget_color: '#fff' },
    });
    assert.equal(Object.keys(document)[0], 'name');
    assert.deepEqual(leftOut, [
      { path: 'primary_dashboard', pointsTo: 'dashboard' },
      { path: 'slack_incoming_webhook' },
      { path: 'session_recording_linked_flag', pointsTo: 'feature flag' },
    ]);
    assert.equal(
      leftOutText(leftOut),
      'primary_dashboard (dashboard), slack_incoming_webhook, session_recording_linked_flag (feature flag)',
    );
  });

  const cohort = { key: 'id', value: 3, type: 'cohort', operator: 'in' };
  const email = { key: 'email', value: 'a', type: 'person', operator: 'exact' };
  const group = { key: 'plan', value: 'a', type: 'group', operator: 'exact', group_type_index: 0 };
  const goal = { conversion_goal_id: 'a', conversion_goal_name: 'a', name: 'a', schema_map: {} };
  const bought = { ...goal, kind: 'EventsNode', event: 'bought', properties: [cohort, email] };
  const grouped = { ...bought, properties: [email], math: 'unique_group', math_group_type_index: 1 };
  const linked = { id: 'a', sampleRate: 1, conditions: { flag: 'flag', events: ['a'] } };
  const plain = { id: 'b', sampleRate: 0.5, conditions: { events: ['a'] } };

  /** The source's value, the copy's value (undefined: none), what is listed. */
  const cases: [key: string, from: JsonValue, to: JsonValue | undefined, ...named: string[]][] = [
    ['test_account_filters', [email], [email]],
    [
      'test_account_filters',
      [cohort, email, group],
      [email],
      'test_account_filters[0] (cohort)',
      'test_account_filters[2] (group type)',
    ],
    // A new project starts with its own filter, which an empty array would remove.
    ['test_account_filters', [cohort], undefined, 'test_account_filters[0] (cohort)'],
    ['default_data_theme', 4, undefined, 'default_data_theme (color theme)'],
    ['primary_dashboard', 4, undefined, 'primary_dashboard (dashboard)'],
    [
      'session_recording_trigger_groups',
      { version: 2, groups: [linked, plain] },
      { version: 2, groups: [plain] },
      'session_recording_trigger_groups.groups[0] (feature flag)',
    ],
    [
      'marketing_analytics_config',
      {
        attribution_window_days: 30,
        sources_map: { '018f2c1e': { campaign: 'c' } },
        conversion_goals: [
          { ...goal, kind: 'ActionsNode', id: 4 },
          bought,
          { ...goal, kind: 'DataWarehouseNode', table_name: 'orders' },
        ],
        custom_source_mappings: { google: ['adwords'] },
      },
      {
        attribution_window_days: 30,
        conversion_goals: [{ ...bought, properties: [email] }],
        custom_source_mappings: { google: ['adwords'] },
      },
      'marketing_analytics_config.sources_map (data source)',
      'marketing_analytics_config.conversion_goals[0] (action)',
      'marketing_analytics_config.conversion_goals[1].properties[0] (cohort)',
      'marketing_analytics_config.conversion_goals[2] (warehouse table)',
    ],
    [
      'marketing_analytics_config',
      { conversion_goals: [grouped, { ...bought, properties: [email], math: 'dau' }] },
      {
        conversion_goals: [
          { ...bought, properties: [email] },
          { ...bought, properties: [email], math: 'dau' },
        ],
      },
      'marketing_analytics_config.conversion_goals[0].math (group type)',
      'marketing_analytics_config.conversion_goals[0].math_group_type_index (group type)',
    ],
    [
      'customer_analytics_config',
      {
        signup_event: { kind: 'EventsNode', event: 'a', math: 'unique_group', math_group_type_index: 0 },
      },
      { signup_event: { kind: 'EventsNode', event: 'a' } },
      'customer_analytics_config.signup_event.math (group type)',
      'customer_analytics_config.signup_event.math_group_type_index (group type)',
    ],
    [
      'customer_analytics_config',
      {
        activity_event: { kind: 'ActionsNode', id: 4 },
        signup_event: {
          kind: 'EventsNode',
          event: 'a',
          properties: { type: 'AND', values: [cohort, email] },
        },
        payment_event: null,
        account_group_type_index: 1,
      },
      { signup_event: { kind: 'EventsNode', event: 'a', properties: { type: 'AND', values: [email] } } },
      'customer_analytics_config.activity_event (action)',
      'customer_analytics_config.signup_event.properties.values[0] (cohort)',
      'customer_analytics_config.account_group_type_index (group type)',
    ],
    [
      'conversations_settings',
      { widget_color: '#fff', slack_channel_ids: ['C1'], slack_alert_channel_id: 'C2' },
      { widget_color: '#fff' },
      'conversations_settings.slack_channel_ids (Slack channel)',
      'conversations_settings.slack_alert_channel_id (Slack channel)',
    ],
    [
      'modifiers',
      { debug: true, dataWarehouseEventsModifiers: [{ table_name: 'orders' }] },
      { debug: true, dataWarehouseEventsModifiers: [] },
      'modifiers.dataWarehouseEventsModifiers[0] (warehouse table)',
    ],
    ['session_recording_retention_period', 'legacy', undefined, 'session_recording_retention_period'],
    ['experiment_recalculation_time', '02:00:00', undefined, 'experiment_recalculation_time'],
    ['default_experiment_confidence_level', '0.95', undefined, 'default_experiment_confidence_level'],
    ['tags', ['eu'], ['eu']],
  ];
  for (const [key, from, to, ...named] of cases) {
    it(`A7: ${JSON.stringify({ [key]: from }).slice(0, 70)} leaves out ${named.join(', ') || 'nothing'}`, () => {
      const { document, leftOut } = duplicateDocument({ name: 'a', [key]: from }, 'b', 'current');
      assert.deepEqual(document, { name: 'b', ...(to === undefined ? {} : { [key]: to }) });
      assert.deepEqual(
        leftOut.map((one) => leftOutText([one])),
        named,
      );
    });
  }

  it('A7: the copy of every value in the catalogue passes the check', () => {
    for (const [key, ...values] of acceptedValues) {
      for (const value of values) {
        const { document } = duplicateDocument({ name: 'a', [key]: value }, 'Copy', 'current');
        assert.deepEqual(problemsOf(document), [], JSON.stringify({ [key]: value }));
      }
    }
    for (const { key, value } of refusedValues) {
      const { document } = duplicateDocument({ name: 'a', [key]: value }, 'Copy', 'current');
      const errors = problemsOf(document).filter((one) => one.startsWith('error'));
      assert.deepEqual(errors, [], JSON.stringify({ [key]: value }));
    }
  });

  it('A7: on servers that have them, the experiment settings are copied', () => {
    const source = { name: 'a', experiment_recalculation_time: '02:00:00' };
    const { document, leftOut } = duplicateDocument(source, 'b', 'documented');
    assert.deepEqual(document, { name: 'b', experiment_recalculation_time: '02:00:00' });
    assert.deepEqual(leftOut, []);
  });

  it('A7: a long list of omitted settings is shortened, with a count', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ path: `a[${index}]` }));
    assert.match(leftOutText(many), /^a\[0\], .*a\[7\] and 4 more$/);
  });

  it('suggests a name that is unused, compared as PostHog compares, and not too long', () => {
    assert.equal(copyName('Shop', ['Shop']), 'Copy of Shop');
    assert.equal(copyName('Shop', ['copy of shop ']), 'Copy 2 of Shop');
    assert.equal(copyName('x'.repeat(200), []).length, 200);
  });
});
