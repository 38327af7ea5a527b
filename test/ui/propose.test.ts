import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownExtensionsAtTrust } from './support/consoleWatch';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';
import { restrictedMode } from './support/workbench';

const staging = 1202;

describe('A proposed change', () => {
  const ui = useWorkbench();

  it('12.8: is written from a document, opened, reviewed and applied, and the history names who proposed it', async () => {
    const { page, sandbox, folder, editor, quickInput, modal, toasts, history } = ui();
    await ui().openSettings('Hedgehog Outfitters', 'Staging');
    await editor.change({ timezone: 'Asia/Tokyo' });
    sandbox.control.clearRequests();
    await ui().command('Propose Change…');
    await quickInput.asks('For example: We moved to another time zone');
    await quickInput.fill('We moved');
    await quickInput.accept();
    const name = 'staging-timezone.posthog-change.json';
    await quickInput.acceptFile(name);
    await toasts.says(/Proposed 1 change to Staging in staging-timezone\.posthog-change\.json\./);
    assert.deepEqual(ui().writes(), []);
    assert.match(await readFile(join(folder, name), 'utf8'), /"why": "We moved"/);
    await editor.isDirty();
    await toasts.button('Open File');
    await editor.shows(name);
    await page.locator('.codelens-decoration a', { hasText: 'Review and Apply…' }).first().click();
    await modal.says(/Apply 1 change to Staging\?/);
    assert.match(await modal.says(/"We moved"/), /Proposed by/);
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(sandbox.control.environment(staging).timezone, 'Asia/Tokyo'));
    await history.unfold();
    const row = await history.row('Today', 'timezone');
    assert.match(row.description, /^Staging · proposed by \S/);
    assert.match(
      await history.tooltip('Today', 'timezone'),
      /Proposed by: .*Why: We moved.*Applied by: you/s,
    );
  });
});

describe('A change proposed with a read-only key', () => {
  const ui = useWorkbench({ keyName: 'read' });

  it('12.8: is made in a draft with completion and checks, which is never sent, and written to a file', async () => {
    const { page, sandbox, folder, editor, quickInput, toasts } = ui();
    const name = 'staging-timezone.posthog-change.json';
    await ui().openSettings('Hedgehog Outfitters', 'Staging');
    await editor.lens(/Or use Propose Change to let someone else apply it\./);
    await editor.lensRests(/Propose Change…/);
    await editor.pressLens('Propose Change…');
    await editor.shows('Staging (proposal).posthog-settings.json');
    await editor.lens(/Draft of a proposal/);
    await editor.cursorAfter(await editor.text(), '"timezone": "UTC');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.type('Asia/Tok');
    await editor.offers('Asia/Tokyo');
    await page.keyboard.press('Enter');
    await eventually(async () => assert.match(await editor.text(), /"timezone": "Asia\/Tokyo"/));
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/A draft of a proposal is never saved to PostHog\. Nothing was sent\./);
    await toasts.button('Propose Change…');
    await quickInput.asks('For example: We moved to another time zone');
    await quickInput.fill('We moved');
    await quickInput.accept();
    await quickInput.acceptFile(name);
    await toasts.says(/Proposed 1 change to Staging in .*\. PostHog is unchanged\./);
    // The draft is closed, and the read-only document is shown again.
    await editor.shows('Staging.posthog-settings.json');
    assert.deepEqual(ui().writes(), []);
    assert.match(await readFile(join(folder, name), 'utf8'), /"to": "Asia\/Tokyo"/);
  });
});

describe('A proposed change in Restricted Mode', () => {
  const ui = useWorkbench({ userSettings: restrictedMode });

  it('12.8: is only text until the workspace is trusted', async () => {
    const { console, editor, folder, modal, page, sandbox, toasts } = ui();
    const name = 'utc.posthog-change.json';
    const file = {
      formatVersion: 1,
      createdAt: '2026-01-02T03:04:05.000Z',
      environments: [
        {
          ...{ name: 'Staging', host: sandbox.url, id: staging },
          changes: [{ path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' }],
        },
      ],
    };
    await writeFile(join(folder, name), `${JSON.stringify(file, null, 2)}\n`);
    const requests = (): readonly string[] =>
      sandbox.control.requests().flatMap(({ path }) => (path.includes(String(staging)) ? [path] : []));
    await ui().openFile(name);
    // The schema works, so the extension has seen the file.
    await editor.cursorAfter(await editor.text(), '"createdA');
    assert.match(await editor.hover(), /date and time/);
    assert.equal(await page.locator('.codelens-decoration').count(), 0);
    await editor.titleAction('Apply Proposed Change…');
    console.expect(ownExtensionsAtTrust);
    await toasts.says(
      /In Restricted Mode, a proposed change is treated as plain text, wherever its file is\./,
    );
    assert.deepEqual(requests(), []);

    await toasts.button('Manage Workspace Trust');
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await page.locator('.workspace-trust-editor.trusted').waitFor();
    await page.locator('.monaco-modal-editor-block .codicon-close').first().click();
    await page.locator('.workspace-trust-editor').waitFor({ state: 'hidden' });
    await ui().openFile(name);
    await page.locator('.codelens-decoration a', { hasText: 'Review and Apply…' }).first().click();
    await modal.says(/Apply 1 change to Staging\?/);
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(sandbox.control.environment(staging).timezone, 'Asia/Tokyo'));
  });
});
