import type { Generation } from '../../../src/settings/catalogue';
import type { JsonObject, JsonValue } from '../../../src/json/json';

/** A value that breaks a rule in API facts 4.5 or 4.8. */
export interface RuleCase {
  readonly key: string;
  readonly value: JsonValue;
  readonly code: string;
  /** Relative to the key; the key itself if absent. */
  readonly path?: readonly (string | number)[];
  /** Only these servers are certain to reject it; all if absent. */
  readonly on?: Generation;
  /** Why it's rejected here although the server accepts it. */
  readonly serverTakes?: string;
  /** Only these servers accept it; all if absent. */
  readonly takenBy?: Generation;
}

const long = (length: number): string => 'x'.repeat(length);
const coerced = 'the server reads a text or number as the value it looks like, or stores any JSON';

const goal = {
  conversion_goal_id: 'a',
  conversion_goal_name: 'Sign-ups',
  kind: 'EventsNode',
  name: 'Sign-ups',
  event: 'signed_up',
  schema_map: {},
};
const cohort: JsonObject = { key: 'id', value: 3, operator: 'in', type: 'cohort' };
const triggerGroup = { id: 'a', sampleRate: 0.5, conditions: {} };
const groups = (group: JsonObject): JsonObject => ({ version: 2, groups: [{ ...triggerGroup, ...group }] });
const caps = (messages: JsonValue, days: JsonValue): JsonObject => ({
  marketing_frequency_cap_max_messages: messages,
  marketing_frequency_cap_window_days: days,
});

