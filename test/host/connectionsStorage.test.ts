import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { EnvironmentMarks } from '../../src/connections/environmentMarks';
import { Connections } from '../../src/connections/connections';
import { ConnectionStore } from '../../src/connections/connectionStore';
import type { Connection, KeyAccess } from '../../src/connections/connection';
import type { SandboxRunner } from '../../src/platform/sandboxRunner';
import { fetchTransport } from '../../src/posthog/http';
import { startSandbox, type Sandbox } from '../../src/sandbox/index';

/** What two windows share: global state and SecretStorage. */
class SharedStorage {
  readonly state = new Map<string, unknown>();
  readonly secrets = new Map<string, string>();
  readonly logged: string[] = [];
  readonly #secretChanged = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  /** Fires when the user switches to one of the windows. */
  readonly returned = new vscode.EventEmitter<void>();
  failWrites = false;
  keyringLimitMs = 60_000;

  readonly memento: vscode.Memento = {
    keys: () => [...this.state.keys()],
    get: (key: string, fallback?: unknown) => this.state.get(key) ?? fallback,
    update: async (key: string, value: unknown) => {
      if (this.failWrites) {
        throw new Error('The disk is full.');
      }
      this.state.set(key, JSON.parse(JSON.stringify(value)));
    },
  } as vscode.Memento;

  readonly secretStorage: vscode.SecretStorage = {
    keys: async () => [...this.secrets.keys()],
    get: async (key: string) => this.secrets.get(key),
    store: async (key: string, value: string) => {
      this.secrets.set(key, value);
      this.#secretChanged.fire({ key });
    },
    delete: async (key: string) => {
      this.secrets.delete(key);
      this.#secretChanged.fire({ key });
    },
    onDidChange: this.#secretChanged.event,
  } as vscode.SecretStorage;

  readonly log = new Proxy({} as vscode.LogOutputChannel, {
    get:
      () =>
      (...parts: unknown[]) =>
        this.logged.push(
          parts.map((part) => (part instanceof Error ? (part.stack ?? '') : String(part))).join(' '),
        ),
  });

  window(): { store: ConnectionStore; connections: Connections } {
    const store = new ConnectionStore(
      this.memento,
      this.secretStorage,
      this.log,
      this.returned.event,
      this.keyringLimitMs,
    );
    const connections = new Connections({
      store,
      sandbox: {} as SandboxRunner,
      transport: async () => fetchTransport,
      log: this.log,
      userAgent: 'test/1.0',
      timeoutMs: () => 5_000,
      marks: new EnvironmentMarks(this.memento, { list: () => [] }),
    });
    return { store, connections };
  }
}

const never = (): AbortSignal => new AbortController().signal;
const connection = (id: string, origin = 'https://posthog.example.com'): Connection => ({
  id,
  label: id,
  kind: 'server',
  origin,
});

