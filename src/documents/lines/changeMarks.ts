import * as vscode from 'vscode';
import { parseDocument } from '../../json/parse';
import { asText } from '../../json/visibleText';
import { changedSpots, type ChangedSpot } from '../../settings/walk';
import { valueHover } from '../../ui/markdown';
import type { JsonObject } from '../../json/json';
import { wasText, wasValueText } from '../../operations/changeText';
import type { Unmerged } from '../../operations/save/mergeDocument';
import type { Documents } from '../documents';
import { outlineIn } from '../../ui/outlines';
import { rangeOf } from '../../ui/spans';
import { takesEdits } from '../uris/uri';

/** How long to wait after typing before updating the marks. */
const restMs = 150;
/** More marks help no one, but take time. */
const mostMarks = 1000;

/**
 * Marks the changes in a document: a bar at the left edge in the theme's color for changes and, for those who can't see
 * colors, PostHog's value at the end of the line.
 */
export class ChangeMarks implements vscode.Disposable {
  private readonly mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: 'solid',
    borderWidth: '0 0 0 3px',
    borderColor: new vscode.ThemeColor('editorGutter.modifiedBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.modifiedForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  private readonly was = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private timer: NodeJS.Timeout | undefined;
  /** Editors that show marks: removing none would still be messages to the window. */
  private readonly marked = new WeakSet<vscode.TextEditor>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.mark,
      this.was,
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.soon(document.uri)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.soon()),
      documents.onDidChangeState(({ uri }) => this.soon(uri)),
      documents.conflicts.onDidChange((uri) => this.soon(uri)),
    );
    this.soon();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private soon(uri?: vscode.Uri): void {
    if (uri && !this.documents.peek(uri)) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), restMs);
  }

  private update(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const state = this.documents.peek(document.uri);
      if (!state || !takesEdits(state.view) || state.target.kind === 'new') {
        continue;
      }
      const text = document.getText();
      const parsed = parseDocument(text);
      // While the text isn't valid JSON, the marks stay where they are.
      if (parsed.ok) {
        const known = this.documents.conflicts.of(state, text)?.unmerged;
        const server = known ? serverIn(known, state.base) : state.base;
        const spots = changedSpots(outlineIn(document), parsed.value, server).slice(0, mostMarks);
        const hadMarks = this.marked.delete(editor);
        if (spots.length > 0) {
          this.marked.add(editor);
        } else if (!hadMarks) {
          continue;
        }
        editor.setDecorations(
          this.mark,
          spots.map(({ entry }) => rangeOf(document, entry.whole)),
        );
        editor.setDecorations(
          this.was,
          spots.map((spot) => wasMark(document, spot)),
        );
      }
    }
  }
}

/** The server's known values: for conflicting settings, those from when the save stopped. */
function serverIn({ conflicts, versions }: Unmerged, base: JsonObject): JsonObject {
  const keys = new Set(conflicts.map(({ path }) => path[0]));
  const theirs = Object.entries(versions.theirs).filter(([key]) => keys.has(key));
  return { ...base, ...Object.fromEntries(theirs) };
}

function wasMark(document: vscode.TextDocument, spot: ChangedSpot): vscode.DecorationOptions {
  const { line } = document.positionAt(spot.entry.name.offset);
  const { end } = document.lineAt(line).range;
  const value = wasValueText(spot);
  return {
    range: new vscode.Range(end, end),
    renderOptions: { after: { contentText: asText(wasText(spot)) } },
    ...(value !== undefined && { hoverMessage: valueHover('In PostHog', undefined, value) }),
  };
}
