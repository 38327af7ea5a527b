import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { conflictText } from '../../operations/save/conflicts';
import { changedBy, conflictsOf, placesOf } from './conflictPlaces';
import type { Documents } from '../documents';
import { openDocument } from '../showDocument';
import { setContextKey } from '../../ui/contextKeys';

/** Shows unresolved conflicts as problems, and enables the commands that resolve them. */
export class ConflictMarks implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('posthogEnvironments.conflicts');
  private readonly subscriptions: vscode.Disposable;
  private isOffered = false;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.problems,
      documents.conflicts.onDidChange((uri) => this.updateAt(uri)),
      documents.onDidChangeState(({ uri }) => this.updateAt(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.update(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.problems.delete(uri)),
      vscode.window.onDidChangeActiveTextEditor(() => this.offer()),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private updateAt(uri: vscode.Uri): void {
    const document = openDocument(uri);
    if (document) {
      this.update(document);
    }
  }

  private update(document: vscode.TextDocument): void {
    const conflicts = conflictsOf(this.documents, document);
    const state = this.documents.peek(document.uri);
    if (state && conflicts?.open.length === 0 && !this.documents.hasEdits(state)) {
      // Reverted.
      this.documents.conflicts.forget(state);
    } else if (conflicts) {
      this.problems.set(
        document.uri,
        placesOf(document, conflicts).map(({ conflict, whole }) => {
          const problem = new vscode.Diagnostic(
            whole,
            asText(conflictText(conflict, changedBy(conflicts, conflict))),
          );
          problem.source = 'PostHog';
          problem.code = 'conflict';
          return problem;
        }),
      );
    } else if (this.problems.has(document.uri)) {
      this.problems.delete(document.uri);
    }
    this.offer();
  }

  private offer(): void {
    const document = vscode.window.activeTextEditor?.document;
    const isOffered = ((document && this.problems.get(document.uri)) ?? []).length > 0;
    if (isOffered !== this.isOffered) {
      this.isOffered = isOffered;
      setContextKey('hasConflicts', isOffered);
    }
  }
}
