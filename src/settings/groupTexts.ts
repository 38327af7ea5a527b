import type { SettingsGroupId } from './groups';

/** What each group governs. Beside the groups, because the tree shows their titles only. */
export const groupTexts: Readonly<Record<SettingsGroupId, string>> = {
  general: 'Name, time zone, currency and defaults',
  privacy: 'Where the app runs and what is kept of IP addresses and cookies',
  filters: 'Internal users, path cleaning and how people and events are shown',
  autocapture: 'What is captured without code, heatmaps and dead clicks',
  errors: 'Which exceptions are captured',
  web: 'Web analytics and the performance of pages',
  replay: 'Which sessions are recorded, how they are masked and how long they are kept',
  surveys: 'Whether surveys are shown, and how they look',
  flags: 'Defaults and safeguards of feature flags',
  experiments: 'How experiments are calculated',
  revenue: 'Which events are revenue',
  marketing: 'Ad sources, attribution and conversion goals',
  customer: 'What counts as activity, sign-up and payment',
  logs: 'How long logs are kept, and what is parsed',
  conversations: 'The support widget and its channels',
  workflows: 'Limits of messages and automated tasks',
  query: 'How queries are run',
  onboarding: 'Setup steps and what the SDK is told',
};
