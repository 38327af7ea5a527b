import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { HistoryStore } from '../operations/history/history';
import {
  connectionFolder,
  deleteFile,
  deleteFolder,
  isMissing,
  unlessMissing,
  writeStored,
} from './connectionFolders';

const extension = '.json';
/** Most entries have fewer characters. */
const shortText = 20_000;

/**
 * The history in files: one per entry, so that two windows never overwrite each other's; in a folder per connection, so
 * that removing a connection removes everything.
 */
export class HistoryFiles implements HistoryStore {
  /** @param folder shared by all workspaces */
  constructor(private readonly folder: vscode.Uri) {}

  async write(connectionId: string, name: string, text: string): Promise<void> {
    const file = this.file(connectionId, name);
    if (!wroteNow(file, text)) {
      await writeStored(file, text);
    }
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
    await deleteFile(this.file(connectionId, name));
  }

  async removeConnection(connectionId: string): Promise<void> {
    await deleteFolder(connectionFolder(this.folder, connectionId));
  }

  private file(connectionId: string, name: string): vscode.Uri {
    return vscode.Uri.joinPath(connectionFolder(this.folder, connectionId), `${name}${extension}`);
  }
}

/**
 * Writes a short text synchronously. A save waits for its entry before it sends anything, and in a busy extension host,
 * the turns of an asynchronous write take several times longer than the write itself.
 *
 * @returns whether its folder exists
 */
function wroteNow({ scheme, fsPath }: vscode.Uri, text: string): boolean {
  if (scheme !== 'file' || text.length > shortText) {
    return false;
  }
  try {
    writeFileSync(fsPath, text);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}
