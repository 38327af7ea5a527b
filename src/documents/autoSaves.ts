import * as vscode from 'vscode';
import { scheme } from './uri';

/**
 * Tells saves that a person asked for from those VS Code makes by itself. The manifest turns auto-save off for the
 * language of the documents, but a setting of the workspace or another language mode can turn it on again.
 */
export class AutoSaves implements vscode.Disposable {
  private readonly automatic = new Set<string>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onWillSaveTextDocument(({ document: { uri }, reason }) => {
        if (uri.scheme === scheme && reason !== vscode.TextDocumentSaveReason.Manual) {
          this.automatic.add(uri.toString());
        } else {
          this.automatic.delete(uri.toString());
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.automatic.delete(uri.toString())),
    ];
  }

  /** Whether the save that reaches the file system now was started by auto-save. Asked once for each save. */
  take(uri: vscode.Uri): boolean {
    return this.automatic.delete(uri.toString());
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }
}
