import * as vscode from 'vscode';
import { scheme } from './uri';

/**
 * Tells saves that a person asked for from those VS Code makes by itself. The manifest turns auto-save off for the
 * language of the documents, but a setting of the workspace or another language mode can turn it on again.
 */
export class AutoSaves implements vscode.Disposable {
  /** Whether VS Code said that the save under way is one of its own, by document. */
  private readonly told = new Map<string, boolean>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onWillSaveTextDocument(({ document: { uri }, reason }) => {
        if (uri.scheme === scheme) {
          this.told.set(uri.toString(), reason !== vscode.TextDocumentSaveReason.Manual);
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.told.delete(uri.toString())),
    ];
  }

  /**
   * Whether the save of an editor's text that reaches the file system now was started by auto-save. Asked once for each
   * save. VS Code does not always say why it saves: not when another extension keeps it waiting, and not without
   * formatting. Then it is auto-save where auto-save is on.
   */
  take(uri: vscode.Uri): boolean {
    const key = uri.toString();
    const told = this.told.get(key);
    this.told.delete(key);
    return told ?? isAutoSaveOn(uri);
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
