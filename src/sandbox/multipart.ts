import { Busboy } from '@fastify/busboy';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiError } from './errors';
import type { JsonObject } from './json';

/** An uploaded file. `content` is cut off at the limit; `sizeBytes` counts everything received. */
export interface MultipartFile {
  field: string;
  filename: string;
  sizeBytes: number;
  content: Buffer;
}

/** A multipart body. */
export interface Multipart {
  /** The last value of each name. */
  fields: Record<string, string>;
  /** Every value, in order. */
  pairs: (readonly [string, string])[];
  files: MultipartFile[];
}

/**
 * Reads a multipart body to its end, whatever its size, keeping no more of a file than the limit.
 *
 * @throws 400 `parse_error` for an invalid multipart body
 */
export async function readMultipart(
  body: IncomingMessage,
  contentType: string,
  maxFileBytes: number,
): Promise<Multipart> {
  const result: Multipart = { fields: {}, pairs: [], files: [] };
  const headers: IncomingHttpHeaders & { 'content-type': string } = { 'content-type': contentType };
  await new Promise<void>((resolve, reject) => {
    const malformed = (error: unknown): void => {
      const reason = error instanceof Error ? error.message : 'Invalid boundary';
      body.unpipe();
      body.resume();
      reject(new ApiError(400, 'invalid_request', 'parse_error', `Multipart form parse error - ${reason}`));
    };
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({ headers, preservePath: true });
    } catch (error) {
      malformed(error);
      return;
    }
    parser.on('field', (name: string, value: string) => {
      result.fields[name] = value;
      result.pairs.push([name, value]);
    });
    parser.on('file', (field, stream, filename) => {
      const chunks: Buffer[] = [];
      const file: MultipartFile = { field, filename, sizeBytes: 0, content: Buffer.alloc(0) };
      result.files.push(file);
      stream.on('data', (chunk: Buffer) => {
        file.sizeBytes += chunk.length;
        if (file.sizeBytes <= maxFileBytes) {
          chunks.push(chunk);
        }
      });
      stream.on('end', () => {
        file.content = Buffer.concat(chunks);
      });
    });
    parser.on('finish', () => resolve());
    parser.on('error', malformed);
    body.on('error', malformed);
    body.pipe(parser);
  });
  return result;
}

/** What the request log can keep of a multipart body: no file contents. */
export function describeMultipart(parts: Multipart): JsonObject {
  return {
    ...parts.fields,
    files: parts.files.map(({ field, filename, sizeBytes }) => ({ field, filename, sizeBytes })),
  };
}
