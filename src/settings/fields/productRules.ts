import type { FieldRule, ListRule, ObjectRule, TextRule } from '../rules';
import {
  allOf,
  any,
  currency,
  described,
  expected,
  expectedTexts,
  flag,
  like,
  newer,
  object,
  oneOf,
  snippet,
  text,
  trimmed,
  upTo,
} from './field';
import { conversionGoals, eventOrNode, warehouseEvents } from './nodes';

const softText = expected(text);
const softFlag = expected(flag);
const softOneOf = (...values: string[]): TextRule => expected(oneOf(...values));

/** The appearance of surveys. Other keys are allowed: posthog-js may know more. */
export const surveyAppearance: ObjectRule = {
  type: 'object',
  expected: true,
  keys: {
    ...allOf(
      'backgroundColor submitButtonColor submitButtonText submitButtonTextColor textColor textSubtleColor ' +
        'inputBackground ratingButtonColor ratingButtonActiveColor borderColor placeholder thankYouMessageHeader ' +
        'thankYouMessageDescription thankYouMessageCloseButtonText zIndex widgetSelector widgetLabel widgetColor ' +
        'fontFamily disabledButtonOpacity maxWidth boxPadding',
      text,
    ),
    ...allOf('whiteLabel displayThankYouMessage autoDisappear shuffleQuestions', flag),
    surveyPopupDelaySeconds: { type: 'integer', fractions: true, min: 0, unit: 's' },
    thankYouMessageDescriptionContentType: oneOf('html', 'text'),
    widgetType: oneOf('button', 'tab', 'selector'),
    position: oneOf(
      ...['top_left', 'top_center', 'top_right', 'middle_left', 'middle_center', 'middle_right'],
      ...['left', 'center', 'right', 'next_to_trigger'],
    ),
  },
};

const revenueEvents: ListRule = {
  type: 'array',
  expected: true,
  text: 'The events that carry revenue. Saving replaces the whole list.',
  anyOrder: true,
  identity: ['eventName'],
  items: {
    type: 'object',
    required: ['eventName', 'revenueProperty'],
    keys: {
      eventName: text,
      revenueProperty: text,
      revenueCurrencyProperty: { type: 'object', whole: true, keys: { property: text, static: currency } },
      currencyAwareDecimal: described(flag, 'Amounts are in the smallest currency unit, such as cents.'),
    },
    snippets: [
      snippet(
        'Revenue event',
        {
          eventName: '${1:purchase}',
          revenueProperty: '${2:amount}',
          revenueCurrencyProperty: { static: '${3:USD}' },
        },
        'An event with a property for the amount',
      ),
    ],
  },
};

export const revenueAnalytics: ObjectRule = {
  type: 'object',
  keys: {
    base_currency: { ...currency, notNull: true },
    events: revenueEvents,
    goals: {
      type: 'array',
      expected: true,
      anyOrder: true,
      identity: ['name'],
      text: "Revenue goals. Current servers don't have them.",
      items: {
        type: 'object',
        keys: { name: text, due_date: text, goal: { type: 'integer', fractions: true } },
      },
    },
    filter_test_accounts: { ...flag, notNull: true, text: 'Leaves out internal and test users.' },
  },
};

export const marketingAnalytics: ObjectRule = {
  type: 'object',
  keys: {
    sources_map: {
      type: 'object',
      expected: true,
      text: 'Maps the columns of each source. On current servers, `null` removes a source.',
      each: { type: 'object', each: text },
      nullRemoves: 'current',
      pointsTo: 'data source',
    },
    conversion_goals: conversionGoals,
    attribution_window_days: {
      type: 'integer',
      min: 1,
      max: 90,
      notNull: true,
      text: 'How many days a touch counts, 1 to 90. Default: 90.',
    },
    attribution_mode: {
      ...softOneOf('first_touch', 'last_touch', 'linear', 'time_decay', 'position_based'),
      notNull: true,
      text: 'Which touch gets credit for a conversion. Older servers only know the first two.',
    },
    filter_test_accounts: {
      ...softFlag,
      notNull: true,
      text: 'Leaves out internal and test users. Newer servers only.',
    },
    campaign_name_mappings: {
      type: 'object',
      expected: true,
      each: { type: 'object', each: expectedTexts('spring_sale') },
    },
    custom_source_mappings: { type: 'object', expected: true, each: expectedTexts('adwords') },
    campaign_field_preferences: {
      type: 'object',
      expected: true,
      each: { type: 'object', keys: { match_field: oneOf('campaign_name', 'campaign_id') } },
    },
  },
};

