import * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import type { DraftNames } from './replaceDraft';
import type { DocumentSaves } from './saving/documentSaves';

/** Replaces the draft of a created environment with its settings document. */
export function replaceCreatedDrafts(
  saves: DocumentSaves,
  names: DraftNames,
  prompts: () => Prompts,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return saves.onDidCreate((created) => {
    void untilSettled(created.uri)
      .then(async () => (await import('./replaceDraft')).replaceDraft(created, names, prompts()))
      .catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  });
}

/** Resolves when the editor no longer shows the document as dirty, or is closed. */
function untilSettled(uri: vscode.Uri): Promise<void> {
  const key = uri.toString();
  const isIt = (document: vscode.TextDocument): boolean => document.uri.toString() === key;
  if (!vscode.workspace.textDocuments.some(isIt)) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const settle = (document: vscode.TextDocument): void => {
      if (isIt(document)) {
        subscription.dispose();
        resolve();
      }
    };
    const subscription = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(settle),
      vscode.workspace.onDidCloseTextDocument(settle),
    );
  });
}
