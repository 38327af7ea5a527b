import * as vscode from 'vscode';
import { valueHover } from '../ui/valueHover';
import { reportScheme, type Report } from './reportServices';
import { shortType, valueText } from './rowsText';
import { commandOf } from '../ui/commandIds';
import { lensTitle } from '../ui/lensTitle';

const selector: vscode.DocumentSelector = { scheme: reportScheme, language: 'posthog-rows' };

/** Longest text in a hover, which has no pages. */
const longestHover = 4000;

/** What an editor with rows offers besides text: actions, full values, a sticky header. */
export class RowsEditor
  implements
    vscode.CodeLensProvider,
    vscode.HoverProvider,
    vscode.DocumentSymbolProvider,
    vscode.FoldingRangeProvider,
    vscode.Disposable
{
  private readonly names = vscode.window.createTextEditorDecorationType({ fontWeight: 'bold' });
  private readonly quiet = vscode.window.createTextEditorDecorationType({
    color: new vscode.ThemeColor('descriptionForeground'),
    fontStyle: 'italic',
  });
  private readonly warned = vscode.window.createTextEditorDecorationType({
    color: new vscode.ThemeColor('list.warningForeground'),
  });
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly reports: { peek(uri: vscode.Uri): Report | undefined }) {
    this.subscriptions = [
      this.names,
      this.quiet,
      this.warned,
      vscode.languages.registerCodeLensProvider(selector, this),
      vscode.languages.registerHoverProvider(selector, this),
      vscode.languages.registerDocumentSymbolProvider(selector, this),
      vscode.languages.registerFoldingRangeProvider(selector, this),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.decorate(editors)),
      vscode.workspace.onDidChangeTextDocument(({ document }) =>
        this.decorate(vscode.window.visibleTextEditors.filter((editor) => editor.document === document)),
      ),
    ];
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.rowsOf(uri)) {
      return [];
    }
    const top = new vscode.Range(0, 0, 0, 0);
    return [
      commandOf('refreshReport', lensTitle('refresh', 'Refresh'), uri),
      commandOf('copyRowsAsCsv', lensTitle('clippy', 'Copy as CSV'), uri),
      commandOf('copyRowsAsJson', lensTitle('clippy', 'Copy as JSON'), uri),
      commandOf('openTable', lensTitle('table', 'Open Table'), uri),
    ].map((command) => new vscode.CodeLens(top, command));
  }

  provideHover({ uri }: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const rows = this.rowsOf(uri);
    if (!rows) {
      return undefined;
    }
    const { document, result } = rows;
    const line = position.line - document.firstTableLine;
    const spans = document.table.cells[line];
    const column = spans?.findIndex(
      ({ start, end }) => position.character >= start && position.character <= end,
    );
    const span = column === undefined ? undefined : spans?.[column];
    const name = column === undefined ? undefined : result.columns[column];
    if (column === undefined || !span || name === undefined) {
      return undefined;
    }
    const type = result.types[column];
    const row = result.results[line - headLines(rows)];
    const value = row && valueText(row[column] ?? null);
    const text = valueHover(
      name,
      type && shortType(type),
      value !== undefined && value.length > longestHover ? `${value.slice(0, longestHover)}…` : value,
    );
    return new vscode.Hover(text, new vscode.Range(position.line, span.start, position.line, span.end));
  }

  /** Sticky scroll keeps the lines of enclosing symbols visible: the column names, and below them the types. */
  provideDocumentSymbols({ uri, lineCount }: vscode.TextDocument): vscode.DocumentSymbol[] {
    const rows = this.rowsOf(uri);
    if (!rows) {
      return [];
    }
    const { firstTableLine, typed } = rows.document;
    const symbol = (name: string, line: number): vscode.DocumentSymbol =>
      new vscode.DocumentSymbol(
        name,
        '',
        vscode.SymbolKind.Struct,
        new vscode.Range(line, 0, lineCount - 1, 0),
        new vscode.Range(line, 0, line, 0),
      );
    const names = symbol('Columns', firstTableLine);
    if (typed) {
      names.children.push(symbol('Types', firstTableLine + 1));
    }
    return [names];
  }

  /** Without this, the indentation of right-aligned numbers would fold. */
  provideFoldingRanges(): vscode.FoldingRange[] {
    return [];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private rowsOf(uri: vscode.Uri): NonNullable<Report['rows']> | undefined {
    return this.reports.peek(uri)?.rows;
  }

  private decorate(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const rows = this.rowsOf(editor.document.uri);
      if (!rows || editor.document.getText() !== this.reports.peek(editor.document.uri)?.text) {
        continue;
      }
      const { firstTableLine, typed, table } = rows.document;
      const whole = (line: number): vscode.Range => editor.document.lineAt(line).range;
      const quiet = [whole(1), ...(typed ? [whole(firstTableLine + 1)] : [])];
      for (const [index, row] of rows.result.results.entries()) {
        const line = headLines(rows) + index;
        for (const [column, { start, end }] of (table.cells[line] ?? []).entries()) {
          if ((row[column] ?? null) === null) {
            quiet.push(new vscode.Range(firstTableLine + line, start, firstTableLine + line, end));
          }
        }
      }
      editor.setDecorations(this.names, [whole(firstTableLine)]);
      editor.setDecorations(this.quiet, quiet);
      editor.setDecorations(this.warned, firstTableLine > 3 ? [whole(2), whole(3)] : []);
    }
  }
}

/** The number of lines above the first row. */
function headLines({ document }: NonNullable<Report['rows']>): number {
  return document.typed ? 3 : 2;
}
