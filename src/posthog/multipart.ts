import { safeCause } from './causes';
import { PostHogError, isPostHogError } from './errors';
import { nothingUploaded } from './outcomePhrases';
import type { StreamBody } from './request';

/** A file on its way to the server. */
export interface FileUpload {
  /** The table's name. */
  name: string;
  format: string;
  fileName: string;
  sizeBytes: number;
  /** Opens the file from its start; called again if the request has to be sent again. */
  stream(): ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * Builds the `multipart/form-data` body of an upload (API facts 2.7). It's produced while it's being sent, so no more
 * than one chunk of the file is in memory at a time.
 *
 * @param fields sent before the file
 * @param onProgress called with the bytes of the file handed to the connection so far
 */
export function multipartBody(
  upload: FileUpload,
  fields: Readonly<Record<string, string>>,
  onProgress: (sentBytes: number) => void,
): StreamBody {
  const boundary = `posthog-environments-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = encoder.encode(
    Object.entries(fields)
      .map(([name, value]) => field(name, value))
      .join('') +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${escapeName(upload.fileName)}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  let failure: PostHogError | undefined;

  async function* parts(): AsyncGenerator<Uint8Array> {
    failure = undefined;
    yield head;
    let sentBytes = 0;
    try {
      for await (const chunk of upload.stream()) {
        sentBytes += chunk.byteLength;
        if (sentBytes > upload.sizeBytes) {
          break;
        }
        yield chunk;
        onProgress(sentBytes);
      }
    } catch (error) {
      throw (failure = isPostHogError(error)
        ? error
        : unreadable(upload.fileName, 'It may have been moved or deleted, or be locked.', safeCause(error)));
    }
    if (sentBytes !== upload.sizeBytes) {
      throw (failure = unreadable(upload.fileName, 'It changed while it was being sent.'));
    }
    yield tail;
  }

  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: head.byteLength + upload.sizeBytes + tail.byteLength,
    open: () => streamOf(parts()),
    failure: () => failure,
  };
}

/** A stream that doesn't read ahead, so that a slow connection slows down reading the file. */
function streamOf(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await parts.next();
        if (next.done === true) {
          controller.close();
        } else {
          controller.enqueue(next.value);
        }
      },
      async cancel() {
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Escapes file names in forms the way browsers do. */
const escapeName = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const unreadable = (fileName: string, why: string, cause?: Error): PostHogError =>
  new PostHogError({
    kind: 'file-unreadable',
    what: `Couldn't read ${fileName} to its end.`,
    why,
    remedy: `${nothingUploaded} Check the file and try again.`,
    cause,
  });
