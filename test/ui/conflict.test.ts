import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('A change made elsewhere meanwhile', () => {
  const ui = useWorkbench();

  it('is not overwritten: the save stops and names the key', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings(shop, 'Staging');
    sandbox.control.patchEnvironment(1202, { timezone: 'Asia/Tokyo' });
    await editor.change({ timezone: 'Europe/Rome' });
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/Compare: Someone changed timezone in PostHog after/);
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.environment(1202).timezone, 'Asia/Tokyo');
  });

  it('is shown beside mine, and mine can be saved on top of it', async () => {
    const { editor, sandbox, toasts } = ui();
    await ui().openSettings(shop, 'Production');
    sandbox.control.patchEnvironment(1203, { timezone: 'Asia/Tokyo', anonymize_ips: false });
    await editor.change({ timezone: 'Europe/Rome', week_start_day: 0 });
    await ui().saveIsRefused(/Compare: Someone changed/);
    await toasts.link('Compare');
    await editor.showsDiff('Production: PostHog now ↔ mine', 'Asia/Tokyo', 'Europe/Rome');
    await editor.titleAction('Keep My Version');
    await toasts.says(
      /now stand on what PostHog has\. Your value replaces somebody else's in timezone\. Save to send them/,
    );
    assert.equal(sandbox.control.environment(1203).timezone, 'Asia/Tokyo');

    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(
      ui()
        .writes()
        .map(({ body }) => body),
      [{ timezone: 'Europe/Rome', week_start_day: 0 }],
    );
    // What only the others changed stays theirs.
    assert.equal(sandbox.control.environment(1203).anonymize_ips, false);
    assert.equal((await editor.json()).anonymize_ips, false);
  });

  it('can be taken over, which drops mine and sends nothing', async () => {
    const { editor, sandbox, toasts } = ui();
    await ui().openSettings(shop, 'Development');
    sandbox.control.patchEnvironment(1201, { timezone: 'Asia/Tokyo' });
    await editor.change({ timezone: 'Europe/Rome' });
    await ui().saveIsRefused(/Compare: Someone changed/);
    await toasts.link('Compare');
    await editor.showsDiff('Development: PostHog now ↔ mine', 'Asia/Tokyo', 'Europe/Rome');
    sandbox.control.clearRequests();
    await editor.titleAction("Use PostHog's Version");
    await editor.isClean();
    assert.equal((await editor.json()).timezone, 'Asia/Tokyo');
    assert.deepEqual(ui().writes(), []);
  });

  it('to another key is no conflict: both are kept', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings('Example Labs', 'Playground');
    sandbox.control.patchEnvironment(2100, { week_start_day: 1 });
    await editor.change({ anonymize_ips: true });
    await editor.save();
    const { week_start_day, anonymize_ips } = sandbox.control.environment(2100);
    assert.deepEqual({ week_start_day, anonymize_ips }, { week_start_day: 1, anonymize_ips: true });
    await eventually(async () => assert.equal((await editor.json()).week_start_day, 1));
  });

  it('to a table stops its save as well', async () => {
    const { editor, sandbox } = ui();
    const id = tableId(ui(), 1201, 'orders');
    await ui().openTable(shop, 'Development', 'orders');
    await editor.change({ name: 'purchases' });
    sandbox.control.patchTable(1201, id, { name: 'sales' });
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/Compare: Someone changed name in PostHog after/);
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.table(1201, id).name, 'sales');
  });
});
