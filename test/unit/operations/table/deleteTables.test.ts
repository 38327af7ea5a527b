import assert from 'node:assert/strict';
import type { BatchItem } from '../../../../src/operations/batch';
import { batchText } from '../../../../src/operations/batch';
import { deleteTables } from '../../../../src/operations/table/deleteTables';
import type { TableAt } from '../../../../src/operations/services';
import {
  Bench,
  canceledAfter,
  doubt,
  KeptLog,
  never,
  notFound,
  orders,
  refusal,
  tableWith,
  unreachable,
} from './tableSupport';

const item = (name: string, environmentId = 7): BatchItem<TableAt> => ({
  label: name,
  value: { ...orders, environment: { id: environmentId, projectId: 7 }, tableId: `${name}-id`, name },
});
const deleting = (bench: Bench, ...items: BatchItem<TableAt>[]) =>
  deleteTables(bench, items, { signal: never(), report: () => undefined, log: new KeptLog() });

describe('10.1: deleting tables', () => {
  it('10.1: announces deletions once per environment, and leaves a receipt for each table', async () => {
    const bench = new Bench({ deleteTable: [undefined, undefined, undefined] });
    const { done } = await deleting(bench, item('a'), item('b', 8), item('c'));
    assert.equal(done.length, 3);
    assert.deepEqual(
      bench.told.map((change) => change.kind === 'tables' && [change.environment.id, change.removedIds]),
      [
        [7, ['a-id', 'c-id']],
        [8, ['b-id']],
      ],
    );
    assert.equal(bench.written.length, 3);
  });

  it('10.1: a table that is already gone counts as deleted', async () => {
    const { done } = await deleting(new Bench({ deleteTable: [notFound()] }), item('a'));
    assert.equal(done.length, 1);
  });

  it('10.1: after an error with an unknown outcome, the server is asked', async () => {
    const gone = await deleting(new Bench({ deleteTable: [doubt()], getTable: [notFound()] }), item('a'));
    assert.equal(gone.done.length, 1);
    const bench = new Bench({ deleteTable: [doubt()], getTable: [tableWith({})] });
    const there = await deleting(bench, item('a'));
    assert.match(batchText(there, 'Deleted', false), /^a: It failed\. A fault\. Checked again/);
    assert.deepEqual([bench.told, bench.written], [[], []]);
    const lost = await deleting(new Bench({ deleteTable: [doubt()], getTable: [unreachable()] }), item('a'));
    assert.match(batchText(lost, 'Deleted', false), /^a: Couldn't confirm whether a was deleted\./);
  });

  it("10.1: a refusal doesn't stop the others, and nothing is checked", async () => {
    const bench = new Bench({ deleteTable: [refusal(), undefined] });
    const result = await deleting(bench, item('a'), item('b'));
    assert.equal(batchText(result, 'Deleted', false), 'Deleted 1 of 2. a: It failed. A fault. Wait.');
    assert.deepEqual(bench.calls, ['deleteTable', 'deleteTable']);
  });

  it('10.1: canceling stops the rest and reports what PostHog still has', async () => {
    const bench = new Bench({ deleteTable: [canceledAfter()], getTable: [tableWith({})] });
    const result = await deleting(bench, item('a'), item('b'));
    assert.equal(
      batchText(result, 'Deleted', false),
      'Deleted 0 of 2. Canceled. PostHog still has a, but may be about to delete it. Not started: b.',
    );
  });
});
