import assert from 'node:assert/strict';
import { startSandbox } from '../../../src/sandbox/index';
import type { Generation, KeyName, Sandbox, SandboxOptions } from '../../../src/sandbox/index';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';

/** IDs of the demo scenario. */
export const DEVELOPMENT = 1201;
export const STAGING = 1202;
export const PRODUCTION = 1203;
export const SHOP = 1201;
export const PLAYGROUND = 2100;

export interface Answer {
  status: number;
  text: string;
  body: JsonValue | undefined;
  headers: Headers;
}

export interface Call {
  key?: KeyName | null;
  body?: unknown;
  headers?: Record<string, string>;
  raw?: BodyInit;
  signal?: AbortSignal;
}

export interface Harness {
  sandbox: Sandbox;
  call(method: string, path: string, options?: Call): Promise<Answer>;
}

/** Starts a sandbox before the tests of a block and stops it after them. */
export function sandboxFor(options: SandboxOptions = {}): Harness {
  let running: Sandbox | undefined;
  before(async () => {
    running = await startSandbox(options);
  });
  after(async () => {
    await running?.close();
  });
  const harness = {
    get sandbox(): Sandbox {
      assert.ok(running, "the sandbox isn't running yet");
      return running;
    },
    call: (method: string, path: string, given: Call = {}): Promise<Answer> =>
      callSandbox(harness.sandbox, method, path, given),
  };
  return harness;
}

/** A request with a sandbox key (`admin` by default, null for none). */
export async function callSandbox(
  sandbox: Sandbox,
  method: string,
  path: string,
  { key = 'admin', body, headers = {}, raw, signal }: Call = {},
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    redirect: 'manual',
    ...(signal && { signal }),
    headers: {
      ...(key === null ? {} : { Authorization: `Bearer ${sandbox.keys[key]}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(raw === undefined ? (body === undefined ? {} : { body: JSON.stringify(body) }) : { body: raw }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    text,
    headers: response.headers,
    body: isJson && text !== '' ? (JSON.parse(text) as JsonValue) : undefined,
  };
}

/** The body as an object. */
export function objectOf(answer: Answer): JsonObject {
  assert.ok(isJsonObject(answer.body), `expected an object, got ${answer.status} ${answer.text}`);
  return answer.body;
}

/** `results` of a list. */
export function resultsOf(answer: Answer): JsonObject[] {
  const { results } = objectOf(answer);
  assert.ok(Array.isArray(results), answer.text);
  return results as JsonObject[];
}

const TYPE_BY_STATUS: Record<number, string> = {
  400: 'validation_error',
  401: 'authentication_error',
  402: 'server_error',
  403: 'authentication_error',
  404: 'invalid_request',
  405: 'invalid_request',
  409: 'server_error',
  415: 'invalid_request',
  429: 'throttled_error',
  500: 'server_error',
};

/** Asserts a response in the error envelope. */
export function assertError(
  answer: Answer,
  status: number,
  code: string,
  detail: string,
  attr: string | null = null,
  type = TYPE_BY_STATUS[status],
): void {
  assert.deepEqual(
    { status: answer.status, body: answer.body },
    { status, body: { type, code, detail, attr } },
  );
}

/** Runs the same block for both generations. */
export function inBothGenerations(block: (generation: Generation) => void): void {
  for (const generation of ['documented', 'current'] as const) {
    describe(`on a ${generation} server`, () => block(generation));
  }
}

/** ID of a table by name. */
export function tableId(sandbox: Sandbox, name: string, environmentId = DEVELOPMENT): string {
  const found = sandbox.control.tables(environmentId).find((item) => item.name === name);
  assert.ok(typeof found?.id === 'string', `there's no table ${name}`);
  return found.id;
}

/** A string or number as a string. */
export function textOf(value: unknown): string {
  assert.ok(
    typeof value === 'string' || typeof value === 'number',
    `expected a string, got ${JSON.stringify(value)}`,
  );
  return String(value);
}
