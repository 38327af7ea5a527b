import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localSandboxId } from '../../src/connections/connection';
import { eventually } from './support/eventually';
import { reloadWith } from './support/reloadWith';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';
const development = 1201;
const uuid = /[\da-f]{8}-[\da-f]{4}/i;

describe('Restored tabs with addresses of former versions', () => {
  const ui = useWorkbench();

  const ordersAddress = (): string =>
    `posthog-env://${localSandboxId}/${development}/tables/${tableId(ui(), development, 'orders')}/orders.posthog-table.json`;
  const stagingAddress = `posthog-env://${localSandboxId}/1202/settings/Staging.posthog-settings.json`;

  /** Opens addresses by the links to them in a file, because no command of the extension opens former ones. */
  async function openLinks(...addresses: string[]): Promise<void> {
    const { folder, quickInput, editor } = ui();
    for (const [index, address] of addresses.entries()) {
      const file = `link${index}.txt`;
      await writeFile(join(folder, file), address);
      await ui().openFile(file);
      await quickInput.run('Open Link');
      await editor.shows(address.slice(address.lastIndexOf('/') + 1));
    }
  }

  const breadcrumb = (): Promise<string> => ui().page.locator('.breadcrumbs-control').innerText();

  const breadcrumbSays = (...names: string[]): Promise<string> =>
    eventually(async () => {
      const text = await breadcrumb();
      assert.deepEqual(text.split('\n').slice(0, names.length), names);
      return text;
    });

  /** The titles of all tabs, which have all of their names. */
  const titles = (): Promise<string[]> => ui().page.locator('.tab .label-name').allInnerTexts();

  /** Waits until one tab shows a document. */
  const shownOnce = (name: string): Promise<void> =>
    eventually(async () =>
      assert.equal(await ui().page.locator(`.tab[data-resource-name="${name}"]`).count(), 1),
    );

  it('get names once they are in front, without a write, a second tab, or a second request', async () => {
    const { page, sandbox } = ui();
    await openLinks(stagingAddress, ordersAddress());
    await eventually(async () => assert.match(await breadcrumb(), uuid));
    const tabs = await titles();
    sandbox.control.clearRequests();
    await reloadWith(ui(), 'orders.posthog-table.json');
    await breadcrumbSays('Sandbox', shop, 'Development', 'orders.posthog-table.json');
    await shownOnce('orders.posthog-table.json');
    const named = [...tabs.slice(0, -1), `orders · Development · ${shop} · Sandbox`];
    await eventually(async () => assert.deepEqual(await titles(), named));
    await page.locator('.tab[data-resource-name="Staging.posthog-settings.json"]').click();
    await breadcrumbSays('Sandbox', shop, 'Staging.posthog-settings.json');
    await shownOnce('Staging.posthog-settings.json');
    await eventually(async () => assert.equal((await titles()).length, tabs.length));
    const requests = sandbox.control.requests();
    assert.deepEqual(
      requests.filter(({ method }) => method !== 'GET'),
      [],
    );
    assert.equal(requests.filter(({ path }) => path.includes('/warehouse_tables/')).length, 1);
  });

  it('keep unsaved text, and get names once it is saved', async () => {
    const { editor } = ui();
    await openLinks(stagingAddress);
    const text = await editor.change({ timezone: 'Europe/Lisbon' });
    await ui().reload();
    await editor.shows('Staging.posthog-settings.json');
    await editor.isDirty();
    assert.equal(await editor.text(), text);
    await breadcrumbSays('1202');
    ui().sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Europe/Lisbon' }]);
    await breadcrumbSays('Sandbox', shop, 'Staging.posthog-settings.json');
    await shownOnce('Staging.posthog-settings.json');
    // The focus is still in the editor, where text goes on.
    await eventually(async () =>
      assert.ok(await editor.content.evaluate((one) => one.contains(document.activeElement))),
    );
    await ui().page.keyboard.type(' ');
    await editor.isDirty();
  });
});
