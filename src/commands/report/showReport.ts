import * as vscode from 'vscode';

/** Shows a read-only report in an editor. */
export async function showReport(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}
