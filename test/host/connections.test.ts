import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { startSandbox, type Sandbox } from '../../src/sandbox/index';
import type { TestApi } from '../../src/extension';
import { DEVELOPMENT, HostBench, PRODUCTION, activated, closeEditors } from './support/bench';
import { ScriptedPrompts, canceled, confirm, pick, search, type } from './support/prompts';
import { valueOf } from './support/documents';

/** Redirects requests from some origins to others, and records every URL. */
function divertFetch(origins: Readonly<Record<string, string>>): { urls: string[]; restore(): void } {
  const { fetch } = globalThis;
  const urls: string[] = [];
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    urls.push(url.href);
    const origin = origins[url.origin] ?? url.origin;
    return fetch(origin + url.pathname + url.search, init);
  };
  return { urls, restore: () => (globalThis.fetch = fetch) };
}

describe('adding a connection', () => {
  let api: TestApi;
  let sandbox: Sandbox;
  let prompts: ScriptedPrompts;
  const script = (...steps: ConstructorParameters<typeof ScriptedPrompts>): void => {
    prompts = new ScriptedPrompts(...steps);
    api.setPrompts(prompts);
  };
  const add = (): Thenable<unknown> => vscode.commands.executeCommand('posthogEnvironments.addConnection');
  const list = () => api.services.connections.list();
  before(async () => {
    api = await activated();
  });
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    for (const { id } of list()) {
      await api.services.connections.remove(id);
    }
    await sandbox.close();
    prompts.finish();
    api.setPrompts(new ScriptedPrompts());
  });

  it('asks for the address and the key, validates the key and stores what it can do', async () => {
    script(pick('Self-hosted…'), type(sandbox.url), type(`  ${sandbox.keys.read} `), type(' Read only '));
    await add();
    const [connection] = list();
    assert.equal(connection?.origin, sandbox.url);
    assert.equal(connection.label, 'Read only');
    assert.equal(prompts.asked[2]?.value, new URL(sandbox.url).host);
    assert.ok(connection.access?.scopes?.includes('project:read'));
    assert.ok(prompts.asked[1]?.password);
    assert.ok(!JSON.stringify(list()).includes(sandbox.keys.read));
    assert.ok(!prompts.allText.includes(sandbox.keys.read));
  });

  it('says why a key was rejected, keeps the typed text, and asks again', async () => {
    script(
      pick('Self-hosted…'),
      type(sandbox.url),
      type('phx_wrong'),
      type(sandbox.keys.admin),
      type('Mine'),
    );
    await add();
    assert.match(prompts.asked[2]?.problem ?? '', /rejected the API key/);
    assert.equal(prompts.asked[2]?.value, 'phx_wrong');
    assert.equal(list().length, 1);
  });

  it('E: a wrong host is reported at the host step, with the typed text, before the key is asked for', async () => {
    const { url } = sandbox;
    await sandbox.close();
    script(pick('Self-hosted…'), type(url), canceled.type);
    await add();
    assert.match(prompts.asked[1]?.problem ?? '', /refused the connection/);
    assert.equal(prompts.asked[1]?.value, url);
    assert.deepEqual(list(), []);
    sandbox = await startSandbox();
  });

  for (const [what, status, body, type_] of [
    ['another API that requires a token', 401, '{"error":"token missing"}', 'application/json'],
    ['another API that forbids this', 403, '{"message":"Forbidden"}', 'application/json'],
    ['another API without this route', 404, '{"message":"no such route"}', 'application/json'],
    ['an empty server', 404, '', 'text/plain'],
    ['an API that accepts everything', 200, '{"ok":true}', 'application/json'],
  ] as const) {
    it(`E: ${what} is reported at the host step as not being PostHog`, async () => {
      const other = createServer((_request, response) => {
        response.writeHead(status, { 'content-type': type_ }).end(body);
      }).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      script(pick('Self-hosted…'), type(`127.0.0.1:${port}`), canceled.type);
      await add();
      assert.match(
        prompts.asked[1]?.problem ?? '',
        new RegExp(
          `^http://127\\.0\\.0\\.1:${port} doesn't seem to be PostHog\\..*HTTP ${status}.* Check the address\\.`,
        ),
      );
      assert.equal(prompts.asked[1]?.value, `127.0.0.1:${port}`);
      other.close();
    });
  }

  it('E: the host step never mentions a connection, because there is none yet', async () => {
    script(pick('Self-hosted…'), type('https://nowhere.invalid'), type('http://127.0.0.1:9'), canceled.type);
    await add();
    assert.deepEqual(
      prompts.asked.map(({ problem = '' }) => problem !== ''),
      [false, true, true],
    );
    for (const { prompt, problem = '' } of prompts.asked) {
      assert.doesNotMatch(prompt + problem, /(of the|this) connection/);
    }
  });

  it('E: canceling the question about encryption returns to the address, with the typed text', async () => {
    script(
      pick('Self-hosted…'),
      type('http://posthog.example.com'),
      canceled.confirm,
      type(sandbox.url),
      canceled.type,
    );
    await add();
    assert.equal(prompts.asked[1]?.value, 'http://posthog.example.com');
    assert.equal(prompts.asked[1].problem, undefined);
    assert.equal(prompts.asked[2]?.title, 'Add Connection (2 of 3)');
  });

  it('E: the name is requested as a display name, with a suggestion', async () => {
    script(pick('Self-hosted…'), type(sandbox.url), type(sandbox.keys.admin), canceled.type);
    await add();
    assert.equal(prompts.asked[2]?.prompt, 'Enter a display name for this connection.');
    assert.equal(prompts.asked[2].value, new URL(sandbox.url).host);
  });

  it('stores nothing if it is canceled at any step', async () => {
    const diverted = divertFetch({});
    try {
      for (const steps of [
        [canceled.pick],
        [pick('Self-hosted…'), canceled.type],
        [pick('Self-hosted…'), type(sandbox.url), canceled.type],
        [pick('US Cloud'), canceled.type],
        [pick('Self-hosted…'), type('http://posthog.example.com'), canceled.confirm, canceled.type],
      ]) {
        script(...steps);
        await add();
        prompts.finish();
        assert.deepEqual(list(), []);
        assert.deepEqual(prompts.told, []);
      }
      assert.ok(diverted.urls.every((url) => url.startsWith(sandbox.url)));
    } finally {
      diverted.restore();
    }
  });

  it('asks before sending a key unencrypted over the network, but not on this machine', async () => {
    script(pick('Self-hosted…'), type('http://posthog.example.com'), canceled.confirm, canceled.type);
    await add();
    assert.match(prompts.confirmed[0]?.message ?? '', /without encryption/);
    script(pick('Self-hosted…'), type(sandbox.url), type(sandbox.keys.admin), type('Mine'));
    await add();
    assert.deepEqual(prompts.confirmed, []);
  });

  it('accepts only an address that is an origin, and only a possible key', async () => {
    script(pick('Self-hosted…'), type(sandbox.url), canceled.type);
    await add();
    const [address, key] = prompts.asked;
    for (const text of [
      '',
      'https://posthog.example.com/path',
      'ftp://posthog.example.com',
      'phx_key',
      'https://a:b@posthog.example.com',
    ]) {
      assert.ok(await address?.validate?.(text), `accepts ${text}`);
    }
    for (const text of ['', 'phc_project', 'phs_secret', 'two words']) {
      assert.ok(await key?.validate?.(text), `accepts ${text}`);
    }
  });

  it("offers the other region for a key that this one doesn't know", async () => {
    const other = await startSandbox();
    const diverted = divertFetch({
      'https://us.posthog.com': sandbox.url,
      'https://eu.posthog.com': other.url,
    });
    try {
      script(pick('US Cloud'), type(other.keys.admin), confirm('Try Other Region'), type('PostHog EU Cloud'));
      await add();
      assert.equal(prompts.asked[1]?.value, 'PostHog EU Cloud');
      assert.equal(list()[0]?.origin, 'https://eu.posthog.com');
      assert.equal(list()[0]?.label, 'PostHog EU Cloud');
    } finally {
      diverted.restore();
      await other.close();
    }
  });

  it('sends the key to the other region only with consent', async () => {
    const diverted = divertFetch({ 'https://us.posthog.com': sandbox.url });
    try {
      script(pick('US Cloud'), type('phx_wrong'), canceled.confirm, canceled.type);
      await add();
      assert.deepEqual(
        new Set(diverted.urls.map((url) => new URL(url).origin)),
        new Set(['https://us.posthog.com']),
      );
      assert.match(prompts.asked[1]?.problem ?? '', /rejected the API key/);
    } finally {
      diverted.restore();
    }
  });

  it('E: keys and names that another connection already uses are detected', async () => {
    script(pick('Self-hosted…'), type(sandbox.url), type(sandbox.keys.admin), type('Shop'));
    await add();
    script(pick('Self-hosted…'), type(sandbox.url), type(sandbox.keys.admin), canceled.type);
    await add();
    assert.match(prompts.asked[2]?.problem ?? '', /^The connection "Shop" already uses this key/);
    script(pick('Self-hosted…'), type(sandbox.url), type(sandbox.keys.read), type('Shop, read only'));
    await add();
    assert.match((await prompts.asked[2]?.validate?.(' Shop ')) ?? '', /named "Shop" already exists/);
    assert.deepEqual(
      list().map(({ label }) => label),
      ['Shop', 'Shop, read only'],
    );
  });

  it('E: the texts are about adding, and say that fewer scopes are fine', async () => {
    script(pick('Self-hosted…'), type(sandbox.url), type('phx_wrong'), canceled.type);
    await add();
    const [, key, again] = prompts.asked;
    assert.match(key?.prompt ?? '', /With fewer scopes/);
    assert.doesNotMatch(again?.problem ?? '', /[Rr]eplace/);
    assert.deepEqual(
      prompts.asked.map(({ title }) => title),
      ['Add Connection (1 of 3)', 'Add Connection (2 of 3)', 'Add Connection (2 of 3)'],
    );
  });

  it('offers to try the sandbox, which stops with its connection', async () => {
    script();
    const diverted = divertFetch({});
    try {
      await vscode.commands.executeCommand('posthogEnvironments.trySandbox');
      assert.deepEqual(
        list().map(({ kind, origin }) => ({ kind, origin })),
        [{ kind: 'sandbox', origin: '' }],
      );
      const { provider, connections } = api.services;
      const rows = await provider.getChildren(await provider.connection('sandbox'));
      assert.equal(rows.length, 2);
      const origin = new URL(diverted.urls[0] ?? '').origin;
      assert.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/);
      await connections.remove('sandbox');
      await assert.rejects(fetch(origin));
    } finally {
      diverted.restore();
    }
  });
});

