import * as vscode from 'vscode';
import type { UploadSource } from '../../operations/table/uploadSource';
import { localFile, unpackedHead, unusable } from '../../platform/localFile';
import { fileNameProblem, fileSizeProblem, lookBytes, sizeText } from '../../warehouse/uploadFile';

/** The largest file to read into memory, where only VS Code can read it: 10 MB. */
const maxInMemoryBytes = 10 * 1024 * 1024;

/**
 * A file from any file system that VS Code knows. Local files are streamed; others can only be read as a whole and have
 * to be small.
 *
 * @throws PostHogError `file-unreadable`
 */
export async function uploadSource(uri: vscode.Uri): Promise<UploadSource> {
  if (uri.scheme === 'file') {
    return localFile(uri.fsPath);
  }
  const fileName = uri.path.split('/').at(-1) ?? '';
  const stats = await readable(fileName, () => vscode.workspace.fs.stat(uri));
  const problem =
    stats.type === vscode.FileType.Directory
      ? 'It is a folder. Choose a file.'
      : (fileNameProblem(fileName) ?? fileSizeProblem(stats.size) ?? memoryProblem(uri, stats.size));
  if (problem !== undefined) {
    throw unusable(fileName, problem);
  }
  const content = await readable(fileName, () => vscode.workspace.fs.readFile(uri));
  return {
    fileName,
    sizeBytes: content.byteLength,
    ...unpackedHead(content.subarray(0, lookBytes)),
    stream: async function* () {
      yield content;
    },
  };
}

function memoryProblem({ scheme }: vscode.Uri, sizeBytes: number): string | undefined {
  return sizeBytes > maxInMemoryBytes
    ? `It is in the file system "${scheme}", which only supports reading whole files, and it is too large for that (${sizeText(sizeBytes)}, limit 10 MB). Copy it to this computer first.`
    : undefined;
}

async function readable<T>(fileName: string, read: () => Thenable<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unusable(
      fileName,
      error instanceof vscode.FileSystemError ? error.message : "It couldn't be read.",
    );
  }
}
