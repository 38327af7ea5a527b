import * as vscode from 'vscode';

/**
 * Shows a file in an editor. The editor opens it, because a document opened through the API stays open for minutes
 * after its tab is closed, and so do its problems.
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

/** A document that VS Code has open; `undefined` if it isn't. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

/** A document that is open, or is being opened. */
export async function openedDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  return openDocument(uri) ?? vscode.workspace.openTextDocument(uri);
}
