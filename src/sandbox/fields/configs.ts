import enums from '../enums.json';
import { invalid, serverError } from '../errors';
import { digitsOf, isJsonObject, isNumber, pythonTypeName, sameJson } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { FieldContext } from './context';
import { boolean, choice, integer } from './primitives';
import type { Reader } from './primitives';

/** A sub-field of one of the three analytics configs. */
type SubFields = Record<string, { read: Reader; nullable?: boolean }>;

const anyValue: Reader = (value) => value;

function listValue(value: JsonValue, attr: string): JsonValue[] {
  if (!Array.isArray(value)) {
    throw invalid('Must be a list.', attr);
  }
  return value;
}

/** A dictionary whose values all have the same shape. */
function dictionaryOf(isValid: (item: JsonValue | undefined) => boolean, wanted: string): Reader {
  return (value, attr) => {
    if (!isJsonObject(value)) {
      throw invalid('Must be a dictionary.', attr);
    }
    if (!Object.values(value).every(isValid)) {
      throw invalid(`Each value must be ${wanted}.`, attr);
    }
    return value;
  };
}

const isText = (item: JsonValue | undefined): boolean => typeof item === 'string';
const isTextList = (item: JsonValue | undefined): boolean => Array.isArray(item) && item.every(isText);

/** The model parses the events on save: a list with anything else in it is a 500 (API facts 4.8, inferred). */
const revenueEvents: Reader = (value, attr) => {
  const events = listValue(value, attr);
  const isEvent = (item: JsonValue): boolean =>
    isJsonObject(item) && isText(item.eventName) && isText(item.revenueProperty);
  if (!events.every(isEvent)) {
    throw serverError();
  }
  return events;
};

const GOAL_KINDS = ['EventsNode', 'ActionsNode', 'DataWarehouseNode'];

/** What newer servers require of a goal, and additionally of a goal on a warehouse table (API facts 9.1). */
const GOAL_TEXTS = ['conversion_goal_id', 'conversion_goal_name', 'name'];
const WAREHOUSE_GOAL_TEXTS = ['distinct_id_field', 'id', 'id_field', 'table_name', 'timestamp_field'];
const GOAL_BOOLEANS = ['counts_as_customer', 'counts_as_revenue'];

const conversionGoals: Reader = (value, attr, { generation }) => {
  const goals = listValue(value, attr);
  for (const goal of goals) {
    if (!isJsonObject(goal) || typeof goal.kind !== 'string' || !GOAL_KINDS.includes(goal.kind)) {
      throw invalid(`Each goal must be a dictionary with a 'kind' of: ${GOAL_KINDS.join(', ')}.`, attr);
    }
    if (generation === 'current') {
      checkGoal(goal, attr);
    }
  }
  return goals;
};

function checkGoal(goal: JsonObject, attr: string): void {
  const texts = [...GOAL_TEXTS, ...(goal.kind === 'DataWarehouseNode' ? WAREHOUSE_GOAL_TEXTS : [])];
  const missing = texts.find((name) => !isText(goal[name]));
  if (missing !== undefined) {
    throw invalid(`Each goal must have a string '${missing}'.`, attr);
  }
  if (!isJsonObject(goal.schema_map)) {
    throw invalid("Each goal must have a dictionary 'schema_map'.", attr);
  }
  const other = GOAL_BOOLEANS.find(
    (name) => goal[name] !== undefined && goal[name] !== null && typeof goal[name] !== 'boolean',
  );
  if (other !== undefined) {
    throw invalid(`'${other}' must be a boolean.`, attr);
  }
}

const sourcesMap = dictionaryOf(
  (source) =>
    source === null ||
    (isJsonObject(source) && Object.values(source).every((item) => item === null || isText(item))),
  'a dictionary of texts or None',
);
const campaignNames = dictionaryOf(
  (names) => isJsonObject(names) && Object.values(names).every(isTextList),
  'a dictionary of lists of texts',
);
const campaignFields = dictionaryOf(
  (preference) =>
    isJsonObject(preference) &&
    (preference.match_field === 'campaign_name' || preference.match_field === 'campaign_id'),
  "a dictionary whose 'match_field' is campaign_name or campaign_id",
);

const REVENUE: SubFields = {
  base_currency: { read: choice(enums.base_currency) },
  events: { read: revenueEvents },
  filter_test_accounts: { read: boolean },
};
const REVENUE_SEED_ERA: SubFields = { ...REVENUE, goals: { read: listValue } };

const MARKETING: SubFields = {
  sources_map: { read: sourcesMap },
  conversion_goals: { read: conversionGoals },
  attribution_window_days: { read: integer({ min: 1, max: 90 }) },
  attribution_mode: { read: choice(enums.marketing_attribution_mode) },
  campaign_name_mappings: { read: campaignNames },
  custom_source_mappings: { read: dictionaryOf(isTextList, 'a list of texts') },
  campaign_field_preferences: { read: campaignFields },
};

