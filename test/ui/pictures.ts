/**
 * Takes the pictures of README and walkthrough from the real workbench and writes them to media/readme and
 * media/walkthrough:
 * `node esbuild.mjs && npx mocha --no-config dist/test/ui/pictures.js --grep settings`. Not a test, so `npm test`
 * doesn't run it. Pictures of the walkthrough are in the package: reduce them to 256 colors afterwards.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths';
import { nothing } from './support/menu';
import { openWorkbench, type Workbench } from './support/workbench';

const organization = 'Hedgehog Outfitters';
const media = join(repoRoot, 'media');

type Picture = (workbench: Workbench) => Promise<void>;

/**
 * Shows the meaning of the open settings' time zone, using only the keyboard, because a pointer would cause its own
 * hover.
 */
async function explainTimezone({ page, editor }: Workbench): Promise<void> {
  await editor.cursorAfter(await editor.text(), '"timezone');
  await page.mouse.move(nothing.x, nothing.y);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+i');
  await page.locator('.monaco-hover:visible', { hasText: 'Time zone' }).first().waitFor();
}

const walkthrough: Readonly<Record<string, Picture>> = {
  async connect(workbench) {
    const { quickInput, sandbox } = workbench;
    await workbench.command('Add Connection…');
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill(sandbox.url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
  },
  async settings(workbench) {
    await workbench.openSettings(organization, 'Staging');
    await explainTimezone(workbench);
  },
  async tables(workbench) {
    await workbench.openTable(organization, 'Development', 'price_list');
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables', 'price_list');
  },
  async find(workbench) {
    await workbench.command('Find Environment, Table, or Setting…');
    await workbench.quickInput.fill('ord');
    await workbench.quickInput.row('orders').first().waitFor();
    // The box has a tooltip, which covers the title.
    await workbench.page.mouse.move(600, 500);
    await workbench.page.locator('.workbench-hover-container:visible').waitFor({ state: 'hidden' });
  },
};

const readme: Readonly<Record<string, Picture>> = {
  async settings(workbench) {
    await workbench.openSettings(organization, 'Staging');
    await workbench.page.locator('.codelens-decoration').first().waitFor();
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables');
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables', 'price_list');
    await explainTimezone(workbench);
  },
  async conflict(workbench) {
    await workbench.openSettings(organization, 'Staging');
    await workbench.editor.change({ timezone: 'Europe/Rome', week_start_day: 0 });
    workbench.sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Tokyo' });
    await workbench.editor.pressSave();
    await workbench.toasts.button('Resolve…');
    await workbench.toasts.clear();
    await workbench.page.locator('.codelens-decoration', { hasText: 'Use Theirs' }).first().waitFor();
  },
  async review(workbench) {
    await workbench.command('Protect');
    await workbench.quickInput.choose('Production');
    await workbench.openSettings(organization, 'Production');
    await workbench.editor.change({ timezone: 'Europe/Rome', session_recording_opt_in: false });
    await workbench.page.keyboard.press('Control+Home');
    await workbench.editor.pressSave();
    await workbench.modal.says(/Save 2 changes to Production/);
  },
  async history(workbench) {
    await workbench.openSettings(organization, 'Staging');
    await workbench.editor.change({ timezone: 'Europe/Rome' });
    await workbench.editor.save();
    await workbench.editor.change({ week_start_day: 0 });
    await workbench.page.keyboard.press('Control+Home');
    await workbench.editor.save();
    await workbench.page.locator('.pane-header', { hasText: 'History' }).click();
    await workbench.page.locator('.monaco-list-row', { hasText: 'timezone' }).first().waitFor();
  },
  async matrix(workbench) {
    const { page, quickInput } = workbench;
    await page.setViewportSize({ width: 1200, height: 900 });
    await workbench.command('Compare Environments…');
    await quickInput.chooseMany('Development', 'Staging', 'Production');
    const table = page.locator('.webview.ready').last().contentFrame().frameLocator('#active-frame');
    await table
      .getByText(/settings differ\./)
      .first()
      .waitFor();
    await page.mouse.move(nothing.x, nothing.y);
    await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
  },
  async drift(workbench) {
    const { page, sandbox, folder } = workbench;
    const file = {
      environments: {
        staging: { host: sandbox.url, id: 1202 },
        production: {
          host: sandbox.url,
          id: 1203,
          protected: true,
          settings: { session_recording_sample_rate: '0.10' },
        },
      },
      settings: { timezone: 'UTC', anonymize_ips: true },
    };
    await writeFile(join(folder, 'posthog.environments.json'), `${JSON.stringify(file, null, 2)}\n`);
    await workbench.openFile('posthog.environments.json');
    await page.locator('.codelens-decoration', { hasText: 'production has' }).first().waitFor();
    await page.keyboard.press('Control+Shift+G');
    await page.locator('.scm-view .monaco-list-row', { hasText: 'timezone' }).first().waitFor();
  },
  async 'web-vitals'(workbench) {
    // All four metrics and the line below them.
    await workbench.page.setViewportSize({ width: 1200, height: 900 });
    await workbench.tree.expand('Sandbox', organization);
    await workbench.tree.menu(['Sandbox', organization, 'Production'], 'Show Web Vitals…');
    await workbench.quickInput.fill('/checkout');
    await workbench.quickInput.accept();
    await workbench.page
      .frameLocator('iframe.webview')
      .frameLocator('iframe')
      .getByText('LCP')
      .first()
      .waitFor();
  },
  async upload(workbench) {
    const { page, quickInput } = workbench;
    await writeFile(join(workbench.folder, 'stores.csv'), 'store_id,city,opened_on\n1,Lisbon,2024-03-01\n');
    await page.locator('.activitybar .action-label[aria-label^="Explorer"]').first().click();
    const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'stores.csv' });
    await file.click({ button: 'right' });
    // Enter, because a menu ignores clicks at first.
    await page.locator('.context-view .action-label', { hasText: 'Upload to PostHog Warehouse…' }).hover();
    await page.keyboard.press('Enter');
    await quickInput.choose('Development');
    await quickInput.choose('CSV with header');
    await quickInput.titled(
      'Upload stores.csv to Development · Hedgehog Outfitters · Sandbox: Table Name (2 of 2)',
    );
    await quickInput.accept();
    await workbench.toasts.says(/stores/);
    await workbench.tree.expand('Sandbox', organization, 'Development', 'Warehouse tables', 'stores');
  },
};

