/** A group of settings in the tree. `icon` is a codicon ID. */
export interface SettingsGroup {
  readonly id: SettingsGroupId;
  readonly title: string;
  readonly icon: string;
}

const groups = {
  general: ['General', 'settings-gear'],
  privacy: ['URLs & privacy', 'shield'],
  filters: ['Filters & display', 'filter'],
  autocapture: ['Autocapture & heatmaps', 'inspect'],
  errors: ['Error tracking', 'bug'],
  web: ['Web analytics & web vitals', 'dashboard'],
  replay: ['Session replay', 'device-camera-video'],
  surveys: ['Surveys', 'feedback'],
  flags: ['Feature flags', 'symbol-boolean'],
  experiments: ['Experiments', 'beaker'],
  revenue: ['Revenue analytics', 'graph-line'],
  marketing: ['Marketing analytics', 'megaphone'],
  customer: ['Customer analytics', 'organization'],
  logs: ['Logs', 'output'],
  conversations: ['Conversations', 'comment-discussion'],
  workflows: ['Workflows & automation', 'zap'],
  query: ['Query modifiers', 'database'],
  onboarding: ['Onboarding & SDK', 'checklist'],
} as const;

export type SettingsGroupId = keyof typeof groups;

/** The groups in document order. Every writable field is in exactly one. */
export const settingsGroups: readonly SettingsGroup[] = Object.entries(groups).map(([id, [title, icon]]) => ({
  id: id as SettingsGroupId,
  title,
  icon,
}));
