import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { HistoryStore } from '../operations/history/history';
import { connectionFolder, deleteIfThere, unlessMissing } from './connectionFolders';

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
      vscode.workspace.fs.readDirectory(connectionFolder(this.folder, connectionId)),
    );
    return (files ?? []).flatMap(([name]) =>
      name.endsWith(extension) ? [name.slice(0, -extension.length)] : [],
    );
  }

  async remove(connectionId: string, name: string): Promise<void> {
    await deleteIfThere(this.file(connectionId, name));
  }

  async removeConnection(connectionId: string): Promise<void> {
    await deleteIfThere(connectionFolder(this.folder, connectionId));
  }

  private file(connectionId: string, name: string): vscode.Uri {
    return vscode.Uri.joinPath(connectionFolder(this.folder, connectionId), `${name}${extension}`);
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
