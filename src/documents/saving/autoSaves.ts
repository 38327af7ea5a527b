import * as vscode from 'vscode';
import { scheme } from '../uris/scheme';

/**
 * Tells manual saves from auto-saves. The manifest turns auto-save off for the documents' language, but a workspace
 * setting or another language mode can turn it on again.
 */
export class AutoSaves implements vscode.Disposable {
  /** Whether VS Code called the current save an auto-save, by document. */
  private readonly reported = new Map<string, boolean>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onWillSaveTextDocument(({ document: { uri }, reason }) => {
        if (uri.scheme === scheme) {
          this.reported.set(uri.toString(), reason !== vscode.TextDocumentSaveReason.Manual);
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.reported.delete(uri.toString())),
    ];
  }

  /**
   * Whether the save now reaching the file system was started by auto-save. Ask once per save. VS Code doesn't always
   * report the reason: not if another extension delays it, and not without formatting. In that case, a save counts as
   * an auto-save if auto-save is on.
   */
  take(uri: vscode.Uri): boolean {
    const key = uri.toString();
    const reported = this.reported.get(key);
    this.reported.delete(key);
    return reported ?? isAutoSaveOn(uri);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }
}

function isAutoSaveOn(uri: vscode.Uri): boolean {
  const key = uri.toString();
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === key);
  const mode = vscode.workspace.getConfiguration('files', document).get<unknown>('autoSave');
  return mode !== undefined && mode !== 'off';
}
