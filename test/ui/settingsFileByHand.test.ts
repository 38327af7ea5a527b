import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownExtensionsAtTrust } from './support/consoleWatch';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';
import { restrictedMode } from './support/workbench';

const fileName = 'posthog.environments.json';

describe('A settings file written by hand', () => {
  const ui = useWorkbench();

  it('12.5: can be written with completion alone, by someone who never read how, and then shows drift', async () => {
    const { editor, folder, page, sandbox } = ui();
    const path = join(folder, fileName);
    await writeFile(path, '');
    await ui().openFile(fileName);
    await editor.focus();
    await editor.offers('Settings file');
    await editor.complete('Settings file');
    // The placeholders of the completion: a name, the address, the number, and a time zone.
    const next = async (typed: string): Promise<void> => {
      await page.keyboard.type(typed);
      await page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
      await page.keyboard.press('Tab');
    };
    await next('production');
    await next(sandbox.url);
    await next('1203');
    await page.keyboard.type('America/New_Y');
    await editor.offers('America/New_York');
    await page.keyboard.press('Enter');
    const text = await editor.text();
    await editor.cursorAfter(text, '"America/New_York"');
    await page.keyboard.type(',\nanonymize');
    await editor.offers('anonymize_ips');
    await editor.complete('anonymize_ips');
    await eventually(async () =>
      assert.deepEqual([...(await editor.completions())].sort(), ['false', 'true']),
    );
    await editor.complete('false');
    await editor.save();
    assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), {
      environments: { production: { host: sandbox.url, id: 1203 } },
      settings: { timezone: 'America/New_York', anonymize_ips: false },
    });
    await page.locator('.codelens-decoration', { hasText: 'production has true' }).waitFor();
  });

  it('12.5: explains each key', async () => {
    const { editor } = ui();
    await ui().openFile(fileName);
    await editor.cursorAfter(await editor.text(), '"anonymize');
    assert.match(await editor.hover(), /Discard client IP data|IP/);
    await editor.cursorAfter(await editor.text(), '"ho');
    assert.match(await editor.hover(), /only sent to the host it was entered for/);
  });
});

describe('A settings file in Restricted Mode', () => {
  const ui = useWorkbench({ userSettings: restrictedMode });

  it('12.5: is only text until the workspace is trusted', async () => {
    const { console, editor, folder, page, quickInput, sandbox } = ui();
    const settings = {
      environments: { production: { host: sandbox.url, id: 1203 } },
      settings: { timezone: 'UTC' },
    };
    await writeFile(join(folder, fileName), `${JSON.stringify(settings, null, 2)}\n`);
    const reads = (): readonly string[] =>
      sandbox.control.requests().flatMap(({ path }) => (path.includes('1203') ? [path] : []));
    await ui().openFile(fileName);
    // The schema works, so the extension has seen the file.
    await editor.cursorAfter(await editor.text(), '"timez');
    assert.match(await editor.hover(), /time zone/i);
    assert.equal(await page.locator('.codelens-decoration').count(), 0);
    assert.deepEqual(reads(), []);

    console.expect(ownExtensionsAtTrust);
    await quickInput.run('Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await ui().openFile(fileName);
    await page.locator('.codelens-decoration', { hasText: 'production has "America/New_York"' }).waitFor();
    assert.notDeepEqual(reads(), []);
  });
});
