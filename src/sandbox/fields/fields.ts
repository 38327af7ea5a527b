import enums from '../enums.json';
import type { EmptyText, FormKind, FormShape } from '../form';
import type { JsonValue } from '../json';
import type { Generation } from '../types';
import {
  customerConfig,
  featureFlagPolicy,
  marketingConfig,
  revenueConfig,
  workflowsConfig,
} from './configs';
import { conversationsSettings } from './conversations';
import {
  errorsToIgnore,
  linkedFlag,
  logsSettings,
  masking,
  modifiers,
  networkPayloadCapture,
  pathCleaningFilters,
  primaryDashboard,
  proactiveTasks,
  replayConfig,
  retentionPeriod,
  surveyConfig,
  triggerMatchType,
} from './nested';
import { testAccountFilters } from './propertyFilters';
import { triggerGroups } from './triggerGroups';
import {
  anyJson,
  boolean,
  choice,
  decimal,
  int32,
  integer,
  list,
  tags,
  text,
  time,
  urlList,
} from './primitives';
import type { Reader } from './primitives';

/** How a written value is combined with the stored one (API facts 4.4). */
export type MergeRule = 'replace' | 'shallow' | 'replay' | 'partial' | 'marketing';

/** A field of the environment object, in the order of the real response. */
export interface Field {
  name: string;
  /** Absent for read-only fields. */
  read?: Reader;
  nullable: boolean;
  default: JsonValue;
  merge: (generation: Generation) => MergeRule;
  /** Whether a plain member can write it on current servers (API facts 4.3). */
  member: boolean;
  /** The only generation that has the field; absent if both do. */
  only?: Generation;
  /** Missing from `/api/projects/:id/` on documented servers (API facts 0, trap). */
  environmentsOnly: boolean;
  /** How a form passes the value; the last one of that name by default (API facts 1.8). */
  form?: FormKind;
  /** Whether a string field can be empty. */
  blank: boolean;
}

interface Options {
  nullable?: boolean;
  merge?: MergeRule | ((generation: Generation) => MergeRule);
  member?: boolean;
  only?: Generation;
  environmentsOnly?: boolean;
  form?: FormKind;
  blank?: boolean;
}

function field(name: string, read: Reader | undefined, initial: JsonValue, options: Options = {}): Field {
  const merge = options.merge ?? 'replace';
  return {
    name,
    ...(read ? { read } : {}),
    nullable: options.nullable ?? false,
    default: initial,
    merge: typeof merge === 'function' ? merge : () => merge,
    member: options.member ?? false,
    ...(options.only ? { only: options.only } : {}),
    environmentsOnly: options.environmentsOnly ?? false,
    ...(options.form ? { form: options.form } : {}),
    blank: options.blank ?? false,
  };
}

const N = { nullable: true } as const;
const MEMBER = { member: true } as const;
const ENV = { environmentsOnly: true } as const;
const CURRENT = { only: 'current' } as const;
const DOCUMENTED = { only: 'documented' } as const;
const LIST = { form: 'list' } as const;
const JSON_TEXT = { form: 'json' } as const;
const NESTED = { form: 'nested' } as const;
const BLANK = { blank: true } as const;
const words = list(text({ blank: true }));