describe('storage of connections and keys', () => {
  let shared: SharedStorage;
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());
  beforeEach(() => {
    shared = new SharedStorage();
  });

  it('C6: a keyring that never responds causes a failure with an explanation', async () => {
    shared.keyringLimitMs = 20;
    const { connections } = shared.window();
    await connections.add(connection('one', sandbox.url), sandbox.keys.admin);
    shared.secretStorage.get = () => new Promise(() => undefined);
    const client = await connections.client('one');
    await assert.rejects(client.getMe(never()), /Couldn't read the API key of "one".*not responding/s);
  });

  it('the key is in SecretStorage, and nowhere else', async () => {
    const { connections } = shared.window();
    const { admin } = sandbox.keys;
    await connections.add(connection('one', sandbox.url), admin);
    const client = await connections.client('one');
    await client.getMe(never());
    await connections.refreshAccess('one', never());
    await client.detect({ projectId: 1203, environmentId: 1203 }, never());
    const failures: unknown[] = [];
    for (const kind of ['status-500', 'drop-before', 'html-502'] as const) {
      sandbox.control.addFault({ route: { path: '/api/' }, times: 1, kind });
      await client.getMe(never()).catch((error: unknown) => failures.push(error));
    }
    const gone = await connections.candidate('http://127.0.0.1:1', admin);
    await gone.getMe(never()).catch((error: unknown) => failures.push(error));
    assert.equal(failures.length, 4);
    assert.deepEqual([...shared.secrets.values()], [admin]);
    assert.ok(shared.logged.length > 5, 'requests are logged');
    const everything = JSON.stringify([
      [...shared.state],
      shared.logged,
      failures.map((error) => (error instanceof Error ? [error.message, error.stack, error] : String(error))),
    ]);
    assert.ok(!everything.includes(admin));
    assert.ok(!everything.includes(encodeURIComponent(admin)));
  });

  it('a removed connection leaves no key behind', async () => {
    const { connections } = shared.window();
    await connections.add(connection('one'), 'phx_one');
    await connections.remove('one');
    assert.deepEqual([...shared.secrets], []);
    assert.deepEqual(shared.state.get('connections'), []);
    await assert.rejects(connections.client('one'), /This connection no longer exists/);
  });

  it("a key for a connection that was removed meanwhile isn't stored", async () => {
    const access: KeyAccess = { scopes: ['*'], scopedTeams: [], scopedOrganizations: [] };
    const first = shared.window();
    const second = shared.window();
    await first.connections.add(connection('one'), 'phx_one');
    second.store.reload();
    await first.connections.remove('one');
    await first.connections.add(connection('two'), 'phx_one');
    const { store } = shared.secretStorage;
    const kept: string[] = [];
    shared.secretStorage.store = async (key, value) => {
      await store(key, value);
      kept.push(key);
      shared.state.set('connections', []);
    };
    for (const { connections } of [first, second]) {
      await assert.rejects(
        connections.replaceKey('one', 'phx_two', access),
        /This connection no longer exists/,
      );
    }
    assert.deepEqual(kept, []);
    await assert.rejects(
      first.connections.replaceKey('two', 'phx_two', access),
      /This connection no longer exists/,
    );
    assert.deepEqual([...shared.secrets], []);
  });

  it("a connection removed in another window isn't restored by what is learned about its server", async () => {
    const first = shared.window();
    const second = shared.window();
    await first.connections.add(connection('one', sandbox.url), sandbox.keys.admin);
    second.store.reload();
    const client = await second.connections.client('one');
    await first.connections.remove('one');
    shared.secrets.set('posthogEnvironments.key.one', sandbox.keys.admin);
    await client.detect({ projectId: 1203, environmentId: 1203 }, never());
    assert.deepEqual(shared.state.get('connections'), []);
  });

  it('a connection added, renamed or removed in another window is updated when this one gets focus', async () => {
    const first = shared.window().connections;
    const second = shared.window().connections;
    const shown: string[] = [];
    const subscription = second.onDidChange(() =>
      shown.push(
        second
          .list()
          .map(({ label }) => label)
          .join(),
      ),
    );
    await first.add(connection('one'), 'phx_one');
    shared.returned.fire();
    shared.returned.fire();
    await first.rename('one', 'renamed');
    shared.returned.fire();
    await first.remove('one');
    shared.returned.fire();
    subscription.dispose();
    assert.deepEqual(shown, ['one', 'renamed', '']);
  });

  it('what a server refused to keys can be retried after access is refreshed', async () => {
    const { connections } = shared.window();
    const profile: Connection['profile'] = { generation: 'current', settingsRoute: 'projects' };
    const refused = {
      ...connection('one', sandbox.url),
      profile: { ...profile, schemaActions: { update_schema: false } },
    };
    await connections.add(refused, sandbox.keys.admin);
    await connections.refreshAccess('one', never());
    assert.deepEqual(connections.get('one')?.profile, profile);
    assert.deepEqual((await connections.client('one')).profile, profile);
  });

  for (const order of ['after', 'during', 'before'] as const) {
    it(`a key entered ${order} the removal of its connection isn't stored`, async () => {
      const { connections } = shared.window();
      await connections.add(connection('one'), 'phx_one');
      const access = { scopes: null, scopedTeams: [], scopedOrganizations: [] };
      const replace = (): Promise<void> => connections.replaceKey('one', 'phx_two', access);
      if (order === 'after') {
        await connections.remove('one');
        await assert.rejects(replace(), /This connection no longer exists/);
      } else {
        const remove = (): Promise<void> => connections.remove('one');
        const steps = order === 'during' ? [remove, replace] : [replace, remove];
        await Promise.allSettled(steps.map((step) => step()));
      }
      assert.deepEqual([...shared.secrets], []);
      assert.deepEqual(connections.list(), []);
    });
  }

  it("a connection that couldn't be stored leaves no key behind", async () => {
    const { connections } = shared.window();
    shared.failWrites = true;
    await assert.rejects(connections.add(connection('one'), 'phx_one'));
    assert.deepEqual([...shared.secrets], []);
    assert.deepEqual(connections.list(), []);
  });

  it("a connection added in another window isn't lost when this one writes", async () => {
    const first = shared.window().connections;
    const second = shared.window().connections;
    await first.add(connection('one'), 'phx_one');
    await second.add(connection('two'), 'phx_two');
    assert.deepEqual(
      shared
        .window()
        .connections.list()
        .map(({ id }) => id),
      ['one', 'two'],
    );
    await first.rename('one', 'renamed');
    await second.remove('two');
    assert.deepEqual(
      shared
        .window()
        .connections.list()
        .map(({ label }) => label),
      ['renamed'],
    );
  });

  it("unreadable entries are skipped, with a log line that doesn't repeat them", () => {
    shared.state.set('connections', [
      connection('good'),
      { id: 'bad', key: 'phx_should_not_be_here' },
      'phx_garbage',
      null,
      { ...connection('odd'), kind: 'teapot' },
    ]);
    assert.deepEqual(
      shared
        .window()
        .connections.list()
        .map(({ id }) => id),
      ['good'],
    );
    assert.equal(shared.logged.length, 4);
    assert.ok(!shared.logged.join('\n').includes('phx_'), shared.logged.join('\n'));
    shared.state.set('connections', 'nonsense');
    assert.deepEqual(shared.window().connections.list(), []);
  });

  it('an unreadable keyring is reported, and so is a missing key', async () => {
    const { connections } = shared.window();
    await connections.add(connection('one', sandbox.url), 'phx_one');
    shared.secrets.clear();
    const client = await connections.client('one');
    await assert.rejects(client.getMe(never()), /no API key for "one" on this computer/);
    Object.assign(shared.secretStorage, {
      get: async () => {
        throw new Error('locked: phx_one');
      },
    });
    await assert.rejects(
      client.getMe(never()),
      /Couldn't read the API key of .* from VS Code's secret storage/,
    );
    assert.ok(!shared.logged.join('\n').includes('phx_one'));
  });

  it('a key is read once, and again after the window loses focus', async () => {
    const { connections } = shared.window();
    await connections.add(connection('one', sandbox.url), sandbox.keys.admin);
    const { get } = shared.secretStorage;
    let reads = 0;
    shared.secretStorage.get = async (key) => {
      reads += 1;
      return get(key);
    };
    const client = await connections.client('one');
    await client.getMe(never());
    await client.getMe(never());
    assert.equal(reads, 1);
    shared.returned.fire();
    await client.getMe(never());
    assert.equal(reads, 2);
  });

  it("a key that is replaced while it is being read isn't cached", async () => {
    const { store, connections } = shared.window();
    await connections.add(connection('one', sandbox.url), sandbox.keys.admin);
    const { get } = shared.secretStorage;
    shared.secretStorage.get = async (key) => {
      const before = await get(key);
      shared.secretStorage.get = get;
      await shared.window().store.setKey('one', sandbox.keys.read);
      return before;
    };
    assert.equal(await store.key('one'), sandbox.keys.admin);
    assert.equal(await store.key('one'), sandbox.keys.read);
  });

  it('a key replaced in another window is used immediately', async () => {
    const first = shared.window().connections;
    await first.add(connection('one', sandbox.url), sandbox.keys.admin);
    const client = await first.client('one');
    await shared.window().store.setKey('one', sandbox.keys.read);
    sandbox.control.clearRequests();
    await client.getMe(never());
    await (await first.client('one')).getMe(never());
    assert.deepEqual(
      sandbox.control.requests().map(({ keyName }) => keyName),
      ['read', 'read'],
    );
  });
});
