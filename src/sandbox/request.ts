import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiError, invalid, unsupportedMediaType } from './errors';
import { formBody, formOf } from './form';
import type { Form, FormShape } from './form';
import { isJsonObject, parseJson, pythonTypeName } from './json';
import type { JsonObject, JsonValue } from './json';
import { describeMultipart, readMultipart } from './multipart';
import type { Multipart } from './multipart';
import type { ApiKey, State, User } from './state';

const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** The upload limit, and how much of an uploaded file is kept (API facts 2.7). */
export const MAX_FILE_BYTES = 52_428_800;

/** A request as endpoints see it. */
export interface SandboxRequest {
  method: string;
  /** Path without the query. */
  path: string;
  query: URLSearchParams;
  /** The query as sent, including its question mark; empty without one. */
  search: string;
  /** Scheme, host and port the client used, for absolute `next` links. */
  origin: string;
  header(name: string): string | undefined;
  headers: IncomingHttpHeaders;
  /** The parsed body; read once and cached. For a form, the last value of each name. */
  body(): Promise<JsonValue | undefined>;
  /** The parsed body; if it is a form, its fields are read as `shape` says. */
  shapedBody(shape: FormShape): Promise<JsonValue | undefined>;
  /** The body with its files if it is multipart. */
  multipart(): Promise<Multipart | undefined>;
  /** The JSON text as sent; undefined for other bodies. */
  jsonText(): string | undefined;
  /** What the request log can keep of the body, once it has been read. */
  seenBody(): JsonValue | undefined;
}

/** A parsed body. */
interface Parsed {
  value: JsonValue | undefined;
  form?: Form;
  multipart?: Multipart;
  jsonText?: string;
}

/** A request whose key is valid. */
export interface Caller {
  state: State;
  request: SandboxRequest;
  key: ApiKey;
  user: User;
  params: Record<string, string>;
  /** Resolves host names of URL patterns. */
  resolveHost: (name: string) => Promise<string[]>;
}

/** Wraps Node's request. */
export function sandboxRequest(stream: IncomingMessage, origin: string): SandboxRequest {
  const url = new URL(stream.url ?? '/', origin);
  let reading: Promise<Parsed> | undefined;
  let done: Parsed | undefined;
  const header = (name: string): string | undefined => {
    const value = stream.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const read = (): Promise<Parsed> => {
    reading ??= readBody(stream, header('content-type') ?? '').then((parsed) => {
      done = parsed;
      return parsed;
    });
    return reading;
  };
  return {
    method: stream.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    search: url.search,
    origin,
    header,
    headers: stream.headers,
    body: async () => (await read()).value,
    shapedBody: async (shape) => {
      const { form, value } = await read();
      return form ? formBody(form, shape) : value;
    },
    multipart: async () => (await read()).multipart,
    jsonText: () => done?.jsonText,
    seenBody: () => (done?.multipart ? describeMultipart(done.multipart) : done?.value),
  };
}

/** The client closed its connection, possibly after sending everything but before it was read. */
function hasLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

async function readBody(stream: IncomingMessage, contentType: string): Promise<Parsed> {
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'multipart/form-data') {
    const multipart = await readMultipart(stream, contentType, MAX_FILE_BYTES);
    const form = formOf(multipart.pairs);
    return { value: formBody(form), form, multipart };
  }
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      }
    }
  } catch (error) {
    if (stream.complete && !hasLeft(error)) {
      throw error;
    }
    throw new ApiError(400, 'invalid_request', 'parse_error', 'The connection ended before the body did.');
  }
  if (sizeBytes > MAX_BODY_BYTES) {
    throw new ApiError(413, 'server_error', 'error', 'Request body exceeded the maximum size.');
  }
  if (sizeBytes === 0) {
    return { value: undefined };
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) {
    return { value: readJson(text), jsonText: text };
  }
  if (mediaType === 'application/x-www-form-urlencoded') {
    const form = formOf(new URLSearchParams(text));
    return { value: formBody(form), form };
  }
  throw unsupportedMediaType(contentType);
}

function readJson(text: string): JsonValue {
  try {
    return parseJson(text) as JsonValue;
  } catch (error) {
    const at = Number(/position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? 0);
    const lines = text.slice(0, at).split('\n');
    const column = (lines.at(-1) ?? '').length + 1;
    throw new ApiError(
      400,
      'invalid_request',
      'parse_error',
      `JSON parse error - Expecting value: line ${lines.length} column ${column} (char ${at})`,
    );
  }
}

/**
 * The body as a serializer expects it: an object, empty if nothing was sent.
 *
 * @param shape how the fields of a form are read
 */
export async function objectBody(request: SandboxRequest, shape?: FormShape): Promise<JsonObject> {
  const body = (await (shape ? request.shapedBody(shape) : request.body())) ?? {};
  if (isJsonObject(body)) {
    return body;
  }
  throw invalid(`Invalid data. Expected a dictionary, but got ${pythonTypeName(body)}.`);
}
