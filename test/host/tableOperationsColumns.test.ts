import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import type { TreeNode } from '../../src/tree/node';
import { DEVELOPMENT, HostBench, until } from './support/bench';
import { openDocument, replaceIn, shows, tableOf, valueOf } from './support/documents';
import { canceled, pick, pickMany, press, search, type } from './support/prompts';
import {
  cancelOnce,
  columnRow,
  serverTable,
  serverTypes,
  shownTables,
  tableRows,
  textOf,
  writes,
} from './support/tables';

const changed = {
  order_id: 'integer',
  customer: 'string',
  total: 'string',
  currency: 'string',
  status: 'string',
  country: 'string',
  channel: 'string',
};

describe('Refresh schema, current server', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  const refreshing = (name: string, behavior: Parameters<HostBench['control']['setRefresh']>[2]): void =>
    bench.control.setRefresh(DEVELOPMENT, serverTable(bench, name).id, behavior);

  it('reports the difference of each table, and shows it in the tree and document', async () => {
    refreshing('orders', { columns: changed });
    const document = await openDocument(tableOf(bench, 'orders'));
    const rows = await tableRows(bench, 'orders', 'products');
    const prompts = bench.script();
    await bench.run('refreshSchema', rows[0], rows);
    assert.deepEqual(
      prompts.told.map(({ message }) => message),
      [
        'orders: added channel (string); removed ordered_at; retyped total (float → string). ' +
          'products: no changes (5 columns).',
      ],
    );
    assert.deepEqual(serverTypes(bench, 'orders'), changed);
    await shows(document, '"channel"');
    assert.deepEqual(valueOf(document).columns, changed);
    assert.equal(textOf(await columnRow(bench, 'orders', 'total')), 'total string');
  });

  it('opens the table from its message', async () => {
    const [row] = await tableRows(bench, 'products');
    bench.script(press('Open Table'));
    await bench.run('refreshSchema', row);
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /products\.posthog-table\.json$/);
  });

  it('leaves a document with unsaved changes alone', async () => {
    refreshing('orders', { columns: changed });
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"customer": "string"', '"customer": "integer"');
    const text = document.getText();
    const [row] = await tableRows(bench, 'orders');
    await bench.run('refreshSchema', row);
    await bench.services.provider.settled();
    assert.equal(document.getText(), text);
    assert.equal(document.isDirty, true);
  });

  it('says that a declared type was replaced by the type in the files', async () => {
    const [row] = await tableRows(bench, 'price_list');
    const prompts = bench.script();
    await bench.run('refreshSchema', row);
    assert.equal(prompts.told[0]?.message, 'price_list: retyped price (integer → string).');
    assert.equal(serverTypes(bench, 'price_list').price, 'string');
  });

  it('works on a table of a source', async () => {
    const [row] = await tableRows(bench, 'stripe_charge');
    const prompts = bench.script();
    await bench.run('refreshSchema', row);
    assert.match(prompts.told[0]?.message ?? '', /^stripe_charge: no changes \(5 columns\)\.$/);
  });

  it("gives the server's reason when one of two fails, and retries only that one", async () => {
    refreshing('orders', { failure: "The provided file doesn't exist in the bucket" });
    const rows = await tableRows(bench, 'orders', 'products');
    const prompts = bench.script(press('Retry in Development'));
    await bench.run('refreshSchema', rows[0], rows);
    assert.match(
      prompts.told[0]?.message ?? '',
      /^Refreshed 1 of 2\. products: no changes \(5 columns\)\. orders: .*doesn't exist in the bucket/,
    );
    assert.equal(writes(bench).length, 3);
  });

  it('checks again if the server failed after reading the files', async () => {
    refreshing('orders', { columns: changed });
    bench.fail('POST', 'status-500-after');
    const [row] = await tableRows(bench, 'orders');
    const prompts = bench.script();
    await bench.run('refreshSchema', row);
    assert.match(
      prompts.told[0]?.message ?? '',
      /^orders: added channel.*Checked again: PostHog has read the files\.$/,
    );
  });

  it("says that the columns haven't changed if the server failed first", async () => {
    bench.fail('POST', 'status-500');
    const [row] = await tableRows(bench, 'orders');
    const prompts = bench.script();
    await bench.run('refreshSchema', row);
    assert.match(prompts.told[0]?.message ?? '', /Checked again: the columns haven't changed/);
  });

  it('can be canceled, says what may still happen, and checks again on request', async () => {
    refreshing('orders', { delayMs: 30_000, columns: changed });
    const rows = await tableRows(bench, 'orders', 'products');
    const prompts = bench.script(press('Check Again'));
    await cancelOnce(
      bench,
      (call) => call.endsWith('/refresh_schema/'),
      bench.run('refreshSchema', rows[0], rows),
    );
    assert.match(
      prompts.told[0]?.message ?? '',
      /^Refreshed 0 of 2\. Canceled\. PostHog may still be reading the files of orders.*Not started: products\.$/,
    );
    assert.match(prompts.told[1]?.message ?? '', /^orders: no changes \(7 columns\)\.$/);
    assert.equal(serverTypes(bench, 'orders').total, 'float');
  });

  it('asks for the table when run from the palette', async () => {
    await bench.run('openSettings', documentUri(tableOf(bench, 'orders')));
    const prompts = bench.script(search('prod', 'products'));
    await bench.run('refreshSchema');
    assert.deepEqual(prompts.offered, [['products']]);
    assert.match(prompts.told[0]?.message ?? '', /^products: /);
  });

  it('E: from the palette, offers the open table first, sends nothing if canceled, and lets the user choose another table', async () => {
    await openDocument(documentUri(tableOf(bench, 'orders')));
    bench.clear();
    const before = bench.script(canceled.pick);
    await bench.run('refreshSchema');
    assert.deepEqual(before.offered, [['orders', 'Another Table…']]);
    assert.deepEqual(
      bench.requests(({ method }) => method !== 'GET'),
      [],
    );
    const other = bench.script(pick('Another Table…'), pick('Development'), search('prod', 'products'));
    await bench.run('refreshSchema');
    assert.match(other.told[0]?.message ?? '', /^products: /);
    const same = bench.script(pick('orders'));
    await bench.run('refreshSchema');
    assert.match(same.told[0]?.message ?? '', /^orders: /);
  });
});

