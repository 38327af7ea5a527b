import { createHash } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { parseJson, type JsonObject } from '../json/json';

const storedBaseSchema = v.object({
  uri: v.string(),
  mtime: v.number(),
  text: v.string(),
  base: v.record(v.string(), v.unknown()),
});

/** What must outlive a window reload for a dirty document: the revision that its edits started from. */
export interface StoredBase {
  uri: string;
  /** Milliseconds since the epoch, as `stat` answered it: VS Code compares it when the document is saved. */
  mtime: number;
  /** The document's text at that revision. */
  text: string;
  base: JsonObject;
}

/**
 * Keeps the base of every dirty document. Hot exit brings the person's text back after a reload; without its base a
 * save could not tell their changes from somebody else's. All workspaces share one folder with a folder for each
 * connection, so that nothing of a connection is left when it is removed, whichever workspace wrote it.
 */
export class BaseStore {
  private queue: Promise<void> = Promise.resolve();

  /**
   * @param folder what all workspaces share
   * @param workspace tells this workspace's documents from those of others
   */
  constructor(
    private readonly folder: vscode.Uri,
    private readonly workspace: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The stored base, `undefined` when there is none or it cannot be read. */
  async read(uri: vscode.Uri): Promise<StoredBase | undefined> {
    await this.queue;
    let bytes: Uint8Array;
    try {
      bytes = await vscode.workspace.fs.readFile(this.file(uri));
    } catch {
      return undefined; // No file is the ordinary case: the document was clean.
    }
    try {
      const parsed = v.parse(storedBaseSchema, parseJson(new TextDecoder().decode(bytes)));
      return parsed.uri === uri.toString() ? { ...parsed, base: parsed.base as JsonObject } : undefined;
    } catch (error) {
      this.log.warn(`The stored base of ${uri.path} could not be read: ${String(error)}`);
      return undefined;
    }
  }

  /** Writes in the order of the calls. A failure is logged: the document stays usable in this window. */
  write(uri: vscode.Uri, { mtime, text, base }: Omit<StoredBase, 'uri'>): Promise<void> {
    return this.enqueue(async () => {
      const bytes = new TextEncoder().encode(JSON.stringify({ uri: uri.toString(), mtime, text, base }));
      // Makes the folders too.
      await vscode.workspace.fs.writeFile(this.file(uri), bytes);
    });
  }

  remove(uri: vscode.Uri): Promise<void> {
    return this.enqueue(() => deleteIfThere(this.file(uri)));
  }

  /** Removes the bases of all documents of a connection, also those that other workspaces keep. */
  removeConnection(connectionId: string): Promise<void> {
    return this.enqueue(() => deleteIfThere(this.connectionFolder(connectionId)));
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      this.log.warn(`The base of a changed document could not be kept or removed: ${String(error)}`);
    });
    return this.queue;
  }

  private connectionFolder(connectionId: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, shortHash(connectionId));
  }

  private file(uri: vscode.Uri): vscode.Uri {
    const name = shortHash(`${this.workspace} ${uri.toString()}`);
    return vscode.Uri.joinPath(this.connectionFolder(uri.authority), `${name}.json`);
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function deleteIfThere(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true });
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) {
      throw error;
    }
  }
}
