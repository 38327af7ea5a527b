import assert from 'node:assert/strict';
import { createEnvironment } from '../../../../src/operations/environment/createEnvironment';
import { deleteEnvironment } from '../../../../src/operations/environment/deleteEnvironment';
import type { HistoryEntry } from '../../../../src/operations/history/entry';
import { History } from '../../../../src/operations/history/history';
import { renameEnvironment } from '../../../../src/operations/environment/renameEnvironment';
import { linkTable } from '../../../../src/operations/table/linkTable';
import { refreshSchema } from '../../../../src/operations/table/refreshSchema';
import { renameTable } from '../../../../src/operations/table/renameTable';
import { replaceCredentials } from '../../../../src/operations/table/replaceCredentials';
import { retypeColumns } from '../../../../src/operations/table/retypeColumns';
import { uploadFile, type FileToUpload } from '../../../../src/operations/table/uploadFile';
import { Bench, environmentWith, never, orders, pageOf, staging, tableWith } from '../table/tableSupport';
import { MemoryStore } from './memoryStore';

const ignore = (): void => undefined;
/** In the list of calls: the history was written. */
const recorded = '(recorded)';

/** A scripted server, and a history of what is sent to it. */
class RecordingBench extends Bench {
  readonly store = new MemoryStore(() => this.calls.push(recorded));
  readonly kept = new History(
    this.store,
    { nameOf: () => undefined },
    { debug: ignore, info: ignore, warn: ignore, error: ignore },
  );
  readonly history = async (): Promise<History> => this.kept;

  /** The only entry. */
  async entry(): Promise<HistoryEntry> {
    const { entries } = await this.kept.list({ connectionIds: ['c1'] }, 10);
    assert.equal(entries.length, 1);
    assert.ok(entries[0]);
    return entries[0];
  }
}

const table = tableWith({ total: 'float' });
const link = {
  ...{ name: 'orders', format: 'CSVWithNames', url_pattern: table.url_pattern },
  ...{ access_key: 'key-of-nobody', access_secret: 'secret-of-nobody', doubleQuotes: false },
};

const file: FileToUpload = {
  ...{ name: 'orders', format: 'CSVWithNames' },
  source: {
    ...{ fileName: 'orders.csv', sizeBytes: 4, head: new Uint8Array(), isGzip: false },
    stream: async function* () {
      yield new Uint8Array(4);
    },
  },
  overwrite: { existing: undefined, fileName: 'orders.csv', route: 'upload_file' },
};

describe('the history of every operation', () => {
  const verbs: Readonly<
    Record<string, [bench: RecordingBench, play: (bench: RecordingBench) => Promise<unknown>]>
  > = {
    rename: [
      new RecordingBench({
        getEnvironment: [environmentWith()],
        patchEnvironment: [environmentWith({ name: 'Preview' })],
      }),
      (bench) => renameEnvironment(bench, staging, 'Preview', { signal: never() }),
    ],
    create: [
      new RecordingBench({
        listProjects: [pageOf([])],
        createEnvironment: [environmentWith({ id: 9, project_id: 9, name: 'QA' })],
        getEnvironment: [environmentWith({ id: 9, project_id: 9, name: 'QA' })],
      }),
      (bench) =>
        createEnvironment(
          bench,
          { connectionId: 'c1', organizationId: 'o1' },
          { settings: { name: 'QA' }, progress: {}, signal: never(), remember: async () => undefined },
        ),
    ],
    delete: [
      new RecordingBench({
        deleteEnvironment: [undefined],
        getEnvironment: [environmentWith({ is_pending_deletion: true })],
      }),
      (bench) => deleteEnvironment(bench, staging, never()),
    ],
    link: [
      new RecordingBench({ createTable: [table] }),
      (bench) => linkTable(bench, { ...orders, name: 'Development' }, link, never()),
    ],
    refresh: [
      new RecordingBench({ getTable: [table, table], refreshSchema: [undefined] }),
      (bench) => refreshSchema(bench, orders, never()),
    ],
    credentials: [
      new RecordingBench({ patchTable: [table] }),
      (bench) => replaceCredentials(bench, orders, { access_secret: 'secret-of-nobody' }, never()),
    ],
    upload: [
      new RecordingBench({
        store: [{ uploadId: 'u1', fileName: 'orders.csv', fileFormat: 'csv' }],
        create: [table],
      }),
      (bench) =>
        uploadFile(bench, { ...orders, name: 'Development' }, file, { signal: never(), report: ignore }),
    ],
    retype: [
      new RecordingBench({ getTable: [tableWith({ total: 'string' })], updateSchema: [undefined] }),
      (bench) => retypeColumns(bench, orders, { total: 'string' }, never()),
    ],
  };

  for (const [kind, [bench, play]] of Object.entries(verbs)) {
    it(`6: ${kind} is recorded before it is sent, and completed, without secrets`, async () => {
      await play(bench);
      // Storing a file doesn't change any table yet.
      const writes = bench.calls.filter((name) => !/^(get|list|store$)/.test(name));
      assert.equal(writes[0], recorded, bench.calls.join());
      assert.ok(writes.some((name) => name !== recorded));
      const { kind: kept, outcome, finishedAt } = await bench.entry();
      assert.deepEqual([kept, outcome], [kind, 'applied']);
      assert.ok(finishedAt);
      assert.doesNotMatch(bench.store.allText, /of-nobody/);
    });
  }

  it("6: a table's new name is recorded as a rename that can be undone", async () => {
    const bench = new RecordingBench({
      getTable: [table],
      patchTable: [tableWith({ total: 'float' }, { name: 'purchases' })],
    });
    await renameTable(bench, staging, table, 'purchases', { signal: never() });
    const { kind, changes, table: of } = await bench.entry();
    assert.deepEqual([kind, changes], ['rename', [{ path: ['name'], from: 'orders', to: 'purchases' }]]);
    assert.equal(of?.id, 'orders-id');
  });
});
