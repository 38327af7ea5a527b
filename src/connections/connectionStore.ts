import * as v from 'valibot';
import * as vscode from 'vscode';
import { connectionSchema, type Connection } from './connection';

const stateKey = 'connections';
const secretKey = (connectionId: string): string => `posthogEnvironments.key.${connectionId}`;

/**
 * The list of connections (global state) and their keys (SecretStorage). Keys never leave this class except
 * through {@link key}.
 */
export class ConnectionStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Fires after the list or any connection in it changed. */
  readonly onDidChange = this.changed.event;
  private readonly keyChanged = new vscode.EventEmitter<string>();
  /** Fires with the connection's id after its key was set or removed, in this window or another. */
  readonly onDidChangeKey = this.keyChanged.event;
  private connections: readonly Connection[];
  private readonly secretSubscription: vscode.Disposable;

  constructor(
    private readonly state: vscode.Memento,
    private readonly secrets: vscode.SecretStorage,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.connections = this.read();
    this.secretSubscription = secrets.onDidChange(({ key }) => {
      const changed = this.connections.find((connection) => secretKey(connection.id) === key);
      if (changed) {
        this.keyChanged.fire(changed.id);
      }
    });
  }

  list(): readonly Connection[] {
    return this.connections;
  }

  get(id: string): Connection | undefined {
    return this.connections.find((connection) => connection.id === id);
  }

  /** The key, or `undefined` when none is stored. Rejects when the keyring cannot be read. */
  async key(id: string): Promise<string | undefined> {
    return this.secrets.get(secretKey(id));
  }

  async setKey(id: string, key: string): Promise<void> {
    await this.secrets.store(secretKey(id), key);
  }

  /** Adds the connection, or replaces the one with the same id. */
  async put(connection: Connection): Promise<void> {
    const known = this.connections.some(({ id }) => id === connection.id);
    await this.write(
      known
        ? this.connections.map((old) => (old.id === connection.id ? connection : old))
        : [...this.connections, connection],
    );
  }

  async remove(id: string): Promise<void> {
    await this.secrets.delete(secretKey(id));
    await this.write(this.connections.filter((connection) => connection.id !== id));
  }

  dispose(): void {
    this.secretSubscription.dispose();
    this.changed.dispose();
    this.keyChanged.dispose();
  }

  private async write(connections: readonly Connection[]): Promise<void> {
    this.connections = connections;
    await this.state.update(stateKey, connections);
    this.changed.fire();
  }

  private read(): Connection[] {
    const stored: unknown = this.state.get(stateKey, []);
    return (Array.isArray(stored) ? stored : []).flatMap((entry: unknown) => {
      const parsed = v.safeParse(connectionSchema, entry);
      if (!parsed.success) {
        this.log.warn(`A stored connection could not be read and is left out: ${v.summarize(parsed.issues)}`);
        return [];
      }
      return [parsed.output];
    });
  }
}
