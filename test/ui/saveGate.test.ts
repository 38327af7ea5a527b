import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';
import type { Workbench } from './support/workbench';

const shop = 'Hedgehog Outfitters';

async function protectIn({ tree }: Workbench, name: string): Promise<void> {
  await tree.expand('Sandbox', shop);
  await tree.menu([shop, name], 'Protect');
  await eventually(async () => assert.match((await tree.row(shop, name)).icon, /codicon-lock/));
  assert.match((await tree.row(shop, name)).spoken, /^Protected environment/);
}

describe('A risky save', () => {
  const ui = useWorkbench({ userSettings: { 'posthogEnvironments.save.confirm': 'risky' } });

  it("11.3: asks and gives its reason even in an unprotected environment, and an ordinary change doesn't", async () => {
    const { editor, modal } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ product_description: 'Scarves' });
    await editor.save();
    assert.equal(ui().writes().length, 1);
    await editor.change({ session_recording_opt_in: false });
    await editor.pressSave();
    const text = await modal.says(/Save 1 change to Staging\?/);
    assert.match(text, /Turning it off stops recording/);
    await modal.press('Save to Staging');
    await editor.isClean();
    assert.equal(ui().writes().length, 1);
  });
});

describe('What a save asks, and what it reports', () => {
  const ui = useWorkbench();

  const protect = (name: string): Promise<void> => protectIn(ui(), name);
  const unprotect = async (name: string): Promise<void> => {
    // A terminal that opens at that moment takes the focus, and closes the menu.
    await eventually(async () => {
      await ui().tree.menu([shop, name], 'Do Not Protect');
      await eventually(
        async () => assert.match((await ui().tree.row(shop, name)).icon, /codicon-layers/),
        3_000,
      );
    });
    assert.match((await ui().tree.row(shop, name)).spoken, /^Environment/);
  };
  const receipt = async (text: string): Promise<void> =>
    ui().page.locator('.statusbar-item-label', { hasText: text }).first().waitFor();

  it('A1: Ctrl+S asks in a protected environment and not in another one, according to Protect and Do Not Protect', async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    const { editor, modal, toasts } = ui();
    await protect('Production');
    await ui().openSettings(shop, 'Production');
    await editor.change({ timezone: 'Asia/Tokyo' });
    await editor.pressSave();
    const text = await modal.says(/Save 1 change to Production\?/);
    assert.match(text, /Environment: Production \(1203\), protected/);
    assert.match(text, /Connection: Sandbox/);
    assert.match(text, /timezone: "America\/New_York" → "Asia\/Tokyo"/);
    await modal.press('Cancel');
    await toasts.says(/Nothing was sent to PostHog/);
    await toasts.clear();
    await editor.isDirty();
    assert.deepEqual(ui().writes(), []);

    await editor.pressSave();
    await modal.says(/Save 1 change to Production\?/);
    await modal.press('Save to Production');
    await editor.isClean();
    assert.equal(ui().writes().length, 1);

    await unprotect('Production');
    await editor.change({ timezone: 'Europe/Madrid' });
    await editor.save();
    assert.equal(ui().writes().length, 1);
  });

  it('A1: a build task asks before a background document is saved, and Cancel sends nothing', async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    const { editor, modal, toasts, page, quickInput, folder } = ui();
    // Caused by the task's terminal, which ends immediately.
    ui().console.expect(/Could not find pty/);
    await mkdir(join(folder, '.vscode'), { recursive: true });
    const task = {
      label: 'build',
      type: 'shell',
      command: 'true',
      group: { kind: 'build', isDefault: true },
    };
    await writeFile(
      join(folder, '.vscode', 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [task] }),
    );
    await protect('Production');
    await ui().openSettings(shop, 'Production');
    await editor.change({ timezone: 'Asia/Tokyo' });
    await quickInput.run('File: New Untitled Text File');
    await editor.shows('Untitled-1');
    // VS Code takes a moment to read the tasks; until then, it offers to create some.
    const text = await eventually(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+b');
      return modal.says(/Save 1 change to Production\?/, 2_000);
    });
    assert.match(text, /aren't in the active editor/);
    await modal.press('Cancel');
    await toasts.says(/Nothing was sent to PostHog/);
    await toasts.clear();
    assert.deepEqual(ui().writes(), []);
    await unprotect('Production');
  });

  it('A1: Save All asks once for all documents, and sends none that was canceled', async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    const { editor, modal, toasts, quickInput } = ui();
    for (const name of ['Production', 'Staging']) {
      await ui().openSettings(shop, name);
      await editor.change({ timezone: 'Asia/Tokyo' });
    }
    await quickInput.run('File: New Untitled Text File');
    await editor.shows('Untitled-1');
    await quickInput.run('File: Save All Files');
    const both = await modal.says(/Save 2 changes to 2 documents\?/);
    assert.match(both, /Environment: Production \(1203\)[^]*Environment: Staging \(1202\)/);
    await ui().page.keyboard.press('Escape');
    await modal.isGone();
    await toasts.says(/Nothing was sent to PostHog/);
    assert.deepEqual(ui().writes(), []);
    await toasts.clear();

    await quickInput.run('File: Save All Files');
    await modal.says(/Save 2 changes to 2 documents\?/);
    await modal.press('Save to Production and Staging');
    const patches = (): number =>
      ui()
        .sandbox.control.requests()
        .filter(({ method }) => method === 'PATCH').length;
    await eventually(() => assert.equal(patches(), 2));
  });

  it('11.3: Review… lists the changes with their risks, shows the request, and can save', async () => {
    const { editor, modal, quickInput } = ui();
    await protect('Production');
    await ui().openSettings(shop, 'Production');
    await editor.change({ session_recording_opt_in: false });
    await editor.pressSave();
    await modal.says(/Turning it off stops recording/);
    await modal.press('Review…');
    await quickInput.titled('Save 1 change to Production?');
    // The place has a row of its own: as the label of a separator, VS Code would show it instead of the new value.
    await quickInput.row('Production · Hedgehog Outfitters · Sandbox').waitFor();
    await quickInput.choose('Show Request');
    await modal.says(/PATCH .*\/api\/projects\/1203\//);
    await modal.press('Back');
    await quickInput.titled('Save 1 change to Production?');
    await quickInput.choose('Save to Production');
    await editor.isClean();
    assert.equal(ui().writes().length, 1);
    await unprotect('Production');
  });

  it('A2: the status bar says what was saved where', async () => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Europe/Berlin', week_start_day: 0 });
    await editor.save();
    await receipt('Saved to Staging · Hedgehog Outfitters: timezone, week_start_day');
  });

  it('A2: the log records when, where, and what was saved, but no values', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ product_description: 'Zebrafinches', data_attributes: ['data-zebrafinch'] });
    await editor.save();
    const line = await eventually(async () => {
      const found = (await ui().log()).split('\n').find((text) => text.includes('product_description'));
      assert.ok(found !== undefined);
      return found;
    });
    const [, said] = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[info\] (.*)$/.exec(line) ?? [];
    const place = `[environment 1202, connection "Sandbox", ${sandbox.url}]`;
    assert.equal(said, `Saved to Staging ${place}: product_description, data_attributes`);
    assert.doesNotMatch(await ui().log(), /zebrafinch/i);
  });

  it('A2: the status bar lists what was saved where if several documents are saved together', async () => {
    const { editor, modal, page, quickInput } = ui();
    for (const name of ['Development', 'Staging']) {
      await ui().openSettings(shop, name);
      await editor.change({ timezone: 'Asia/Seoul' });
    }
    await quickInput.run('File: New Untitled Text File');
    await quickInput.run('File: Save All Files');
    await modal.says(/Save 2 changes to 2 documents\?/);
    await modal.press('Save to Development and Staging');
    const each = `Saved to (Development|Staging) · ${shop}: timezone`;
    const both = page.locator('.statusbar-item-label', { hasText: new RegExp(`${each}; ${each}`) });
    await both.first().waitFor();
  });

  it('B9: the status bar of a table shows the name of its environment', async () => {
    const { tree, editor, statusBar } = ui();
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables');
    await tree.action(['orders'], 'Open Warehouse Table');
    await editor.shows('orders.posthog-table.json');
    await statusBar.says('Sandbox › Hedgehog Outfitters › Development');
  });
});

