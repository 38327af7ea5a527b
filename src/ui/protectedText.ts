import * as vscode from 'vscode';

/** What the protection of an environment means. */
export const protectedText = (): string =>
  vscode.workspace.getConfiguration('posthogEnvironments').get('save.confirm') === 'never'
    ? 'Protected.'
    : 'Protected: saving asks first.';
