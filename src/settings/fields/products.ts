import {
  added,
  expected,
  field,
  flag,
  member,
  memberNotNull,
  merged,
  mergedNotNull,
  oneOf,
  removed,
  text,
  time,
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

/** Settings of single products. */
export const productFields: readonly SettingsField[] = [
  field(
    'surveys',
    'surveys_opt_in',
    { title: 'Surveys', text: 'Shows surveys on your sites.' },
    flag,
    member,
  ),
  field(
    'surveys',
    'survey_config',
    { title: 'Survey defaults', text: 'How new surveys look.' },
    { type: 'object', keys: { appearance: surveyAppearance } },
    merged,
  ),

  field(
    'flags',
    'flags_persistence_default',
    {
      title: 'Persist flags across login',
      text: 'New feature flags keep their value when a visitor logs in.',
    },
    flag,
  ),
  field(
    'flags',
    'feature_flag_confirmation_enabled',
    { title: 'Confirm flag changes', text: 'Asks before a change of a feature flag is saved.' },
    flag,
  ),
  field(
    'flags',
    'feature_flag_confirmation_message',
    { title: 'Confirmation text', text: 'What is asked before a change of a feature flag is saved.' },
    text,
  ),
  field(
    'flags',
    'default_evaluation_contexts_enabled',
    {
      title: 'Default evaluation contexts',
      text: 'Gives new feature flags the default evaluation contexts.',
    },
    flag,
  ),
  field(
    'flags',
    'default_evaluation_environments_enabled',
    {
      title: 'Default evaluation environments',
      text: 'The name that `default_evaluation_contexts_enabled` had until late 2025.',
    },
    flag,
    {
      ...removed,
      renamedTo: 'default_evaluation_contexts_enabled',
      replacedBy: 'It is called "default_evaluation_contexts_enabled" today.',
    },
  ),
  field(
    'flags',
    'require_evaluation_contexts',
    { title: 'Require evaluation contexts', text: 'New feature flags need an evaluation context.' },
    flag,
  ),
  field(
    'flags',
    'feature_flag_policy_config',
    {
      title: 'Feature flag policy',
      text: 'Rules for new feature flags.',
      initial: '`{"require_tags": false}`',
    },
    {
      type: 'object',
      keys: {
        require_tags: {
          type: 'boolean',
          notNull: true,
          text: 'A new flag needs a tag, and a tagged flag cannot lose its last one.',
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
      text: 'The time of day (UTC) at which experiments are computed anew, such as `02:00:00`.',
    },
    time,
    removed,
  ),
  field(
    'experiments',
    'default_experiment_confidence_level',
    {
      title: 'Confidence level',
      text: 'The confidence level of new experiments. PostHog offers 0.90, 0.95 and 0.99.',
    },
    { type: 'decimal' },
    removed,
  ),

  field(
    'revenue',
    'revenue_analytics_config',
    { title: 'Revenue analytics', text: 'The events that carry revenue, and their currency.' },
    revenueAnalytics,
    mergedNotNull,
  ),
  field(
    'marketing',
    'marketing_analytics_config',
    { title: 'Marketing analytics', text: 'Advertising sources, conversion goals and attribution.' },
    marketingAnalytics,
    mergedNotNull,
  ),
  field(
    'customer',
    'customer_analytics_config',
    {
      title: 'Customer analytics',
      text: 'The events that mean activity, sign-up, subscription and payment, each as a node such as `{"kind": "EventsNode", "event": "signed_up"}`.',
    },
    customerAnalytics,
    mergedNotNull,
  ),

  field(
    'logs',
    'logs_settings',
    {
      title: 'Logs',
      text: 'How long logs are kept, and how they are read. `retention_last_updated` is set by PostHog.',
      gate: 'A retention of 30 days needs a plan that includes it, and can be changed once in 24 hours.',
    },
    logs,
  ),

  field(
    'conversations',
    'conversations_enabled',
    {
      title: 'Support widget',
      text: 'Turns the support widget on. PostHog makes its public token then, and drops it when the widget is turned off.',
    },
    flag,
  ),
  field(
    'conversations',
    'conversations_settings',
    {
      title: 'Support widget options',
      text: 'Look and behaviour of the support widget. Tokens and the state of connected channels are set by PostHog and not shown here.',
    },
    conversations,
    { ...merged, sentWhole: true },
  ),

  field(
    'workflows',
    'workflows_config',
    {
      title: 'Workflows',
      text: 'Engagement events of workflows, consent to email tracking, and limits of tasks and messages.',
    },
    workflows,
    { ...mergedNotNull, ...added, sentWhole: true },
  ),
  field(
    'workflows',
    'proactive_tasks_enabled',
    {
      title: 'Proactive tasks',
      text: 'Lets PostHog start tasks on its own.',
      gate: 'Only organizations that PostHog has let in may write it.',
    },
    flag,
    { ...added, staysBehind: true },
  ),

  field(
    'query',
    'modifiers',
    {
      title: 'Query modifiers',
      text: 'Overrides of how queries are run; what is not set follows the defaults of the server. Current servers refuse keys they do not know.',
    },
    modifiers,
    { patchMode: (generation) => (generation === 'current' ? 'merge' : 'replace') },
  ),

  field(
    'onboarding',
    'completed_snippet_onboarding',
    { title: 'Snippet set up', text: 'The step of the set-up that installs the snippet is done.' },
    flag,
    { ...memberNotNull, staysBehind: true },
  ),
  field(
    'onboarding',
    'has_completed_onboarding_for',
    { title: 'Finished onboardings', text: 'The products whose onboarding is finished, each with true.' },
    { type: 'object', each: expected(flag) },
    { ...member, staysBehind: true },
  ),
  field(
    'onboarding',
    'onboarding_tasks',
    { title: 'Quick-start tasks', text: 'The state of each quick-start task.' },
    { type: 'object', each: expected(oneOf('completed', 'skipped')) },
    { ...member, staysBehind: true },
  ),
  field(
    'onboarding',
    'inject_web_apps',
    {
      title: 'Site apps present',
      text: 'Kept by PostHog itself: whether site apps are to be loaded. Better left alone.',
    },
    flag,
    { staysBehind: true },
  ),
  field(
    'onboarding',
    'extra_settings',
    {
      title: 'Extra SDK settings',
      text: 'Further options that are handed to posthog-js. Free keys with plain values.',
    },
    {
      type: 'object',
      each: expected({
        type: 'union',
        of: [text, flag, { type: 'integer', fractions: true }],
        wanted: 'a string, a number, true, false or null',
      }),
    },
  ),
];
