import * as vscode from 'vscode';

/**
 * Shows a file in an editor. A document opened through the API stays open for minutes after its tab was closed, and so
 * do its problems; therefore the editor opens it.
 *
 * @throws Error if it can't be read
 */
export async function showDocument(
  uri: vscode.Uri,
  options: vscode.TextDocumentShowOptions,
): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', uri, options);
  return vscode.window.showTextDocument(await openedDocument(uri), options);
}

/** A document that VS Code holds; `undefined` if it isn't open. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

/** A document that is open, or is being opened. */
export async function openedDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  return openDocument(uri) ?? vscode.workspace.openTextDocument(uri);
}
