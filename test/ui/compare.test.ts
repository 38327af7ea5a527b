import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { eventually } from './support/eventually';
import { reloadWith } from './support/reloadWith';
import { useWorkbench } from './support/useWorkbench';

const shop = ['Sandbox', 'Hedgehog Outfitters'] as const;
const production = 1203;

describe('Comparing environments', () => {
  const ui = useWorkbench();

  const valueOf = (id: number, key: string): unknown => ui().sandbox.control.environment(id)[key];
  /** The page inside the panel in front. */
  const matrix = (): FrameLocator =>
    ui().page.locator('.webview.ready').last().contentFrame().frameLocator('#active-frame');

  it('12.1: compares two environments from a row, and says how many settings differ', async () => {
    const { tree, quickInput, page, editor } = ui();
    await tree.expand(...shop);
    await tree.menu([...shop, 'Staging'], 'Compare with Environment…');
    await quickInput.choose('Production');
    await page
      .locator('.tab.active', {
        hasText: /Staging ↔ Production · Hedgehog Outfitters · Sandbox \(\d+ settings differ\)/,
      })
      .waitFor();
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
    await page.locator('.monaco-diff-editor .modified .view-line').first().waitFor();
  });

  it('12.3: copies one setting from Staging to Production: with a link in its hover, a target, and a button', async () => {
    const { quickInput, modal, editor, page } = ui();
    await ui().openSettings('Hedgehog Outfitters', 'Staging');
    await editor.cursorAfter(await editor.text(), '"timezone');
    await eventually(async () => {
      assert.match(await editor.hover(), /Copy to Environment…/);
      const link = page.locator('.monaco-hover:visible a', { hasText: 'Copy to Environment…' });
      await link.first().click({ timeout: 3_000 });
    });
    await quickInput.choose('Production');
    await modal.says(/Copy 1 change to Production\?/);
    await modal.press('Copy to Production');
    await eventually(async () => assert.equal(valueOf(production, 'timezone'), 'UTC'));
  });

  it('12.2: shows three environments side by side, navigated, filtered, opened and copied with the keyboard', async () => {
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

  it('12.2: the cell with the focus is never under the fixed header row or column', async () => {
    const { quickInput, page } = ui();
    const size = page.viewportSize() ?? { width: 1280, height: 720 };
    await page.setViewportSize({ width: 800, height: 600 });
    await ui().command('Compare Environments…');
    await quickInput.chooseMany('Development', 'Staging', 'Production', 'Playground');
    await matrix().locator('tr[data-key="timezone"] td').first().waitFor();
    await matrix().locator('tr[data-key] td:last-child').last().click();
    for (const key of [...Array<string>(12).fill('ArrowUp'), 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key);
      const hidden = await matrix()
        .locator('td:focus')
        .evaluate((cell) => {
          const area = cell.closest('.scroll');
          const header = area?.querySelector('thead')?.getBoundingClientRect().bottom ?? NaN;
          const first = area?.querySelector('tbody tr[data-key] th')?.getBoundingClientRect().right ?? NaN;
          const { top, left } = cell.getBoundingClientRect();
          return [Math.ceil(header - top) > 1, Math.ceil(first - left) > 1];
        });
      assert.deepEqual(hidden, [false, false], key);
    }
    await page.setViewportSize(size);
  });

  it('12.2: many columns scroll below a fixed header row and column, and are restored after a reload', async () => {
    const { quickInput, page } = ui();
    const size = page.viewportSize() ?? { width: 1280, height: 720 };
    await page.setViewportSize({ width: 800, height: 600 });
    await ui().command('Compare Environments…');
    await quickInput.chooseMany('Development', 'Staging', 'Production', 'Playground');
    const cell = (): Locator => matrix().locator('tr[data-key="timezone"] td').first();
    await cell().waitFor();
    const widths = await matrix()
      .getByRole('columnheader')
      .evaluateAll((headers) => headers.map((header) => header.getBoundingClientRect().width));
    assert.equal(widths.length, 5);
    assert.ok(
      widths.every((width) => width >= 150),
      `columns that can't be read: ${widths.join(', ')}`,
    );
    const scrolled = await matrix()
      .locator('.scroll')
      .evaluate((area) => {
        area.scrollTo(10_000, 10_000);
        const { left, top } = area.getBoundingClientRect();
        const header = area.querySelector('thead th:last-child')?.getBoundingClientRect();
        const first = area.querySelector('tbody tr[data-key] th')?.getBoundingClientRect();
        return {
          moved: [area.scrollLeft > 0, area.scrollTop > 0],
          headerAt: Math.round((header?.top ?? NaN) - top),
          firstAt: Math.round((first?.left ?? NaN) - left),
        };
      });
    assert.deepEqual(scrolled, { moved: [true, true], headerAt: 1, firstAt: 1 });
    const entry = page.locator('.statusbar-item', { hasText: 'Development ↔ 3 environments' });
    await entry.waitFor();

    await page.setViewportSize(size);
    await reloadWith(ui(), 'posthogEnvironments.matrix');
    await cell().waitFor();
    await entry.waitFor();
  });

  it('12.4: finds a setting by another name and opens it in the chosen environment', async () => {
    const { quickInput, editor } = ui();
    await ui().command('Find Environment, Table, or Setting…');
    await quickInput.fill('ip anonymization');
    await quickInput.choose('Discard client IP data');
    await quickInput.titled('Discard client IP data (anonymize_ips)');
    await quickInput.choose('Production');
    await eventually(async () => assert.match(await editor.selection(), /anonymize_ips/));
  });

  it('12.3: brings Staging in line with Production, from its row to a comparison without differences', async () => {
    const { tree, quickInput, modal, toasts } = ui();
    await tree.expand(...shop);
    await tree.menu([...shop, 'Production'], 'Copy to Environment…');
    await quickInput.choose('Staging');
    await modal.says(/Copy \d+ changes to Staging\?/);
    await modal.press('Copy to Staging');
    await eventually(async () => assert.equal(valueOf(1202, 'cookieless_server_hash_mode'), 1));
    await toasts.gone();
    await tree.menu([...shop, 'Staging'], 'Compare with Environment…');
    await quickInput.choose('Production');
    await toasts.says(/No differences/);
    assert.equal(valueOf(1202, 'name'), 'Staging');
  });
});
