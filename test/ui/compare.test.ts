import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = ['Sandbox', 'Hedgehog Outfitters'] as const;
const production = 1203;

describe('Between environments', () => {
  const ui = useWorkbench();

  const valueOf = (id: number, key: string): unknown => ui().sandbox.control.environment(id)[key];
  /** The page inside of the panel that is in front. */
  const matrix = (): FrameLocator =>
    ui().page.locator('.webview.ready').last().contentFrame().frameLocator('#active-frame');

  it('12.1: compares two environments from a row, and says how many settings differ', async () => {
    const { tree, quickInput, page, editor } = ui();
    await tree.expand(...shop);
    await tree.menu([...shop, 'Staging'], 'Compare with Environment…');
    await quickInput.choose('Production');
    await page.locator('.tab.active', { hasText: /Staging ↔ Production \(\d+ settings differ\)/ }).waitFor();
    await page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await page.locator('.view-line:visible', { hasText: '"America/New_York"' }).first().waitFor();
    await eventually(async () => assert.ok((await editor.titleActions()).includes('Compare Again')));
  });

  it('12.1: compares two selected rows', async () => {
    const { tree, page } = ui();
    await tree.expand(...shop);
    await tree.click(...shop, 'Development');
    const row = page.locator('.pane-body .monaco-list-row', { hasText: 'Staging' }).first();
    await row.click({ modifiers: ['ControlOrMeta'] });
    await tree.menu([...shop, 'Staging'], 'Compare Selected Environments');
    await page.locator('.tab.active', { hasText: /Development ↔ Staging/ }).waitFor();
  });

  it('12.3: brings one setting from Staging to Production: a link in its hover, the target, the button', async () => {
    const { quickInput, modal, editor, page } = ui();
    await ui().openSettings('Hedgehog Outfitters', 'Staging');
    await editor.cursorAfter(await editor.text(), '"timezone');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    await page.locator('.monaco-hover:visible a', { hasText: 'Copy to Environment…' }).first().click();
    await quickInput.choose('Production');
    await modal.says(/Copy 1 change to Production\?/);
    await modal.press('Copy to Production');
    await eventually(async () => assert.equal(valueOf(production, 'timezone'), 'UTC'));
  });

  it('12.2: shows three environments side by side, walked, filtered, opened and copied with the keyboard', async () => {
    const { quickInput, page, modal } = ui();
    await ui().command('Compare Environments…');
    await quickInput.chooseMany('Development', 'Staging', 'Production');
    await matrix()
      .getByText(/\d+ settings differ\./)
      .first()
      .waitFor();
    await matrix().getByLabel('Filter settings by text').fill('currency');
    await matrix().getByText('No setting differs').first().waitFor({ state: 'hidden' });
    await matrix().getByLabel('Filter settings by text').fill('sample rate');
    await matrix().locator('tr[data-key="session_recording_sample_rate"]').waitFor();
    await matrix().getByLabel('Filter settings by text').press('Tab');
    await page.keyboard.press('ArrowRight');
    await matrix()
      .locator('#detail', { hasText: /Staging: "0\.50"/ })
      .waitFor();
    await page.keyboard.press('c');
    await quickInput.choose('Production');
    await modal.says(/Copy 1 change to Production\?/);
    await modal.press('Copy to Production');
    await eventually(async () => assert.equal(valueOf(production, 'session_recording_sample_rate'), '0.50'));
    await matrix().locator('td[aria-label*="Production: \\"0.50\\""]').first().waitFor();
    await matrix().locator('tr[data-key="session_recording_sample_rate"] td').first().click();
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: 'Development' }).waitFor();
    await eventually(async () =>
      assert.match(await ui().editor.selection(), /session_recording_sample_rate/),
    );
  });

  it('12.4: finds a setting by another name and opens it where it is wanted', async () => {
    const { quickInput, editor } = ui();
    await ui().command('Find Environment, Table, or Setting…');
    await quickInput.fill('ip anonymization');
    await quickInput.choose('Discard client IP data');
    await quickInput.titled('Discard client IP data (anonymize_ips)');
    await quickInput.choose('Production');
    await eventually(async () => assert.match(await editor.selection(), /anonymize_ips/));
  });
});
