import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from './support/eventually';
import { plain } from './support/quickInput';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('Navigating a settings document', () => {
  const ui = useWorkbench();

  const breadcrumbSays = (pattern: RegExp): Promise<void> =>
    eventually(async () => {
      const text = await ui().page.locator('.breadcrumbs-control').innerText();
      assert.match(text.replace(/\s+/g, ' ').trim(), pattern);
    });

  /** Waits until the Outline view shows these names, and returns to the view of the extension. */
  async function outlineHas(...names: readonly string[]): Promise<void> {
    await ui().quickInput.run('Explorer: Focus on Outline View');
    const rows = ui().page.locator('.outline-pane .monaco-list-row .label-name');
    await eventually(async () => {
      const shown = await rows.allInnerTexts();
      assert.ok(
        names.every((name) => shown.includes(name)),
        shown.join(),
      );
    });
    await ui().tree.open();
  }

  /** The lines above the text that say what it is in, without those whose object or array ends before the text shown. */
  async function stickyLinesThatHaveEnded(text: string): Promise<readonly string[]> {
    const { page } = ui();
    const sticky = await page.locator('.sticky-widget .sticky-line-content').allInnerTexts();
    const below = await page.locator('.sticky-widget').evaluate((widget) => {
      const { bottom } = widget.getBoundingClientRect();
      return [...document.querySelectorAll('.margin-view-overlays .line-numbers')]
        .filter((number) => number.getBoundingClientRect().top >= bottom)
        .map((number) => Number(number.textContent));
    });
    const lines = text.split('\n');
    // The last line above the lowest one that is shown may be half covered.
    const shown = Math.min(...below) - 2;
    const indent = (line = ''): number => line.search(/\S/);
    const settings = sticky.map(plain).filter((line) => line.startsWith('"'));
    return settings.filter((line) => {
      const start = lines.findLastIndex((one, index) => index <= shown && one.trim() === line);
      const end = lines.findIndex((one, index) => index > start && indent(one) <= indent(lines[start]));
      return start < 0 || end < shown;
    });
  }

  it('5: Ctrl+. at a problem offers its fixes, and Enter takes the first', async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Staging');
    const before = await editor.text();
    const text = before.replace('"timezone"', '"timezon"');
    await editor.setText(text);
    await editor.hasProblem('Unknown setting "timezon"');
    await editor.cursorAfter(text, '"timezo');
    const actions = page.locator('.action-widget .monaco-list-row.action .title');
    await eventually(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+.');
      await actions.first().waitFor({ timeout: 3_000 });
      assert.deepEqual(await actions.allInnerTexts(), ['Change to "timezone"', 'Remove "timezon"']);
    });
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await editor.text(), before));
    await editor.problems((problems) => assert.deepEqual(problems, []));
  });

  it("5: one fix removes all keys that can't be saved, and a change is undone on its line", async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Staging');
    const before = await editor.json();
    const text = await editor.change({ api_token: 'x', id: 5, timezone: 'Europe/Rome' });
    const take = async (title: string): Promise<void> => {
      const action = page.locator('.action-widget .monaco-list-row.action', { hasText: title });
      await eventually(async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+.');
        await action.click({ timeout: 3_000 });
      });
    };
    await editor.cursorAfter(text, '"id": 5');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await take("Remove all 2 keys that can't be saved");
    await eventually(async () => assert.ok(!('id' in (await editor.json()))));
    await editor.cursorAfter(await editor.text(), '"timezone');
    await take('Undo my change to "timezone"');
    await eventually(async () => assert.deepEqual(await editor.json(), before));
  });

  it('11: Go to Symbol finds a setting by its title and by its key', async () => {
    const { editor, page, quickInput } = ui();
    await ui().openSettings(shop, 'Staging');
    const line = (await editor.text()).split('\n').findIndex((one) => one.includes('"week_start_day"'));
    for (const words of ['first day of the week', 'week_start_day']) {
      await eventually(async () => {
        await editor.focus();
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('Control+Shift+o');
        await quickInput.input.fill(`@${words}`, { timeout: 3_000 });
        await eventually(async () => {
          const focused = quickInput.widget.locator('.monaco-list-row.focused');
          const row = await focused.innerText({ timeout: 2_000 });
          assert.match(row.toLowerCase(), new RegExp(words.slice(0, 6)));
        }, 5_000);
      });
      await page.keyboard.press('Enter');
      await eventually(async () => assert.equal((await editor.position()).line, line + 1, words));
    }
  });

  it("11: groups have headings and can be folded, values have descriptions, and changes show PostHog's value", async () => {
    const { editor, page, quickInput } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.lens(/General: /);
    await editor.cursorAfter(await editor.change({ week_start_day: 0 }), '"week_start_day');
    await editor.content.locator('.view-line', { hasText: 'Sunday' }).first().waitFor();
    // Decorations are the content of a pseudo-element.
    await eventually(async () => {
      const contents = await editor.content
        .locator('.view-line span')
        .evaluateAll((spans) => spans.map((span) => getComputedStyle(span, '::after').content));
      assert.ok(
        contents.some((content) => content.includes('PostHog has 1')),
        contents.join(' '),
      );
    });
    await editor.focus();
    await quickInput.run('Fold All Regions');
    await editor.content.locator('.view-line', { hasText: '"surveys_opt_in"' }).waitFor();
    assert.equal(await editor.content.locator('.view-line', { hasText: '"timezone"' }).count(), 0);
    const breadcrumb = page.locator('.breadcrumbs-control');
    await eventually(async () => {
      const text = await breadcrumb.innerText();
      assert.match(
        text.replace(/\s+/g, ' '),
        /Sandbox.*Hedgehog Outfitters.*Staging\.posthog-settings\.json/,
      );
    });
  });

  it("11: an array folds by itself, and PostHog's value stays on its line while another setting is typed below", async () => {
    const { editor, page, quickInput } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ timezone: 'Europe/Rome' });
    const line = (words: string): Locator => editor.content.locator('.view-line', { hasText: words });
    await editor.cursorAfter(text, '"app_urls');
    await quickInput.run('Fold');
    await line('staging.hedgehog').waitFor({ state: 'hidden' });
    assert.equal(await line('"anonymize_ips"').count(), 1);
    assert.equal(await line('"cookieless_server_hash_mode"').count(), 1);
    const marked = async (): Promise<readonly string[]> =>
      editor.content
        .locator('.view-line')
        .evaluateAll((lines) =>
          lines.flatMap((one) =>
            [...one.querySelectorAll('span')].some((span) =>
              getComputedStyle(span, '::after').content.includes('PostHog has'),
            )
              ? [one.textContent.trim()]
              : [],
          ),
        );
    await editor.cursorAfter(text, '"timezone": "Europe/Rome",');
    await eventually(async () =>
      assert.deepEqual((await marked()).map(plain), ['"timezone": "Europe/Rome",']),
    );
    await page.keyboard.press('Enter');
    await page.keyboard.type('"tags');
    // VS Code closes the quotation mark only if it has read the new line by then.
    await line('"tags').nth(1).waitFor();
    await eventually(async () =>
      assert.deepEqual((await marked()).map(plain), ['"timezone": "Europe/Rome",']),
    );
  });

  it('11: Outline and breadcrumbs show groups and titles, and sticky lines show only what encloses a line', async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.text();
    await editor.cursorAfter(text, '"regex": "/orders');
    await breadcrumbSays(/Filters & display Path cleaning rules \[1\] \/orders/);
    await outlineHas('General', 'Name', 'Product description');
    // The first visible line is then within another setting of the group.
    await editor.cursorAfter(text, '"session_recording_minimum_duration_milliseconds');
    await page.locator('.sticky-widget .sticky-line-content').first().waitFor();
    await eventually(async () => assert.deepEqual(await stickyLinesThatHaveEnded(text), []));
  });

  it('11: a settings file is outlined by title and explains its numbers', async () => {
    const { editor, folder, page, sandbox } = ui();
    const name = 'posthog.environments.json';
    const file = {
      environments: { staging: { host: sandbox.url, id: 1202 } },
      settings: { week_start_day: 0 },
    };
    await writeFile(join(folder, name), `${JSON.stringify(file, null, 2)}\n`);
    await ui().openFile(name);
    await editor.content.locator('.view-line', { hasText: 'Sunday' }).waitFor();
    await editor.cursorAfter(await editor.text(), '"week_start');
    await breadcrumbSays(/settings First day of the week$/);
    await outlineHas('environments', 'staging');
    const { quickInput } = ui();
    await eventually(async () => {
      await editor.focus();
      await page.keyboard.press('Control+Shift+o');
      await quickInput.input.fill('@first day', { timeout: 3_000 });
      await quickInput.row('First day of the week').waitFor({ timeout: 5_000 });
    });
    await quickInput.cancel();
  });

  it('11: nested keys complete and hover like top-level ones, and items of arrays offer an example', async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.text();
    await editor.cursorAfter(text, '"maskAllInp');
    // The parts of a hover appear one after another.
    await eventually(async () => assert.match(await editor.hover(), /Hides what people type\./));
    await editor.cursorAfter(text, '"maskAllInputs": true,');
    await page.keyboard.press('Enter');
    await editor.offers('blockSelector');
    const keys = await editor.completions();
    assert.ok(keys.includes('blockSelector'), keys.join());
    assert.ok(!keys.includes('timezone'), keys.join());
    await page.keyboard.press('Escape');
    // VS Code closes the list without a choice if something else opens over it, such as a late hover.
    await eventually(async () => {
      await editor.setText(text);
      await editor.cursorAfter(text, '"path_cleaning_filters": [');
      await page.keyboard.press('Enter');
      const items = await editor.completions();
      assert.ok(items.includes('Rule'), items.join());
      await editor.complete('Rule');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      const filled = (await editor.text()).replace(/}(\s*){/, '},$1{');
      const [first] = (JSON.parse(filled) as { path_cleaning_filters: Record<string, unknown>[] })
        .path_cleaning_filters;
      assert.deepEqual(Object.keys(first ?? {}).slice(0, 2), ['regex', 'alias']);
    });
  });
});

