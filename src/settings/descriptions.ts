/** What a person reads about a field: in completion, on hover, in the documentation. */
export interface FieldText {
  readonly title: string;
  /** Its meaning, in Markdown. Who may write it and how it is stored come from the catalogue. */
  readonly text: string;
  /** What PostHog starts with, where that is known. */
  readonly initial?: string;
  /** What besides the role decides whether PostHog takes a value. */
  readonly gate?: string;
  /** The meaning of each allowed value. */
  readonly values?: Readonly<Record<string, string>>;
}

const addressList =
  'Each entry is an origin such as `https://example.com`, at most 200 characters; `*` stands for any part. Empty entries are dropped.';

/** The texts of every field of the catalogue (API facts 4.3, 4.4, 4.5, 4.8), in its order. */
export const descriptions: Readonly<Record<string, FieldText>> = {
  name: {
    title: 'Name',
    text: 'The display name, 1 to 200 characters. On current servers no other project of the organization may have it, whatever its capitals.',
  },
  product_description: {
    title: 'Product description',
    text: 'What the product is, in up to 1000 characters. Only projects of current servers have it.',
  },
  timezone: {
    title: 'Time zone',
    text: 'The time zone in which reports count days and hours: a name such as `Europe/Berlin`. Changing it moves the day boundaries of every insight. A newer server may know names that are not suggested here.',
    initial: '`UTC`',
  },
  week_start_day: {
    title: 'First day of the week',
    text: 'The day on which weekly reports start.',
    values: { 0: 'Sunday', 1: 'Monday' },
  },
  base_currency: {
    title: 'Base currency',
    text: 'The currency into which revenue figures are converted, as a code of three letters.',
    initial: '`USD`',
  },
  business_model: {
    title: 'Business model',
    text: 'Whom the product serves. PostHog arranges its interface accordingly.',
    values: { b2b: 'Companies', b2c: 'Consumers', other: 'Something else', '': 'Not told' },
  },
  primary_dashboard: {
    title: 'Primary dashboard',
    text: 'The id of the dashboard shown first. It must belong to this environment, and cannot be set while creating one.',
  },
  default_data_theme: {
    title: 'Chart colour theme',
    text: 'The id of the colour theme of charts.',
    gate: 'Without custom themes in the plan, PostHog answers with its global theme, whatever was saved.',
  },
  human_friendly_comparison_periods: {
    title: 'Human-friendly comparison periods',
    text: 'Compares with a period that starts on the same weekday (364 days ago instead of 365).',
  },
  is_demo: { title: 'Demo data', text: 'Marks an environment that holds demo data.' },
  receive_org_level_activity_logs: {
    title: 'Organization activity',
    text: 'Also receive activity that happens at the level of the organization.',
  },
  slack_incoming_webhook: {
    title: 'Slack webhook',
    text: 'The address of an incoming Slack webhook, at most 500 characters. PostHog has replaced it by the Slack integration.',
  },
  app_urls: {
    title: 'Authorized URLs',
    text: `The sites on which the toolbar may be opened and that web analytics counts as yours. ${addressList} Current servers take up to 5 wildcards in each.`,
    gate: 'With access control, editors of web analytics may write it too.',
  },
  anonymize_ips: {
    title: 'Discard client IP data',
    text: 'Drops the IP address of every event when it arrives.',
  },
  cookieless_server_hash_mode: {
    title: 'Cookieless tracking',
    text: 'How visitors without cookies are told apart, by a hash made on the server.',
    values: { 0: 'Disabled', 1: 'Stateless', 2: 'Stateful' },
  },
  test_account_filters: {
    title: 'Internal and test users',
    text: 'Property filters that keep internal and test users out of insights. Write `[]` for none.',
  },
  test_account_filters_default_checked: {
    title: 'Filter test users by default',
    text: 'New insights start with the filter for internal and test users turned on.',
  },
  path_cleaning_filters: {
    title: 'Path cleaning rules',
    text: 'Rules that join paths in reports, such as `/user/1` and `/user/2`. Each has a regular expression (RE2: no look-ahead, no back-references) and the alias shown instead.',
  },
  person_display_name_properties: {
    title: 'Person display name',
    text: 'Person properties in the order in which one is chosen as the display name. Each at most 400 characters.',
  },
  correlation_config: {
    title: 'Correlation analysis',
    text: 'What correlation analysis leaves out.',
  },
  live_events_columns: {
    title: 'Live events columns',
    text: 'The columns of the live events view.',
  },
  autocapture_opt_out: {
    title: 'Autocapture off',
    text: 'Turns automatic capture of clicks, inputs and form submissions **off** when true.',
  },
  data_attributes: {
    title: 'Data attributes',
    text: 'HTML attributes by which autocaptured elements are matched in actions.',
    initial: '`["data-attr"]`',
  },
  capture_dead_clicks: {
    title: 'Dead clicks',
    text: 'Captures clicks that have no effect.',
  },
  heatmaps_opt_in: { title: 'Heatmaps', text: 'Captures where people click, move and scroll.' },
  autocapture_exceptions_opt_in: {
    title: 'Exception autocapture',
    text: 'Captures JavaScript exceptions on their own, as error tracking events.',
  },
  autocapture_exceptions_errors_to_ignore: {
    title: 'Errors to ignore',
    text: 'Texts or patterns of errors that are not captured. The list as JSON must stay below 300 characters; longer rules go into the posthog-js initialization. Write `[]` for none, null is refused.',
  },
  autocapture_web_vitals_opt_in: {
    title: 'Web vitals autocapture',
    text: 'Captures web vitals of page views. *Show web vitals* has no data without it.',
  },
  autocapture_web_vitals_allowed_metrics: {
    title: 'Web vitals metrics',
    text: 'The metrics that are captured; null captures all. PostHog does not check the names.',
  },
  web_analytics_pre_aggregated_tables_enabled: {
    title: 'Pre-aggregated web analytics',
    text: 'Web analytics reads tables that are aggregated beforehand: faster, but not to the second.',
  },
  session_recording_opt_in: { title: 'Session replay', text: 'Records sessions.' },
  session_recording_sample_rate: {
    title: 'Sample rate',
    text: 'The share of sessions that is recorded, from 0 to 1 with two decimals. `"0.4"`, `"0.40"` and `0.4` mean the same; PostHog answers with a text. Null records all.',
  },
  session_recording_minimum_duration_milliseconds: {
    title: 'Minimum duration (ms)',
    text: 'Sessions shorter than this many milliseconds are not kept, 0 to 30000.',
  },
  session_recording_retention_period: {
    title: 'Retention period',
    text: 'How long **new** recordings are kept.',
    gate: 'The plan sets the longest period; PostHog refuses a longer one.',
    values: { '30d': '30 days', '90d': '90 days', '1y': '1 year', '5y': '5 years' },
  },
  recording_domains: {
    title: 'Recording domains',
    text: `The sites that may record sessions; an empty list allows every one. ${addressList}`,
  },
  capture_console_log_opt_in: {
    title: 'Console logs',
    text: 'Keeps the browser console with recordings.',
    initial: '`true`',
  },
  capture_performance_opt_in: {
    title: 'Network timing',
    text: 'Keeps network requests and their timing with recordings.',
    initial: '`true`',
  },
  session_recording_linked_flag: {
    title: 'Linked feature flag',
    text: 'Records only when this feature flag is on: its `id` and `key`, and the `variant` if only one counts. Other keys are refused.',
  },
  session_recording_network_payload_capture_config: {
    title: 'Network payloads',
    text: 'Whether headers and bodies of network requests are recorded. Bodies can hold personal data.',
  },
  session_recording_masking_config: {
    title: 'Masking',
    text: 'What recordings hide.',
  },
  session_recording_trigger_match_type_config: {
    title: 'Trigger matching',
    text: 'Whether all triggers or any one must match before recording starts.',
    values: { all: 'Every trigger must match', any: 'One matching trigger is enough' },
  },
  session_recording_url_trigger_config: {
    title: 'URL triggers',
    text: 'Recording starts on addresses that match one of these regular expressions.',
  },
  session_recording_url_blocklist_config: {
    title: 'URL blocklist',
    text: 'Recording pauses on addresses that match one of these regular expressions.',
  },
  session_recording_event_trigger_config: {
    title: 'Event triggers',
    text: 'Recording starts when one of these events is captured.',
  },
  session_recording_trigger_groups: {
    title: 'Trigger groups',
    text: 'Several groups of triggers with a sample rate and minimum duration of their own.',
  },
  session_replay_config: {
    title: 'Replay options',
    text: 'Recording of canvas elements, and options of AI summaries. Other keys are refused.',
  },
  session_replay_ai_summary_config: {
    title: 'AI summaries',
    text: 'Options of AI summaries of recordings.',
  },
  surveys_opt_in: { title: 'Surveys', text: 'Shows surveys on your sites.' },
  survey_config: { title: 'Survey defaults', text: 'How new surveys look.' },
  flags_persistence_default: {
    title: 'Persist flags across login',
    text: 'New feature flags keep their value when a visitor logs in.',
  },
  feature_flag_confirmation_enabled: {
    title: 'Confirm flag changes',
    text: 'Asks before a change of a feature flag is saved.',
  },
  feature_flag_confirmation_message: {
    title: 'Confirmation text',
    text: 'What is asked before a change of a feature flag is saved.',
  },
  default_evaluation_contexts_enabled: {
    title: 'Default evaluation contexts',
    text: 'Gives new feature flags the default evaluation contexts.',
  },
  default_evaluation_environments_enabled: {
    title: 'Default evaluation environments',
    text: 'The name that `default_evaluation_contexts_enabled` had until late 2025.',
  },
  require_evaluation_contexts: {
    title: 'Require evaluation contexts',
    text: 'New feature flags need an evaluation context.',
  },
  experiment_recalculation_time: {
    title: 'Experiment recalculation time',
    text: 'The time of day (UTC) at which experiments are computed anew, such as `02:00:00`.',
  },
  default_experiment_confidence_level: {
    title: 'Confidence level',
    text: 'The confidence level of new experiments. PostHog offers 0.90, 0.95 and 0.99.',
  },
  revenue_analytics_config: {
    title: 'Revenue analytics',
    text: 'The events that carry revenue, and their currency.',
  },
  marketing_analytics_config: {
    title: 'Marketing analytics',
    text: 'Advertising sources, conversion goals and attribution.',
  },
  customer_analytics_config: {
    title: 'Customer analytics',
    text: 'The events that mean activity, sign-up, subscription and payment, each as a node such as `{"kind": "EventsNode", "event": "signed_up"}`.',
  },
  logs_settings: {
    title: 'Logs',
    text: 'How long logs are kept, and how they are read. `retention_last_updated` is set by PostHog.',
    gate: 'A retention of 30 days needs a plan that includes it, and can be changed once in 24 hours.',
  },
  conversations_enabled: {
    title: 'Support widget',
    text: 'Turns the support widget on. PostHog makes its public token then, and drops it when the widget is turned off.',
  },
  conversations_settings: {
    title: 'Support widget options',
    text: 'Look and behaviour of the support widget. Tokens and the state of connected channels are set by PostHog and not shown here.',
  },
  workflows_config: {
    title: 'Workflows',
    text: 'Engagement events of workflows and consent to e-mail tracking.',
  },
  proactive_tasks_enabled: {
    title: 'Proactive tasks',
    text: 'Lets PostHog start tasks on its own.',
    gate: 'Only organizations that PostHog has let in may write it.',
  },
  modifiers: {
    title: 'Query modifiers',
    text: 'Overrides of how queries are run; what is not set follows the defaults of the server. Current servers refuse keys they do not know.',
  },
  completed_snippet_onboarding: {
    title: 'Snippet set up',
    text: 'The step of the set-up that installs the snippet is done.',
  },
  has_completed_onboarding_for: {
    title: 'Finished onboardings',
    text: 'The products whose onboarding is finished, each with true.',
  },
  onboarding_tasks: {
    title: 'Quick-start tasks',
    text: 'The state of each quick-start task.',
  },
  inject_web_apps: {
    title: 'Site apps present',
    text: 'Kept by PostHog itself: whether site apps are to be loaded. Better left alone.',
  },
  extra_settings: {
    title: 'Extra SDK settings',
    text: 'Further options that are handed to posthog-js. Free keys with plain values.',
  },

  id: { title: 'Id', text: 'The number of this environment.' },
  uuid: { title: 'UUID', text: 'A second identifier.' },
  organization: { title: 'Organization', text: 'The id of the organization that owns it.' },
  project_id: { title: 'Project', text: 'The number of its project; today the same as its own.' },
  api_token: { title: 'Project token', text: 'The public token with which events are sent.' },
  created_at: { title: 'Created', text: 'When it was created.' },
  updated_at: { title: 'Updated', text: 'When it was last changed.' },
  ingested_event: { title: 'Has events', text: 'Whether it has received events.' },
  is_pending_deletion: { title: 'Being deleted', text: 'Whether it is being deleted.' },
  user_access_level: { title: 'Your access', text: 'Your access to it: none, member or admin.' },
  effective_membership_level: {
    title: 'Your role',
    text: 'Your role: 1 member, 8 admin, 15 owner.',
  },
  event_retention_months: { title: 'Event retention', text: 'For how many months events are kept.' },
  events_retention_enforced: {
    title: 'Retention enforced',
    text: 'Whether older events are removed.',
  },
  default_modifiers: {
    title: 'Default modifiers',
    text: 'The defaults of the server under `modifiers`.',
  },
  person_on_events_querying_enabled: {
    title: 'Persons on events',
    text: 'Whether queries use persons-on-events mode.',
  },
  managed_viewsets: { title: 'Managed views', text: 'Which managed sets of views are on.' },
  has_group_types: { title: 'Has groups', text: 'Whether group analytics is in use.' },
  group_types: { title: 'Group types', text: 'The types of groups.' },
  product_intents: {
    title: 'Product intents',
    text: 'The products that the team showed interest in.',
  },
  available_setup_task_ids: {
    title: 'Quick-start task ids',
    text: 'The ids that `onboarding_tasks` can have.',
  },
  access_control: {
    title: 'Access control',
    text: 'The old switch for private projects. PostHog refuses every save that contains it.',
  },
  secret_api_token: { title: 'Secret token', text: 'A secret; never shown by this extension.' },
  secret_api_token_backup: {
    title: 'Previous secret token',
    text: 'A secret; never shown by this extension.',
  },
  live_events_token: {
    title: 'Live events token',
    text: 'A secret; never shown by this extension.',
  },
};