describe('Change column type, current server that accepts keys for it', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({ allowKeyUpdateSchema: true });
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  it('changes columns of two tables with one request each', async () => {
    const rows = [
      await columnRow(bench, 'orders', 'total'),
      await columnRow(bench, 'orders', 'order_id'),
      await columnRow(bench, 'products', 'price'),
    ];
    const document = await openDocument(tableOf(bench, 'orders'));
    const prompts = bench.script(pick('string'));
    await bench.run('changeColumnType', rows[0], rows);
    assert.equal(writes(bench).length, 2);
    assert.deepEqual(
      bench.requests(({ method }) => method === 'POST').map(({ body }) => body),
      [{ updates: { total: 'string', order_id: 'string' } }, { updates: { price: 'string' } }],
    );
    const types = serverTypes(bench, 'orders');
    assert.deepEqual([types.total, types.order_id, types.currency], ['string', 'string', 'string']);
    assert.equal(serverTypes(bench, 'products').price, 'string');
    assert.equal(
      prompts.told[0]?.message,
      'orders: total, order_id are now string. products: price is now string.',
    );
    assert.equal(textOf(await columnRow(bench, 'orders', 'total')), 'total string');
    await shows(document, '"total": "string"');
  });

  it("B9: the warning of a table is explained in its row's tooltip, to screen readers and in its document", async () => {
    const [row] = await tableRows(bench, 'price_list');
    assert.ok(row);
    const explanation = /Queries leave out price: the declared type doesn't match the data\./;
    assert.match(row.item().accessibilityInformation?.label ?? '', explanation);
    const tooltip = row.tooltip();
    const text = tooltip instanceof vscode.MarkdownString ? tooltip.value : '';
    assert.match(text.replaceAll('&nbsp;', ' ').replaceAll('\\', ''), explanation);
    const document = await openDocument(tableOf(bench, 'price_list'));
    const marks = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === 'unreadable-column');
    await until(vscode.languages.onDidChangeDiagnostics, () => marks().length > 0, 'a problem');
    assert.match(marks()[0]?.message ?? '', /"price" is declared as integer, which doesn't match the data/);
    const [orders] = await tableRows(bench, 'orders');
    assert.doesNotMatch(orders?.item().accessibilityInformation?.label ?? '', /leave out/);
  });

  it("E: a table's tooltip has its format in people's words, and its time in the language and zone of the user", async () => {
    const [row] = await tableRows(bench, 'price_list');
    const tooltip = row?.tooltip();
    const text = tooltip instanceof vscode.MarkdownString ? tooltip.value : '';
    const read = text.replaceAll('&nbsp;', ' ').replaceAll('\\', '').replaceAll('\u202f', ' ');
    const { created_at: createdAt, format } =
      bench.control.tables(DEVELOPMENT).find(({ name }) => name === 'price_list') ?? {};
    assert.ok(typeof createdAt === 'string');
    assert.equal(format, 'CSVWithNames');
    const styles = { dateStyle: 'medium', timeStyle: 'short' } as const;
    const shown = new Intl.DateTimeFormat(vscode.env.language, styles).format(new Date(createdAt));
    assert.ok(read.includes(shown.replaceAll('\u202f', ' ')), read);
    assert.match(read, /CSV with header/);
    assert.doesNotMatch(read, /CSVWithNames|\d{4}-\d\d-\d\dT/);
  });

  it("offers the nine types and says when one doesn't match the data", async () => {
    const row = await columnRow(bench, 'orders', 'status');
    const prompts = bench.script(pick('json'));
    await bench.run('changeColumnType', row);
    assert.deepEqual(prompts.offered[0], [
      'integer',
      'float',
      'decimal',
      'string',
      'datetime',
      'date',
      'boolean',
      'array',
      'json',
    ]);
    assert.match(
      prompts.told[0]?.message ?? '',
      /status: the new type doesn't match the data, so queries leave the column out/,
    );
    assert.equal(prompts.told[0]?.severity, 'warning');
    assert.match(textOf(await columnRow(bench, 'orders', 'status')), /doesn't match the data/);
  });

  it("A8: the column's current type is active, or none if the columns differ", async () => {
    const [status, total] = [
      await columnRow(bench, 'orders', 'status'),
      await columnRow(bench, 'orders', 'total'),
    ];
    const one = bench.script(canceled.pick);
    await bench.run('changeColumnType', status);
    assert.deepEqual(one.marked, ['string']);
    const two = bench.script(canceled.pick);
    await bench.run('changeColumnType', status, [status, total]);
    assert.deepEqual(two.marked, [undefined]);
    assert.deepEqual(writes(bench), []);
  });

  it('sends nothing for the current type', async () => {
    const row = await columnRow(bench, 'orders', 'status');
    const prompts = bench.script(pick('string'));
    await bench.run('changeColumnType', row);
    assert.deepEqual(writes(bench), []);
    assert.match(prompts.told[0]?.message ?? '', /Nothing was sent/);
  });

  it('asks for columns when run on a document', async () => {
    bench.script(pickMany(['price', 'sku']), pick('string'));
    await bench.run('changeColumnType', documentUri(tableOf(bench, 'price_list')));
    assert.equal(serverTypes(bench, 'price_list').price, 'string');
    assert.deepEqual(bench.requests(({ method }) => method === 'POST')[0]?.body, {
      updates: { price: 'string' },
    });
  });

  it('explains a table of a source before anything is sent', async () => {
    const prompts = bench.script();
    await bench.run('changeColumnType', await columnRow(bench, 'stripe_charge', 'amount'));
    assert.match(prompts.told[0]?.message ?? '', /synced by the Stripe source.*Nothing was sent/);
    assert.deepEqual(writes(bench), []);
  });

  it('reports success if the server has the types after an error, and only then', async () => {
    const row = await columnRow(bench, 'orders', 'total');
    bench.fail('POST', 'status-500-after');
    const after = bench.script(pick('string'));
    await bench.run('changeColumnType', row);
    assert.match(after.told[0]?.message ?? '', /^orders: total is now string\..*has the change/);
    bench.fail('POST', 'status-500');
    const before = bench.script(pick('float'));
    await bench.run('changeColumnType', await columnRow(bench, 'orders', 'total'));
    assert.match(before.told[0]?.message ?? '', /Checked again: the change wasn't applied/);
    assert.equal(serverTypes(bench, 'orders').total, 'string');
  });
});

describe('column types on a current server, with a lost response', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({ generation: 'current', allowKeyUpdateSchema: true });
    await shownTables(bench);
  });
  afterEach(() => bench.stop());

  it("an accepted but unconfirmed change isn't reported as refused", async () => {
    const row = await columnRow(bench, 'orders', 'total');
    bench.fail('GET', 'status-500');
    const prompts = bench.script(pick('string'));
    await bench.run('changeColumnType', row);
    assert.match(
      prompts.told[0]?.message ?? '',
      /PostHog accepted the change to orders, but this couldn't be confirmed\. Refresh the table when/,
    );
    assert.equal(serverTypes(bench, 'orders').total, 'string');
  });
});

