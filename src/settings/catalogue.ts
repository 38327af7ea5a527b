import { currencies } from './currencies';
import type { SettingsGroupId } from './groups';
import type { FieldRule, ListRule, ObjectRule, TextRule } from './rules';

export { settingsGroups, type SettingsGroup, type SettingsGroupId } from './groups';

/** Which API a server speaks: the nested environments of the documentation, or today's projects. */
export type Generation = 'documented' | 'current';

/** Who may write a field (API facts 4.3): any project member, a project admin, an organization admin. */
export type WriteAccess = 'member' | 'admin' | 'organizationAdmin';

/** What PATCH does with an object: replace it whole, or merge the sent sub-keys into the stored one. */
export type PatchMode = 'replace' | 'merge';

/**
 * Whether a field can be in a settings document: `writable`; `readonly`, which PATCH ignores; `secret`, which is
 * read-only and must not be shown; `refused`, whose presence makes PATCH fail whole (API facts 4.4).
 */
export type FieldAccess = 'writable' | 'readonly' | 'secret' | 'refused';

/** One field of the environment object (API facts 4.5). */
export interface SettingsField {
  readonly key: string;
  readonly group: SettingsGroupId;
  readonly access: FieldAccess;
  readonly writeAccess: WriteAccess;
  /** Whether PATCH takes null. Fields on which null does nothing count as not nullable. */
  readonly nullable: boolean;
  readonly rule: FieldRule;
  /** The generation from which on the field is gone from the environment object. */
  readonly removedIn?: 'current';
  /** The generation that brought the field; the documentation does not list it. */
  readonly addedIn?: 'current';
  /** The name that the field has today. */
  readonly renamedTo?: string;
  /** How PATCH treats an object value (API facts 4.4). */
  readonly patchMode: (generation: Generation) => PatchMode;
}

interface FieldOptions extends Partial<Omit<SettingsField, 'key' | 'group' | 'rule'>> {
  readonly key?: never;
}

const alwaysReplaced = (): PatchMode => 'replace';
const alwaysMerged = (): PatchMode => 'merge';

/** Null allowed, project admins only, replaced: what most fields are. */
const field = (
  group: SettingsGroupId,
  key: string,
  rule: FieldRule,
  options: FieldOptions = {},
): SettingsField => ({
  key,
  group,
  rule,
  access: 'writable',
  writeAccess: 'admin',
  nullable: true,
  patchMode: alwaysReplaced,
  ...options,
});

const flag: FieldRule = { type: 'boolean' };
const integer: FieldRule = { type: 'integer' };
const text: TextRule = { type: 'string' };
const object: ObjectRule = { type: 'object' };
const time: FieldRule = { type: 'time' };
const anyList: ListRule = { type: 'array' };
const textList: ListRule = { type: 'array', items: text };
const upTo = (maxLength: number): TextRule => ({ type: 'string', maxLength });
const oneOf = (...values: string[]): TextRule => ({ type: 'string', values });
const whole = (...values: number[]): FieldRule => ({ type: 'integer', values });
const currency: TextRule = { type: 'string', values: currencies };

const member: FieldOptions = { writeAccess: 'member' };
const notNull: FieldOptions = { nullable: false };
const memberNotNull: FieldOptions = { ...member, ...notNull };
const added: FieldOptions = { addedIn: 'current' };
const removed: FieldOptions = { removedIn: 'current' };
const merged: FieldOptions = { patchMode: alwaysMerged };
const mergedNotNull: FieldOptions = { ...merged, ...notNull };
const readonly: FieldOptions = { access: 'readonly' };
const secret: FieldOptions = { access: 'secret' };

const urlList: ListRule = { type: 'array', items: upTo(200), nullItems: true, dropsEmpty: true };

/**
 * Every field of the environment object in the order of a settings document: `name` first, group by group, then
 * what is never in one. Rules, nullability and access are API facts 4.3, 4.4, 4.5 and 4.8.
 */
