import * as vscode from 'vscode';
import { checkChangeFile } from '../../operations/settingsFile/checkChangeFile';
import { commandOf } from '../../ui/commandIds';
import { lensTitle } from '../../ui/lensTitle';
import { diagnostic } from '../checks/diagnostics';
import { isChangeFile } from './changeFileNames';

/**
 * Change files: their problems, and links to apply and share them. No server is asked, and in an untrusted workspace,
 * they are only text.
 */
export class ChangeFiles implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly collection = vscode.languages.createDiagnosticCollection('posthogEnvironments.changeFile');
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    const check = (document: vscode.TextDocument): void => this.check(document);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      this.collection,
      vscode.languages.registerCodeLensProvider({ pattern: '**/*.posthog-change.json' }, this),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()),
      vscode.workspace.onDidOpenTextDocument(check),
      vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)),
    );
    vscode.workspace.textDocuments.forEach(check);
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    if (!isChangeFile(uri) || !vscode.workspace.isTrusted) {
      return [];
    }
    const start = new vscode.Range(0, 0, 0, 0);
    return [
      new vscode.CodeLens(
        start,
        commandOf('applyProposedChange', lensTitle('checklist', 'Review and Apply…'), uri),
      ),
      new vscode.CodeLens(start, commandOf('copyChangeLink', 'Copy Link', uri)),
    ];
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private check(document: vscode.TextDocument): void {
    if (isChangeFile(document.uri)) {
      const problems = checkChangeFile(document.getText());
      this.collection.set(
        document.uri,
        problems.map((one) => diagnostic(document, one)),
      );
    }
  }
}
