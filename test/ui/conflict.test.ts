import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('A change made elsewhere in the meantime', () => {
  const ui = useWorkbench();

  it("isn't overwritten: the save stops and names the key", async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings(shop, 'Staging');
    sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Tokyo' });
    await editor.change({ timezone: 'Europe/Rome' });
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/Someone changed timezone in PostHog after/);
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.environment(1202).timezone, 'Asia/Tokyo');
  });

  it('is shown next to mine, and mine can be saved on top of it', async () => {
    const { editor, sandbox, toasts } = ui();
    await ui().openSettings(shop, 'Production');
    sandbox.control.patchEnvironment(1203, { timezone: 'Asia/Tokyo', anonymize_ips: false });
    await editor.change({ timezone: 'Europe/Rome', week_start_day: 0 });
    await ui().saveIsRefused(/Someone changed/);
    await toasts.button('Resolve…');
    await editor.pressLens('Compare');
    await editor.showsDiff(
      'Production · Hedgehog Outfitters · Sandbox: PostHog ↔ Mine',
      'Asia/Tokyo',
      'Europe/Rome',
    );
    await editor.titleAction('Keep My Version');
    await toasts.says(
      /were reapplied on top of PostHog's current version\. Your value replaces someone else's in timezone\. Save to send them/,
    );
    assert.equal(sandbox.control.environment(1203).timezone, 'Asia/Tokyo');

    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Europe/Rome', week_start_day: 0 }]);
    // What only the others changed stays theirs.
    assert.equal(sandbox.control.environment(1203).anonymize_ips, false);
    assert.equal((await editor.json()).anonymize_ips, false);
  });

  it('can be accepted, which discards mine and sends nothing', async () => {
    const { editor, sandbox, toasts, modal } = ui();
    await ui().openSettings(shop, 'Development');
    sandbox.control.patchEnvironment(1201, { timezone: 'Asia/Tokyo' });
    await editor.change({ timezone: 'Europe/Rome' });
    await ui().saveIsRefused(/Someone changed/);
    await toasts.button('Resolve…');
    await editor.pressLens('Compare');
    await editor.showsDiff(
      'Development · Hedgehog Outfitters · Sandbox: PostHog ↔ Mine',
      'Asia/Tokyo',
      'Europe/Rome',
    );
    sandbox.control.clearRequests();
    await editor.titleAction("Use PostHog's Version");
    await modal.says(
      /Discard your changes to Development · Hedgehog Outfitters · Sandbox\?[^]*You changed timezone\./,
    );
    await modal.press('Discard Changes');
    await editor.isClean();
    assert.equal((await editor.json()).timezone, 'Asia/Tokyo');
    assert.deepEqual(ui().writes(), []);
  });

  it("A8: Use PostHog's Version keeps my text if the question is canceled", async () => {
    const { editor, sandbox, modal } = ui();
    await ui().openSettings(shop, 'Staging');
    sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Seoul' });
    await editor.change({ timezone: 'Europe/Oslo' });
    await ui().command('Compare with PostHog');
    await editor.showsDiff(
      'Staging · Hedgehog Outfitters · Sandbox: PostHog ↔ Mine',
      'Asia/Seoul',
      'Europe/Oslo',
    );
    await editor.titleAction("Use PostHog's Version");
    await modal.says(/Discard your changes to Staging · Hedgehog Outfitters · Sandbox\?/);
    await modal.press('Cancel');
    await editor.isDirty();
    assert.equal((await editor.json()).timezone, 'Europe/Oslo');
  });

  it('A8: another comparison of the document offers neither version', async () => {
    const { editor, quickInput } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Europe/Oslo' });
    const versions = ["Use PostHog's Version", 'Keep My Version'];
    const offered = async (): Promise<readonly string[]> => {
      const actions = await editor.titleActions();
      assert.ok(
        actions.some((action) => action.startsWith('Next Change')),
        actions.join(),
      );
      return versions.filter((version) => actions.some((action) => action.startsWith(version)));
    };
    await ui().command('Compare with PostHog');
    await eventually(async () => assert.deepEqual(await offered(), versions));
    await editor.closeActive();
    await editor.shows('Staging.posthog-settings.json');
    await quickInput.run('File: Compare Active File with Saved');
    await eventually(async () => assert.deepEqual(await offered(), []));
    for (const version of versions) {
      const commands = await quickInput.commandsFor('PostHog Environments: ');
      assert.ok(!commands.includes(`PostHog Environments: ${version}`), version);
    }
  });

  it("to another key isn't a conflict: both are kept", async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings('Example Labs', 'Playground');
    sandbox.control.patchEnvironment(2100, { week_start_day: 1 });
    await editor.change({ anonymize_ips: true });
    await editor.save();
    const { week_start_day, anonymize_ips } = sandbox.control.environment(2100);
    assert.deepEqual({ week_start_day, anonymize_ips }, { week_start_day: 1, anonymize_ips: true });
    await eventually(async () => assert.equal((await editor.json()).week_start_day, 1));
  });

  it('11.1: automatically merged changes are shown in the editor after the save', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings('Example Labs', 'Playground');
    await editor.change({ extra_settings: { mine: 1 } });
    sandbox.control.patchEnvironment(2100, { timezone: 'Asia/Tokyo', extra_settings: { theirs: 1 } });
    await editor.save();
    await eventually(async () => {
      const { timezone, extra_settings } = await editor.json();
      const merged = { timezone: 'Asia/Tokyo', extra_settings: { mine: 1, theirs: 1 } };
      assert.deepEqual({ timezone, extra_settings }, merged);
    });
    await editor.isClean();
    assert.deepEqual(sandbox.control.environment(2100).extra_settings, { mine: 1, theirs: 1 });
  });

  /** A save of two settings that someone else has changed too. */
  async function conflictIn(id: number, name: string): Promise<void> {
    const { editor, sandbox } = ui();
    sandbox.control.patchEnvironment(id, { timezone: 'UTC', session_recording_sample_rate: '0.10' });
    await ui().openSettings(shop, name);
    sandbox.control.patchEnvironment(id, { timezone: 'Asia/Tokyo', session_recording_sample_rate: '0.80' });
    await editor.change({ timezone: 'Europe/Rome', session_recording_sample_rate: '0.40' });
    await ui().saveIsRefused(/^Someone changed timezone and session_recording_sample_rate in PostHog after/);
    sandbox.control.clearRequests();
  }

  const bodies = (): unknown[] => ui().bodies();

  it('11.1: conflicts can be resolved with Use Mine and Use Theirs, by code lens', async () => {
    const { editor, sandbox, toasts } = ui();
    await conflictIn(1202, 'Staging');
    await toasts.button('Resolve…');
    await editor.lens(/Conflict: PostHog has "Asia\/Tokyo"/);
    await editor.pressLens('Use Mine');
    await editor.cursorAfter(await editor.text(), '"session_recording_sample_rate"');
    await editor.lensRests(/Conflict: PostHog has "0\.80"/);
    await editor.pressLens('Use Theirs');
    await toasts.says(/All conflicts are resolved\. Save to send your changes/);
    assert.equal((await editor.json()).session_recording_sample_rate, '0.80');
    await toasts.clear();
    await editor.save();
    assert.deepEqual(bodies(), [{ timezone: 'Europe/Rome' }]);
    assert.equal(sandbox.control.environment(1202).session_recording_sample_rate, '0.80');
  });

  it("11.1: the result of VS Code's merge editor is in the document, and exactly that is sent", async () => {
    const { editor, page, quickInput, sandbox, toasts } = ui();
    await conflictIn(1203, 'Production');
    await toasts.clear();
    sandbox.control.clearRequests();
    await editor.titleAction('Open Merge Editor');
    const merge = page.locator('.merge-editor');
    await merge.waitFor();
    await ui().statusBar.says('Sandbox › Hedgehog Outfitters › Production');
    await merge.getByText('Accept Mine', { exact: true }).first().click();
    await merge.getByText('1 Conflict Remaining').waitFor();
    await quickInput.run('Merge Editor: Go to Next Unhandled Conflict');
    await merge.getByText('Accept Theirs', { exact: true }).last().click();
    await merge.getByText('0 Conflicts Remaining').waitFor();
    await editor.titleAction('Complete Merge');
    await merge.waitFor({ state: 'hidden' });
    await toasts.says(/The merged version of Production · Hedgehog Outfitters · Sandbox is in the editor/);
    const { timezone, session_recording_sample_rate } = await editor.json();
    assert.deepEqual([timezone, session_recording_sample_rate], ['Europe/Rome', '0.80']);
    assert.deepEqual(bodies(), [], 'merging sends nothing');
    await toasts.button('Save to Production');
    await editor.isClean();
    assert.deepEqual(bodies(), [{ timezone: 'Europe/Rome' }]);
    assert.equal(sandbox.control.environment(1203).session_recording_sample_rate, '0.80');
  });

  it('11.1: a merge that is completed with conflicts leaves them in the document, and sends nothing', async () => {
    const { editor, modal, page, sandbox, toasts } = ui();
    await conflictIn(1202, 'Staging');
    await toasts.clear();
    await editor.titleAction('Open Merge Editor');
    const merge = page.locator('.merge-editor');
    await merge.getByText('Accept Mine', { exact: true }).first().click();
    await merge.getByText('1 Conflict Remaining').waitFor();
    await editor.titleAction('Complete Merge');
    await modal.press('Complete with Conflicts');
    await modal.press('Close with Conflicts');
    await toasts.says(/still has conflicts: neither side was chosen for session_recording_sample_rate\.$/);
    await toasts.button('Resolve…');
    await editor.lens(/Conflict: PostHog has "0\.80"/);
    const { timezone, session_recording_sample_rate } = await editor.json();
    assert.deepEqual([timezone, session_recording_sample_rate], ['Europe/Rome', '0.40']);
    await ui().saveIsRefused(/^Someone changed session_recording_sample_rate in PostHog after/);
    assert.deepEqual(bodies(), []);
    assert.equal(sandbox.control.environment(1202).session_recording_sample_rate, '0.80');
  });

  it('11.1: a merge editor left over from a reload is closed, and the document can be merged again', async () => {
    const { console, editor, modal, page, quickInput, toasts } = ui();
    await conflictIn(1202, 'Staging');
    await toasts.clear();
    await editor.titleAction('Open Merge Editor');
    const tab = page.locator('.tab', { hasText: 'Merging: Staging' });
    await tab.and(page.locator('.dirty')).waitFor();
    console.expect(/Unable to read file 'posthog-env-merge:/);
    await ui().reload();
    await editor.shows('Staging.posthog-settings.json');
    await tab.waitFor({ state: 'detached' });
    await editor.isDirty();
    await ui().saveIsRefused(/^Someone changed timezone and session_recording_sample_rate in PostHog after/);
    await editor.titleAction('Open Merge Editor');
    await page.locator('.merge-editor').getByText('2 Conflicts Remaining').waitFor();
    await quickInput.run('View: Revert and Close Editor');
    await modal.press('Close with Conflicts');
    await editor.shows('Staging.posthog-settings.json');
  });

  it('11.1: a conflict resolved by typing another value, with the keyboard alone, names who made the change', async () => {
    const { editor, page, sandbox, toasts } = ui();
    sandbox.control.patchEnvironment(1201, { timezone: 'UTC', session_recording_sample_rate: '0.10' });
    await ui().openSettings(shop, 'Development');
    const { status } = await ui().ask('PATCH', '/api/projects/1201/', { timezone: 'Asia/Tokyo' });
    assert.equal(status, 200);
    await editor.change({ timezone: 'Europe/Rome' });
    const user = (await ui().ask('GET', '/api/users/@me/')).body;
    const name = String(Object.entries(user ?? {}).find(([key]) => key === 'first_name')?.[1]);
    await ui().saveIsRefused(new RegExp(`^${name}[^.]* changed timezone in PostHog after you opened`));
    await toasts.clear();
    sandbox.control.clearRequests();
    await ui().command('Edit Conflicting Value');
    await eventually(async () => assert.equal(await editor.selection(), '"Europe/Rome"'));
    const byThem = new RegExp(`^Conflict: PostHog has "Asia/Tokyo", set by ${name}.* at \\d`);
    await eventually(async () => assert.match(await editor.lens(/Conflict: /), byThem));
    await page.keyboard.type('"Europe/Paris');
    assert.match(await editor.lens(/All conflicts are resolved/), /Save to send your changes/);
    await editor.save();
    assert.deepEqual(bodies(), [{ timezone: 'Europe/Paris' }]);
  });

  it('11.1: merging leaves the cursor and folding between two places alone', async () => {
    const { editor, page, quickInput, sandbox } = ui();
    await ui().openSettings('Example Labs', 'Playground');
    const text = await editor.change({ week_start_day: 0 });
    sandbox.control.patchEnvironment(2100, {
      app_urls: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'],
      session_recording_sample_rate: '0.80',
    });
    await editor.cursorAfter(text, '"data_attributes"');
    await quickInput.run('Fold');
    await editor.cursorAfter(text, '"heatmaps_opt_in"');
    const folded = page.locator('.editor-group-container.active .codicon-folding-collapsed');
    await folded.waitFor();
    await page.keyboard.press('Control+s');
    await page.locator('.view-line', { hasText: 'https://c.example.com' }).waitFor();
    await editor.isClean();
    await folded.waitFor();
    const { line, column } = await editor.position();
    const before = (await editor.text()).split('\n')[line - 1]?.slice(0, column - 1);
    assert.equal(before, '  "heatmaps_opt_in"');
  });

  it('to a table stops its save too', async () => {
    const { editor, sandbox } = ui();
    const id = tableId(ui(), 1201, 'orders');
    await ui().openTable(shop, 'Development', 'orders');
    await editor.change({ name: 'purchases' });
    sandbox.control.patchTable(1201, id, { name: 'sales' });
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/Someone changed name in PostHog after/);
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.table(1201, id).name, 'sales');
  });
});
