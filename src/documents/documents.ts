import * as vscode from 'vscode';
import { allowsScope } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { RemoteChange, RemoteChanges } from '../connections/remoteChanges';
import type { EnvironmentDetail, WarehouseTable } from '../posthog/models';
import { isPostHogError } from '../posthog/errors';
import type * as render from '../settings/document';
import type { JsonObject } from '../settings/json';
import { readOnlyReason } from '../settings/managed';
import type { BaseStore } from './baseStore';
import { blankDraft, parseDraftUri, type DraftTarget } from './draftUri';
import { parseDocumentUri, targetKey, type DocumentTarget, type DocumentView } from './uri';

/** What is known of one open document. */
export interface DocumentState {
  readonly uri: vscode.Uri;
  readonly target: DocumentTarget | DraftTarget;
  readonly view: DocumentView;
  /** The document as the server had it when {@link text} was made; of a draft, what became of saves so far. */
  base: JsonObject;
  text: string;
  /** Milliseconds since the epoch. Changes when and only when the text changes. */
  mtime: number;
  /** Why it cannot be edited; `undefined`: it can. */
  readOnly: string | undefined;
  /** The caller's role in the environment, where the server told it. */
  role: { membershipLevel?: number | null; userAccessLevel?: string | null };
}

/** The state of a document of something that is on the server. */
export type RemoteState = DocumentState & { readonly target: DocumentTarget };

/** Whether a document is of something that is on the server, and not a draft. */
export function isRemote(state: DocumentState): state is RemoteState {
  return state.target.kind !== 'new';
}

type Remote = { kind: 'settings'; detail: EnvironmentDetail } | { kind: 'table'; table: WarehouseTable };

