import assert from 'node:assert/strict';
import type { JsonValue } from '../../../src/json/json';
import { DEVELOPMENT, assertError, objectOf, sandboxFor, textOf } from './support';

const PATH = `/api/projects/${DEVELOPMENT}/`;

/** Boolean fields of the seed document, and whether they can be null (API facts 4.5). */
const BOOLEANS: readonly (readonly [string, boolean])[] = [
  ['anonymize_ips', false],
  ['completed_snippet_onboarding', false],
  ['is_demo', false],
  ['session_recording_opt_in', false],
  ['test_account_filters_default_checked', true],
  ['autocapture_opt_out', true],
  ['autocapture_exceptions_opt_in', true],
  ['autocapture_web_vitals_opt_in', true],
  ['capture_console_log_opt_in', true],
  ['capture_performance_opt_in', true],
  ['human_friendly_comparison_periods', true],
  ['inject_web_apps', true],
  ['surveys_opt_in', true],
  ['heatmaps_opt_in', true],
  ['flags_persistence_default', true],
  ['feature_flag_confirmation_enabled', true],
  ['default_evaluation_contexts_enabled', true],
  ['require_evaluation_contexts', true],
  ['capture_dead_clicks', true],
  ['web_analytics_pre_aggregated_tables_enabled', true],
  ['conversations_enabled', true],
];

/** The value sent and the value returned, if they differ. */
const ACCEPTED: readonly (readonly [string, JsonValue, JsonValue?])[] = [
  ['name', '  Development two  ', 'Development two'],
  ['app_urls', ['https://a.example.com', null, ''], ['https://a.example.com']],
  ['app_urls', ['https://*.a.*.b.*.c.*.d.*.example.com']],
  ['test_account_filters', []],
  ['test_account_filters', [{ key: 'email', value: '@example.com', operator: 'icontains', type: 'person' }]],
  ['test_account_filters', [{ key: 'email', operator: 'is_set', type: 'person' }]],
  ['test_account_filters', [{ key: 'id', value: 3, operator: 'in', type: 'cohort' }]],
  ['test_account_filters', [{ key: '$host', value: 'x' }]],
  [
    'test_account_filters',
    [{ key: 'plan', value: ['a', 'b'], operator: 'exact', type: 'group', group_type_index: 0 }],
  ],
  ['test_account_filters', [{ key: "properties.a = 'b'", type: 'hogql' }]],
  ['path_cleaning_filters', [{ alias: '/a', regex: '/a/\\d+', order: 0 }]],
  ['path_cleaning_filters', null],
  ['timezone', 'America/New_York'],
  ['timezone', 'Etc/GMT-14'],
  ['data_attributes', ['data-attr', 'data-id']],
  ['data_attributes', 7],
  ['person_display_name_properties', ['email', 'name']],
  ['person_display_name_properties', null],
  ['correlation_config', { excluded_event_names: ['a'] }],
  ['correlation_config', null],
  ['autocapture_web_vitals_allowed_metrics', ['CLS', 'LCP']],
  ['autocapture_web_vitals_allowed_metrics', ['NOT_A_METRIC']],
  ['autocapture_web_vitals_allowed_metrics', null],
  ['autocapture_exceptions_errors_to_ignore', ['ResizeObserver']],
  ['session_recording_sample_rate', 0.4, '0.40'],
  ['session_recording_sample_rate', '0.5', '0.50'],
  ['session_recording_sample_rate', '.25', '0.25'],
  ['session_recording_sample_rate', 1, '1.00'],
  ['session_recording_sample_rate', 0, '0.00'],
  ['session_recording_sample_rate', null],
  ['session_recording_minimum_duration_milliseconds', 30000],
  ['session_recording_minimum_duration_milliseconds', '1500', 1500],
  ['session_recording_minimum_duration_milliseconds', null],
  ['session_recording_linked_flag', { id: 3, key: 'flag' }],
  [
    'session_recording_linked_flag',
    { id: '3', key: 'flag', variant: 'test' },
    { id: 3, key: 'flag', variant: 'test' },
  ],
  ['session_recording_linked_flag', null],
  ['session_recording_network_payload_capture_config', { recordHeaders: true }],
  ['session_recording_network_payload_capture_config', null],
  ['session_recording_masking_config', { maskAllInputs: false, maskTextSelector: '.a', blockSelector: '.b' }],
  ['session_recording_masking_config', null],
  ['session_recording_url_trigger_config', [{ url: '/a', matching: 'regex' }]],
  ['session_recording_url_trigger_config', null],
  ['session_recording_url_blocklist_config', [{ url: '/b', matching: 'regex' }]],
  ['session_recording_url_blocklist_config', null],
  ['session_recording_event_trigger_config', ['event', null]],
  ['session_recording_event_trigger_config', null],
  ['session_recording_trigger_match_type_config', 'all'],
  ['session_recording_trigger_match_type_config', null],
  ['session_recording_retention_period', '90d'],
  ['session_replay_config', { record_canvas: true }],
  ['session_replay_config', null],
  ['survey_config', { appearance: { backgroundColor: '#fff' } }],
  ['survey_config', null],
  ['week_start_day', 0],
  ['week_start_day', '1', 1],
  ['week_start_day', null],
  ['primary_dashboard', 12012],
  ['primary_dashboard', null],
  ['live_events_columns', ['event']],
  ['live_events_columns', null],
  ['recording_domains', ['https://a.example.com', '', null], ['https://a.example.com']],
  ['recording_domains', null],
  ['cookieless_server_hash_mode', 2],
  ['cookieless_server_hash_mode', null],
  ['extra_settings', { a: 1, b: 'x' }],
  ['extra_settings', null],
  ['modifiers', null],
  ['has_completed_onboarding_for', { surveys: true }],
  ['feature_flag_confirmation_message', 'Sure?'],
  ['feature_flag_confirmation_message', ''],
  ['feature_flag_confirmation_message', null],
  ['onboarding_tasks', { a: 'completed' }],
  ['onboarding_tasks', null],
  ['base_currency', 'GBP'],
  ['receive_org_level_activity_logs', true],
  ['business_model', 'b2b'],
  ['business_model', ''],
  ['business_model', null],
  ['session_recording_trigger_groups', { version: 2, groups: [] }],
  ['product_description', 'Boots'],
];

