import assert from 'node:assert/strict';
import { useWorkbench } from './support/useWorkbench';

const shop = ['Sandbox', 'Hedgehog Outfitters'] as const;

describe('A server of the documented generation', () => {
  const ui = useWorkbench({ sandbox: { generation: 'documented' } });

  it('shows environments below their project if it has more than one', async () => {
    const { tree } = ui();
    await tree.expand(...shop, 'Online shop');
    assert.deepEqual(
      (await tree.childrenOf(...shop)).map(({ label }) => label),
      ['Online shop'],
    );
    await tree.row('Online shop', 'Production');
    await tree.expand('Sandbox', 'Example Labs', 'Playground', 'Warehouse tables', 'measurements');
    assert.equal((await tree.row('measurements', 'celsius')).description, 'float');
  });

  it('saves settings through the nested URL, without the user choosing it', async () => {
    const { tree, editor, sandbox } = ui();
    await tree.expand(...shop, 'Online shop', 'Staging');
    await tree.click('Staging', 'Settings');
    await editor.shows('Staging.posthog-settings.json');
    await editor.change({ timezone: 'Europe/Madrid' });
    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(ui().writes(), [
      { method: 'PATCH', path: '/api/projects/1201/environments/1202/', body: { timezone: 'Europe/Madrid' } },
    ]);
    assert.equal(sandbox.control.environment(1202).timezone, 'Europe/Madrid');
  });

  it('stops on a change made elsewhere in the meantime', async () => {
    const { tree, editor, sandbox } = ui();
    await tree.expand(...shop, 'Online shop', 'Production');
    await tree.click('Production', 'Settings');
    await editor.shows('Production.posthog-settings.json');
    sandbox.control.patchEnvironment(1203, { timezone: 'Asia/Tokyo' });
    await editor.change({ timezone: 'Europe/Rome' });
    await ui().saveIsRefused(/Someone changed timezone in PostHog after/);
  });

  it('continues to work when it is upgraded in the meantime', async () => {
    const { tree, editor, sandbox } = ui();
    await tree.expand(...shop, 'Online shop', 'Staging');
    await tree.click('Staging', 'Settings');
    await editor.shows('Staging.posthog-settings.json');
    sandbox.control.setGeneration('current');
    await editor.change({ timezone: 'Europe/Oslo' });
    await editor.save();
    assert.equal(sandbox.control.environment(1202).timezone, 'Europe/Oslo');
  });
});
