import * as vscode from 'vscode';

/**
 * Whether a document is what the person looks at: the active tab of the active group, also as the right side of a
 * comparison or the result of a merge. Not the active text editor: that may be the Output panel.
 */
export function isInActiveTab(uri: vscode.Uri): boolean {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = editedOf(input);
  return shown?.toString() === uri.toString();
}

function editedOf(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText) {
    return input.uri;
  }
  if (input instanceof vscode.TabInputTextDiff) {
    return input.modified;
  }
  // The tab of a merge has no class in the API: its parts are `base`, `input1`, `input2` and `result`.
  return typeof input === 'object' &&
    input !== null &&
    'result' in input &&
    input.result instanceof vscode.Uri
    ? input.result
    : undefined;
}
