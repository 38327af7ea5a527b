import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import type { Documents } from '../documents';
import type { DocumentState } from '../documentState';
import { scheme } from '../uris/scheme';
import { lensTitle } from '../../ui/lensTitle';

/** Shows at the top of a read-only document why it is read-only. */
export class ReadOnlyLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  /** The last reason shown. Requesting the same lens again would cost every save a round trip to the window. */
  private readonly said = new WeakMap<DocumentState, string>();

  constructor(private readonly documents: Documents) {
    this.onDidChangeCodeLenses = this.changed.event;
    this.subscriptions = [
      this.changed,
      documents.onDidChangeState((state) => this.say(state)),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const reason = this.documents.peek(document.uri)?.readOnly;
    return reason === undefined
      ? []
      : [
          new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
            title: lensTitle('lock', asText(reason)),
            command: '',
          }),
        ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private say(state: DocumentState): void {
    const reason = state.readOnly ?? '';
    if (this.said.get(state) !== reason) {
      this.said.set(state, reason);
      this.changed.fire();
    }
  }
}