export const refusedValues: readonly RuleCase[] = [
  { key: 'name', value: null, code: 'null' },
  { key: 'name', value: '', code: 'blank' },
  { key: 'name', value: '   ', code: 'blank' },
  { key: 'name', value: long(201), code: 'limit' },
  { key: 'name', value: ['a'], code: 'type' },
  { key: 'timezone', value: null, code: 'null' },
  { key: 'timezone', value: 1, code: 'type' },
  { key: 'week_start_day', value: 2, code: 'enum' },
  { key: 'week_start_day', value: 'Monday', code: 'type' },
  { key: 'base_currency', value: 'XXX', code: 'enum' },
  { key: 'base_currency', value: 'usd', code: 'enum' },
  { key: 'base_currency', value: null, code: 'null' },
  { key: 'business_model', value: 'b2g', code: 'enum' },
  { key: 'primary_dashboard', value: 'main', code: 'type' },
  { key: 'primary_dashboard', value: 1.5, code: 'type' },
  { key: 'default_data_theme', value: 2147483648, code: 'limit' },
  { key: 'default_data_theme', value: {}, code: 'type' },
  { key: 'human_friendly_comparison_periods', value: 'perhaps', code: 'type' },
  { key: 'is_demo', value: null, code: 'null' },
  { key: 'receive_org_level_activity_logs', value: [], code: 'type' },
  { key: 'slack_incoming_webhook', value: `https://example.com/${long(500)}`, code: 'limit' },
  { key: 'app_urls', value: null, code: 'null' },
  { key: 'app_urls', value: 'https://example.com', code: 'type' },
  { key: 'app_urls', value: [long(201)], code: 'limit', path: [0] },
  { key: 'app_urls', value: [{}], code: 'type', path: [0] },
  {
    key: 'app_urls',
    value: ['https://a.example.com', 'https://*.*.*.*.*.*.example.com'],
    code: 'wildcards',
    path: [1],
    on: 'current',
  },
  { key: 'anonymize_ips', value: null, code: 'null' },
  { key: 'anonymize_ips', value: 'perhaps', code: 'type' },
  { key: 'anonymize_ips', value: 'true', code: 'type', serverTakes: coerced },
  { key: 'cookieless_server_hash_mode', value: 3, code: 'enum' },
  { key: 'test_account_filters', value: null, code: 'null' },
  { key: 'test_account_filters', value: ['email'], code: 'type', path: [0], on: 'current' },
  { key: 'path_cleaning_filters', value: [{ alias: 'x' }], code: 'required', path: [0], on: 'current' },
  {
    key: 'path_cleaning_filters',
    value: [{ alias: 'x', regex: '' }],
    code: 'blank',
    path: [0, 'regex'],
    on: 'current',
  },
  { key: 'person_display_name_properties', value: [long(401)], code: 'limit', path: [0] },
  { key: 'person_display_name_properties', value: 'email', code: 'type' },
  { key: 'correlation_config', value: 'none', code: 'type', serverTakes: coerced },
  { key: 'live_events_columns', value: [['a']], code: 'type', path: [0] },
  { key: 'autocapture_opt_out', value: 'perhaps', code: 'type' },
  { key: 'data_attributes', value: null, code: 'null' },
  { key: 'data_attributes', value: 'data-attr', code: 'type', serverTakes: coerced },
  { key: 'autocapture_exceptions_opt_in', value: {}, code: 'type' },
  { key: 'autocapture_exceptions_errors_to_ignore', value: null, code: 'null' },
  { key: 'autocapture_exceptions_errors_to_ignore', value: {}, code: 'type' },
  { key: 'autocapture_exceptions_errors_to_ignore', value: [1], code: 'type', path: [0] },
  { key: 'autocapture_exceptions_errors_to_ignore', value: [long(300)], code: 'limit' },
  { key: 'autocapture_web_vitals_allowed_metrics', value: 'LCP', code: 'type', serverTakes: coerced },
  { key: 'session_recording_opt_in', value: null, code: 'null' },
  { key: 'session_recording_sample_rate', value: 'half', code: 'type' },
  { key: 'session_recording_sample_rate', value: '1.5', code: 'limit' },
  { key: 'session_recording_sample_rate', value: 1.01, code: 'limit' },
  { key: 'session_recording_sample_rate', value: -0.1, code: 'limit' },
  { key: 'session_recording_sample_rate', value: '0.405', code: 'decimals' },
  { key: 'session_recording_sample_rate', value: true, code: 'type' },
  { key: 'session_recording_minimum_duration_milliseconds', value: -1, code: 'limit' },
  { key: 'session_recording_minimum_duration_milliseconds', value: 30001, code: 'limit' },
  { key: 'session_recording_minimum_duration_milliseconds', value: '2s', code: 'type' },
  {
    key: 'session_recording_minimum_duration_milliseconds',
    value: '2000',
    code: 'type',
    serverTakes: coerced,
  },
  { key: 'session_recording_retention_period', value: '2y', code: 'enum' },
  { key: 'session_recording_retention_period', value: null, code: 'null' },
  { key: 'recording_domains', value: [long(201)], code: 'limit', path: [0] },
  { key: 'session_recording_linked_flag', value: 'flag', code: 'type' },
  { key: 'session_recording_linked_flag', value: { id: 1 }, code: 'required' },
  {
    key: 'session_recording_linked_flag',
    value: { id: 1, key: 'a', on: true },
    code: 'unknown-key',
    path: ['on'],
  },
  {
    key: 'session_recording_linked_flag',
    value: { id: 1.5, key: 'a' },
    code: 'type',
    path: ['id'],
    on: 'current',
  },
  {
    key: 'session_recording_linked_flag',
    value: { id: null, key: 'a' },
    code: 'type',
    path: ['id'],
    on: 'current',
  },
  {
    key: 'session_recording_network_payload_capture_config',
    value: { recordHeader: true },
    code: 'unknown-key',
    path: ['recordHeader'],
  },
  { key: 'session_recording_network_payload_capture_config', value: [], code: 'type' },
  {
    key: 'session_recording_masking_config',
    value: { maskAllInputs: true, maskAllText: true },
    code: 'unknown-key',
    path: ['maskAllText'],
  },
  { key: 'session_recording_trigger_match_type_config', value: 'some', code: 'enum' },
  { key: 'session_recording_event_trigger_config', value: [{}], code: 'type', path: [0] },
  { key: 'session_replay_config', value: { canvas: true }, code: 'unknown-key', path: ['canvas'] },
  {
    key: 'session_replay_config',
    value: { ai_config: { opt_out: true } },
    code: 'unknown-key',
    path: ['ai_config', 'opt_out'],
  },
  { key: 'feature_flag_confirmation_message', value: {}, code: 'type' },
  { key: 'experiment_recalculation_time', value: '25:00', code: 'type' },
  { key: 'experiment_recalculation_time', value: 'noon', code: 'type' },
  { key: 'default_experiment_confidence_level', value: '0.955', code: 'decimals' },
  { key: 'default_experiment_confidence_level', value: 'high', code: 'type' },
  {
    key: 'revenue_analytics_config',
    value: { base_currency: 'XXX' },
    code: 'enum',
    path: ['base_currency'],
  },
  {
    key: 'revenue_analytics_config',
    value: null,
    code: 'null',
    serverTakes: 'null does nothing',
    takenBy: 'documented',
  },
  {
    key: 'marketing_analytics_config',
    value: { attribution_window_days: 91 },
    code: 'limit',
    path: ['attribution_window_days'],
  },
  {
    key: 'marketing_analytics_config',
    value: { attribution_window_days: 0 },
    code: 'limit',
    path: ['attribution_window_days'],
  },
  {
    key: 'logs_settings',
    value: { retention_days: 15 },
    code: 'enum',
    path: ['retention_days'],
  },
  {
    key: 'logs_settings',
    value: { retention_last_updated: 'now' },
    code: 'readonly',
    path: ['retention_last_updated'],
    serverTakes: 'it sets the value itself',
  },
  {
    key: 'conversations_settings',
    value: { widget_public_token: 'mine' },
    code: 'readonly',
    path: ['widget_public_token'],
    serverTakes: 'it strips the key',
  },
  {
    key: 'conversations_settings',
    value: { ai_reply_modes: 'all' },
    code: 'type',
    path: ['ai_reply_modes'],
  },
  {
    key: 'modifiers',
    value: { bounceRateDurationSeconds: 0 },
    code: 'limit',
    path: ['bounceRateDurationSeconds'],
    on: 'current',
  },

  // API facts 9.1.
  { key: 'tags', value: null, code: 'null' },
  { key: 'tags', value: ['a', long(256)], code: 'limit', path: [1] },
  { key: 'tags', value: [7], code: 'type', path: [0], serverTakes: coerced },
  { key: 'feature_flag_policy_config', value: null, code: 'null' },
  { key: 'feature_flag_policy_config', value: { require_tags: null }, code: 'type', path: ['require_tags'] },
  {
    key: 'feature_flag_policy_config',
    value: { require_tags: 'perhaps' },
    code: 'type',
    path: ['require_tags'],
  },
  { key: 'workflows_config', value: null, code: 'null' },
  ...[
    ['workflow_task_rate_limit_per_day', 501],
    ['workflow_task_rate_limit_per_day', -1],
    ['workflow_task_team_rate_limit_per_day', 2501],
  ].map(([name, value]): RuleCase => ({
    key: 'workflows_config',
    value: { [String(name)]: value },
    code: 'limit',
    path: [String(name)],
  })),
  ...['marketing_frequency_cap_max_messages', 'marketing_frequency_cap_window_days'].map(
    (name): RuleCase => ({ key: 'workflows_config', value: { [name]: 5 }, code: 'both', path: [name] }),
  ),
  {
    key: 'workflows_config',
    value: caps(1001, 7),
    code: 'limit',
    path: ['marketing_frequency_cap_max_messages'],
  },
  {
    key: 'workflows_config',
    value: caps(10, 31),
    code: 'limit',
    path: ['marketing_frequency_cap_window_days'],
  },
  ...['marketing_analytics_config', 'customer_analytics_config'].map((key): RuleCase => ({
    key,
    value: null,
    code: 'null',
    serverTakes: 'null does nothing',
    takenBy: 'documented',
  })),
  {
    key: 'customer_analytics_config',
    value: { signup_event: null },
    code: 'type',
    path: ['signup_event'],
    on: 'current',
  },
  {
    key: 'customer_analytics_config',
    value: { signup_event: 1 },
    code: 'type',
    path: ['signup_event'],
    on: 'current',
  },
  ...Object.keys(goal)
    .filter((name) => name !== 'event' && name !== 'kind')
    .map((name): RuleCase => ({
      key: 'marketing_analytics_config',
      value: {
        conversion_goals: [Object.fromEntries(Object.entries(goal).filter(([one]) => one !== name))],
      },
      code: 'required',
      path: ['conversion_goals', 0],
      on: 'current',
    })),
  {
    key: 'marketing_analytics_config',
    value: { conversion_goals: [{ ...goal, kind: 'DataWarehouseNode', id: 'a', table_name: 'orders' }] },
    code: 'required',
    path: ['conversion_goals', 0],
    on: 'current',
  },
  ...['person', 'element', 'data_warehouse'].map((type): RuleCase => ({
    key: 'test_account_filters',
    value: [{ key: 'email', value: 'a', type }],
    code: 'required',
    path: [0],
    on: 'current',
  })),
  {
    key: 'modifiers',
    value: { customBotDefinitions: Array.from({ length: 51 }, () => ({})) },
    code: 'limit',
    path: ['customBotDefinitions'],
    on: 'current',
  },
  {
    key: 'conversations_settings',
    value: { slack_channel_ids: Array.from({ length: 51 }, (_, index) => `C${index}`) },
    code: 'limit',
    path: ['slack_channel_ids'],
    on: 'current',
    serverTakes: 'it keeps the first 50',
  },
  {
    key: 'conversations_settings',
    value: { slack_channel_ids: null },
    code: 'type',
    path: ['slack_channel_ids'],
    on: 'current',
    serverTakes: 'it drops the key',
  },
  {
    key: 'conversations_settings',
    value: { slack_bot_icon_url: 'http://example.com/bot.png' },
    code: 'start',
    path: ['slack_bot_icon_url'],
    on: 'current',
  },
  {
    key: 'conversations_settings',
    value: { slack_bot_display_name: long(201) },
    code: 'limit',
    path: ['slack_bot_display_name'],
    on: 'current',
  },
  { key: 'session_recording_trigger_groups', value: { groups: [] }, code: 'required' },
  {
    key: 'session_recording_trigger_groups',
    value: { version: 1, groups: [] },
    code: 'enum',
    path: ['version'],
  },
  {
    key: 'session_recording_trigger_groups',
    value: { version: 2, groups: [], fallbackSampleRate: null },
    code: 'type',
    path: ['fallbackSampleRate'],
  },
  {
    key: 'session_recording_trigger_groups',
    value: { version: 2, groups: [{ id: 'a', sampleRate: 0.5 }] },
    code: 'required',
    path: ['groups', 0],
  },
  ...(
    [
      [{ ...cohort, value: null }, 'type', ['value']],
      [{ key: 'id', operator: 'in', type: 'cohort' }, 'required', []],
      [{ ...cohort, value: 'Staff' }, 'type', ['value']],
      [{ ...cohort, key: 'email' }, 'enum', ['key']],
    ] as const
  ).map(([filter, code, path]): RuleCase => ({
    key: 'test_account_filters',
    value: [filter],
    code,
    path: [0, ...path],
    on: 'current',
  })),
  ...(
    [
      [{ minDurationMs: null }, 'type', ['minDurationMs']],
      ...['matchType', 'events', 'urls', 'properties'].map(
        (key) => [{ conditions: { [key]: null } }, 'type', ['conditions', key]] as const,
      ),
      [
        { conditions: { events: [{ name: 'a', properties: null }] } },
        'type',
        ['conditions', 'events', 0, 'properties'],
      ],
      [
        { conditions: { properties: [{ key: 'a', value: 1, type: 'event', operator: null }] } },
        'type',
        ['conditions', 'properties', 0, 'operator'],
      ],
      [{ minDurationMs: 30001 }, 'limit', ['minDurationMs']],
      [{ sampleRate: 1.5 }, 'limit', ['sampleRate']],
      [{ conditions: { matchType: 'some' } }, 'enum', ['conditions', 'matchType']],
      [{ conditions: { events: [5] } }, 'type', ['conditions', 'events', 0]],
      [{ conditions: { flag: 5 } }, 'type', ['conditions', 'flag']],
      [
        { conditions: { properties: [{ key: 'a', value: 'b', type: 'group' }] } },
        'enum',
        ['conditions', 'properties', 0, 'type'],
      ],
      [
        { conditions: { properties: [{ key: 'a', value: 1, type: 'event', operator: 'gte' }] } },
        'enum',
        ['conditions', 'properties', 0, 'operator'],
      ],
      [
        { conditions: { properties: [{ key: 'a', type: 'event' }] } },
        'required',
        ['conditions', 'properties', 0],
      ],
    ] as const
  ).map(([group, code, path]): RuleCase => ({
    key: 'session_recording_trigger_groups',
    value: groups(JSON.parse(JSON.stringify(group)) as JsonObject),
    code,
    path: ['groups', 0, ...path],
  })),
  ...['maskAllInputs', 'maskTextSelector', 'blockSelector'].map((name): RuleCase => ({
    key: 'session_recording_masking_config',
    value: { [name]: null },
    code: 'type',
    path: [name],
  })),
  { key: 'autocapture_exceptions_errors_to_ignore', value: [long(297)], code: 'limit' },
  { key: 'autocapture_exceptions_errors_to_ignore', value: ['é'.repeat(50)], code: 'limit' },
  {
    key: 'path_cleaning_filters',
    value: [{ alias: '/\\2', regex: '/(a)' }],
    code: 'group',
    path: [0, 'alias'],
    on: 'current',
  },
];

