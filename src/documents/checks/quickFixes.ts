import * as vscode from 'vscode';
import { undoFix } from '../../json/fixes';
import { samePath } from '../../json/merge/path';
import { keyPathAt } from '../../json/outline';
import { parseDocument, type DocumentProblem, type ProblemFix } from '../../json/parse';
import { asText } from '../../json/visibleText';
import type { JsonObject } from '../../json/json';
import { syntaxFixes } from '../../json/syntaxFixes';
import { isSandbox, type Connection } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import { webPageUrl } from '../../posthog/webPages';
import { settingsField } from '../../settings/catalogue';
import { longListAt } from '../../settings/fixes';
import { commandOf } from '../../ui/commandIds';
import { diagnostic } from './diagnostics';
import type { Documents } from '../documents';
import type { DocumentState } from '../documentState';
import { editOf } from './fixEdits';
import { scheme } from '../uris/scheme';
import { takesEdits } from '../uris/uri';

/** Problems with keys for which PostHog doesn't accept any value. */
const unsaved = ['readonly', 'secret', 'refused', 'unknown-key', 'not-on-creation', 'deleted', 'credential'];

/** Offers ways to fix the problems of a document, and to undo changes elsewhere. */
export class QuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly connections: Connections,
  ) {
    this.registration = vscode.languages.registerCodeActionsProvider({ scheme }, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  dispose(): void {
    this.registration.dispose();
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const state = this.documents.peek(document.uri);
    if (!state || !takesEdits(state.view) || state.readOnly !== undefined) {
      return [];
    }
    const problems = state.problems.all;
    const marked = problems.filter((problem) => diagnostic(document, problem).range.intersection(range));
    const parsed = parseDocument(document.getText());
    if (!parsed.ok) {
      return syntaxActions(document, parsed.problems, range, diagnostics);
    }
    const mine = parsed.value;
    const path = keyPathAt(document.getText(), document.offsetAt(range.start));
    // A wrong value is marked, but not its key, where the cursor often is.
    const ofKey = (problem: DocumentProblem): boolean => path.length > 0 && samePath(problem.path, path);
    const here = marked.length > 0 ? marked : problems.filter(ofKey);
    const actions = here.flatMap((problem) => {
      // Values that the server rejected have no fix of their own.
      const undo = problem.code === 'refused' ? undoFix(problem.path, mine, state.base) : undefined;
      return [...(problem.fixes ?? []), ...(undo && !problem.fixes ? [undo] : [])].flatMap((fix) =>
        actionOf(document, fix, problem),
      );
    });
    actions.push(...here.flatMap((problem) => choice(document, state, problem, mine)));
    if (here.some(({ code }) => unsaved.includes(code))) {
      actions.push(...removeAll(document, problems));
    }
    if (here.length > 0) {
      const connection = this.connections.get(state.target.connectionId);
      // The sandbox has no web pages.
      return state.target.kind === 'new' || !connection || isSandbox(connection)
        ? actions
        : [...actions, openInPostHog(document, state, here, connection)];
    }
    const undo = path.length > 0 ? undoFix(path, mine, state.base) : undefined;
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

/** Removes everything that can't be saved, all at once. */
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

/**
 * Fixes for syntax errors on or next to a line: the JSON language doesn't always report them at exactly the same place.
 */
function syntaxActions(
  document: vscode.TextDocument,
  problems: readonly DocumentProblem[],
  range: vscode.Range,
  marks: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const text = document.getText();
  const lineOf = ({ offset }: DocumentProblem): number => document.positionAt(offset).line;
  return problems
    .filter((problem) => lineOf(problem) >= range.start.line - 1 && lineOf(problem) <= range.end.line + 1)
    .flatMap((problem) => syntaxFixes(text, problem).flatMap((fix) => actionOf(document, fix)))
    .map((action) => Object.assign(action, { diagnostics: [...marks] }));
}

/** Offers to choose a value if the list is too long for a fix each. */
function choice(
  document: vscode.TextDocument,
  { target }: DocumentState,
  problem: DocumentProblem,
  mine: JsonObject,
): readonly vscode.CodeAction[] {
  const { path, code } = problem;
  if (target.kind === 'table' || !valueCodes.includes(code) || !longListAt(path, mine)) {
    return [];
  }
  const action = new vscode.CodeAction('Choose Value…', vscode.CodeActionKind.QuickFix);
  action.command = commandOf('chooseValue', action.title, { uri: document.uri, path });
  action.diagnostics = [diagnostic(document, problem)];
  return [action];
}

/** Problems with a value, rather than with a key. */
const valueCodes = ['type', 'enum', 'timezone', 'limit'];

const isRemoval = ({ steps }: ProblemFix): boolean => steps[0]?.kind === 'remove';

function openInPostHog(
  document: vscode.TextDocument,
  { uri, target }: DocumentState,
  problems: readonly DocumentProblem[],
  connection: Connection,
): vscode.CodeAction {
  const action = new vscode.CodeAction('Open in PostHog', vscode.CodeActionKind.QuickFix);
  const { section, link } = settingsField(String(problems[0]?.path[0] ?? '')) ?? {};
  // The page of the setting itself, if known.
  action.command =
    target.kind === 'settings' && section !== undefined
      ? {
          command: 'vscode.open',
          title: action.title,
          arguments: [
            vscode.Uri.parse(
              webPageUrl(connection.origin, { section, setting: link }, target.environment),
              true,
            ),
          ],
        }
      : commandOf('openInPostHog', action.title, uri);
  action.diagnostics = problems.map((problem) => diagnostic(document, problem));
  return action;
}