/** Every field of the environment object (API facts 4.5). Read-only fields have no reader. */
export const FIELDS: readonly Field[] = [
  field('id', undefined, 0),
  field('uuid', undefined, ''),
  field('name', text({ max: 200 }), 'Default project'),
  field('access_control', boolean, false, N),
  field('organization', undefined, ''),
  field('project_id', undefined, 0, ENV),
  field('api_token', undefined, ''),
  field('secret_api_token', undefined, null),
  field('secret_api_token_backup', undefined, null),
  field('created_at', undefined, ''),
  field('updated_at', undefined, null),
  field('ingested_event', undefined, false),
  field('default_modifiers', undefined, {
    bounceRatePageViewMode: 'count_pageviews',
    inCohortVia: 'auto',
    materializationMode: 'legacy_null_as_null',
    personsArgMaxVersion: 'auto',
    personsOnEventsMode: 'person_id_override_properties_on_events',
    sessionTableVersion: 'auto',
  }),
  field('person_on_events_querying_enabled', undefined, true),
  field('user_access_level', undefined, null, ENV),
  field('app_urls', urlList({ maxWildcards: 5 }), [], LIST),
  field('slack_incoming_webhook', text({ max: 500, blank: true }), null, {
    ...N,
    ...DOCUMENTED,
    ...BLANK,
  }),
  field('anonymize_ips', boolean, false),
  field('completed_snippet_onboarding', boolean, true, MEMBER),
  field('test_account_filters', testAccountFilters, [], JSON_TEXT),
  field('test_account_filters_default_checked', boolean, false, N),
  field('path_cleaning_filters', pathCleaningFilters, [], { ...N, ...JSON_TEXT }),
  field('is_demo', boolean, false),
  field('timezone', choice(enums.timezone), 'UTC'),
  field('data_attributes', anyJson, ['data-attr'], JSON_TEXT),
  field('person_display_name_properties', list(text({ max: 400 })), null, { ...N, ...LIST }),
  field('correlation_config', anyJson, {}, { ...N, ...JSON_TEXT }),
  field('autocapture_opt_out', boolean, false, N),
  field('autocapture_exceptions_opt_in', boolean, false, { ...N, ...MEMBER }),
  field('autocapture_web_vitals_opt_in', boolean, false, { ...N, ...MEMBER }),
  field('autocapture_web_vitals_allowed_metrics', anyJson, null, { ...N, ...MEMBER, ...JSON_TEXT }),
  field('autocapture_exceptions_errors_to_ignore', errorsToIgnore, [], JSON_TEXT),
  field('capture_console_log_opt_in', boolean, true, N),
  field('logs_settings', logsSettings, null, { ...N, ...JSON_TEXT }),
  field('capture_performance_opt_in', boolean, true, N),
  field('session_recording_opt_in', boolean, false, MEMBER),
  field('session_recording_sample_rate', decimal({ digits: 3, places: 2, min: 0, max: 1 }), null, N),
  field('session_recording_minimum_duration_milliseconds', integer({ min: 0, max: 30000 }), null, N),
  field('session_recording_linked_flag', linkedFlag, null, { ...N, ...JSON_TEXT }),
  field('session_recording_network_payload_capture_config', networkPayloadCapture, null, {
    ...N,
    ...JSON_TEXT,
  }),
  field('session_recording_masking_config', masking, null, { ...N, ...JSON_TEXT }),
  field('session_recording_url_trigger_config', list(anyJson, { nullItems: true }), null, {
    ...N,
    ...ENV,
    ...LIST,
  }),
  field('session_recording_url_blocklist_config', list(anyJson, { nullItems: true }), null, {
    ...N,
    ...ENV,
    ...LIST,
  }),
  field('session_recording_event_trigger_config', list(text({ blank: true }), { nullItems: true }), null, {
    ...N,
    ...ENV,
    ...LIST,
  }),
  field('session_recording_trigger_match_type_config', triggerMatchType, null, { ...N, ...ENV }),
  field('session_recording_trigger_groups', triggerGroups, null, { ...N, ...CURRENT, ...JSON_TEXT }),
  field('session_recording_retention_period', retentionPeriod, '30d', ENV),
  field('session_replay_config', replayConfig, null, { ...N, merge: 'replay', ...JSON_TEXT }),
  field('survey_config', surveyConfig, null, { ...N, merge: 'shallow', ...JSON_TEXT }),
  field('week_start_day', choice([0, 1]), null, N),
  field('primary_dashboard', primaryDashboard, null, { ...N, ...MEMBER }),
  field('live_events_columns', words, null, { ...N, ...LIST }),
  field('recording_domains', urlList(), null, { ...N, ...LIST }),
  field('cookieless_server_hash_mode', choice([0, 1, 2]), 0, { ...N, ...ENV }),
  field('human_friendly_comparison_periods', boolean, false, { ...N, ...ENV }),
  field('inject_web_apps', boolean, null, N),
  field('extra_settings', anyJson, {}, { ...N, ...JSON_TEXT }),
  field('modifiers', modifiers, null, {
    ...N,
    merge: (generation) => (generation === 'current' ? 'shallow' : 'replace'),
    ...JSON_TEXT,
  }),
  field('has_completed_onboarding_for', anyJson, {}, { ...N, ...MEMBER, ...JSON_TEXT }),
  field('surveys_opt_in', boolean, false, { ...N, ...MEMBER }),
  field('heatmaps_opt_in', boolean, false, N),
  field('flags_persistence_default', boolean, false, N),
  field('feature_flag_confirmation_enabled', boolean, false, { ...N, ...ENV }),
  field('feature_flag_confirmation_message', text({ blank: true }), null, { ...N, ...ENV, ...BLANK }),
  field('default_evaluation_contexts_enabled', boolean, false, { ...N, ...ENV }),
  field('require_evaluation_contexts', boolean, false, N),
  field('capture_dead_clicks', boolean, false, { ...N, ...ENV }),
  field('default_data_theme', int32, null, { ...N, ...ENV }),
  field('revenue_analytics_config', revenueConfig, {}, { ...N, ...ENV, merge: 'partial', ...NESTED }),
  field('marketing_analytics_config', marketingConfig, {}, { ...N, ...ENV, merge: 'marketing', ...NESTED }),
  field('customer_analytics_config', customerConfig, {}, { ...N, merge: 'partial', ...NESTED }),
  field('workflows_config', workflowsConfig, {}, { ...N, ...CURRENT, merge: 'partial', ...NESTED }),
  field('onboarding_tasks', anyJson, {}, { ...N, ...MEMBER, ...ENV, ...JSON_TEXT }),
  field('available_setup_task_ids', undefined, ['ingest_first_event', 'set_up_reverse_proxy'], CURRENT),
  field('base_currency', choice(enums.base_currency), 'USD', ENV),
  field('web_analytics_pre_aggregated_tables_enabled', boolean, false, { ...N, ...ENV }),
  field('experiment_recalculation_time', time, null, { ...N, ...ENV, ...DOCUMENTED }),
  field('default_experiment_confidence_level', decimal({ digits: 3, places: 2 }), null, {
    ...N,
    ...DOCUMENTED,
  }),
  field('receive_org_level_activity_logs', boolean, false, N),
  field('business_model', choice(enums.business_model), null, { ...N, ...BLANK }),
  field('conversations_enabled', boolean, null, N),
  field('conversations_settings', conversationsSettings, null, { ...N, merge: 'shallow', ...JSON_TEXT }),
  field('proactive_tasks_enabled', proactiveTasks, false, { ...N, ...CURRENT }),
  field('product_description', text({ max: 1000, blank: true }), null, { ...N, ...CURRENT, ...BLANK }),
  field('effective_membership_level', undefined, null),
  field('has_group_types', undefined, false),
  field('group_types', undefined, []),
  field('live_events_token', undefined, null),
  field('product_intents', undefined, []),
  field('managed_viewsets', undefined, { revenue_analytics: false }, ENV),
  field('feature_flag_policy_config', featureFlagPolicy, {}, { ...CURRENT, merge: 'partial', ...NESTED }),
  field('tags', tags, [], { ...CURRENT, ...LIST }),
  field('heatmaps_screenshot_secret', undefined, null, CURRENT),
  field('flag_evaluations_mode', undefined, 0, CURRENT),
  field('is_pending_deletion', undefined, false, CURRENT),
  field('deletion_scheduled_at', undefined, null, CURRENT),
  field('event_retention_months', undefined, 84, CURRENT),
  field('events_retention_enforced', undefined, false, CURRENT),
];

