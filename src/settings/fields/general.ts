import {
  added,
  altersReports,
  currency,
  described,
  expected,
  expectedTexts,
  exposes,
  field,
  flag,
  integer,
  member,
  newer,
  notNull,
  oneOf,
  removed,
  snippet,
  stops,
  text,
  textList,
  upTo,
  type SettingsField,
} from './field';
import type { JsonObject } from '../../json/json';
import type { ListRule, Misfit, ObjectRule } from '../rules';
import { propertyFilter } from './nodes';

const urlList: ListRule = { type: 'array', items: upTo(200), nullItems: true, dropsEmpty: true };

/** Matches the empty string and reports every capture group; undefined if this runtime can't compile the expression. */
function groupsOf(regex: string): RegExp | undefined {
  try {
    // An empty alternative matches the empty string, so the result lists every group.
    return new RegExp(`${regex.replaceAll('(?P<', '(?<')}|`);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** An alias can only refer to groups that its expression captures (API facts 9.1). */
function aliasMisfit({ alias, regex }: JsonObject): Misfit | undefined {
  const pattern = typeof regex === 'string' ? groupsOf(regex) : undefined;
  if (typeof alias !== 'string' || pattern === undefined) {
    return undefined;
  }
  const captured = (pattern.exec('')?.length ?? 1) - 1;
  // Two backslashes are a literal one.
  const wrong = [...alias.matchAll(/\\(?:\\|(\d))/g)].find(([, group = '0']) => Number(group) > captured);
  return wrong
    ? {
        key: 'alias',
        code: 'group',
        message: `The alias refers to ${wrong[0]}, but the regular expression captures ${captured} ${captured === 1 ? 'group' : 'groups'}. Add the group, or change the alias.`,
      }
    : undefined;
}

const pathCleaningRule: ObjectRule = {
  type: 'object',
  since: 'current',
  required: ['regex'],
  keys: {
    alias: described(expected(text), 'The replacement. `\\1` inserts what the first group captured.'),
    regex: described(
      { type: 'string', minLength: 1, since: 'current', regex: true },
      'A regular expression (RE2 syntax).',
    ),
    order: described(
      expected(integer),
      'Current servers ignore this and apply the rules in the order of the array.',
    ),
  },
  together: aliasMisfit,
  snippets: [
    snippet('Rule', { regex: '${1:/user/\\\\d+}', alias: '${2:/user/:id}' }, 'Groups matching paths'),
  ],
};

/** General settings, privacy, filters, autocapture, errors and web analytics. */
export const generalFields: readonly SettingsField[] = [
  field(
    'general',
    'name',
    {
      title: 'Name',
      text: 'The display name, 1 to 200 characters. On current servers, names must be unique in the organization, regardless of case.',
      risk: 'harmless',
      synonyms: ['Project name', 'Display name'],
    },
    { type: 'string', minLength: 1, maxLength: 200 },
    { ...notNull, staysBehind: true },
  ),
  field(
    'general',
    'product_description',
    {
      title: 'Product description',
      text: 'What your product does, in up to 1,000 characters.',
      risk: 'harmless',
    },
    upTo(1000),
    added,
  ),
  field(
    'general',
    'timezone',
    {
      title: 'Time zone',
      text: "The time zone in which reports count days and hours, such as `Europe/Berlin`. A newer server may accept names that aren't suggested here.",
      initial: '`UTC`',
      risk: [
        altersReports(
          'Changing the time zone moves the start of every day, so insights show different numbers, past days included.',
        ),
      ],
    },
    { type: 'timezone' },
    notNull,
  ),
  field(
    'general',
    'week_start_day',
    {
      title: 'First day of the week',
      text: 'The day on which weeks start in reports.',
      risk: [
        altersReports('Changing the first day of the week regroups weekly insights, past weeks included.'),
      ],
      synonyms: ['Week starts on'],
    },
    { type: 'integer', values: [0, 1], meanings: { 0: 'Sunday', 1: 'Monday' } },
  ),
  field(
    'general',
    'base_currency',
    {
      title: 'Base currency',
      text: 'The currency that revenue is converted to, as a three-letter code.',
      initial: '`USD`',
      risk: [altersReports('Changing the currency converts every revenue figure to the new one.')],
    },
    currency,
    notNull,
  ),
  field(
    'general',
    'tags',
    {
      title: 'Tags',
      text: 'Labels, up to 255 characters each. PostHog stores them in lowercase.',
      gate: 'Your plan may not include tags.',
      risk: 'harmless',
      synonyms: ['Labels'],
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
    {
      title: 'Business model',
      text: 'Who your product is for. PostHog adapts its interface to it.',
      risk: 'harmless',
    },
    {
      ...oneOf('b2b', 'b2c', 'other', ''),
      meanings: { b2b: 'Businesses', b2c: 'Consumers', other: 'Other', '': 'Not specified' },
    },
  ),
  field(
    'general',
    'primary_dashboard',
    {
      title: 'Primary dashboard',
      text: 'The ID of the dashboard that opens first. It must belong to this environment.',
      risk: 'harmless',
      synonyms: ['Default dashboard', 'Homepage dashboard'],
    },
    { type: 'integer', pointsTo: 'dashboard' },
    { ...member, notOnCreation: 'a new environment gets its own dashboard' },
  ),
  field(
    'general',
    'default_data_theme',
    {
      title: 'Chart color theme',
      text: 'The ID of the color theme for charts.',
      gate: "If your plan doesn't include custom themes, PostHog uses its global theme regardless of this value.",
      risk: 'harmless',
      synonyms: ['Data color theme'],
    },
    { type: 'integer', min: -2147483648, max: 2147483647, pointsTo: 'color theme' },
    {
      whenIgnored:
        "PostHog uses its global color theme if the organization's plan doesn't include custom themes.",
    },
  ),
  field(
    'general',
    'human_friendly_comparison_periods',
    {
      title: 'Human-friendly comparison periods',
      text: 'Compares with a period that starts on the same day of the week, such as 364 days ago instead of 365.',
      risk: [altersReports('Changing this moves the period that insights compare with.')],
    },
    flag,
  ),
  field(
    'general',
    'is_demo',
    { title: 'Demo data', text: 'Marks an environment that contains demo data.', risk: 'harmless' },
    flag,
    { ...notNull, staysBehind: true },
  ),
  field(
    'general',
    'receive_org_level_activity_logs',
    {
      title: 'Organization activity',
      text: "Includes activity at the organization level in this environment's activity log.",
      risk: [
        exposes(
          "Turning it on shows organization activity to people who can see this environment's activity log.",
          'on',
        ),
      ],
      synonyms: ['Organization-level activity logs'],
    },
    flag,
    { writeAccess: 'organizationAdmin' },
  ),
  field(
    'general',
    'slack_incoming_webhook',
    {
      title: 'Slack webhook',
      text: 'The URL of an incoming Slack webhook, up to 500 characters.',
      risk: [
        exposes(
          'A new webhook sends notifications to another Slack channel. Anyone who has the URL can post there.',
        ),
        stops('Clearing the webhook stops the notifications that use it.', 'off'),
      ],
      synonyms: ['Webhook URL'],
    },
    upTo(500),
    {
      ...removed,
      staysBehind: true,
      confidential: true,
      replacedBy: 'PostHog replaced webhooks with its Slack integration.',
    },
  ),

  field(
    'privacy',
    'app_urls',
    {
      title: 'Authorized URLs',
      text: 'The sites where the toolbar can open and that web analytics counts as yours. Each entry is an origin such as `https://example.com`, up to 200 characters; `*` matches any part of it. Empty entries are dropped. Current servers allow up to 5 wildcards per entry.',
      gate: 'With access control, editors of web analytics can change it too.',
      risk: [
        exposes(
          "Adding a site lets the toolbar open there. A broad wildcard lets it open on sites you don't own.",
        ),
        stops('Removing a site keeps the toolbar from opening there and drops the site from web analytics.'),
      ],
      synonyms: ['Authorized domains', 'Allowed domains', 'Toolbar URLs', 'Permitted domains'],
    },
    { ...urlList, maxWildcards: 5 },
    { ...notNull, writableByResource: true },
  ),
  field(
    'privacy',
    'anonymize_ips',
    {
      title: 'Discard client IP data',
      text: 'Drops the IP address of every event on arrival.',
      risk: [
        exposes('Turning it off stores the IP addresses of everyone who sends events from then on.', 'off'),
        stops("Turning it on drops IP addresses from then on. They can't be recovered later.", 'on'),
      ],
      synonyms: ['Anonymize IPs', 'IP anonymization', 'IP data capture'],
    },
    flag,
    notNull,
  ),
  field(
    'privacy',
    'cookieless_server_hash_mode',
    {
      title: 'Cookieless tracking',
      text: 'How visitors without cookies are told apart: by a hash computed on the server.',
      risk: [
        stops('Setting it to 0 or null stops cookieless tracking.', 'off'),
        altersReports('Changing the mode changes how visitors without cookies are counted.'),
      ],
      synonyms: ['Cookieless mode', 'Cookieless server hash mode'],
    },
    { type: 'integer', values: [0, 1, 2], meanings: { 0: 'Disabled', 1: 'Stateless', 2: 'Stateful' } },
  ),

  field(
    'filters',
    'test_account_filters',
    {
      title: 'Internal and test users',
      text: 'Property filters that keep internal and test users out of insights. Use `[]` for none.',
      risk: [
        altersReports('Changing the filters changes every insight that leaves out internal and test users.'),
      ],
      synonyms: ['Test account filters', 'Filter out internal and test users', 'Internal users filter'],
    },
    { type: 'array', items: newer(propertyFilter) },
    notNull,
  ),
  field(
    'filters',
    'test_account_filters_default_checked',
    {
      title: 'Filter test users by default',
      text: 'Turns on the filter for internal and test users in new insights.',
      risk: 'harmless',
      synonyms: ['Enable this filter on all new insights'],
      needs: ['test_account_filters'],
    },
    flag,
  ),
  field(
    'filters',
    'path_cleaning_filters',
    {
      title: 'Path cleaning rules',
      text: 'Rules that group paths in reports, such as `/user/1` and `/user/2`. Each has a regular expression (RE2 syntax: no lookahead, no backreferences) and an alias to show instead. Rules apply in the order of the array.',
      risk: [
        altersReports(
          'Changing the rules regroups the paths of web analytics and web vitals, past data included.',
        ),
      ],
      synonyms: ['Path cleaning', 'URL cleaning', 'Path rewriting'],
    },
    { type: 'array', items: pathCleaningRule },
  ),
  field(
    'filters',
    'person_display_name_properties',
    {
      title: 'Person display name',
      text: 'The person properties to use as the display name, in order of preference. Up to 400 characters each.',
      risk: [exposes("A property listed here becomes visible wherever PostHog shows a person's name.")],
    },
    { type: 'array', items: upTo(400) },
  ),
  field(
    'filters',
    'correlation_config',
    {
      title: 'Correlation analysis',
      text: 'The events and properties that correlation analysis leaves out.',
      risk: [altersReports('Changing this changes the results of correlation analysis.')],
      synonyms: ['Correlation analysis exclusions'],
    },
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
    { title: 'Live events columns', text: 'The columns of the live events view.', risk: 'harmless' },
    textList,
  ),

  field(
    'autocapture',
    'autocapture_opt_out',
    {
      title: 'Disable autocapture',
      text: '`true` turns **off** the automatic capture of clicks, inputs and form submissions.',
      risk: [
        stops('`true` stops autocapture: clicks, inputs and form submissions are lost from then on.', 'on'),
        exposes(
          '`false` starts to capture clicks, inputs and form submissions of everyone who visits.',
          'off',
        ),
      ],
      synonyms: ['Autocapture off', 'Enable autocapture for web', 'Autocapture frontend interactions'],
    },
    flag,
  ),
  field(
    'autocapture',
    'data_attributes',
    {
      title: 'Data attributes',
      text: 'The HTML attributes that identify autocaptured elements in actions.',
      initial: '`["data-attr"]`',
      risk: 'harmless',
    },
    { type: 'array', items: expected(text) },
    notNull,
  ),
  field(
    'autocapture',
    'capture_dead_clicks',
    {
      title: 'Dead clicks',
      text: 'Captures clicks that have no effect.',
      risk: [stops('Turning it off stops dead click events.', 'off')],
      synonyms: ['Dead clicks autocapture'],
    },
    flag,
  ),
  field(
    'autocapture',
    'heatmaps_opt_in',
    {
      title: 'Heatmaps',
      text: 'Captures where people click, move and scroll.',
      risk: [
        stops('Turning it off stops heatmap data.', 'off'),
        exposes('Turning it on captures mouse movement and scrolling of everyone who visits.', 'on'),
      ],
    },
    flag,
  ),

  field(
    'errors',
    'autocapture_exceptions_opt_in',
    {
      title: 'Exception autocapture',
      text: 'Automatically captures JavaScript exceptions for error tracking.',
      risk: [stops('Turning it off stops automatic error reports.', 'off')],
      synonyms: ['Error tracking', 'Exception capture'],
    },
    flag,
    member,
  ),
  field(
    'errors',
    'autocapture_exceptions_errors_to_ignore',
    {
      title: 'Errors to ignore',
      text: "Error messages or patterns that aren't captured. The array can take up to 300 characters as JSON; non-ASCII characters count as six. Configure longer lists when you initialize posthog-js. Use `[]` for none.",
      risk: [stops('Errors that match a new entry are no longer captured.')],
      synonyms: ['Ignored errors', 'Error suppression'],
      needs: ['autocapture_exceptions_opt_in'],
    },
    { type: 'array', items: text, maxJsonLength: 300 },
    notNull,
  ),

  field(
    'web',
    'autocapture_web_vitals_opt_in',
    {
      title: 'Web vitals autocapture',
      text: 'Captures web vitals of page views. **Show Web Vitals** has no data without it.',
      risk: [stops('Turning it off stops web vitals: *Show Web Vitals* gets no new data.', 'off')],
      synonyms: ['Web vitals', 'Core web vitals'],
    },
    flag,
    member,
  ),
  field(
    'web',
    'autocapture_web_vitals_allowed_metrics',
    {
      title: 'Web vitals metrics',
      text: "The metrics to capture; `null` captures all. PostHog doesn't check the names.",
      risk: [stops("A metric that isn't listed is no longer captured. `null` captures all.")],
      needs: ['autocapture_web_vitals_opt_in'],
    },
    {
      type: 'array',
      items: {
        type: 'string',
        expected: true,
        values: ['CLS', 'FCP', 'INP', 'LCP'],
        meanings: {
          CLS: 'Cumulative Layout Shift: how much the page moves',
          FCP: 'First Contentful Paint: when the first content appears',
          INP: 'Interaction to Next Paint: how fast the page responds',
          LCP: 'Largest Contentful Paint: when the main content appears',
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
      text: 'Reads web analytics from pre-aggregated tables, which is faster but less current.',
      risk: [altersReports('Turning it on or off can slightly change web analytics numbers.')],
      synonyms: ['Pre-aggregated tables', 'New query engine for web analytics'],
    },
    flag,
  ),
];
