import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';
const staging = 1202;

describe('What was changed, and taking it back', () => {
  const ui = useWorkbench();

  const timezone = (): unknown => ui().sandbox.control.environment(staging).timezone;
  const becomes = (value: string): Promise<void> => eventually(async () => assert.equal(timezone(), value));
  const save = async (value: string): Promise<void> => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: value });
    await editor.save();
    await becomes(value);
  };
  /** Answers the question before an undo with the keyboard. */
  const agree = async (): Promise<void> => {
    const { modal, page } = ui();
    await modal.says(/Undo the change of .* in Staging\?/);
    await page.keyboard.press('Enter');
  };

  it('6: a click on the receipt undoes the save it tells of', async () => {
    const before = String(timezone());
    await save('Asia/Tokyo');
    await ui()
      .page.locator('.statusbar-item-label', { hasText: 'Saved to Staging: timezone' })
      .first()
      .click();
    await agree();
    await becomes(before);
    await eventually(async () => assert.equal((await ui().editor.json()).timezone, before));
    await ui().editor.isClean();
  });

  it('6: Undo Last Save in the palette takes back the save, also after a reload', async () => {
    const before = String(timezone());
    await save('Europe/Lisbon');
    await ui().reload();
    await ui().command('Undo Last Save…');
    await agree();
    await becomes(before);
  });

  it('6: the History view lists a save of before a reload, and its row undoes it', async () => {
    const { history, page, editor } = ui();
    const before = String(timezone());
    await save('Asia/Seoul');
    await ui().reload();
    await history.unfold();
    const row = await history.row('Today', 'timezone');
    assert.match(row.description, /^Staging · /);
    assert.match(row.icon, /codicon-check/);
    assert.match(row.spoken, /^timezone, Staging, applied, /);
    await history.click('Today', 'timezone');
    await page.locator('.tab', { hasText: 'timezone in Staging: before ↔ after' }).waitFor();
    await editor.closeAll();
    await history.action(['Today', 'timezone'], 'Undo This Change');
    await agree();
    await becomes(before);
    await history.row('Today', 'Undo timezone');
  });

  it("6: somebody else's change stands in the history of its environment, and is undone", async () => {
    const { history, tree, sandbox } = ui();
    const before = String(timezone());
    sandbox.control.setMembership('member', staging, 15);
    const response = await fetch(`${sandbox.url}/api/projects/${staging}/`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${sandbox.keys.member}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ timezone: 'Pacific/Auckland' }),
    });
    assert.ok(response.ok);
    await tree.expand('Sandbox', shop);
    await tree.menu([shop, 'Staging'], 'Show History');
    await history.unfold();
    const row = await history.row('Today', 'timezone');
    assert.match(row.icon, /codicon-person/);
    const tooltip = await history.tooltip('Today', 'timezone');
    assert.match(tooltip, /Who: /);
    assert.match(tooltip, /"Pacific\/Auckland"/);
    await ui().screenshot('history');
    await history.action(['Today', 'timezone'], 'Undo This Change');
    await agree();
    await becomes(before);
  });
});