export const customerAnalytics: ObjectRule = {
  type: 'object',
  keys: {
    ...allOf(
      'activity_event signup_pageview_event signup_event subscription_event payment_event',
      newer(eventOrNode),
    ),
    account_group_type_index: { type: 'integer', min: 0, max: 4, expected: true, pointsTo: 'group type' },
  },
};

export const logs: ObjectRule = {
  type: 'object',
  keys: {
    retention_days: {
      type: 'integer',
      values: [14, 30],
      meanings: { 14: '14 days', 30: '30 days, if your plan includes it' },
      text: 'How many days logs are kept.',
    },
    retention_last_updated: described(any, 'When the retention last changed. PostHog sets it.'),
    capture_console_logs: described(softFlag, 'Keeps browser console output as logs.'),
    json_parse_logs: described(softFlag, 'Parses log lines that are JSON.'),
    json_parse_logs_attribute_key: expected(trimmed(upTo(200))),
    pii_scrub_logs: described(softFlag, 'Removes personal data from logs.'),
  },
  kept: ['retention_last_updated'],
};

/** PostHog always turns replies to these questions into private notes (API facts 9.1). */
const noteOnly: TextRule = {
  ...softOneOf('private_note'),
  text: 'PostHog stores `bot_reply` as `private_note` here.',
};
const questions: ObjectRule = {
  type: 'object',
  expected: true,
  closed: true,
  text: 'How AI replies to each kind of question.',
  keys: { how_to: oneOf('private_note', 'bot_reply'), diagnostic: noteOnly, account_billing: noteOnly },
};
const tidiedByNewer = { trimmed: 'current', blankIsNull: 'current' } as const;
const channels = ['widget', 'email', 'slack', 'teams', 'github'];

export const conversations: ObjectRule = {
  type: 'object',
  keys: {
    widget_domains: described(
      { ...expectedTexts('https://example.com'), dropsEmpty: true },
      'The sites that can show the widget. Empty entries are dropped.',
    ),
    ...allOf(
      'widget_greeting_text widget_color widget_position widget_identification_form_title ' +
        'widget_identification_form_description widget_placeholder_text',
      softText,
    ),
    widget_require_email: described(softFlag, 'Asks for an email address.'),
    widget_collect_name: described(softFlag, 'Asks for a name.'),
    ai_resolution_channels: { type: 'array', expected: true, anyOrder: true, items: oneOf(...channels) },
    ai_reply_modes: {
      type: 'object',
      text: "PostHog drops channels and modes it doesn't know.",
      keys: allOf(channels.join(' '), questions),
      dropsEmpty: true,
    },
    slack_channel_ids: {
      type: 'array',
      maxItems: 50,
      since: 'current',
      notNull: true,
      anyOrder: true,
      distinct: 'current',
      items: like(softText, 'C0123456789'),
      pointsTo: 'Slack channel',
      text: 'The Slack channels to answer in, up to 50.',
    },
    slack_alert_channel_id: { ...softText, ...tidiedByNewer, pointsTo: 'Slack channel' },
    slack_bot_icon_url: { type: 'string', startsWith: 'https://', since: 'current', ...tidiedByNewer },
    slack_bot_display_name: { ...newer(upTo(200)), ...tidiedByNewer },
    ...allOf('slack_notify_on_join slack_notify_on_leave slack_nudge_enabled', {
      type: 'boolean',
      expected: true,
      nullIsFalse: true,
    }),
  },
  hidden: /^widget_public_token$|^slack_(bot_token|team_id|enabled|scopes)$|^email_enabled$|^teams_/,
};

