import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/** A text as part of a file name. */
export const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The folder for what is stored for one connection, so that removing a connection removes everything. */
export const connectionFolder = (folder: vscode.Uri, connectionId: string): vscode.Uri =>
  vscode.Uri.joinPath(folder, shortHash(connectionId));

/** Reads something stored; `undefined` if it doesn't exist. */
export async function unlessMissing<T>(read: () => PromiseLike<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
      return undefined;
    }
    throw error;
  }
}

/** Deletes a file, or a folder with everything in it. If it doesn't exist, that's fine. */
export async function deleteIfThere(uri: vscode.Uri): Promise<void> {
  await unlessMissing(() => vscode.workspace.fs.delete(uri, { recursive: true }));
}
