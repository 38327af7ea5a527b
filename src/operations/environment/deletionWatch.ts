import type { Clock, Disposable, Log } from '../../connections/ports';
import type { PendingDeletion } from '../../directory/pendingDeletions';
import type { ReadingClient } from '../../posthog/client';
import { isStop } from '../../posthog/errors';
import { lookAtEnvironment, announceDeletion, type Sight } from './deleteEnvironment';
import type { EnvironmentAt, OperationServices } from '../services';

/** Seconds between checks: four minutes in total. */
const pausesSeconds = [1, 2, 3, 4, 5, 5, 10, 10, 20, 30, 30, 60, 60];

/** How long to watch a deletion. */
export const watchedMs = pausesSeconds.reduce((sum, seconds) => sum + seconds * 1000, 0);

/** What watching needs. */
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
 * Watches deletions in progress and updates their rows, until the environment is gone. A deletion that is scheduled for
 * later, or takes longer than a few minutes, is checked again when the tree is refreshed.
 */
export class DeletionWatch implements Disposable {
  private readonly controller = new AbortController();
  private readonly watched = new Map<string, Promise<void>>();

  /**
   * @param ended called when a watched environment is gone; not awaited
   * @param canceled called when a known deletion turns out to be canceled; not awaited
   */
  constructor(
    private readonly services: WatchServices,
    private readonly ended: (deleted: EnvironmentAt) => void,
    private readonly canceled: (name: string) => void,
  ) {}

  /** Starts watching, unless the deletion is already being watched. */
  watch(deleted: EnvironmentAt): void {
    const key = `${deleted.connectionId}/${deleted.environment.id}`;
    if (!this.watched.has(key)) {
      this.watched.set(
        key,
        this.run(deleted).finally(() => this.watched.delete(key)),
      );
    }
  }

  /** Resolves when nothing is being watched. */
  async idle(): Promise<void> {
    await Promise.all(this.watched.values());
  }

  /** Checks every known deletion once: it may be complete, or canceled in PostHog. */
  async recheck(): Promise<void> {
    await Promise.all(
      this.services.directory.pendingDeletions.list().map(async ({ connectionId, environmentId: id }) => {
        if (this.services.connections.get(connectionId)) {
          this.announceIfCanceled(
            await this.look({ connectionId, environment: { id, projectId: id }, name: '' }),
          );
        }
      }),
    );
  }

  /** Checks once and announces the result. A failed check says nothing about the deletion. */
  async look(deleted: EnvironmentAt): Promise<Sight | undefined> {
    const { connectionId, environment } = deleted;
    const { changes, connections, log } = this.services;
    let seen: Sight;
    try {
      const client = await connections.client(connectionId);
      seen = await lookAtEnvironment(client, environment, this.controller.signal);
    } catch (error) {
      if (isStop(error)) {
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

  /** Announces a deletion that was canceled. @returns whether the environment isn't being deleted now */
  private announceIfCanceled(seen: Sight | undefined): boolean {
    if (seen === undefined || seen === 'gone' || seen.detail.is_pending_deletion === true) {
      return false;
    }
    if (seen.detail.deletion_scheduled_at === undefined) {
      this.canceled(seen.detail.name);
    }
    return true;
  }

  private async run(deleted: EnvironmentAt): Promise<void> {
    const { clock, connections } = this.services;
    for (const pauseSeconds of pausesSeconds) {
      try {
        await clock.delay(pauseSeconds * 1000, this.controller.signal);
      } catch {
        return; // A pause only rejects when the window closes.
      }
      if (!connections.get(deleted.connectionId)) {
        return;
      }
      const seen = await this.look(deleted);
      if (seen === 'gone') {
        this.ended(deleted);
        return;
      }
      if (this.announceIfCanceled(seen)) {
        return;
      }
    }
  }
}
