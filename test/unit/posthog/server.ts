import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { PostHogClient } from '../../../src/posthog/client';
import type { ClientOptions } from '../../../src/posthog/client';
import { isStop } from '../../../src/posthog/errors';
import type { Canceled, PostHogError, PostHogErrorKind, Stop } from '../../../src/posthog/errors';
import { fetchTransport } from '../../../src/posthog/http';
import type { ServerProfile, WarehouseTable } from '../../../src/posthog/models';
import type { Uploads } from '../../../src/posthog/uploads';
import assert from 'node:assert/strict';

export const KEY = 'phx_testKeyOfNobody0123456789abcdef';

/** A request as the scripted server saw it. */
export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Responds to one request. The return value is sent as JSON with 200; undefined means that it has responded itself. */
export type Script = (seen: Seen, response: ServerResponse, request: IncomingMessage) => unknown;

/** A loopback server that responds as scripted, and records its requests. */
export class ScriptedServer {
  readonly seen: Seen[] = [];
  script: Script = () => ({});
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests, as `METHOD path`. */
  get calls(): string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`);
  }

  /** Clears the requests and sets a new script. */
  play(script: Script): void {
    this.seen.length = 0;
    this.script = script;
  }

  /** Responds to each request with the next script. */
  playInTurn(...scripts: Script[]): void {
    let turn = 0;
    this.play((seen, response, request) => {
      const script = scripts[Math.min(turn, scripts.length - 1)];
      turn += 1;
      return script?.(seen, response, request);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
    } catch {
      return; // The client hung up, which the test notices on its side.
    }
    const seen: Seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    this.seen.push(seen);
    const answer = await this.script(seen, response, request);
    if (answer !== undefined) {
      sendJson(response, 200, answer);
    }
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): undefined {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'text/html; charset=utf-8',
): undefined {
  response.writeHead(status, { 'Content-Type': contentType });
  response.end(body);
}

/** The error envelope of API facts 1.5. */
export const refuse =
  (status: number, detail: string, facts: { code?: string; attr?: string } = {}): Script =>
  (_seen, response) =>
    sendJson(response, status, { type: 'x', code: facts.code ?? 'x', detail, attr: facts.attr ?? null });

export const CURRENT: ServerProfile = { generation: 'current', settingsRoute: 'projects' };
export const DOCUMENTED: ServerProfile = { generation: 'documented', settingsRoute: 'nested' };

/**
 * A client of the scripted server that doesn't really wait before a retry.
 *
 * @param options `profile: null` for a server that nothing is known about; otherwise, it's a current one.
 */
export function clientOf(
  server: { origin: string },
  options: Partial<Omit<ClientOptions, 'profile'>> & { profile?: ServerProfile | null } = {},
): PostHogClient {
  const { profile = CURRENT, ...others } = options;
  return new PostHogClient({
    origin: server.origin,
    key: async () => KEY,
    transport: fetchTransport,
    userAgent: 'test/1.0',
    sleep: async (_durationMs, signal) => signal.throwIfAborted(),
    ...others,
    ...(profile !== null && { profile }),
  });
}

/** A signal that is never aborted. */
export const never = (): AbortSignal => new AbortController().signal;

/** Waits for a rejection with one of our errors, checks its kind and that it has a message without the key. */
export async function rejected(work: Promise<unknown>, kind: 'canceled'): Promise<Canceled>;
export async function rejected(work: Promise<unknown>, kind?: PostHogErrorKind): Promise<PostHogError>;
export async function rejected(work: Promise<unknown>, kind?: Stop['kind']): Promise<Stop> {
  const error: unknown = await work.then(
    () => assert.fail('should have been rejected'),
    (reason: unknown) => reason,
  );
  assert.ok(isStop(error), `not a PostHogError: ${String(error)}`);
  if (kind !== undefined) {
    assert.equal(error.kind, kind, error.message);
  }
  assert.ok(error.what.length > 10, 'says what happened');
  assert.ok(!`${JSON.stringify(error)}${inspect(error)}`.includes(KEY), 'never contains the key');
  return error;
}

/** Uploads with the older action. */
export async function uploadFile(
  client: PostHogClient,
  ...upload: Parameters<Uploads['file']>
): Promise<WarehouseTable | undefined> {
  return (await client.uploads()).file(...upload);
}