const CHARACTERS_200 = 'Ensure this field has no more than 200 characters.';
const VALID_INTEGER = 'A valid integer is required.';
const NOT_NULL = 'This field may not be null.';
const FLAG_KEYS =
  "Must provide a dictionary with only 'id' and 'key' keys. _or_ only 'id', 'key', and 'variant' keys.";
const IGNORE = 'autocapture_exceptions_errors_to_ignore';

/** The value sent, then code, detail and attr of the 400 (attr defaults to the field). */
const REFUSED: readonly (readonly [string, JsonValue, string, string, (string | null)?])[] = [
  ['name', '', 'blank', 'This field may not be blank.'],
  ['name', '   ', 'blank', 'This field may not be blank.'],
  ['name', null, 'null', NOT_NULL],
  ['name', 'x'.repeat(201), 'max_length', CHARACTERS_200],
  ['name', ['x'], 'invalid_input', 'Not a valid string.'],
  ['app_urls', null, 'null', NOT_NULL],
  ['app_urls', 'https://a.example.com', 'not_a_list', 'Expected a list of items but got type "str".'],
  ['app_urls', ['x'.repeat(201)], 'max_length', CHARACTERS_200, 'app_urls__0'],
  [
    'app_urls',
    ['https://*.*.*.*.*.*.example.com'],
    'invalid_input',
    'Each URL can include up to 5 wildcards. Remove the extra ones from this entry.',
  ],
  ['anonymize_ips', null, 'null', NOT_NULL],
  ['anonymize_ips', 'maybe', 'invalid_input', 'Must be a valid boolean.'],
  ['anonymize_ips', 2, 'invalid_input', 'Must be a valid boolean.'],
  ['autocapture_exceptions_opt_in', 'Welwitschia', 'invalid_input', 'Must be a valid boolean.'],
  ['autocapture_exceptions_opt_in', {}, 'invalid_input', 'Must be a valid boolean.'],
  ['test_account_filters', null, 'null', NOT_NULL],
  ['test_account_filters', {}, 'invalid_input', 'Must provide an array of valid property filters.'],
  [
    'test_account_filters',
    [{ value: 1 }],
    'invalid_input',
    'Must provide an array of valid property filters.',
  ],
  [
    'path_cleaning_filters',
    [{ alias: '/a' }],
    'invalid_input',
    'A path cleaning rule needs a regex. Remove the rule or give it one.',
  ],
  [
    'path_cleaning_filters',
    [{ regex: '' }],
    'invalid_input',
    'A path cleaning rule needs a regex. Remove the rule or give it one.',
  ],
  ['timezone', 'America/I_Dont_Exist', 'invalid_choice', '"America/I_Dont_Exist" is not a valid choice.'],
  ['timezone', null, 'null', NOT_NULL],
  ['timezone', true, 'invalid_choice', '"True" is not a valid choice.'],
  [
    'person_display_name_properties',
    ['x'.repeat(401)],
    'max_length',
    'Ensure this field has no more than 400 characters.',
    'person_display_name_properties__0',
  ],
  ['person_display_name_properties', [null], 'null', NOT_NULL, 'person_display_name_properties__0'],
  [IGNORE, null, 'invalid_input', `Must provide a list for field: ${IGNORE}.`, null],
  [IGNORE, 'x', 'invalid_input', `Must provide a list for field: ${IGNORE}.`, null],
  [IGNORE, [1], 'invalid_input', `Must provide a list of strings to field: ${IGNORE}.`, null],
  [
    IGNORE,
    ['x'.repeat(300)],
    'invalid_input',
    `Field ${IGNORE} must be less than 300 characters. Complex config should be provided in posthog-js initialization.`,
    null,
  ],
  ['session_recording_sample_rate', 'x', 'invalid_input', 'A valid number is required.'],
  ['session_recording_sample_rate', true, 'invalid_input', 'A valid number is required.'],
  ['session_recording_sample_rate', 1.1, 'max_value', 'Ensure this value is less than or equal to 1.'],
  ['session_recording_sample_rate', -0.1, 'min_value', 'Ensure this value is greater than or equal to 0.'],
  [
    'session_recording_sample_rate',
    0.123,
    'max_decimal_places',
    'Ensure that there are no more than 2 decimal places.',
  ],
  [
    'session_recording_minimum_duration_milliseconds',
    30001,
    'max_value',
    'Ensure this value is less than or equal to 30000.',
  ],
  [
    'session_recording_minimum_duration_milliseconds',
    -1,
    'min_value',
    'Ensure this value is greater than or equal to 0.',
  ],
  ['session_recording_minimum_duration_milliseconds', 1.5, 'invalid_input', VALID_INTEGER],
  ['session_recording_linked_flag', 'x', 'invalid_input', 'Must provide a dictionary or None.'],
  ['session_recording_linked_flag', { id: 1 }, 'invalid_input', FLAG_KEYS],
  ['session_recording_linked_flag', { id: 1, key: 'a', other: 1 }, 'invalid_input', FLAG_KEYS],
  ['session_recording_linked_flag', { id: 1.5, key: 'a' }, 'invalid_input', "Must provide an integer 'id'."],
  ['session_recording_linked_flag', { id: true, key: 'a' }, 'invalid_input', "Must provide an integer 'id'."],
  ['session_recording_linked_flag', { id: null, key: 'a' }, 'invalid_input', "Must provide an integer 'id'."],
  [
    'session_recording_network_payload_capture_config',
    { other: true },
    'invalid_input',
    "Must provide a dictionary with only 'recordHeaders' and/or 'recordBody' keys.",
  ],
  [
    'session_recording_network_payload_capture_config',
    [],
    'invalid_input',
    'Must provide a dictionary or None.',
  ],
  ['session_recording_masking_config', 'x', 'invalid_input', 'Must provide a dictionary or None.'],
  ['session_recording_url_trigger_config', 'x', 'not_a_list', 'Expected a list of items but got type "str".'],
  [
    'session_recording_url_blocklist_config',
    {},
    'not_a_list',
    'Expected a list of items but got type "dict".',
  ],
  ['live_events_columns', 'event', 'not_a_list', 'Expected a list of items but got type "str".'],
  [
    'session_recording_event_trigger_config',
    {},
    'not_a_list',
    'Expected a list of items but got type "dict".',
  ],
  [
    'session_recording_trigger_match_type_config',
    'some',
    'invalid_input',
    "Must provide a valid trigger match type. Only 'all' or 'any' or None are allowed.",
  ],
  [
    'session_recording_retention_period',
    '2y',
    'invalid_input',
    "Must provide a valid retention period. Options are: ['30d', '90d', '1y', '5y'].",
  ],
  ['session_recording_retention_period', null, 'null', NOT_NULL],
  [
    'session_replay_config',
    { ai_config: { other: 1 } },
    'invalid_input',
    'Must provide a dictionary with only allowed keys: included_event_properties, opt_in, preferred_events, excluded_events, important_user_properties.',
  ],
  ['week_start_day', 2, 'invalid_choice', '"2" is not a valid choice.'],
  ['primary_dashboard', 12031, 'invalid_input', 'Dashboard does not belong to this team.'],
  ['recording_domains', ['x'.repeat(201)], 'max_length', CHARACTERS_200, 'recording_domains__0'],
  ['cookieless_server_hash_mode', 3, 'invalid_choice', '"3" is not a valid choice.'],
  ['modifiers', { notAModifier: 1 }, 'invalid_input', 'Invalid modifier key.', 'modifiers__notAModifier'],
  [
    'modifiers',
    { bounceRateDurationSeconds: 0 },
    'invalid_input',
    'Must be between 1 and 120 seconds.',
    'modifiers__bounceRateDurationSeconds',
  ],
  ['default_data_theme', 'x', 'invalid_input', VALID_INTEGER],
  ['default_data_theme', 2147483648, 'max_value', 'Ensure this value is less than or equal to 2147483647.'],
  ['base_currency', 'XYZ', 'invalid_choice', '"XYZ" is not a valid choice.'],
  ['base_currency', null, 'null', NOT_NULL],
  ['business_model', 'b2x', 'invalid_choice', '"b2x" is not a valid choice.'],
  [
    'revenue_analytics_config',
    { base_currency: 'XYZ' },
    'invalid_choice',
    '"XYZ" is not a valid choice.',
    'revenue_analytics_config__base_currency',
  ],
  [
    'marketing_analytics_config',
    { attribution_window_days: 91 },
    'max_value',
    'Ensure this value is less than or equal to 90.',
    'marketing_analytics_config__attribution_window_days',
  ],
  [
    'marketing_analytics_config',
    { attribution_mode: 'middle' },
    'invalid_choice',
    '"middle" is not a valid choice.',
    'marketing_analytics_config__attribution_mode',
  ],
  ['logs_settings', { retention_days: 7 }, 'invalid_input', 'retention_days must be one of [14, 30]'],
  [
    'conversations_settings',
    { ai_reply_modes: 'all' },
    'invalid_input',
    'Must be an object or null.',
    'conversations_settings__ai_reply_modes',
  ],
  [
    'product_description',
    'x'.repeat(1001),
    'max_length',
    'Ensure this field has no more than 1000 characters.',
  ],
];

