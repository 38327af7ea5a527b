import type * as vscode from 'vscode';
import type { RemoteChange } from '../../connections/remoteChanges';

const stateKey = 'tree.pendingDeletions';

/**
 * The environments that are being deleted as far as this computer knows: PostHog does not say it in its lists, and
 * may take hours. Kept over a reload of the window.
 */
export class PendingDeletions {
  private readonly keys: Set<string>;

  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {
    const kept = memento.get<unknown>(stateKey);
    this.keys = new Set(Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : []);
  }

  has(connectionId: string, environmentId: number): boolean {
    return this.keys.has(keyOf(connectionId, environmentId));
  }

  /** Takes over what the server has just said of an environment. */
  async adopt(change: RemoteChange): Promise<void> {
    if (change.kind === 'environment') {
      const { connectionId, environment, detail } = change;
      await this.set(keyOf(connectionId, environment.id), detail.is_pending_deletion === true);
    } else if (change.kind === 'environments' && change.removedEnvironmentId !== undefined) {
      await this.set(keyOf(change.connectionId, change.removedEnvironmentId), false);
    }
  }

  private async set(key: string, pending: boolean): Promise<void> {
    if (pending === this.keys.has(key)) {
      return;
    }
    if (pending) {
      this.keys.add(key);
    } else {
      this.keys.delete(key);
    }
    await this.memento.update(stateKey, [...this.keys]);
  }
}

const keyOf = (connectionId: string, environmentId: number): string => `${connectionId}/${environmentId}`;
