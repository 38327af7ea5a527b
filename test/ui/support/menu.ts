import type { Page } from 'playwright-core';
import { eventually } from './eventually';

/** Chooses an entry of the context menu that opens or is open, by the beginning of its title. */
export async function chooseInMenu(page: Page, entry: string): Promise<void> {
  const item = page.locator(`.monaco-menu .action-label[aria-label^="${entry}"]`).first();
  await item.waitFor();
  // A menu does not listen to the mouse in its first moments.
  await eventually(async () => {
    if (await item.isVisible()) {
      await item.click({ timeout: 1_000 });
    }
    await item.waitFor({ state: 'hidden', timeout: 300 });
  });
}
