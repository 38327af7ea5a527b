import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox';
import { useWorkbench } from './support/useWorkbench';

describe('Connecting', () => {
  const ui = useWorkbench({ connected: false });
  /** The connection's name: it stays from test to test. */
  let label = '';
  let other: Sandbox | undefined;

  after(() => other?.close());

  it('offers the sandbox in the empty view, and can remove it', async () => {
    const { tree, modal } = ui();
    await tree.welcomeButton('Add Connection').waitFor();
    await tree.welcomeButton('Try with the Sandbox').click();
    assert.equal((await tree.row('Sandbox')).description, 'local example data');
    await tree.row('Sandbox', 'Hedgehog Outfitters', 'Production');

    await tree.menu(['Sandbox'], 'Remove Connection…');
    await modal.says(/Remove the connection "Sandbox"\?[^]*all changes in it are lost/);
    await modal.press('Remove');
    await tree.welcomeButton('Try with the Sandbox').waitFor();
  });

  it("rejects an address that isn't an origin, and asks before sending a key unencrypted", async () => {
    const { tree, quickInput, modal } = ui();
    await tree.welcomeButton('Add Connection').click();
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill('https://posthog.example.com/project/1/settings');
    await quickInput.accept();
    await quickInput.message(/continues after the host\. Enter only the first part/);
    await quickInput.fill('ftp://posthog.example.com');
    await quickInput.message(/must start with https/);
    await quickInput.fill('http://posthog.example.com');
    await quickInput.accept();
    await modal.says(/Send the API key to http:\/\/posthog\.example\.com without encryption\?/);
    await modal.press('Cancel');
    await quickInput.titled('Add Connection (1 of 3)');
    assert.equal(await quickInput.input.inputValue(), 'http://posthog.example.com');
    await quickInput.cancel();
    await tree.welcomeButton('Add Connection').waitFor();
  });

  it('E: canceling the check of a host or key returns to the typed text', async () => {
    const { tree, quickInput, sandbox, toasts } = ui();
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const typed = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
    await tree.welcomeButton('Add Connection').click();
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill(typed);
    await quickInput.accept();
    await toasts.says(/Looking for PostHog at/);
    await toasts.button('Cancel');
    await quickInput.titled('Add Connection (1 of 3)');
    assert.equal(await quickInput.input.inputValue(), typed);
    mute.closeAllConnections();
    mute.close();

    await quickInput.fill(sandbox.url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
    const route = { method: 'GET', path: '/api/personal_api_keys/' };
    sandbox.control.addFault({ route, kind: 'latency', delayMs: 60_000 });
    // Otherwise, its button could be pressed instead of the next one's.
    await toasts.gone();
    await quickInput.fill('phx_slow');
    await quickInput.accept();
    await toasts.says(/Checking the key with/);
    await toasts.button('Cancel');
    await quickInput.titled('Add Connection (2 of 3)');
    assert.equal(await quickInput.input.inputValue(), 'phx_slow');
    sandbox.control.clearFaults();
    await quickInput.cancel();
    await tree.welcomeButton('Add Connection').waitFor();
  });

  it("E: the suggested name follows the chosen server until it's edited", async () => {
    const { tree, quickInput, sandbox } = ui();
    const second = await startSandbox();
    const enter = async (server: Sandbox): Promise<void> => {
      await quickInput.asks('https://posthog.example.com');
      await quickInput.fill(server.url);
      await quickInput.accept();
      await quickInput.asks('phx_…');
      await quickInput.fill(server.keys.admin);
      await quickInput.accept();
      await quickInput.titled('Add Connection (3 of 3)');
    };
    const backToHost = async (): Promise<void> => {
      await quickInput.back();
      await quickInput.titled('Add Connection (2 of 3)');
      await quickInput.back();
      await quickInput.titled('Add Connection (1 of 3)');
    };
    await tree.welcomeButton('Add Connection').click();
    await quickInput.choose('Self-hosted…');
    await enter(sandbox);
    assert.equal(await quickInput.input.inputValue(), new URL(sandbox.url).host);
    await backToHost();
    await enter(second);
    assert.equal(await quickInput.input.inputValue(), new URL(second.url).host);
    await quickInput.fill('Shop');
    await backToHost();
    await enter(sandbox);
    assert.equal(await quickInput.input.inputValue(), 'Shop');
    await quickInput.cancel();
    await second.close();
    await tree.welcomeButton('Add Connection').waitFor();
  });

  it('E: a wrong host is reported at the host step; Back keeps the title, step, and typed text', async () => {
    const { tree, quickInput, sandbox } = ui();
    await tree.welcomeButton('Add Connection').click();
    await quickInput.titled('Add Connection (1 of 3)');
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill('http://127.0.0.1:9');
    await quickInput.accept();
    await quickInput.message(/127\.0\.0\.1:9/);
    await quickInput.titled('Add Connection (1 of 3)');
    assert.equal(await quickInput.input.inputValue(), 'http://127.0.0.1:9');
    await quickInput.fill(sandbox.url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
    await quickInput.titled('Add Connection (2 of 3)');
    await quickInput.fill('phx_half');
    await quickInput.back();
    await quickInput.asks('https://posthog.example.com');
    assert.equal(await quickInput.input.inputValue(), sandbox.url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
    assert.equal(await quickInput.input.inputValue(), 'phx_half');
    await quickInput.back();
    await quickInput.asks('https://posthog.example.com');
    await quickInput.back();
    await quickInput.titled('Add Connection (1 of 3)');
    await quickInput.row('Self-hosted…').waitFor();
    await quickInput.cancel();
    await tree.welcomeButton('Add Connection').waitFor();
  });

  it('checks a key before storing it: an invalid one is rejected and stays in the box', async () => {
    const { tree, quickInput, sandbox } = ui();
    await tree.welcomeButton('Add Connection').click();
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill(sandbox.url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
    assert.equal(await quickInput.input.getAttribute('type'), 'password');

    sandbox.control.clearRequests();
    await quickInput.fill('phc_project_token');
    await quickInput.accept();
    await quickInput.message(/This is a project token/);
    assert.deepEqual(sandbox.control.requests(), []);

    await quickInput.fill('phx_wrong');
    await quickInput.accept();
    await quickInput.message(/PostHog rejected the API key/);
    assert.equal(await quickInput.input.inputValue(), 'phx_wrong');
    assert.deepEqual(await tree.rows(), []);

    await quickInput.fill(sandbox.keys.admin);
    await quickInput.accept();
    await quickInput.titled('Add Connection (3 of 3)');
    label = new URL(sandbox.url).host;
    assert.equal(await quickInput.input.inputValue(), label);
    await quickInput.accept();
    await tree.row(label, 'Hedgehog Outfitters');
    await tree.expand(label, 'Hedgehog Outfitters', 'Staging');
  });

  it('never writes the key to a file, or in plain text to browser storage', async () => {
    const dataDir = dirname(ui().folder);
    const files = (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(files.some(({ name }) => name.endsWith('.log')));
    for (const { parentPath, name } of files) {
      const text = await readFile(join(parentPath, name), 'utf8');
      assert.ok(!text.includes(ui().sandbox.keys.admin), `${name} holds the key`);
    }
    const stored = await ui().page.evaluate(() => JSON.stringify(localStorage));
    assert.match(stored, /secrets\.provider/);
    assert.ok(!stored.includes(ui().sandbox.keys.admin));
  });

  it('renames a connection, and keeps everything expanded', async () => {
    const { tree, quickInput } = ui();
    await tree.menu([label], 'Rename Connection…');
    await quickInput.titled('Rename Connection');
    assert.equal(await quickInput.input.inputValue(), label);
    await quickInput.fill('  ');
    await quickInput.accept();
    await quickInput.message(/Enter a name/);
    await quickInput.fill('Shop');
    await quickInput.accept();
    await tree.row('Shop', 'Hedgehog Outfitters', 'Staging');
    label = 'Shop';
  });

  it('replaces the key after checking it', async () => {
    const { tree, quickInput, sandbox } = ui();
    await tree.menu([label], 'Replace API Key…');
    await quickInput.asks('phx_…');
    await quickInput.fill('phx_wrong');
    await quickInput.accept();
    await quickInput.message(/PostHog rejected the API key/);
    await quickInput.fill(sandbox.keys.read);
    await quickInput.accept();
    await quickInput.closed();
    await ui().toasts.says(/^Replaced the API key of "Shop"\. It doesn't allow saving settings/);
    await ui().toasts.clear();
    await tree.expand(label, 'Hedgehog Outfitters', 'Staging');
    sandbox.control.clearRequests();
    await tree.click('Staging', 'Settings');
    await ui().editor.shows('Staging.posthog-settings.json');
    assert.deepEqual([...new Set(sandbox.control.requests().map(({ keyName }) => keyName))], ['read']);
    await ui().editor.lens(/doesn.t have the scope project:write/);
  });

  it('keeps connection and key across reloads', async () => {
    const { tree, sandbox } = ui();
    await ui().reload();
    sandbox.control.clearRequests();
    await tree.expand(label, 'Example Labs', 'Playground', 'Warehouse tables', 'measurements');
    assert.deepEqual([...new Set(sandbox.control.requests().map(({ keyName }) => keyName))], ['read']);
  });

  it('connects to two servers side by side', async () => {
    const { tree, quickInput } = ui();
    other = await startSandbox();
    await tree.titleAction('Add Connection…');
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill(other.url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
    await quickInput.fill(other.keys.admin);
    await quickInput.accept();
    await quickInput.titled('Add Connection (3 of 3)');
    await quickInput.accept();
    await tree.row(new URL(other.url).host, 'Example Labs');
    await tree.row(label, 'Hedgehog Outfitters');
  });

  it('removes connections, and says what that means for the key', async () => {
    const { tree, modal } = ui();
    for (const name of [label, new URL(other?.url ?? '').host]) {
      await tree.menu([name], 'Remove Connection…');
      await modal.says(/Its API key and its history are deleted from this computer/);
      await modal.press('Remove');
      await tree.gone(name);
    }
    await tree.welcomeButton('Add Connection').waitFor();
  });
});
