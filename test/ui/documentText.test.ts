import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';
const development = 1201;
const staging = 1202;

describe('Typing while a save is in progress', () => {
  const ui = useWorkbench();

  /** Changes the time zone, and has someone else change the first day of the week; saves, and types in the meantime. */
  async function typeDuringSave(id: number, environment: string): Promise<void> {
    const { editor, sandbox, page } = ui();
    sandbox.control.patchEnvironment(id, { timezone: 'UTC', week_start_day: 1 });
    await ui().openSettings(shop, environment);
    const text = await editor.change({ timezone: 'Europe/Rome' });
    await editor.cursorAfter(text, `"name": "${environment}`);
    sandbox.control.patchEnvironment(id, { week_start_day: 0 });
    const route = { method: 'PATCH', path: '/api/' };
    sandbox.control.addFault({ route, times: 1, kind: 'latency', delayMs: 3000 });
    sandbox.control.clearRequests();
    await page.keyboard.press('Control+s');
    await eventually(async () =>
      assert.ok(sandbox.control.requests().some(({ method }) => method === 'PATCH')),
    );
    await page.keyboard.type(' two');
  }

  async function bothAreKept(id: number, environment: string): Promise<void> {
    const { editor, sandbox } = ui();
    const name = `${environment} two`;
    await eventually(async () => assert.equal(sandbox.control.environment(id).name, name));
    await editor.isClean();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Europe/Rome' }, { name }]);
    assert.equal(sandbox.control.environment(id).week_start_day, 0);
    await eventually(async () => {
      const settings = await editor.json();
      assert.deepEqual([settings.name, settings.timezone, settings.week_start_day], [name, 'Europe/Rome', 0]);
    });
    await editor.isClean();
  }

  it("A3: saving again after the first save leaves someone else's change alone and loses no text", async () => {
    const { editor, tree, page } = ui();
    await typeDuringSave(staging, 'Staging');
    await eventually(async () => assert.match((await tree.row('Staging')).description, /Europe\/Rome/));
    await editor.isDirty();
    await page.keyboard.press('Control+s');
    await bothAreKept(staging, 'Staging');
  });

  it("A3: saving again during the first save leaves someone else's change alone and loses no text", async () => {
    const { page } = ui();
    await typeDuringSave(development, 'Development');
    await page.keyboard.press('Control+s');
    await bothAreKept(development, 'Development');
  });

  it('A3: text typed while an environment is created becomes unsaved changes in its settings', async () => {
    const { editor, tree, sandbox, page, toasts } = ui();
    await tree.menu([shop], 'Create Environment…');
    await editor.shows('New environment.posthog-new.json');
    await page.locator('.tab.active', { hasText: `New environment · ${shop} · Sandbox` }).waitFor();
    const draft = '{\n  "name": "Tests"\n}\n';
    await editor.setText(draft);
    await editor.cursorAfter(draft, '"name": "Tests');
    const route = { method: 'POST', path: '/api/organizations/' };
    sandbox.control.addFault({ route, times: 1, kind: 'latency', delayMs: 3000 });
    sandbox.control.clearRequests();
    await page.keyboard.press('Control+s');
    await eventually(async () =>
      assert.ok(sandbox.control.requests().some(({ method }) => method === 'POST')),
    );
    await page.keyboard.type(' two');
    await toasts.says(/Created "Tests"\. What you typed during the save is in the document/);
    await editor.shows('Tests.posthog-settings.json');
    await page.locator('.tab[data-resource-name$=".posthog-new.json"]').waitFor({ state: 'detached' });
    assert.equal((await editor.json()).name, 'Tests two');
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ name: 'Tests' }, { name: 'Tests two' }]);
  });
});

describe('Documents if other files have another encoding', () => {
  const ui = useWorkbench({
    userSettings: {
      // Ours keep their language, and so their settings.
      'files.associations': { '*.json': 'jsonc' },
      'files.encoding': 'windows1252',
      'files.autoGuessEncoding': true,
      'files.eol': '\r\n',
      'files.insertFinalNewline': true,
      'files.trimTrailingWhitespace': true,
      'editor.formatOnSave': true,
    },
  });
  const description = 'Größe „M“ – naïve café';

  async function reopenAs(encoding: string): Promise<void> {
    const { quickInput } = ui();
    await quickInput.run('Change File Encoding');
    await quickInput.asks('Select Action');
    await quickInput.choose('Reopen with Encoding');
    await quickInput.asks('Select File Encoding to Reopen File');
    await quickInput.choose(encoding);
    await quickInput.closed();
  }

  it("A6: show PostHog's text, and send only what was changed", async () => {
    const { editor, sandbox, tree } = ui();
    sandbox.control.patchEnvironment(staging, { product_description: description });
    await ui().openSettings(shop, 'Staging');
    assert.equal((await editor.json()).product_description, description);
    await editor.change({ timezone: 'Europe/Rome' });
    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Europe/Rome' }]);
    await tree.menu(['Staging'], 'Show Full Response');
    await editor.shows('Staging.posthog-response.json');
    assert.equal((await editor.json()).product_description, description);
  });

  it("A6: reopened with another encoding, they aren't sent, and the advice leads back", async () => {
    const { editor, sandbox, quickInput } = ui();
    sandbox.control.patchEnvironment(staging, { product_description: description, timezone: 'UTC' });
    await ui().openSettings(shop, 'Staging');
    await reopenAs('Western (Windows 1252)');
    await eventually(async () => assert.match(String((await editor.json()).product_description), /GrÃ¶ÃŸe/));
    await editor.change({ timezone: 'Europe/Paris' });
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/opened this document as windows1252[^]*Revert File[^]*Reopen with Encoding/);
    assert.deepEqual(sandbox.control.requests(), []);

    await quickInput.run('File: Revert File');
    await editor.isClean();
    await reopenAs('UTF-8');
    await eventually(async () => assert.equal((await editor.json()).product_description, description));
    await editor.change({ timezone: 'Europe/Paris' });
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Europe/Paris' }]);
  });

  it("A6: garbled text saved as UTF-8 isn't sent either", async () => {
    const { editor, sandbox, quickInput } = ui();
    sandbox.control.patchEnvironment(staging, { product_description: description, timezone: 'UTC' });
    await ui().openSettings(shop, 'Staging');
    await reopenAs('Western (Windows 1252)');
    await eventually(async () => assert.match(String((await editor.json()).product_description), /GrÃ¶ÃŸe/));
    await editor.change({ timezone: 'Europe/Paris' });
    sandbox.control.clearRequests();
    ui().console.expect(/opened this document as windows1252/);
    ui().console.expect(/Unable to write file 'posthog-env:/);
    await quickInput.run('Change File Encoding');
    await quickInput.asks('Select Action');
    await quickInput.choose('Save with Encoding');
    await quickInput.asks('Select File Encoding to Save with');
    await quickInput.choose('UTF-8');
    await ui().toasts.says(/opened this document as windows1252/);
    assert.deepEqual(sandbox.control.requests(), []);
  });
});

describe('Completion in documents', () => {
  const ui = useWorkbench();

  it('B9: suggests no words from other documents', async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Production');
    await editor.change({ product_description: 'Zebrafinches' });
    await ui().openSettings(shop, 'Staging');
    await editor.change({ product_description: 'Zeb' });
    // Outside quotes and below everything, where only VS Code itself would have suggestions.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('Zeb');
    const widget = page.locator('.suggest-widget:visible');
    await eventually(async () => {
      await page.keyboard.press('Control+Space');
      await widget.waitFor({ timeout: 2_000 });
      assert.match(await widget.innerText(), /No suggestions/);
    });
  });
});