/** The content of all open documents, and where it comes from. Knows nothing of saving. */
export class Documents implements vscode.Disposable {
  private readonly states = new Map<string, DocumentState>();
  private readonly loading = new Map<string, Promise<DocumentState>>();
  private readonly fileChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.fileChanged.event;
  private readonly stateChanged = new vscode.EventEmitter<DocumentState>();
  /** Fires after a document's base, text or permission changed. */
  readonly onDidChangeState = this.stateChanged.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly connections: Connections,
    private readonly bases: BaseStore,
    changes: RemoteChanges,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      changes.onDidChange((change) => void this.adopt(change)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.keepBase(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
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
   * @throws vscode.FileSystemError with sentences for people.
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

  /** Fetches a document again. A dirty editor keeps its text and its base. */
  async refresh(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const known = this.peek(uri);
    if (known && isDirty(uri)) {
      return known;
    }
    return this.put(await this.fetch(uri, signal));
  }

  /** What the server says now, in the form of the document. */
  async fetchTheirs(target: DocumentTarget, signal?: AbortSignal): Promise<JsonObject> {
    const remote = await this.request(target, signal);
    const { settingsDocument, tableDocument } = await loadRender();
    return remote.kind === 'settings' ? settingsDocument(remote.detail.raw) : tableDocument(remote.table.raw);
  }

  /** Replaces base and text. Fires a file change when the text differs, so that a clean editor shows it. */
  replace(state: DocumentState, base: JsonObject, text: string): void {
    state.base = base;
    if (state.text !== text) {
      state.text = text;
      state.mtime = Math.max(Date.now(), state.mtime + 1);
      this.fileChanged.fire([{ type: vscode.FileChangeType.Changed, uri: state.uri }]);
    }
    this.stateChanged.fire(state);
  }

  /** Sets a new base under a dirty editor, and keeps it for a reload. */
  rebase(state: DocumentState, base: JsonObject): void {
    state.base = base;
    this.stateChanged.fire(state);
    void this.bases.write(state.uri, { mtime: state.mtime, text: state.text, base });
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
    known.readOnly = state.readOnly;
    known.role = state.role;
    this.replace(known, state.base, state.text);
    return known;
  }

  private async fetch(uri: vscode.Uri, signal?: AbortSignal): Promise<DocumentState> {
    const parsed = parseDocumentUri(uri);
    if (!parsed) {
      throw vscode.FileSystemError.FileNotFound(`This is not the address of a PostHog document: ${uri.path}`);
    }
    try {
      const [remote, rendering] = await Promise.all([this.request(parsed.target, signal), loadRender()]);
      return this.stateOf(rendering, uri, parsed.target, parsed.view, remote);
    } catch (error) {
      if (error instanceof vscode.FileSystemError) {
        throw error;
      }
      const text = failureText(error, this.log);
      const gone = isPostHogError(error) && error.kind === 'not-found';
      throw Object.assign(
        gone ? vscode.FileSystemError.FileNotFound(text) : vscode.FileSystemError.Unavailable(text),
        { cause: error },
      );
    }
  }

  private async request(target: DocumentTarget, signal = new AbortController().signal): Promise<Remote> {
    const client = await this.connections.client(target.connectionId);
    return target.kind === 'settings'
      ? { kind: 'settings', detail: await client.getEnvironment(target.environment, signal) }
      : { kind: 'table', table: await client.getTable(target.environment, target.tableId, signal) };
  }

  private stateOf(
    { settingsDocument, tableDocument, formatDocument, maskSecrets }: typeof render,
    uri: vscode.Uri,
    target: DocumentTarget,
    view: DocumentView,
    remote: Remote,
  ): DocumentState {
    const raw = remote.kind === 'settings' ? remote.detail.raw : remote.table.raw;
    const base = remote.kind === 'settings' ? settingsDocument(raw) : tableDocument(raw);
    return {
      uri,
      target,
      view,
      base,
      text: formatDocument(view === 'response' ? maskSecrets(raw) : base),
      mtime: Date.now(),
      readOnly: view === 'edit' ? this.readOnlyReason(target, remote) : 'This shows what PostHog says now.',
      role:
        remote.kind === 'settings'
          ? {
              membershipLevel: remote.detail.effective_membership_level ?? null,
              userAccessLevel: remote.detail.user_access_level ?? null,
            }
          : {},
    };
  }

  private readOnlyReason(target: DocumentTarget, remote: Remote): string | undefined {
    const connection = this.connections.get(target.connectionId);
    const missing = (scope: string): string | undefined =>
      allowsScope(connection?.access, scope) === false
        ? `Read-only: the API key of "${connection?.label ?? ''}" does not have the scope ${scope}. Replace the key to edit.`
        : undefined;
    if (remote.kind === 'table') {
      return readOnlyReason(remote.table.raw) ?? missing('warehouse_table:write');
    }
    // The documented servers accept most settings with project:read (API facts 4.2).
    return connection?.profile?.generation === 'current' ? missing('project:write') : undefined;
  }

  /** Shows a state that somebody else in this window has just seen or made, without a request. */
  private async adopt(change: RemoteChange): Promise<void> {
    if (change.kind === 'tables') {
      this.dropRemoved(change);
      return;
    }
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
    for (const state of this.states.values()) {
      const { target } = state;
      if (target.kind !== 'new' && targetKey(target) === key && !isDirty(state.uri)) {
        this.put(this.stateOf(await loadRender(), state.uri, target, state.view, remote));
      }
    }
  }

  /** Has VS Code mark the documents of tables that are gone. One with unsaved changes stays, and its save says why. */
  private dropRemoved({
    connectionId,
    environment,
    removedIds = [],
  }: Extract<RemoteChange, { kind: 'tables' }>): void {
    const keys = removedIds.map((id) => [connectionId, environment.id, id].join('/'));
    const gone = [...this.states.values()]
      .filter(({ target, uri }) => target.kind !== 'new' && keys.includes(targetKey(target)) && !isDirty(uri))
      .map(({ uri }) => uri);
    for (const uri of gone) {
      this.forget(uri);
    }
    this.fileChanged.fire(gone.map((uri) => ({ type: vscode.FileChangeType.Deleted, uri })));
  }

  private keepBase(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (state?.view !== 'edit') {
      return;
    }
    void (document.isDirty
      ? this.bases.write(state.uri, { mtime: state.mtime, text: state.text, base: state.base })
      : this.bases.remove(state.uri));
  }

  private forget(uri: vscode.Uri): void {
    if (this.states.delete(uri.toString())) {
      void this.bases.remove(uri);
    }
  }

  /** A base that was kept for a dirty document is out of date when the document comes back clean. */
  private dropStaleBase(document: vscode.TextDocument): void {
    const state = this.peek(document.uri);
    if (state?.view === 'edit' && !document.isDirty) {
      void this.bases.remove(document.uri);
    }
  }
}

/** The catalogue is loaded with the first document, not with the extension. */
const loadRender = (): Promise<typeof render> => import('../settings/document');

/** Whether an editor holds unsaved changes of a document. */
export function isDirty(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return vscode.workspace.textDocuments.some(
    (document) => document.isDirty && document.uri.toString() === key,
  );
}
