import * as vscode from 'vscode';

/**
 * Whether a document is in the active tab of the active group, including the right side of a comparison and the result
 * of a merge. Not based on the active text editor, which may be the Output panel.
 */
export function isInActiveTab(uri: vscode.Uri): boolean {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = shownUri(input);
  return shown?.toString() === uri.toString();
}

/** The document that a tab shows: the right side of a comparison, the result of a merge. */
export function shownUri(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText) {
    return input.uri;
  }
  if (input instanceof vscode.TabInputTextDiff) {
    return input.modified;
  }
  // The API has no class for merge tabs: their inputs are `base`, `input1`, `input2` and `result`.
  return typeof input === 'object' &&
    input !== null &&
    'result' in input &&
    input.result instanceof vscode.Uri
    ? input.result
    : undefined;
}
