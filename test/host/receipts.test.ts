import assert from 'node:assert/strict';
import type { Receipt } from '../../src/operations/services';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING } from './support/bench';
import { openDocument, replaceIn, settingsOf, tableOf } from './support/documents';
import { tableRows } from './support/tables';
import { TreeWalk } from './support/treeWalk';

const COMPANY = 'Hedgehog Outfitters';

describe('the receipt of a write', () => {
  let bench: HostBench;
  let left: Receipt[];
  beforeEach(async () => {
    bench = await HostBench.start();
    left = [];
    const { receipts } = bench.services;
    const tell = receipts.tell.bind(receipts);
    receipts.tell = (receipt) => {
      left.push(receipt);
      tell(receipt);
    };
  });
  afterEach(async () => {
    Reflect.deleteProperty(bench.services.receipts, 'tell');
    await bench.stop();
  });

  it('A2: a save of settings names environment and keys, and no values', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, 'America/New_York', 'Asia/Tokyo');
    assert.ok(await document.save());
    const { connectionId } = bench;
    assert.deepEqual(left, [
      { done: 'Saved to', connectionId, environmentId: PRODUCTION, name: 'Production', keys: ['timezone'] },
    ]);
  });

  it('A2: a save that sends nothing or is refused leaves none', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, '\n}', '\n\n}');
    assert.ok(await document.save());
    await replaceIn(document, 'America/New_York', 'Atlantis/Nowhere');
    assert.equal(await document.save(), false);
    assert.deepEqual(left, []);
  });

  it('A2: tables, renaming and deleting leave one each', async () => {
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"orders"', '"orders_2026"');
    assert.ok(await document.save());
    bench.script({ kind: 'ask', text: 'Stage' });
    await new TreeWalk(bench).run('rename', COMPANY, 'Staging');
    const [table] = await tableRows(bench, 'products');
    bench.script({ kind: 'confirm', button: 'Delete' });
    await bench.run('deleteTable', table);
    assert.deepEqual(
      left.map(({ done, environmentId }) => [done, environmentId]),
      [
        ['Saved orders in', DEVELOPMENT],
        ['Renamed Staging to', STAGING],
        ['Deleted products in', DEVELOPMENT],
      ],
    );
  });
});
