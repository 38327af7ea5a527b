import * as vscode from 'vscode';

const prefix = 'posthogEnvironments.';

/** Every command of the extension, without its prefix. A host test compares this with the registered commands. */
export type CommandId =
  | 'addConnection'
  | 'addToSettingsFile'
  | 'applySettingsFile'
  | 'changeColumnType'
  | 'changeWebVitalsPath'
  | 'chooseValue'
  | 'checkDrift'
  | 'compare'
  | 'compareAgain'
  | 'compareEnvironment'
  | 'compareEnvironments'
  | 'compareSelected'
  | 'completeMerge'
  | 'compareWebVitalsWithEnvironment'
  | 'compareWebVitalsWithPath'
  | 'copyAsTerraform'
  | 'copyCiCommand'
  | 'copyHogQLName'
  | 'copyId'
  | 'copyProjectToken'
  | 'copyRowsAsCsv'
  | 'copyRowsAsJson'
  | 'copySettings'
  | 'createEnvironment'
  | 'delete'
  | 'deleteEnvironment'
  | 'deleteTable'
  | 'duplicateEnvironment'
  | 'editConflict'
  | 'exportComparisonAsJson'
  | 'exportComparisonAsMarkdown'
  | 'filterHistory'
  | 'find'
  | 'findSetting'
  | 'keepMine'
  | 'linkTable'
  | 'loadMore'
  | 'loadMoreHistory'
  | 'nextConflict'
  | 'openComparisonDiffs'
  | 'openInPostHog'
  | 'openMergeEditor'
  | 'openSettings'
  | 'openSettingsGroup'
  | 'openTable'
  | 'openWebVitalsSetting'
  | 'previewRows'
  | 'makeReadOnly'
  | 'protectEnvironment'
  | 'refresh'
  | 'refreshAll'
  | 'refreshHistory'
  | 'refreshReport'
  | 'refreshSchema'
  | 'refreshWebVitals'
  | 'reloadDocument'
  | 'removeConnection'
  | 'rename'
  | 'renameConnection'
  | 'replaceCredentials'
  | 'replaceKey'
  | 'restoreTheirs'
  | 'retry'
  | 'showAllHistory'
  | 'showChange'
  | 'showDrift'
  | 'showFullResponse'
  | 'showHistory'
  | 'showLog'
  | 'showSettingElsewhere'
  | 'showSettingHistory'
  | 'showWebVitals'
  | 'showWebVitalsJson'
  | 'takeIntoSettingsFile'
  | 'trySandbox'
  | 'allowSaving'
  | 'undoChange'
  | 'undoLastSave'
  | 'undoSetting'
  | 'unprotectEnvironment'
  | 'uploadFile'
  | 'uploadToWarehouse'
  | 'useAllMine'
  | 'useAllTheirs'
  | 'useConflictMine'
  | 'useConflictTheirs'
  | 'useTheirs';

/** A command's full ID in VS Code. */
export const commandName = (id: CommandId): `${typeof prefix}${CommandId}` => `${prefix}${id}`;

/** Runs a command of the extension. */
export const runCommand = (id: CommandId, ...args: readonly unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(commandName(id), ...args);

/** A command with its arguments, for a tree row or a code lens. */
export const commandOf = (id: CommandId, title: string, ...args: readonly unknown[]): vscode.Command => ({
  command: commandName(id),
  title,
  arguments: [...args],
});
