import * as vscode from 'vscode';
import { undoFix } from '../json/fixes';
import { keyPathAt } from '../json/outline';
import { parseDocument, type DocumentProblem, type ProblemFix } from '../json/parse';
import { asText } from '../json/visibleText';
import { isSandbox } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { commandOf } from '../ui/commandIds';
import { diagnostic, type Diagnostics } from './diagnostics';
import type { Documents } from './documents';
import type { DocumentState } from './documentState';
import { editOf } from './fixEdits';
import { scheme } from './scheme';

/** Problems with keys for which PostHog doesn't accept any value. */
const unsaved = ['readonly', 'secret', 'refused', 'unknown-key', 'not-on-creation', 'deleted', 'credential'];

/** Offers ways to solve the problems of a document, and to undo changes elsewhere. */
export class QuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly diagnostics: Diagnostics,
    private readonly connections: Connections,
  ) {
    this.registration = vscode.languages.registerCodeActionsProvider({ scheme }, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  dispose(): void {
    this.registration.dispose();
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const state = this.documents.peek(document.uri);
    if (state?.view !== 'edit' || state.readOnly !== undefined) {
      return [];
    }
    const problems = this.diagnostics.problemsOf(document.uri);
    const here = problems.filter((problem) => diagnostic(document, problem).range.intersection(range));
    const parsed = parseDocument(document.getText());
    const mine = parsed.ok ? parsed.value : undefined;
    const actions = here.flatMap((problem) => {
      // Values that the server rejected have no fix of their own.
      const undo = mine && problem.code === 'refused' ? undoFix(problem.path, mine, state.base) : undefined;
      return [...(problem.fixes ?? []), ...(undo && !problem.fixes ? [undo] : [])].flatMap((fix) =>
        actionOf(document, fix, problem),
      );
    });
    if (here.some(({ code }) => unsaved.includes(code))) {
      actions.push(...removeAll(document, problems));
    }
    if (here.length > 0) {
      const connection = this.connections.get(state.target.connectionId);
      // The sandbox has no web pages.
      return state.target.kind === 'new' || !connection || isSandbox(connection)
        ? actions
        : [...actions, openInPostHog(document, state, here)];
    }
    const path = keyPathAt(document.getText(), document.offsetAt(range.start));
    const undo = mine && path.length > 0 ? undoFix(path, mine, state.base) : undefined;
    return undo ? actionOf(document, undo) : [];
  }
}

function actionOf(
  document: vscode.TextDocument,
  { title, steps, isPreferred }: ProblemFix,
  problem?: DocumentProblem,
): vscode.CodeAction[] {
  const edit = editOf(document, steps);
  if (!edit) {
    return [];
  }
  const action = new vscode.CodeAction(asText(title), vscode.CodeActionKind.QuickFix);
  action.edit = edit;
  if (problem) {
    action.diagnostics = [diagnostic(document, problem)];
  }
  if (isPreferred) {
    action.isPreferred = true;
  }
  return [action];
}

/** Removes everything that a save couldn't send at once. */
function removeAll(
  document: vscode.TextDocument,
  problems: readonly DocumentProblem[],
): readonly vscode.CodeAction[] {
  const gone = problems.filter(({ code, fixes }) => unsaved.includes(code) && fixes?.some(isRemoval));
  if (gone.length < 2) {
    return [];
  }
  return actionOf(document, {
    title: `Remove all ${gone.length} keys that can't be saved`,
    steps: gone.map(({ path }) => ({ kind: 'remove', path })),
  });
}

const isRemoval = ({ steps }: ProblemFix): boolean => steps[0]?.kind === 'remove';

function openInPostHog(
  document: vscode.TextDocument,
  { uri }: DocumentState,
  problems: readonly DocumentProblem[],
): vscode.CodeAction {
  const action = new vscode.CodeAction('Open in PostHog', vscode.CodeActionKind.QuickFix);
  action.command = commandOf('openInPostHog', action.title, uri);
  action.diagnostics = problems.map((problem) => diagnostic(document, problem));
  return action;
}
