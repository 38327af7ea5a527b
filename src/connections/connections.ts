import type { PostHogClient } from '../posthog/client';
import { PostHogError } from '../posthog/errors';
import type { Transport } from '../posthog/http';
import type { KeyInfo, SchemaAction } from '../posthog/models';
import { redact } from '../posthog/redact';
import type { RequestLogEntry } from '../posthog/request';
import { allowsScope, type Connection, type KeyAccess } from './connection';
import type { ConnectionStore } from './connectionStore';
import type { EnvironmentMarks, ReadOnlyReason } from './environmentMarks';
import type { Disposable, Event, Log } from './ports';

/** What connections need to reach their servers. */
export interface ConnectionServices {
  store: ConnectionStore;
  /** The local PostHog that ships with the extension. If it is already running, starting returns the same one. */
  sandbox: { start(): Promise<{ url: string; key: string }>; stop(): Promise<void> };
  /** Called when a client is created; after network settings change, call {@link Connections.forgetClients}. */
  transport(): Promise<Transport>;
  log: Log;
  userAgent: string;
  timeoutMs(): number;
  marks: Pick<EnvironmentMarks, 'known' | 'whyReadOnly'>;
}

/** Clients for the stored connections, and what their keys can do. */
export class Connections implements Disposable {
  private readonly clients = new Map<string, Promise<PostHogClient>>();
  private readonly subscription: Disposable;
  readonly onDidChange: Event<void>;

  constructor(private readonly services: ConnectionServices) {
    this.onDidChange = services.store.onDidChange;
    this.subscription = services.store.onDidChangeKey((id) => this.clients.delete(id));
  }

  list(): readonly Connection[] {
    return this.services.store.list();
  }

  get(id: string): Connection | undefined {
    return this.services.store.get(id);
  }

  /**
   * The client of a connection. The first call for the sandbox starts it.
   *
   * @throws PostHogError `not-found` if the connection was removed
   */
  async client(id: string): Promise<PostHogClient> {
    const connection = this.get(id);
    if (!connection) {
      throw removed();
    }
    const known = this.clients.get(id);
    if (known) {
      return known;
    }
    const made = this.make(connection);
    this.clients.set(id, made);
    try {
      return await made;
    } catch (error) {
      this.clients.delete(id);
      throw error;
    }
  }

  /** A client for an address and key that aren't stored (yet), to check them. */
  async candidate(origin: string, key: string): Promise<PostHogClient> {
    return this.build(origin, async () => key, undefined);
  }

  /** Whether the key has a scope; `undefined` if that is unknown. */
  may(id: string, scope: string): boolean | undefined {
    return allowsScope(this.get(id)?.access, scope);
  }

  /** Whether the server lets API keys do something to a table's columns; `undefined` until it was tried. */
  takesKeysFor(id: string, action: SchemaAction): boolean | undefined {
    return this.get(id)?.profile?.schemaActions?.[action];
  }

  /** Why nothing can be written to an environment; `undefined` if it isn't known to be read-only. */
  whyReadOnly(id: string, environmentId: number): ReadOnlyReason | undefined {
    const connection = this.get(id);
    return connection && this.services.marks.whyReadOnly(connection, environmentId);
  }

  /** Adds a connection with a key that was already checked. */
  async add(connection: Connection, key: string): Promise<void> {
    const { store } = this.services;
    const isNew = !store.get(connection.id);
    await store.setKey(connection.id, key);
    try {
      await store.put(connection);
    } catch (error) {
      if (isNew) {
        await store.deleteKey(connection.id);
      }
      throw error;
    }
  }

  /** Adds and starts the sandbox, once. */
  async addSandbox(): Promise<Connection> {
    const connection: Connection = { id: 'sandbox', label: 'Sandbox', kind: 'sandbox', origin: '' };
    await this.services.sandbox.start();
    await this.services.store.put(this.get(connection.id) ?? connection);
    return connection;
  }

  /** The existing connection to a server with this key, if any. Keys that can't be read are skipped. */
  async withKey(origin: string, key: string): Promise<Connection | undefined> {
    const { store } = this.services;
    for (const connection of this.list().filter((one) => one.origin === origin)) {
      if ((await store.key(connection.id).catch(() => undefined)) === key) {
        return connection;
      }
    }
    return undefined;
  }

  async rename(id: string, label: string): Promise<void> {
    await this.services.store.update(id, { label });
  }

