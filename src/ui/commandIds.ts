import * as vscode from 'vscode';

const prefix = 'posthogEnvironments.';

/** Every command of the extension, without its prefix. A host test compares this with the registered commands. */
export type CommandId =
  | 'addConnection'
  | 'changeColumnType'
  | 'changeWebVitalsPath'
  | 'compare'
  | 'compareWebVitalsWithEnvironment'
  | 'compareWebVitalsWithPath'
  | 'copyHogQLName'
  | 'copyId'
  | 'copyProjectToken'
  | 'copyRowsAsCsv'
  | 'copyRowsAsJson'
  | 'createEnvironment'
  | 'delete'
  | 'deleteEnvironment'
  | 'deleteTable'
  | 'duplicateEnvironment'
  | 'filterHistory'
  | 'find'
  | 'keepMine'
  | 'linkTable'
  | 'loadMore'
  | 'loadMoreHistory'
  | 'openInPostHog'
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
  | 'retry'
  | 'showAllHistory'
  | 'showChange'
  | 'showFullResponse'
  | 'showHistory'
  | 'showLog'
  | 'showSettingHistory'
  | 'showWebVitals'
  | 'showWebVitalsJson'
  | 'trySandbox'
  | 'allowSaving'
  | 'undoChange'
  | 'undoLastSave'
  | 'unprotectEnvironment'
  | 'uploadFile'
  | 'uploadToWarehouse'
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

/**
 * A link that runs a command, for the few places where VS Code allows such links.
 *
 * @param argument any JSON value
 */
export function commandLink(text: string, id: CommandId, argument: unknown): string {
  // Parentheses and quotes would end the link early.
  const query = encodeURIComponent(JSON.stringify([argument])).replace(
    /[()']/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${text}](command:${commandName(id)}?${query})`;
}
