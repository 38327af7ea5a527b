import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('Deleting an environment', () => {
  // A clock of the server that stands still: every deletion is due, and lasts until the test ends it.
  const ui = useWorkbench({
    sandbox: { generation: 'current', now: () => new Date('2020-03-16T12:00:00Z') },
  });

  /** Chooses *Delete Environment…* in the menu of a row and returns the text of the box. */
  async function ask(environment: string, id: number): Promise<string> {
    const { tree, quickInput } = ui();
    await tree.expand('Sandbox', shop);
    await tree.menu([shop, environment], 'Delete Environment…');
    await quickInput.titled(`Delete Environment ${environment} (${id})`);
    return quickInput.message(/Type the name to confirm/);
  }

  it('only accepts the full name, and Esc sends nothing', async () => {
    const { quickInput, sandbox, tree } = ui();
    const said = await ask('Staging', 1202);
    assert.match(said, /deletes the whole project "Staging" of Hedgehog Outfitters and all its data/);
    assert.match(
      said,
      /and 12 warehouse tables\. If this server schedules deletions, you can cancel in PostHog until then\. Otherwise, this can't be undone\./,
    );
    for (const wrong of ['staging', 'Stagin', '1202']) {
      await quickInput.fill(wrong);
      await quickInput.accept();
      await quickInput.message(/Type "Staging" exactly, or press Esc/);
    }
    await quickInput.cancel();
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.environment(1202).is_pending_deletion, false);
    assert.equal((await tree.row(shop, 'Staging')).description, '1202 · UTC');
  });

  it('E: shows the deletion in its row, even after a reload, without a pending notification', async () => {
    const { editor, quickInput, sandbox, toasts, tree } = ui();
    await ui().openSettings(shop, 'Staging');
    await tree.collapse(shop, 'Staging');
    await ask('Staging', 1202);
    await quickInput.fill('Staging');
    await quickInput.accept();
    await eventually(async () => {
      const { description, icon } = await tree.row(shop, 'Staging');
      assert.equal(description, 'being deleted · 1202 · UTC');
      assert.match(icon, /codicon-trash/);
    });
    await editor.noneOpen();
    const entries = await tree.menuEntries(shop, 'Staging');
    assert.ok(entries.includes('Copy ID'), entries.join(', '));
    assert.ok(!entries.some((entry) => /^(Delete|Rename)/.test(entry)), entries.join(', '));
    await toasts.gone();
    assert.deepEqual(
      ui()
        .writes()
        .map(({ method, path }) => [method, path]),
      [['DELETE', '/api/projects/1202/']],
    );
    assert.equal(sandbox.control.environment(1202).is_pending_deletion, true);

    await ui().reload();
    await tree.expand('Sandbox', shop);
    assert.equal((await tree.row(shop, 'Staging')).description, 'being deleted · 1202 · UTC');

    sandbox.control.removeEnvironment(1202);
    await tree.titleMenu('Refresh');
    await tree.gone(shop, 'Staging');
  });

  it('announces the end of a deletion, and removes its row', async () => {
    const { quickInput, sandbox, toasts, tree } = ui();
    await ask('Development', 1201);
    await quickInput.fill('Development');
    await quickInput.accept();
    await eventually(async () =>
      assert.match((await tree.row(shop, 'Development')).description, /^being deleted/),
    );
    sandbox.control.removeEnvironment(1201);
    await toasts.says(/^"Development" was deleted\.$/);
    await tree.gone(shop, 'Development');
    assert.equal((await ui().ask('GET', '/api/projects/1201/')).status, 404);
    assert.ok(sandbox.control.environmentIds().includes(1203));
  });
});

