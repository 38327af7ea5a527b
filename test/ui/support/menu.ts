import type { Page } from 'playwright-core';
import { eventually } from './eventually';

/** A spot of the title bar, left of its search box, that shows no tooltip: in pixels. */
export const nothing = { x: 200, y: 5 };

/**
 * Opens a context menu and chooses an entry, by the beginning of its title. A menu closes when VS Code moves the
 * keyboard elsewhere, as a view does that has just got its rows; it is then opened again.
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
    }
    await item.click({ timeout: 1_000 });
    clicked = true;
    // A menu does not listen to the mouse in its first moments.
    await item.waitFor({ state: 'hidden', timeout: 300 });
  });
}
