import type { Memento } from '../connections/ports';
import { isJsonObject } from '../json/json';
import type { RemoteChange } from './remoteChanges';

const stateKey = 'tree.pendingDeletions';

/** An environment that is being deleted. */
export interface PendingDeletion {
  connectionId: string;
  environmentId: number;
  /** When the deletion starts, as an ISO date-time; absent if the server doesn't say, or it has already started. */
  scheduledAt?: string;
}

/**
 * The environments that are being deleted, as far as this computer knows: PostHog doesn't include that in its lists,
 * and may take hours. Kept across window reloads.
 */
export class PendingDeletions {
  /** The scheduled time by key; empty if there is none. */
  private readonly times: Map<string, string>;

  constructor(private readonly memento: Memento) {
    this.times = restored(memento.get(stateKey));
  }

  get(connectionId: string, environmentId: number): PendingDeletion | undefined {
    const time = this.times.get(keyOf(connectionId, environmentId));
    return time === undefined
      ? undefined
      : { connectionId, environmentId, ...(time !== '' && { scheduledAt: time }) };
  }

  list(): readonly PendingDeletion[] {
    return [...this.times.keys()].flatMap((key) => {
      const [, connectionId, id] = /^(.+)\/(\d+)$/.exec(key) ?? [];
      return (connectionId === undefined ? undefined : this.get(connectionId, Number(id))) ?? [];
    });
  }

  /** Records what the server just said about an environment. */
  async adopt(change: RemoteChange): Promise<void> {
    if (change.kind === 'environment') {
      const { is_pending_deletion, deletion_scheduled_at } = change.detail;
      const pending = is_pending_deletion === true || deletion_scheduled_at !== undefined;
      const key = keyOf(change.connectionId, change.environment.id);
      await this.set(key, pending ? (deletion_scheduled_at ?? '') : undefined);
    } else if (change.kind === 'environments' && change.removedEnvironmentId !== undefined) {
      await this.set(keyOf(change.connectionId, change.removedEnvironmentId), undefined);
    }
  }

  /** Forgets the environments of a removed connection. */
  async forget(connectionId: string): Promise<void> {
    for (const { environmentId } of this.list().filter((one) => one.connectionId === connectionId)) {
      await this.set(keyOf(connectionId, environmentId), undefined);
    }
  }

  private async set(key: string, time: string | undefined): Promise<void> {
    if (this.times.get(key) === time) {
      return;
    }
    if (time === undefined) {
      this.times.delete(key);
    } else {
      this.times.set(key, time);
    }
    await this.memento.update(stateKey, Object.fromEntries(this.times));
  }
}

/** The stored value; a list of only keys predates scheduled deletions. */
function restored(kept: unknown): Map<string, string> {
  if (Array.isArray(kept)) {
    return new Map(kept.filter((key) => typeof key === 'string').map((key) => [key, '']));
  }
  const entries = isJsonObject(kept) ? Object.entries(kept) : [];
  return new Map(entries.flatMap(([key, time]) => (typeof time === 'string' ? [[key, time]] : [])));
}

const keyOf = (connectionId: string, environmentId: number): string => `${connectionId}/${environmentId}`;
