/**
 * Takes the README's pictures from the real workbench and writes them to media/readme:
 * `node esbuild.mjs && npx mocha --no-config dist/test/ui/pictures.js --grep settings`. No test: `npm test` leaves it out.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths';
import { openWorkbench, type Workbench } from './support/workbench';

const organization = 'Hedgehog Outfitters';
const folder = join(repoRoot, 'media', 'readme');

const pictures: Readonly<Record<string, (workbench: Workbench) => Promise<void>>> = {
  async settings(workbench) {
    await workbench.openSettings(organization, 'Staging');
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables');
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables', 'price_list');
    await workbench.editor.cursorAfter(await workbench.editor.text(), '"timezone');
    await workbench.editor.hover();
  },
  async conflict(workbench) {
    await workbench.openSettings(organization, 'Staging');
    await workbench.editor.change({ timezone: 'Europe/Rome', week_start_day: 0 });
    workbench.sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Tokyo' });
    await workbench.editor.pressSave();
    await workbench.toasts.link('Compare');
    await workbench.page.locator('.tab.active', { hasText: 'PostHog now' }).waitFor();
    await workbench.page.locator('.line-delete').first().waitFor();
  },
  async 'web-vitals'(workbench) {
    await workbench.tree.expand('Sandbox', organization);
    await workbench.tree.menu(['Sandbox', organization, 'Production'], 'Show Web Vitals…');
    await workbench.quickInput.fill('/checkout');
    await workbench.quickInput.accept();
    await workbench.page
      .frameLocator('iframe.webview')
      .frameLocator('iframe')
      .getByText('LCP')
      .first()
      .waitFor();
  },
  async upload(workbench) {
    const { page, quickInput } = workbench;
    await writeFile(join(workbench.folder, 'stores.csv'), 'store_id,city,opened_on\n1,Lisbon,2024-03-01\n');
    await page.locator('.activitybar .action-label[aria-label^="Explorer"]').first().click();
    const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'stores.csv' });
    await file.click({ button: 'right' });
    // Enter, because a menu takes no click in its first moments.
    await page.locator('.context-view .action-label', { hasText: 'Upload File…' }).hover();
    await page.keyboard.press('Enter');
    await quickInput.choose('Development');
    await quickInput.choose('CSV with header');
    await quickInput.accept();
    await workbench.toasts.says(/stores/);
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables', 'stores');
  },
};

for (const [name, prepare] of Object.entries(pictures)) {
  it(`takes ${name}.png`, async function () {
    this.timeout(120_000);
    await mkdir(folder, { recursive: true });
    const workbench = await openWorkbench({
      userSettings: {
        'workbench.colorTheme': 'Default Dark Modern',
        'window.commandCenter': false,
        'window.title': '${activeEditorShort}',
      },
    });
    await workbench.page.setViewportSize({ width: 1200, height: 760 });
    try {
      await prepare(workbench);
      await copyFile(await workbench.screenshot(name), join(folder, `${name}.png`));
    } catch (error) {
      await workbench.screenshot(`failed-${name}`);
      throw error;
    } finally {
      await workbench.close();
    }
  });
}
