import assert from 'node:assert/strict';
import { outcomeText } from '../../../../src/operations/outcome';
import { refreshSchema } from '../../../../src/operations/table/refreshSchema';
import {
  Bench,
  canceledAfter,
  canceledBefore,
  doubt,
  never,
  orders,
  refusal,
  tableWith,
  unreachable,
} from './tableSupport';

const before = tableWith({ total: 'float' });
const after = tableWith({ total: 'float', channel: 'string?' });
const refresh = (bench: Bench) => refreshSchema(bench, orders, never());

describe('10.1: refreshing a schema', () => {
  it('10.1: announces the difference and the unreadable columns once', async () => {
    const bench = new Bench({ getTable: [before, after], refreshSchema: [undefined] });
    const outcome = await refresh(bench);
    assert.equal(outcome.kind, 'applied');
    assert.match(
      outcomeText(outcome),
      /^orders: added channel \(string\).*\. Queries leave out channel: the declared type/,
    );
    assert.deepEqual(bench.calls, ['getTable', 'refreshSchema', 'getTable']);
    assert.equal(bench.told.length, 1);
    assert.equal(bench.written[0]?.done, 'Refreshed the schema of orders in');
  });

  it('10.1: no difference is a success too, unless there was an error', async () => {
    const fine = await refresh(new Bench({ getTable: [before, before], refreshSchema: [undefined] }));
    assert.equal(outcomeText(fine), 'orders: no changes (1 column).');
    const failed = new Bench({ getTable: [before, before], refreshSchema: [doubt()] });
    const outcome = await refresh(failed);
    assert.equal(outcome.kind, 'notApplied');
    assert.match(outcomeText(outcome), /Checked again: the columns haven't changed/);
    assert.deepEqual([failed.told, failed.written], [[], []]);
  });

  it('10.1: after an error, the columns show whether the files were read', async () => {
    const outcome = await refresh(new Bench({ getTable: [before, after], refreshSchema: [doubt()] }));
    assert.equal(outcome.kind, 'applied');
    assert.match(outcomeText(outcome), /It failed\. Checked again: PostHog has read the files\.$/);
  });

  it("10.1: an unconfirmed refresh is unknown, and a refusal isn't", async () => {
    const lost = await refresh(new Bench({ getTable: [before, unreachable()], refreshSchema: [doubt()] }));
    assert.equal(lost.kind, 'unknown');
    const refused = await refresh(new Bench({ getTable: [before], refreshSchema: [refusal()] }));
    assert.equal(outcomeText(refused), 'It failed. A fault. Wait.');
    const known = new Bench({ refuses: ['refresh_schema'] });
    assert.equal((await refresh(known)).kind, 'notApplied');
    assert.deepEqual(known.calls, []);
  });

  it('10.1: canceling says what may still happen', async () => {
    const outcome = await refresh(
      new Bench({ getTable: [before, canceledBefore()], refreshSchema: [canceledAfter()] }),
    );
    assert.deepEqual([outcome.kind, outcome.action?.kind], ['unknown', 'checkAgain']);
    assert.match(outcome.what, /may still be reading the files of orders/);
  });
});
