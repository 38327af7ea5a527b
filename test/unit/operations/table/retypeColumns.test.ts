import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import { outcomeText } from '../../../../src/operations/outcome';
import { retypeColumns } from '../../../../src/operations/table/retypeColumns';
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

const before = tableWith({ total: 'float', paid: 'float' });
const after = tableWith({ total: 'string', paid: 'string' });
const half = tableWith({ total: 'string', paid: 'float' });
const retype = (bench: Bench) => retypeColumns(bench, orders, { total: 'string', paid: 'string' }, never());

describe('10.1: changing column types', () => {
  it("10.1: is applied if the table has the types when it's read afterwards, and is announced once", async () => {
    const bench = new Bench({ updateSchema: [undefined], getTable: [after] });
    const outcome = await retype(bench);
    assert.equal(outcome.kind, 'applied');
    assert.equal(outcomeText(outcome), 'orders: total, paid are now string.');
    assert.deepEqual(bench.bodies, [{ total: 'string', paid: 'string' }]);
    assert.deepEqual(bench.told, [
      { kind: 'table', connectionId: 'c1', environment: orders.environment, table: after },
    ]);
    assert.deepEqual(
      bench.written.map(({ done, keys }) => [done, keys]),
      [['Changed column types of orders in', ['total', 'paid']]],
    );
  });

  it("10.1: lists the columns whose new type doesn't match the data", async () => {
    const bench = new Bench({
      updateSchema: [undefined],
      getTable: [tableWith({ total: 'string?', paid: 'string', other: 'json?' })],
    });
    const outcome = await retype(bench);
    assert.match(
      outcomeText(outcome),
      /total: the new type doesn't match the data, so queries leave the column out/,
    );
    assert.deepEqual(outcome.kind === 'applied' && outcome.result.invalid, ['total']);
  });

  it('10.1: is applied if the server has the types after an error', async () => {
    const outcome = await retype(new Bench({ updateSchema: [doubt()], getTable: [after] }));
    assert.equal(outcome.kind, 'applied');
    assert.match(outcomeText(outcome), /It failed\. Checked again: PostHog has the change\.$/);
  });

  it("10.1: isn't applied if the server has none of it after an error, and can be sent again", async () => {
    const bench = new Bench({ updateSchema: [doubt()], getTable: [before] });
    const outcome = await retype(bench);
    assert.equal(outcome.kind, 'notApplied');
    assert.deepEqual(outcome.action, { kind: 'retry' });
    assert.match(outcomeText(outcome), /^It failed\. A fault\. Checked again: the change wasn't/);
    assert.deepEqual(bench.written, []);
  });

  it('10.1: reports what is missing if the server has only part of it, with or without an error', async () => {
    const accepted = new Bench({ updateSchema: [undefined], getTable: [half] });
    const one = await retype(accepted);
    assert.equal(one.kind, 'partly');
    assert.match(
      outcomeText(one),
      /^PostHog accepted the change but kept its own type for paid of orders.*did apply total\.$/,
    );
    assert.deepEqual(one.changed, ['total']);
    assert.deepEqual(accepted.written[0]?.keys, ['total']);
    const failed = await retype(new Bench({ updateSchema: [doubt()], getTable: [half] }));
    assert.equal(failed.kind, 'partly');
    assert.match(outcomeText(failed), /doesn't have paid\. PostHog did apply total\.$/);
  });

  it("10.1: an accepted change that did nothing isn't applied", async () => {
    const outcome = await retype(new Bench({ updateSchema: [undefined], getTable: [before] }));
    assert.equal(outcome.kind, 'notApplied');
    assert.match(outcomeText(outcome), /kept its own types for total, paid of orders/);
  });

  it('10.1: distinguishes an accepted but unconfirmed change from an unknown one', async () => {
    const accepted = await retype(new Bench({ updateSchema: [undefined], getTable: [unreachable()] }));
    assert.equal(accepted.kind, 'unknown');
    assert.match(accepted.what, /^PostHog accepted the change to orders, but this couldn't be confirmed/);
    const bench = new Bench({ updateSchema: [doubt()], getTable: [unreachable()] });
    const lost = await retype(bench);
    assert.equal(lost.kind, 'unknown');
    assert.match(lost.what, /^Couldn't confirm whether the change to orders was saved\./);
    assert.deepEqual([bench.told, bench.written], [[], []]);
  });

  it('10.1: a refusal says that nothing changed if there is any doubt, and nothing is checked', async () => {
    const bench = new Bench({ updateSchema: [refusal({ kind: 'keys-not-supported' })] });
    const outcome = await retype(bench);
    assert.equal(outcome.kind, 'notApplied');
    assert.equal(outcomeText(outcome), 'It failed. A fault. Nothing was changed. Wait.');
    assert.deepEqual(outcome.action, { kind: 'openInPostHog' });
    assert.deepEqual(bench.calls, ['updateSchema']);
  });

  it('10.1: sends nothing to a server known to refuse every key', async () => {
    const bench = new Bench({ refuses: ['update_schema'] });
    const outcome = await retype(bench);
    assert.equal(outcome.kind, 'notApplied');
    assert.match(
      outcomeText(outcome),
      /The PostHog server of "Test" doesn't allow API keys to change column types/,
    );
    assert.deepEqual(bench.calls, []);
  });

  it("10.1: canceling before anything was sent isn't an outcome; canceling later offers to check again", async () => {
    await assert.rejects(retype(new Bench({ updateSchema: [canceledBefore()] })), Canceled);
    const bench = new Bench({ updateSchema: [canceledAfter()], getTable: [canceledBefore()] });
    const outcome = await retype(bench);
    assert.equal(outcome.kind, 'unknown');
    assert.deepEqual(outcome.action, { kind: 'checkAgain' });
    assert.match(outcome.what, /^Canceled\. PostHog may still change the types in orders\.$/);
  });
});
