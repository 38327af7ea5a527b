import { forbidden, invalid, serverError } from '../errors';
import { isJsonObject, isNumber, readNumber, textOf } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { compileRe2 } from '../re2';
import { boolean, choice, object } from './primitives';
import type { Reader } from './primitives';

const dictionaryOrNone = object('Must provide a dictionary or None.');

/** `{id, key}` or `{id, key, variant}`; newer servers require an integer ID (API facts 4.5). */
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

/** Allows only the listed keys, each with its type. */
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

const MASKING_KEYS = {
  maskAllInputs: 'boolean',
  maskTextSelector: 'string',
  blockSelector: 'string',
} as const;

/**
 * Sub-keys can't be null (API facts 9.1). The server lists the known ones in any order because it keeps them in a set.
 */
export const masking: Reader = (value, attr) => {
  const config = dictionaryOrNone(value, attr);
  if (!Object.keys(config).every((key) => Object.hasOwn(MASKING_KEYS, key))) {
    throw invalid(
      `Must provide a dictionary with only known keys: ${Object.keys(MASKING_KEYS).join(', ')}.`,
      attr,
    );
  }
  for (const [key, type] of Object.entries(MASKING_KEYS)) {
    if (config[key] !== undefined && typeof config[key] !== type) {
      throw invalid(`${key} must be a ${type}.`, attr);
    }
  }
  return config;
};

export const triggerMatchType: Reader = (value, attr) => {
  if (value !== 'all' && value !== 'any') {
    throw invalid("Must provide a valid trigger match type. Only 'all' or 'any' or None are allowed.", attr);
  }
  return value;
};

const RETENTION_PERIODS = ['30d', '90d', '1y', '5y'];

/** Limited by the plan: a longer period is a 403, a missing entitlement a 500 (API facts 4.5). */
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

/**
 * Length of a list of strings as Python serializes it: a space after each comma, six characters for each non-ASCII one.
 */
function pythonJsonLength(texts: readonly JsonValue[]): number {
  const items = texts.map((item) => JSON.stringify(item).replace(/[^ -~]/g, '\\uXXXX'));
  return `[${items.join(', ')}]`.length;
}

/** The only list whose errors carry no field (API facts 4.5). */
export const errorsToIgnore: Reader = (value) => {
  const field = 'autocapture_exceptions_errors_to_ignore';
  if (!Array.isArray(value)) {
    throw invalid(`Must provide a list for field: ${field}.`);
  }
  if (!value.every((item) => typeof item === 'string')) {
    throw invalid(`Must provide a list of strings to field: ${field}.`);
  }
  if (pythonJsonLength(value) > 300) {
    throw invalid(
      `Field ${field} must be less than 300 characters. Complex config should be provided in posthog-js initialization.`,
    );
  }
  return value;
};

/** Newer servers compile every rule with RE2 and check the groups its alias refers to (API facts 9.1). */
export const pathCleaningFilters: Reader = (value, attr, context) => {
  if (context.generation === 'documented' || !value) {
    return value;
  }
  if (!Array.isArray(value)) {
    throw invalid('Must provide a list of path cleaning rules.', attr);
  }
  for (const { regex, alias } of value.filter(isJsonObject)) {
    if (typeof regex !== 'string' || regex === '') {
      throw invalid('A path cleaning rule needs a regex. Remove the rule or give it one.', attr);
    }
    const compiled = compileRe2(regex);
    if ('problem' in compiled) {
      throw invalid(`Invalid path cleaning regex '${regex}': ${compiled.problem}`, attr);
    }
    const { groups } = compiled.expression;
    const missing = groupsOf(alias).find((group) => group > groups);
    if (missing !== undefined) {
      throw invalid(
        `The alias '${textOf(alias)}' references capture group \\${missing}, but its regex has ${groups} capture group(s). Add the group to the regex or fix the reference.`,
        attr,
      );
    }
  }
  return value;
};

/** The groups an alias refers to: `\1`, but not `\\1`, which is a backslash and a digit. */
function groupsOf(alias: JsonValue | undefined): number[] {
  const found = typeof alias === 'string' ? alias.matchAll(/\\(?:\\|([0-9]))/g) : [];
  return [...found].flatMap(([, digit]) => (digit === undefined ? [] : [Number(digit)]));
}

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

const MAX_BOTS = 50;

/** Custom bot rules (API facts 9.1). The shape of a rule isn't known. */
function checkBots(bots: JsonValue | undefined, path: string): void {
  if (bots === null || bots === undefined) {
    return;
  }
  if (!Array.isArray(bots) || !bots.every(isJsonObject)) {
    throw invalid('Invalid modifier key.', path);
  }
  if (bots.length > MAX_BOTS) {
    throw invalid(`You can define at most ${MAX_BOTS} bots.`, path);
  }
}

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
      if (item !== null && typeof item !== 'number') {
        throw invalid('Must be a number.', path);
      }
      if (item !== null && (item < 1 || item > 120)) {
        throw invalid('Must be between 1 and 120 seconds.', path);
      }
    } else if (key === 'customBotDefinitions') {
      checkBots(item, path);
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
  const stored: JsonObject = { ...given };
  const attributeKey = given.json_parse_logs_attribute_key;
  if (attributeKey !== undefined) {
    if (typeof attributeKey !== 'string' || Array.from(attributeKey.trim()).length > 200) {
      throw invalid(
        'json_parse_logs_attribute_key must be a string of at most 200 characters. Use an empty string to disable parsing.',
        attr,
      );
    }
    stored.json_parse_logs_attribute_key = attributeKey.trim();
  }
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

/** Only booleans inside; a list or a scalar is rejected. */
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

/** Newer field, unavailable to organizations outside the trial (API facts 4.5). */
export const proactiveTasks: Reader = (value, attr, context) => {
  const enabled = boolean(value, attr, context);
  if (!context.proactiveTasks && enabled !== context.stored.proactive_tasks_enabled) {
    throw forbidden('You do not have permission to modify the proactive_tasks_enabled setting.');
  }
  return enabled;
};