const MARKETING_NEWER: SubFields = {
  ...MARKETING,
  attribution_mode: {
    read: choice([...enums.marketing_attribution_mode, 'linear', 'time_decay', 'position_based']),
  },
  filter_test_accounts: { read: boolean },
};

const CUSTOMER: SubFields = {
  activity_event: { read: anyValue, nullable: true },
  signup_pageview_event: { read: anyValue, nullable: true },
  signup_event: { read: anyValue, nullable: true },
  subscription_event: { read: anyValue, nullable: true },
  payment_event: { read: anyValue, nullable: true },
};

/** An event object or its name; null is rejected (API facts 9.1). */
const eventOrName: Reader = (value, attr) => {
  if (!isJsonObject(value) && !isText(value)) {
    throw invalid('Must be a dictionary or a string.', attr);
  }
  return value;
};

const CUSTOMER_NEWER: SubFields = {
  ...Object.fromEntries(Object.keys(CUSTOMER).map((name) => [name, { read: eventOrName }])),
  account_group_type_index: { read: integer({ min: 0, max: 4 }), nullable: true },
};

/** Reads only the sub-fields in the body and drops unknown ones (API facts 4.4, 4.8). */
function partial(subFields: (generation: FieldContext['generation']) => SubFields): Reader {
  return (value, attr, context) => {
    if (!isJsonObject(value)) {
      throw invalid(`Invalid data. Expected a dictionary, but got ${pythonTypeName(value)}.`, attr);
    }
    const read: JsonObject = {};
    for (const [name, rule] of Object.entries(subFields(context.generation))) {
      const item = Object.hasOwn(value, name) ? value[name] : undefined;
      if (item === undefined) {
        continue;
      }
      if (item === null) {
        if (!rule.nullable) {
          throw invalid('This field may not be null.', `${attr}__${name}`, 'null');
        }
        read[name] = null;
      } else {
        read[name] = rule.read(item, `${attr}__${name}`, context);
      }
    }
    return read;
  };
}

export const revenueConfig = partial((generation) => (generation === 'current' ? REVENUE : REVENUE_SEED_ERA));
export const marketingConfig = partial((generation) =>
  generation === 'current' ? MARKETING_NEWER : MARKETING,
);
export const customerConfig = partial((generation) => (generation === 'current' ? CUSTOMER_NEWER : CUSTOMER));

const CAP = integer({ min: 1, max: 1000 });

const WORKFLOWS: SubFields = {
  capture_workflows_engagement_events: { read: boolean },
  email_tracking_consent_mode: { read: choice(['off', 'opt_out', 'opt_in']) },
  workflow_task_rate_limit_per_day: { read: integer({ min: 0 }), nullable: true },
  workflow_task_team_rate_limit_per_day: { read: integer({ min: 0 }), nullable: true },
  marketing_frequency_cap_max_messages: { read: CAP, nullable: true },
  marketing_frequency_cap_window_days: { read: integer({ min: 1, max: 30 }), nullable: true },
};

/** Above these limits, PostHog staff must have stored the value before. */
const SELF_SERVE_LIMITS = {
  workflow_task_rate_limit_per_day: 500,
  workflow_task_team_rate_limit_per_day: 2500,
};

const readWorkflows = partial(() => WORKFLOWS);

/** Newer field; only the sub-fields in the body are updated (API facts 9.1). The messages are inferred. */
export const workflowsConfig: Reader = (value, attr, context) => {
  const given = readWorkflows(value, attr, context);
  const read: JsonObject = isJsonObject(given) ? given : {};
  const before: JsonObject = isJsonObject(context.stored.workflows_config)
    ? context.stored.workflows_config
    : {};
  for (const [name, limit] of Object.entries(SELF_SERVE_LIMITS)) {
    const wanted = read[name];
    if (isNumber(wanted) && Number(digitsOf(wanted)) > limit && !sameJson(wanted, before[name])) {
      throw invalid(`${name}: Contact support to go above ${limit} tasks a day.`, attr);
    }
  }
  const all = { ...before, ...read };
  const isSet = (name: string): boolean => all[name] !== undefined && all[name] !== null;
  if (isSet('marketing_frequency_cap_max_messages') !== isSet('marketing_frequency_cap_window_days')) {
    throw invalid(
      'Set both marketing_frequency_cap_max_messages and marketing_frequency_cap_window_days, or neither.',
      attr,
    );
  }
  return read;
};

/** Newer field; defaults to false (API facts 9.1). */
export const featureFlagPolicy = partial(() => ({ require_tags: { read: boolean } }));
