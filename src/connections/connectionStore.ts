import * as v from 'valibot';
import { untilAborted } from '../posthog/abort';
import { PostHogError } from '../posthog/errors';
import { redact } from '../posthog/redact';
import { connectionSchema, type Connection } from './connection';
import { Emitter } from './emitter';
import type { Disposable, Event, Log, Memento, Secrets } from './ports';

const stateKey = 'connections';
const secretKey = (connectionId: string): string => `posthogEnvironments.key.${connectionId}`;

/**
 * The list of connections (global state) and their keys (SecretStorage). Keys never leave this class except through
 * {@link key}. The list is read again with `onReturn`, when this window gains or loses focus.
 */
export class ConnectionStore implements Disposable {
  private readonly changed = new Emitter<void>();
  /** Fires after the list or any connection in it changes. */
  readonly onDidChange = this.changed.event;
  private readonly keyChanged = new Emitter<string>();
  /** Fires with the connection's ID after its key was set or removed, in this or another window. */
  readonly onDidChangeKey = this.keyChanged.event;
  private connections: readonly Connection[];
  /** Caches keys: SecretStorage lives in another process, and a save needs its key twice. */
  private readonly keys = new Map<string, string>();
  /** Counts the events that may have replaced a key while it is being read. */
  private keyChanges = 0;
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly state: Memento,
    private readonly secrets: Secrets,
    log: Pick<Log, 'warn'>,
    onReturn: Event<unknown>,
    private readonly keyringLimitMs = 60_000,
  ) {
    this.connections = this.read((problem) => log.warn(problem));
    this.subscriptions = [
      secrets.onDidChange(({ key }) => {
        this.forgetKeys();
        const changed = this.connections.find((connection) => secretKey(connection.id) === key);
        if (changed) {
          this.keyChanged.fire(changed.id);
        }
      }),
      onReturn(() => {
        this.forgetKeys();
        this.reload();
      }),
    ];
  }

  list(): readonly Connection[] {
    return this.connections;
  }

  get(id: string): Connection | undefined {
    return this.connections.find((connection) => connection.id === id);
  }

  /**
   * The key, or `undefined` if none is stored; cached until any key changes or the window loses focus. Rejects if the
   * keyring can't be read, or doesn't respond for longer than it takes to unlock it.
   */
  async key(id: string): Promise<string | undefined> {
    const known = this.keys.get(id);
    if (known !== undefined) {
      return known;
    }
    const changes = this.keyChanges;
    const key = await this.limited(this.secrets.get(secretKey(id)));
    if (key !== undefined && changes === this.keyChanges) {
      this.keys.set(id, key);
    }
    return key;
  }

  /** @throws PostHogError if the keyring can't store it, or doesn't respond */
  async setKey(id: string, key: string): Promise<void> {
    this.forgetKeys();
    const storing = Promise.resolve(this.secrets.store(secretKey(id), key));
    try {
      await this.limited(storing);
    } catch (error) {
      // A key that is stored too late, for a connection that wasn't added, would stay forever.
      storing
        .then(() => (this.get(id) ? undefined : this.secrets.delete(secretKey(id))))
        .catch(() => undefined);
      throw keyringFailure('store', redact(String(error), key));
    } finally {
      this.forgetKeys();
    }
  }

  /** Adds the connection, or replaces the one with the same ID. */
  async put(connection: Connection): Promise<void> {
    await this.change((stored) =>
      stored.some(({ id }) => id === connection.id)
        ? stored.map((old) => (old.id === connection.id ? connection : old))
        : [...stored, connection],
    );
  }

  /** Changes a connection unless it was removed. @returns whether it exists */
  async update(id: string, changes: Partial<Connection>): Promise<boolean> {
    await this.change((stored) => stored.map((old) => (old.id === id ? { ...old, ...changes } : old)));
    return this.get(id) !== undefined;
  }

  /** Takes over what another window has stored: global state is shared, but has no change event. */
  reload(): void {
    const stored = this.read();
    if (JSON.stringify(stored) !== JSON.stringify(this.connections)) {
      this.connections = stored;
      this.changed.fire();
    }
  }

  async remove(id: string): Promise<void> {
    await this.deleteKey(id);
    await this.change((stored) => stored.filter((connection) => connection.id !== id));
  }

  /** @throws PostHogError if the keyring can't delete it, or doesn't respond */
  async deleteKey(id: string): Promise<void> {
    this.forgetKeys();
    try {
      await this.limited(this.secrets.delete(secretKey(id)));
    } catch (error) {
      throw keyringFailure('delete', redact(String(error), ''));
    } finally {
      this.forgetKeys();
    }
  }

  dispose(): void {
    this.forgetKeys();
    this.subscriptions.forEach((subscription) => subscription.dispose());
    this.changed.dispose();
    this.keyChanged.dispose();
  }

  /** Waits for the keyring, but not longer than it takes to unlock it. */
  private async limited<T>(work: PromiseLike<T>): Promise<T> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.keyringLimitMs);
    try {
      return await untilAborted(Promise.resolve(work), limit.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  private forgetKeys(): void {
    this.keys.clear();
    this.keyChanges += 1;
  }

  /** Changes what is stored now: another window may have changed it since this one read it. */
  private async change(edit: (stored: readonly Connection[]) => readonly Connection[]): Promise<void> {
    const before = this.connections;
    this.connections = edit(this.read());
    try {
      await this.state.update(stateKey, this.connections);
    } catch (error) {
      this.connections = before;
      throw error;
    }
    this.changed.fire();
  }

  private read(onProblem: (problem: string) => void = () => undefined): Connection[] {
    const stored: unknown = this.state.get(stateKey);
    return (Array.isArray(stored) ? stored : []).flatMap((entry: unknown) => {
      const parsed = v.safeParse(connectionSchema, entry);
      if (!parsed.success) {
        // Only where, never what: the entry could contain anything.
        const places = parsed.issues.map(
          ({ path }) => path?.map(({ key }) => String(key)).join('.') ?? 'the whole entry',
        );
        onProblem(`Skipped a stored connection that couldn't be read: ${places.join(', ')}.`);
        return [];
      }
      return [parsed.output];
    });
  }
}

const keyringFailure = (action: 'store' | 'delete', cause: string): PostHogError =>
  new PostHogError({
    kind: 'unexpected-answer',
    what: `Couldn't ${action} the API key in VS Code's secret storage.`,
    why: "The operating system's keyring may be locked, missing, or not responding.",
    remedy: 'Unlock it and try again.',
    cause: new Error(cause),
  });