describe('an existing connection', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
  });
  afterEach(() => bench.stop());

  it('keeps its key if the new one is refused', async () => {
    bench.script(type('phx_wrong'), canceled.type);
    await bench.run('replaceKey');
    assert.match(bench.prompts.asked[1]?.problem ?? '', /rejected/);
    bench.clear();
    const client = await bench.services.connections.client(bench.connectionId);
    await client.getMe(new AbortController().signal);
    assert.equal(bench.requests()[0]?.keyName, 'admin');
  });

  it("E: uses a replaced key immediately, and reports what it can't do", async () => {
    const before = await bench.services.connections.client(bench.connectionId);
    bench.script(type(bench.sandbox.keys.read));
    await bench.run('replaceKey');
    bench.clear();
    await before.getMe(new AbortController().signal);
    assert.equal(bench.requests()[0]?.keyName, 'read', 'even for an existing client');
    assert.equal(bench.services.connections.may(bench.connectionId, 'project:write'), false);
    assert.match(
      bench.prompts.told[0]?.message ?? '',
      /^Replaced the API key of "Test admin"\. It doesn't allow saving settings \(project:write\)/,
    );
  });

  it("E: a replaced key that can't even browse environments is reported as such", async () => {
    bench.script(type(bench.sandbox.keys.none));
    await bench.run('replaceKey');
    assert.match(
      bench.prompts.told[0]?.message ?? '',
      /It doesn't allow browsing environments \(project:read\), saving settings \(project:write\), /,
    );
  });

  it('can be renamed and removed', async () => {
    bench.script(type('  Mine '));
    await bench.run('renameConnection');
    assert.equal(bench.connection.label, 'Mine');
    bench.script(canceled.confirm);
    await bench.run('removeConnection');
    assert.equal(bench.connection.label, 'Mine');
    bench.script(confirm('Remove'));
    await bench.run('removeConnection');
    assert.equal(bench.services.connections.get(bench.connectionId), undefined);
    bench.script();
    await bench.run('openSettings');
    assert.match(bench.prompts.told[0]?.message ?? '', /no PostHog connections yet/);
  });
});

