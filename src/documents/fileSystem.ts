import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { RemoteChanges } from '../connections/remoteChanges';
import { isPostHogError } from '../posthog/errors';
import { fileError } from '../ui/fileErrors';
import { withStatus } from '../ui/progress';
import type { AutoSaves } from './autoSaves';
import type { Diagnostics } from './diagnostics';
import type { Created } from './createPipeline';
import type { Documents } from './documents';
import type { DocumentState } from './documentState';
import type { DraftTarget } from './draftUri';
import { SaveRefused, type Saved, type SaveRemedy } from './saveRefused';
import { commandLink } from '../ui/commandIds';

/** A draft that has become an environment. */
export interface CreatedFromDraft extends Created {
  uri: vscode.Uri;
  connectionId: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const looseDecoder = new TextDecoder('utf-8');

/**
 * Documents as files. `stat` and `readFile` answer from memory once a document is loaded; `writeFile` is the only
 * way anything edited reaches PostHog, and resolves only when the server has what the editor shows.
 */
export class PostHogFileSystem implements vscode.FileSystemProvider {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  private readonly noticed = new vscode.EventEmitter<{ uri: vscode.Uri; notices: readonly string[] }>();
  /** Fires after a save that succeeded with something to know about it. */
  readonly onDidSaveWithNotices = this.noticed.event;
  private readonly created = new vscode.EventEmitter<CreatedFromDraft>();
  /** Fires after a draft was saved and before its editor shows that it was. */
  readonly onDidCreate = this.created.event;
  /** One save at a time per document: the second compares with the base that the first left. */
  private readonly saves = new Map<string, Promise<void>>();

