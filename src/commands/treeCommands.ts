import { withViewProgress } from '../ui/lateProgress';
import type { Command, CommandServices } from './command';
import { entryOf, rowOf } from './targets';

export const refresh: Command = {
  async run(services, target) {
    const { directory, connections } = services;
    const entry = entryOf(target);
    if (entry?.kind === 'connection') {
      // The key's scopes can change in PostHog at any time.
      await withViewProgress(`Checking the key of ${entry.connection.label}`, (signal) =>
        connections.refreshAccess(entry.connectionId, signal),
      );
    }
    directory.refresh(entry);
    await recheckDeletions(services);
  },
};

/** Refreshes everything. A view's title buttons pass the focused row, which isn't what they apply to. */
export const refreshAll: Command = {
  async run(services) {
    services.directory.refresh();
    await recheckDeletions(services);
  },
};

/** Lists don't mention deletions, so the known ones are checked one by one. */
async function recheckDeletions({ directory, deletions }: CommandServices): Promise<void> {
  if (directory.pendingDeletions.list().length > 0) {
    await (await deletions()).recheck();
  }
}

export const loadMore: Command = {
  async run({ provider }, target) {
    const row = rowOf(target);
    if (row) {
      await withViewProgress('Loading more', () => provider.loadMore(row));
    }
  },
};

export const retry: Command = {
  async run({ provider }, target) {
    const row = rowOf(target);
    if (row) {
      await provider.retry(row);
    }
  },
};

export const showLog: Command = {
  async run({ log }) {
    log.show();
  },
};
