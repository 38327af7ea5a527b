import assert from 'node:assert/strict';
import { checkSettings, type SettingsContext } from '../../../src/settings/check';
import type { Generation } from '../../../src/settings/catalogue';
import { formatDocument } from '../../../src/settings/document';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { parseDocument, type DocumentProblem } from '../../../src/json/parse';
import { planSettings } from '../../../src/settings/patch';
import { timezones } from '../../../src/settings/timezones';
import { acceptedByCurrent, acceptedValues, refusedValues } from './ruleCases';

function check(value: JsonObject, context: Partial<SettingsContext> = {}): readonly DocumentProblem[] {
  const document = parseDocument(formatDocument(value));
  assert.ok(document.ok);
  return checkSettings(document, { base: {}, generation: 'current', ...context });
}

/** The problems of one changed key, without the note that the base lacks it. */
function checkKey(
  key: string,
  value: JsonValue,
  generation: Generation = 'current',
  before: JsonValue = 'something else',
): readonly DocumentProblem[] {
  return check({ [key]: value }, { base: { [key]: before }, generation });
}

describe('checking settings', () => {
  for (const { key, value, code, path, on } of refusedValues) {
    it(`rejects ${key} = ${JSON.stringify(value).slice(0, 60)} (${code})`, () => {
      for (const generation of ['documented', 'current'] as const) {
        const [problem, ...more] = checkKey(key, value, generation);
        assert.deepEqual(more, []);
        assert.equal(problem?.code, code);
        assert.deepEqual(problem.path, [key, ...(path ?? [])]);
        assert.equal(problem.severity, on === undefined || on === generation ? 'error' : 'warning');
        assert.match(problem.message, /\.$/);
      }
    });
  }

  for (const [key, ...values] of acceptedValues) {
    it(`accepts every valid value of ${key}`, () => {
      for (const value of values) {
        for (const generation of ['documented', 'current'] as const) {
          assert.deepEqual(checkKey(key, value, generation), [], JSON.stringify(value));
        }
      }
    });
  }

  for (const [key, ...values] of acceptedByCurrent) {
    it(`10.4: accepts every value of ${key} that only current servers accept`, () => {
      for (const value of values) {
        assert.deepEqual(checkKey(key, value, 'current'), [], JSON.stringify(value));
      }
    });
  }

  it('says how to write a value that was quoted', () => {
    const [problem] = checkKey('anonymize_ips', 'true');
    assert.match(problem?.message ?? '', /must be true or false, not a string\. Remove the quotes\.$/);
  });

  it('points to the wrong value in the text', () => {
    const text = '{\n  "name": "a",\n  "app_urls": ["https://example.com", 5]\n}';
    const document = parseDocument(text);
    assert.ok(document.ok);
    const base = { name: 'a', app_urls: [] };
    const [problem] = checkSettings(document, { base, generation: 'current' });
    assert.equal(text.slice(problem!.offset, problem!.offset + problem!.length), '5');
  });

  it('never reports unchanged values from the server', () => {
    for (const { key, value } of refusedValues) {
      assert.deepEqual(check({ [key]: value }, { base: { [key]: value } }), []);
    }
  });

  it('never reports unchanged parts from the server', () => {
    const stored = { record_canvas: false, brand_new: 1 };
    assert.deepEqual(
      checkKey('session_replay_config', { ...stored, record_canvas: true }, 'current', stored),
      [],
    );
    const urls = ['https://*.*.*.*.*.*.example.com'];
    assert.deepEqual(checkKey('app_urls', [...urls, 'https://example.com'], 'current', urls), []);
  });

  it('D: measures the array of ignored errors as the server writes it, 300 characters allowed, é as six', () => {
    const codes = (...list: string[]): (string | undefined)[] =>
      checkKey('autocapture_exceptions_errors_to_ignore', list).map(({ code }) => code);
    // 296 characters in one string make 300 with brackets and quotes; between two strings, the separator is two
    // characters.
    assert.deepEqual(codes('x'.repeat(296)), []);
    assert.deepEqual(codes('x'.repeat(297)), ['limit']);
    assert.deepEqual(codes('x'.repeat(291), 'x'), []);
    assert.deepEqual(codes('x'.repeat(292), 'x'), ['limit']);
    assert.deepEqual(codes('é'.repeat(49) + 'xx'), []);
    assert.deepEqual(codes('é'.repeat(49) + 'xxx'), ['limit']);
    assert.deepEqual(codes('😀'.repeat(24) + 'x'.repeat(8)), []);
    assert.deepEqual(codes('😀'.repeat(25)), ['limit']);
  });

  /** Rules in API facts 9.1: key, value, problems on current servers. */
  const newerRules: [key: string, value: JsonValue, ...found: string[]][] = [
    ['tags', ['eu', ' shop ']],
    ['tags', null, 'error null tags'],
    ['tags', ['x'.repeat(256)], 'error limit tags.0'],
    ['feature_flag_policy_config', { require_tags: true }],
    [
      'feature_flag_policy_config',
      { require_tags: 'yes' },
      'error type feature_flag_policy_config.require_tags',
    ],
    ['workflows_config', null, 'error null workflows_config'],
    [
      'workflows_config',
      { workflow_task_rate_limit_per_day: 0, workflow_task_team_rate_limit_per_day: null },
    ],
    [
      'workflows_config',
      { workflow_task_rate_limit_per_day: 501 },
      'error limit workflows_config.workflow_task_rate_limit_per_day',
    ],
    [
      'workflows_config',
      { marketing_frequency_cap_max_messages: 3 },
      'error both workflows_config.marketing_frequency_cap_max_messages',
    ],
    ['workflows_config', { marketing_frequency_cap_max_messages: 3, marketing_frequency_cap_window_days: 7 }],
    [
      'workflows_config',
      { marketing_frequency_cap_max_messages: 1001, marketing_frequency_cap_window_days: 7 },
      'error limit workflows_config.marketing_frequency_cap_max_messages',
    ],
    ['customer_analytics_config', { signup_event: '$pageview' }],
    [
      'customer_analytics_config',
      { signup_event: null },
      'error type customer_analytics_config.signup_event',
    ],
    ['customer_analytics_config', { signup_event: 5 }, 'error type customer_analytics_config.signup_event'],
    ['marketing_analytics_config', { attribution_mode: 'time_decay', filter_test_accounts: true }],
    [
      'marketing_analytics_config',
      { attribution_mode: 'any' },
      'warning enum marketing_analytics_config.attribution_mode',
    ],
    [
      'marketing_analytics_config',
      {
        conversion_goals: [
          { kind: 'EventsNode', conversion_goal_id: 'a', conversion_goal_name: 'a', name: 'a' },
        ],
      },
      'error required marketing_analytics_config.conversion_goals.0',
    ],
    [
      'marketing_analytics_config',
      {
        conversion_goals: [
          {
            ...{ kind: 'DataWarehouseNode', conversion_goal_id: 'a', conversion_goal_name: 'a', name: 'a' },
            ...{ schema_map: {}, distinct_id_field: 'a', id: 'a', id_field: 'a', table_name: 'a' },
          },
        ],
      },
      'error required marketing_analytics_config.conversion_goals.0',
    ],
    [
      'test_account_filters',
      [{ key: 'email', value: 'a', type: 'person' }],
      'error required test_account_filters.0',
    ],
    ['test_account_filters', [{ key: 'email', value: 'a', type: 'person', operator: 'starts_with' }]],
    [
      'test_account_filters',
      [{ key: 'id', value: null, operator: 'in', type: 'cohort' }],
      'error type test_account_filters.0.value',
    ],
    ['test_account_filters', [{ key: 'id', value: 3, type: 'cohort' }]],
    [
      'test_account_filters',
      [{ key: 'id', value: 3, operator: null, type: 'cohort' }],
      'warning enum test_account_filters.0.operator',
    ],
    [
      'test_account_filters',
      [{ key: 'id', value: 3, operator: 'exact', type: 'cohort' }],
      'warning enum test_account_filters.0.operator',
    ],
    ['test_account_filters', [{ key: 'v', value: '1.2.3', type: 'event', operator: 'semver_gte' }]],
    [
      'test_account_filters',
      [{ key: 'a', operator: 'equals' }],
      'warning enum test_account_filters.0.operator',
    ],
    ['path_cleaning_filters', [{ regex: '/(\\d+)', alias: '/\\1' }]],
    [
      'path_cleaning_filters',
      [{ regex: '/\\d+', alias: '/\\1' }],
      'error group path_cleaning_filters.0.alias',
    ],
    ['path_cleaning_filters', [{ regex: '/a', alias: '/\\\\1' }]],
    ['path_cleaning_filters', [{ regex: '(', alias: 'a' }], 'warning regex path_cleaning_filters.0.regex'],
    ['path_cleaning_filters', [{ regex: '(?i)/(?P<id>a)', alias: '/a' }]],
    [
      'session_recording_trigger_groups',
      {
        version: 2,
        groups: [{ id: 'a', sampleRate: 1, conditions: { events: ['a', { name: 'b' }], flag: 'f' } }],
      },
    ],
    [
      'session_recording_trigger_groups',
      { version: 2, groups: [], fallbackSampleRate: null },
      'error type session_recording_trigger_groups.fallbackSampleRate',
    ],
    [
      'session_recording_trigger_groups',
      { version: 2, groups: [{ id: 'a', sampleRate: 1, minDurationMs: null, conditions: {} }] },
      'error type session_recording_trigger_groups.groups.0.minDurationMs',
    ],
    [
      'session_recording_trigger_groups',
      {
        version: 2,
        groups: [
          {
            id: 'a',
            sampleRate: 1,
            conditions: { properties: [{ key: 'a', type: 'event', operator: 'gte' }] },
          },
        ],
      },
      'error required session_recording_trigger_groups.groups.0.conditions.properties.0',
      'error enum session_recording_trigger_groups.groups.0.conditions.properties.0.operator',
    ],
    [
      'session_recording_masking_config',
      { maskTextSelector: null },
      'error type session_recording_masking_config.maskTextSelector',
    ],
    [
      'conversations_settings',
      { slack_channel_ids: Array.from({ length: 51 }, String) },
      'error limit conversations_settings.slack_channel_ids',
    ],
    [
      'conversations_settings',
      { slack_bot_icon_url: 'http://example.com/a.png' },
      'error start conversations_settings.slack_bot_icon_url',
    ],
    [
      'conversations_settings',
      { slack_bot_display_name: 'x'.repeat(201) },
      'error limit conversations_settings.slack_bot_display_name',
    ],
    [
      'conversations_settings',
      { ai_reply_modes: { slack: { how_to: 'bot_reply', diagnostic: 'bot_reply' } } },
      'warning enum conversations_settings.ai_reply_modes.slack.diagnostic',
    ],
    [
      'modifiers',
      { customBotDefinitions: Array.from({ length: 51 }, () => ({})) },
      'error limit modifiers.customBotDefinitions',
    ],
    ['modifiers', { nothing: 1 }, 'error unknown-key modifiers.nothing'],
    ['logs_settings', { capture_console_logs: 'yes' }, 'warning type logs_settings.capture_console_logs'],
  ];
  for (const [key, value, ...found] of newerRules) {
    it(`D: ${key} = ${JSON.stringify(value).slice(0, 90)}: ${found.join(', ') || 'fine'}`, () => {
      assert.deepEqual(
        checkKey(key, value).map(({ severity, code, path }) => `${severity} ${code} ${path.join('.')}`),
        found,
      );
    });
  }

  it("3: a trigger group's property must be an event or a person property, and the message says so", () => {
    const problems = (property: JsonValue): string[] =>
      checkKey('session_recording_trigger_groups', {
        version: 2,
        groups: [{ id: 'a', sampleRate: 1, conditions: { properties: [property] } }],
      }).map(({ severity, code, message }) => `${severity} ${code} ${message}`);
    assert.deepEqual(problems({ key: 'plan', type: 'person', value: 'paid' }), []);
    const [untyped = '', ...others] = problems({ key: 'plan', value: 'paid' });
    assert.match(untyped, /^error required .*must have the key "type"/);
    assert.deepEqual(others, []);
  });

  it("D: order, case and duplicates of tags aren't a change", () => {
    const base = { tags: ['eu', 'shop'] };
    assert.deepEqual(planSettings(base, { tags: ['Shop', ' eu', 'shop'] }, 'current').body, {});
    assert.deepEqual(planSettings(base, { tags: ['shop'] }, 'current').body, { tags: ['shop'] });
  });

  it('D: explains what numbers mean', () => {
    assert.match(checkKey('week_start_day', 2)[0]?.message ?? '', /must be 0 \(Sunday\) or 1 \(Monday\)/);
  });

  it('says what replaces a deprecated setting', () => {
    const base = { slack_incoming_webhook: null };
    const found = check(
      { slack_incoming_webhook: 'https://example.com' },
      { base, generation: 'documented' },
    );
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [['replaced', 'warning']],
    );
    assert.deepEqual(check({ slack_incoming_webhook: null }, { base: { slack_incoming_webhook: 'a' } }), []);
  });

  describe('time zones', () => {
    it('are all accepted, with and without the list', () => {
      for (const timezone of timezones) {
        assert.deepEqual(checkKey('timezone', timezone), [], timezone);
      }
      const base = { timezone: 'UTC' };
      const known = new Set(timezones);
      assert.deepEqual(check({ timezone: 'Asia/Kolkata' }, { base, timezones: known }), []);
    });

    for (const timezone of ['Mars/Olympus', 'Europe/berlin', 'europe/Berlin', '+01:00', '']) {
      it(`only warn about "${timezone}", which a newer server may know`, () => {
        const [problem, ...more] = checkKey('timezone', timezone);
        assert.deepEqual(more, []);
        assert.equal(problem?.severity, 'warning');
        assert.equal(problem.code, 'timezone');
      });
    }
  });

  describe("keys that aren't settings", () => {
    const cases: [key: string, severity: string, code: string, says: RegExp][] = [
      ['brand_new', 'warning', 'unknown-key', /Check the spelling/],
      ['id', 'error', 'readonly', /read-only.*Show Full Response/],
      ['api_token', 'error', 'readonly', /read-only/],
      ['secret_api_token', 'error', 'secret', /secret that only PostHog sets/],
      ['live_events_token', 'error', 'secret', /secret/],
      ['access_control', 'error', 'refused', /rejects every save/],
      ['slack_incoming_webhook', 'warning', 'not-in-response', /removed .* from the environment settings/],
      ['base_currency', 'warning', 'not-in-response', /plan may not include it/],
      [
        'default_evaluation_environments_enabled',
        'warning',
        'not-in-response',
        /"default_evaluation_contexts_enabled"/,
      ],
    ];
    for (const [key, severity, code, says] of cases) {
      it(`are reported at the key: ${key}`, () => {
        const good: Record<string, JsonValue> = {
          slack_incoming_webhook: 'https://example.com',
          base_currency: 'EUR',
          default_evaluation_environments_enabled: true,
        };
        const value = { name: 'a', [key]: good[key] ?? 'x' };
        const [problem, ...more] = check(value, { base: { name: 'a' } });
        assert.deepEqual(more, []);
        assert.equal(problem?.severity, severity);
        assert.equal(problem.code, code);
        assert.match(problem.message, says);
        assert.equal(
          formatDocument(value).slice(problem.offset, problem.offset + problem.length),
          JSON.stringify(key),
        );
      });
    }

    it('are accepted if the server itself returned them', () => {
      assert.deepEqual(check({ brand_new: 1 }, { base: { brand_new: 1 } }), []);
    });
  });

  describe('roles', () => {
    const base = {
      name: 'a',
      surveys_opt_in: false,
      app_urls: [],
      receive_org_level_activity_logs: false,
    };
    const mine = {
      name: 'b',
      surveys_opt_in: true,
      app_urls: ['https://example.com'],
      receive_org_level_activity_logs: true,
    };
    const refusedFor = (context: Partial<SettingsContext>): unknown[] =>
      check(mine, { base, ...context }).map(({ path, severity, code }) => {
        assert.equal(severity, 'warning');
        assert.equal(code, 'role');
        return path[0];
      });

    it('a member is told which fields need an admin', () => {
      const organization = 'receive_org_level_activity_logs';
      assert.deepEqual(refusedFor({ membershipLevel: 1, userAccessLevel: 'member' }), ['name', organization]);
      assert.deepEqual(refusedFor({ membershipLevel: 1 }), ['name', organization]);
      assert.deepEqual(refusedFor({ membershipLevel: 1, userAccessLevel: 'admin' }), [organization]);
    });

    it('an admin, an owner and someone of unknown role get no warnings', () => {
      for (const membershipLevel of [8, 15, null, undefined]) {
        assert.deepEqual(refusedFor({ membershipLevel }), []);
      }
    });
  });

  it('says what leaving a key out does', () => {
    const [problem] = check({}, { base: { name: 'a' } });
    assert.equal(problem?.severity, 'information');
    assert.equal(problem.code, 'missing-key');
  });

  it('reports removing what the server would keep, at the object it is missing from', () => {
    const base = { survey_config: { appearance: { zIndex: '1' } } };
    const [problem] = check({ survey_config: {} }, { base });
    assert.equal(problem?.severity, 'error');
    assert.equal(problem.code, 'merged-removal');
    assert.match(problem.message, /To clear it, set it to null/);
  });

  it("D: doesn't advise null for a removed key that can't be null", () => {
    const base = {
      workflows_config: { email_tracking_consent_mode: 'off', workflow_task_rate_limit_per_day: 5 },
    };
    const problems = check({ workflows_config: {} }, { base }).map(({ message }) => message);
    assert.match(problems[0] ?? '', /"email_tracking_consent_mode".*can't be null\. Put it back/);
    assert.match(problems[1] ?? '', /"workflow_task_rate_limit_per_day".*set it to null/);
  });
});
