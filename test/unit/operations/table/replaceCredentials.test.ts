import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import { outcomeText } from '../../../../src/operations/outcome';
import { replaceCredentials } from '../../../../src/operations/table/replaceCredentials';
import {
  Bench,
  canceledAfter,
  canceledBefore,
  doubt,
  never,
  orders,
  refusal,
  tableWith,
} from './tableSupport';

const replace = (bench: Bench) => replaceCredentials(bench, orders, { access_secret: 'new' }, never());

describe('10.1: replacing storage credentials', () => {
  it('10.1: sends only new values, names them without showing them, and announces them once', async () => {
    const bench = new Bench({ patchTable: [tableWith({})] });
    const outcome = await replace(bench);
    assert.equal(outcome.kind, 'applied');
    assert.deepEqual(bench.bodies, [{ credential: { access_secret: 'new' } }]);
    assert.deepEqual(bench.written[0]?.keys, ['access_secret']);
    assert.deepEqual(
      bench.told.map(({ kind }) => kind),
      ['table'],
    );
  });

  it("10.1: after an error the outcome is unknown, because credentials can't be read, and they can be sent again", async () => {
    const outcome = await replace(new Bench({ patchTable: [doubt()] }));
    assert.equal(outcome.kind, 'unknown');
    assert.deepEqual(outcome.action, { kind: 'retry' });
    assert.equal(
      outcomeText(outcome),
      "Couldn't confirm whether the change was saved. Try again when PostHog is reachable. It failed. A fault.",
    );
  });

  it('10.1: a refusal is reported, and canceling says that PostHog may have them', async () => {
    assert.equal((await replace(new Bench({ patchTable: [refusal()] }))).kind, 'notApplied');
    await assert.rejects(replace(new Bench({ patchTable: [canceledBefore()] })), Canceled);
    const outcome = await replace(new Bench({ patchTable: [canceledAfter()] }));
    assert.match(
      outcomeText(outcome),
      /^Canceled\. PostHog may already have the new storage credentials of orders/,
    );
  });
});
