import * as v from 'valibot';
import * as vscode from 'vscode';
import { parseJson, type JsonObject } from '../json/json';
import {
  connectionFolder,
  deleteFile,
  deleteFolder,
  shortHash,
  writeStored,
} from '../platform/connectionFolders';
import { connectionIdOf } from './uris/draftUri';

const storedBaseSchema = v.object({
  uri: v.string(),
  mtime: v.number(),
  text: v.string(),
  base: v.record(v.string(), v.unknown()),
});

/** What has to survive a window reload for a dirty document: the revision its edits are based on. */
export interface StoredBase {
  uri: string;
  /** Milliseconds since the epoch, as returned by `stat`: VS Code compares it when saving. */
  mtime: number;
  /** The document's text at that revision. */
  text: string;
  base: JsonObject;
}

/**
 * Stores the base of every dirty document. Hot exit restores the user's text after a reload; without its base, a save
 * couldn't tell their changes from someone else's. All workspaces share one folder with a subfolder per connection, so
 * that removing a connection removes everything, whichever workspace wrote it.
 */
export class BaseStore {
  private queue: Promise<void> = Promise.resolve();

  /**
   * @param folder shared by all workspaces
   * @param workspace identifies this workspace's documents
   */
  constructor(
    private readonly folder: vscode.Uri,
    private readonly workspace: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The stored base; `undefined` if there is none or it can't be read. */
  async read(uri: vscode.Uri): Promise<StoredBase | undefined> {
    await this.queue;
    let bytes: Uint8Array;
    try {
      bytes = await vscode.workspace.fs.readFile(this.file(uri));
    } catch {
      return undefined; // Usually there is no file, because the document was clean.
    }
    try {
      const parsed = v.parse(storedBaseSchema, parseJson(new TextDecoder().decode(bytes)));
      return parsed.uri === uri.toString() ? { ...parsed, base: parsed.base as JsonObject } : undefined;
    } catch (error) {
      this.log.warn(`Couldn't read the stored base of ${uri.path}: ${String(error)}`);
      return undefined;
    }
  }

  /** Writes in call order. Failures are only logged, because the document still works in this window. */
  write(uri: vscode.Uri, { mtime, text, base }: Omit<StoredBase, 'uri'>): Promise<void> {
    return this.enqueue(() =>
      writeStored(this.file(uri), JSON.stringify({ uri: uri.toString(), mtime, text, base })),
    );
  }

  remove(uri: vscode.Uri): Promise<void> {
    return this.enqueue(() => deleteFile(this.file(uri)));
  }

  /** Removes the bases of all documents of a connection, including those of other workspaces. */
  removeConnection(connectionId: string): Promise<void> {
    return this.enqueue(() => deleteFolder(connectionFolder(this.folder, connectionId)));
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      this.log.warn(`Couldn't store or remove the base of a changed document: ${String(error)}`);
    });
    return this.queue;
  }

  private file(uri: vscode.Uri): vscode.Uri {
    const name = shortHash(`${this.workspace} ${uri.toString()}`);
    return vscode.Uri.joinPath(connectionFolder(this.folder, connectionIdOf(uri)), `${name}.json`);
  }
}
