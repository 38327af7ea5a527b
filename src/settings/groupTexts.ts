import type { SettingsGroupId } from './groups';

/** What each group is about. Separate from the groups, because the tree shows only their titles. */
export const groupTexts: Readonly<Record<SettingsGroupId, string>> = {
  general: 'Name, time zone, currency, and defaults',
  privacy: 'Where the app runs, and how IP addresses and cookies are handled',
  filters: 'Internal users, path cleaning, and how people and events are shown',
  autocapture: 'What is captured without code, heatmaps, and dead clicks',
  errors: 'Which exceptions are captured',
  web: 'Web analytics and page performance',
  replay: "Which sessions are recorded, how they're masked, and how long they're kept",
  surveys: 'Whether surveys are shown, and how they look',
  flags: 'Defaults and safeguards for feature flags',
  experiments: 'How experiments are calculated',
  revenue: 'Which events are revenue',
  marketing: 'Ad sources, attribution, and conversion goals',
  customer: 'What counts as activity, sign-up, and payment',
  logs: 'How long logs are kept, and what is parsed',
  conversations: 'The support widget and its channels',
  workflows: 'Limits for messages and automated tasks',
  query: 'How queries are run',
  onboarding: 'Setup steps and SDK configuration',
};
