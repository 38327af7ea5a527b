import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { RemoteChange, RemoteChanges } from '../directory/remoteChanges';
import type { JsonObject } from '../json/json';
import { ShownProblems } from './checks/shownProblems';
import { Conflicts } from './conflicts/conflicts';
import { DocumentSlots, type SaveTurn } from './documentSlots';
import { DocumentSource } from './documentSource';
import type { DocumentState, LoadedDocument } from './documentState';
import { blankDraft, parseDraftUri, type DraftTarget } from './uris/draftUri';
import { Revisions, type Revision, type SavedRevision } from './revisions';
import { keptNothing, keptUpToDate, type KeptBases } from './keptBases';
import { MergeEditors } from './conflicts/mergeEditors';
import { lateProgress } from '../ui/lateProgress';
import { openDocument } from './showDocument';
import { tabsOf } from './tabs';
import { differsWidely, editTo } from './textEdits';
import { parseDocumentUri, type DocumentTarget } from './uris/uri';

/** The content of all open documents and where it comes from. Saving is handled elsewhere. */
export class Documents implements vscode.Disposable {
  private readonly source: DocumentSource;
  private readonly slots = new DocumentSlots<DocumentState>();
  private readonly fileChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.fileChanged.event;
  private readonly stateChanged = new vscode.EventEmitter<DocumentState>();
  /** Fires after a document's base, text, or permission changed. */
  readonly onDidChangeState = this.stateChanged.event;
  /** The conflicts that stopped saves of documents. */
  readonly conflicts = new Conflicts();
  readonly merges = new MergeEditors();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    connections: Connections,
    private readonly bases: KeptBases,
    changes: RemoteChanges,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.source = new DocumentSource(connections);
    this.subscriptions = [
      changes.onDidChange((change) => void this.adopt(change)),
      connections.onDidChange(() => {
        bases.forgetRemoved(this.slots.open());
        this.updatePermissions();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.look(document)),
      vscode.workspace.onWillSaveTextDocument(({ document }) => this.leave(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.settle(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.lookAtKept()),
    ];
    bases.forgetRemoved([]);
  }

  /** The state of a loaded document. */
  peek(uri: vscode.Uri): DocumentState | undefined {
    return this.slots.peek(uri.toString());
  }

  /**
   * The state of a document, loaded with one request if necessary.
   *
   * @throws PostHogError
   */
  async load(uri: vscode.Uri): Promise<DocumentState> {
    return this.slots.load(uri.toString(), () => this.restoreOrFetch(uri));
  }

  /** Saves a document once its earlier saves are over, whether or not it's loaded. */
  save(uri: vscode.Uri, save: (turn: SaveTurn) => Promise<void>): Promise<void> {
    return this.slots.save(uri.toString(), save);
  }

  /** Loads documents with unsaved changes that were open before this extension host started. */
  takeUp(unsaved: readonly vscode.TextDocument[]): void {
    for (const document of unsaved) {
      this.load(document.uri).then(
        () => this.look(document),
        (error: unknown) =>
          this.log.warn(`Couldn't restore an open document: ${failureText(error, this.log)}`),
      );
    }
  }

  /**
   * Loads a document again. An editor that is dirty, or becomes dirty meanwhile, keeps its text and its base.
   *
   * @throws PostHogError
   */
  async refresh(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const known = this.peek(uri);
    return known && this.hasEdits(known) ? known : this.refetch(uri, signal);
  }

  /**
   * Updates the role of the key's owner in open settings after the key changed. Unsaved changes and their base stay.
   * Failures are only logged: the server rejects what isn't allowed anyway.
   */
  async refreshRoles(connectionId: string): Promise<void> {
    for (const { uri, target } of this.slots.open()) {
      if (target.kind !== 'settings' || target.connectionId !== connectionId) {
        continue;
      }
      try {
        await this.refetch(uri);
      } catch (error) {
        this.log.warn(`The role in an open document may be out of date: ${failureText(error, this.log)}`);
      }
    }
  }

  /** The server's current version, in the form of the document. */
  fetchTheirs(target: DocumentTarget, signal?: AbortSignal): Promise<JsonObject> {
    return this.source.fetchTheirs(target, signal);
  }

  /** Whether an editor has unsaved changes to a document. */
  hasEdits({ uri, revisions }: DocumentState): boolean {
    const document = openDocument(uri);
    return document !== undefined && (document.isDirty || revisions.isEdited(document.getText()));
  }

  /** The documents shown in tabs, alone or in a comparison. */
  shownInTabs(): readonly DocumentState[] {
    return this.slots.open().filter(({ uri }) => tabsOf(uri).length > 0);
  }

  /** Whether a written text is the editor's, or was when VS Code began to save it. */
  isFromEditor(uri: vscode.Uri, text: string): boolean {
    const state = this.peek(uri);
    return openDocument(uri)?.getText() === text || state?.leaving === text;
  }

  /**
   * Adopts a completed save. If the server normalized a value or someone else changed something, the editor shows it
   * only after VS Code has finished the save; earlier, VS Code would mistake the new text for the one it just wrote.
   *
   * @param text what was saved
   */
  adoptSave(state: DocumentState, text: string, saved: SavedRevision, isFromEditor: boolean): void {
    state.askedAtMs = Date.now();
    const document = openDocument(state.uri);
    if (!document || !isFromEditor) {
      this.replace(state, saved.base, saved.text);
      return;
    }
    keptUpToDate(state);
    state.revisions.save(text, saved);
    this.stateChanged.fire(state);
    // Text typed meanwhile is unsaved, whatever VS Code says.
    this.look(document);
  }

  /**
   * Sets a new base for a dirty editor, and stores it for a reload.
   *
   * @param text the file's text from now on, for *Revert File*; unchanged if absent
   * @param textBase the base of that text
   */
  rebase(state: DocumentState, base: JsonObject, text?: string, textBase?: JsonObject): void {
    state.revisions.rebase(base, text, textBase);
    this.stateChanged.fire(state);
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

  dispose(): void {
    this.slots.open().forEach(({ problems }) => problems.drop());
    vscode.Disposable.from(
      ...this.subscriptions,
      this.fileChanged,
      this.stateChanged,
      this.conflicts,
      this.merges,
    ).dispose();
  }

  private async restoreOrFetch(uri: vscode.Uri): Promise<DocumentState> {
    const draft = parseDraftUri(uri);
    if (draft) {
      return this.restoreDraft(uri, draft);
    }
    const parsed = parseDocumentUri(uri);
    const stored = parsed?.view === 'edit' ? await this.bases.read(uri) : undefined;
    if (parsed && stored) {
      const { base, text, mtime } = stored;
      const state = this.put({ uri, ...parsed, base, text, mtime, readOnly: undefined, role: {} });
      state.kept = { kind: 'restored', revision: state.revisions.shown };
      return state;
    }
    const title = `Opening ${parsed?.target.name ?? 'document'}`;
    return this.put(await lateProgress(title, (signal) => this.source.fetch(uri, signal)));
  }

  /** Restores a draft without a request: hot exit restores its text, and the results of its saves are stored here. */
  private async restoreDraft(uri: vscode.Uri, target: DraftTarget): Promise<DocumentState> {
    const stored = await this.bases.read(uri);
    const revision = { base: stored?.base ?? {}, text: blankDraft, mtime: target.createdAtMs };
    const state = this.put({ uri, target, view: 'edit', ...revision, readOnly: undefined, role: {} });
    state.kept = stored ? { kind: 'kept', revision: state.revisions.shown } : state.kept;
    return state;
  }

  private put(loaded: LoadedDocument): DocumentState {
    const known = this.peek(loaded.uri);
    if (!known) {
      const state = newState(loaded);
      this.slots.put(state.uri.toString(), state);
      this.stateChanged.fire(state);
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
      this.stateChanged.fire(known);
    } else {
      this.replace(known, loaded.base, loaded.text);
    }
    this.firePermissionChange(known, readOnly);
    return known;
  }

  /** Replaces base and text. Fires a file change if the text differs, so that a clean editor shows it. */
  private replace(state: DocumentState, base: JsonObject, text: string): void {
    keptUpToDate(state);
    if (state.revisions.announce(base, text)) {
      this.fireFileChange(state);
    }
    this.stateChanged.fire(state);
  }

  private fireFileChange({ uri }: DocumentState): void {
    this.fileChanged.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Makes VS Code check again whether a document can be edited. */
  private firePermissionChange(state: DocumentState, before: string | undefined): void {
    if (state.readOnly !== before) {
      this.fireFileChange(state);
    }
  }

  /** A new key may have other permissions, and an environment can be made read-only. */
  updatePermissions(): void {
    for (const state of this.slots.open()) {
      const readOnly = this.source.readOnlyReason(state);
      if (readOnly !== state.readOnly) {
        const before = state.readOnly;
        state.readOnly = readOnly;
        this.stateChanged.fire(state);
        this.firePermissionChange(state, before);
      }
    }
  }

  private async refetch(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const before = this.peek(uri)?.revisions.current;
    const fetched = await this.source.fetch(uri, signal);
    const now = this.peek(uri);
    // Saved meanwhile: the response may be older than that save.
    return now && now.revisions.current !== before ? now : this.put(fetched);
  }

  /** Shows a state that another part of this window just loaded or saved, without a request. */
  private async adopt(change: RemoteChange): Promise<void> {
    const announced = await this.source.announced(change);
    for (const state of this.slots.open()) {
      const load = announced(state);
      if (load && !this.hasEdits(state)) {
        this.put(load());
      }
    }
  }

  /**
   * Updates a document's state from its editor. While it has edits, their base is stored for a reload. A stored base
   * whose edits didn't come back is out of date, and so is the text stored with it.
   */
  private look(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (!state) {
      return;
    }
    const { shown } = state.revisions;
    state.revisions.see(document.getText(), document.isDirty);
    if (!document.encoding.startsWith('utf8')) {
      state.misreadAs = document.encoding;
    } else if (!state.revisions.isEdited(document.getText())) {
      state.misreadAs = undefined;
    }
    const isClean = !document.isDirty && !tabsOf(state.uri).some(({ isDirty }) => isDirty);
    if (isClean && state.revisions.overtake(document.getText())) {
      this.fireFileChange(state);
    }
    if (state.revisions.shown !== shown) {
      this.stateChanged.fire(state);
    }
    if (state.view !== 'edit') {
      return;
    }
    // Text that was typed and deleted again during a save comes back after a reload; only the tab shows that.
    if (this.hasEdits(state) || tabsOf(state.uri).some(({ isDirty }) => isDirty)) {
      void this.bases.keep(state);
      return;
    }
    if (this.bases.drop(state)) {
      // Hot exit may make it dirty at any moment, and dirty documents are left alone.
      this.refresh(state.uri).catch((error: unknown) =>
        this.log.warn(`A restored document may be out of date: ${failureText(error, this.log)}`),
      );
    }
  }

  /** Drops the stored bases of documents that are no longer dirty; only their tabs show that. */
  private lookAtKept(): void {
    for (const { uri, kept } of this.slots.open()) {
      const document = kept.kind === 'nothing' ? undefined : openDocument(uri);
      if (document && !document.isDirty) {
        this.look(document);
      }
    }
  }

  /** VS Code doesn't replace a text while saving it. */
  private leave(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (state) {
      state.revisions.see(document.getText(), true);
      state.leaving = document.getText();
    }
  }

  private settle(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (!state) {
      return;
    }
    state.leaving = undefined;
    const unsettled = state.revisions.unsettled(document.getText());
    if (unsettled && isShown(document) && differsWidely(document, unsettled.text)) {
      void this.showInPlace(document, state, unsettled);
      return;
    }
    this.announce(document, state);
  }

  /**
   * Shows the server's form of what was just saved in an editor, edit by edit. VS Code would replace everything from
   * the first to the last change, and lose cursor and folding in between. Saving the result sends nothing.
   */
  private async showInPlace(
    document: vscode.TextDocument,
    state: DocumentState,
    { base, text }: Pick<Revision, 'base' | 'text'>,
  ): Promise<void> {
    const before = document.getText();
    const isEdited = await vscode.workspace.applyEdit(editTo(document, text));
    if (!isEdited || document.getText() === before) {
      this.announce(document, state);
      return;
    }
    this.rebase(state, base);
    await document.save();
  }

  private announce(document: vscode.TextDocument, state: DocumentState): void {
    if (state.revisions.settle(document.getText())) {
      this.fireFileChange(state);
      this.stateChanged.fire(state);
    }
    this.look(document);
  }

  private forget({ uri, isClosed }: vscode.TextDocument): void {
    // Changing the language mode closes and reopens the document although its tab stays, unsaved changes included.
    const state = this.peek(uri);
    if (isClosed && state) {
      this.slots.close(uri.toString());
      state.problems.drop();
      this.bases.drop(state);
    }
  }
}

const isShown = (document: vscode.TextDocument): boolean =>
  vscode.window.visibleTextEditors.some((editor) => editor.document === document);

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
