import * as vscode from 'vscode';

/**
 * Shows a file in an editor. What an extension opens through the API stays open for some minutes after its tab was
 * closed, and its problems with it; so the editor opens it.
 *
 * @throws Error when it cannot be read
 */
export async function showDocument(
  uri: vscode.Uri,
  options: vscode.TextDocumentShowOptions,
): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', uri, options);
  return vscode.window.showTextDocument(await openedDocument(uri), options);
}

/** A document that is open, or is opened now. */
export async function openedDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const key = uri.toString();
  return (
    vscode.workspace.textDocuments.find((document) => document.uri.toString() === key) ??
    vscode.workspace.openTextDocument(uri)
  );
}
