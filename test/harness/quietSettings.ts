/**
 * User settings of the workbenches that the harness opens: nothing of VS Code's own speaks up (welcome
 * page, trust prompt, chat, update and extension recommendations), and nothing leaves the machine. The activity log is
 * not read after saves, or the request would come between those that a test counts, and no lens follows the cursor, or it
 * would move the lines that a test clicks; tests of these turn them on.
 */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'posthogEnvironments.save.checkActivity': false,
  'posthogEnvironments.editor.settingLens': false,
};
