import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const production = 1203;

describe('A settings file in the workspace', () => {
  const ui = useWorkbench();

  it('6: drift appears after a change in PostHog, and can be fixed with Apply', async () => {
    const { page, sandbox, folder, modal } = ui();
    const path = join(folder, 'posthog.environments.json');
    const text = {
      environments: { production: { host: sandbox.url, id: production } },
      settings: { timezone: 'America/New_York' },
    };
    await writeFile(path, `${JSON.stringify(text, null, 2)}\n`);
    await ui().openFile('posthog.environments.json');
    const lens = (words: RegExp): ReturnType<typeof page.locator> =>
      page.locator('.codelens-decoration a, .codelens-decoration span', { hasText: words }).first();
    await lens(/Matches PostHog/).waitFor();

    sandbox.control.patchEnvironment(production, { timezone: 'Asia/Tokyo' });
    const drift = lens(/production has "Asia\/Tokyo"/);
    await eventually(async () => {
      // A lens that VS Code is just drawing again doesn't take a click.
      if (!(await drift.isVisible())) {
        await lens(/Checked .*no drift/).click({ timeout: 5_000 });
      }
      await drift.waitFor({ timeout: 5_000 });
    });
    await page.keyboard.press('Control+Shift+G');
    const row = page.locator('.scm-view .monaco-list-row', { hasText: 'timezone: "Asia∕Tokyo"' });
    await row.waitFor();
    await row.hover();
    await row.getByRole('button', { name: 'Apply to PostHog' }).click();
    await modal.says(/Apply 1 change to Production\?/);
    await page.keyboard.press('Enter');
    await eventually(async () =>
      assert.equal(sandbox.control.environment(production).timezone, 'America/New_York'),
    );
    await row.waitFor({ state: 'detached' });
    await lens(/Matches PostHog/).waitFor();
    assert.match(await readFile(path, 'utf8'), /"timezone": "America\/New_York"/);
  });
});
