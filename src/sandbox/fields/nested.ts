import { forbidden, invalid, serverError } from '../errors';
import { isJsonObject, isNumber, readNumber, textOf } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { compileRe2 } from '../re2';
import { boolean, choice, object, text } from './primitives';
import type { Reader } from './primitives';

const dictionaryOrNone = object('Must provide a dictionary or None.');

/** `{id, key}` or `{id, key, variant}`; newer servers want a whole id (API facts 4.5). */
export const linkedFlag: Reader = (value, attr, context) => {
  const flag = dictionaryOrNone(value, attr);
  const keys = Object.keys(flag).sort().join();
  if (keys !== 'id,key' && keys !== 'id,key,variant') {
    throw invalid(
      "Must provide a dictionary with only 'id' and 'key' keys. _or_ only 'id', 'key', and 'variant' keys.",
      attr,
    );
  }
  if (context.generation === 'documented') {
    return flag;
  }
  const { id } = flag;
  const whole = typeof id === 'string' ? (/^-?\d+$/.test(id.trim()) ? readNumber(id.trim()) : undefined) : id;
  if (
    !isNumber(whole) ||
    (typeof whole === 'number' && !Number.isInteger(whole)) ||
    (typeof id === 'number' && context.writtenAsFloat?.([attr, 'id']) === true)
  ) {
    throw invalid("Must provide an integer 'id'.", attr);
  }
  return { ...flag, id: whole };
};

/** Only the listed keys, each of its type. */
function onlyKeys(shape: Record<string, 'boolean' | 'string'>, keyText: string): Reader {
  return (value, attr) => {
    const config = dictionaryOrNone(value, attr);
    if (!Object.keys(config).every((key) => Object.hasOwn(shape, key))) {
      throw invalid(`Must provide a dictionary with only ${keyText} keys.`, attr);
    }
    for (const [key, item] of Object.entries(config)) {
      if (item !== null && typeof item !== shape[key]) {
        throw invalid(`Must provide a ${shape[key] ?? ''} for '${key}'.`, attr);
      }
    }
    return config;
  };
}

export const networkPayloadCapture = onlyKeys(
  { recordHeaders: 'boolean', recordBody: 'boolean' },
  "'recordHeaders' and/or 'recordBody'",
);

export const masking = onlyKeys(
  { maskAllInputs: 'boolean', maskTextSelector: 'string', blockSelector: 'string' },
  "'maskAllInputs', 'maskTextSelector' and/or 'blockSelector'",
);

export const triggerMatchType: Reader = (value, attr) => {
  if (value !== 'all' && value !== 'any') {
    throw invalid("Must provide a valid trigger match type. Only 'all' or 'any' or None are allowed.", attr);
  }
  return value;
};

const RETENTION_PERIODS = ['30d', '90d', '1y', '5y'];

/** Bound to the plan: above it 403, without an entitlement 500 (API facts 4.5). */
export const retentionPeriod: Reader = (value, attr, context) => {
  if (typeof value !== 'string' || !RETENTION_PERIODS.includes(value)) {
    throw invalid("Must provide a valid retention period. Options are: ['30d', '90d', '1y', '5y'].", attr);
  }
  const longest = context.longestRetention;
  if (longest === null) {
    throw serverError('Invalid retention entitlement.');
  }
  if (RETENTION_PERIODS.indexOf(value) > RETENTION_PERIODS.indexOf(longest)) {
    throw forbidden(
      `This organization does not have permission to set retention period of length '${value}' - longest allowable retention period is '${longest}'.`,
    );
  }
  return value;
};

const AI_CONFIG_KEYS = [
  'included_event_properties',
  'opt_in',
  'preferred_events',
  'excluded_events',
  'important_user_properties',
];

export const replayConfig: Reader = (value, attr) => {
  const config = dictionaryOrNone(value, attr);
  if (!Object.keys(config).every((key) => key === 'record_canvas' || key === 'ai_config')) {
    throw invalid('Must provide a dictionary with only allowed keys: record_canvas, ai_config.', attr);
  }
  const ai = config.ai_config;
  if (ai !== undefined && ai !== null) {
    if (!isJsonObject(ai) || !Object.keys(ai).every((key) => AI_CONFIG_KEYS.includes(key))) {
      throw invalid(`Must provide a dictionary with only allowed keys: ${AI_CONFIG_KEYS.join(', ')}.`, attr);
    }
  }
  return config;
};