export const acceptedValues: readonly (readonly [key: string, ...values: JsonValue[]])[] = [
  ['name', 'x', 'x'.repeat(200), '😀'.repeat(200)],
  ['timezone', 'UTC', 'Europe/Berlin', 'Asia/Calcutta', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'],
  ['week_start_day', 0, 1, null],
  ['base_currency', 'EUR', 'USD'],
  ['business_model', 'b2b', 'b2c', 'other', null],
  ['app_urls', [], ['https://example.com'], ['https://*.example.com', '', null]],
  ['anonymize_ips', true, false],
  ['cookieless_server_hash_mode', 0, 1, 2, null],
  [
    'test_account_filters',
    [],
    [{ key: 'email', value: '@example.com', operator: 'not_icontains', type: 'person' }],
    [cohort],
    [{ key: 'id', value: 3, type: 'cohort' }],
  ],
  ['test_account_filters_default_checked', true, null],
  ['path_cleaning_filters', null, [], [{ alias: '/user/:id', regex: '/user/\\d+', order: 0 }]],
  ['person_display_name_properties', null, ['email', 'name']],
  ['correlation_config', null, { excluded_event_names: ['$pageview'] }],
  ['data_attributes', [], ['data-attr']],
  ['autocapture_exceptions_errors_to_ignore', [], ['ResizeObserver loop', '^Script error']],
  ['autocapture_web_vitals_allowed_metrics', null, ['LCP', 'CLS']],
  ['session_recording_sample_rate', '0.4', '0.40', 0.4, 0, 1, '1.00', null],
  ['session_recording_minimum_duration_milliseconds', 0, 30000, null],
  ['recording_domains', null, [], ['https://example.com']],
  ['session_recording_linked_flag', null, { id: 1, key: 'a' }, { id: 1, key: 'a', variant: 'b' }],
  ['session_recording_network_payload_capture_config', null, { recordBody: true }],
  ['session_recording_masking_config', null, { maskAllInputs: true, maskTextSelector: '*' }],
  ['session_recording_trigger_match_type_config', 'all', 'any', null],
  ['session_recording_url_trigger_config', null, [], [{ url: 'https://example.com/.*', matching: 'regex' }]],
  ['session_recording_event_trigger_config', null, ['$pageview', null]],
  [
    'session_replay_config',
    null,
    { record_canvas: true },
    { ai_config: null },
    { ai_config: { opt_in: true } },
  ],
  ['survey_config', null, { appearance: { backgroundColor: '#fff' } }],
  ['extra_settings', null, { anything: 1 }],
  ['modifiers', null, { personsOnEventsMode: 'disabled', debug: true, bounceRateDurationSeconds: 10.5 }],
  ['has_completed_onboarding_for', null, { product_analytics: true }],
  ['onboarding_tasks', null, { ingest_first_event: 'completed' }],
  ['revenue_analytics_config', { base_currency: 'EUR' }, { filter_test_accounts: true }],
  ['marketing_analytics_config', { attribution_window_days: 30, attribution_mode: 'last_touch' }],
  ['customer_analytics_config', { signup_event: { kind: 'EventsNode', event: 'signed_up' } }],
  ['logs_settings', null, { json_parse_logs: true }],
  ['conversations_settings', { widget_greeting_text: 'Hello', widget_domains: ['https://example.com'] }],
  ['experiment_recalculation_time', '02:00:00', '02:00', null],
  ['default_experiment_confidence_level', '0.95', 0.9, null],
  ['feature_flag_confirmation_message', 'Sure?', '', null],

  // API facts 9.1.
  ['tags', [], ['production', ' EU ', 'production']],
  ['feature_flag_policy_config', { require_tags: true }, { require_tags: false }],
  [
    'workflows_config',
    { workflow_task_rate_limit_per_day: 500, workflow_task_team_rate_limit_per_day: 2500 },
    { workflow_task_rate_limit_per_day: 0, workflow_task_team_rate_limit_per_day: null },
    caps(1000, 30),
    caps(null, null),
    { email_tracking_consent_mode: 'opt_in', capture_workflows_engagement_events: true },
  ],
  ['customer_analytics_config', { signup_event: '$pageview', payment_event: {} }],
  [
    'test_account_filters',
    ...['starts_with', 'not_ends_with', 'icontains_multi', 'semver_gte', 'is_date_after', 'between'].map(
      (operator) => [{ key: 'email', value: 'a', operator, type: 'person' }],
    ),
    [{ key: '$current_url', value: 'a', type: 'event' }],
    [{ key: 'email', operator: 'is_set', type: 'person' }],
  ],
  [
    'conversations_settings',
    { slack_notify_on_join: true, slack_bot_icon_url: 'https://example.com/bot.png' },
  ],
  [
    'session_recording_trigger_groups',
    null,
    { version: 2, groups: [], fallbackSampleRate: 0 },
    groups({ name: 'Checkout', minDurationMs: 0, conditions: { matchType: 'all' } }),
    groups({
      conditions: {
        events: ['$pageview', { name: 'paid', properties: [{ key: 'a', value: 1, type: 'event' }] }],
      },
    }),
    groups({ conditions: { flag: 'beta' } }),
    groups({ conditions: { flag: null, urls: [{ url: '/a/.*', matching: 'regex' }] } }),
    groups({ conditions: { properties: [{ key: 'a', value: 'b', type: 'person', operator: 'not_regex' }] } }),
  ],
  ['session_recording_masking_config', {}, { maskAllInputs: false, blockSelector: '.secret' }],
  ['autocapture_exceptions_errors_to_ignore', [long(296)], ['é'.repeat(49)], ['  padded  ']],
  ['path_cleaning_filters', [{ alias: '/\\1', regex: '/(a)' }], [{ alias: '/\\\\2', regex: '/(a)' }]],
];

/** Values that only current servers accept, or know at all (API facts 9.1). */
export const acceptedByCurrent: typeof acceptedValues = [
  [
    'marketing_analytics_config',
    ...['linear', 'time_decay', 'position_based'].map((mode) => ({ attribution_mode: mode })),
    { filter_test_accounts: true },
    { conversion_goals: [goal] },
    { conversion_goals: [{ ...goal, counts_as_customer: true, counts_as_revenue: false }] },
    {
      conversion_goals: [
        {
          ...goal,
          kind: 'DataWarehouseNode',
          distinct_id_field: 'user',
          id: 'a',
          id_field: 'id',
          table_name: 'orders',
          timestamp_field: 'at',
        },
      ],
    },
  ],
  ['modifiers', { customBotDefinitions: [{ name: 'Bot' }] }],
  [
    'conversations_settings',
    { slack_channel_ids: ['C1', 'C1', ''], slack_bot_display_name: long(200), slack_nudge_enabled: false },
    { ai_reply_modes: { widget: { how_to: 'bot_reply', diagnostic: 'private_note' } } },
  ],
];