describe('Deleting an environment on a schedule', () => {
  const ui = useWorkbench({ sandbox: { generation: 'current' } });

  async function deleteStaging(): Promise<void> {
    const { quickInput, tree } = ui();
    await tree.expand('Sandbox', shop);
    await tree.menu([shop, 'Staging'], 'Delete Environment…');
    await quickInput.titled('Delete Environment Staging (1202)');
    await quickInput.fill('Staging');
    await quickInput.accept();
  }

  it('B6: shows the time, in the message and in the row, and until when it can be canceled', async () => {
    const { page, sandbox, toasts, tree } = ui();
    await deleteStaging();
    await toasts.says(
      /^PostHog will delete "Staging" on \w+ \d+, \d{4}, [\d:]+.[AP]M\. Until then, you can cancel the deletion in PostHog\.$/,
    );
    // The progress with its Cancel button stays for a moment.
    await eventually(async () => assert.deepEqual(await toasts.buttons(), ['Open in PostHog']));
    const opened = page.context().waitForEvent('page');
    await toasts.button('Open in PostHog');
    const tab = await opened;
    assert.match(tab.url(), /\/project\/1202\/settings\/project$/);
    await tab.close();
    await toasts.clear();
    const { description, icon } = await tree.row(shop, 'Staging');
    assert.match(description, /^deletion on \w+ \d+, \d{4}, [\d:]+.[AP]M · 1202 · UTC$/);
    assert.match(icon, /codicon-trash/);

    sandbox.control.cancelDeletion(1202);
    await tree.titleMenu('Refresh');
    await toasts.sayOnly(/^The deletion of "Staging" was canceled in PostHog\.$/);
    await eventually(async () => assert.equal((await tree.row(shop, 'Staging')).description, '1202 · UTC'));
  });

  it('B6: one without data is deleted immediately', async () => {
    const { sandbox, toasts, tree } = ui();
    sandbox.control.patchEnvironment(1202, { ingested_event: false });
    for (const { id } of sandbox.control.tables(1202)) {
      assert.ok(typeof id === 'string');
      sandbox.control.patchTable(1202, id, { deleted: true });
    }
    await deleteStaging();
    await toasts.says(/^"Staging" was deleted\.$/);
    await tree.gone(shop, 'Staging');
    assert.ok(!sandbox.control.environmentIds().includes(1202));
  });
});

describe('Deleting a warehouse table', () => {
  const ui = useWorkbench();

  /** Moves to the row of a table with the keyboard, because a click would open it, and presses Delete. */
  async function pressDelete(table: string): Promise<void> {
    const { tree, page, sandbox } = ui();
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables');
    // Rows that are just loading move the others.
    await eventually(async () => {
      const { index } = await tree.row('Development', 'Warehouse tables', table);
      await tree.list.focus();
      await page.keyboard.press('Home');
      await tree.focused('Sandbox', 3_000);
      for (let step = 0; step < index; step += 1) {
        await page.keyboard.press('ArrowDown');
      }
      await tree.focused(table, 3_000);
    });
    sandbox.control.clearRequests();
    await page.keyboard.press('Delete');
  }

  const names = (): readonly unknown[] =>
    ui()
      .sandbox.control.tables(1201)
      .map(({ name }) => name);

  it('asks first: Cancel keeps it, Delete removes it from the server and the tree', async () => {
    const { modal, sandbox, tree } = ui();
    await pressDelete('products');
    await modal.says(
      /Delete the warehouse table "products" of Development · Hedgehog Outfitters · Sandbox\?/,
    );
    await modal.says(/Files in your own storage are kept\.\s+This can't be undone\./);
    await modal.press('Cancel');
    await modal.isGone();
    assert.deepEqual(sandbox.control.requests(), []);
    assert.ok(names().includes('products'));

    await pressDelete('products');
    await modal.says(
      /Delete the warehouse table "products" of Development · Hedgehog Outfitters · Sandbox\?/,
    );
    await modal.press('Delete from');
    await tree.gone('Warehouse tables', 'products');
    assert.ok(!names().includes('products'));
    assert.equal(ui().writes().length, 1);
  });

  it('says that uploaded content is lost with its table', async () => {
    const { modal, tree } = ui();
    await pressDelete('newsletter_signups');
    await modal.says(/PostHog has the only copy of the uploaded content, which will be lost\./);
    await modal.press('Delete from');
    await tree.gone('Warehouse tables', 'newsletter_signups');
    assert.ok(!names().includes('newsletter_signups'));
  });

  it('explains a table that a source keeps in sync, without a request', async () => {
    const { modal, sandbox, toasts, tree } = ui();
    await pressDelete('stripe_charge');
    await toasts.says(
      /^stripe_charge is synced by the Stripe source[^]*Remove the table from the source[^]*Nothing was sent\.$/,
    );
    await modal.isGone();
    assert.deepEqual(await toasts.buttons(), ['Open in PostHog']);
    assert.deepEqual(sandbox.control.requests(), []);
    assert.ok(names().includes('stripe_charge'));
    await tree.row('Warehouse tables', 'stripe_charge');
  });
});
