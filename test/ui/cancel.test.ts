import assert from 'node:assert/strict';
import { reloadWith } from './support/reloadWith';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('Canceling on a slow server', () => {
  const ui = useWorkbench();

  /** Delays one request for longer than any test. */
  const stall = (method: string): void =>
    ui().sandbox.control.addFault({
      route: { method, path: '/api/projects/1202' },
      kind: 'latency',
      delayMs: 120_000,
      times: 1,
    });

  async function cancel(title: RegExp): Promise<void> {
    await ui().toasts.says(title);
    await ui().toasts.button('Cancel');
  }

  it('C6: opening can be canceled, and leaves nothing half done', async () => {
    const { editor, sandbox, toasts, tree } = ui();
    await tree.expand('Sandbox', shop, 'Staging');
    stall('GET');
    await tree.click('Staging', 'Settings');
    await cancel(/^Opening Staging · Hedgehog Outfitters · Sandbox$/);
    await toasts.gone();
    await editor.noneOpen();

    sandbox.control.clearRequests();
    await ui().openSettings(shop, 'Staging');
    assert.equal((await editor.json()).name, 'Staging');
    assert.deepEqual(
      sandbox.control.requests().map(({ method, path }) => [method, path]),
      [['GET', '/api/projects/1202/']],
    );
  });

  it('C6: opening a restored document can be canceled, and retried', async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Staging');
    stall('GET');
    ui().console.expect(/Unable to read file 'posthog-env:[^']*' \(Canceled before PostHog responded\.\)/);
    await reloadWith(ui(), 'Staging.posthog-settings.json');
    await cancel(/^Opening Staging/);
    // VS Code keeps the tab, and shows in it why there is no text.
    const tryAgain = page.locator('.editor-group-container.active .monaco-button', { hasText: 'Try Again' });
    await tryAgain.click();
    await editor.shows('Staging.posthog-settings.json');
    assert.equal((await editor.json()).name, 'Staging');
  });

  it('C6: a save that is canceled before anything is sent keeps the text', async () => {
    const { editor, toasts } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ timezone: 'Asia/Tokyo' });
    ui().console.expect(/Unable to write file 'posthog-env:/);
    ui().sandbox.control.clearRequests();
    stall('GET');
    await editor.pressSave();
    await cancel(/^Saving Staging · Hedgehog Outfitters · Sandbox$/);
    await toasts.says(/Save canceled\. Nothing was sent to PostHog/);
    await editor.isDirty();
    assert.equal(await editor.text(), text);
    assert.deepEqual(ui().writes(), []);
  });

  it('C6: a save that is canceled while it is being sent reports what PostHog has', async () => {
    const { editor, toasts, sandbox } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Asia/Seoul' });
    ui().console.expect(/Unable to write file 'posthog-env:/);
    ui().console.expect(/doesn't have the change yet/);
    stall('PATCH');
    await editor.pressSave();
    await cancel(/^Saving Staging · Hedgehog Outfitters · Sandbox$/);
    await toasts.says(/doesn't have the change yet, but may still be working on it/);
    await editor.isDirty();
    await toasts.clear();
    sandbox.control.clearFaults();
    await editor.save();
    assert.equal(sandbox.control.environment(1202).timezone, 'Asia/Seoul');
  });

  it('11.4: reloading names environment, organization, and connection while it waits', async () => {
    const { editor, toasts } = ui();
    await ui().openSettings(shop, 'Staging');
    stall('GET');
    await ui().command('Reload from PostHog');
    await cancel(/^Getting Staging · Hedgehog Outfitters · Sandbox$/);
    await toasts.gone();
    await editor.isClean();
  });
});
