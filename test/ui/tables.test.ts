import assert from 'node:assert/strict';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';
import { isJsonObject } from '../../src/json/json';

const shop = 'Hedgehog Outfitters';

describe('Editing a warehouse table', () => {
  const ui = useWorkbench({ sandbox: { allowKeyUpdateSchema: true } });

  /** The types of a table's columns, as the server has them. */
  function types(id: string): Record<string, unknown> {
    const { columns } = ui().sandbox.control.table(1201, id);
    assert.ok(Array.isArray(columns));
    return Object.fromEntries(
      columns.map((column) => {
        assert.ok(isJsonObject(column));
        assert.ok(typeof column.name === 'string');
        return [column.name, column.type];
      }),
    );
  }

  it('saves a column type and reads it back from the server', async () => {
    const { editor, tree } = ui();
    const id = tableId(ui(), 1201, 'orders');
    await ui().openTable(shop, 'Development', 'orders');
    const document = await editor.json();
    assert.deepEqual(Object.keys(document), ['name', 'format', 'url_pattern', 'columns']);
    assert.equal(types(id).total, 'float');
    await editor.change({ columns: { ...types(id), total: 'string' } });
    ui().sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().writes(), [
      {
        method: 'POST',
        path: `/api/projects/1201/warehouse_tables/${id}/update_schema/`,
        body: { updates: { total: 'string' } },
      },
    ]);
    const { body } = await ui().ask('GET', `/api/projects/1201/warehouse_tables/${id}/`);
    assert.match(JSON.stringify(body), /"name":"total","type":"string"/);
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables', 'orders');
    assert.equal((await tree.row('orders', 'total')).description, 'string');
  });

  it('sends the name before the types, and both arrive', async () => {
    const { editor, tree } = ui();
    const id = tableId(ui(), 1201, 'products');
    await ui().openTable(shop, 'Development', 'products');
    await editor.change({ name: 'goods', columns: { ...types(id), price: 'string', in_stock: 'string' } });
    await editor.save();
    assert.deepEqual(
      ui()
        .writes()
        .map(({ method, body }) => [method, body]),
      [
        ['PATCH', { name: 'goods' }],
        ['POST', { updates: { price: 'string', in_stock: 'string' } }],
      ],
    );
    await tree.row('Warehouse tables', 'goods');
    await tree.gone('Warehouse tables', 'products');
  });

  it("says what was applied and what wasn't if only the first half succeeds", async () => {
    const { editor, sandbox } = ui();
    const id = tableId(ui(), 1201, 'price_list');
    await ui().openTable(shop, 'Development', 'price_list');
    await editor.change({ name: 'prices', columns: { ...types(id), price: 'string' } });
    sandbox.control.addFault({
      route: { method: 'POST', path: `/api/projects/1201/warehouse_tables/${id}/update_schema` },
      kind: 'status-500',
    });
    await ui().saveIsRefused(/Not applied: price → string\. Applied: name\./);
    assert.equal(sandbox.control.table(1201, id).name, 'prices');
    assert.equal(types(id).price, 'integer');

    sandbox.control.clearFaults();
    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ updates: { price: 'string' } }]);
    assert.equal(types(id).price, 'string');
  });

  it("says when a new type doesn't match the data", async () => {
    const { editor, toasts, tree } = ui();
    const id = tableId(ui(), 1201, 'newsletter_signups');
    await ui().openTable(shop, 'Development', 'newsletter_signups');
    await editor.change({ columns: { ...types(id), email: 'integer' } });
    await editor.save();
    await toasts.says(/email: the new type doesn't match the data/);
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables', 'newsletter_signups');
    assert.match((await tree.row('newsletter_signups', 'email')).icon, /codicon-warning/);
  });

  it('rejects an unknown type, and offers the known ones', async () => {
    const { editor } = ui();
    await ui().openTable(shop, 'Development', 'newsletter_signups');
    const text = (await editor.text()).replace('"date"', '"Text"');
    await editor.setText(text);
    await editor.isDirty();
    await editor.problems((problems) => assert.ok(problems.length > 0));
    await ui().saveIsRefused(/A column's type must be one of integer[^]*Nothing was sent/);
    assert.deepEqual(ui().writes(), []);
    await editor.cursorAfter(text, '"signed_up_on": ');
    await editor.offers('"datetime"');
  });

  it('opens a table that a source keeps in sync read-only, and says why', async () => {
    const { editor, page } = ui();
    await ui().openTable(shop, 'Development', 'stripe_charge');
    await editor.lens(/This table is synced by the Stripe source/);
    const text = await editor.text();
    await editor.focus();
    await page.keyboard.type('x');
    assert.equal(await editor.text(), text);
    await editor.isClean();
  });
});
