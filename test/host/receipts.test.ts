import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Receipt } from '../../src/operations/services';
import { Receipts } from '../../src/ui/receipts';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING } from './support/bench';
import { openDocument, replaceIn, setText, settingsOf, tableOf, valueOf } from './support/documents';
import { openFile, pick, type } from './support/prompts';
import { columnRow, Files, tableRows, tablesRow } from './support/tables';
import { TreeWalk } from './support/treeWalk';

const COMPANY = 'Hedgehog Outfitters';

describe('the receipt of a write', () => {
  let bench: HostBench;
  let left: Receipt[];
  beforeEach(async () => {
    bench = await HostBench.start();
    left = [];
    const { receipts } = bench.services;
    const add = receipts.add.bind(receipts);
    receipts.add = (receipt) => {
      left.push(receipt);
      add(receipt);
    };
  });
  afterEach(async () => {
    Reflect.deleteProperty(bench.services.receipts, 'add');
    await bench.stop();
  });

  it('A2: a save of settings names environment and keys, and no values', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, 'America/New_York', 'Asia/Tokyo');
    assert.ok(await document.save());
    const { connectionId } = bench;
    assert.deepEqual(left, [
      {
        done: 'Saved to',
        connectionId,
        environmentId: PRODUCTION,
        name: 'Production',
        keys: ['timezone'],
        isUndoable: true,
      },
    ]);
  });

  it('A2: a save that sends nothing or is refused leaves no receipt', async () => {
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
    bench.script({ kind: 'confirm', button: 'Delete from Development' });
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

  it("A9: receipts and questions use a table's new name once it was renamed", async () => {
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"orders"', '"sales"');
    assert.ok(await document.save());
    await bench.services.marks.mark(bench.connectionId, DEVELOPMENT, { protect: true });
    await replaceIn(document, '/orders/', '/sales/');
    bench.script({ kind: 'confirm', button: 'Save to Development' });
    assert.ok(await document.save());
    assert.equal(bench.prompts.confirmed[0]?.message, 'Save 1 change to sales in Development?');
    assert.deepEqual(
      left.map((one) => one.done),
      ['Saved orders in', 'Saved sales in'],
    );
  });

  const done = (): unknown[] => left.map((one) => [one.done, one.environmentId, one.keys]);

  it('A2: creating an environment leaves one', async () => {
    await new TreeWalk(bench).run('createEnvironment', COMPANY);
    await setText(shown(), '{ "name": "QA", "timezone": "Europe/Berlin" }');
    assert.ok(await shown().save());
    assert.equal(left[0]?.name, 'QA');
    assert.deepEqual(done(), [['Created', bench.control.environmentIds().at(-1), undefined]]);
  });

  it('A2: duplicating an environment leaves one', async () => {
    await new TreeWalk(bench).run('duplicateEnvironment', COMPANY, 'Production');
    assert.ok(await shown().save());
    assert.equal(left[0]?.name, 'Copy of Production');
    assert.deepEqual(done(), [['Created', bench.control.environmentIds().at(-1), undefined]]);
  });

  it('A2: table commands leave one each, with keys and without values', async () => {
    bench.control.setKeyUpdateSchema(true);
    const [products] = await tableRows(bench, 'products');
    bench.script(type('goods'));
    await bench.run('rename', products);
    const [orders] = await tableRows(bench, 'orders');
    bench.script(type('new-key'), type('new-secret'));
    await bench.run('replaceCredentials', orders);
    bench.script(pick('string'));
    await bench.run('changeColumnType', await columnRow(bench, 'orders', 'total'));
    bench.script();
    await bench.run('refreshSchema', orders);
    assert.deepEqual(done(), [
      ['Renamed products to goods in', DEVELOPMENT, ['name']],
      ['Replaced the storage credentials of orders in', DEVELOPMENT, ['access_key', 'access_secret']],
      ['Changed column types of orders in', DEVELOPMENT, ['total']],
      ['Refreshed the schema of orders in', DEVELOPMENT, undefined],
    ]);
    assert.doesNotMatch(JSON.stringify(left), /new-key|new-secret/);
  });

  it('A2: linking and uploading a table leave one each', async () => {
    const url = 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet';
    const files = await Files.make();
    try {
      bench.script(
        type('returns'),
        pick('Parquet'),
        type(url),
        type('sandbox-access-key'),
        type('sandbox-access-secret'),
      );
      await bench.run('linkTable', await tablesRow(bench));
      const uri = await files.write('sales.csv', 'id,amount\n1,2.5\n');
      bench.script(openFile(uri), pick('CSV with header'), type('sales'));
      await bench.run('uploadFile', await tablesRow(bench));
    } finally {
      await files.remove();
    }
    assert.deepEqual(done(), [
      ['Linked returns in', DEVELOPMENT, undefined],
      ['Uploaded sales.csv as sales to', DEVELOPMENT, undefined],
    ]);
    assert.doesNotMatch(JSON.stringify(left), /sandbox-access|https/);
  });

  it('A2: deleting an environment leaves one', async () => {
    bench.script(type('Staging'));
    await new TreeWalk(bench).run('deleteEnvironment', COMPANY, 'Staging');
    assert.deepEqual(done(), [['Started deleting', STAGING, undefined]]);
    assert.equal(left[0]?.name, 'Staging');
  });

  it('A2: a partly applied save leaves one for the applied part', async () => {
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"orders"', '"sales"');
    await replaceIn(document, '"total": "float"', '"total": "string"');
    assert.equal(await document.save(), false);
    assert.deepEqual(done(), [['Partly saved orders in', DEVELOPMENT, ['name']]]);
  });

  it('A2: pasting another environment over Production is visible before and after', async () => {
    await bench.services.marks.mark(bench.connectionId, PRODUCTION, { protect: true });
    const other = valueOf(await openDocument(settingsOf(bench, DEVELOPMENT, 'Development')));
    const document = await openDocument(settingsOf(bench));
    const { modifiers, session_recording_retention_period } = valueOf(document);
    // Not pasted: a name that is taken, keys that only null removes, what the plan excludes.
    const kept = { name: 'Pasted', modifiers: modifiers ?? null, session_recording_retention_period };
    await setText(document, JSON.stringify({ ...other, ...kept }));
    bench.script({ kind: 'confirm', button: 'Save to Production' });
    assert.ok(await document.save(), JSON.stringify(bench.prompts.confirmed));
    const [receipt, ...more] = left;
    assert.deepEqual(more, []);
    const keys = receipt?.keys ?? [];
    assert.ok(keys.length > 6 && keys.includes('name'), keys.join());
    const [question] = bench.prompts.confirmed;
    assert.match(question?.message ?? '', /^Save \d+ changes to Production\?$/);
    assert.ok(Number(/\d+/.exec(question?.message ?? '')?.[0]) >= keys.length, question?.message);
    assert.match(question?.detail ?? '', /name: "Production" → "Pasted"/);
    assert.match(question?.detail ?? '', /… and \d+ more/);
  });

  it('A2: the line in the log has connection, environment and keys, with names as plain text', () => {
    const lines: string[] = [];
    // The channel itself adds the time.
    const log = { info: (line: string) => void lines.push(line) };
    const receipts = new Receipts({ ...bench.services, log });
    const { connectionId } = bench;
    const receipt = { done: 'Saved to', connectionId, environmentId: PRODUCTION };
    receipts.add({ ...receipt, name: 'Production', keys: ['timezone', 'app_urls'] });
    receipts.add({ ...receipt, name: 'Two\nlines', keys: [] });
    const where = `[environment ${PRODUCTION}, connection "Test admin", ${bench.sandbox.url}]`;
    assert.equal(lines[0], `Saved to Production ${where}: timezone, app_urls`);
    assert.equal(lines.length, 2);
    assert.ok(!lines[1]?.includes('\n'), lines[1]);
  });

  it('11.1: a save that merged something lists it in the receipt and the log', async () => {
    const document = await openDocument(settingsOf(bench));
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    await replaceIn(document, 'America/New_York', 'Asia/Tokyo');
    assert.ok(await document.save());
    assert.deepEqual(
      left.map(({ keys, merged }) => [keys, merged]),
      [[['timezone'], ['week_start_day']]],
    );
    const lines: string[] = [];
    const [receipt] = left;
    assert.ok(receipt);
    const log = { info: (line: string) => void lines.push(line) };
    new Receipts({ ...bench.services, log }).add(receipt);
    assert.match(lines[0] ?? '', /: timezone\. Merged with changes made in PostHog: week_start_day$/);
  });
});

function shown(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document, "there's no open editor");
  return document;
}