/** The one list whose errors carry no field (API facts 4.5). */
export const errorsToIgnore: Reader = (value) => {
  const field = 'autocapture_exceptions_errors_to_ignore';
  if (!Array.isArray(value)) {
    throw invalid(`Must provide a list for field: ${field}.`);
  }
  if (!value.every((item) => typeof item === 'string')) {
    throw invalid(`Must provide a list of strings to field: ${field}.`);
  }
  if (JSON.stringify(value).length >= 300) {
    throw invalid(
      `Field ${field} must be less than 300 characters. Complex config should be provided in posthog-js initialization.`,
    );
  }
  return value;
};

/** Newer servers compile every rule with RE2. */
export const pathCleaningFilters: Reader = (value, attr, context) => {
  if (context.generation === 'documented') {
    return value;
  }
  if (!Array.isArray(value) || !value.every(isJsonObject)) {
    throw invalid('Must provide a list of path cleaning rules.', attr);
  }
  for (const { regex } of value) {
    if (typeof regex !== 'string' || regex === '') {
      throw invalid('A path cleaning rule needs a regex. Remove the rule or give it one.', attr);
    }
    const compiled = compileRe2(regex);
    if ('problem' in compiled) {
      throw invalid(`Invalid path cleaning regex '${regex}': ${compiled.problem}`, attr);
    }
  }
  return value;
};

const MODIFIER_CHOICES: Record<string, readonly string[]> = {
  personsOnEventsMode: [
    'disabled',
    'person_id_no_override_properties_on_events',
    'person_id_override_properties_on_events',
    'person_id_override_properties_joined',
  ],
  personsArgMaxVersion: ['auto', 'v1', 'v2'],
  inCohortVia: ['auto', 'leftjoin', 'subquery', 'leftjoin_conjoined'],
  materializationMode: ['auto', 'legacy_null_as_string', 'legacy_null_as_null', 'disabled'],
  personsJoinMode: ['inner', 'left'],
  bounceRatePageViewMode: ['count_pageviews', 'uniq_urls', 'uniq_page_screen_autocaptures'],
  sessionTableVersion: ['auto', 'v1', 'v2', 'v3'],
  sessionsV2JoinMode: ['string', 'uuid'],
  propertyGroupsMode: ['enabled', 'disabled', 'optimized'],
};
const MODIFIER_BOOLEANS = [
  'optimizeJoinedFilters',
  'debug',
  'timings',
  's3TableUseInvalidColumns',
  'useMaterializedViews',
  'usePresortedEventsTable',
  'useWebAnalyticsPreAggregatedTables',
  'formatCsvAllowDoubleQuotes',
  'convertToProjectTimezone',
  'usePreaggregatedTableTransforms',
  'optimizeProjections',
];
const MODIFIER_LISTS = ['customChannelTypeRules', 'dataWarehouseEventsModifiers'];

/** HogQLQueryModifiers (API facts 4.8). Seed-era servers store any object. */
export const modifiers: Reader = (value, attr, context) => {
  const given = dictionaryOrNone(value, attr);
  if (context.generation === 'documented') {
    return given;
  }
  for (const [key, item] of Object.entries(given)) {
    const path = `${attr}__${key}`;
    const choices = Object.hasOwn(MODIFIER_CHOICES, key) ? MODIFIER_CHOICES[key] : undefined;
    if (choices) {
      if (item !== null && item !== undefined) {
        choice(choices)(item, path, context);
      }
    } else if (key === 'bounceRateDurationSeconds') {
      if (item !== null && (typeof item !== 'number' || item < 1 || item > 120)) {
        throw invalid('Must be between 1 and 120 seconds.', path);
      }
    } else if (MODIFIER_BOOLEANS.includes(key)) {
      if (item !== null && typeof item !== 'boolean') {
        throw invalid('Must be a valid boolean.', path);
      }
    } else if (MODIFIER_LISTS.includes(key)) {
      if (item !== null && !Array.isArray(item)) {
        throw invalid('Must provide a list.', path);
      }
    } else {
      throw invalid('Invalid modifier key.', path);
    }
  }
  return given;
};

