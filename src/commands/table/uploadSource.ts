import * as vscode from 'vscode';
import type { UploadSource } from '../../operations/table/uploadSource';
import { localFile, unpackedHead, unusable } from '../../platform/localFile';
import { fileNameProblem, fileSizeProblem, lookBytes, sizeText } from '../../warehouse/uploadFile';

/** The largest file that is taken whole into memory, because only VS Code can read it: 10 MB. */
const maxInMemoryBytes = 10 * 1024 * 1024;

/**
 * A file of any place that VS Code knows. Files of this machine are streamed; those of another file system can only
 * be read whole, so they have to be small.
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
      ? 'It is a folder: choose one file at a time.'
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
    ? `It is in the file system "${scheme}", which can only be read whole, and ${sizeText(sizeBytes)} are too much for that: the limit is 10 MB. Copy it to this machine first.`
    : undefined;
}

async function readable<T>(fileName: string, read: () => Thenable<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unusable(
      fileName,
      error instanceof vscode.FileSystemError ? error.message : 'It could not be read.',
    );
  }
}
