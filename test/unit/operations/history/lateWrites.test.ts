import assert from 'node:assert/strict';
import type { Log } from '../../../../src/connections/ports';
import type { JsonObject } from '../../../../src/json/json';
import { History, type NewWrite } from '../../../../src/operations/history/history';
import { recordCheck } from '../../../../src/operations/history/recordCheck';
import { Unanswered } from '../../../../src/operations/history/settle';
import { saveDocument, type DocumentAt } from '../../../../src/operations/save/saveDocument';
import { SaveRefused } from '../../../../src/operations/save/saveRefused';
import { formatDocument, settingsDocument } from '../../../../src/settings/document';
import { tableDocument } from '../../../../src/warehouse/tableDocument';
import {
  Bench,
  canceledAfter,
  doubt,
  environmentWith,
  never,
  orders,
  staging,
  tableWith,
  unreachable,
} from '../table/tableSupport';
import { MemoryStore } from './memoryStore';

const ignore = (): void => undefined;
const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const timeout = doubt({ kind: 'timeout', what: "It didn't respond in time." });

/** A scripted server with a history. */
class RecordingBench extends Bench {
  readonly kept = new History(new MemoryStore(), { nameOf: () => undefined }, silent);
  readonly history = async (): Promise<History> => this.kept;

  /** Each entry's outcome and the names of its changes. */
  async entries(): Promise<readonly string[]> {
    const { entries } = await this.kept.list({ connectionIds: ['c1'] }, 10);
    return entries.map(
      ({ outcome, changes }) => `${outcome} ${changes.map(({ path }) => path.join('.')).join()}`,
    );
  }

  async refusal(at: DocumentAt, base: JsonObject, changes: JsonObject): Promise<SaveRefused> {
    const text = formatDocument({ ...base, ...changes });
    const error: unknown = await saveDocument(this, at, { text, base, signal: never() }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof SaveRefused, String(error));
    return error;
  }
}

describe('11.6: a change that PostHog may still be working on', () => {
  const settings = environmentWith();
  const base = settingsDocument(settings.raw);

  it("isn't recorded as not applied, and a check that finds it records that", async () => {
    for (const late of [timeout, canceledAfter()]) {
      const bench = new RecordingBench({ getEnvironment: [settings, settings], patchEnvironment: [late] });
      await bench.refusal({ kind: 'settings', ...staging }, base, { timezone: 'Asia/Tokyo' });
      assert.deepEqual(await bench.entries(), ['unknown timezone']);
      await recordCheck(bench.kept, staging, { ...base, timezone: 'Asia/Tokyo' });
      assert.deepEqual(await bench.entries(), ['applied timezone']);
    }
  });

  it('is recorded as not applied if the server itself gave up', async () => {
    const bench = new RecordingBench({
      getEnvironment: [settings, settings],
      patchEnvironment: [doubt({ kind: 'server' })],
    });
    await bench.refusal({ kind: 'settings', ...staging }, base, { timezone: 'Asia/Tokyo' });
    assert.deepEqual(await bench.entries(), ['notApplied timezone']);
  });

  it("column types aren't reported as not applied, with or without other changes to the table", async () => {
    const table = tableWith({ total: 'float' });
    const renamed = tableWith({ total: 'float' }, { name: 'purchases' });
    for (const [name, now, entry] of [
      ['orders', table, 'unknown columns.total'],
      ['purchases', renamed, 'unknown name,columns.total'],
    ] as const) {
      const bench = new RecordingBench({
        getTable: [table, now],
        patchTable: [renamed],
        updateSchema: [timeout],
      });
      const document = tableDocument(table.raw);
      const { message } = await bench.refusal({ kind: 'table', ...orders }, document, {
        name,
        columns: { total: 'string' },
      });
      assert.match(
        message,
        /^It didn't respond in time\..* may still be working on it\. Save again in a moment\.$/,
      );
      assert.doesNotMatch(message, /Not applied/);
      assert.deepEqual(await bench.entries(), [entry]);
      const done = tableDocument(tableWith({ total: 'string' }, { name }).raw);
      await recordCheck(bench.kept, orders, done);
      assert.deepEqual(await bench.entries(), [entry.replace('unknown', 'applied')]);
    }
  });

  it('column types stay in the entry if nobody knows, and a check completes it', async () => {
    const table = tableWith({ total: 'float' });
    const renamed = tableWith({ total: 'float' }, { name: 'purchases' });
    const bench = new RecordingBench({
      getTable: [table, unreachable()],
      patchTable: [renamed],
      updateSchema: [doubt()],
    });
    const document = tableDocument(table.raw);
    await bench.refusal({ kind: 'table', ...orders }, document, {
      ...{ name: 'purchases', columns: { total: 'string' } },
    });
    assert.deepEqual(await bench.entries(), ['unknown name,columns.total']);
  });
});

describe('11.8: a write without an outcome', () => {
  const write: NewWrite = {
    ...{ connectionId: 'c1', environment: staging.environment, kind: 'save' },
    changes: [{ path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' }],
  };
  const found = environmentWith({ timezone: 'Asia/Tokyo' });

  /** Looks at a history with an entry of another process. */
  async function look(
    history: History,
    isRunning: boolean,
  ): Promise<{ told: readonly string[]; outcomes: readonly unknown[] }> {
    const told: string[] = [];
    const unanswered = new Unanswered({
      ...{ history, log: silent, timeLimitMs: () => 30_000 },
      connections: new Bench({ getEnvironment: [found] }).connections,
      isRunning: (processId) => processId === 77 && isRunning,
      notify: (_severity, message) => told.push(message),
    });
    await unanswered.look('c1', staging.environment.id);
    unanswered.dispose();
    const { entries } = await history.list({ connectionIds: ['c1'] }, 10);
    return { told, outcomes: entries.map(({ outcome }) => outcome) };
  }

  const started = (store: MemoryStore, at?: Date): Promise<unknown> =>
    new History(store, { nameOf: () => undefined }, silent, () => at ?? new Date(), 77).begin(write);
  const opened = (store: MemoryStore): History => new History(store, { nameOf: () => 'Staging' }, silent);

  it("isn't declared lost while the window that sends it is running", async () => {
    const store = new MemoryStore();
    await started(store);
    assert.deepEqual(await look(opened(store), true), { told: [], outcomes: [undefined] });
    const after = await look(opened(store), false);
    assert.deepEqual(after.outcomes, ['applied']);
    assert.match(after.told.join(), /VS Code closed before PostHog confirmed/);
  });

  it('is settled after the longest possible request, even if its process ID belongs to something else by now', async () => {
    const store = new MemoryStore();
    await started(store, new Date(Date.now() - 3_600_000));
    assert.deepEqual((await look(opened(store), true)).outcomes, ['applied']);
  });
});