const HOUR_MS = 3_600_000;

/** Replaced whole; the server sets `retention_last_updated` (API facts 4.8). */
export const logsSettings: Reader = (value, attr, context) => {
  const given = dictionaryOrNone(value, attr);
  const before: JsonObject = isJsonObject(context.stored.logs_settings) ? context.stored.logs_settings : {};
  const days = given.retention_days;
  if (days !== undefined && days !== null && days !== 14 && days !== 30) {
    throw invalid('retention_days must be one of [14, 30]', attr);
  }
  for (const key of ['capture_console_logs', 'json_parse_logs', 'pii_scrub_logs']) {
    const item = given[key];
    if (item !== undefined && item !== null && typeof item !== 'boolean') {
      throw invalid('Must be a valid boolean.', attr);
    }
  }
  const attributeKey = given.json_parse_logs_attribute_key;
  if (attributeKey !== undefined && attributeKey !== null) {
    text({ max: 200, blank: true })(attributeKey, attr, context);
  }
  const stored: JsonObject = { ...given };
  delete stored.retention_last_updated;
  if (before.retention_last_updated !== undefined) {
    stored.retention_last_updated = before.retention_last_updated;
  }
  if (days !== undefined && days !== null && days !== before.retention_days) {
    if (days === 30 && !context.longLogsRetention) {
      throw forbidden('This organization does not have permission to set Logs retention to 30 days.');
    }
    refuseSecondRetentionChange(before.retention_last_updated, attr, context.now);
    stored.retention_last_updated = context.now.toISOString();
  }
  return stored;
};

function refuseSecondRetentionChange(last: JsonValue | undefined, attr: string, now: Date): void {
  if (typeof last !== 'string') {
    return;
  }
  const remainingMs = new Date(last).getTime() + 24 * HOUR_MS - now.getTime();
  if (remainingMs > 0) {
    throw invalid(
      `You can only update retention settings once per 24 hours. Please wait ${Math.ceil(remainingMs / HOUR_MS)} more hour(s).`,
      attr,
    );
  }
}

/** Only booleans inside; a list or a scalar is refused. */
export const surveyConfig: Reader = (value, attr) => dictionaryOrNone(value, attr);

export const primaryDashboard: Reader = (value, attr, context) => {
  if (!isNumber(value) && typeof value !== 'string') {
    throw invalid(
      `Incorrect type. Expected pk value, received ${typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'list' : 'dict'}.`,
      attr,
      'incorrect_type',
    );
  }
  const id = Number(value);
  if (context.otherDashboards.includes(id)) {
    throw invalid('Dashboard does not belong to this team.', attr);
  }
  if (!context.dashboards.includes(id)) {
    throw invalid(`Invalid pk "${textOf(value)}" - object does not exist.`, attr, 'does_not_exist');
  }
  return id;
};

/** Newer field, closed to organizations outside the trial (API facts 4.5). */
export const proactiveTasks: Reader = (value, attr, context) => {
  const enabled = boolean(value, attr, context);
  if (!context.proactiveTasks && enabled !== context.stored.proactive_tasks_enabled) {
    throw forbidden('You do not have permission to modify the proactive_tasks_enabled setting.');
  }
  return enabled;
};

const WORKFLOW_CONSENT = ['off', 'opt_out', 'opt_in'];

/** Newer field; partial update of the sent sub-fields. */
export const workflowsConfig: Reader = (value, attr, context) => {
  const given = object('Invalid data. Expected a dictionary.')(value, attr);
  const read: JsonObject = {};
  if (given.capture_workflows_engagement_events !== undefined) {
    read.capture_workflows_engagement_events = boolean(
      given.capture_workflows_engagement_events,
      `${attr}__capture_workflows_engagement_events`,
      context,
    );
  }
  if (given.email_tracking_consent_mode !== undefined) {
    read.email_tracking_consent_mode = choice(WORKFLOW_CONSENT)(
      given.email_tracking_consent_mode,
      `${attr}__email_tracking_consent_mode`,
      context,
    );
  }
  return read;
};