describe('Showing the current place', () => {
  const ui = useWorkbench();

  it('4: two documents with the same name can be distinguished, even when closed', async () => {
    const { editor, modal, page, sandbox, tree } = ui();
    sandbox.control.patchEnvironment(2100, { name: 'Staging' });
    await tree.expand('Sandbox', shop, 'Staging');
    await tree.click(shop, 'Staging', 'Settings');
    await editor.shows('Staging.posthog-settings.json');
    await editor.change({ timezone: 'Europe/Rome' });
    await ui().statusBar.says('Sandbox › Hedgehog Outfitters › Staging');
    await tree.expand('Sandbox', 'Example Labs', 'Staging');
    await tree.click('Example Labs', 'Staging', 'Settings');
    await ui().statusBar.says('Sandbox › Example Labs › Staging');
    await editor.change({ timezone: 'Europe/Oslo' });
    const names = ['Staging · Example Labs · Sandbox', 'Staging · Hedgehog Outfitters · Sandbox'];
    assert.deepEqual((await page.locator('.tab .label-name').allInnerTexts()).sort(), names);
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+w');
    const question = await modal.says(/save the changes/);
    for (const name of names) {
      assert.ok(question.includes(name), question);
    }
    await modal.press('Cancel');
  });

  it('4: a protected environment is marked in the tab and in the status bar', async () => {
    const { editor, page, statusBar, tree } = ui();
    await tree.expand('Sandbox', shop);
    await tree.menu([shop, 'Production'], 'Protect');
    await ui().openSettings(shop, 'Production');
    await editor.shows('Production.posthog-settings.json');
    await statusBar.says('Sandbox › Hedgehog Outfitters › Production (protected)');
    await eventually(async () => {
      const label = page.locator('.tab.active .monaco-icon-label');
      const badge = await label.evaluate((element) => getComputedStyle(element, '::after').content);
      assert.equal(badge, '"P"');
      assert.match((await page.locator('.tab.active').getAttribute('aria-label')) ?? '', /Production · /);
    });
  });

  it('11.4: the status bar shows the place of rows and web vitals too', async () => {
    const { quickInput, statusBar, tree } = ui();
    const tables = ['Sandbox', shop, 'Development', 'Warehouse tables'];
    await tree.expand(...tables);
    await tree.action([...tables, 'orders'], 'Preview Rows');
    await statusBar.says('Sandbox › Hedgehog Outfitters › Development');
    await tree.menu(['Sandbox', shop, 'Staging'], 'Show Web Vitals…');
    await quickInput.fill('/');
    await quickInput.accept();
    await statusBar.says('Sandbox › Hedgehog Outfitters › Staging');
  });
});

