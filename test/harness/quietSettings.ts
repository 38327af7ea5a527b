/**
 * User settings of the workbenches that the harness opens: VS Code shows nothing of its own (welcome page, trust
 * prompt, chat, update and extension recommendations), its extension host doesn't start processes that look for ports
 * to forward, and nothing leaves the machine. The activity log isn't read
 * after saves, because tests count requests, and no lens follows the cursor, because it would move the lines that tests
 * click. Tests of these features turn them on.
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
  'remote.autoForwardPorts': false,
  'posthogEnvironments.save.checkActivity': false,
  'posthogEnvironments.editor.settingLens': false,
};
