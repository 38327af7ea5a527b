import * as vscode from 'vscode';
import { showDocument } from './showDocument';

/** Closes a document without asking about its unsaved text, which is elsewhere by then. */
export async function closeDiscarding(uri: vscode.Uri): Promise<void> {
  await showDocument(uri, { preview: false });
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
