import type { IncomingMessage } from 'node:http';
import { ApiError, invalid, unsupportedMediaType } from './errors';
import { isJsonObject, pythonTypeName, setKey } from './json';
import type { JsonObject, JsonValue } from './json';
import { readMultipart } from './multipart';
import type { ApiKey, State, User } from './state';

const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** A request as endpoints see it. */
export interface SandboxRequest {
  method: string;
  /** Path without the query. */
  path: string;
  query: URLSearchParams;
  /** The query as it was written, with its question mark; empty without one. */
  search: string;
  /** Scheme, host and port the client used, for absolute `next` links. */
  origin: string;
  header(name: string): string | undefined;
  /** The untouched stream: multipart uploads read it themselves. */
  stream: IncomingMessage;
  /** The parsed body; read once and kept. */
  body(): Promise<JsonValue | undefined>;
  /** What the request log may keep of the body, once it was read. */
  seenBody(): JsonValue | undefined;
  /** Tells the log what a streamed body held. */
  noteBody(body: JsonValue): void;
}

/** A request whose key was accepted. */
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
  let parsed: Promise<JsonValue | undefined> | undefined;
  let seen: JsonValue | undefined;
  const header = (name: string): string | undefined => {
    const value = stream.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    method: stream.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    search: url.search,
    origin,
    header,
    stream,
    body: () => {
      parsed ??= readBody(stream, header('content-type') ?? '').then((body) => {
        seen = body;
        return body;
      });
      return parsed;
    },
    seenBody: () => seen,
    noteBody: (body) => {
      seen = body;
    },
  };
}

async function readBody(stream: IncomingMessage, contentType: string): Promise<JsonValue | undefined> {
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'multipart/form-data') {
    const parts = await readMultipart(stream, contentType, 0);
    return formFields(Object.entries(parts.fields));
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
    if (stream.complete) {
      throw error;
    }
    throw new ApiError(400, 'invalid_request', 'parse_error', 'The connection ended before the body did.');
  }
  if (sizeBytes > MAX_BODY_BYTES) {
    throw new ApiError(413, 'invalid_request', 'invalid_input', 'Request body exceeded the maximum size.');
  }
  if (sizeBytes === 0) {
    return undefined;
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) {
    return parseJson(text);
  }
  if (mediaType === 'application/x-www-form-urlencoded') {
    return formFields(new URLSearchParams(text));
  }
  throw unsupportedMediaType(contentType);
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
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

/** Form fields as an object; a repeated one becomes a list. */
export function formFields(fields: Iterable<[string, string]>): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of fields) {
    const before = Object.hasOwn(result, name) ? result[name] : undefined;
    setKey(
      result,
      name,
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value],
    );
  }
  return result;
}

/** The body as a serializer wants it: an object, empty when nothing was sent. */
export async function objectBody(request: SandboxRequest): Promise<JsonObject> {
  const body = (await request.body()) ?? {};
  if (isJsonObject(body)) {
    return body;
  }
  throw invalid(`Invalid data. Expected a dictionary, but got ${pythonTypeName(body)}.`);
}
