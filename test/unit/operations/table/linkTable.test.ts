import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import { outcomeText } from '../../../../src/operations/outcome';
import { linkTable } from '../../../../src/operations/table/linkTable';
import {
  Bench,
  canceledAfter,
  canceledBefore,
  doubt,
  never,
  orders,
  page,
  refusal,
  tableWith,
  unreachable,
} from './tableSupport';

const table = tableWith({ id: 'integer', total: 'float' });
const other = tableWith({}, { url_pattern: 'https://bucket.example.com/other/*.csv' });
const filled = {
  name: 'orders',
  format: 'CSVWithNames',
  url_pattern: table.url_pattern,
  access_key: 'key',
  access_secret: 'secret',
  doubleQuotes: false,
};
const link = (bench: Bench, more: Partial<typeof filled> = {}) =>
  linkTable(bench, { ...orders, name: 'Development' }, { ...filled, ...more }, never());

describe('10.1: linking a table', () => {
  it('10.1: announces the new table once, without its key or secret', async () => {
    const bench = new Bench({ createTable: [table] });
    const outcome = await link(bench);
    assert.equal(outcomeText(outcome), 'Linked orders with 2 columns.');
    assert.deepEqual(
      bench.told.map(({ kind }) => kind),
      ['tables'],
    );
    assert.equal(bench.written[0]?.done, 'Linked orders in');
    assert.doesNotMatch(JSON.stringify([outcome, bench.written]), /secret/);
    const { name, format, url_pattern } = filled;
    const credential = { access_key: 'key', access_secret: 'secret' };
    assert.deepEqual(bench.bodies, [{ name, format, url_pattern, credential }]);
  });

  it('10.1: sends no empty credentials, and the quotes option only if chosen', async () => {
    const bench = new Bench({ createTable: [table] });
    await link(bench, { access_key: '', access_secret: '', doubleQuotes: true });
    const { name, format, url_pattern } = filled;
    assert.deepEqual(bench.bodies, [
      { name, format, url_pattern, options: { csv_allow_double_quotes: true } },
    ]);
  });

  it('10.1: after an error, the table with that name and address is looked up', async () => {
    const made = await link(new Bench({ createTable: [doubt()], listTables: [page(table)] }));
    assert.equal(made.kind, 'applied');
    assert.match(outcomeText(made), /^Linked orders .*Checked again: PostHog has the table\.$/);
    const bench = new Bench({ createTable: [doubt()], listTables: [page(other)] });
    const absent = await link(bench);
    assert.equal(absent.kind, 'notApplied');
    assert.match(outcomeText(absent), /Checked again: there is no table orders/);
    assert.deepEqual([absent.action, bench.told], [{ kind: 'retry' }, []]);
    const lost = await link(new Bench({ createTable: [doubt()], listTables: [unreachable()] }));
    assert.equal(lost.kind, 'unknown');
    assert.match(lost.what, /^Couldn't confirm whether orders was created\./);
  });

  it('10.1: a refusal keeps the field it names, and nothing is checked', async () => {
    const error = refusal({ attr: 'name' });
    const bench = new Bench({ createTable: [error] });
    const outcome = await link(bench);
    assert.equal(outcome.cause, error);
    assert.deepEqual(bench.calls, ['createTable']);
  });

  it("10.1: canceling says what PostHog has, doesn't have, or may have", async () => {
    await assert.rejects(link(new Bench({ createTable: [canceledBefore()] })), Canceled);
    const late = new Bench({ createTable: [canceledAfter()], listTables: [page(table)] });
    assert.equal(outcomeText(await link(late)), 'Canceled too late. PostHog had already created orders.');
    assert.deepEqual([late.told.length, late.written.length], [1, 1]);
    const soon = await link(new Bench({ createTable: [canceledAfter()], listTables: [page()] }));
    assert.match(outcomeText(soon), /^Canceled\. PostHog has no table orders yet\./);
    const lost = await link(new Bench({ createTable: [canceledAfter()], listTables: [unreachable()] }));
    assert.match(outcomeText(lost), /^Canceled\. Couldn't check the progress in PostHog/);
  });
});