export const settingsFields: readonly SettingsField[] = [
  field('general', 'name', { type: 'string', minLength: 1, maxLength: 200 }, notNull),
  field('general', 'product_description', upTo(1000), added),
  field('general', 'timezone', { type: 'timezone' }, notNull),
  field('general', 'week_start_day', whole(0, 1)),
  field('general', 'base_currency', currency, notNull),
  field('general', 'business_model', oneOf('b2b', 'b2c', 'other', '')),
  field('general', 'primary_dashboard', integer, member),
  field('general', 'default_data_theme', { type: 'integer', min: -2147483648, max: 2147483647 }),
  field('general', 'human_friendly_comparison_periods', flag),
  field('general', 'is_demo', flag, notNull),
  field('general', 'receive_org_level_activity_logs', flag, { writeAccess: 'organizationAdmin' }),
  field('general', 'slack_incoming_webhook', upTo(500), removed),

  field('privacy', 'app_urls', { ...urlList, maxWildcards: 5 }, notNull),
  field('privacy', 'anonymize_ips', flag, notNull),
  field('privacy', 'cookieless_server_hash_mode', whole(0, 1, 2)),

  field(
    'filters',
    'test_account_filters',
    { type: 'array', items: { type: 'object', since: 'current' } },
    notNull,
  ),
  field('filters', 'test_account_filters_default_checked', flag),
  field('filters', 'path_cleaning_filters', {
    type: 'array',
    items: {
      type: 'object',
      since: 'current',
      required: ['regex'],
      keys: { regex: { type: 'string', minLength: 1, since: 'current' } },
    },
  }),
  field('filters', 'person_display_name_properties', { type: 'array', items: upTo(400) }),
  field('filters', 'correlation_config', object),
  field('filters', 'live_events_columns', textList),

  field('autocapture', 'autocapture_opt_out', flag),
  field('autocapture', 'data_attributes', anyList, notNull),
  field('autocapture', 'capture_dead_clicks', flag),
  field('autocapture', 'heatmaps_opt_in', flag),

  field('errors', 'autocapture_exceptions_opt_in', flag, member),
  field(
    'errors',
    'autocapture_exceptions_errors_to_ignore',
    { type: 'array', items: text, jsonShorterThan: 300 },
    notNull,
  ),

  field('web', 'autocapture_web_vitals_opt_in', flag, member),
  field('web', 'autocapture_web_vitals_allowed_metrics', anyList, member),
  field('web', 'web_analytics_pre_aggregated_tables_enabled', flag),

  field('replay', 'session_recording_opt_in', flag, memberNotNull),
  field('replay', 'session_recording_sample_rate', { type: 'decimal', min: 0, max: 1 }),
  field('replay', 'session_recording_minimum_duration_milliseconds', {
    type: 'integer',
    min: 0,
    max: 30000,
  }),
  field('replay', 'session_recording_retention_period', oneOf('30d', '90d', '1y', '5y'), notNull),
  field('replay', 'recording_domains', urlList),
  field('replay', 'capture_console_log_opt_in', flag),
  field('replay', 'capture_performance_opt_in', flag),
  field('replay', 'session_recording_linked_flag', {
    type: 'object',
    only: ['id', 'key', 'variant'],
    required: ['id', 'key'],
    keys: { id: { type: 'id', since: 'current' } },
  }),
  field('replay', 'session_recording_network_payload_capture_config', {
    type: 'object',
    only: ['recordHeaders', 'recordBody'],
  }),
  field('replay', 'session_recording_masking_config', {
    type: 'object',
    only: ['maskAllInputs', 'maskTextSelector', 'blockSelector'],
  }),
  field('replay', 'session_recording_trigger_match_type_config', oneOf('all', 'any')),
  field('replay', 'session_recording_url_trigger_config', anyList),
  field('replay', 'session_recording_url_blocklist_config', anyList),
  field('replay', 'session_recording_event_trigger_config', { ...textList, nullItems: true }),
  field('replay', 'session_recording_trigger_groups', object, added),
  field(
    'replay',
    'session_replay_config',
    {
      type: 'object',
      only: ['record_canvas', 'ai_config'],
      keys: {
        ai_config: {
          type: 'object',
          only: [
            'opt_in',
            'preferred_events',
            'excluded_events',
            'included_event_properties',
            'important_user_properties',
          ],
        },
      },
    },
    merged,
  ),
  field('replay', 'session_replay_ai_summary_config', object, added),

  field('surveys', 'surveys_opt_in', flag, member),
  field('surveys', 'survey_config', object, merged),

  field('flags', 'flags_persistence_default', flag),
  field('flags', 'feature_flag_confirmation_enabled', flag),
  field('flags', 'feature_flag_confirmation_message', text),
  field('flags', 'default_evaluation_contexts_enabled', flag),
  field('flags', 'default_evaluation_environments_enabled', flag, {
    ...removed,
    renamedTo: 'default_evaluation_contexts_enabled',
  }),
  field('flags', 'require_evaluation_contexts', flag),

  field('experiments', 'experiment_recalculation_time', time, removed),
  field('experiments', 'default_experiment_confidence_level', { type: 'decimal' }, removed),

  field(
    'revenue',
    'revenue_analytics_config',
    { type: 'object', keys: { base_currency: currency, filter_test_accounts: flag } },
    mergedNotNull,
  ),
  field(
    'marketing',
    'marketing_analytics_config',
    { type: 'object', keys: { attribution_window_days: { type: 'integer', min: 1, max: 90 } } },
    mergedNotNull,
  ),
  field('customer', 'customer_analytics_config', object, mergedNotNull),

  field('logs', 'logs_settings', {
    type: 'object',
    keys: { retention_days: { type: 'integer', values: [14, 30] } },
    kept: ['retention_last_updated'],
  }),

  field('conversations', 'conversations_enabled', flag),
  field(
    'conversations',
    'conversations_settings',
    {
      type: 'object',
      keys: { ai_reply_modes: object },
      hidden: /^widget_public_token$|^slack_(bot_token|team_id|enabled|scopes)$|^email_enabled$|^teams_/,
    },
    merged,
  ),

  field('workflows', 'workflows_config', object, added),
  field('workflows', 'proactive_tasks_enabled', flag, added),

  field(
    'query',
    'modifiers',
    {
      type: 'object',
      keys: {
        bounceRateDurationSeconds: { type: 'integer', min: 1, max: 120, fractions: true, since: 'current' },
      },
    },
    { patchMode: (generation) => (generation === 'current' ? 'merge' : 'replace') },
  ),

  field('onboarding', 'completed_snippet_onboarding', flag, memberNotNull),
  field('onboarding', 'has_completed_onboarding_for', object, member),
  field('onboarding', 'onboarding_tasks', object, member),
  field('onboarding', 'inject_web_apps', flag),
  field('onboarding', 'extra_settings', object),

  field('general', 'id', integer, readonly),
  field('general', 'uuid', text, readonly),
  field('general', 'organization', text, readonly),
  field('general', 'project_id', integer, readonly),
  field('general', 'api_token', text, readonly),
  field('general', 'created_at', text, readonly),
  field('general', 'updated_at', text, readonly),
  field('general', 'ingested_event', flag, readonly),
  field('general', 'is_pending_deletion', flag, { ...readonly, ...added }),
  field('general', 'user_access_level', text, readonly),
  field('general', 'effective_membership_level', integer, readonly),
  field('general', 'event_retention_months', integer, { ...readonly, ...added }),
  field('general', 'events_retention_enforced', flag, { ...readonly, ...added }),
  field('query', 'default_modifiers', object, readonly),
  field('query', 'person_on_events_querying_enabled', flag, readonly),
  field('query', 'managed_viewsets', object, readonly),
  field('filters', 'has_group_types', flag, readonly),
  field('filters', 'group_types', anyList, readonly),
  field('onboarding', 'product_intents', anyList, readonly),
  field('onboarding', 'available_setup_task_ids', anyList, { ...readonly, ...added }),
  field('general', 'access_control', flag, { access: 'refused' }),
  field('general', 'secret_api_token', text, secret),
  field('general', 'secret_api_token_backup', text, secret),
  field('general', 'live_events_token', text, secret),
];

const byKey: ReadonlyMap<string, SettingsField> = new Map(settingsFields.map((one) => [one.key, one]));

/** The field with this key of the API, or undefined when the catalogue does not know it. */
export function settingsField(key: string): SettingsField | undefined {
  return byKey.get(key);
}
