import * as vscode from 'vscode';
import { scheme } from '../uris/scheme';

/** What puts code lenses into documents. */
export interface LensSource {
  readonly onDidChangeCodeLenses?: vscode.Event<void>;
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[];
}

/** All code lenses of documents, from one provider: VS Code asks each provider separately, after every edit. */
export class DocumentLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly registrations: vscode.Disposable;

  /** @param sources in the order in which their lenses appear on a line */
  constructor(private readonly sources: readonly LensSource[]) {
    this.registrations = vscode.Disposable.from(
      this.changed,
      ...sources.flatMap(
        ({ onDidChangeCodeLenses }) => onDidChangeCodeLenses?.(() => this.changed.fire()) ?? [],
      ),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return this.sources.flatMap((source) => source.provideCodeLenses(document));
  }

  dispose(): void {
    this.registrations.dispose();
  }
}