describe("schema actions on a documented server, which doesn't accept keys for them", () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({ generation: 'documented' });
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  it("a refused refresh is explained, and the next one isn't sent", async () => {
    const [row] = await tableRows(bench, 'orders');
    const first = bench.script();
    await bench.run('refreshSchema', row);
    assert.match(
      first.told[0]?.message ?? '',
      /^orders: PostHog doesn't allow API keys to refresh the columns of a table\..*Nothing was changed\./,
    );
    assert.deepEqual(first.told[0]?.buttons, ['Open in PostHog']);
    bench.clear();
    const second = bench.script();
    await bench.run('refreshSchema', row);
    assert.match(
      second.told[0]?.message ?? '',
      /The PostHog server of "[^"]+" doesn't allow API keys .*Nothing was sent/,
    );
    assert.deepEqual(second.told[0]?.buttons, ['Open in PostHog']);
    assert.deepEqual(bench.calls(), []);
  });

  it('after a server update, refreshing the connection is enough', async () => {
    const [row] = await tableRows(bench, 'orders');
    bench.script();
    await bench.run('refreshSchema', row);
    bench.sandbox.control.setGeneration('current');
    await bench.services.connections.refreshAccess(bench.connectionId, new AbortController().signal);
    const client = await bench.services.connections.client(bench.connectionId);
    assert.equal(client.profile?.schemaActions, undefined);
  });

  it('a refused type change is explained, and the next one is refused before asking', async () => {
    const row = await columnRow(bench, 'orders', 'total');
    const first = bench.script(pick('string'));
    await bench.run('changeColumnType', row);
    assert.match(
      first.told[0]?.message ?? '',
      /^orders: PostHog doesn't allow API keys to change column types\..*Nothing was changed\. Change the type in PostHog\./,
    );
    assert.deepEqual(first.told[0]?.buttons, ['Open in PostHog']);
    assert.equal(serverTypes(bench, 'orders').total, 'float');
    bench.clear();
    const second = bench.script();
    await bench.run('changeColumnType', row);
    assert.match(second.told[0]?.message ?? '', /doesn't allow API keys to change column types/);
    assert.deepEqual(bench.calls(), []);
  });
});

