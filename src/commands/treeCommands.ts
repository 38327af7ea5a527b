import { withViewProgress } from '../ui/progress';
import type { Command, CommandServices } from './command';
import { entryOf, rowOf } from './targets';

export const refresh: Command = {
  async run(services, target) {
    const { directory, connections } = services;
    const entry = entryOf(target);
    if (entry?.kind === 'connection') {
      // What the key may do can be changed in PostHog at any time.
      await withViewProgress((signal) => connections.refreshAccess(entry.connectionId, signal));
    }
    directory.refresh(entry);
    await recheckDeletions(services);
  },
};

/** Everything. Buttons in the title of a view are called with its focused row, which is not what they are about. */
export const refreshAll: Command = {
  async run(services) {
    services.directory.refresh();
    await recheckDeletions(services);
  },
};

/** Lists say nothing of deletions: what is known of them is looked at one by one. */
async function recheckDeletions({ directory, deletions }: CommandServices): Promise<void> {
  if (directory.pendingDeletions.list().length > 0) {
    await (await deletions()).recheck();
  }
}

export const loadMore: Command = {
  async run({ provider }, target) {
    const row = rowOf(target);
    if (row) {
      await withViewProgress(() => provider.loadMore(row));
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
