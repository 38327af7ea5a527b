import assert from 'node:assert/strict';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('A read-only key', () => {
  const ui = useWorkbench({ keyName: 'read' });

  it('opens settings and tables read-only, and says which scope is missing', async () => {
    const { editor, page } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.lens(/the API key of "Sandbox" doesn.t have the scope project:write/);
    const text = await editor.text();
    await editor.focus();
    await page.keyboard.type('x');
    assert.equal(await editor.text(), text);
    await ui().openTable(shop, 'Development', 'orders');
    await editor.lens(/doesn.t have the scope warehouse_table:write/);
  });

  it("offers nothing in the tree that the key can't do", async () => {
    const { tree } = ui();
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables');
    const environment = await tree.menuEntries('Development');
    assert.ok(environment.some((entry) => entry.startsWith('Show Full Response')));
    assert.ok(!environment.some((entry) => entry.startsWith('Delete Environment')), environment.join(', '));
    const table = await tree.menuEntries('Development', 'orders');
    assert.ok(!table.some((entry) => entry.startsWith('Delete Warehouse Table')), table.join(', '));
  });
});

describe('A key limited to one environment', () => {
  const ui = useWorkbench({ keyName: 'projectScoped' });

  it('shows that environment without any list, and saves to it', async () => {
    const { tree, editor, sandbox } = ui();
    await tree.expand('Sandbox');
    const [environment] = await tree.childrenOfOnce('Sandbox');
    assert.ok(environment);
    await tree.expand('Sandbox', environment.label);
    await tree.click(environment.label, 'Settings');
    await editor.shows(`${environment.label}.posthog-settings.json`);
    await editor.change({ timezone: 'Europe/Madrid' });
    await editor.save();
    const [id] = /^\d+/.exec(environment.description) ?? [];
    assert.equal(sandbox.control.environment(Number(id)).timezone, 'Europe/Madrid');
  });
});

describe('A key that can access one environment', () => {
  const ui = useWorkbench({ keyName: 'projectScoped' });

  it("E: isn't asked which environment a command is for", async () => {
    const { editor, tree } = ui();
    const [environment] = await tree.childrenOfOnce('Sandbox');
    assert.ok(environment);
    await ui().command('Open Environment Settings');
    await editor.shows(`${environment.label}.posthog-settings.json`);
  });
});

describe('A key without any scope', () => {
  const ui = useWorkbench({ keyName: 'none' });

  it('reports the missing scope instead of an empty list', async () => {
    const { tree } = ui();
    await tree.expand('Sandbox');
    const [reason, ...others] = await tree.childrenOfOnce('Sandbox');
    assert.deepEqual(others, []);
    assert.match(reason?.label ?? '', /missing the scope (organization|project):read/);
    assert.equal(reason?.description, 'Replace Key…');
  });
});