  /**
   * Stores another key. Keeps what is known about the server, and forgets what the old key could do.
   *
   * @throws PostHogError `not-found` if the connection was removed; no key is left behind then
   */
  async replaceKey(id: string, key: string, access: KeyAccess): Promise<void> {
    const { store } = this.services;
    store.reload();
    if (!store.get(id)) {
      throw removed();
    }
    await store.setKey(id, key);
    this.clients.delete(id);
    if (!(await store.update(id, { access }))) {
      await store.deleteKey(id);
      throw removed();
    }
  }

  async remove(id: string): Promise<void> {
    const connection = this.get(id);
    this.clients.delete(id);
    await this.services.store.remove(id);
    if (connection?.kind === 'sandbox') {
      await this.services.sandbox.stop();
    }
  }

  /** Asks the server again what the key can do, and remembers it. */
  async refreshAccess(id: string, signal: AbortSignal): Promise<KeyAccess> {
    const client = await this.client(id);
    const access = accessOf(await client.getKeyInfo(signal));
    client.forgetRefusals();
    if (JSON.stringify(access) !== JSON.stringify(this.get(id)?.access)) {
      await this.services.store.update(id, { access });
    }
    return access;
  }

  forgetClients(): void {
    this.clients.clear();
  }

  dispose(): void {
    this.subscription.dispose();
    this.clients.clear();
  }

  private async make(connection: Connection): Promise<PostHogClient> {
    if (connection.kind === 'sandbox') {
      const { url, key } = await this.services.sandbox.start();
      return this.build(url, async () => key, connection);
    }
    return this.build(connection.origin, () => this.storedKey(connection), connection);
  }

  private async build(
    origin: string,
    key: () => Promise<string>,
    connection: Connection | undefined,
  ): Promise<PostHogClient> {
    const { log, store, userAgent, timeoutMs, transport, marks } = this.services;
    // The client is loaded with the first request, not with the extension.
    const client = await import('../posthog/client');
    return new client.PostHogClient({
      origin,
      key,
      transport: await transport(),
      userAgent,
      timeoutMs: timeoutMs(),
      ...(connection && {
        connectionId: connection.id,
        whyReadOnly: async (id: number) => {
          await marks.known();
          return marks.whyReadOnly(connection, id);
        },
      }),
      ...(connection?.profile && { profile: connection.profile }),
      onProfile: (profile) => {
        if (connection) {
          store.update(connection.id, { profile }).catch((error: unknown) => log.error(String(error)));
        }
      },
      onRequest: (entry) => logRequest(log, entry),
    });
  }

  private async storedKey(connection: Connection): Promise<string> {
    let key: string | undefined;
    try {
      key = await this.services.store.key(connection.id);
    } catch (error) {
      this.services.log.error(redact(`Couldn't read the secret storage: ${String(error)}`, ''));
      throw new PostHogError({
        kind: 'unauthorized',
        what: `Couldn't read the API key of "${connection.label}" from VS Code's secret storage.`,
        why: "The operating system's keyring may be locked, missing, or not responding.",
        remedy: 'Unlock it and retry, or enter the key again.',
      });
    }
    if (!key) {
      throw new PostHogError({
        kind: 'unauthorized',
        what: `There is no API key for "${connection.label}" on this computer.`,
        why: 'Keys are stored only on the computer where they were entered.',
        remedy: 'Enter the key again.',
      });
    }
    return key;
  }
}

const removed = (): PostHogError =>
  new PostHogError({
    kind: 'not-found',
    what: 'This connection no longer exists.',
    why: 'It may have been removed in another window.',
    remedy: 'Add the connection again.',
  });

/** The part of a key's introspection that is remembered. */
export function accessOf(info: KeyInfo): KeyAccess {
  return {
    scopes: info.scopes ? [...info.scopes] : null,
    scopedTeams: [...info.scoped_teams],
    scopedOrganizations: [...info.scoped_organizations],
  };
}

/** Failures are always logged, with their cause. */
function logRequest(log: Log, entry: RequestLogEntry): void {
  const { method, path, status, durationMs, error, cause } = entry;
  const line = `${method} ${path} ${status ?? error ?? 'no response'} ${Math.round(durationMs)} ms`;
  if (error === undefined || error === 'canceled') {
    log.debug(line);
  } else if (status === undefined) {
    log.warn(cause === undefined ? line : `${line}: ${cause}`);
  } else {
    log.info(`${line}: ${error}${cause === undefined ? '' : `, ${cause}`}`);
  }
}
