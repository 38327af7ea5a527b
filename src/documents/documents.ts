import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { RemoteChange, RemoteChanges } from '../connections/remoteChanges';
import { PostHogError } from '../posthog/errors';
import type { JsonObject } from '../settings/json';
import type { BaseStore } from './baseStore';
import { loadRender, permissionReason, stateOf, type DocumentState, type Remote } from './documentState';
import { blankDraft, parseDraftUri, type DraftTarget } from './draftUri';
import type { Saved } from './saveRefused';
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
  /** What an open editor showed before its text was replaced, until it has taken over the new one. */
  private readonly shown = new WeakMap<DocumentState, Pick<DocumentState, 'base' | 'text' | 'mtime'>>();
  /** The bases that are kept for a reload, by URI, so that not every keystroke writes a file. */
  private readonly kept = new Map<string, JsonObject>();
  /** Saves whose text the editor does not show yet. */
  private readonly saved = new WeakMap<DocumentState, Saved>();
  private readonly restored = new WeakSet<DocumentState>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly connections: Connections,
    private readonly bases: BaseStore,
    changes: RemoteChanges,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      changes.onDidChange((change) => void this.adopt(change)),
      connections.onDidChange(() => this.updatePermissions()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.keepBase(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.showSaved(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.dropStaleBase(document)),
    ];
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
    return known && isDirty(uri) ? known : this.refetch(uri, signal);
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

  /** Replaces base and text. Fires a file change when the text differs, so that a clean editor shows it. */
  replace(state: DocumentState, base: JsonObject, text: string): void {
    if (state.text !== text && openDocument(state.uri)) {
      const { base: shownBase, text: shownText, mtime } = state;
      this.shown.set(state, { base: shownBase, text: shownText, mtime });
    }
    this.restored.delete(state);
    state.base = base;
    if (state.text !== text) {
      state.text = text;
      state.mtime = Math.max(Date.now(), state.mtime + 1);
      this.fileChanged.fire([{ type: vscode.FileChangeType.Changed, uri: state.uri }]);
    }
    this.stateChanged.fire(state);
  }

  /**
   * Takes over a save. Where the server holds a value in another form, or somebody else changed something, the editor
   * shows it once VS Code knows that the save is over: earlier, it takes the new text for the one it has just written.
   *
   * @param text what was saved
   */
  adoptSave(state: DocumentState, text: string, saved: Saved): void {
    if (state.text !== text) {
      state.text = text;
      state.mtime = Math.max(Date.now(), state.mtime + 1);
    }
    if (saved.text === text || !openDocument(state.uri)) {
      this.replace(state, saved.base, saved.text);
    } else {
      // What is typed before the new text is shown is typed into this one.
      this.replace(state, saved.mine, text);
      this.saved.set(state, saved);
    }
  }

  /** Sets a new base under a dirty editor, and keeps it for a reload. */
  rebase(state: DocumentState, base: JsonObject): void {
    state.base = base;
    this.stateChanged.fire(state);
    // A document that was closed meanwhile starts anew when it is opened again.
    if (this.peek(state.uri) === state) {
      this.keep(state);
    }
  }

  /** Like {@link rebase}; resolves when the base is kept for a reload. */
  async rebaseAndKeep(state: DocumentState, base: JsonObject): Promise<void> {
    state.base = base;
    await this.bases.write(state.uri, { mtime: state.mtime, text: state.text, base });
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.fileChanged, this.stateChanged).dispose();
  }

  private async restoreOrFetch(uri: vscode.Uri): Promise<DocumentState> {
    const draft = parseDraftUri(uri);
    if (draft) {
      return this.put(await this.restoreDraft(uri, draft));
    }
    const parsed = parseDocumentUri(uri);
    const stored = parsed?.view === 'edit' ? await this.bases.read(uri) : undefined;
    if (parsed && stored) {
      const state: DocumentState = {
        uri,
        ...parsed,
        base: stored.base,
        text: stored.text,
        mtime: stored.mtime,
        readOnly: undefined,
        role: {},
      };
      this.restored.add(state);
      return this.put(state);
    }
    return this.put(await this.fetch(uri));
  }

  /** A draft asks no server: what was typed comes back by hot exit, what became of its saves is kept here. */
  private async restoreDraft(uri: vscode.Uri, target: DraftTarget): Promise<DocumentState> {
    const base = (await this.bases.read(uri))?.base ?? {};
    const mtime = target.createdAtMs;
    return { uri, target, view: 'edit', base, text: blankDraft, mtime, readOnly: undefined, role: {} };
  }

  private put(state: DocumentState): DocumentState {
    const known = this.peek(state.uri);
    if (!known) {
      this.states.set(state.uri.toString(), state);
      this.stateChanged.fire(state);
      return state;
    }
    const { readOnly } = known;
    known.readOnly = state.readOnly;
    known.managed = state.managed;
    known.role = state.role;
    // The base of unsaved changes is what they were made from, whatever the server says now.
    if (isDirty(known.uri)) {
      this.stateChanged.fire(known);
    } else {
      this.replace(known, state.base, state.text);
    }
    this.tellPermission(known, readOnly);
    return known;
  }

  private connection({ connectionId }: DocumentState['target']): Connection | undefined {
    return this.connections.get(connectionId);
  }

  /** Has VS Code ask again whether a document may be edited. */
  private tellPermission(state: DocumentState, before: string | undefined): void {
    if (state.readOnly !== before) {
      this.fileChanged.fire([{ type: vscode.FileChangeType.Changed, uri: state.uri }]);
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

  private async fetch(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const parsed = parseDocumentUri(uri);
    if (!parsed) {
      throw new PostHogError({
        kind: 'not-found',
        what: 'This is not the address of a PostHog document.',
        why: `It is ${uri.path}.`,
        remedy: 'Open the document from the view PostHog Environments.',
      });
    }
    const [remote, rendering] = await Promise.all([this.request(parsed.target, signal), loadRender()]);
    return stateOf(rendering, { uri, ...parsed }, remote, this.connection(parsed.target));
  }

  private async refetch(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const base = this.peek(uri)?.base;
    const fetched = await this.fetch(uri, signal);
    const now = this.peek(uri);
    // Saved meanwhile: the answer may be older than that save.
    return now && now.base !== base ? now : this.put(fetched);
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
      if (target.kind !== 'new' && targetKey(target) === key && !isDirty(uri)) {
        this.put(stateOf(rendering, { uri, target, view }, remote, this.connection(target)));
      }
    }
  }

  private keepBase(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (state?.view !== 'edit') {
      return;
    }
    const shown = this.shown.get(state);
    if (shown && document.isDirty) {
      // Typed before the editor took over the new text: the edits were made from the old one.
      this.shown.delete(state);
      Object.assign(state, shown);
      this.stateChanged.fire(state);
    } else if (shown && document.getText() === state.text) {
      this.shown.delete(state);
    }
    if (document.isDirty) {
      this.keep(state);
    } else {
      this.dropStaleBase(document);
    }
  }

  private showSaved(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    const saved = state && this.saved.get(state);
    if (state && saved) {
      this.saved.delete(state);
      if (!document.isDirty && state.base === saved.mine) {
        this.replace(state, saved.base, saved.text);
      }
    }
  }

  private keep(state: DocumentState): void {
    const { uri, base, text, mtime } = state;
    if (this.kept.get(uri.toString()) !== base) {
      this.kept.set(uri.toString(), base);
      void this.bases.write(uri, { mtime, text, base });
    }
  }

  private drop(uri: vscode.Uri): void {
    this.kept.delete(uri.toString());
    void this.bases.remove(uri);
  }

  private forget({ uri, isClosed }: vscode.TextDocument): void {
    // Another language mode closes and opens a document without closing it, unsaved changes and all.
    if (isClosed && this.states.delete(uri.toString())) {
      this.drop(uri);
    }
  }

  /**
   * A base that was kept for a dirty document is out of date when the document comes back clean, and so is the text
   * that was kept with it.
   */
  private dropStaleBase(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (state?.view !== 'edit' || document.isDirty) {
      return;
    }
    this.drop(document.uri);
    if (this.restored.delete(state)) {
      // Hot exit makes it dirty again in this very moment, and a dirty document is left alone.
      this.refresh(document.uri).catch((error: unknown) =>
        this.log.warn(`A restored document may be out of date: ${failureText(error, this.log)}`),
      );
    }
  }
}

/** Whether an editor holds unsaved changes of a document. */
export function isDirty(uri: vscode.Uri): boolean {
  return openDocument(uri)?.isDirty ?? false;
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}
