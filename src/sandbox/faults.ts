import type { ServerResponse } from 'node:http';
import { isJsonObject } from './json';
import type { JsonObject, JsonValue } from './json';
import type { Reply } from './errors';
import type { Fault, FaultKind } from './types';

/** Faults waiting for matching requests. */
export class Faults {
  private readonly waiting: { fault: Fault; left: number; matches: RegExp }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, left: fault.times ?? Infinity, matches: pattern(fault.route.path) });
  }

  clear(): void {
    this.waiting.length = 0;
  }

  /** The faults that apply to a request: every latency and the first other one. Decrements their counts. */
  take(method: string, path: string): Fault[] {
    const taken: Fault[] = [];
    for (const entry of [...this.waiting]) {
      const { fault } = entry;
      const wanted = fault.route.method?.toUpperCase();
      const second = fault.kind !== 'latency' && taken.some((item) => item.kind !== 'latency');
      if (second || (wanted !== undefined && wanted !== method) || !entry.matches.test(path)) {
        continue;
      }
      taken.push(fault);
      entry.left -= 1;
      if (entry.left <= 0) {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
      }
    }
    return taken;
  }
}

/** A pattern with `*` must match the whole path; one without is a prefix. A trailing slash never matters. */
function pattern(path: string): RegExp {
  const bare = path.replace(/\/$/, '');
  const escaped = bare.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  if (!bare.includes('*')) {
    return new RegExp(`^${escaped}`);
  }
  const open = escaped.replaceAll('**', '\u0000').replaceAll('*', '[^/]*').replaceAll('\u0000', '.*');
  return new RegExp(`^${open}/?$`);
}

/** A fault's response in place of the endpoint's; null if the endpoint still has to run. */
export function answerBefore(fault: Fault): Reply | null {
  const retryAfterSeconds = fault.retryAfterSeconds ?? 1;
  switch (fault.kind) {
    case 'status-429':
      return {
        status: 429,
        body: {
          type: 'throttled_error',
          code: 'throttled',
          detail: `Request was throttled. Expected available in ${retryAfterSeconds} second${retryAfterSeconds === 1 ? '' : 's'}.`,
          attr: null,
        },
        headers: { 'Retry-After': String(retryAfterSeconds) },
      };
    case 'status-500':
      return serverFailure();
    case 'status-503':
      return {
        status: 503,
        body: {
          type: 'server_error',
          code: 'error',
          detail: 'Queries are a little too busy right now. Please try again in a few minutes.',
          attr: null,
        },
        ...(fault.retryAfterSeconds === undefined
          ? {}
          : { headers: { 'Retry-After': String(fault.retryAfterSeconds) } }),
      };
    default:
      return null;
  }
}

/** The 500 for an unexpected failure. */
export function serverFailure(): Reply {
  return {
    status: 500,
    body: { type: 'server_error', code: 'error', detail: 'A server error occurred.', attr: null },
  };
}

/** The page a load balancer shows while the application is down. */
export const BAD_GATEWAY_HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';

/** Kinds that respond without running the endpoint. */
export function stopsBefore(kind: FaultKind): boolean {
  return (
    kind === 'drop-before' ||
    kind === 'html-502' ||
    (kind.startsWith('status-') && kind !== 'status-500-after')
  );
}

/** A response that differs from what was written: the first written key has another value. */
export function differentAnswer(reply: Reply, written: JsonValue | undefined): Reply {
  if (!isJsonObject(reply.body)) {
    return reply;
  }
  const body: JsonObject = { ...reply.body };
  const sent = isJsonObject(written) ? Object.keys(written) : [];
  const name = sent.find((key) => Object.hasOwn(body, key)) ?? Object.keys(body)[0];
  if (name !== undefined) {
    body[name] = another(body[name]);
  }
  return { ...reply, body };
}

function another(value: JsonValue | undefined): JsonValue {
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value + 1;
    case 'string':
      return `${value} (changed)`;
    default:
      return value === null || value === undefined ? 'changed' : null;
  }
}

/** Sends the headers and half the body, then drops the connection. */
export function sendHalf(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}