describe('A read-only environment', () => {
  // Of its own: a mark that stayed would be a fault of other tests.
  const ui = useWorkbench();

  it('11.3: Make Read-Only keeps keys and saves out, and Allow Saving lets them in again', async () => {
    const { editor, page, tree } = ui();
    const readOnly = page.locator('.tab.active .tab-label[aria-label$="Read-only"]');
    await ui().openSettings(shop, 'Staging');
    const before = await editor.text();
    await tree.menu([shop, 'Staging'], 'Make Read-Only');
    await editor.lens(/read-only on this computer/);
    await readOnly.waitFor();
    await editor.focus();
    await page.keyboard.type('x');
    // What VS Code answers to a key that it doesn't take.
    await page.getByText('Editor is read-only because the file is read-only.').first().waitFor();
    assert.equal(await editor.text(), before);
    await editor.isClean();
    await editor.pressSave();
    assert.deepEqual(ui().writes(), []);

    await tree.menu([shop, 'Staging'], 'Allow Saving');
    await readOnly.waitFor({ state: 'detached' });
    await editor.cursorAfter(before, '"timezone": "UTC');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.type('Asia/Tokyo');
    await editor.isDirty();
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Asia/Tokyo' }]);
  });

  it('9.B9: offers no writes on its tables and columns while it is read-only', async () => {
    const { tree } = ui();
    const tables = [shop, 'Development', 'Warehouse tables'];
    const rows = [tables, [...tables, 'orders'], [...tables, 'orders', 'total']];
    const offered = async (): Promise<string[]> => {
      const entries: string[] = [];
      for (const row of rows) {
        entries.push(...(await tree.menuEntries(...row)));
      }
      return entries;
    };
    await tree.expand('Sandbox', ...tables, 'orders');
    const writes = [
      ...['Upload File…', 'Link Table from Object Storage…', 'Rename…', 'Refresh Schema'],
      ...['Replace Storage Credentials…', 'Delete Warehouse Table…', 'Change Column Type…'],
    ];
    const before = await eventually(async () => {
      const entries = await offered();
      assert.deepEqual(
        writes.filter((entry) => !entries.includes(entry)),
        [],
      );
      return entries;
    });
    await tree.menu([shop, 'Development'], 'Make Read-Only');
    await eventually(async () => {
      const after = await offered();
      assert.deepEqual(
        writes.filter((entry) => after.includes(entry)),
        [],
      );
      assert.ok(after.includes('Preview Rows'));
    });
    await tree.menu([shop, 'Development'], 'Allow Saving');
    await eventually(async () => assert.deepEqual(await offered(), before));
  });
});

