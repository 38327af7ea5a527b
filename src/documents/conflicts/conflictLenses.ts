import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { theirsText } from '../../operations/save/conflicts';
import { commandOf, type CommandId } from '../../ui/commandIds';
import { changedBy, conflictKey, conflictsOf, placesOf, type ConflictTarget } from './conflictPlaces';
import type { Documents } from '../documents';
import type { LensSource } from '../lines/documentLenses';
import { scheme } from '../uris/scheme';
import { allResolved } from '../../operations/phrases/saving';

/** Shows at each conflict what PostHog has and how to resolve it; also as quick fixes. */
export class ConflictLenses implements LensSource, vscode.CodeActionProvider, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly documents: Documents) {
    this.onDidChangeCodeLenses = this.changed.event;
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      documents.conflicts.onDidChange(() => this.changed.fire()),
      vscode.languages.registerCodeActionsProvider({ scheme }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const conflicts = conflictsOf(this.documents, document);
    if (!conflicts) {
      return [];
    }
    const { uri } = document;
    const places = placesOf(document, conflicts);
    const top = new vscode.Range(0, 0, 0, 0);
    const at = (
      range: vscode.Range,
      title: string,
      id?: CommandId,
      ...args: readonly unknown[]
    ): vscode.CodeLens =>
      new vscode.CodeLens(range, id ? commandOf(id, title, ...args) : { title: asText(title), command: '' });
    if (places.length === 0) {
      const state = this.documents.peek(uri);
      return state && this.documents.hasEdits(state) ? [at(top, allResolved)] : [];
    }
    return [
      at(top, places.length === 1 ? '1 conflict' : `${places.length} conflicts`, 'nextConflict', uri),
      ...(places.length === 1
        ? []
        : [
            at(top, 'Use Mine for All', 'useAllMine', uri),
            at(top, 'Use Theirs for All', 'useAllTheirs', uri),
          ]),
      at(top, 'Open Merge Editor', 'openMergeEditor', uri),
      ...places.flatMap(({ conflict, name }) => {
        const target: ConflictTarget = { uri, conflict: conflictKey(conflict) };
        return [
          at(name, `Conflict: ${theirsText(conflict, changedBy(conflicts, conflict))}`),
          at(name, 'Use Mine', 'useConflictMine', target),
          at(name, 'Use Theirs', 'useConflictTheirs', target),
          at(name, 'Edit', 'editConflict', target),
          at(name, 'Compare', 'compare', uri),
        ];
      }),
    ];
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const conflicts = conflictsOf(this.documents, document);
    const here = conflicts
      ? placesOf(document, conflicts).filter(({ whole }) => whole.intersection(range))
      : [];
    return here.flatMap(({ conflict }) => {
      const target: ConflictTarget = { uri: document.uri, conflict: conflictKey(conflict) };
      return [
        actionOf('Use Mine', 'useConflictMine', target),
        actionOf(`Use Theirs: ${theirsText(conflict)}`, 'useConflictTheirs', target),
        actionOf('Edit the Value', 'editConflict', target),
      ];
    });
  }
}

function actionOf(title: string, id: CommandId, target: ConflictTarget): vscode.CodeAction {
  const action = new vscode.CodeAction(asText(title), vscode.CodeActionKind.QuickFix);
  action.command = commandOf(id, title, target);
  return action;
}