describe('the palette', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
    await closeEditors();
  });
  afterEach(() => bench.stop());

  const active = (): vscode.TextDocument => {
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document, "there's no open editor");
    return document;
  };

  it('opens the settings of an environment', async () => {
    bench.script(pick('Production'));
    await bench.run('openSettings');
    assert.deepEqual(bench.prompts.offered[0], ['Development', 'Staging', 'Production', 'Playground']);
    assert.equal(valueOf(active()).timezone, 'America/New_York');
  });

  it('opens a group of settings at its first field', async () => {
    bench.script(pick('Production'), pick('Session replay'));
    await bench.run('openSettingsGroup');
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.getText(editor.selection) ?? '', /session_recording/);
  });

  it('opens a table', async () => {
    bench.script(pick('Development'), search('ord', 'orders'));
    await bench.run('openTable');
    assert.equal(valueOf(active()).name, 'orders');
  });

  it('shows the full response', async () => {
    bench.script(pick('Development'));
    await bench.run('showFullResponse');
    assert.equal(valueOf(active()).id, DEVELOPMENT);
  });

  it('asks for the connection if there are several', async () => {
    const second = await HostBench.start({ key: 'read' });
    try {
      second.script(pick('Test read'), pick('Production'));
      await second.run('openSettings');
      assert.ok(second.requests().some(({ path }) => path === `/api/projects/${PRODUCTION}/`));
      assert.deepEqual(bench.calls(), []);
      assert.equal(
        (await vscode.workspace.fs.stat(active().uri)).permissions,
        vscode.FilePermission.Readonly,
      );
    } finally {
      await second.stop();
      bench.script();
    }
  });

  it('opens nothing if the question is canceled', async () => {
    bench.script(canceled.pick);
    await bench.run('openSettings');
    assert.equal(vscode.window.activeTextEditor, undefined);
    assert.deepEqual(bench.prompts.told, []);
  });

  it("says why the environments couldn't be listed", async () => {
    bench.control.revokeKey('admin');
    bench.script();
    await bench.run('openSettings');
    assert.match(bench.prompts.told[0]?.message ?? '', /rejected the API key/);
  });
});
