import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import { eventually } from './support/eventually';
import { plain } from './support/quickInput';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';
const hostile = '[Sign in](command:workbench.action.openSettings)';

describe('Names that look like links', () => {
  const ui = useWorkbench();

  beforeEach(async () => {
    const { sandbox, tree } = ui();
    sandbox.control.patchEnvironment(1202, { name: hostile });
    await tree.titleMenu('Refresh');
    await tree.expand('Sandbox', shop);
    await tree.row(shop, hostile);
  });

  /** Clicks a place that shows the name: it contains no link, and the name's command doesn't run. */
  async function isText(place: Locator): Promise<void> {
    await eventually(async () => assert.ok(plain(await place.innerText()).includes(hostile)));
    assert.equal(await place.locator('a').count(), 0);
    await place.click();
    // The settings editor would open immediately, so a round trip to the server takes longer.
    await ui().ask('GET', '/api/users/@me/');
    assert.equal(await ui().page.locator('.tab', { hasText: 'Settings' }).count(), 0);
  }

  it('C1: an environment named like a command link is text in the tree, its tooltip and the delete prompt', async () => {
    const { page, quickInput, tree } = ui();
    // The tooltip of the button that was pressed before may still be visible.
    await eventually(async () => {
      const tooltip = await tree.tooltip(shop, hostile);
      assert.ok(tooltip.includes(hostile), tooltip);
    });
    assert.equal(await page.locator('.workbench-hover-container a').count(), 0);

    await tree.menu([shop, hostile], 'Delete Environment…');
    await quickInput.titled(`Delete Environment ${hostile} (1202)`);
    await isText(quickInput.widget.locator('.quick-input-message'));
    await quickInput.fill('Sign in');
    await quickInput.accept();
    await quickInput.message(/exactly, or press Esc/);
    await isText(quickInput.widget.locator('.quick-input-message'));
    await quickInput.cancel();
    assert.deepEqual(ui().writes(), []);
  });

  it('C1: an environment named like an address, and its time zone, are text in the tooltip', async () => {
    const { page, sandbox, tree } = ui();
    const name = 'www.example.com me@example.com HTTPS://example.com/x a&lrm;b';
    sandbox.control.patchEnvironment(1202, { name, timezone: 'WWW.example.com/me@example.com' });
    await tree.titleMenu('Refresh');
    await tree.row(shop, name);
    await eventually(async () => {
      const tooltip = (await tree.tooltip(shop, name)).replaceAll('\u00a0', ' ');
      assert.ok(tooltip.includes(name), tooltip);
      assert.ok(tooltip.includes('WWW.example.com/me@example.com'), tooltip);
    });
    assert.equal(await page.locator('.workbench-hover-container a').count(), 0);
  });

  it('C1: … and in the key box, if a server responds with a link', async () => {
    const { quickInput, tree } = ui();
    // The server acts like PostHog until a key is checked.
    const server = createServer(({ headers }, response) => {
      const isKey = headers.authorization === 'Bearer phx_example';
      response.writeHead(isKey ? 400 : 401, { 'content-type': 'application/json' });
      const type = isKey ? 'validation_error' : 'authentication_error';
      const code = isKey ? 'invalid' : 'authentication_failed';
      response.end(JSON.stringify({ type, code, detail: hostile, attr: null }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    try {
      await tree.titleAction('Add Connection…');
      await quickInput.choose('Self-hosted…');
      await quickInput.asks('https://posthog.example.com');
      await quickInput.fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      await quickInput.accept();
      await quickInput.asks('phx_…');
      await quickInput.fill('phx_example');
      await quickInput.accept();
      await isText(quickInput.widget.locator('.quick-input-message'));
      await quickInput.cancel();
    } finally {
      server.close();
    }
  });

  it('C1: … and in progress notifications', async () => {
    const { editor, page, sandbox, toasts, tree } = ui();
    const table = 'products';
    sandbox.control.patchTable(1201, tableId(ui(), 1201, table), { name: hostile });
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables');
    sandbox.control.addFault({
      route: { path: '/api/projects/*/query' },
      kind: 'latency',
      delayMs: 120_000,
      times: 1,
    });
    await tree.action(['Development', 'Warehouse tables', hostile], 'Preview Rows');
    await isText(page.locator('.notification-toast .notification-list-item-message'));
    await toasts.button('Cancel');
    await editor.noneOpen();
  });
});
