import { currencies } from './currencies';
import type { JsonObject } from './json';
import { allOf, flag, object, oneOf, snippet, text, texts } from './shapeParts';

const eventNode: JsonObject = {
  type: ['object', 'null'],
  properties: { kind: { enum: ['EventsNode', 'ActionsNode', 'DataWarehouseNode'] }, event: text() },
  defaultSnippets: [
    snippet('An event', { kind: 'EventsNode', event: '${1:signed_up}' }, 'A node that counts one event'),
  ],
};

const channels = ['widget', 'email', 'slack', 'teams', 'github'];
const replyMode: JsonObject = oneOf('private_note', 'bot_reply');

/** Fragments for the settings of single products (API facts 4.8), by field key. */
export const productShapes: Readonly<Record<string, JsonObject>> = {
  revenue_analytics_config: object({
    base_currency: { enum: [...currencies, null] },
    events: {
      type: ['array', 'null'],
      description: 'The events that carry revenue. The list is replaced whole.',
      items: object(
        {
          eventName: { type: 'string' },
          revenueProperty: { type: 'string' },
          revenueCurrencyProperty: {
            type: ['object', 'null'],
            properties: { property: text(), static: { enum: [...currencies, null] } },
          },
          currencyAwareDecimal: flag('Amounts are in the smallest unit of the currency.'),
        },
        {
          required: ['eventName', 'revenueProperty'],
          defaultSnippets: [
            snippet(
              'A revenue event',
              {
                eventName: '${1:purchase}',
                revenueProperty: '${2:amount}',
                revenueCurrencyProperty: { static: '${3:USD}' },
              },
              'An event with a property that holds the amount',
            ),
          ],
        },
      ),
    },
    goals: {
      type: ['array', 'null'],
      description: 'Revenue goals; current servers have none.',
      items: object({ name: { type: 'string' }, due_date: { type: 'string' }, goal: { type: 'number' } }),
    },
    filter_test_accounts: flag('Leave internal and test users out.'),
  }),
  marketing_analytics_config: object({
    sources_map: {
      type: ['object', 'null'],
      description:
        'For each source, which of its columns holds what. null removes a source on current servers.',
      additionalProperties: { type: ['object', 'null'], additionalProperties: text() },
    },
    conversion_goals: {
      type: ['array', 'null'],
      description: 'The list is replaced whole.',
      items: object({
        kind: { enum: ['EventsNode', 'ActionsNode', 'DataWarehouseNode'] },
        name: text(),
        conversion_goal_id: text(),
        schema_map: { type: ['object', 'null'] },
      }),
    },
    attribution_window_days: {
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 90,
      description: 'For how many days a touch counts, 1 to 90; 90 at first.',
    },
    attribution_mode: {
      anyOf: [{ enum: ['first_touch', 'last_touch'] }, { type: ['string', 'null'] }],
      description: 'Which touch a conversion belongs to.',
    },
    campaign_name_mappings: {
      type: ['object', 'null'],
      additionalProperties: { type: ['object', 'null'], additionalProperties: texts() },
    },
    custom_source_mappings: { type: ['object', 'null'], additionalProperties: texts() },
    campaign_field_preferences: {
      type: ['object', 'null'],
      additionalProperties: {
        type: ['object', 'null'],
        properties: { match_field: { enum: ['campaign_name', 'campaign_id'] } },
      },
    },
  }),
  customer_analytics_config: object({
    ...allOf('activity_event signup_pageview_event signup_event subscription_event payment_event', eventNode),
    account_group_type_index: { type: ['integer', 'null'], minimum: 0 },
  }),
  conversations_settings: object({
    widget_domains: texts('The sites that may show the widget. Empty entries are dropped.'),
    ...allOf(
      'widget_greeting_text widget_color widget_position widget_identification_form_title ' +
        'widget_identification_form_description widget_placeholder_text',
      text(),
    ),
    widget_require_email: flag('Ask for an e-mail address.'),
    widget_collect_name: flag('Ask for a name.'),
    ai_resolution_channels: { type: ['array', 'null'], items: { enum: channels } },
    ai_reply_modes: {
      type: ['object', 'null'],
      properties: Object.fromEntries(
        channels.map((channel) => [
          channel,
          {
            type: ['object', 'null'],
            properties: { how_to: replyMode, diagnostic: replyMode, account_billing: replyMode },
          },
        ]),
      ),
    },
  }),
};