describe('B4: a server that lets keys refresh the columns, but not change types', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  const menu = (row: TreeNode): string => row.item().contextValue ?? '';

  it("B4: refusing one doesn't block the other, and menus reflect it", async () => {
    const column = await columnRow(bench, 'orders', 'total');
    const [table] = await tableRows(bench, 'orders');
    assert.ok(table);
    assert.match(menu(column), /\bretypable\b/);
    const refused = bench.script(pick('string'));
    await bench.run('changeColumnType', column);
    assert.match(
      refused.told[0]?.message ?? '',
      /doesn't allow API keys to change column types.*Nothing was changed/,
    );
    assert.deepEqual(refused.told[0]?.buttons, ['Open in PostHog']);
    assert.doesNotMatch(menu(column), /\bretypable\b/);
    assert.match(menu(table), /\brereadable\b/);
    const refreshed = bench.script();
    await bench.run('refreshSchema', table);
    assert.match(refreshed.told[0]?.message ?? '', /^orders: no changes \(7 columns\)/);
    bench.clear();
    const again = bench.script();
    await bench.run('changeColumnType', column);
    assert.match(
      again.told[0]?.message ?? '',
      /The PostHog server of "[^"]+" doesn't allow API keys .*Nothing was sent/,
    );
    assert.deepEqual(again.told[0]?.buttons, ['Open in PostHog']);
    assert.deepEqual(bench.calls(), []);
  });

  it('B4: several tables cause one refused request, and no retry is offered', async () => {
    const rows = [await columnRow(bench, 'orders', 'total'), await columnRow(bench, 'products', 'price')];
    const prompts = bench.script(pick('string'));
    await bench.run('changeColumnType', rows[0], rows);
    assert.equal(writes(bench).length, 1);
    assert.match(prompts.told[0]?.message ?? '', /^Changed 0 of 2\. orders: .* products: /);
    assert.deepEqual(prompts.told[0]?.buttons, ['Open in PostHog']);
  });
});

