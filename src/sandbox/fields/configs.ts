import enums from '../enums.json';
import { invalid } from '../errors';
import { isJsonObject, setKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { FieldContext } from './context';
import { boolean, choice, integer } from './primitives';
import type { Reader } from './primitives';

/** A sub-field of one of the three analytics configs. */
type SubFields = Record<string, { read: Reader; nullable?: boolean }>;

const anyValue: Reader = (value) => value;

const listValue: Reader = (value, attr) => {
  if (!Array.isArray(value)) {
    throw invalid('Must be a list.', attr);
  }
  return value;
};

const objectValue: Reader = (value, attr) => {
  if (!isJsonObject(value)) {
    throw invalid('Must be a dictionary.', attr);
  }
  return value;
};

const REVENUE: SubFields = {
  base_currency: { read: choice(enums.base_currency) },
  events: { read: listValue },
  filter_test_accounts: { read: boolean },
};
const REVENUE_SEED_ERA: SubFields = { ...REVENUE, goals: { read: listValue } };

const MARKETING: SubFields = {
  sources_map: { read: objectValue },
  conversion_goals: { read: listValue },
  attribution_window_days: { read: integer({ min: 1, max: 90 }) },
  attribution_mode: { read: choice(enums.marketing_attribution_mode) },
  campaign_name_mappings: { read: objectValue },
  custom_source_mappings: { read: objectValue },
  campaign_field_preferences: { read: objectValue },
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
  const modes = read.ai_reply_modes;
  if (modes !== undefined && modes !== null && !isJsonObject(modes)) {
    throw invalid('Must be an object or null.', `${attr}__ai_reply_modes`);
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
