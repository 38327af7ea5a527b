import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import { outcomeText } from '../../../../src/operations/outcome';
import { uploadFile, type FileToUpload } from '../../../../src/operations/table/uploadFile';
import type { UploadSource } from '../../../../src/operations/table/uploadSource';
import {
  Bench,
  canceledAfter,
  canceledBefore,
  doubt,
  notFound,
  orders,
  page,
  refusal,
  tableWith,
  unreachable,
} from './tableSupport';

const made = tableWith({ id: 'integer', amount: 'float' });
const before = tableWith({ id: 'integer' });
const empty = tableWith({});
const kept = { uploadId: 'u1', fileName: 'orders.csv', fileFormat: 'csv' };

const source: UploadSource = {
  fileName: 'orders.csv',
  sizeBytes: 4096,
  head: new Uint8Array(),
  isGzip: false,
  stream: async function* () {
    yield new Uint8Array(2048);
    yield new Uint8Array(2048);
  },
};
const file = { source, name: 'orders', format: 'CSVWithNames' };
const inSteps: FileToUpload = {
  ...file,
  overwrite: { existing: undefined, fileName: 'orders.csv', route: 'upload_file' },
};
const atOnce: FileToUpload = { ...file, overwrite: { ...inSteps.overwrite, route: 'file' } };
const over: FileToUpload = {
  ...file,
  overwrite: { existing: before, fileName: 'orders_2.csv', route: 'file' },
};

const reports: string[] = [];
const upload = (bench: Bench, what: FileToUpload, signal = new AbortController().signal) =>
  uploadFile(bench, { ...orders, name: 'Development' }, what, {
    signal,
    report: (message) => reports.push(message),
  });
const kinds = (bench: Bench): string[] => bench.told.map(({ kind }) => kind);

