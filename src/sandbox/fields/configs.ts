import enums from '../enums.json';
import { invalid, serverError } from '../errors';
import { isJsonObject, setKey } from '../json';
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

/** A dictionary whose values are all of one shape. */
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

/** The model parses the events when it saves: a list with anything else in it is a 500 (API facts 4.8, inferred). */
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

const conversionGoals: Reader = (value, attr) => {
  const goals = listValue(value, attr);
  for (const goal of goals) {
    if (!isJsonObject(goal) || typeof goal.kind !== 'string' || !GOAL_KINDS.includes(goal.kind)) {
      throw invalid(`Each goal must be a dictionary with a 'kind' of: ${GOAL_KINDS.join(', ')}.`, attr);
    }
  }
  return goals;
};

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

const CUSTOMER: SubFields = {
  activity_event: { read: anyValue, nullable: true },
  signup_pageview_event: { read: anyValue, nullable: true },
  signup_event: { read: anyValue, nullable: true },
  subscription_event: { read: anyValue, nullable: true },
  payment_event: { read: anyValue, nullable: true },
};

const CUSTOMER_NEWER: SubFields = {
  ...CUSTOMER,
  account_group_type_index: { read: integer({ min: 0, max: 4 }), nullable: true },
};

/** Reads the sent sub-fields only; unknown ones are dropped (API facts 4.4, 4.8). */
function partial(subFields: (generation: FieldContext['generation']) => SubFields): Reader {
  return (value, attr, context) => {
    if (!isJsonObject(value)) {
      throw invalid(
        `Invalid data. Expected a dictionary, but got ${Array.isArray(value) ? 'list' : typeof value === 'string' ? 'str' : typeof value === 'boolean' ? 'bool' : 'int'}.`,
        attr,
      );
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
export const marketingConfig = partial(() => MARKETING);
export const customerConfig = partial((generation) => (generation === 'current' ? CUSTOMER_NEWER : CUSTOMER));

const MANAGED_CONVERSATION_KEYS = [
  'widget_public_token',
  'slack_bot_token',
  'slack_team_id',
  'slack_enabled',
  'slack_scopes',
  'email_enabled',
];
const AI_CHANNELS = ['widget', 'email', 'slack', 'teams', 'github'];
const AI_QUESTIONS = ['how_to', 'diagnostic', 'account_billing'];
const AI_MODES = ['private_note', 'bot_reply'];

function isManagedConversationKey(key: string): boolean {
  return MANAGED_CONVERSATION_KEYS.includes(key) || key.startsWith('teams_');
}

/** Managed keys are dropped on write, null domains are dropped (API facts 4.8). */
export const conversationsSettings: Reader = (value, attr) => {
  if (!isJsonObject(value)) {
    throw invalid('Must provide a dictionary or None.', attr);
  }
  const read: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (!isManagedConversationKey(key)) {
      setKey(read, key, item);
    }
  }
  if (Object.hasOwn(read, 'widget_domains') && read.widget_domains !== null) {
    const domains = read.widget_domains;
    if (!Array.isArray(domains)) {
      throw invalid('Must be a list.', `${attr}__widget_domains`);
    }
    read.widget_domains = domains.filter((domain) => domain !== null);
  }
  checkReplyModes(read.ai_reply_modes, `${attr}__ai_reply_modes`);
  for (const key of ['widget_require_email', 'widget_collect_name']) {
    const item = read[key];
    if (item !== undefined && item !== null && typeof item !== 'boolean') {
      throw invalid('Must be a valid boolean.', `${attr}__${key}`);
    }
  }
  const channels: JsonValue | undefined = read.ai_resolution_channels;
  if (channels !== undefined && channels !== null) {
    if (
      !Array.isArray(channels) ||
      !channels.every((channel) => typeof channel === 'string' && AI_CHANNELS.includes(channel))
    ) {
      throw invalid(`Must be a list of: ${AI_CHANNELS.join(', ')}.`, `${attr}__ai_resolution_channels`);
    }
  }
  return read;
};

/** `{channel: {question: mode}}`, each level an object or null (API facts 4.8). */
function checkReplyModes(modes: JsonValue | undefined, attr: string): void {
  if (modes === undefined || modes === null) {
    return;
  }
  if (!isJsonObject(modes)) {
    throw invalid('Must be an object or null.', attr);
  }
  for (const [channel, questions] of Object.entries(modes)) {
    const path = `${attr}__${channel}`;
    if (!AI_CHANNELS.includes(channel)) {
      throw invalid(`Must be one of: ${AI_CHANNELS.join(', ')}.`, path);
    }
    if (questions === null) {
      continue;
    }
    if (!isJsonObject(questions)) {
      throw invalid('Must be an object or null.', path);
    }
    for (const [question, mode] of Object.entries(questions)) {
      if (!AI_QUESTIONS.includes(question)) {
        throw invalid(`Must be one of: ${AI_QUESTIONS.join(', ')}.`, `${path}__${question}`);
      }
      if (mode !== null && !(typeof mode === 'string' && AI_MODES.includes(mode))) {
        throw invalid(`Must be one of: ${AI_MODES.join(', ')}.`, `${path}__${question}`);
      }
    }
  }
}
