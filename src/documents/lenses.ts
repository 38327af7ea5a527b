import * as vscode from 'vscode';
import { asText } from '../json/visibleText';
import type { Documents } from './documents';
import { scheme } from './uri';

/** Says at the top of a read-only document why it is one. */
export class ReadOnlyLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly documents: Documents) {
    this.onDidChangeCodeLenses = this.changed.event;
    this.subscriptions = [
      this.changed,
      documents.onDidChangeState(() => this.changed.fire()),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const reason = this.documents.peek(document.uri)?.readOnly;
    return reason === undefined
      ? []
      : [
          new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
            title: `$(lock) ${asText(reason)}`,
            command: '',
          }),
        ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }
}