describe('Showing the place of files', () => {
  const ui = useWorkbench();

  it('11.4: the status bar shows the environments of a settings file and of a proposed change', async () => {
    const { folder, sandbox, statusBar, tree } = ui();
    await tree.expand('Sandbox', shop);
    const environment = { host: sandbox.url, id: 1202 };
    await writeFile(
      join(folder, 'posthog.environments.json'),
      JSON.stringify({ environments: { stage: environment }, settings: { timezone: 'UTC' } }),
    );
    const change = { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' };
    await writeFile(
      join(folder, 'tokyo.posthog-change.json'),
      JSON.stringify({
        formatVersion: 1,
        createdAt: '2026-01-01T00:00:00Z',
        environments: [{ name: 'Production', ...environment, id: 1203, changes: [change] }],
      }),
    );
    // Both files exist before the first is opened, because VS Code remembers for a while what its list of files found.
    await ui().openFile('posthog.environments.json');
    await statusBar.says('Sandbox › Hedgehog Outfitters › Staging');
    await ui().openFile('tokyo.posthog-change.json');
    await statusBar.says('Sandbox › Hedgehog Outfitters › Production');
  });
});

describe('Two environments of one name in one organization', () => {
  const ui = useWorkbench({ sandbox: { generation: 'documented' } });

  it('11.4: show their IDs in tabs, the status bar, and on the Save button', async () => {
    const { editor, modal, page, quickInput, sandbox, statusBar, tree } = ui();
    sandbox.control.patchEnvironment(1203, { name: 'Staging' });
    await tree.expand('Sandbox', shop, 'Online shop', 'Staging');
    await tree.click('Staging', 'Settings');
    await editor.shows('Staging (1202).posthog-settings.json');
    await statusBar.says('Sandbox › Hedgehog Outfitters › Staging (1202)');
    await editor.change({ timezone: 'Europe/Rome' });
    const other = tree.list.locator('.monaco-list-row', { hasText: '1203' });
    await other.locator('.monaco-tl-twistie').click();
    const settings = tree.list.locator('.monaco-list-row', { hasText: 'Settings' }).nth(1);
    await settings.click();
    await editor.shows('Staging (1203).posthog-settings.json');
    await editor.change({ timezone: 'Europe/Oslo' });
    assert.deepEqual((await page.locator('.tab .label-name').allInnerTexts()).sort(), [
      'Staging (1202) · Hedgehog Outfitters · Sandbox',
      'Staging (1203) · Hedgehog Outfitters · Sandbox',
    ]);
    ui().console.expect(/Unable to write file 'posthog-env:/);
    await quickInput.run('File: New Untitled Text File');
    await quickInput.run('File: Save All Files');
    await modal.says(/Environment: Staging \(1202\)\n[^]*Environment: Staging \(1203\)\n/);
    await modal.press('Save to Staging (1202) and Staging (1203)');
    await eventually(() =>
      assert.deepEqual(
        [1202, 1203].map((id) => sandbox.control.environment(id).timezone),
        ['Europe/Rome', 'Europe/Oslo'],
      ),
    );
  });

  it('11.4: the receipt of a save shows the ID, too', async () => {
    const { editor, page, sandbox } = ui();
    sandbox.control.patchEnvironment(1203, { name: 'Staging' });
    await ui().tree.expand('Sandbox', shop, 'Online shop', 'Staging');
    await ui().tree.click('Staging', 'Settings');
    await editor.shows('Staging (1202).posthog-settings.json');
    await editor.change({ timezone: 'Asia/Tokyo' });
    await editor.save();
    const receipt = 'Saved to Staging (1202) · Hedgehog Outfitters: timezone';
    await page.locator('.statusbar-item-label', { hasText: receipt }).first().waitFor();
  });
});
