import {
  added,
  currency,
  described,
  expected,
  expectedTexts,
  field,
  flag,
  integer,
  member,
  newer,
  notNull,
  oneOf,
  removed,
  snippet,
  text,
  textList,
  upTo,
  type SettingsField,
} from './field';
import type { JsonObject } from '../../json/json';
import type { ListRule, Misfit, ObjectRule } from '../rules';
import { propertyFilter } from './nodes';

const urlList: ListRule = { type: 'array', items: upTo(200), nullItems: true, dropsEmpty: true };

/** How many groups a regular expression captures; undefined where it cannot be read here. */
function groupsOf(regex: string): RegExp | undefined {
  try {
    // An empty alternative matches the empty text, so that every group is in the result.
    return new RegExp(`${regex.replaceAll('(?P<', '(?<')}|`);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** An alias may only name groups that its expression captures (API facts 9.1). */
function aliasMisfit({ alias, regex }: JsonObject): Misfit | undefined {
  const pattern = typeof regex === 'string' ? groupsOf(regex) : undefined;
  if (typeof alias !== 'string' || pattern === undefined) {
    return undefined;
  }
  const captured = (pattern.exec('')?.length ?? 1) - 1;
  // Two backslashes are one that is meant as such.
  const wrong = [...alias.matchAll(/\\(?:\\|(\d))/g)].find(([, group = '0']) => Number(group) > captured);
  return wrong
    ? {
        key: 'alias',
        code: 'group',
        message: `The alias refers to ${wrong[0]}, but the regular expression captures ${captured} groups. Add the group, or change the alias.`,
      }
    : undefined;
}

const pathCleaningRule: ObjectRule = {
  type: 'object',
  since: 'current',
  required: ['regex'],
  keys: {
    alias: described(expected(text), 'What is shown instead; `\\1` is what the first group captured.'),
    regex: described(
      { type: 'string', minLength: 1, since: 'current', regex: true },
      'A regular expression (RE2).',
    ),
    order: described(expected(integer), 'Ignored by current servers: the order of the list decides.'),
  },
  together: aliasMisfit,
  snippets: [
    snippet('A rule', { regex: '${1:/user/\\\\d+}', alias: '${2:/user/:id}' }, 'Joins paths that match'),
  ],
};

/** General settings, privacy, filters, autocapture, errors and web analytics. */
export const generalFields: readonly SettingsField[] = [
  field(
    'general',
    'name',
    {
      title: 'Name',
      text: 'The display name, 1 to 200 characters. On current servers no other project of the organization may have it, whatever its capitals.',
    },
    { type: 'string', minLength: 1, maxLength: 200 },
    { ...notNull, staysBehind: true },
  ),
  field(
    'general',
    'product_description',
    {
      title: 'Product description',
      text: 'What the product is, in up to 1000 characters. Only projects of current servers have it.',
    },
    upTo(1000),
    added,
  ),
  field(
    'general',
    'timezone',
    {
      title: 'Time zone',
      text: 'The time zone in which reports count days and hours: a name such as `Europe/Berlin`. Changing it moves the day boundaries of every insight. A newer server may know names that are not suggested here.',
      initial: '`UTC`',
    },
    { type: 'timezone' },
    notNull,
  ),
  field(
    'general',
    'week_start_day',
    { title: 'First day of the week', text: 'The day on which weekly reports start.' },
    { type: 'integer', values: [0, 1], meanings: { 0: 'Sunday', 1: 'Monday' } },
  ),
  field(
    'general',
    'base_currency',
    {
      title: 'Base currency',
      text: 'The currency into which revenue figures are converted, as a code of three letters.',
      initial: '`USD`',
    },
    currency,
    notNull,
  ),
  field(
    'general',
    'tags',
    {
      title: 'Tags',
      text: 'Labels of the environment, each at most 255 characters. PostHog stores them in lower case.',
      gate: 'The plan may decide whether PostHog takes them.',
    },
    {
      type: 'array',
      unordered: true,
      items: { type: 'string', minLength: 1, maxLength: 255, lowerCase: true },
    },
    { ...added, ...notNull },
  ),
  field(
    'general',
    'business_model',
    { title: 'Business model', text: 'Whom the product serves. PostHog arranges its interface accordingly.' },
    {
      ...oneOf('b2b', 'b2c', 'other', ''),
      meanings: { b2b: 'Companies', b2c: 'Consumers', other: 'Something else', '': 'Not told' },
    },
  ),
  field(
    'general',
    'primary_dashboard',
    {
      title: 'Primary dashboard',
      text: 'The id of the dashboard shown first. It must belong to this environment, and cannot be set while creating one.',
    },
    { type: 'integer', pointsTo: 'dashboard' },
    { ...member, notOnCreation: 'a new environment gets a dashboard of its own' },
  ),
  field(
    'general',
    'default_data_theme',
    {
      title: 'Chart color theme',
      text: 'The id of the color theme of charts.',
      gate: 'Without custom themes in the plan, PostHog answers with its global theme, whatever was saved.',
    },
    { type: 'integer', min: -2147483648, max: 2147483647, pointsTo: 'color theme' },
    {
      whenIgnored:
        'PostHog answers with its global color theme when the plan of the organization has no custom themes.',
    },
  ),
  field(
    'general',
    'human_friendly_comparison_periods',
    {
      title: 'Human-friendly comparison periods',
      text: 'Compares with a period that starts on the same weekday (364 days ago instead of 365).',
    },
    flag,
  ),
  field(
    'general',
    'is_demo',
    { title: 'Demo data', text: 'Marks an environment that holds demo data.' },
    flag,
    { ...notNull, staysBehind: true },
  ),
  field(
    'general',
    'receive_org_level_activity_logs',
    {
      title: 'Organization activity',
      text: 'Also receive activity that happens at the level of the organization.',
    },
    flag,
    { writeAccess: 'organizationAdmin' },
  ),
  field(
    'general',
    'slack_incoming_webhook',
    {
      title: 'Slack webhook',
      text: 'The address of an incoming Slack webhook, at most 500 characters. PostHog has replaced it by the Slack integration.',
    },
    upTo(500),
    {
      ...removed,
      staysBehind: true,
      confidential: true,
      replacedBy: 'PostHog has replaced webhooks by its Slack integration.',
    },
  ),

  field(
    'privacy',
    'app_urls',
    {
      title: 'Authorized URLs',
      text: 'The sites on which the toolbar may be opened and that web analytics counts as yours. Each entry is an origin such as `https://example.com`, at most 200 characters; `*` stands for any part. Empty entries are dropped. Current servers take up to 5 wildcards in each.',
      gate: 'With access control, editors of web analytics may write it too.',
    },
    { ...urlList, maxWildcards: 5 },
    { ...notNull, writableByResource: true },
  ),
  field(
    'privacy',
    'anonymize_ips',
    { title: 'Discard client IP data', text: 'Drops the IP address of every event when it arrives.' },
    flag,
    notNull,
  ),
  field(
    'privacy',
    'cookieless_server_hash_mode',
    {
      title: 'Cookieless tracking',
      text: 'How visitors without cookies are told apart, by a hash made on the server.',
    },
    { type: 'integer', values: [0, 1, 2], meanings: { 0: 'Disabled', 1: 'Stateless', 2: 'Stateful' } },
  ),

  field(
    'filters',
    'test_account_filters',
    {
      title: 'Internal and test users',
      text: 'Property filters that keep internal and test users out of insights. Write `[]` for none.',
    },
    { type: 'array', items: newer(propertyFilter) },
    notNull,
  ),
  field(
    'filters',
    'test_account_filters_default_checked',
    {
      title: 'Filter test users by default',
      text: 'New insights start with the filter for internal and test users turned on.',
    },
    flag,
  ),
  field(
    'filters',
    'path_cleaning_filters',
    {
      title: 'Path cleaning rules',
      text: 'Rules that join paths in reports, such as `/user/1` and `/user/2`. Each has a regular expression (RE2: no look-ahead, no back-references) and the alias shown instead. The order of the list decides.',
    },
    { type: 'array', items: pathCleaningRule },
  ),
  field(
    'filters',
    'person_display_name_properties',
    {
      title: 'Person display name',
      text: 'Person properties in the order in which one is chosen as the display name. Each at most 400 characters.',
    },
    { type: 'array', items: upTo(400) },
  ),
  field(
    'filters',
    'correlation_config',
    { title: 'Correlation analysis', text: 'What correlation analysis leaves out.' },
    {
      type: 'object',

      keys: {
        excluded_person_property_names: expectedTexts,
        excluded_event_property_names: expectedTexts,
        excluded_event_names: expectedTexts,
      },
    },
  ),
  field(
    'filters',
    'live_events_columns',
    { title: 'Live events columns', text: 'The columns of the live events view.' },
    textList,
  ),

  field(
    'autocapture',
    'autocapture_opt_out',
    {
      title: 'Autocapture off',
      text: 'Turns automatic capture of clicks, inputs and form submissions **off** when true.',
    },
    flag,
  ),
  field(
    'autocapture',
    'data_attributes',
    {
      title: 'Data attributes',
      text: 'HTML attributes by which autocaptured elements are matched in actions.',
      initial: '`["data-attr"]`',
    },
    { type: 'array', items: expected(text) },
    notNull,
  ),
  field(
    'autocapture',
    'capture_dead_clicks',
    { title: 'Dead clicks', text: 'Captures clicks that have no effect.' },
    flag,
  ),
  field(
    'autocapture',
    'heatmaps_opt_in',
    { title: 'Heatmaps', text: 'Captures where people click, move and scroll.' },
    flag,
  ),

  field(
    'errors',
    'autocapture_exceptions_opt_in',
    {
      title: 'Exception autocapture',
      text: 'Captures JavaScript exceptions on their own, as error tracking events.',
    },
    flag,
    member,
  ),
  field(
    'errors',
    'autocapture_exceptions_errors_to_ignore',
    {
      title: 'Errors to ignore',
      text: 'Texts or patterns of errors that are not captured. The list as JSON can have at most 300 characters, of which a letter outside of ASCII takes six; longer rules go into the posthog-js initialization. Write `[]` for none, null is refused.',
    },
    { type: 'array', items: text, maxJsonLength: 300 },
    notNull,
  ),

  field(
    'web',
    'autocapture_web_vitals_opt_in',
    {
      title: 'Web vitals autocapture',
      text: 'Captures web vitals of page views. *Show web vitals* has no data without it.',
    },
    flag,
    member,
  ),
  field(
    'web',
    'autocapture_web_vitals_allowed_metrics',
    {
      title: 'Web vitals metrics',
      text: 'The metrics that are captured; null captures all. PostHog does not check the names.',
    },
    {
      type: 'array',
      items: {
        type: 'string',
        expected: true,
        values: ['CLS', 'FCP', 'INP', 'LCP'],
        meanings: {
          CLS: 'Cumulative layout shift: how much the page moves',
          FCP: 'First contentful paint: when the first content is seen',
          INP: 'Interaction to next paint: how fast the page responds',
          LCP: 'Largest contentful paint: when the main content is seen',
        },
      },
    },
    member,
  ),
  field(
    'web',
    'web_analytics_pre_aggregated_tables_enabled',
    {
      title: 'Pre-aggregated web analytics',
      text: 'Web analytics reads tables that are aggregated beforehand: faster, but not to the second.',
    },
    flag,
  ),
];
