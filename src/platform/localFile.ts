import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { fileNameProblem, fileSizeProblem, lookBytes } from '../warehouse/uploadFile';
import type { UploadSource } from '../operations/table/uploadSource';
import { PostHogError, isPostHogError } from '../posthog/errors';
import { nothingSent, nothingUploaded } from '../posthog/outcomePhrases';

/**
 * Chunks of a file are read into a few buffers in turn: a buffer per chunk would use as much memory as the whole file.
 */
const chunkBytes = 256 * 1024;
const chunkBuffers = 3;

/**
 * Checks a file without reading all of it: that it is a file, its size, and its first bytes.
 *
 * @throws PostHogError `file-unreadable` for a folder, an empty or too large file, or one that can't be read
 */
export async function localFile(path: string): Promise<UploadSource> {
  const fileName = basename(path);
  try {
    const stats = await stat(path);
    refuse(fileName, stats.isFile() ? fileNameProblem(fileName) : notAFile(stats));
    refuse(fileName, fileSizeProblem(stats.size));
    const head = unpackedHead(await readHead(path));
    return { fileName, sizeBytes: stats.size, ...head, stream: () => chunksOf(path, stats) };
  } catch (error) {
    throw isPostHogError(error) ? error : unusable(fileName, reasonOf(error));
  }
}

/** The first bytes of a file's contents, decompressed if necessary. */
export function unpackedHead(head: Uint8Array): Pick<UploadSource, 'head' | 'isGzip'> {
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    return { head, isGzip: false };
  }
  try {
    // Only the start was read: whatever was decompressed before the error is enough.
    const content = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    return { head: content.subarray(0, lookBytes), isGzip: true };
  } catch {
    return { head, isGzip: true }; // Damaged: the server will report it.
  }
}

/** The failure of a file that can't be uploaded. `reason` says why, and what to do if that helps. */
export function unusable(fileName: string, reason: string): PostHogError {
  return new PostHogError({
    kind: 'file-unreadable',
    what: `${fileName} can't be uploaded.`,
    why: reason,
    remedy: nothingSent,
  });
}

function refuse(fileName: string, problem: string | undefined): void {
  if (problem !== undefined) {
    throw unusable(fileName, problem);
  }
}

const notAFile = (stats: Stats): string =>
  stats.isDirectory() ? 'It is a folder. Choose a file.' : "It isn't a regular file.";

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(lookBytes), 0, lookBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function* chunksOf(path: string, expected: Stats): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    await refuseChanged(handle, path, expected);
    const buffers = Array.from({ length: chunkBuffers }, () => new Uint8Array(chunkBytes));
    for (let turn = 0; ; turn = (turn + 1) % chunkBuffers) {
      const buffer = buffers[turn] ?? new Uint8Array(chunkBytes);
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) {
        break;
      }
      yield buffer.subarray(0, bytesRead);
    }
    await refuseChanged(handle, path, expected);
  } finally {
    await handle.close();
  }
}

/** A file that is written to during the upload would arrive inconsistent. */
async function refuseChanged(handle: FileHandle, path: string, expected: Stats): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  if (size !== expected.size || mtimeMs !== expected.mtimeMs) {
    throw new PostHogError({
      kind: 'file-unreadable',
      what: `${basename(path)} changed during the upload.`,
      why: 'Another program is writing to it.',
      remedy: `${nothingUploaded} Wait until the file is complete, then try again.`,
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'It no longer exists.';
    case 'EACCES':
    case 'EPERM':
      return "You don't have permission to read it.";
    default:
      return "It couldn't be read.";
  }
}
