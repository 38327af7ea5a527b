import assert from 'node:assert/strict';
import { outcomeText } from '../../../../src/operations/outcome';
import { renameEnvironment } from '../../../../src/operations/environment/renameEnvironment';
import { renameTable } from '../../../../src/operations/table/renameTable';
import {
  Bench,
  canceledBefore,
  doubt,
  environmentWith,
  never,
  notFound,
  refusal,
  staging,
  tableWith,
  unreachable,
} from '../table/tableSupport';
import { Canceled } from '../../../../src/connections/failures';

const renamed = environmentWith({ name: 'Preview' });

describe('renaming an environment', () => {
  const play = (bench: Bench, name = 'Preview') =>
    renameEnvironment(bench, staging, name, { signal: never() });

  it('10.1: sends only the name, and announces the change once', async () => {
    const bench = new Bench({ getEnvironment: [environmentWith()], patchEnvironment: [renamed] });
    const outcome = await play(bench);
    assert.equal(outcome.kind, 'applied', outcomeText(outcome));
    assert.deepEqual(bench.bodies, [{ name: 'Preview' }]);
    assert.deepEqual(
      bench.told.map(({ kind }) => kind),
      ['environment'],
    );
    assert.deepEqual(bench.written, [
      {
        done: 'Renamed Staging to',
        connectionId: 'c1',
        environmentId: 7,
        name: 'Preview',
        keys: ['name'],
      },
    ]);
  });

  it("10.1: an environment that someone else renamed isn't changed", async () => {
    const bench = new Bench({ getEnvironment: [environmentWith({ name: 'Old' })] });
    const outcome = await play(bench);
    assert.equal(outcome.kind, 'notApplied');
    assert.equal(
      outcomeText(outcome),
      'Someone renamed it in the meantime. Press Esc and refresh the list to see its current name.',
    );
    assert.deepEqual([bench.bodies, bench.told, bench.written], [[], [], []]);
  });

  it('10.1: no response, but renamed: PostHog is asked, and the request is sent once', async () => {
    const bench = new Bench({
      getEnvironment: [environmentWith(), renamed],
      patchEnvironment: [doubt({ what: 'It broke.' })],
    });
    const outcome = await play(bench);
    assert.equal(outcome.kind, 'applied');
    assert.match(outcomeText(outcome), /^It broke\. Checked again: PostHog has the change\.$/);
    assert.deepEqual(bench.calls, ['getEnvironment', 'patchEnvironment', 'getEnvironment']);
    assert.equal(bench.written.length, 1);
  });

  for (const [what, seen, kind, says] of [
    ['and not renamed', environmentWith(), 'notApplied', /the change wasn't applied\. Save again/],
    [
      "and PostHog can't be asked",
      unreachable(),
      'unknown',
      /^Couldn't confirm whether the change was saved\./,
    ],
  ] as const) {
    it(`10.1: no response, ${what}: not reported as done`, async () => {
      const bench = new Bench({
        getEnvironment: [environmentWith(), seen],
        patchEnvironment: [doubt()],
      });
      const outcome = await play(bench);
      assert.equal(outcome.kind, kind);
      assert.match(outcomeText(outcome), says);
      assert.deepEqual(outcome.action, { kind: kind === 'unknown' ? 'checkAgain' : 'retry' });
      assert.deepEqual([bench.told, bench.written], [[], []]);
    });
  }

  it("10.1: refused or gone: reported in the server's words", async () => {
    const bench = new Bench({
      getEnvironment: [environmentWith()],
      patchEnvironment: [refusal({ detail: 'Too long.', attr: 'name' })],
    });
    const outcome = await play(bench);
    assert.equal(outcome.kind, 'notApplied');
    assert.match(outcome.what, /rejected name/);
    const gone = await play(new Bench({ getEnvironment: [notFound()] }));
    assert.match(outcomeText(gone), /Nothing was sent\.$/);
  });

  it("10.5: canceling before anything was sent isn't an outcome", async () => {
    await assert.rejects(play(new Bench({ getEnvironment: [canceledBefore()] })), Canceled);
  });
});

describe('renaming a table', () => {
  const table = tableWith({ id: 'integer' });
  const play = (bench: Bench) => renameTable(bench, staging, table, 'purchases', { signal: never() });

  it('10.1: sends only the name, and announces the change once', async () => {
    const bench = new Bench({
      getTable: [table],
      patchTable: [tableWith({ id: 'integer' }, { name: 'purchases' })],
    });
    const outcome = await play(bench);
    assert.equal(outcome.kind, 'applied', outcomeText(outcome));
    assert.deepEqual(bench.bodies, [{ name: 'purchases' }]);
    assert.deepEqual(
      bench.told.map(({ kind }) => kind),
      ['table'],
    );
    assert.equal(bench.written[0]?.done, 'Renamed orders to purchases in');
    assert.equal(bench.written.length, 1);
  });

  it("10.1: a table that someone else renamed isn't changed", async () => {
    const bench = new Bench({ getTable: [tableWith({ id: 'integer' }, { name: 'sales' })] });
    const outcome = await play(bench);
    assert.match(outcomeText(outcome), /^Someone renamed it in the meantime\./);
    assert.deepEqual([bench.bodies, bench.written], [[], []]);
  });
});
