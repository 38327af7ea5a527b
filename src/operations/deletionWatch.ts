import type { Clock, Disposable, Log } from '../connections/ports';
import type { PendingDeletion } from '../directory/pendingDeletions';
import type { ReadingClient } from '../posthog/client';
import { isPostHogError } from '../posthog/errors';
import { lookAtEnvironment, announceDeletion, type Sight } from './deleteEnvironment';
import type { EnvironmentAt, OperationServices } from './services';

/** Seconds from one look at a deletion to the next: four minutes in all. */
const pausesSeconds = [1, 2, 3, 4, 5, 5, 10, 10, 20, 30, 30, 60, 60];

/** How long a deletion is watched. */
export const watchedMs = pausesSeconds.reduce((sum, seconds) => sum + seconds * 1000, 0);

/** What watching works with. */
interface WatchServices extends Pick<OperationServices<unknown>, 'changes'> {
  readonly connections: {
    client(connectionId: string): Promise<Pick<ReadingClient, 'getEnvironment'>>;
    get(connectionId: string): unknown;
  };
  readonly directory: { readonly pendingDeletions: { list(): readonly PendingDeletion[] } };
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Watches deletions that are under way and keeps their rows true: the row says what happens, and goes when the
 * environment does. A deletion that is scheduled for later, or takes longer than a few minutes, is looked at again
 * when the tree is refreshed.
 */
export class DeletionWatch implements Disposable {
  private readonly controller = new AbortController();
  private readonly watched = new Map<string, Promise<void>>();

  /** @param ended called when an environment that was watched is gone; not waited for */
  constructor(
    private readonly services: WatchServices,
    private readonly ended: (deleted: EnvironmentAt) => void,
  ) {}

  /** Starts watching; one that is watched already is not watched twice. */
  watch(deleted: EnvironmentAt): void {
    const key = `${deleted.connectionId}/${deleted.environment.id}`;
    if (!this.watched.has(key)) {
      this.watched.set(
        key,
        this.run(deleted).finally(() => this.watched.delete(key)),
      );
    }
  }

  /** Resolves when nothing is watched any more. */
  async idle(): Promise<void> {
    await Promise.all(this.watched.values());
  }

  /** Looks once at every deletion that is known: it may be over, or have been canceled in PostHog. */
  async recheck(): Promise<void> {
    await Promise.all(
      this.services.directory.pendingDeletions.list().map(async ({ connectionId, environmentId: id }) => {
        if (this.services.connections.get(connectionId)) {
          await this.look({ connectionId, environment: { id, projectId: id }, name: '' });
        }
      }),
    );
  }

  /** Looks once and tells what it sees; a look that fails says nothing about the deletion. */
  async look(deleted: EnvironmentAt): Promise<Sight | undefined> {
    const { connectionId, environment } = deleted;
    const { changes, connections, log } = this.services;
    let seen: Sight;
    try {
      const client = await connections.client(connectionId);
      seen = await lookAtEnvironment(client, environment, this.controller.signal);
    } catch (error) {
      if (isPostHogError(error)) {
        log.info(`Couldn't check on a deletion: ${error.message}`);
        return undefined;
      }
      throw error;
    }
    if (seen === 'gone') {
      announceDeletion(changes, deleted);
    } else {
      changes.fire({ kind: 'environment', connectionId, environment, detail: seen.detail });
    }
    return seen;
  }

  dispose(): void {
    this.controller.abort();
  }

  private async run(deleted: EnvironmentAt): Promise<void> {
    const { clock, connections } = this.services;
    for (const pauseSeconds of pausesSeconds) {
      try {
        await clock.delay(pauseSeconds * 1000, this.controller.signal);
      } catch {
        return; // The only way a pause fails is the end of the window.
      }
      if (!connections.get(deleted.connectionId)) {
        return;
      }
      const seen = await this.look(deleted);
      if (seen === 'gone') {
        this.ended(deleted);
        return;
      }
      if (seen && seen.detail.is_pending_deletion !== true) {
        return;
      }
    }
  }
}
