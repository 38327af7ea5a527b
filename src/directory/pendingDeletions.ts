import { environmentKey } from '../connections/environmentKey';
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

/** The scheduled time by key; empty if there is none. */
type Times = Readonly<Record<string, string | undefined>>;

/**
 * The environments that are being deleted, as far as this computer knows: PostHog doesn't include that in its lists,
 * and may take hours. Kept across window reloads. Read every time it's used, because other windows write it too.
 */
export class PendingDeletions {
  /** What this window was last told. */
  private known: Times;

  constructor(private readonly memento: Memento) {
    this.known = this.times();
  }

  get(connectionId: string, environmentId: number): PendingDeletion | undefined {
    const time = this.times()[environmentKey(connectionId, environmentId)];
    return time === undefined
      ? undefined
      : { connectionId, environmentId, ...(time !== '' && { scheduledAt: time }) };
  }

  list(): readonly PendingDeletion[] {
    return Object.keys(this.times())
      .flatMap(placeOf)
      .flatMap((at) => this.get(...at) ?? []);
  }

  /** The environments for which other windows have changed something since the last call. */
  changedElsewhere(): readonly (readonly [connectionId: string, environmentId: number])[] {
    const [before, now] = [this.known, this.times()];
    this.known = now;
    return Object.keys({ ...before, ...now })
      .filter((key) => before[key] !== now[key])
      .flatMap(placeOf);
  }

  /** Records what the server just said about an environment. */
  async adopt(change: RemoteChange): Promise<void> {
    if (change.kind === 'environment') {
      const { is_pending_deletion, deletion_scheduled_at } = change.detail;
      const pending = is_pending_deletion === true || deletion_scheduled_at !== undefined;
      const key = environmentKey(change.connectionId, change.environment.id);
      await this.set(key, pending ? (deletion_scheduled_at ?? '') : undefined);
    } else if (change.kind === 'environments' && change.removedEnvironmentId !== undefined) {
      await this.set(environmentKey(change.connectionId, change.removedEnvironmentId), undefined);
    }
  }

  /** Forgets the environments of a removed connection. */
  async forget(connectionId: string): Promise<void> {
    for (const { environmentId } of this.list().filter((one) => one.connectionId === connectionId)) {
      await this.set(environmentKey(connectionId, environmentId), undefined);
    }
  }

  private async set(key: string, time: string | undefined): Promise<void> {
    const times = this.times();
    if (times[key] !== time) {
      this.known = { ...this.known, [key]: time };
      await this.memento.update(stateKey, { ...times, [key]: time });
    }
  }

  /** What is stored. A list of only keys predates scheduled deletions. */
  private times(): Times {
    const kept = this.memento.get(stateKey);
    if (Array.isArray(kept)) {
      return Object.fromEntries(kept.map((key) => [String(key), '']));
    }
    const entries = isJsonObject(kept) ? Object.entries(kept) : [];
    return Object.fromEntries(
      entries.flatMap(([key, time]) => (typeof time === 'string' ? [[key, time]] : [])),
    );
  }
}

function placeOf(key: string): (readonly [connectionId: string, environmentId: number])[] {
  const [, connectionId, id] = /^(.+)\/(\d+)$/.exec(key) ?? [];
  return connectionId === undefined ? [] : [[connectionId, Number(id)]];
}
