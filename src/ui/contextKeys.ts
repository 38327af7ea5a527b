import * as vscode from 'vscode';

/**
 * Context keys for menus, the palette and the walkthrough. `unconnected` covers what VS Code shows before activation.
 */
export type ContextKey =
  | 'connected'
  | 'unconnected'
  | 'openedTable'
  | 'savedSettings'
  | 'historyFiltered'
  | 'found'
  | 'hasConflicts';

/** Sets a context key. */
export function setContextKey(key: ContextKey, value = true): void {
  void vscode.commands.executeCommand('setContext', `posthogEnvironments.${key}`, value);
}
