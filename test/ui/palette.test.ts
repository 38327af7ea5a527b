import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('The command palette', () => {
  const ui = useWorkbench();

  it('asks for the environment if a command needs one', async () => {
    const { quickInput, editor } = ui();
    await ui().command('Open Environment Settings');
    await quickInput.choose('Playground');
    await editor.shows('Playground.posthog-settings.json');

    await editor.closeAll();
    await ui().command('Open Settings Group…');
    await quickInput.asks('Choose an environment');
    await quickInput.fill('Stag');
    await quickInput.choose('Staging');
    await quickInput.asks('Choose a group');
    await quickInput.choose('Surveys');
    await editor.shows('Staging.posthog-settings.json');
    await eventually(async () => assert.equal(await editor.selection(), '"surveys_opt_in"'));
  });

  it('asks for the table by a part of its name, however many there are', async () => {
    const { quickInput, editor, sandbox } = ui();
    await ui().command('Open Warehouse Table');
    await quickInput.choose('Production');
    sandbox.control.clearRequests();
    await quickInput.asks('Type part of the table name');
    await quickInput.fill('export_007');
    await quickInput.choose('export_007');
    await editor.shows('export_007.posthog-table.json');
    assert.ok(sandbox.control.requests().some(({ query }) => query.search === 'export_007'));
  });

  it('uses the open document if there is one', async () => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Staging');
    await ui().command('Show Full Response');
    await editor.shows('Staging.posthog-response.json');
    await editor.closeAll();

    await ui().openSettings(shop, 'Staging');
    ui().sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Tokyo' });
    await ui().command('Reload from PostHog');
    await eventually(async () => assert.equal((await editor.json()).timezone, 'Asia/Tokyo'));
  });

  it('reloads a changed document only if confirmed', async () => {
    const { editor, modal } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ timezone: 'Europe/Rome' });
    await ui().command('Reload from PostHog');
    await modal.says(/Discard your changes to Staging · Hedgehog Outfitters · Sandbox\?/);
    await modal.press('Cancel');
    assert.equal(await editor.text(), text);
    await ui().command('Reload from PostHog');
    await modal.press('Discard Changes');
    await editor.isClean();
    assert.notEqual((await editor.json()).timezone, 'Europe/Rome');
  });

  it('leads to every connection command', async () => {
    const { quickInput, tree, modal } = ui();
    await tree.row('Sandbox');
    await ui().command('Rename Connection…');
    await quickInput.titled('Rename Connection');
    await quickInput.cancel();
    await ui().command('Replace API Key…');
    await quickInput.titled('Replace API Key of Sandbox');
    await quickInput.cancel();
    await ui().command('Remove Connection…');
    await modal.says(/Remove the connection "Sandbox"\?/);
    await modal.press('Cancel');
    await tree.row('Sandbox');
    await ui().command('Refresh');
    await ui().command('Add Connection…');
    await quickInput.choose('Self-hosted…');
    await quickInput.titled('Add Connection');
    await quickInput.cancel();
  });

  it('E: pickers say which command they are for, and steps with one choice are skipped', async () => {
    const { quickInput, editor, sandbox } = ui();
    // With a single connection, the environment is the first question.
    await ui().command('Delete Environment…');
    await quickInput.titled('Delete Environment');
    await quickInput.asks('Choose an environment');
    await quickInput.cancel();
    await ui().command('Preview Rows');
    await quickInput.titled('Preview Rows');
    await quickInput.choose('Development');
    await quickInput.titled('Preview Rows: Development');
    await quickInput.cancel();
    await ui().command('Open Settings Group…');
    await quickInput.choose('Staging');
    await quickInput.titled('Open Settings Group: Staging');
    await quickInput.cancel();
    assert.ok(sandbox.control.requests().every(({ method }) => method === 'GET'));
    await editor.closeAll();
  });

  it('offers nothing that only works on a row', async () => {
    const commands = await ui().quickInput.commandsFor('PostHog Environments: ');
    assert.ok(commands.includes('PostHog Environments: Open Environment Settings'), commands.join(', '));
    for (const title of ['Load More', 'Retry']) {
      assert.ok(!commands.includes(`PostHog Environments: ${title}`), title);
    }
  });
});

describe('The keyboard alone', () => {
  const ui = useWorkbench();

  it('gets from the tree to a saved setting', async () => {
    const { page, tree, editor, quickInput, sandbox } = ui();
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await tree.row('Sandbox');
    await quickInput.openPalette('Environments: Focus on Environments View');
    await quickInput.marked('Environments: Focus on Environments View');
    await press('Enter');
    await quickInput.closed();
    // The view gets the focus a moment later.
    await eventually(async () => {
      await press('Home');
      await tree.focused('Sandbox', 2_000);
    });
    // With a single connection, the tree is already expanded to its environments.
    for (const label of ['Sandbox', shop]) {
      await tree.focused(label);
      await eventually(async () => assert.equal((await tree.row(label)).expanded, true));
      await tree.descend();
    }
    await tree.focused('Development');
    await press('ArrowDown');
    await tree.focused('Staging');
    await press('ArrowRight');
    await tree.descend();
    await tree.focused('Settings');
    await press('Enter');
    await editor.shows('Staging.posthog-settings.json');
    await editor.change({ timezone: 'Europe/Madrid' });
    await press('Control+s');
    await editor.isClean();
    assert.equal(sandbox.control.environment(1202).timezone, 'Europe/Madrid');
  });

  it('loads more rows and retries with Enter, and renames with F2', async () => {
    const { page, tree, sandbox, quickInput } = ui();
    sandbox.control.addFault({
      route: { method: 'GET', path: '/api/projects/1203/warehouse_tables' },
      kind: 'status-500',
    });
    await tree.expand('Sandbox', shop, 'Production', 'Warehouse tables');
    const [failure] = await tree.childrenOfOnce('Production', 'Warehouse tables');
    sandbox.control.clearFaults();
    await tree.menuEntries('Production', 'Warehouse tables');
    await tree.list.focus();
    await page.keyboard.press('ArrowDown');
    await tree.focused(failure?.label ?? '');
    await page.keyboard.press('Enter');
    await tree.row('Warehouse tables', 'export_260');
    await eventually(async () => {
      await tree.goToEnd();
      // The organization below is expanded, so its own row comes first.
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowUp');
      await tree.focused('Load more…', 3_000);
    });
    await page.keyboard.press('Enter');
    await eventually(async () => {
      await tree.goToEnd();
      const more = (await tree.rows()).find(({ label }) => label === 'Load more…');
      assert.equal(more?.description, '200 of 260');
    });
    await page.keyboard.press('Home');
    await tree.focused('Sandbox');
    await page.keyboard.press('F2');
    await quickInput.titled('Rename Connection');
    await quickInput.fill('Shop');
    await quickInput.accept();
    await tree.row('Shop');
  });
});
