import {
  added,
  altersReports,
  expected,
  exposes,
  field,
  flag,
  member,
  memberNotNull,
  merged,
  mergedNotNull,
  oneOf,
  removed,
  stops,
  text,
  time,
  trimmed,
  type SettingsField,
} from './field';
import {
  conversations,
  customerAnalytics,
  logs,
  marketingAnalytics,
  modifiers,
  revenueAnalytics,
  surveyAppearance,
  workflows,
} from './productRules';

/** Product settings. */
export const productFields: readonly SettingsField[] = [
  field(
    'surveys',
    'surveys_opt_in',
    {
      terraform: 'attribute',
      title: 'Surveys',
      text: 'Shows surveys on your sites.',
      risk: [stops('Turning it off hides running surveys, so no new responses come in.', 'off')],
      synonyms: ['Enable surveys', 'Popover surveys'],
      section: 'environment-surveys',
      link: 'surveys-interface',
    },
    flag,
    member,
  ),
  field(
    'surveys',
    'survey_config',
    {
      title: 'Survey defaults',
      text: 'The default appearance of new surveys.',
      risk: 'harmless',
      synonyms: ['Default survey appearance'],
      section: 'environment-surveys',
      link: 'surveys-default-appearance',
    },
    { type: 'object', keys: { appearance: surveyAppearance } },
    merged,
  ),

  field(
    'flags',
    'flags_persistence_default',
    {
      title: 'Persist flags across login',
      text: 'New feature flags keep their value when a visitor logs in.',
      risk: 'harmless',
      synonyms: ['Flag persistence', 'Persist feature flags across authentication steps'],
      section: 'environment-feature-flags',
      link: 'feature-flags-interface',
    },
    flag,
  ),
  field(
    'flags',
    'feature_flag_confirmation_enabled',
    {
      title: 'Confirm flag changes',
      text: 'Asks for confirmation before a feature flag change is saved.',
      risk: 'harmless',
      synonyms: ['Feature flag confirmation'],
      section: 'environment-feature-flags',
      link: 'feature-flag-confirmation',
    },
    flag,
  ),
  field(
    'flags',
    'feature_flag_confirmation_message',
    {
      title: 'Confirmation message',
      text: 'The message to confirm before a feature flag change is saved.',
      risk: 'harmless',
      needs: ['feature_flag_confirmation_enabled'],
      section: 'environment-feature-flags',
      link: 'feature-flag-confirmation',
    },
    trimmed(text),
  ),
  field(
    'flags',
    'default_evaluation_contexts_enabled',
    {
      title: 'Default evaluation contexts',
      text: 'Gives new feature flags the default evaluation contexts.',
      risk: 'harmless',
      synonyms: ['Default evaluation environments'],
      section: 'environment-feature-flags',
      link: 'feature-flag-default-evaluation-contexts',
    },
    flag,
  ),
  field(
    'flags',
    'default_evaluation_environments_enabled',
    {
      title: 'Default evaluation environments',
      text: 'The name of `default_evaluation_contexts_enabled` until late 2025.',
      risk: 'harmless',
      section: 'environment-feature-flags',
      link: 'feature-flag-default-evaluation-contexts',
    },
    flag,
    {
      ...removed,
      renamedTo: 'default_evaluation_contexts_enabled',
      replacedBy: 'PostHog renamed it to "default_evaluation_contexts_enabled".',
    },
  ),
  field(
    'flags',
    'require_evaluation_contexts',
    {
      title: 'Require evaluation contexts',
      text: 'Requires an evaluation context for new feature flags.',
      risk: 'harmless',
      section: 'environment-feature-flags',
      link: 'feature-flag-require-evaluation-contexts',
    },
    flag,
  ),
  field(
    'flags',
    'feature_flag_policy_config',
    {
      title: 'Feature flag policy',
      text: 'Rules for new feature flags.',
      initial: '`{"require_tags": false}`',
      risk: 'harmless',
      synonyms: ['Require tags on feature flags'],
      noSection: 'only the API has it',
    },
    {
      type: 'object',
      keys: {
        require_tags: {
          type: 'boolean',
          notNull: true,
          text: "New flags need a tag, and a tagged flag can't lose its last one.",
        },
      },
    },
    { ...mergedNotNull, ...added },
  ),

  field(
    'experiments',
    'experiment_recalculation_time',
    {
      title: 'Experiment recalculation time',
      text: 'The time of day (UTC) at which experiments are recalculated, such as `02:00:00`.',
      risk: 'harmless',
      section: 'environment-experiments',
      link: 'environment-experiment-recalculation-time',
    },
    time,
    removed,
  ),
  field(
    'experiments',
    'default_experiment_confidence_level',
    {
      title: 'Confidence level',
      text: 'The confidence level of new experiments: `0.95` is 95%. PostHog offers 0.90, 0.95 and 0.99.',
      risk: 'harmless',
      synonyms: ['Default confidence level'],
      section: 'environment-experiments',
      link: 'environment-experiment-confidence-level',
    },
    { type: 'decimal', unit: 'share' },
    removed,
  ),

  field(
    'revenue',
    'revenue_analytics_config',
    {
      title: 'Revenue analytics',
      text: 'The events that carry revenue, and their currency.',
      risk: [
        altersReports('Changing events or currency changes the revenue in reports, past revenue included.'),
      ],
      synonyms: ['Revenue events'],
      section: 'environment-revenue-analytics',
      link: 'revenue-analytics-events',
    },
    revenueAnalytics,
    mergedNotNull,
  ),
  field(
    'marketing',
    'marketing_analytics_config',
    {
      title: 'Marketing analytics',
      text: 'Ad sources, conversion goals, and attribution.',
      risk: [
        altersReports('Changing sources, goals, or attribution changes the numbers of marketing analytics.'),
      ],
      synonyms: ['Attribution', 'Conversion goals', 'Ad sources'],
      section: 'environment-marketing-analytics',
      link: 'marketing-settings',
    },
    marketingAnalytics,
    mergedNotNull,
  ),
  field(
    'customer',
    'customer_analytics_config',
    {
      title: 'Customer analytics',
      text: 'The events for activity, sign-up, subscription, and payment, each as a node such as `{"kind": "EventsNode", "event": "signed_up"}`.',
      risk: [altersReports('Changing an event changes what customer analytics counts, past data included.')],
      section: 'environment-customer-analytics',
      link: 'customer-analytics-dashboard-events',
    },
    customerAnalytics,
    mergedNotNull,
  ),

  field(
    'logs',
    'logs_settings',
    {
      title: 'Logs',
      text: 'How long logs are kept and how they are parsed. PostHog sets `retention_last_updated`.',
      gate: '30 days of retention need a plan that includes them. The retention can change once every 24 hours.',
      risk: [
        stops(
          'A shorter retention removes logs earlier; turning off `capture_console_logs` stops console logs.',
        ),
        exposes('Turning off `pii_scrub_logs` keeps personal data in logs.'),
      ],
      synonyms: ['Log retention', 'PII scrubbing'],
      section: 'environment-logs',
      link: 'logs',
    },
    logs,
  ),

  field(
    'conversations',
    'conversations_enabled',
    {
      title: 'Support widget',
      text: 'Turns on the support widget. PostHog creates its public token when the widget is turned on, and deletes it when the widget is turned off.',
      risk: [
        stops(
          'Turning it off hides the widget and deletes its token: sites need the new token when you turn it on again.',
          'off',
        ),
        exposes('Turning it on lets visitors of your sites write to you.', 'on'),
      ],
      synonyms: ['Conversations', 'Support', 'Chat widget'],
      section: 'environment-conversations',
      link: 'conversations-general',
    },
    flag,
  ),
  field(
    'conversations',
    'conversations_settings',
    {
      title: 'Support widget options',
      text: "Appearance and behavior of the support widget. PostHog sets tokens and the state of connected channels, which aren't shown here.",
      risk: [
        exposes(
          'Adding a site to `widget_domains` shows the widget there; `bot_reply` lets AI answer people without review.',
        ),
        stops('Removing a site from `widget_domains`, or a Slack channel, stops messages from there.'),
      ],
      synonyms: ['Conversations settings', 'AI replies'],
      needs: ['conversations_enabled'],
      section: 'environment-conversations',
      link: 'conversations-general',
    },
    conversations,
    { ...merged, sentWhole: true },
  ),

  field(
    'workflows',
    'proactive_tasks_enabled',
    {
      title: 'Proactive tasks',
      text: 'Lets PostHog start tasks on its own.',
      gate: 'Only organizations that PostHog has enabled can change it.',
      risk: [exposes('Turning it on lets PostHog start tasks on your data without being asked.', 'on')],
      noSection: 'only the API has it',
    },
    flag,
    { ...added, staysBehind: true },
  ),
  field(
    'workflows',
    'workflows_config',
    {
      title: 'Workflows',
      text: 'Engagement events, email tracking consent, and limits for tasks and messages.',
      risk: [
        stops('Limits of 0 pause tasks; a lower message cap sends people fewer messages.'),
        exposes(
          "Changing `email_tracking_consent_mode` can track opened emails of people who didn't consent.",
        ),
      ],
      synonyms: ['Messaging', 'Email tracking', 'Frequency cap'],
      section: 'environment-workflows',
      link: 'workflows-engagement-events',
    },
    workflows,
    { ...mergedNotNull, ...added, sentWhole: true },
  ),

  field(
    'query',
    'modifiers',
    {
      title: 'Query modifiers',
      text: "Overrides how queries run. Anything not set uses the server's defaults. Current servers reject keys they don't know.",
      risk: [altersReports('Changing a modifier can change the results of every query.')],
      synonyms: ['HogQL modifiers', 'Person on events mode', 'Bounce rate'],
      noSection: 'its parts are spread over product and web analytics',
    },
    modifiers,
    { patchMode: (generation) => (generation === 'current' ? 'merge' : 'replace') },
  ),

  field(
    'onboarding',
    'completed_snippet_onboarding',
    {
      title: 'Snippet installed',
      text: 'The setup step that installs the snippet is done.',
      risk: 'harmless',
      noSection: 'PostHog sets it during setup',
    },
    flag,
    { ...memberNotNull, staysBehind: true },
  ),
  field(
    'onboarding',
    'has_completed_onboarding_for',
    {
      title: 'Completed onboarding',
      text: 'The products whose onboarding is complete, each with `true`.',
      risk: 'harmless',
      noSection: 'PostHog sets it during setup',
    },
    { type: 'object', each: expected(flag) },
    { ...member, staysBehind: true },
  ),
  field(
    'onboarding',
    'onboarding_tasks',
    {
      title: 'Quick start tasks',
      text: 'The state of each quick start task.',
      risk: 'harmless',
      noSection: 'PostHog sets it during setup',
    },
    { type: 'object', each: expected(oneOf('completed', 'skipped')) },
    { ...member, staysBehind: true },
  ),
  field(
    'onboarding',
    'inject_web_apps',
    {
      title: 'Site apps present',
      text: 'Whether site apps are loaded. PostHog maintains it; leave it alone.',
      risk: [
        stops('`false` keeps site apps from loading.', 'off'),
        exposes('`true` loads the code of site apps on your sites.', 'on'),
      ],
      synonyms: ['Site apps', 'Web apps'],
      noSection: 'PostHog keeps it up to date',
    },
    flag,
    { staysBehind: true },
  ),
  field(
    'onboarding',
    'extra_settings',
    {
      title: 'Extra SDK settings',
      text: 'Additional options passed to posthog-js. Any keys, with simple values.',
      risk: [
        exposes('These options apply wherever posthog-js loads them, so they can change what is captured.'),
      ],
      noSection: 'only the API has it',
    },
    {
      type: 'object',
      each: expected({
        type: 'union',
        of: [text, flag, { type: 'integer', fractions: true }],
        wanted: 'a string, a number, true, false, or null',
      }),
    },
  ),
];
