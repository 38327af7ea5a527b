import { createHash } from 'node:crypto';
import { rm, unlink, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';

/** A text as part of a file name. */
export const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Names of the folders of connections, which each save needs several times. */
const folderNames = new Map<string, string>();

/** The folder for what is stored for one connection, so that removing a connection removes everything. */
export function connectionFolder(folder: vscode.Uri, connectionId: string): vscode.Uri {
  const name = folderNames.get(connectionId) ?? shortHash(connectionId);
  folderNames.set(connectionId, name);
  return vscode.Uri.joinPath(folder, name);
}

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

/**
 * Writes a file, and creates its folders. Saves wait for this, so it avoids VS Code's own API if possible: that checks
 * the parent folders each time, and asks the window about the file system.
 */
export async function writeStored(file: vscode.Uri, text: string): Promise<void> {
  if (file.scheme === 'file' && (await wrote(file.fsPath, text))) {
    return;
  }
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
}

/** @returns whether its folder exists */
async function wrote(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

/** Whether Node couldn't find a file, or the folder of one. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Deletes a file. If it doesn't exist, that's fine. */
export async function deleteFile(uri: vscode.Uri): Promise<void> {
  if (uri.scheme !== 'file') {
    await unlessMissing(() => vscode.workspace.fs.delete(uri));
    return;
  }
  try {
    await unlink(uri.fsPath);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
}

/** Deletes a folder with everything in it. If it doesn't exist, that's fine. */
export async function deleteFolder(uri: vscode.Uri): Promise<void> {
  if (uri.scheme === 'file') {
    await rm(uri.fsPath, { recursive: true, force: true });
    return;
  }
  await unlessMissing(() => vscode.workspace.fs.delete(uri, { recursive: true }));
}
