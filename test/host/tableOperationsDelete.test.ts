import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { HostBench } from './support/bench';
import { cancelled, confirm, press } from './support/prompts';
import { serverTableNames, shownTables, tableRows, tablesRow } from './support/tables';

for (const generation of ['current', 'documented'] as const) {
  describe(`Delete warehouse table, ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
      await shownTables(bench);
      bench.clear();
    });
    afterEach(() => bench.stop());

    it('deletes several, says what is lost, leaves out those of a source', async () => {
      const rows = await tableRows(bench, 'newsletter_signups', 'products', 'stripe_charge');
      await bench.run('openTable', rows[1]);
      const prompts = bench.script(confirm('Delete'));
      await bench.run('deleteTable', rows[1], rows);
      const [question] = prompts.confirmed;
      assert.equal(question?.message, 'Delete 2 warehouse tables?');
      assert.match(question.detail, /^newsletter_signups, products\.$/m);
      assert.match(question.detail, /Joins that use them are deleted too/);
      assert.match(question.detail, /uploaded content of newsletter_signups .* is lost/);
      assert.match(question.detail, /Not deleted, .*: stripe_charge\./);
      const left = ['orders', 'price_list', 'stripe_customer', 'stripe_charge'];
      assert.deepEqual(serverTableNames(bench), left);
      assert.deepEqual(await shownTables(bench), left);
      assert.deepEqual(
        vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)),
        [],
      );
      assert.deepEqual(prompts.told, []);
    });

    it('explains a table of a source before anything is sent', async () => {
      const [row] = await tableRows(bench, 'stripe_charge');
      const prompts = bench.script();
      await bench.run('deleteTable', row);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^stripe_charge is synced by the Stripe source.*Nothing was sent\.$/,
      );
      assert.deepEqual(bench.calls(), []);
    });

    it('sends nothing after Esc', async () => {
      const [row] = await tableRows(bench, 'products');
      bench.script(cancelled.confirm);
      await bench.run('deleteTable', row);
      assert.deepEqual(bench.calls(), []);
    });

    it('lists what failed and tries it again', async () => {
      const rows = await tableRows(bench, 'newsletter_signups', 'products');
      bench.fail('DELETE', 'status-500');
      const prompts = bench.script(confirm('Delete'), press('Retry Failed'));
      await bench.run('deleteTable', rows[0], rows);
      assert.match(prompts.told[0]?.message ?? '', /^Deleted 1 of 2\. newsletter_signups: /);
      assert.equal(prompts.told.length, 1);
      assert.ok(
        !serverTableNames(bench).some((name) => name === 'products' || name === 'newsletter_signups'),
      );
      assert.ok(!(await shownTables(bench)).includes('newsletter_signups'));
    });

    it('is done when the server failed after it had deleted', async () => {
      const [row] = await tableRows(bench, 'products');
      bench.fail('DELETE', 'status-500-after');
      const prompts = bench.script(confirm('Delete'));
      await bench.run('deleteTable', row);
      assert.deepEqual(prompts.told, []);
      assert.ok(!serverTableNames(bench).includes('products'));
      assert.ok(!(await shownTables(bench)).includes('products'));
    });

    it('leaves a document with unsaved changes open', async () => {
      const [row] = await tableRows(bench, 'products');
      await bench.run('openTable', row);
      const document = vscode.window.activeTextEditor!.document;
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 1), ' ');
      await vscode.workspace.applyEdit(edit);
      const text = document.getText();
      bench.script(confirm('Delete'));
      await bench.run('deleteTable', row);
      assert.ok(!serverTableNames(bench).includes('products'));
      assert.equal(document.isClosed, false);
      assert.equal(document.isDirty, true);
      assert.equal(document.getText(), text);
    });
  });
}

describe('table operations with a key that may only read', () => {
  let bench: HostBench;
  before(async () => {
    bench = await HostBench.start({ key: 'read' });
  });
  after(() => bench.stop());

  for (const command of ['linkTable', 'uploadFile']) {
    it(`${command} names the missing scope before it asks`, async () => {
      const prompts = bench.script();
      await bench.run(command, await tablesRow(bench));
      assert.match(prompts.told[0]?.message ?? '', /does not have the scope warehouse_table:write/);
      assert.deepEqual(prompts.asked, []);
    });
  }
  for (const command of ['deleteTable', 'refreshSchema', 'replaceCredentials']) {
    it(`${command} names the missing scope before it sends`, async () => {
      const [row] = await tableRows(bench, 'orders');
      bench.clear();
      const prompts = bench.script();
      await bench.run(command, row);
      assert.match(prompts.told[0]?.message ?? '', /does not have the scope warehouse_table:write/);
      assert.deepEqual(bench.calls(), []);
    });
  }
});