/** Accepted by inference only: shapes and the number of decimals. */
const ACCEPTED_INFERRED = new Set([
  'session_recording_url_trigger_config',
  'session_recording_url_blocklist_config',
  'session_recording_sample_rate',
]);

/** Errors whose wording or attr the facts don't give. */
const REFUSED_INFERRED = new Set(
  [
    ['session_recording_network_payload_capture_config', []],
    ['session_recording_masking_config', 'x'],
    ['session_recording_url_trigger_config', 'x'],
    ['session_recording_url_blocklist_config', {}],
    ['modifiers', { notAModifier: 1 }],
    ['logs_settings', { retention_days: 7 }],
    ['conversations_settings', { ai_reply_modes: 'all' }],
  ].map((item) => JSON.stringify(item)),
);

function title(name: string, value: JsonValue, inferred: boolean): string {
  const text = JSON.stringify(value);
  return `${name} = ${text.length > 60 ? `${text.slice(0, 57)}…` : text}${inferred ? ' (inferred)' : ''}`;
}

describe('sandbox: fields of an environment (API facts 4.5)', () => {
  const harness = sandboxFor();
  const { call } = harness;

  describe('accepted, stored and returned', () => {
    for (const [name, value, shown = value] of ACCEPTED) {
      it(title(name, value, ACCEPTED_INFERRED.has(name)), async () => {
        const answer = await call('PATCH', PATH, { body: { [name]: value } });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(objectOf(answer)[name], shown);
        assert.deepEqual(objectOf(await call('GET', PATH))[name], shown);
      });
    }
    for (const [name, nullable] of BOOLEANS) {
      it(`${name} accepts booleans, form words${nullable ? ' and null' : ''}`, async () => {
        for (const [sent, shown] of [
          [true, true],
          ['false', false],
          ['true', true],
          [0, false],
          ...(nullable ? [[null, null] as const] : []),
        ]) {
          const answer = await call('PATCH', PATH, { body: { [name]: sent } });
          assert.equal(answer.status, 200, answer.text);
          assert.deepEqual(objectOf(answer)[name], shown);
        }
      });
    }
  });

  describe('path cleaning expressions that RE2 accepts', () => {
    for (const regex of ['(?i)foo', '(?P<n>a)', '^/a/\\d+$', '\\Aab\\z', '[[:alpha:]]+']) {
      it(regex, async () => {
        const answer = await call('PATCH', PATH, { body: { path_cleaning_filters: [{ regex }] } });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(objectOf(answer).path_cleaning_filters, [{ regex }]);
      });
    }
  });

  describe('rejected with 400', () => {
    for (const [name, value, code, detail, attr = name] of REFUSED) {
      it(title(name, value, REFUSED_INFERRED.has(JSON.stringify([name, value]))), async () => {
        const before = harness.sandbox.control.environment(DEVELOPMENT);
        const answer = await call('PATCH', PATH, { body: { [name]: value, heatmaps_opt_in: null } });
        assertError(answer, 400, code, detail, attr);
        assert.deepEqual(harness.sandbox.control.environment(DEVELOPMENT), before, 'nothing is applied');
      });
    }
    for (const [name, nullable] of BOOLEANS.filter((item) => !item[1])) {
      it(`${name} = null (nullable: ${nullable})`, async () => {
        assertError(await call('PATCH', PATH, { body: { [name]: null } }), 400, 'null', NOT_NULL, name);
      });
    }
    for (const [regex, problem] of [
      ['(', 'missing ): ('],
      ['[a', 'missing ]: [a'],
      ['(a)\\1', 'invalid escape sequence: \\1'],
      ['a(?=b)', 'invalid perl operator: (?='],
      ['a**', 'bad repetition operator: **'],
      ['*', 'no argument for repetition operator: *'],
      ['x{1001}', 'invalid repetition size: {1001}'],
    ] as const) {
      it(`the path cleaning expression ${regex}, which RE2 rejects (inferred wording after the colon)`, async () => {
        assertError(
          await call('PATCH', PATH, { body: { path_cleaning_filters: [{ regex }] } }),
          400,
          'invalid_input',
          `Invalid path cleaning regex '${regex}': ${problem}`,
          'path_cleaning_filters',
        );
      });
    }

    for (const filter of [
      { key: 'a', value: 'b', type: 'planet' },
      { key: 'a', value: 'b', operator: 'like', type: 'person' },
      { key: 'a', value: { b: 1 }, type: 'person' },
      { key: 'a', operator: 'exact', type: 'person' },
      { value: 'b', type: 'person' },
      { key: 'id', value: 'x', operator: 'in', type: 'cohort' },
      { key: 'id', value: null, operator: 'in', type: 'cohort' },
      { key: 'id', operator: 'in', type: 'cohort' },
      { key: 'id', value: 3, operator: null, type: 'cohort' },
      { key: 'id', value: 3, operator: 'exact', type: 'cohort' },
      { key: 'name', value: 3, operator: 'in', type: 'cohort' },
      { key: 'a', value: 'b', type: 'group', group_type_index: 'first' },
    ]) {
      it(`the filter ${JSON.stringify(filter)} (inferred beyond cohorts)`, async () => {
        assertError(
          await call('PATCH', PATH, { body: { test_account_filters: [filter] } }),
          400,
          'invalid_input',
          'Must provide an array of valid property filters.',
          'test_account_filters',
        );
      });
    }

    it("a linked flag whose ID is written as a fraction: 1.0 isn't an integer to the server", async () => {
      for (const id of ['1.0', '1e0']) {
        const raw = `{"session_recording_linked_flag":{"id":${id},"key":"beta"}}`;
        const headers = { 'Content-Type': 'application/json' };
        assertError(
          await call('PATCH', PATH, { raw, headers }),
          400,
          'invalid_input',
          "Must provide an integer 'id'.",
          'session_recording_linked_flag',
        );
      }
    });
    it('only the first error in field order is reported', async () => {
      const answer = await call('PATCH', PATH, {
        body: { business_model: 'x', week_start_day: 9, timezone: 'x' },
      });
      assertError(answer, 400, 'invalid_choice', '"x" is not a valid choice.', 'timezone');
    });
  });

  describe('read-only and unknown keys', () => {
    for (const name of [
      'id',
      'uuid',
      'organization',
      'project_id',
      'api_token',
      'secret_api_token',
      'secret_api_token_backup',
      'created_at',
      'ingested_event',
      'default_modifiers',
      'person_on_events_querying_enabled',
      'user_access_level',
      'effective_membership_level',
      'has_group_types',
      'group_types',
      'live_events_token',
      'product_intents',
      'managed_viewsets',
      'is_pending_deletion',
    ]) {
      it(`${name} is ignored with 200`, async () => {
        const before = objectOf(await call('GET', PATH));
        assert.ok(name in before);
        const answer = await call('PATCH', PATH, { body: { [name]: 'changed' } });
        assert.equal(answer.status, 200);
        assert.deepEqual(objectOf(answer)[name], before[name]);
      });
    }
    it('an unknown key is ignored with 200, and so is an empty body', async () => {
      const answer = await call('PATCH', PATH, { body: { no_such_field: 1 } });
      assert.equal(answer.status, 200);
      assert.ok(!('no_such_field' in objectOf(answer)));
      assert.equal((await call('PATCH', PATH, { body: {} })).status, 200);
      assert.equal((await call('PATCH', PATH)).status, 200);
    });
    for (const [name, value] of [
      ['experiment_recalculation_time', '04:30:00'],
      ['default_experiment_confidence_level', 2],
    ] as const) {
      it(`${name}, which PostHog moved elsewhere, is an unknown key`, async () => {
        const answer = await call('PATCH', PATH, { body: { [name]: value } });
        assert.equal(answer.status, 200);
        assert.ok(!(name in objectOf(answer)));
        assert.ok(!(name in objectOf(await call('GET', PATH))));
      });
    }
    it('access_control rejects the whole body unless it is null', async () => {
      const before = objectOf(await call('GET', PATH));
      const answer = await call('PATCH', PATH, { body: { access_control: true, timezone: 'Asia/Tokyo' } });
      assert.equal(answer.status, 400);
      assert.match(textOf(objectOf(answer).detail), /deprecated/);
      assert.equal(objectOf(await call('GET', PATH)).timezone, before.timezone);
      assert.equal((await call('PATCH', PATH, { body: { access_control: null } })).status, 200);
    });
  });

  describe('plan gates', () => {
    it('a retention period above the plan is 403', async () => {
      assertError(
        await call('PATCH', PATH, { body: { session_recording_retention_period: '5y' } }),
        403,
        'permission_denied',
        "This organization does not have permission to set retention period of length '5y' - longest allowable retention period is '90d'.",
      );
    });
    it('30 days of logs need the plan; a second change within 24 hours is rejected', async () => {
      assertError(
        await call('PATCH', PATH, { body: { logs_settings: { retention_days: 30 } } }),
        403,
        'permission_denied',
        'This organization does not have permission to set Logs retention to 30 days.',
      );
      await call('PATCH', PATH, { body: { logs_settings: { retention_days: null } } });
      const changed = await call('PATCH', PATH, {
        body: { logs_settings: { retention_days: 14, other: 1 } },
      });
      const stored = objectOf(changed).logs_settings as Record<string, unknown>;
      assert.equal(stored.other, 1);
      assert.equal(typeof stored.retention_last_updated, 'string');
      await call('PATCH', PATH, { body: { logs_settings: { retention_days: null } } });
      assertError(
        await call('PATCH', PATH, { body: { logs_settings: { retention_days: 14 } } }),
        400,
        'invalid_input',
        'You can only update retention settings once per 24 hours. Please wait 24 more hour(s).',
        'logs_settings',
      );
    });
    it('default_data_theme reads as the global default if the plan has no themes', async () => {
      const answer = await call('PATCH', PATH, { body: { default_data_theme: 9 } });
      assert.equal(answer.status, 200);
      assert.equal(objectOf(answer).default_data_theme, 1);
      const labs = await call('PATCH', '/api/projects/2100/', { body: { default_data_theme: 9 } });
      assert.equal(objectOf(labs).default_data_theme, 9);
    });
  });
});

describe('sandbox: replay retention without any entitlement', () => {
  const { call } = sandboxFor({
    scenario: {
      organizations: [
        {
          name: 'Free',
          limits: { longest_recording_retention: null },
          projects: [{ id: 5, name: 'Only', environments: [{ id: 5, name: 'Only' }] }],
        },
      ],
      users: [
        {
          id: 1,
          first_name: 'A',
          email: 'a@example.com',
          memberships: [{ organization: 'Free', level: 15 }],
        },
      ],
    },
  });
  it('is the only 500 of PATCH that the facts name', async () => {
    assertError(
      await call('PATCH', '/api/projects/5/', { body: { session_recording_retention_period: '30d' } }),
      500,
      'error',
      'Invalid retention entitlement.',
    );
  });
});
