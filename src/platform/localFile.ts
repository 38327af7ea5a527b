import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { fileNameProblem, fileSizeProblem, lookBytes } from '../warehouse/uploadFile';
import type { UploadSource } from '../operations/table/uploadSource';
import { PostHogError, isPostHogError } from '../posthog/errors';

/** Chunks of a file live in a few buffers used in turn: one for each chunk would grow the memory by the whole file. */
const chunkBytes = 256 * 1024;
const chunkBuffers = 3;

/**
 * Looks at a file without reading it: whether it is one, its size and its first bytes.
 *
 * @throws PostHogError `file-unreadable` for a folder, an empty or too large file, or one that cannot be read.
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

/** The first bytes of what a file holds, also when it is packed. */
export function unpackedHead(head: Uint8Array): Pick<UploadSource, 'head' | 'isGzip'> {
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    return { head, isGzip: false };
  }
  try {
    // Only the beginning is there: what has come out when it ends is all that is wanted.
    const content = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    return { head: content.subarray(0, lookBytes), isGzip: true };
  } catch {
    return { head, isGzip: true }; // Damaged: the server will say so.
  }
}

/** The failure of a file that cannot be uploaded. `reason` says why, and what to do where that helps. */
export function unusable(fileName: string, reason: string): PostHogError {
  return new PostHogError({
    kind: 'file-unreadable',
    what: `${fileName} cannot be uploaded.`,
    why: reason,
    remedy: 'Nothing was sent.',
  });
}

function refuse(fileName: string, problem: string | undefined): void {
  if (problem !== undefined) {
    throw unusable(fileName, problem);
  }
}

const notAFile = (stats: Stats): string =>
  stats.isDirectory() ? 'It is a folder. Choose a file.' : 'It is no ordinary file.';

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

/** A file that is written while it is sent would arrive as a mixture. */
async function refuseChanged(handle: FileHandle, path: string, expected: Stats): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  if (size !== expected.size || mtimeMs !== expected.mtimeMs) {
    throw new PostHogError({
      kind: 'file-unreadable',
      what: `${basename(path)} changed while it was sent.`,
      why: 'Something is writing to it.',
      remedy: 'Nothing was uploaded. Wait until it is complete and try again.',
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'It is not there any more.';
    case 'EACCES':
    case 'EPERM':
      return 'You have no permission to read it.';
    default:
      return "It couldn't be read.";
  }
}
