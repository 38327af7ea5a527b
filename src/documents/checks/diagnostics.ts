import * as vscode from 'vscode';
import { movedProblems } from '../../json/movedProblems';
import { parseDocument, type DocumentProblem } from '../../json/parse';
import type { Connections } from '../../connections/connections';
import type { Documents } from '../documents';
import { openDocument } from '../showDocument';
import { tabsOf } from '../tabs';
import { takesEdits } from '../uris/uri';

/** How long to wait after typing before checking a document. */
const restMs = 250;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/**
 * Shows what the catalogue finds in open documents. Syntax is left to the JSON language while typing; after a rejected
 * save, its reasons are shown until the text changes.
 */
export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('posthogEnvironments');
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly documents: Documents,
    private readonly connections: Connections,
  ) {
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) {
          this.documents.peek(document.uri)?.problems.edit();
          this.checkSoon(document);
        }
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.checkSoon(document)),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => this.markOnce(uris)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => this.followTabs(opened, closed)),
      documents.onDidChangeState(({ uri }) => {
        const document = openDocument(uri);
        if (document) {
          this.checkSoon(document);
        }
      }),
    ];
    vscode.workspace.textDocuments.forEach((document) => this.checkSoon(document));
  }

  /** The JSON language sometimes reports a syntax error only after a save was refused for it. */
  private markOnce(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) {
      const problems = this.documents.peek(uri)?.problems;
      const document = problems?.isRefusal ? openDocument(uri) : undefined;
      const marks = document && marksOf(document, problems?.all ?? []);
      if (marks && marks.length !== this.collection.get(uri)?.length) {
        this.collection.set(uri, marks);
      }
    }
  }

  /**
   * Shows why a save was rejected, until the text changes.
   *
   * @param text what was to be saved; something may have been typed since
   */
  showRefusal(uri: vscode.Uri, problems: readonly DocumentProblem[], text: string): void {
    const document = openDocument(uri);
    const state = this.documents.peek(uri);
    const shown = document ? movedProblems(problems, text, document.getText()) : [];
    if (document && state && shown.length > 0) {
      state.problems.refuse(shown);
      this.mark(document, shown);
    }
  }

  clearRefusal(uri: vscode.Uri): void {
    this.documents.peek(uri)?.problems.accept();
    this.unmark(uri);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private checkSoon(document: vscode.TextDocument): void {
    this.documents.peek(document.uri)?.problems.checkIn(restMs, () => void this.check(document));
  }

  /** A document can outlive its tab by minutes, but its problems must not. */
  private followTabs(opened: readonly vscode.Tab[], closed: readonly vscode.Tab[]): void {
    if (closed.length > 0) {
      this.collection.forEach((uri) => {
        if (tabsOf(uri).length === 0) {
          this.forget(uri);
        }
      });
    }
    if (opened.length > 0) {
      vscode.workspace.textDocuments
        .filter(({ uri }) => !this.collection.has(uri))
        .forEach((document) => this.checkSoon(document));
    }
  }

  private forget(uri: vscode.Uri): void {
    this.documents.peek(uri)?.problems.drop();
    this.unmark(uri);
  }

  private unmark(uri: vscode.Uri): void {
    // Even a deletion that changes nothing sends a message to the window.
    if (this.collection.has(uri)) {
      this.collection.delete(uri);
    }
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { checkDocument } = await import('./checkDocument');
    const { uri, isClosed } = document;
    const state = this.documents.peek(uri);
    if (
      isClosed ||
      !state ||
      !takesEdits(state.view) ||
      state.problems.isRefusal ||
      tabsOf(uri).length === 0
    ) {
      return;
    }
    const { profile } = this.connections.get(state.target.connectionId) ?? {};
    const problems = checkDocument(document.getText(), state, profile);
    state.problems.find(problems);
    this.mark(document, problems);
  }

  private mark(document: vscode.TextDocument, problems: readonly DocumentProblem[]): void {
    if (problems.length === 0) {
      this.unmark(document.uri);
    } else {
      this.collection.set(document.uri, marksOf(document, problems));
    }
  }
}

/** Marks each error once: syntax errors are left to the JSON language if it has reported them. */
function marksOf(
  document: vscode.TextDocument,
  problems: readonly DocumentProblem[],
): readonly vscode.Diagnostic[] {
  const marks = problems.map((problem) => diagnostic(document, problem));
  if (problems.length === 0 || parseDocument(document.getText()).ok) {
    return marks;
  }
  const lines = vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source !== ownSource)
    .map(({ range }) => range.start.line);
  return marks.filter(({ range }) => !lines.some((line) => Math.abs(line - range.start.line) <= 1));
}

const ownSource = 'PostHog';

/** A problem as VS Code shows it. */
export function diagnostic(
  document: vscode.TextDocument,
  { offset, length, severity, code, message }: DocumentProblem,
): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  const result = new vscode.Diagnostic(range, message, severities[severity]);
  result.source = ownSource;
  result.code = code;
  return result;
}
