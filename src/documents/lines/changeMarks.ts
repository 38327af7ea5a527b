import * as vscode from 'vscode';
import { parseDocument } from '../../json/parse';
import { asText } from '../../json/visibleText';
import { changedSpots, type ChangedSpot } from '../../settings/walk';
import { valueHover } from '../../ui/valueHover';
import type { JsonObject } from '../../json/json';
import { wasText, wasValueText } from '../../operations/changeText';
import type { Unmerged } from '../../operations/save/mergeDocument';
import type { Documents } from '../documents';
import { outlineIn } from '../../ui/outlines';
import { rangeOf } from '../../ui/spans';
import { takesEdits } from '../uris/uri';
import { lineAfter } from './lineAfter';

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
  /** PostHog's values, and the lines that they are shown on. */
  private readonly shown = new WeakMap<vscode.TextDocument, readonly Shown[]>();
  /** Editors that show marks: removing none would still be messages to the window. */
  private readonly marked = new WeakSet<vscode.TextEditor>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.mark,
      this.was,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        this.follow(document, contentChanges);
        this.soon(document.uri);
      }),
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

  private follow(
    document: vscode.TextDocument,
    changes: readonly vscode.TextDocumentContentChangeEvent[],
  ): void {
    const shown = this.shown.get(document);
    if (shown) {
      this.shown.set(
        document,
        shown.flatMap((one) => {
          const line = changes.reduce<number | undefined>(
            (at, change) => (at === undefined ? undefined : lineAfter(at, change)),
            one.line,
          );
          return line === undefined ? [] : [{ ...one, line }];
        }),
      );
    }
  }

  /**
   * While the text isn't valid JSON, the marks stay on their lines. VS Code moves them along with what is typed at the
   * end of a line, even to the next one.
   */
  private keep(editor: vscode.TextEditor): void {
    const { document } = editor;
    if (this.marked.has(editor)) {
      const shown = this.shown.get(document) ?? [];
      editor.setDecorations(
        this.was,
        shown.map((one) => wasMark(document, one)),
      );
    }
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
      if (!parsed.ok) {
        this.keep(editor);
      } else {
        const known = this.documents.conflicts.of(state, text)?.unmerged;
        const last = state.revisions.serverOf(parsed.value);
        const server = known ? serverIn(known, last) : last;
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
        const shown = spots.map((spot) => shownAt(document, spot));
        this.shown.set(document, shown);
        editor.setDecorations(
          this.was,
          shown.map((one) => wasMark(document, one)),
        );
      }
    }
  }
}

/** The server's known values: for conflicting settings, those from when the save stopped. */
function serverIn({ conflicts, versions }: Unmerged, last: JsonObject): JsonObject {
  const keys = new Set(conflicts.map(({ path }) => path[0]));
  const theirs = Object.entries(versions.theirs).filter(([key]) => keys.has(key));
  return { ...last, ...Object.fromEntries(theirs) };
}

/** PostHog's value at the end of a line. */
interface Shown {
  readonly line: number;
  readonly spot: ChangedSpot;
}

const shownAt = (document: vscode.TextDocument, spot: ChangedSpot): Shown => ({
  line: document.positionAt(spot.entry.name.offset).line,
  spot,
});

function wasMark(document: vscode.TextDocument, { line, spot }: Shown): vscode.DecorationOptions {
  const { end } = document.lineAt(line).range;
  const value = wasValueText(spot);
  return {
    range: new vscode.Range(end, end),
    renderOptions: { after: { contentText: asText(wasText(spot)) } },
    ...(value !== undefined && { hoverMessage: valueHover('In PostHog', undefined, value) }),
  };
}
