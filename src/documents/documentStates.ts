import * as vscode from 'vscode';
import type { JsonObject } from '../json/json';
import { ShownProblems } from './checks/shownProblems';
import { DocumentSlots } from './documentSlots';
import type { DocumentState, LoadedDocument } from './documentState';
import { keptNothing, keptUpToDate, type KeptBases } from './keptBases';
import { Revisions, type SavedRevision } from './revisions';
import { answerFirst } from './saving/answerFirst';
import { openDocument } from './showDocument';

/** The states of all documents that VS Code has asked for, and how one becomes another. */
export class DocumentStates implements vscode.Disposable {
  readonly slots = new DocumentSlots<DocumentState>();
  private readonly fileChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.fileChanged.event;
  private readonly changed = new vscode.EventEmitter<DocumentState>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly bases: KeptBases) {}

  dispose(): void {
    this.open().forEach(({ problems }) => problems.drop());
    vscode.Disposable.from(this.fileChanged, this.changed).dispose();
  }

  /** The state of a loaded document. */
  peek(uri: vscode.Uri): DocumentState | undefined {
    return this.slots.peek(uri.toString());
  }

  /** The states of all loaded documents. */
  open(): readonly DocumentState[] {
    return this.slots.open();
  }

  /** Whether an editor has unsaved changes to a document. Only the editor can tell, so that this isn't kept. */
  hasEdits({ uri, revisions }: DocumentState): boolean {
    const document = openDocument(uri);
    return document !== undefined && (document.isDirty || revisions.isEdited(document.getText()));
  }

  /** A document was loaded, for the first time or again. */
  put(loaded: LoadedDocument): DocumentState {
    const known = this.peek(loaded.uri);
    if (!known) {
      const state = newState(loaded);
      this.slots.put(state.uri.toString(), state);
      this.changed.fire(state);
      return state;
    }
    const { readOnly } = known;
    known.readOnly = loaded.readOnly;
    known.managed = loaded.managed;
    known.role = loaded.role;
    known.unreadable = loaded.unreadable;
    known.askedAtMs = Date.now();
    // Unsaved changes keep the base they started from, whatever the server says now.
    if (this.hasEdits(known)) {
      this.changed.fire(known);
    } else {
      this.replace(known, loaded.base, loaded.text);
    }
    if (known.readOnly !== readOnly) {
      this.fireFileChange(known);
    }
    return known;
  }

  /** Replaces base and text. Fires a file change if the text differs, so that a clean editor shows it. */
  replace(state: DocumentState, base: JsonObject, text: string): void {
    keptUpToDate(state);
    if (state.revisions.announce(base, text)) {
      this.fireFileChange(state);
    }
    this.changed.fire(state);
  }

  /** A text of the editor was saved. VS Code is informed first. */
  save(state: DocumentState, text: string, saved: SavedRevision): void {
    keptUpToDate(state);
    state.revisions.save(text, saved);
    answerFirst(() => this.changed.fire(state));
  }

  /**
   * Sets a new base for a dirty editor, and stores it for a reload.
   *
   * @param text the file's text from now on, for *Revert File*; unchanged if absent
   * @param textBase the base of that text
   */
  rebase(state: DocumentState, base: JsonObject, text?: string, textBase?: JsonObject): void {
    state.revisions.rebase(base, text, textBase);
    this.changed.fire(state);
    // A document that was closed meanwhile is loaded again when it is reopened.
    if (this.peek(state.uri) === state) {
      void this.bases.keep(state);
    }
  }

  /** Like {@link rebase}; resolves when the base is stored. */
  async rebaseAndKeep(state: DocumentState, base: JsonObject): Promise<void> {
    state.revisions.rebase(base);
    await this.bases.keep(state);
  }

  /** A document can be edited from now on, or not any more. */
  permit(state: DocumentState, readOnly: string | undefined): void {
    if (readOnly !== state.readOnly) {
      state.readOnly = readOnly;
      this.changed.fire(state);
      this.fireFileChange(state);
    }
  }

  /** The editor shows another revision. */
  fireChange(state: DocumentState): void {
    this.changed.fire(state);
  }

  /** The editor was closed. */
  close(state: DocumentState): void {
    this.slots.close(state.uri.toString());
    state.problems.drop();
    this.bases.drop(state);
  }

  /** Makes VS Code read a document again, and check whether it can be edited. */
  fireFileChange({ uri }: DocumentState): void {
    this.fileChanged.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
}

function newState({ base, text, mtime, ...facts }: LoadedDocument): DocumentState {
  return {
    ...facts,
    kept: keptNothing,
    leaving: undefined,
    misreadAs: undefined,
    problems: new ShownProblems(),
    conflict: undefined,
    askedAtMs: Date.now(),
    revisions: new Revisions({ base, text, mtime }),
    get base() {
      return this.revisions.shown.base;
    },
  };
}
