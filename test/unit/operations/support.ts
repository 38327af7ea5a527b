import assert from 'node:assert/strict';
import { saveSettings, saveTable } from '../../../src/operations/save/savePipeline';
import { SaveRefused, type Saved } from '../../../src/operations/save/saveRefused';
import { PostHogClient } from '../../../src/posthog/client';
import { fetchTransport } from '../../../src/posthog/http';
import type { EnvironmentRef, ServerProfile } from '../../../src/posthog/models';
import { startSandbox } from '../../../src/sandbox/index';
import type { Fault, Generation, KeyName, Sandbox, SandboxControl } from '../../../src/sandbox/index';
import { formatDocument, settingsDocument } from '../../../src/settings/document';
import { tableDocument } from '../../../src/warehouse/tableDocument';
import type { JsonObject, JsonValue } from '../../../src/json/json';

/** Environments of the demo scenario. */
export const PRODUCTION = 1203;
export const DEVELOPMENT = 1201;
const PROJECT = 1201;

const profiles: Readonly<Record<Generation, ServerProfile>> = {
  current: { generation: 'current', settingsRoute: 'projects' },
  documented: { generation: 'documented', settingsRoute: 'nested' },
};

/** An editor's document: its text, and what the server returned when it was opened. */
export interface Opened {
  base: JsonObject;
  text: string;
}

/** Has its own sandbox, and saves to it over loopback as the extension does. */
export class SaveBench {
  #sandbox: Sandbox | undefined;

  constructor(readonly generation: Generation) {}

  async start(): Promise<void> {
    this.#sandbox = await startSandbox({ generation: this.generation, allowKeyUpdateSchema: true });
  }

  async stop(): Promise<void> {
    await this.#sandbox?.close();
  }

  get sandbox(): Sandbox {
    assert.ok(this.#sandbox, "the sandbox isn't running");
    return this.#sandbox;
  }

  get control(): SandboxControl {
    return this.sandbox.control;
  }

  ref(id: number): EnvironmentRef {
    return { id, projectId: this.generation === 'current' ? id : PROJECT };
  }

  client({ key = 'admin', timeoutMs = 10_000 }: { key?: KeyName; timeoutMs?: number } = {}): PostHogClient {
    return new PostHogClient({
      origin: this.sandbox.url,
      key: async () => this.sandbox.keys[key],
      transport: fetchTransport,
      userAgent: 'test/1.0',
      timeoutMs,
      connectionId: 'connection',
      profile: profiles[this.generation],
      sleep: async (_durationMs, signal) => signal.throwIfAborted(),
    });
  }

  /** Opens the settings of Production and clears the request for it. */
  async openSettings(): Promise<Opened> {
    const { raw } = await this.client().getEnvironment(this.ref(PRODUCTION), never());
    this.control.clearRequests();
    const base = settingsDocument(raw);
    return { base, text: formatDocument(base) };
  }

  saveSettings(
    { base, text }: Opened,
    client = this.client(),
    role: Parameters<typeof saveSettings>[2] = {},
  ): Promise<Saved> {
    const request = { client, environment: this.ref(PRODUCTION), text, base, signal: never() };
    return saveSettings(request, this.generation, role);
  }

  tableId(name: string): string {
    const id = this.control.tables(DEVELOPMENT).find((table) => table.name === name)?.id;
    assert.ok(typeof id === 'string', `there's no table ${name}`);
    return id;
  }

  async openTable(id: string): Promise<Opened> {
    const { raw } = await this.client().getTable(this.ref(DEVELOPMENT), id, never());
    this.control.clearRequests();
    const base = tableDocument(raw);
    return { base, text: formatDocument(base) };
  }

  saveTable({ base, text }: Opened, id: string, client = this.client()): Promise<Saved> {
    const request = { client, environment: this.ref(DEVELOPMENT), text, base, signal: never() };
    return saveTable(request, id, this.generation);
  }

  /** What the server has, as its owner sees it. */
  settings(): JsonObject {
    return this.control.environment(PRODUCTION);
  }

  table(id: string): JsonObject {
    return tableDocument(this.control.table(DEVELOPMENT, id));
  }

  /** Methods of the requests since the document was opened. */
  methods(): string[] {
    return this.control.requests().map(({ method }) => method);
  }

  /** Bodies of requests that can change something. */
  bodies(): (JsonValue | undefined)[] {
    return this.control
      .requests()
      .filter(({ method }) => method !== 'GET')
      .map(({ body }) => body);
  }

  /** Makes requests with a method fail; by default the next one. */
  fail(method: string, kind: Fault['kind'], more: Partial<Fault> = {}): void {
    this.control.addFault({ route: { method, path: '/api/' }, times: 1, kind, ...more });
  }
}

/** The document with other values, as a user would leave it. */
export const edited = ({ base }: Opened, changes: JsonObject): Opened => ({
  base,
  text: formatDocument({ ...base, ...changes }),
});

/** The document without some keys. */
export const without = ({ base }: Opened, ...keys: string[]): Opened => ({
  base,
  text: formatDocument(Object.fromEntries(Object.entries(base).filter(([key]) => !keys.includes(key)))),
});

/** Waits for a refusal. */
export async function refused(saving: Promise<Saved>): Promise<SaveRefused> {
  const error: unknown = await saving.then(
    () => assert.fail('the save resolved'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SaveRefused, `not a SaveRefused: ${String(error)}`);
  return error;
}

export const never = (): AbortSignal => new AbortController().signal;

/** Runs the same block for both generations, each test with its own sandbox. */
export function onBothGenerations(block: (bench: SaveBench) => void): void {
  for (const generation of ['current', 'documented'] as const) {
    describe(`on a ${generation} server`, () => {
      const bench = new SaveBench(generation);
      beforeEach(() => bench.start());
      afterEach(() => bench.stop());
      block(bench);
    });
  }
}
