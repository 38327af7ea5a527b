import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('Unsaved documents', () => {
  const ui = useWorkbench({
    userSettings: { 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 100 },
  });

  it('are never sent by auto-save', async () => {
    const { editor, page, folder } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Europe/Rome' });
    // An ordinary file that is changed afterwards shows when auto-save has run.
    const file = join(folder, 'notes.txt');
    await writeFile(file, '');
    await ui().openFile('notes.txt');
    await editor.focus();
    await page.keyboard.type('saved by itself');
    await eventually(async () => assert.equal(await readFile(file, 'utf8'), 'saved by itself'));
    await page.locator('.tab[data-resource-name="Staging.posthog-settings.json"]').click();
    await editor.shows('Staging.posthog-settings.json');
    await editor.isDirty();
    assert.deepEqual(ui().writes(), []);
  });

  it('keep their text across reloads, and save only what was changed', async () => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ timezone: 'Europe/Lisbon' });
    await ui().reload();
    await editor.shows('Staging.posthog-settings.json');
    await editor.isDirty();
    assert.equal(await editor.text(), text);
    ui().sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Europe/Lisbon' }]);
  });

  it('keep their base across reloads: a change made elsewhere in the meantime is still detected', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings(shop, 'Production');
    const text = await editor.change({ timezone: 'Europe/Lisbon' });
    sandbox.control.patchEnvironment(1203, { timezone: 'Asia/Tokyo', anonymize_ips: false });
    await ui().reload();
    await editor.shows('Production.posthog-settings.json');
    assert.equal(await editor.text(), text);
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/Someone changed timezone in PostHog after/);
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.environment(1203).timezone, 'Asia/Tokyo');
  });

  it('of tables survive a reload too, and clean ones show what the server has', async () => {
    const { editor, sandbox, page } = ui();
    await ui().openSettings(shop, 'Development');
    await ui().openTable(shop, 'Development', 'orders');
    await editor.change({ name: 'purchases' });
    sandbox.control.patchEnvironment(1201, { timezone: 'Asia/Tokyo' });
    await ui().reload();
    await editor.shows('orders.posthog-table.json');
    await editor.isDirty();
    assert.equal((await editor.json()).name, 'purchases');
    await page.locator('.tab[data-resource-name="Development.posthog-settings.json"]').click();
    await editor.shows('Development.posthog-settings.json');
    assert.equal((await editor.json()).timezone, 'Asia/Tokyo');
    await editor.isClean();
  });
});
