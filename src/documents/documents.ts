import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { RemoteChange, RemoteChanges } from '../directory/remoteChanges';
import { PostHogError } from '../posthog/errors';
import type { JsonObject } from '../json/json';
import type { BaseStore } from './baseStore';
import {
  loadedFrom,
  loadRender,
  permissionReason,
  type DocumentState,
  type LoadedDocument,
  type Remote,
} from './documentState';
import { blankDraft, parseDraftUri, type DraftTarget } from './draftUri';
import { Revisions, type Revision, type SavedRevision } from './revisions';
import { lateProgress } from '../ui/lateProgress';
import { tabsOf } from './tabs';
import { parseDocumentUri, targetKey, type DocumentTarget } from './uri';

/** The content of all open documents, and where it comes from. Knows nothing of saving. */
export class Documents implements vscode.Disposable {
  private readonly states = new Map<string, DocumentState>();
  private readonly loading = new Map<string, Promise<DocumentState>>();
  private readonly fileChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.fileChanged.event;
  private readonly stateChanged = new vscode.EventEmitter<DocumentState>();
  /** Fires after a document's base, text or permission changed. */
  readonly onDidChangeState = this.stateChanged.event;
  /** The revisions that are kept for a reload, by URI, so that not every keystroke writes a file. */
  private readonly kept = new Map<string, Revision>();
  /** The texts with which VS Code began to save. */
  private readonly leaving = new WeakMap<DocumentState, string>();
  private readonly subscriptions: vscode.Disposable[];