  constructor(
    private readonly documents: Documents,
    private readonly connections: Connections,
    private readonly changes: RemoteChanges,
    private readonly diagnostics: Diagnostics,
    private readonly autoSaves: AutoSaves,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.onDidChangeFile = documents.onDidChangeFile;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (!uri.path.endsWith('.json')) {
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    const { revisions, readOnly } = await this.load(uri);
    const { text, mtime } = revisions.current;
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime,
      size: encoder.encode(text).length,
      ...(readOnly !== undefined && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return encoder.encode((await this.load(uri)).revisions.current.text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    // Asked at once: the editor may have other text when it is this save's turn.
    const isFromEditor = this.documents.isFromEditor(uri, looseDecoder.decode(content));
    const previous = this.saves.get(key) ?? Promise.resolve();
    const save = previous.catch(() => undefined).then(() => this.save(uri, content, isFromEditor));
    this.saves.set(key, save);
    try {
      await save;
    } finally {
      if (this.saves.get(key) === save) {
        this.saves.delete(key);
      }
    }
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): never {
    throw fileError('NoPermissions', 'Folders cannot be made here.');
  }

  delete(): never {
    throw fileError('NoPermissions', 'Use the Delete command of the PostHog Environments view.');
  }

  rename(): never {
    throw fileError('NoPermissions', 'Change "name" in the document and save.');
  }

  /** @throws vscode.FileSystemError with sentences for people. */
  private async load(uri: vscode.Uri): Promise<DocumentState> {
    try {
      return await this.documents.load(uri);
    } catch (error) {
      const text = failureText(error, this.log);
      const gone = isPostHogError(error) && error.kind === 'not-found';
      throw fileError(gone ? 'FileNotFound' : 'Unavailable', text);
    }
  }

  private async save(uri: vscode.Uri, content: Uint8Array, isFromEditor: boolean): Promise<void> {
    const isAutomatic = this.autoSaves.take(uri);
    const state = await this.load(uri);
    if (state.readOnly !== undefined) {
      throw fileError('NoPermissions', state.readOnly);
    }
    try {
      if (isAutomatic) {
        throw new SaveRefused(
          'Save this document yourself: it changes PostHog, so auto-save never sends it. Nothing was sent.',
        );
      }
      const text = decode(content);
      const saved = await withStatus(`Saving ${state.target.name} to PostHog`, () =>
        this.send(state, text, isFromEditor),
      );
      this.diagnostics.clearRefusal(uri);
      this.documents.adoptSave(state, text, saved, isFromEditor);
      if (saved.notices.length > 0) {
        this.noticed.fire({ uri, notices: saved.notices });
      }
    } catch (error) {
      throw this.refuse(state, error);
    }
  }

  private async send(state: DocumentState, text: string, isFromEditor: boolean): Promise<Saved> {
    const { target, revisions } = state;
    const { base } = isFromEditor ? revisions.of(text) : revisions.current;
    if (target.kind === 'new') {
      return this.create(state, target, text);
    }
    const { connectionId, environment } = target;
    const client = await this.connections.client(connectionId);
    const { saveSettings, saveTable } = await import('./savePipeline');
    const signal = new AbortController().signal;
    const request = { client, environment, text, base, signal };
    const profile =
      client.profile ??
      (await client.detect({ projectId: environment.projectId, environmentId: environment.id }, signal));
    if (target.kind === 'settings') {
      const saved = await saveSettings(request, profile.generation, state.role);
      if (saved.detail) {
        this.changes.tell({ kind: 'environment', connectionId, environment, detail: saved.detail });
      }
      return saved;
    }
    const saved = await saveTable(request, target.tableId, profile.generation);
    if (saved.table) {
      this.changes.tell({ kind: 'table', connectionId, environment, table: saved.table });
    }
    return saved;
  }

  private async create(state: DocumentState, target: DraftTarget, text: string): Promise<Saved> {
    const { connectionId, organizationId } = target;
    const client = await this.connections.client(connectionId);
    const { createEnvironment } = await import('./createPipeline');
    const created = await createEnvironment({
      client,
      place: target,
      text,
      base: state.base,
      signal: new AbortController().signal,
      remember: (base) => this.documents.rebaseAndKeep(state, base),
    });
    this.changes.tell({ kind: 'environments', connectionId, organizationId });
    this.created.fire({ uri: state.uri, connectionId, ...created });
    return { base: state.base, mine: state.base, text, sentKeys: [], notices: [] };
  }

  private refuse(state: DocumentState, error: unknown): vscode.FileSystemError {
    let remedy: SaveRemedy = 'none';
    let message: string;
    if (error instanceof SaveRefused) {
      remedy = error.remedy;
      message = error.message;
      this.diagnostics.showRefusal(state.uri, error.problems);
      if (error.base) {
        this.documents.rebase(state, error.base);
      }
    } else {
      message = failureText(error, this.log);
      if (isPostHogError(error)) {
        remedy = error.kind === 'unauthorized' || error.kind === 'missing-scope' ? 'replaceKey' : 'retry';
      }
    }
    const { target } = state;
    const place =
      target.kind === 'new' ? 'new environment' : `${target.kind} of environment ${target.environment.id}`;
    this.log.warn(`Not saved (${place}).`);
    return withRemedyLink(message, remedy, state);
  }
}

function decode(content: Uint8Array): string {
  try {
    return decoder.decode(content);
  } catch (error) {
    throw new SaveRefused(
      'Save the document as UTF-8: its encoding was changed, and PostHog takes no other. Nothing was sent.',
      { cause: error },
    );
  }
}

/** The error of a failed save, with the one thing that helps as a link. */
function withRemedyLink(
  message: string,
  remedy: SaveRemedy,
  { uri, target: { connectionId } }: DocumentState,
): vscode.FileSystemError {
  switch (remedy) {
    case 'compare':
      return fileError('Unavailable', `: ${message}`, commandLink('Compare', 'compare', uri.toString()));
    case 'replaceKey':
      return fileError(
        'Unavailable',
        `: ${message}`,
        commandLink('Replace the key', 'replaceKey', { connectionId }),
      );
    default:
      return fileError('Unavailable', message);
  }
}
