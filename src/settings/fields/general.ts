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
  like,
  member,
  newer,
  notNull,
  oneOf,
  removed,
  snippet,
  stops,
  text,
  textsLike,
  trimmed,
  upTo,
  type SettingsField,
} from './field';
import type { JsonObject } from '../../json/json';
import { keyOf } from '../keys';
import type { Misfit, ObjectRule } from '../rules';
import { propertyFilter, urlList } from './nodes';

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
    order: {
      ...described(
        expected(integer),
        'Current servers ignore this and apply the rules in the order of the array.',
      ),
      ignored: true,
    },
  },
  together: aliasMisfit,
  snippets: [
    snippet('Rule', { regex: '${1:/user/\\\\d+}', alias: '${2:/user/:id}' }, 'Groups matching paths'),
  ],
};

/** General settings, privacy and filters. */
export const generalFields: readonly SettingsField[] = [
  field(
    'general',
    keyOf.name,
    {
      terraform: 'posthog_project',
      title: 'Name',
      text: 'The display name, 1 to 200 characters. On current servers, names must be unique in the organization, regardless of case.',
      risk: 'harmless',
      synonyms: ['Project name', 'Display name'],
      section: 'environment-customization',
      link: 'display-name',
    },
    { type: 'string', minLength: 1, maxLength: 200, trimmed: true },
    { ...notNull, staysBehind: true, neededOnCreation: 'a name' },
  ),
  field(
    'general',
    'product_description',
    {
      title: 'Product description',
      text: 'What your product does, in up to 1,000 characters.',
      risk: 'harmless',
      noSection: 'current versions no longer show it',
    },
    trimmed(upTo(1000)),
    added,
  ),
  field(
    'general',
    'timezone',
    {
      terraform: 'posthog_project',
      title: 'Time zone',
      text: "The time zone in which reports count days and hours, such as `Europe/Berlin`. A newer server may accept names that aren't suggested here.",
      initial: '`UTC`',
      risk: [
        altersReports(
          'Changing the time zone moves the start of every day, so insights show different numbers, past days included.',
        ),
      ],
      section: 'environment-customization',
      link: 'date-and-time',
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
      section: 'environment-customization',
      link: 'date-and-time',
    },
    { type: 'integer', values: [0, 1], meanings: { 0: 'Sunday', 1: 'Monday' } },
  ),
  field(
    'general',
    keyOf.completeness,
    {
      title: 'Base currency',
      text: 'The currency that revenue is converted to, as a three-letter code.',
      initial: '`USD`',
      risk: [altersReports('Changing the currency converts every revenue figure to the new one.')],
      section: 'environment-customization',
      link: 'base-currency',
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
      noSection: 'only the API has it',
    },
    {
      type: 'array',
      unordered: true,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        trimmed: true,
        lowerCase: true,
        example: 'checkout',
      },
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
      section: 'environment-customization',
      link: 'business-model',
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
      noSection: 'it is set on a dashboard',
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
      section: 'environment-product-analytics',
      link: 'data-theme',
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
      section: 'environment-product-analytics',
      link: 'human-friendly-comparison-periods',
    },
    flag,
  ),
  field(
    'general',
    'is_demo',
    {
      title: 'Demo data',
      text: 'Marks an environment that contains demo data.',
      risk: 'harmless',
      noSection: 'PostHog sets it when it creates demo data',
    },
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
      section: 'environment-activity-logs',
      link: 'activity-log-org-level-settings',
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
      section: 'environment-integrations',
      link: 'integration-webhooks',
    },
    trimmed(upTo(500)),
    {
      ...removed,
      staysBehind: true,
      confidential: true,
      replacedBy: 'PostHog replaced webhooks with its Slack integration.',
    },
  ),

  field(
    'privacy',
    'anonymize_ips',
    {
      terraform: 'attribute',
      title: 'Discard client IP data',
      text: 'Drops the IP address of every event on arrival.',
      risk: [
        exposes('Turning it off stores the IP addresses of everyone who sends events from then on.', 'off'),
        stops("Turning it on drops IP addresses from then on. They can't be recovered later.", 'on'),
      ],
      synonyms: ['Anonymize IPs', 'IP anonymization', 'IP data capture'],
      section: 'environment-privacy',
      link: 'datacapture',
    },
    flag,
    notNull,
  ),
  field(
    'privacy',
    'cookieless_server_hash_mode',
    {
      terraform: 'attribute',
      title: 'Cookieless tracking',
      text: 'How to distinguish visitors without cookies: by a hash computed on the server.',
      risk: [
        stops('Setting it to 0 or null stops cookieless tracking.', 'off'),
        altersReports('Changing the mode changes how visitors without cookies are counted.'),
      ],
      synonyms: ['Cookieless mode', 'Cookieless server hash mode'],
      section: 'environment-web-analytics',
      link: 'cookieless-server-hash-mode',
    },
    { type: 'integer', values: [0, 1, 2], meanings: { 0: 'Disabled', 1: 'Stateless', 2: 'Stateful' } },
  ),
  field(
    'privacy',
    keyOf.sites,
    {
      terraform: 'attribute',
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
      section: 'environment-web-analytics',
      link: 'web-analytics-authorized-urls',
    },
    { ...urlList, maxWildcards: 5 },
    { ...notNull, writableByResource: true, meantToDiffer: true },
  ),

  field(
    'filters',
    'test_account_filters_default_checked',
    {
      terraform: 'attribute',
      title: 'Filter test users by default',
      text: 'Turns on the filter for internal and test users in new insights.',
      risk: 'harmless',
      synonyms: ['Enable this filter on all new insights'],
      needs: ['test_account_filters'],
      section: 'environment-customization',
      link: 'internal-user-filtering',
    },
    flag,
  ),
  field(
    'filters',
    'test_account_filters',
    {
      terraform: 'json',
      title: 'Internal and test users',
      text: 'Property filters that keep internal and test users out of insights. Use `[]` for none.',
      risk: [
        altersReports('Changing the filters changes every insight that leaves out internal and test users.'),
      ],
      synonyms: ['Test account filters', 'Filter out internal and test users', 'Internal users filter'],
      section: 'environment-customization',
      link: 'internal-user-filtering',
    },
    { type: 'array', items: newer(propertyFilter), anyOrder: true, identity: ['key'] },
    notNull,
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
      section: 'environment-product-analytics',
      link: 'path-cleaning',
    },
    { type: 'array', items: pathCleaningRule, identity: ['alias', 'regex'] },
  ),
  field(
    'filters',
    'person_display_name_properties',
    {
      title: 'Person display name',
      text: 'The person properties to use as the display name, in order of preference. Up to 400 characters each.',
      risk: [exposes("A property listed here becomes visible wherever PostHog shows a person's name.")],
      section: 'environment-product-analytics',
      link: 'person-display-name',
    },
    { type: 'array', items: trimmed(like(upTo(400), 'email')) },
  ),
  field(
    'filters',
    'correlation_config',
    {
      title: 'Correlation analysis',
      text: 'The events and properties that correlation analysis leaves out.',
      risk: [altersReports('Changing this changes the results of correlation analysis.')],
      synonyms: ['Correlation analysis exclusions'],
      section: 'environment-product-analytics',
      link: 'correlation-analysis',
    },
    {
      type: 'object',
      keys: {
        excluded_person_property_names: expectedTexts('email'),
        excluded_event_property_names: expectedTexts('$browser'),
        excluded_event_names: expectedTexts('heartbeat'),
      },
    },
  ),
  field(
    'filters',
    'live_events_columns',
    {
      title: 'Live events columns',
      text: 'The columns of the live events view.',
      risk: 'harmless',
      noSection: 'it is set in the list of live events',
    },
    textsLike('event'),
  ),
];
