import assert from 'node:assert/strict';
import type { KeyAccess } from '../../../src/connections/connection';
import { Connections } from '../../../src/connections/connections';
import { ConnectionStore } from '../../../src/connections/connectionStore';
import { Emitter } from '../../../src/connections/emitter';
import { EnvironmentMarks } from '../../../src/connections/environmentMarks';
import type { Memento } from '../../../src/connections/ports';
import { Directory } from '../../../src/directory/directory';
import type { ConnectionEntry, Entry, Listed, Place } from '../../../src/directory/entries';
import { RemoteChanges } from '../../../src/directory/remoteChanges';
import { fetchTransport } from '../../../src/posthog/http';
import { startSandbox } from '../../../src/sandbox/index';
import type { KeyName, Sandbox, SandboxControl, SandboxOptions } from '../../../src/sandbox/index';

export const CONNECTION = 'one';

/** A directory outside VS Code, with one connection to its own sandbox, over loopback. */
export class DirectoryBench {
  readonly changed: (string | undefined)[] = [];

  private constructor(
    readonly sandbox: Sandbox,
    readonly connections: Connections,
    readonly marks: EnvironmentMarks,
    readonly changes: RemoteChanges,
    readonly directory: Directory,
    readonly memento: Memento,
    /** Fires when the window gains or loses focus. */
    readonly returned: Emitter<void>,
  ) {
    directory.onDidChange(({ entry }) => this.changed.push(entry?.id));
  }

  static async start(
    options: SandboxOptions & { key?: KeyName; pageSize?: number } = {},
  ): Promise<DirectoryBench> {
    const { key = 'admin', pageSize = 100, ...sandboxOptions } = options;
    const sandbox = await startSandbox(sandboxOptions);
    const memento = kept();
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const secrets = new Map<string, string>();
    const store = new ConnectionStore(
      memento,
      {
        get: async (name) => secrets.get(name),
        store: async (name, value) => void secrets.set(name, value),
        delete: async (name) => void secrets.delete(name),
        onDidChange: new Emitter<{ readonly key: string }>().event,
      },
      log,
      new Emitter<unknown>().event,
    );
    const marks = new EnvironmentMarks(memento, store);
    const connections = new Connections({
      store,
      sandbox: { start: () => assert.fail('not started'), stop: async () => undefined },
      transport: async () => fetchTransport,
      log,
      userAgent: 'test/1.0',
      timeoutMs: () => 10_000,
      marks,
    });
    const changes = new RemoteChanges();
    const returned = new Emitter<void>();
    const directory = new Directory({
      connections,
      marks,
      changes,
      log,
      memento,
      pageSize: () => pageSize,
      onReturn: returned.event,
    });
    const bench = new DirectoryBench(sandbox, connections, marks, changes, directory, memento, returned);
    await connections.add(
      { id: CONNECTION, label: 'One', kind: 'server', origin: sandbox.url },
      sandbox.keys[key],
    );
    await connections.refreshAccess(CONNECTION, never());
    bench.clear();
    return bench;
  }

  get control(): SandboxControl {
    return this.sandbox.control;
  }

  get root(): ConnectionEntry {
    const entry = this.directory.connection(CONNECTION);
    assert.ok(entry);
    return entry;
  }

  /** Replaces the limits of a key. */
  async limitTo(key: KeyName, access: Partial<KeyAccess>): Promise<void> {
    const given = { scopes: ['*'], scopedTeams: [], scopedOrganizations: [], ...access };
    await this.connections.replaceKey(CONNECTION, this.sandbox.keys[key], given);
  }

  /** The contents of a place, loaded once. */
  async below(place: Place): Promise<readonly Listed[]> {
    const list = this.directory.list(place);
    await list.load();
    return list.items;
  }

  /** The entry at a path of names below the connection. */
  async at(...names: string[]): Promise<Listed> {
    let place: Place = this.root;
    let found: Listed | undefined;
    for (const name of names) {
      found = (await this.below(place)).find((entry) => nameOf(entry) === name);
      assert.ok(found, `there's no ${name}`);
      if (found.kind === 'organization' || found.kind === 'project') {
        place = found;
      }
    }
    assert.ok(found);
    return found;
  }

  /** The requests since the last call, as `METHOD path`. */
  taken(): string[] {
    const calls = this.control.requests().map(({ method, path }) => `${method} ${path}`);
    this.clear();
    return calls;
  }

  /** Waits until the server has received a request, given as `METHOD path`. */
  async requested(call: string): Promise<void> {
    const sent = (): boolean =>
      this.control.requests().some(({ method, path }) => `${method} ${path}` === call);
    for (const endMs = Date.now() + 5_000; !sent(); await new Promise((resolve) => setTimeout(resolve, 5))) {
      assert.ok(Date.now() < endMs, `${call} wasn't sent`);
    }
  }

  clear(): void {
    this.control.clearRequests();
    this.changed.length = 0;
  }

  async stop(): Promise<void> {
    this.directory.dispose();
    this.connections.dispose();
    await this.sandbox.close();
  }
}

/** An entry's name, as users know it. */
export function nameOf(entry: Entry): string {
  switch (entry.kind) {
    case 'connection':
      return entry.connection.label;
    case 'organization':
      return entry.organization.name;
    case 'project':
      return entry.name;
    case 'environment':
      return entry.basic.name;
    case 'table':
      return entry.table.name;
    case 'column':
      return entry.column.name;
    default:
      return entry.kind;
  }
}

export const never = (): AbortSignal => new AbortController().signal;

function kept(): Memento {
  const values = new Map<string, string>();
  return {
    get: (key) => {
      const text = values.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    update: async (key, value) => void values.set(key, JSON.stringify(value)),
  };
}

function quiet(): void {
  // A test's log isn't read.
}
