import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { HostBench, closeEditors } from './support/bench';
import { canceled, confirm, pick, press } from './support/prompts';
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

    it('11.4: deletes several, says where and what is lost, and skips synced tables', async () => {
      const rows = await tableRows(bench, 'newsletter_signups', 'products', 'stripe_charge');
      await bench.run('openTable', rows[1]);
      const prompts = bench.script(confirm('Delete from Development'));
      await bench.run('deleteTable', rows[1], rows);
      const [question] = prompts.confirmed;
      assert.equal(
        question?.message,
        'Delete 2 warehouse tables of Development · Hedgehog Outfitters · Test admin?',
      );
      assert.match(question.detail, /^newsletter_signups, products\.$/m);
      assert.match(question.detail, /Joins that use them are deleted, too/);
      assert.match(question.detail, /uploaded content of newsletter_signups, which will be lost/);
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
      bench.script(canceled.confirm);
      await bench.run('deleteTable', row);
      assert.deepEqual(bench.calls(), []);
    });

    it('lists failed ones and retries them', async () => {
      const rows = await tableRows(bench, 'newsletter_signups', 'products');
      bench.fail('DELETE', 'status-500');
      const prompts = bench.script(confirm('Delete from Development'), press('Retry in Development'));
      await bench.run('deleteTable', rows[0], rows);
      assert.match(prompts.told[0]?.message ?? '', /^Deleted 1 of 2\. newsletter_signups: /);
      assert.equal(prompts.told.length, 1);
      assert.ok(
        !serverTableNames(bench).some((name) => name === 'products' || name === 'newsletter_signups'),
      );
      assert.ok(!(await shownTables(bench)).includes('newsletter_signups'));
    });

    it('succeeds if the server failed after deleting', async () => {
      const [row] = await tableRows(bench, 'products');
      bench.fail('DELETE', 'status-500-after');
      const prompts = bench.script(confirm('Delete from Development'));
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
      bench.script(confirm('Delete from Development'));
      await bench.run('deleteTable', row);
      assert.ok(!serverTableNames(bench).includes('products'));
      assert.equal(document.isClosed, false);
      assert.equal(document.isDirty, true);
      assert.equal(document.getText(), text);
    });
  });
}

describe('table operations with a read-only key', () => {
  let bench: HostBench;
  before(async () => {
    bench = await HostBench.start({ key: 'read' });
  });
  after(() => bench.stop());

  for (const command of ['linkTable', 'uploadFile']) {
    it(`${command} reports the missing scope before it asks`, async () => {
      const prompts = bench.script();
      await bench.run(command, await tablesRow(bench));
      assert.match(prompts.told[0]?.message ?? '', /doesn't have the scope warehouse_table:write/);
      assert.deepEqual(prompts.asked, []);
    });
  }
  it('B9: is reported from the palette before the environment and table are requested, with the right button', async () => {
    await closeEditors();
    for (const command of [
      'linkTable',
      'uploadFile',
      'deleteTable',
      'refreshSchema',
      'changeColumnType',
      'replaceCredentials',
    ]) {
      bench.clear();
      const prompts = bench.script();
      await bench.run(command);
      assert.match(
        prompts.told[0]?.message ?? '',
        /"Test read" doesn't have .* warehouse_table:write/,
        command,
      );
      assert.deepEqual(prompts.told[0]?.buttons, ['Replace Key…'], command);
      assert.deepEqual([prompts.asked, prompts.offered, bench.calls()], [[], [], []], command);
    }
  });

  for (const command of ['deleteTable', 'refreshSchema', 'replaceCredentials']) {
    it(`${command} reports the missing scope before it sends`, async () => {
      const [row] = await tableRows(bench, 'orders');
      bench.clear();
      const prompts = bench.script();
      await bench.run(command, row);
      assert.match(prompts.told[0]?.message ?? '', /doesn't have the scope warehouse_table:write/);
      assert.deepEqual(bench.calls(), []);
    });
  }
});

describe('table operations on tables of two connections', () => {
  const benches: HostBench[] = [];
  afterEach(async () => {
    for (const bench of benches.splice(0).reverse()) {
      await bench.stop();
    }
  });

  it('B9: a refusal that concerns one key says which, and offers to replace that one', async () => {
    const [good, revoked] = [await HostBench.start(), await HostBench.start({ key: 'member' })];
    benches.push(good, revoked);
    const rows = [...(await tableRows(good, 'products')), ...(await tableRows(revoked, 'orders'))];
    revoked.control.revokeKey('member');
    const prompts = revoked.script(
      confirm('Delete from 2 Environments'),
      press('Replace Key…'),
      canceled.type,
    );
    await revoked.run('deleteTable', rows[0], rows);
    const [refusal] = prompts.told;
    assert.match(
      refusal?.message ?? '',
      /^Deleted 1 of 2\. orders \(connection "Test member"\): PostHog rejected/,
    );
    assert.equal(prompts.asked[0]?.title, 'Replace API Key of Test member');
  });

  it('B9: if both keys are refused, the user chooses which one to replace', async () => {
    const both = [await HostBench.start(), await HostBench.start({ key: 'member' })] as const;
    benches.push(...both);
    const rows = [...(await tableRows(both[0], 'products')), ...(await tableRows(both[1], 'orders'))];
    both[0].control.revokeKey('admin');
    both[1].control.revokeKey('member');
    const prompts = both[1].script(
      confirm('Delete from 2 Environments'),
      press('Replace Key…'),
      pick('Test member'),
      canceled.type,
    );
    await both[1].run('deleteTable', rows[0], rows);
    assert.deepEqual(prompts.offered, [['Test admin', 'Test member']]);
    assert.equal(prompts.asked[0]?.title, 'Replace API Key of Test member');
  });
});