/** Moves the pointer away, and waits for animations and hovers to end. */
async function settle({ page }: Workbench): Promise<void> {
  if (!(await page.locator('.monaco-hover:visible').count())) {
    await page.mouse.move(nothing.x, nothing.y);
  }
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
  await page.locator('.progress-bit:visible').first().waitFor({ state: 'hidden' });
}

/** Turns off lines that would be cut off in a narrow editor. */
const narrow = { 'breadcrumbs.enabled': false, 'editor.codeLens': false, 'editor.wordWrap': 'on' };

/** Wider pictures are scaled down. */
const sizes = { readme: { width: 1200, height: 760 }, walkthrough: { width: 860, height: 600 } };

for (const [kind, pictures] of Object.entries({ readme, walkthrough }) as [
  'readme' | 'walkthrough',
  typeof readme,
][]) {
  for (const [name, prepare] of Object.entries(pictures)) {
    it(`takes ${kind}/${name}.png`, async function () {
      this.timeout(120_000);
      const folder = join(media, kind);
      await mkdir(folder, { recursive: true });
      const workbench = await openWorkbench({
        userSettings: {
          'workbench.colorTheme': 'Default Dark Modern',
          'window.commandCenter': false,
          // Never empty, because VS Code would then show the name of the build that the tests run.
          'window.title': '${activeEditorShort}${separator}${rootName}',
          ...(kind === 'walkthrough' ? narrow : {}),
        },
      });
      await workbench.page.setViewportSize(sizes[kind]);
      try {
        if (kind === 'readme') {
          // The sandbox isn't protected by itself, unlike a user's own Production.
          await workbench.tree.menu([organization, 'Production'], 'Protect');
          await workbench.tree.row(organization, 'Production');
        }
        await prepare(workbench);
        await settle(workbench);
        await copyFile(await workbench.screenshot(name), join(folder, `${name}.png`));
      } catch (error) {
        await workbench.screenshot(`failed-${name}`);
        throw error;
      } finally {
        await workbench.close();
      }
    });
  }
}
