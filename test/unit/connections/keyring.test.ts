import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Connection } from '../../../src/connections/connection';
import { EnvironmentMarks } from '../../../src/connections/environmentMarks';
import { Connections } from '../../../src/connections/connections';
import { ConnectionStore } from '../../../src/connections/connectionStore';
import { Emitter } from '../../../src/connections/emitter';
import type { Secrets } from '../../../src/connections/ports';
import { causesText, isPostHogError } from '../../../src/posthog/errors';
import { fetchTransport } from '../../../src/posthog/http';

const one: Connection = { id: 'one', label: 'One', kind: 'server', origin: 'https://posthog.example.com' };
const access = { scopes: ['*'], scopedTeams: [], scopedOrganizations: [] };
const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Connections with a keyring whose methods can be replaced. */
function bench(): { connections: Connections; kept: Map<string, string>; keyring: Secrets } {
  const kept = new Map<string, string>();
  const state = new Map<string, unknown>();
  const keyring: Secrets = {
    get: async (name) => kept.get(name),
    store: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
    onDidChange: new Emitter<{ readonly key: string }>().event,
  };
  const store = new ConnectionStore(
    { get: (key) => state.get(key), update: async (key, value) => void state.set(key, value) },
    keyring,
    log,
    new Emitter<unknown>().event,
    20,
  );
  const connections = new Connections({
    store,
    sandbox: { start: () => assert.fail('not started'), stop: async () => undefined },
    transport: async () => fetchTransport,
    log,
    userAgent: 'test/1.0',
    timeoutMs: () => 10_000,
    marks: new EnvironmentMarks({ get: () => undefined, update: async () => undefined }, { list: () => [] }),
  });
  return { connections, kept, keyring };
}

const says =
  (what: string) =>
  (error: unknown): boolean =>
    isPostHogError(error) && error.message.startsWith(what) && error.message.includes('not responding');
const notStored = says("Couldn't store the API key in VS Code's secret storage.");
const never = (): Promise<never> => new Promise(() => undefined);

describe("a keyring that doesn't respond", () => {
  it('C6: adding a connection fails with an explanation, and adds nothing', async () => {
    const { connections, keyring } = bench();
    keyring.store = never;
    await assert.rejects(connections.add(one, 'phx_one'), notStored);
    assert.deepEqual(connections.list(), []);
  });

  it('C6: a key that is stored too late, after adding the connection failed, is deleted', async () => {
    const { connections, kept, keyring } = bench();
    const { store } = keyring;
    const unlocked = new Emitter<void>();
    keyring.store = async (name, value) => {
      await new Promise<void>((resolve) => unlocked.event(resolve));
      await store(name, value);
    };
    const deleted = new Promise<void>((resolve) => {
      const { delete: remove } = keyring;
      keyring.delete = async (name) => {
        await remove(name);
        resolve();
      };
    });
    await assert.rejects(connections.add(one, 'phx_one'), notStored);
    unlocked.fire();
    await deleted;
    assert.deepEqual([...kept], []);
  });

  it('C6: replacing a key fails with an explanation, and keeps the connection', async () => {
    const { connections, kept, keyring } = bench();
    await connections.add(one, 'phx_one');
    keyring.store = never;
    await assert.rejects(connections.replaceKey('one', 'phx_two', access), notStored);
    assert.deepEqual(connections.list(), [one]);
    assert.deepEqual([...kept.values()], ['phx_one']);
  });

  it('C6: removing a connection fails with an explanation, and keeps the connection', async () => {
    const { connections, keyring } = bench();
    await connections.add(one, 'phx_one');
    keyring.delete = never;
    await assert.rejects(
      connections.remove('one'),
      says("Couldn't delete the API key in VS Code's secret storage."),
    );
    assert.deepEqual(connections.list(), [one]);
  });

  it('C6: an error of the keyring is shown, without the key', async () => {
    const { connections, keyring } = bench();
    keyring.store = async (_name, value) => Promise.reject(new Error(`No keyring for ${value}`));
    await assert.rejects(connections.add(one, 'phx_one'), (error: unknown) => {
      assert.ok(notStored(error) && isPostHogError(error));
      assert.match(causesText(error) ?? '', /No keyring/);
      assert.ok(!inspect(error).includes('phx_one'));
      return true;
    });
  });
});
