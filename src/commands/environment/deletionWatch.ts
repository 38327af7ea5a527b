import { setTimeout as delay } from 'node:timers/promises';
import type * as vscode from 'vscode';
import { closeDocumentsOf } from '../../documents/tabs';
import { lookAtEnvironment, type Sight } from '../../operations/deleteEnvironment';
import { isPostHogError } from '../../posthog/errors';
import type { Connections } from '../../connections/connections';
import type { Log } from '../../connections/ports';
import type { PendingDeletions } from '../../directory/pendingDeletions';
import type { RemoteChanges } from '../../directory/remoteChanges';
import type { EnvironmentRef } from '../../posthog/models';
import type { Prompts } from '../../ui/prompts';

/** Seconds between checks: four minutes in total. */
const pausesSeconds = [1, 2, 3, 4, 5, 5, 10, 10, 20, 30, 30, 60, 60];

/** How long to watch a deletion. */
export const watchedMs = pausesSeconds.reduce((sum, seconds) => sum + seconds * 1000, 0);

/** An environment with a requested deletion. */
export interface DeletedEnvironment {
  connectionId: string;
  environment: EnvironmentRef;
  name: string;
}

/**
 * Watches deletions in progress and updates their rows, until the environment is gone. A deletion that is scheduled for
 * later, or takes longer than a few minutes, is checked again when the tree is refreshed.
 */
export class DeletionWatch implements vscode.Disposable {
  private readonly controller = new AbortController();
  private readonly watched = new Map<string, Promise<void>>();

  constructor(
    private readonly services: {
      readonly changes: RemoteChanges;
      readonly connections: Connections;
      readonly log: Log;
      readonly prompts: Prompts;
      readonly directory: { readonly pendingDeletions: Pick<PendingDeletions, 'list'> };
    },
  ) {}

  /** Starts watching, unless the deletion is already being watched. */
  watch(deleted: DeletedEnvironment): void {
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
        const environment = { id, projectId: id };
        if (
          this.services.connections.get(connectionId) &&
          (await this.show({ connectionId, environment, name: '' })) === 'gone'
        ) {
          this.services.changes.tell({ kind: 'environments', connectionId, removedEnvironmentId: id });
        }
      }),
    );
  }

  /** @throws PostHogError if the server can't be reached */
  async look(
    { connectionId, environment }: DeletedEnvironment,
    signal = this.controller.signal,
  ): Promise<Sight> {
    return lookAtEnvironment(await this.services.connections.client(connectionId), environment, signal);
  }

  /** Removes a deleted environment from the tree, and closes its clean documents. */
  async finish({ connectionId, environment }: DeletedEnvironment, message: string): Promise<void> {
    const kept = await closeDocumentsOf(connectionId, environment.id);
    this.services.changes.tell({
      kind: 'environments',
      connectionId,
      organizationId: environment.organizationId,
      removedEnvironmentId: environment.id,
    });
    const rest =
      kept.length === 0
        ? ''
        : ` Unsaved changes stay open in ${new Intl.ListFormat('en').format(kept)}, but can no longer be saved.`;
    await this.services.prompts.tell('information', message + rest);
  }

  dispose(): void {
    this.controller.abort();
  }

  private async run(deleted: DeletedEnvironment): Promise<void> {
    const { signal } = this.controller;
    for (const pauseSeconds of pausesSeconds) {
      try {
        await delay(pauseSeconds * 1000, undefined, { signal, ref: false });
      } catch {
        return; // The delay only rejects when the window closes.
      }
      if (!this.services.connections.get(deleted.connectionId)) {
        return;
      }
      const seen = await this.show(deleted);
      if (seen === 'gone') {
        // Not awaited: the notification stays until the user closes it.
        void this.finish(deleted, `"${deleted.name}" was deleted.`);
        return;
      }
      if (seen && seen.detail.is_pending_deletion !== true) {
        return;
      }
    }
  }

  /** Checks once and updates the tree. A failed check says nothing about the deletion. */
  async show(deleted: DeletedEnvironment): Promise<Sight | undefined> {
    const { connectionId, environment } = deleted;
    let seen: Sight;
    try {
      seen = await this.look(deleted);
    } catch (error) {
      if (isPostHogError(error)) {
        this.services.log.info(`Couldn't check on a deletion: ${error.message}`);
        return undefined;
      }
      throw error;
    }
    const { changes } = this.services;
    if (seen !== 'gone') {
      changes.tell({ kind: 'environment', connectionId, environment, detail: seen.detail });
    }
    return seen;
  }
}