for (const generation of ['current', 'documented'] as const) {
  describe(`Replace storage credentials, ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
      await shownTables(bench);
      bench.clear();
    });
    afterEach(() => bench.stop());

    const stored = () => bench.control.credential(DEVELOPMENT, serverTable(bench, 'orders').id);

    it('replaces both, masked, and never shows them', async () => {
      const [row] = await tableRows(bench, 'orders');
      const prompts = bench.script(type('new-key'), type('new-secret'));
      await bench.run('replaceCredentials', row);
      assert.deepEqual(stored(), { access_key: 'new-key', access_secret: 'new-secret' });
      assert.deepEqual(
        prompts.asked.map(({ password }) => password),
        [true, true],
      );
      assert.doesNotMatch(prompts.allText, /new-(?:key|secret)/);
    });

    it('keeps parts that are left empty', async () => {
      const [row] = await tableRows(bench, 'orders');
      bench.script(type(''), type('new-secret'));
      await bench.run('replaceCredentials', row);
      assert.deepEqual(stored(), { access_key: 'sandbox-access-key', access_secret: 'new-secret' });
    });

    it("doesn't accept blank or empty names", async () => {
      const [row] = await tableRows(bench, 'orders');
      const prompts = bench.script(type(''), canceled.type);
      await bench.run('replaceCredentials', row);
      assert.ok(await prompts.asked[0]?.validate?.('  '));
      assert.ok(await prompts.asked[1]?.validate?.(''));
      assert.deepEqual(writes(bench), []);
    });

    it('can be retried with the same values after a failure', async () => {
      bench.fail('PATCH', 'status-500');
      const [row] = await tableRows(bench, 'orders');
      bench.script(type('new-key'), type('new-secret'), press('Try Again in Development'));
      await bench.run('replaceCredentials', row);
      assert.equal(stored()?.access_key, 'new-key');
    });

    for (const [name, reason] of [
      ['newsletter_signups', /has no storage credentials: PostHog manages its files/],
      ['stripe_charge', /synced by the Stripe source/],
    ] as const) {
      it(`explains in advance that ${name} has none`, async () => {
        const [row] = await tableRows(bench, name);
        const prompts = bench.script();
        await bench.run('replaceCredentials', row);
        assert.match(prompts.told[0]?.message ?? '', reason);
        assert.deepEqual(writes(bench), []);
      });
    }
  });
}
