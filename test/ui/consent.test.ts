import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import type { TreeRow } from './support/tree';
import { useWorkbench } from './support/useWorkbench';
import type { Workbench } from './support/workbench';

const shop = 'Hedgehog Outfitters';
const staging = 1202;
const otherwise = /The changes are no longer the ones you reviewed/;
const userSettings = { 'posthogEnvironments.save.confirm': 'always' };

/** Marks Staging in another window of the profile while this one shows a question, and waits until it shows here. */
async function markElsewhere(
  first: Workbench,
  command: string,
  shows: (row: TreeRow) => boolean,
): Promise<void> {
  const second = await first.anotherWindow();
  const isMarked = async ({ tree }: Workbench): Promise<void> =>
    eventually(async () => assert.ok(shows(await tree.row(shop, 'Staging'))), 3_000);
  try {
    await second.goTo();
    await second.tree.expand('Sandbox', shop);
    await second.tree.menu([shop, 'Staging'], command);
    await isMarked(second);
    // A window that gets the focus shows what others have marked, but storage events arrive at any time.
    await eventually(async () => {
      await second.goTo();
      await first.goTo();
      await isMarked(first);
    });
  } finally {
    await second.close();
    await first.goTo();
  }
}

/** Presses Ctrl+S, and waits for the review. */
async function reviewOf({ editor, modal }: Workbench): Promise<string> {
  await editor.pressSave();
  return modal.says(/Save 1 change to Staging\?/);
}

// Each has its own workbench: a mark that stayed would be a fault of the others.
describe('An answer to a review, and an environment that another window protects meanwhile', () => {
  const ui = useWorkbench({ userSettings });

  it("11.3: doesn't cover it: nothing is sent until the stronger question is answered", async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    const { editor, modal, toasts } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Asia/Tokyo' });
    ui().writes();
    assert.match(await reviewOf(ui()), /Environment: Staging \(1202\)\n/);
    await markElsewhere(ui(), 'Protect', ({ icon }) => icon.includes('codicon-lock'));
    await modal.press('Save to Staging');
    const again = await modal.says(otherwise);
    assert.match(again, /The environment is protected\.[^]*Staging \(1202\), protected/);
    assert.deepEqual(ui().writes(), []);
    await modal.press('Cancel');
    await toasts.says(/Nothing was sent to PostHog/);
    await editor.isDirty();
    assert.deepEqual(ui().writes(), []);

    assert.match(await reviewOf(ui()), /Staging \(1202\), protected/);
    await modal.press('Save to Staging');
    await editor.isClean();
    assert.deepEqual(ui().bodies(), [{ timezone: 'Asia/Tokyo' }]);
  });
});

describe('An answer to a review, and an environment that another window makes read-only meanwhile', () => {
  const ui = useWorkbench({ userSettings });

  it('11.3: sends nothing, says why, and keeps the text', async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    ui().console.expect(/read-only on this computer/);
    const { editor, modal, toasts } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ timezone: 'Asia/Tokyo' });
    ui().writes();
    await reviewOf(ui());
    await markElsewhere(ui(), 'Make Read-Only', ({ description }) => description.includes('read-only'));
    await modal.press('Save to Staging');
    await toasts.says(/read-only on this computer\..*Nothing was sent/);
    await editor.isDirty();
    assert.equal(await editor.text(), text);
    assert.deepEqual(ui().writes(), []);
  });
});

describe("An answer to a review, and a risky setting that someone else's change adds meanwhile", () => {
  const ui = useWorkbench({ userSettings });

  it("11.3: doesn't cover it: nothing is sent until the stronger question is answered", async () => {
    ui().console.expect(/Unable to write file 'posthog-env:/);
    const { editor, modal, toasts, sandbox } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ week_start_day: 0, session_recording_opt_in: false });
    // Someone else has just turned recording off, so the save doesn't.
    sandbox.control.patchEnvironment(staging, { session_recording_opt_in: false });
    ui().writes();
    assert.doesNotMatch(await reviewOf(ui()), /session_recording_opt_in/);
    sandbox.control.patchEnvironment(staging, { session_recording_opt_in: true });
    await modal.press('Save to Staging');
    const again = await modal.says(otherwise);
    assert.match(again, /session_recording_opt_in: true → false\s+⚠ Turning it off stops recording/);
    assert.deepEqual(ui().writes(), []);
    await modal.press('Cancel');
    await toasts.says(/Nothing was sent to PostHog/);
    assert.deepEqual(ui().writes(), []);
    assert.equal(sandbox.control.environment(staging).session_recording_opt_in, true);
  });
});
