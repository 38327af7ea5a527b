import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { RemoteChange, RemoteChanges } from '../directory/remoteChanges';
import type { JsonObject } from '../json/json';
import { Conflicts } from './conflicts/conflicts';
import { MergeEditors } from './conflicts/mergeEditors';
import type { SaveTurn } from './documentSlots';
import { DocumentSource } from './documentSource';
import type { DocumentState } from './documentState';
import { DocumentStates } from './documentStates';
import { EditorTexts } from './editorTexts';
import { keptBefore, type KeptBases } from './keptBases';
import type { SavedRevision } from './revisions';
import { blankDraft, parseDraftUri, type DraftTarget } from './uris/draftUri';
import { documentText, type KnownNames } from './uris/documentText';
import { lateProgress } from '../ui/lateProgress';
import { openDocument } from './showDocument';
import { tabsOf } from './tabs';
import { parseDocumentUri, takesEdits, type DocumentTarget } from './uris/uri';

/** The content of all open documents and where it comes from. Saving is handled elsewhere. */
export class Documents implements vscode.Disposable {
  private readonly source: DocumentSource;
  private readonly states: DocumentStates;
  private readonly editors: EditorTexts;
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  /** Fires after a document's base, text, or permission changed. */
  readonly onDidChangeState: vscode.Event<DocumentState>;
  /** The conflicts that stopped saves of documents. */
  readonly conflicts = new Conflicts();
  readonly merges = new MergeEditors();
  /** Documents whose unsaved changes didn't come back after a reload, while they're loaded again. */
  private readonly refreshing = new Set<DocumentState>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    connections: Connections,
    private readonly bases: KeptBases,
    changes: RemoteChanges,
    private readonly log: vscode.LogOutputChannel,
    private readonly known: KnownNames,
  ) {
    this.source = new DocumentSource(connections);
    this.states = new DocumentStates(bases);
    this.onDidChangeFile = this.states.onDidChangeFile;
    this.onDidChangeState = this.states.onDidChange;
    this.editors = new EditorTexts(this.states, bases, (state) => void this.refreshRestored(state));
    this.subscriptions = [
      changes.onDidChange((change) => void this.adopt(change)),
      connections.onDidChange(() => {
        bases.forgetRemoved(this.states.open());
        this.updatePermissions();
      }),
    ];
    bases.forgetRemoved([]);
  }

  /** A document and where it belongs, in words. */
  textOf(uri: vscode.Uri): string {
    return documentText(uri, this.known);
  }

  /** The state of a loaded document. */
  peek(uri: vscode.Uri): DocumentState | undefined {
    return this.states.peek(uri);
  }

  /**
   * The state of a document, loaded with one request if necessary.
   *
   * @throws PostHogError
   */
  async load(uri: vscode.Uri): Promise<DocumentState> {
    return this.states.slots.load(uri.toString(), () => this.restoreOrFetch(uri));
  }

  /** Saves a document once its earlier saves are over, whether or not it's loaded. */
  save(uri: vscode.Uri, save: (turn: SaveTurn) => Promise<void>): Promise<void> {
    return this.states.slots.save(uri.toString(), save);
  }

  /** Loads documents with unsaved changes that were open before this extension host started. */
  takeUp(unsaved: readonly vscode.TextDocument[]): void {
    for (const document of unsaved) {
      this.load(document.uri).then(
        () => this.editors.look(document),
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
    for (const { uri, target } of this.states.open()) {
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

  /** Whether a document shows what it was loaded with, and nothing of it is unsaved, being saved, or yet to be shown. */
  isSettled(document: vscode.TextDocument): boolean {
    const state = this.peek(document.uri);
    return (
      state?.kept.kind === 'nothing' &&
      !this.refreshing.has(state) &&
      state.leaving === undefined &&
      !this.hasEdits(state) &&
      state.revisions.isSettled(document.getText()) &&
      !tabsOf(document.uri).some(({ isDirty }) => isDirty)
    );
  }

  /** Opens a loaded document under another address, too: without a request, and with the same base. */
  async openAs(uri: vscode.Uri, other: vscode.Uri): Promise<void> {
    const state = this.peek(uri);
    await this.states.slots.load(other.toString(), async () => {
      const draft = parseDraftUri(other);
      const parsed = draft ? { target: draft, view: 'edit' as const } : parseDocumentUri(other);
      // What is unsaved under the other address has a base of its own.
      if (!state || !parsed || (await this.bases.read(other))) {
        return this.restoreOrFetch(other);
      }
      const { readOnly, managed, unreadable, role, revisions } = state;
      const facts = { uri: other, ...parsed, readOnly, managed, unreadable, role };
      return this.states.put({ ...facts, ...revisions.current });
    });
  }

  /** Whether an editor has unsaved changes to a document. */
  hasEdits(state: DocumentState): boolean {
    return this.states.hasEdits(state);
  }

  /** The documents shown in tabs, alone or in a comparison. */
  shownInTabs(): readonly DocumentState[] {
    return this.states.open().filter(({ uri }) => tabsOf(uri).length > 0);
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
      this.states.replace(state, saved.base, saved.text);
      return;
    }
    this.states.save(state, text, saved);
    // Text typed meanwhile is unsaved, whatever VS Code says.
    this.editors.look(document);
  }

  /**
   * Sets a new base for a dirty editor, and stores it for a reload.
   *
   * @param text the file's text from now on, for *Revert File*; unchanged if absent
   * @param textBase the base of that text
   */
  rebase(state: DocumentState, base: JsonObject, text?: string, textBase?: JsonObject): void {
    this.states.rebase(state, base, text, textBase);
  }

  /** Like {@link rebase}; resolves when the base is stored. */
  rebaseAndKeep(state: DocumentState, base: JsonObject): Promise<void> {
    return this.states.rebaseAndKeep(state, base);
  }

  dispose(): void {
    vscode.Disposable.from(
      ...this.subscriptions,
      this.editors,
      this.states,
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
    const stored = parsed && takesEdits(parsed.view) ? await this.bases.read(uri) : undefined;
    if (parsed && stored) {
      const { base, text, mtime } = stored;
      const state = this.states.put({ uri, ...parsed, base, text, mtime, readOnly: undefined, role: {} });
      keptBefore(state, 'restored');
      return state;
    }
    const title = `Opening ${this.textOf(uri)}`;
    return this.states.put(await lateProgress(title, (signal) => this.source.fetch(uri, signal)));
  }

  /** Restores a draft without a request: hot exit restores its text, and the results of its saves are stored here. */
  private async restoreDraft(uri: vscode.Uri, target: DraftTarget): Promise<DocumentState> {
    const stored = await this.bases.read(uri);
    const revision = { base: stored?.base ?? {}, text: blankDraft, mtime: target.createdAtMs };
    const state = this.states.put({ uri, target, view: 'edit', ...revision, readOnly: undefined, role: {} });
    if (stored) {
      keptBefore(state, 'kept');
    }
    return state;
  }

  /** A new key may have other permissions, and an environment can be made read-only. */
  updatePermissions(): void {
    for (const state of this.states.open()) {
      this.states.permit(state, this.source.readOnlyReason(state));
    }
  }

  private async refreshRestored(state: DocumentState): Promise<void> {
    this.refreshing.add(state);
    try {
      await this.refresh(state.uri);
    } catch (error) {
      this.log.warn(`A restored document may be out of date: ${failureText(error, this.log)}`);
    } finally {
      this.refreshing.delete(state);
      if (this.peek(state.uri) === state) {
        this.states.fireChange(state);
      }
    }
  }

  private async refetch(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const before = this.peek(uri)?.revisions.current;
    const fetched = await this.source.fetch(uri, signal);
    const now = this.peek(uri);
    // Saved meanwhile: the response may be older than that save.
    return now && now.revisions.current !== before ? now : this.states.put(fetched);
  }

  /** Shows a state that another part of this window just loaded or saved, without a request. */
  private async adopt(change: RemoteChange): Promise<void> {
    const announced = await this.source.announced(change);
    for (const state of this.states.open()) {
      const loaded = this.hasEdits(state) ? undefined : announced(state);
      if (loaded) {
        this.states.put(loaded);
      }
    }
  }
}
