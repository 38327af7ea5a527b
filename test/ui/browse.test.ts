import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';

const shop = ['Sandbox', 'Hedgehog Outfitters'] as const;

describe('Browsing', () => {
  const ui = useWorkbench();

  it('goes from a connection to the columns of a warehouse table', async () => {
    const { tree } = ui();
    await tree.expand(...shop, 'Development', 'Warehouse tables', 'orders');
    assert.equal((await tree.row('Development')).description, '1201 · Europe/Berlin');
    assert.equal((await tree.row('Development')).spoken, 'Environment Development, 1201 · Europe/Berlin');
    assert.equal((await tree.row('orders')).description, 'Parquet · 7 columns');
    assert.equal((await tree.row('orders', 'total')).description, 'float');
    assert.match((await tree.row('orders', 'ordered_at')).icon, /codicon-calendar/);
    assert.deepEqual(
      (await tree.childrenOf('orders')).map(({ label }) => label),
      ['order_id', 'customer', 'total', 'currency', 'status', 'country', 'ordered_at'],
    );
    await tree.collapse(...shop, 'Development', 'Warehouse tables', 'orders');
  });

  it("marks a column whose type doesn't match the data, and its table", async () => {
    const { tree } = ui();
    await tree.expand(...shop, 'Development', 'Warehouse tables', 'price_list');
    const column = await tree.row('price_list', 'price');
    assert.match(column.icon, /codicon-warning/);
    assert.equal(column.description, "integer · doesn't match the data");
    const table = await tree.row('price_list');
    assert.match(table.icon, /codicon-warning/);
    assert.match(table.description, /1 unreadable/);
    assert.match(await tree.tooltip('price_list', 'price'), /Choose another type/);
    await tree.collapse(...shop, 'Development', 'Warehouse tables', 'price_list');
  });

  it('shows a lock on a table that a source keeps in sync, and names it in the tooltip', async () => {
    const { tree } = ui();
    await tree.expand(...shop, 'Development', 'Warehouse tables');
    const synced = await tree.row('Development', 'stripe_charge');
    assert.match(synced.icon, /codicon-lock/);
    assert.match(synced.description, /Stripe/);
    assert.match(
      await tree.tooltip('Development', 'stripe_charge'),
      /^This table is synced by the Stripe source/m,
    );
  });

  it('B8: shows where the files of a table are, in its tooltip, without signatures and backslashes', async () => {
    const { tree, sandbox } = ui();
    const address = 'https://hedgehog-data.s3.amazonaws.com/products/*.jsonl';
    const changes = { url_pattern: `${address}?X-Amz-Signature=c0ffee` };
    sandbox.control.patchTable(1201, tableId(ui(), 1201, 'products'), changes);
    await tree.expand(...shop, 'Development', 'Warehouse tables');
    await tree.action(['Development', 'Warehouse tables'], 'Refresh');
    await eventually(async () => {
      const lines = (await tree.tooltip('Development', 'Warehouse tables', 'products')).split('\n');
      assert.ok(lines.includes(`Files: ${address}?X-Amz-Signature=•••`), lines.join('\n'));
    });
  });

  it('groups the settings below their row', async () => {
    const { tree } = ui();
    await tree.expand(...shop, 'Development', 'Settings');
    await tree.row('Settings', 'Session replay');
    await tree.row('Settings', 'General');
    await tree.collapse(...shop, 'Development', 'Settings');
  });

  it('refreshes a row and keeps everything below it expanded', async () => {
    const { tree, sandbox } = ui();
    await tree.expand(...shop, 'Development', 'Warehouse tables', 'products');
    sandbox.control.patchTable(1201, tableId(ui(), 1201, 'products'), { name: 'goods' });
    sandbox.control.clearRequests();
    await tree.action(['Development', 'Warehouse tables'], 'Refresh');
    await tree.row('goods', 'in_stock');
    await tree.gone('Development', 'products');
    assert.deepEqual(
      sandbox.control.requests().map(({ method, path }) => `${method} ${path}`),
      ['GET /api/projects/1201/warehouse_tables/'],
    );
  });

  it('refreshes everything from the title of the view and keeps everything expanded', async () => {
    const { tree, sandbox } = ui();
    await tree.expand(...shop, 'Development', 'Warehouse tables', 'goods');
    sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Tokyo' });
    await tree.titleMenu('Refresh');
    await eventually(async () => assert.equal((await tree.row('Staging')).description, '1202 · Asia/Tokyo'));
    await tree.row('goods', 'in_stock');
    await tree.collapse(...shop, 'Development');
  });

  it('shows what a list has that is refreshed while it loads', async () => {
    const { tree, sandbox } = ui();
    const path = '/api/projects/2100/warehouse_tables';
    sandbox.control.addFault({ route: { method: 'GET', path }, kind: 'latency', delayMs: 120_000, times: 1 });
    await tree.expand('Sandbox', 'Example Labs', 'Playground');
    sandbox.control.clearRequests();
    await tree.click('Playground', 'Warehouse tables');
    await eventually(() => assert.equal(sandbox.control.requests().length, 1));
    await tree.action(['Playground', 'Warehouse tables'], 'Refresh');
    await tree.row('Playground', 'Warehouse tables', 'measurements');
    await tree.collapse('Sandbox', 'Example Labs', 'Playground');
  });

  it('says why a row has no children, and loads them with a click on the reason', async () => {
    const { tree, sandbox } = ui();
    sandbox.control.addFault({
      route: { method: 'GET', path: '/api/projects/1202/warehouse_tables' },
      kind: 'status-500',
    });
    await tree.expand(...shop, 'Staging', 'Warehouse tables');
    const failure = await eventually(async () => {
      const [row] = await tree.childrenOf('Staging', 'Warehouse tables');
      assert.ok(row);
      return row;
    });
    assert.match(failure.label, /^PostHog failed to process the request \(HTTP 500\)\./);
    assert.equal(failure.description, 'Retry');
    sandbox.control.clearFaults();
    await tree.click('Staging', 'Warehouse tables', failure.label);
    await tree.row('Staging', 'Warehouse tables', 'staging_export_12');
    await tree.gone(failure.label);
    await tree.collapse(...shop, 'Staging');
  });

  it('pages a long list to its end, with one request per page', async () => {
    const { tree, sandbox } = ui();
    await tree.expand(...shop, 'Production');
    sandbox.control.clearRequests();
    await tree.expand(...shop, 'Production', 'Warehouse tables');
    for (const shown of [100, 200]) {
      await eventually(async () => {
        await tree.goToEnd();
        const more = (await tree.rows()).find(({ label }) => label === 'Load more…');
        assert.equal(more?.description, `${shown} of 260`);
      });
      await tree.click('Production', 'Warehouse tables', 'Load more…');
    }
    await eventually(async () => {
      await tree.goToEnd();
      const rows = (await tree.rows()).filter(({ level }) => level === 5);
      assert.equal(rows.at(-1)?.siblings, 260);
      assert.equal(rows.at(-1)?.label, 'export_001');
    });
    assert.deepEqual(
      sandbox.control.requests().map(({ path, query }) => [path, query.offset, query.limit]),
      // Each page starts with the last row of the previous one: a row that is deleted meanwhile must not hide another.
      [
        ['0', '100'],
        ['99', '101'],
        ['199', '101'],
      ].map((page) => ['/api/projects/1203/warehouse_tables/', ...page]),
    );
  });
});
