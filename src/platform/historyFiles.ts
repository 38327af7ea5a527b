import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { HistoryStore } from '../operations/history/history';

const extension = '.json';

/**
 * The history in files: one per entry, so that two windows never overwrite each other's; in a folder per connection, so
 * that removing a connection removes everything.
 */
export class HistoryFiles implements HistoryStore {
  /** @param folder shared by all workspaces */
  constructor(private readonly folder: vscode.Uri) {}

  async write(connectionId: string, name: string, text: string): Promise<void> {
    const file = this.file(connectionId, name);
    // A save waits for this, and VS Code's own API checks the parent folders each time.
    if (file.scheme === 'file' && (await wrote(file.fsPath, text))) {
      return;
    }
    // Creates the folders, too.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }

  async read(connectionId: string, name: string): Promise<string | undefined> {
    return unlessMissing(async () =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(this.file(connectionId, name))),
    );
  }

  async names(connectionId: string): Promise<readonly string[]> {
    const files = await unlessMissing(() =>
      Promise.resolve(vscode.workspace.fs.readDirectory(this.connectionFolder(connectionId))),
    );
    return (files ?? []).flatMap(([name]) =>
      name.endsWith(extension) ? [name.slice(0, -extension.length)] : [],
    );
  }

  async remove(connectionId: string, name: string): Promise<void> {
    await unlessMissing(() => Promise.resolve(vscode.workspace.fs.delete(this.file(connectionId, name))));
  }

  async removeConnection(connectionId: string): Promise<void> {
    await unlessMissing(() =>
      Promise.resolve(vscode.workspace.fs.delete(this.connectionFolder(connectionId), { recursive: true })),
    );
  }

  private connectionFolder(connectionId: string): vscode.Uri {
    const name = createHash('sha256').update(connectionId).digest('hex').slice(0, 32);
    return vscode.Uri.joinPath(this.folder, name);
  }

  private file(connectionId: string, name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.connectionFolder(connectionId), `${name}${extension}`);
  }
}

/** @returns whether there is a folder for it */
async function wrote(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
      return undefined;
    }
    throw error;
  }
}
