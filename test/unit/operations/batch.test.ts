import assert from 'node:assert/strict';
import { Canceled } from '../../../src/connections/failures';
import {
  batchAction,
  batchText,
  isComplete,
  joined,
  retriable,
  runBatch,
} from '../../../src/operations/batch';
import { applied, notApplied, unknown, type Outcome } from '../../../src/operations/outcome';
import { refused } from '../../../src/operations/refused';
import { canceledAfter, KeptLog, refusal } from './table/tableSupport';

const log = new KeptLog();
const items = ['a', 'b', 'c'].map((label) => ({ label, value: label }));

const run = (
  outcomes: Readonly<Record<string, Outcome<string> | Error>>,
  signal = new AbortController().signal,
  report: (message: string, percent?: number) => void = () => undefined,
) =>
  runBatch(
    items,
    async (name) => {
      const outcome = outcomes[name] ?? applied(`${name} is done.`, name);
      if (outcome instanceof Error) {
        throw outcome;
      }
      return outcome;
    },
    { signal, report, log },
  );

describe('10.1: one operation on several items', () => {
  it('10.1: processes all of them and reports its progress', async () => {
    const reports: unknown[] = [];
    const result = await run({}, undefined, (...report) => reports.push(report));
    assert.ok(isComplete(result));
    assert.deepEqual(reports, [
      ['a', 0],
      ['b', 100 / 3],
      ['c', 200 / 3],
    ]);
  });

  it("10.1: a failure doesn't stop the others, and only what may succeed is retried", async () => {
    const result = await run({
      a: notApplied('A did not work.', { action: { kind: 'retry' } }),
      b: refused(refusal({ kind: 'forbidden', what: 'B may not.' })),
    });
    assert.equal(
      batchText(result, 'Changed', true),
      'Changed 1 of 3. c is done. a: A did not work. b: B may not. A fault. Wait.',
    );
    assert.deepEqual(
      retriable(result).map(({ label }) => label),
      ['a'],
    );
    const again = await runBatch(retriable(result), async (name) => applied(`${name} is done.`, name), {
      signal: new AbortController().signal,
      report: () => undefined,
      log,
    });
    const both = joined(result, again);
    assert.deepEqual([both.done.length, both.failed.map(({ item }) => item.label)], [2, ['b']]);
  });

  it('10.1: thrown failures are reported like returned ones, and a bug is logged', async () => {
    const result = await run({ a: refusal({ kind: 'unauthorized' }), b: new TypeError('oops') });
    assert.deepEqual(
      result.failed.map(({ outcome }) => outcome.kind),
      ['notApplied', 'notApplied'],
    );
    assert.match(batchText(result, 'Changed', false), /b: Something went wrong in the extension\./);
    assert.equal(log.errors.length, 1);
    assert.equal(batchAction(result, 'c1'), undefined);
  });

  it('10.1: an action that all failures share is offered', async () => {
    const keys = refused(refusal({ kind: 'unauthorized' }));
    assert.deepEqual(batchAction(await run({ a: keys, b: keys }), 'c1'), {
      kind: 'replaceKey',
      connectionId: 'c1',
    });
  });

  it("10.1: canceling distinguishes what was in progress from what wasn't started", async () => {
    const controller = new AbortController();
    const under = await run({ b: unknown('B may still happen.', { cause: canceledAfter() }) });
    assert.equal(batchText(under, 'Changed', false), 'Changed 1 of 3. B may still happen. Not started: c.');
    const notSent = await run({ b: new Canceled() });
    assert.equal(batchText(notSent, 'Changed', false), 'Changed 1 of 3. Not started: b, c.');
    controller.abort();
    assert.equal((await run({}, controller.signal)).left.length, 3);
  });
});
