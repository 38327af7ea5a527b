import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually } from './eventually';

/** A place in the title bar, left of its search box, without a tooltip: in pixels. */
export const nothing = { x: 200, y: 5 };

/**
 * Opens a context menu and chooses an entry, by the beginning of its title. A menu closes if VS Code moves the focus
 * elsewhere, as a view with new rows does; it is then reopened.
 */
export async function chooseInMenu(page: Page, open: () => Promise<void>, entry: string): Promise<void> {
  const item = page.locator(`.monaco-menu .action-label[aria-label^="${entry}"]`).first();
  let clicked = false;
  await eventually(async () => {
    if (!(await item.isVisible())) {
      if (clicked) {
        return;
      }
      await open();
      await item.waitFor({ timeout: 3_000 });
      // A menu ignores the mouse for its first 100 ms and doesn't show that. A click in that time, if the menu then closes
      // by itself, would pass for a choice.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    }
    await item.click({ timeout: 1_000 });
    clicked = true;
    await item.waitFor({ state: 'hidden', timeout: 300 });
  });
}

/** Opens a context menu, closes it, and returns its entries from top to bottom. */
export async function entriesOfMenu(page: Page, open: () => Promise<void>): Promise<readonly string[]> {
  const labels = page.locator('.monaco-menu .action-item .action-label[aria-label]');
  return eventually(async () => {
    await open();
    await labels.first().waitFor({ timeout: 3_000 });
    const entries = await labels.evaluateAll((elements) =>
      elements.map((element) => element.getAttribute('aria-label') ?? ''),
    );
    await page.keyboard.press('Escape');
    await labels.first().waitFor({ state: 'hidden', timeout: 3_000 });
    const named = entries.filter((entry) => entry !== '');
    assert.ok(named.length > 0, 'the menu closed before it was read');
    return named;
  });
}