const [capMessages, capDays] = [
  'marketing_frequency_cap_max_messages',
  'marketing_frequency_cap_window_days',
];

/** Keys merge; unknown ones are dropped (API facts 9.1). */
export const workflows: ObjectRule = {
  type: 'object',
  keys: {
    capture_workflows_engagement_events: {
      type: 'boolean',
      notNull: true,
      text: 'Captures how people interact with messages.',
    },
    email_tracking_consent_mode: {
      ...oneOf('off', 'opt_out', 'opt_in'),
      notNull: true,
      text: 'Whether tracking of opened emails needs consent.',
    },
    workflow_task_rate_limit_per_day: {
      type: 'integer',
      min: 0,
      max: 500,
      text: 'Tasks per workflow and day. `0` pauses them; `null` is the default of 100.',
    },
    workflow_task_team_rate_limit_per_day: {
      type: 'integer',
      min: 0,
      max: 2500,
      text: 'Tasks per day for all workflows. `0` pauses them; `null` is the default of 500.',
    },
    [capMessages]: {
      type: 'integer',
      min: 1,
      max: 1000,
      text: `The maximum number of messages per person within \`${capDays}\`. Set both or neither.`,
    },
    [capDays]: {
      type: 'integer',
      min: 1,
      max: 30,
      text: `The number of days that \`${capMessages}\` covers. Set both or neither.`,
    },
  },
  together: (config) => {
    const isSet = (key: string): boolean => config[key] !== undefined && config[key] !== null;
    const [key, other] = isSet(capMessages) ? [capMessages, capDays] : [capDays, capMessages];
    return isSet(capMessages) === isSet(capDays)
      ? undefined
      : { key, code: 'both', message: `"${key}" also needs "${other}". Set both or neither.` };
  },
};

const channelRules: FieldRule = {
  type: 'array',
  identity: ['id'],
  items: {
    type: 'object',
    keys: {
      id: text,
      channel_type: text,
      combiner: oneOf('AND', 'OR'),
      items: {
        type: 'array',
        identity: ['id'],
        items: { type: 'object', whole: true, keys: { id: any, key: any, op: any, value: any } },
      },
    },
  },
};

/** HogQLQueryModifiers (API facts 4.8, 9.1). Older servers store any object. */
export const modifiers: ObjectRule = {
  type: 'object',
  closed: 'current',
  keys: {
    personsOnEventsMode: softOneOf(
      'disabled',
      'person_id_no_override_properties_on_events',
      'person_id_override_properties_on_events',
      'person_id_override_properties_joined',
    ),
    personsArgMaxVersion: softOneOf('auto', 'v1', 'v2'),
    inCohortVia: softOneOf('auto', 'leftjoin', 'subquery', 'leftjoin_conjoined'),
    materializationMode: softOneOf('auto', 'legacy_null_as_string', 'legacy_null_as_null', 'disabled'),
    personsJoinMode: softOneOf('inner', 'left'),
    bounceRatePageViewMode: softOneOf('count_pageviews', 'uniq_urls', 'uniq_page_screen_autocaptures'),
    bounceRateDurationSeconds: {
      type: 'integer',
      min: 1,
      max: 120,
      fractions: true,
      since: 'current',
      unit: 's',
    },
    sessionTableVersion: softOneOf('auto', 'v1', 'v2', 'v3'),
    sessionsV2JoinMode: softOneOf('string', 'uuid'),
    propertyGroupsMode: softOneOf('enabled', 'disabled', 'optimized'),
    ...allOf(
      'optimizeJoinedFilters debug timings s3TableUseInvalidColumns useMaterializedViews usePresortedEventsTable ' +
        'useWebAnalyticsPreAggregatedTables formatCsvAllowDoubleQuotes convertToProjectTimezone ' +
        'usePreaggregatedTableTransforms optimizeProjections',
      softFlag,
    ),
    customChannelTypeRules: expected(channelRules),
    customBotDefinitions: { type: 'array', maxItems: 50, since: 'current', items: expected(object) },
    dataWarehouseEventsModifiers: warehouseEvents,
  },
};
