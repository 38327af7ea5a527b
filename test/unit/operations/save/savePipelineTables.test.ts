import assert from 'node:assert/strict';
import { DEVELOPMENT, SaveBench, edited, onBothGenerations, refused, without, type Opened } from '../support';
import type { JsonObject } from '../../../../src/json/json';
import { objectOf } from '../../../../src/json/json';

const url = 'https://hedgehog-data.s3.amazonaws.com/orders/2026/*.parquet';

/** The document with other column types. */
const retyped = (opened: Opened, types: Record<string, string>, changes = {}): Opened =>
  edited(opened, { ...changes, columns: { ...objectOf(opened.base.columns), ...types } });

const columnsOf = (bench: SaveBench, id: string): unknown => objectOf(bench.table(id).columns);

describe('saving a table document', () => {
  onBothGenerations((bench) => {
    it('sends nothing when nothing was changed', async () => {
      const id = bench.tableId('orders');
      const opened = await bench.openTable(id);
      const saved = await bench.saveTable(opened, id);
      assert.deepEqual(bench.methods(), []);
      assert.equal(saved.text, opened.text);
    });

    it('sends everything that PATCH accepts in one request', async () => {
      const id = bench.tableId('orders');
      const saved = await bench.saveTable(edited(await bench.openTable(id), { url_pattern: url }), id);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
      assert.deepEqual(bench.bodies(), [{ url_pattern: url }]);
      assert.deepEqual(saved.base, bench.table(id));
      assert.equal(saved.table?.url_pattern, url);
    });

    it('stops before the PATCH if someone else changed the same key', async () => {
      const id = bench.tableId('orders');
      const mine = edited(await bench.openTable(id), { name: 'my_orders' });
      bench.control.patchTable(DEVELOPMENT, id, { name: 'their_orders' });
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(refusal.message, /^Someone changed name in PostHog/);
      assert.deepEqual(bench.methods(), ['GET']);
      assert.equal(bench.table(id).name, 'their_orders');
    });

    it("keeps someone else's change of another key, and shows it", async () => {
      const id = bench.tableId('orders');
      const mine = edited(await bench.openTable(id), { url_pattern: url });
      bench.control.patchTable(DEVELOPMENT, id, { name: 'their_orders' });
      const saved = await bench.saveTable(mine, id);
      assert.deepEqual(bench.bodies(), [{ url_pattern: url }]);
      assert.match(saved.text, /"name": "their_orders"/);
    });

    it('keeps settings that are missing from the document, and says so', async () => {
      const id = bench.tableId('orders');
      const saved = await bench.saveTable(without(await bench.openTable(id), 'url_pattern'), id);
      assert.deepEqual(bench.methods(), []);
      assert.match(saved.notices.join(' '), /url_pattern: .* keeps its value/);
    });

    it('reports that a name is taken', async () => {
      const id = bench.tableId('orders');
      const mine = edited(await bench.openTable(id), { name: 'products' });
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(refusal.message, /table.* with this name already exists/i);
      assert.equal(refusal.base, undefined);
    });

    const refusedChanges: [string, JsonObject][] = [
      ['deleted', { deleted: true }],
      ['credential', { credential: { access_key: 'typed' } }],
      ['an unknown key', { colums: {} }],
      ['an unknown format', { format: 'Excel' }],
      ['an empty name', { name: ' ' }],
      ['no columns', { columns: {} }],
      ['columns as an array', { columns: ['id'] }],
    ];
    for (const [name, change] of refusedChanges) {
      it(`rejects ${name} without a request`, async () => {
        const id = bench.tableId('orders');
        const refusal = await refused(bench.saveTable(edited(await bench.openTable(id), change), id));
        assert.deepEqual(bench.methods(), []);
        assert.match(refusal.message, /Nothing was sent/);
      });
    }

    for (const [name, types] of [
      ['a type in uppercase', { total: 'String' }],
      ["a type that doesn't exist", { total: 'Nullable(Int64)' }],
      ["a column that doesn't exist", { totall: 'string' }],
    ] as const) {
      it(`rejects ${name} without a request`, async () => {
        const id = bench.tableId('orders');
        await refused(bench.saveTable(retyped(await bench.openTable(id), types), id));
        assert.deepEqual(bench.methods(), []);
      });
    }

    it('stops if someone else retyped the same column in the meantime', async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' });
      const columns = Object.entries(objectOf(mine.base.columns)).map(([name, type]) => ({
        name,
        type: name === 'total' ? 'decimal' : (type ?? ''),
      }));
      bench.control.patchTable(DEVELOPMENT, id, { columns });
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(refusal.message, /^Someone changed columns\.total in PostHog/);
      assert.deepEqual(bench.methods(), ['GET']);
    });

    it('stops if the column was removed in the meantime', async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' });
      bench.control.patchTable(DEVELOPMENT, id, { columns: [{ name: 'order_id', type: 'integer' }] });
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(refusal.message, /^Someone changed columns\.total in PostHog/);
    });

    it('says that a deleted table no longer exists', async () => {
      const id = bench.tableId('orders');
      const mine = edited(await bench.openTable(id), { name: 'my_orders' });
      bench.control.patchTable(DEVELOPMENT, id, { deleted: true });
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(refusal.message, /PostHog doesn't have this.*Nothing was sent/);
    });

    for (const kind of ['status-500-after', 'drop-after', 'half-body'] as const) {
      it(`${kind} of the PATCH: checked, confirmed`, async () => {
        const id = bench.tableId('orders');
        const mine = edited(await bench.openTable(id), { name: 'my_orders' });
        bench.fail('PATCH', kind);
        const saved = await bench.saveTable(mine, id);
        assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET']);
        assert.match(saved.notices.join(' '), /Checked again: PostHog has the change/);
        assert.equal(bench.table(id).name, 'my_orders');
      });
    }

    it("says that the column types weren't sent either if the PATCH fails", async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' }, { name: 'my_orders' });
      bench.fail('PATCH', 'status-500');
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(refusal.message, /wasn't applied.*Not sent: total → string\./);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET']);
      assert.equal(refusal.base, undefined);
    });

    it("says which key of the PATCH was ignored, which was applied, and which types weren't sent", async () => {
      const id = bench.tableId('orders');
      const mine = retyped(
        await bench.openTable(id),
        { total: 'string' },
        { name: 'my_orders', url_pattern: url },
      );
      bench.fail('PATCH', 'different-answer');
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(
        refusal.message,
        /kept its own value for name\..*did apply url_pattern\. Not sent: total → string\./,
      );
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
    });
  });

  describe('column types on a current server', () => {
    const bench = new SaveBench('current');
    beforeEach(() => bench.start());
    afterEach(() => bench.stop());

    it('are sent after the PATCH, and verified', async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' }, { name: 'my_orders' });
      const saved = await bench.saveTable(mine, id);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'POST', 'GET']);
      assert.deepEqual(bench.bodies(), [{ name: 'my_orders' }, { updates: { total: 'string' } }]);
      assert.deepEqual(saved.sentKeys, ['name', 'columns']);
      assert.deepEqual(saved.base, bench.table(id));
      assert.equal(saved.text, mine.text);
      assert.deepEqual(saved.notices, []);
    });

    it("aren't sent if someone else already made the same change", async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string', order_id: 'string' });
      const columns = Object.entries(objectOf(mine.base.columns)).map(([name, type]) => ({
        name,
        type: name === 'total' ? 'string' : (type ?? ''),
      }));
      bench.control.patchTable(DEVELOPMENT, id, { columns });
      await bench.saveTable(mine, id);
      assert.deepEqual(bench.bodies(), [{ updates: { order_id: 'string' } }]);
    });

    it("that don't match the data are accepted and reported", async () => {
      const id = bench.tableId('price_list');
      const saved = await bench.saveTable(retyped(await bench.openTable(id), { sku: 'date' }), id);
      assert.match(saved.notices.join(' '), /^sku: the new type doesn't match the data/);
    });

    it('that are doubtful are accepted', async () => {
      const id = bench.tableId('orders');
      await bench.saveTable(retyped(await bench.openTable(id), { status: 'json' }), id);
      assert.equal(objectOf(bench.table(id).columns).status, 'json');
    });

    it('that fail: reports what was applied, and sends only the rest again', async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' }, { name: 'my_orders' });
      bench.fail('POST', 'status-500');
      const { message, base, action } = await refused(bench.saveTable(mine, id));
      assert.match(message, /^Not applied: total → string\. Applied: name\. .*HTTP 500/);
      assert.equal(action?.kind, 'retry');
      assert.equal(bench.table(id).name, 'my_orders');
      assert.ok(base);
      bench.control.clearRequests();
      await bench.saveTable({ base, text: mine.text }, id);
      assert.deepEqual(bench.bodies(), [{ updates: { total: 'string' } }]);
    });

    it('are confirmed by checking again if the response was lost', async () => {
      const id = bench.tableId('orders');
      bench.fail('POST', 'drop-after');
      const saved = await bench.saveTable(retyped(await bench.openTable(id), { total: 'string' }), id);
      assert.match(saved.notices.join(' '), /Checked again: PostHog has the change/);
      assert.equal(objectOf(bench.table(id).columns).total, 'string');
    });

    it("aren't reported as not applied if they're accepted but can't be confirmed", async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' }, { name: 'my_orders' });
      const client = bench.client();
      const send = client.updateSchema.bind(client);
      client.updateSchema = async (...call) => {
        await send(...call);
        bench.fail('GET', 'status-500', { times: 5 });
      };
      const refusal = await refused(bench.saveTable(mine, id, client));
      assert.match(
        refusal.message,
        /accepted total → string, but this couldn't be confirmed.*Applied: name\./,
      );
      assert.doesNotMatch(refusal.message, /Not applied/);
      bench.control.clearFaults();
      bench.control.clearRequests();
      await bench.saveTable({ base: refusal.base ?? mine.base, text: mine.text }, id);
      assert.deepEqual(bench.bodies(), [], 'they were applied, so nothing is sent again');
    });

    it('with an unknown outcome and an unreachable server are reported as unknown', async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' });
      const client = bench.client();
      const send = client.updateSchema.bind(client);
      client.updateSchema = async (...call) => {
        bench.fail('POST', 'drop-after');
        bench.fail('GET', 'status-500', { times: 5 });
        await send(...call);
      };
      const refusal = await refused(bench.saveTable(mine, id, client));
      assert.match(refusal.message, /Couldn't confirm whether PostHog applied total → string/);
    });

    it('need the write scope, which is named', async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' });
      const refusal = await refused(bench.saveTable(mine, id, bench.client({ key: 'read' })));
      assert.match(refusal.message, /Not applied: total → string\..*warehouse_table:write/);
      assert.equal(refusal.action?.kind, 'replaceKey');
    });
  });

  describe('column types on a documented server', () => {
    const bench = new SaveBench('documented');
    beforeEach(() => bench.start());
    afterEach(() => bench.stop());

    it("can't be changed with a key, which is reported together with what was applied before", async () => {
      const id = bench.tableId('orders');
      const mine = retyped(await bench.openTable(id), { total: 'string' }, { name: 'my_orders' });
      const before = columnsOf(bench, id);
      const refusal = await refused(bench.saveTable(mine, id));
      assert.match(
        refusal.message,
        /^Not applied: total → string\. Applied: name\. PostHog doesn't allow API keys to change column types/,
      );
      assert.equal(bench.table(id).name, 'my_orders');
      assert.deepEqual(columnsOf(bench, id), before);
    });
  });
});
