import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

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
    await page.keyboard.press('Enter');
    const name = 'staging-timezone.posthog-change.json';
    await eventually(async () => assert.ok((await quickInput.input.inputValue()).endsWith(`/${name}`)));
    await page.keyboard.press('Enter');
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