  /** @param connectionIds the connections that there were: nothing is kept of those that are gone */
  constructor(
    private readonly connections: Connections,
    private readonly bases: BaseStore,
    changes: RemoteChanges,
    private readonly log: vscode.LogOutputChannel,
    private connectionIds = idsOf(connections),
  ) {
    this.subscriptions = [
      changes.onDidChange((change) => void this.adopt(change)),
      connections.onDidChange(() => {
        this.forgetRemoved();
        this.updatePermissions();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.look(document)),
      vscode.workspace.onWillSaveTextDocument(({ document }) => this.leave(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.settle(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.lookAtKept()),
    ];
    this.forgetRemoved();
  }

  /** The state of a document that has been loaded. */
  peek(uri: vscode.Uri): DocumentState | undefined {
    return this.states.get(uri.toString());
  }

  /**
   * The state of a document, loaded with one request when it is not known yet.
   *
   * @throws PostHogError
   */
  async load(uri: vscode.Uri): Promise<DocumentState> {
    const key = uri.toString();
    const known = this.states.get(key);
    if (known) {
      return known;
    }
    let pending = this.loading.get(key);
    if (!pending) {
      pending = this.restoreOrFetch(uri).finally(() => this.loading.delete(key));
      this.loading.set(key, pending);
    }
    return pending;
  }

  /**
   * Fetches a document again. A dirty editor keeps its text and its base, also one that became dirty meanwhile.
   *
   * @throws PostHogError
   */
  async refresh(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const known = this.peek(uri);
    return known && this.hasEdits(known) ? known : this.refetch(uri, signal);
  }

  /**
   * Finds out what the owner of another key may change in the open settings; unsaved changes and their base stay. What
   * cannot be asked is logged: the server itself refuses what may not be.
   */
  async refreshRoles(connectionId: string): Promise<void> {
    for (const { uri, target } of [...this.states.values()]) {
      if (target.kind !== 'settings' || target.connectionId !== connectionId) {
        continue;
      }
      try {
        await this.refetch(uri);
      } catch (error) {
        this.log.warn(`The role in an open document may be another one: ${failureText(error, this.log)}`);
      }
    }
  }

  /** What the server says now, in the form of the document. */
  async fetchTheirs(target: DocumentTarget, signal?: AbortSignal): Promise<JsonObject> {
    const remote = await this.request(target, signal);
    const { settingsDocument, tableDocument } = await loadRender();
    return remote.kind === 'settings' ? settingsDocument(remote.detail.raw) : tableDocument(remote.table.raw);
  }

  /** Whether an editor holds unsaved changes of a document. */
  hasEdits({ uri, revisions }: DocumentState): boolean {
    const document = openDocument(uri);
    return document !== undefined && (document.isDirty || revisions.isEdited(document.getText()));
  }

  /** The documents that tabs show, on their own or as a side of a comparison. */
  shownInTabs(): readonly DocumentState[] {
    return [...this.states.values()].filter(({ uri }) => tabsOf(uri).length > 0);
  }

  /** Whether what is written to a document is what its editor shows, or showed when VS Code began to save it. */
  isFromEditor(uri: vscode.Uri, text: string): boolean {
    const state = this.peek(uri);
    return openDocument(uri)?.getText() === text || (state !== undefined && this.leaving.get(state) === text);
  }

  /**
   * Takes over a save. Where the server holds a value in another form, or somebody else changed something, the editor
   * shows it once VS Code knows that the save is over: earlier, it takes the new text for the one it has just written.
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
    state.isRestored = false;
    state.revisions.save(text, saved);
    this.stateChanged.fire(state);
    // What was typed meanwhile is unsaved, whatever VS Code says.
    this.look(document);
  }

  /**
   * Sets a new base under a dirty editor, and keeps it for a reload.
   *
   * @param text what the file says from now on, for *Revert File*; absent: what it said before
   * @param textBase what that text was made from
   */
  rebase(state: DocumentState, base: JsonObject, text?: string, textBase?: JsonObject): void {
    state.revisions.rebase(base, text, textBase);
    this.stateChanged.fire(state);
    // A document that was closed meanwhile starts anew when it is opened again.
    if (this.peek(state.uri) === state) {
      void this.keep(state);
    }
  }

  /** Like {@link rebase}; resolves when the base is kept for a reload. */
  async rebaseAndKeep(state: DocumentState, base: JsonObject): Promise<void> {
    state.revisions.rebase(base);
    await this.keep(state);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.fileChanged, this.stateChanged).dispose();
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
      const restored = { base, text, mtime, readOnly: undefined, role: {}, isRestored: true };
      return this.keeping(this.put({ uri, ...parsed, ...restored }));
    }
    const title = `Opening ${parsed?.target.name ?? 'document'}`;
    return this.put(await lateProgress(title, (signal) => this.fetch(uri, signal)));
  }

  /** A draft asks no server: what was typed comes back by hot exit, what became of its saves is kept here. */
  private async restoreDraft(uri: vscode.Uri, target: DraftTarget): Promise<DocumentState> {
    const stored = await this.bases.read(uri);
    const revision = { base: stored?.base ?? {}, text: blankDraft, mtime: target.createdAtMs };
    const state = this.put({ uri, target, view: 'edit', ...revision, readOnly: undefined, role: {} });
    return stored ? this.keeping(state) : state;
  }

  /** Takes notice that the base of a document is kept already. */
  private keeping(state: DocumentState): DocumentState {
    this.kept.set(state.uri.toString(), state.revisions.shown);
    return state;
  }

  private put(loaded: LoadedDocument): DocumentState {
    const known = this.peek(loaded.uri);
    if (!known) {
      const state = newState(loaded);
      this.states.set(state.uri.toString(), state);
      this.stateChanged.fire(state);
      return state;
    }
    const { readOnly } = known;
    known.readOnly = loaded.readOnly;
    known.managed = loaded.managed;
    known.role = loaded.role;
    known.unreadable = loaded.unreadable;
    known.askedAtMs = Date.now();
    // The base of unsaved changes is what they were made from, whatever the server says now.
    if (this.hasEdits(known)) {
      this.stateChanged.fire(known);
    } else {
      this.replace(known, loaded.base, loaded.text);
    }
    this.tellPermission(known, readOnly);
    return known;
  }

  /** Replaces base and text. Fires a file change when the text differs, so that a clean editor shows it. */
  private replace(state: DocumentState, base: JsonObject, text: string): void {
    state.isRestored = false;
    if (state.revisions.announce(base, text)) {
      this.tellText(state);
    }
    this.stateChanged.fire(state);
  }

  private tellText({ uri }: DocumentState): void {
    this.fileChanged.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  private connection({ connectionId }: DocumentState['target']): Connection | undefined {
    return this.connections.get(connectionId);
  }

  /** Has VS Code ask again whether a document may be edited. */
  private tellPermission(state: DocumentState, before: string | undefined): void {
    if (state.readOnly !== before) {
      this.tellText(state);
    }
  }

  /** Another key may do other things. */
  private updatePermissions(): void {
    for (const state of this.states.values()) {
      const readOnly = permissionReason(state, this.connection(state.target));
      if (readOnly !== state.readOnly) {
        const before = state.readOnly;
        state.readOnly = readOnly;
        this.stateChanged.fire(state);
        this.tellPermission(state, before);
      }
    }
  }

  private async fetch(uri: vscode.Uri, signal?: AbortSignal): Promise<LoadedDocument> {
    const parsed = parseDocumentUri(uri);
    if (!parsed) {
      throw new PostHogError({
        kind: 'not-found',
        what: 'This is not the address of a PostHog document.',
        why: `It is ${uri.path}.`,
        remedy: 'Open the document from the Environments view.',
      });
    }
    const [remote, rendering] = await Promise.all([this.request(parsed.target, signal), loadRender()]);
    return loadedFrom(rendering, { uri, ...parsed }, remote, this.connection(parsed.target));
  }

  private async refetch(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const before = this.peek(uri)?.revisions.current;
    const fetched = await this.fetch(uri, signal);
    const now = this.peek(uri);
    // Saved meanwhile: the answer may be older than that save.
    return now && now.revisions.current !== before ? now : this.put(fetched);
  }

  private async request(target: DocumentTarget, signal = new AbortController().signal): Promise<Remote> {
    const client = await this.connections.client(target.connectionId);
    return target.kind === 'settings'
      ? { kind: 'settings', detail: await client.getEnvironment(target.environment, signal) }
      : { kind: 'table', table: await client.getTable(target.environment, target.tableId, signal) };
  }

  /** Shows a state that somebody else in this window has just seen or made, without a request. */
  private async adopt(change: RemoteChange): Promise<void> {
    if (change.kind !== 'environment' && change.kind !== 'table') {
      return;
    }
    const remote: Remote =
      change.kind === 'environment'
        ? { kind: 'settings', detail: change.detail }
        : { kind: 'table', table: change.table };
    const key = [
      change.connectionId,
      change.environment.id,
      change.kind === 'table' ? change.table.id : 'settings',
    ].join('/');
    const rendering = await loadRender();
    for (const state of this.states.values()) {
      const { uri, target, view } = state;
      if (target.kind !== 'new' && targetKey(target) === key && !this.hasEdits(state)) {
        this.put(loadedFrom(rendering, { uri, target, view }, remote, this.connection(target)));
      }
    }
  }

  /**
   * Takes notice of what an editor shows. While it has edits, their base is kept for a reload; one that was kept for a
   * document that comes back without its edits is out of date, and so is the text that was kept with it.
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
      this.tellText(state);
    }
    if (state.revisions.shown !== shown) {
      this.stateChanged.fire(state);
    }
    if (state.view !== 'edit') {
      return;
    }
    // Only the tab knows that a text which was typed and deleted again during a save will come back after a reload.
    if (this.hasEdits(state) || tabsOf(state.uri).some(({ isDirty }) => isDirty)) {
      void this.keep(state);
      return;
    }
    this.drop(state.uri);
    if (state.isRestored) {
      state.isRestored = false;
      // Hot exit makes it dirty again in this very moment, and a dirty document is left alone.
      this.refresh(state.uri).catch((error: unknown) =>
        this.log.warn(`A restored document may be out of date: ${failureText(error, this.log)}`),
      );
    }
  }

  /** The base of a document that is no longer dirty is not needed any more; nothing but its tab tells. */
  private lookAtKept(): void {
    for (const key of this.kept.keys()) {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
      if (document && !document.isDirty) {
        this.look(document);
      }
    }
  }

  /** What VS Code saves, it does not replace any more. */
  private leave(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (state) {
      state.revisions.see(document.getText(), true);
      this.leaving.set(state, document.getText());
    }
  }

  private settle(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (!state) {
      return;
    }
    this.leaving.delete(state);
    if (state.revisions.settle(document.getText())) {
      this.tellText(state);
      this.stateChanged.fire(state);
    }
    this.look(document);
  }

  private async keep({ uri, target, revisions: { shown } }: DocumentState): Promise<void> {
    // Nothing of a removed connection is left behind, and nothing of it can be saved.
    if (this.kept.get(uri.toString()) !== shown && this.connectionIds.has(target.connectionId)) {
      this.kept.set(uri.toString(), shown);
      await this.bases.write(uri, shown);
    }
  }

  private drop(uri: vscode.Uri): void {
    if (this.kept.delete(uri.toString())) {
      void this.bases.remove(uri);
    }
  }

  private forget({ uri, isClosed }: vscode.TextDocument): void {
    // Another language mode closes and opens a document without closing it, unsaved changes and all.
    if (isClosed && this.states.delete(uri.toString())) {
      this.drop(uri);
    }
  }

  /** Removes what was kept of connections that are gone, also by other workspaces. */
  private forgetRemoved(): void {
    const before = this.connectionIds;
    this.connectionIds = idsOf(this.connections);
    for (const id of before) {
      if (!this.connectionIds.has(id)) {
        [...this.states]
          .filter(([, { target }]) => target.connectionId === id)
          .forEach(([uri]) => this.kept.delete(uri));
        void this.bases.removeConnection(id);
      }
    }
  }
}

function newState({ base, text, mtime, isRestored = false, ...facts }: LoadedDocument): DocumentState {
  return {
    ...facts,
    isRestored,
    misreadAs: undefined,
    askedAtMs: Date.now(),
    revisions: new Revisions({ base, text, mtime }),
    get base() {
      return this.revisions.shown.base;
    },
  };
}

const idsOf = (connections: Connections): ReadonlySet<string> =>
  new Set(connections.list().map(({ id }) => id));

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}