describe('An environment that becomes read-only while it is edited', () => {
  const ui = useWorkbench();

  it('11.2: refuses the unsaved changes with its reason, and keeps them', async () => {
    const { editor, tree } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Asia/Tokyo' });
    await tree.menu([shop, 'Staging'], 'Make Read-Only');
    await editor.lens(/read-only on this computer/);
    const said = await ui().saveIsRefused(/^The environment is read-only on this computer\./);
    assert.match(said, /choose Allow Saving from its context menu\..* Nothing was sent\.$/);
    assert.deepEqual(ui().writes(), []);
    await tree.menu([shop, 'Staging'], 'Allow Saving');
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Asia/Tokyo' }]);
  });
});

describe('What F5 saves', () => {
  // Its own workbench, because late messages of the debugger must not affect another test.
  const ui = useWorkbench();

  it('A1: F5 asks before a background document is saved, and Cancel sends nothing', async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    const { editor, modal, toasts, page, quickInput, folder } = ui();
    await mkdir(join(folder, '.vscode'), { recursive: true });
    const configuration = { name: 'Launch', type: 'node', request: 'launch', program: 'nothing.js' };
    await writeFile(
      join(folder, '.vscode', 'launch.json'),
      JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    );
    await protectIn(ui(), 'Production');
    await ui().openSettings(shop, 'Production');
    await editor.change({ timezone: 'Asia/Tokyo' });
    await quickInput.run('File: New Untitled Text File');
    await editor.shows('Untitled-1');
    const text = await eventually(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F5');
      return modal.says(/Save 1 change to Production\?/, 5_000);
    });
    assert.match(text, /aren't in the active editor/);
    await modal.press('Cancel');
    await toasts.says(/Nothing was sent to PostHog/);
    assert.deepEqual(ui().writes(), []);
  });
});
