import * as vscode from 'vscode';

/** What menus, the palette and the walkthrough ask for. `unconnected` is for those that VS Code shows before a start. */
export type ContextKey = 'connected' | 'unconnected' | 'openedTable' | 'savedSettings' | 'found';

/** Tells VS Code whether something is so, or has happened. */
export function setContextKey(key: ContextKey, value = true): void {
  void vscode.commands.executeCommand('setContext', `posthogEnvironments.${key}`, value);
}
