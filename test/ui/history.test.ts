import assert from 'node:assert/strict';
import type { Dialog } from 'playwright-core';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';
const staging = 1202;

describe('The history and undo', () => {
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
  /** Confirms an undo with the keyboard. */
  const agree = async (): Promise<void> => {
    const { modal, page } = ui();
    await modal.says(/Undo the change to .* in Staging\?/);
    await page.keyboard.press('Enter');
  };

  it('6: clicking the receipt undoes its save', async () => {
    const before = String(timezone());
    await save('Asia/Tokyo');
    await ui()
      .page.locator('.statusbar-item-label', { hasText: 'Saved to Staging · Hedgehog Outfitters: timezone' })
      .first()
      .click();
    await agree();
    await becomes(before);
    await eventually(async () => assert.equal((await ui().editor.json()).timezone, before));
    await ui().editor.isClean();
  });

  it('6: Undo Last Save in the palette undoes the save, even after a reload', async () => {
    const before = String(timezone());
    await save('Europe/Lisbon');
    await ui().reload();
    await ui().command('Undo Last Save…');
    await agree();
    await becomes(before);
  });

  it('6: the History view lists a save from before a reload, and its row undoes it', async () => {
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
    await page
      .locator('.tab', { hasText: 'timezone in Staging · Hedgehog Outfitters · Sandbox: before ↔ after' })
      .waitFor();
    await editor.closeAll();
    await history.action(['Today', 'timezone'], 'Undo This Change');
    await agree();
    await becomes(before);
    await history.row('Today', 'Undo timezone');
  });

  it("6: someone else's change appears in its environment's history and can be undone", async () => {
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
    // The view may be showing the changes of all environments.
    await eventually(async () =>
      assert.match((await history.row('Today', 'timezone')).icon, /codicon-person/),
    );
    const tooltip = await history.tooltip('Today', 'timezone');
    assert.match(tooltip, /Who: /);
    assert.match(tooltip, /"Pacific\/Auckland"/);
    await history.action(['Today', 'timezone'], 'Undo This Change');
    await agree();
    await becomes(before);
  });

  it('8: if the host is killed during a save, the outcome is checked and reported at the next start', async () => {
    const { editor, sandbox, page, tree, toasts, console } = ui();
    console.expectEndOfPage();
    console.expect(/Unable to write file 'posthog-env:/);
    const methods = (): readonly string[] => sandbox.control.requests().map(({ method }) => method);
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Asia/Kolkata' });
    const api = { path: '/api/' };
    // PostHog applies the change, its response is lost, and the check waits until the host is killed.
    sandbox.control.clearRequests();
    sandbox.control.addFault({
      route: { ...api, method: 'PATCH' },
      times: 1,
      kind: 'drop-after',
      delayMs: 500,
    });
    await editor.pressSave();
    await eventually(async () => assert.ok(methods().includes('PATCH')));
    sandbox.control.addFault({ route: { ...api, method: 'GET' }, kind: 'latency', delayMs: 60_000 });
    await becomes('Asia/Kolkata');
    await eventually(async () => assert.equal(methods().at(-1), 'GET'));
    const leave = (dialog: Dialog): void => void dialog.accept();
    page.on('dialog', leave);
    await page.reload();
    page.off('dialog', leave);
    sandbox.control.clearFaults();
    await tree.open();
    const said = toasts.says(
      /VS Code closed before PostHog confirmed a change to Staging \(timezone\)\. Checked again: PostHog has the change\./,
    );
    // The restored document may say it before this one is open, and VS Code hides notifications after ten seconds.
    await Promise.all([said, ui().openSettings(shop, 'Staging')]);
  });
});

describe('An extension host that is killed during a save', () => {
  const ui = useWorkbench();

  it('8: restores the text and its base, and reports the outcome of the save', async () => {
    const { editor, sandbox, toasts } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ timezone: 'Asia/Kolkata' });
    // PostHog applies the change, and the host is killed while it waits for the response.
    sandbox.control.clearRequests();
    const route = { method: 'PATCH', path: '/api/' };
    sandbox.control.addFault({ route, kind: 'latency', holdMs: 60_000, times: 1 });
    const methods = (): readonly string[] => sandbox.control.requests().map(({ method }) => method);
    await editor.pressSave();
    await eventually(() => assert.equal(sandbox.control.environment(staging).timezone, 'Asia/Kolkata'));
    assert.deepEqual(methods(), ['GET', 'PATCH']);
    await ui().killHost();
    sandbox.control.patchEnvironment(staging, { week_start_day: 0 });
    await toasts.says(
      /VS Code closed before PostHog confirmed a change to Staging \(timezone\)\. Checked again: PostHog has the change\./,
    );
    assert.equal(await editor.text(), text);
    await editor.isDirty();
    await toasts.clear();
    // Because of its base, the text doesn't undo what someone else has changed in the meantime.
    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.environment(staging).week_start_day, 0);
    assert.equal((await editor.json()).week_start_day, 0);
  });
});

describe('A change that someone else makes during a save', () => {
  const ui = useWorkbench({ userSettings: { 'posthogEnvironments.save.checkActivity': true } });

  it('7: is shown with both values if the save replaced it, and restored with one click', async () => {
    const { editor, sandbox, toasts, history } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Asia/Tokyo' });
    sandbox.control.setMembership('member', staging, 15);
    sandbox.control.clearRequests();
    const route = { method: 'PATCH', path: '/api/' };
    sandbox.control.addFault({ route, kind: 'latency', delayMs: 2_000, times: 1 });
    await editor.pressSave();
    await eventually(() => assert.ok(sandbox.control.requests().some(({ method }) => method === 'PATCH')));
    const theirs = { timezone: 'Europe/Rome' };
    const { status } = await ui().ask('PATCH', `/api/projects/${staging}/`, theirs, 'member');
    assert.equal(status, 200);
    await editor.isClean();
    await toasts.says(/set timezone to "Europe\/Rome", and your save replaced it with "Asia\/Tokyo"/);
    assert.deepEqual(await toasts.buttons(), ['Restore Theirs', 'Show Difference']);
    await toasts.button('Restore Theirs');
    await eventually(() => assert.equal(sandbox.control.environment(staging).timezone, 'Europe/Rome'));
    await eventually(async () => assert.equal((await editor.json()).timezone, 'Europe/Rome'));
    await editor.isClean();
    await history.unfold();
    await history.row('Today', 'Restore timezone');
  });
});

describe('The lens of a setting', () => {
  const ui = useWorkbench({ userSettings: { 'posthogEnvironments.editor.settingLens': true } });

  it('9: shows who changed it and its values elsewhere, from the cursor', async () => {
    const { editor, quickInput, sandbox } = ui();
    sandbox.control.patchEnvironment(1203, { timezone: 'America/New_York' });
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Asia/Tokyo' });
    await editor.save();
    await editor.cursorAfter(await editor.text(), '"timezone');
    await editor.lens(/History/);
    await editor.pressLens('History');
    await quickInput.row('timezone: "UTC" → "Asia/Tokyo"').first().waitFor();
    await quickInput.choose('Show in Other Environments');
    const production = quickInput.row('Production').first();
    await production.waitFor();
    assert.match(await production.innerText(), /"America\/New_York", differs/);
    await quickInput.choose('Production');
    await quickInput.choose('Open Settings');
    await editor.shows('Production.posthog-settings.json');
    await eventually(async () => assert.equal(await editor.selection(), '"timezone"'));
  });
});
