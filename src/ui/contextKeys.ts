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

const known = new Map<ContextKey, boolean>();

/** Sets a context key. Setting what is set already would still be two messages to the window, at each save. */
export function setContextKey(key: ContextKey, value = true): void {
  if (known.get(key) === value) {
    return;
  }
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', `posthogEnvironments.${key}`, value);
}