/** Sub-fields that the three config rows have before they are first written. */
export const CONFIG_DEFAULTS: Record<string, Record<string, JsonValue>> = {
  revenue_analytics_config: { base_currency: 'USD', events: [], goals: [], filter_test_accounts: false },
  marketing_analytics_config: {
    sources_map: {},
    conversion_goals: [],
    attribution_window_days: 90,
    attribution_mode: 'last_touch',
    campaign_name_mappings: {},
    custom_source_mappings: {},
    campaign_field_preferences: {},
  },
  customer_analytics_config: {
    activity_event: null,
    signup_pageview_event: null,
    signup_event: null,
    subscription_event: null,
    payment_event: null,
  },
  workflows_config: {
    capture_workflows_engagement_events: false,
    email_tracking_consent_mode: 'off',
    workflow_task_rate_limit_per_day: null,
    workflow_task_team_rate_limit_per_day: null,
    marketing_frequency_cap_max_messages: null,
    marketing_frequency_cap_window_days: null,
  },
  feature_flag_policy_config: { require_tags: false },
};

/** Sub-fields on newer servers only. */
export const NEWER_CONFIG_DEFAULTS: Record<string, Record<string, JsonValue>> = {
  marketing_analytics_config: { filter_test_accounts: false },
  // No longer nullable, so an unset one is an empty object (inferred).
  customer_analytics_config: {
    activity_event: {},
    signup_pageview_event: {},
    signup_event: {},
    subscription_event: {},
    payment_event: {},
  },
};

/** Fields by name. */
const FIELD_BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((item) => [item.name, item]));

/** Sub-fields of the configs that aren't JSON columns. */
const PLAIN_SUB_FIELDS =
  /\.(?:base_currency|filter_test_accounts|attribution_\w+|account_group_type_index|capture_workflows_engagement_events|email_tracking_consent_mode|workflow_task_\w+|marketing_frequency_\w+|require_tags)$/;

/** How settings are read from a form. */
export const SETTINGS_FORM: FormShape = {
  kindOf: (name) =>
    name.includes('.') && !PLAIN_SUB_FIELDS.test(name) ? 'json' : FIELD_BY_NAME.get(name)?.form,
  emptyOf: (name): EmptyText => {
    const found = FIELD_BY_NAME.get(name);
    return !found || found.blank ? 'text' : found.nullable ? 'null' : 'unset';
  },
};

/** Whether a generation has a field. */
export function hasField(item: Field, generation: Generation): boolean {
  return item.only === undefined || item.only === generation;
}