describe('10.1: uploading a file', () => {
  it('10.1: in two steps, reporting progress and announcing the table once', async () => {
    reports.length = 0;
    const bench = new Bench({ store: [kept], create: [made] });
    const { outcome, stored } = await upload(bench, inSteps);
    assert.equal(outcomeText(outcome), 'Uploaded orders.csv as orders with 2 columns.');
    assert.deepEqual(bench.calls, ['store', 'create']);
    assert.deepEqual(kinds(bench), ['tables']);
    assert.equal(bench.written[0]?.done, 'Uploaded orders.csv as orders to');
    assert.deepEqual(stored, { format: 'CSVWithNames', file: kept });
    assert.deepEqual(reports.slice(0, 2), ['0% of 4 kB', '50% of 4 kB']);
    assert.equal(reports.at(-1), 'sent. PostHog is creating the table.');
  });

  it("10.1: a file that the server has stored isn't sent again, unless the format changes", async () => {
    const stored = { format: 'CSVWithNames', file: kept };
    const again = new Bench({ create: [refusal({ attr: 'table_name' })] });
    const refused = await upload(again, { ...inSteps, stored });
    assert.deepEqual([refused.outcome.kind, refused.stored], ['notApplied', stored]);
    const other = new Bench({ store: [kept], create: [made] });
    await upload(other, { ...inSteps, format: 'Parquet', stored });
    assert.deepEqual(other.calls, ['store', 'create']);
    const lost = new Bench({ create: [refusal({ detail: 'Uploaded file not found.' })] });
    assert.equal((await upload(lost, { ...inSteps, stored })).stored, undefined);
  });

  it('10.1: nothing changes if the first step fails', async () => {
    const bench = new Bench({ store: [doubt()] });
    const { outcome } = await upload(bench, inSteps);
    assert.match(outcomeText(outcome), /It failed\. A fault\. No table was created or changed\./);
    assert.deepEqual([bench.calls, bench.told, outcome.action], [['store'], [], { kind: 'retry' }]);
  });

  it('10.1: a downgraded server is recognized in both steps', async () => {
    const gone = (): ReturnType<typeof refusal> => refusal({ kind: 'endpoint-missing' });
    assert.equal((await upload(new Bench({ store: [gone()] }), inSteps)).isRouteGone, true);
    const later = await upload(new Bench({ store: [kept], create: [gone()] }), inSteps);
    assert.deepEqual([later.isRouteGone, later.stored], [true, undefined]);
  });

  it('10.1: in a single step, even if the server responds without the table', async () => {
    const bench = new Bench({ file: [made] });
    assert.equal(
      (await upload(bench, over)).outcome.what,
      'orders.csv replaced the content of orders, which now has 2 columns.',
    );
    assert.deepEqual([bench.bodies, kinds(bench)], [['orders_2.csv'], ['table']]);
    const silent = new Bench({ file: [undefined], listTables: [page(made)] });
    assert.equal((await upload(silent, atOnce)).outcome.kind, 'applied');
    const unlisted = await upload(new Bench({ file: [undefined], listTables: [page()] }), atOnce);
    assert.equal(unlisted.outcome.kind, 'unknown');
    assert.match(
      unlisted.outcome.what,
      /^PostHog accepted orders\.csv, but doesn't list the table orders yet\./,
    );
  });

  for (const [route, what, failing] of [
    ['in two steps', inSteps, { store: [kept], create: [doubt()] }],
    ['at once', atOnce, { file: [doubt()] }],
  ] as const) {
    const script = (...tables: Parameters<typeof page>) =>
      new Bench({
        ...('file' in failing
          ? { file: [...failing.file] }
          : { store: [...failing.store], create: [...failing.create] }),
        listTables: [page(...tables)],
      });

    it(`10.1: ${route}: after an error, PostHog is asked for the table`, async () => {
      const there = script(made);
      const { outcome } = await upload(there, what);
      assert.match(outcomeText(outcome), /^Uploaded orders\.csv .*Checked again: PostHog has the table\.$/);
      assert.deepEqual(kinds(there), ['tables']);
      const absent = script();
      const none = await upload(absent, what);
      assert.match(outcomeText(none.outcome), /Checked again: there is no table orders\./);
      assert.deepEqual([none.outcome.kind, absent.told, absent.written], ['notApplied', [], []]);
    });

    it(`10.1: ${route}: a leftover table without columns is shown and returned`, async () => {
      const bench = script(empty);
      const { outcome, leftover } = await upload(bench, what);
      assert.equal(leftover, empty);
      assert.match(outcomeText(outcome), /The upload left an empty table orders without columns\.$/);
      assert.deepEqual([kinds(bench), bench.written], [['tables'], []]);
    });
  }

  it("10.1: what couldn't be checked is unknown", async () => {
    const { outcome } = await upload(new Bench({ file: [doubt()], listTables: [unreachable()] }), atOnce);
    assert.equal(outcome.kind, 'unknown');
    assert.match(outcome.what, /^Couldn't confirm what happened to orders\.csv\./);
  });

  it('10.1: the older action may leave something behind despite a refusal, so PostHog is asked', async () => {
    const left = new Bench({
      file: [refusal({ detail: 'Failed to upload file' })],
      listTables: [page(empty)],
    });
    assert.equal((await upload(left, atOnce)).leftover, empty);
    const harmless = new Bench({ file: [refusal({ detail: 'Invalid format' })] });
    assert.equal((await upload(harmless, atOnce)).outcome.kind, 'notApplied');
    assert.deepEqual(harmless.calls, ['file']);
  });

  it('10.1: reports the state of a table that already existed', async () => {
    const cases = [
      [before, 'table', /the columns of orders haven't changed, but its file may have been replaced/],
      [empty, 'table', /no longer has any columns/],
      [undefined, 'tables', /the table orders no longer exists/],
    ] as const;
    for (const [now, kind, text] of cases) {
      const bench = new Bench({ file: [doubt()], listTables: [page(...(now ? [now] : []))] });
      const { outcome, leftover } = await upload(bench, over);
      assert.match(outcomeText(outcome), text);
      assert.deepEqual([outcome.kind, leftover, kinds(bench)], ['notApplied', undefined, [kind]]);
    }
  });

  it("10.1: canceling before anything was sent isn't an outcome; canceling midway changes nothing", async () => {
    await assert.rejects(upload(new Bench({ file: [canceledBefore()] }), atOnce), Canceled);
    await assert.rejects(upload(new Bench({ store: [canceledBefore()] }), inSteps), Canceled);
    const controller = new AbortController();
    controller.abort();
    const half = {
      ...source,
      stream: async function* () {
        yield new Uint8Array(2048);
      },
    };
    const cases: [FileToUpload, Bench][] = [
      [atOnce, new Bench({ file: [canceledAfter()] })],
      [inSteps, new Bench({ store: [canceledAfter()] })],
    ];
    for (const [what, bench] of cases) {
      const { outcome } = await upload(bench, { ...what, source: half }, controller.signal);
      assert.equal(
        outcomeText(outcome),
        'Canceled after 2 kB of 4 kB of orders.csv. Nothing has changed in PostHog.',
      );
      assert.equal(bench.calls.length, 1);
    }
  });

  it('10.1: canceling after the file was sent says what PostHog has or may have', async () => {
    const text = async (bench: Bench, what: FileToUpload): Promise<string> =>
      outcomeText((await upload(bench, what)).outcome);
    assert.match(
      await text(new Bench({ store: [canceledAfter()] }), inSteps),
      /won't create a table from it/,
    );
    const create = (...tables: Parameters<typeof page>) =>
      new Bench({ store: [kept], create: [canceledAfter()], listTables: [page(...tables)] });
    assert.match(await text(create(), inSteps), /There is no table orders yet, but/);
    const there = create(made);
    assert.match(await text(there, inSteps), /PostHog has created the table orders from it\.$/);
    assert.equal(there.written.length, 1);
    const lost = new Bench({ file: [canceledAfter()], listTables: [notFound()] });
    assert.match(await text(lost, atOnce), /Couldn't check whether the table orders exists/);
    const replaced = new Bench({ file: [canceledAfter()], listTables: [page(before)] });
    assert.match(await text(replaced, over), /orders may already have the new content/);
  });
});
