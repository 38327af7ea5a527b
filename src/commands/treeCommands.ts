import { withViewProgress } from '../ui/progress';
import { ConnectionNode } from '../tree/connectionNodes';
import { TreeNode } from '../tree/node';
import { FailureNode, LoadMoreNode } from '../tree/noteNodes';
import type { Command, CommandServices } from './command';

export const refresh: Command = {
  async run(services, target) {
    const { provider, connections } = services;
    if (target instanceof ConnectionNode) {
      // What the key may do can be changed in PostHog at any time.
      await withViewProgress((signal) => connections.refreshAccess(target.connectionId, signal));
    }
    provider.refresh(target instanceof TreeNode ? target : undefined);
    await recheckDeletions(services);
  },
};

/** Everything. Buttons in the title of a view are called with its focused row, which is not what they are about. */
export const refreshAll: Command = {
  async run(services) {
    services.provider.refresh();
    await recheckDeletions(services);
  },
};

/** Lists say nothing of deletions: what is known of them is looked at one by one. */
async function recheckDeletions({ provider, deletions }: CommandServices): Promise<void> {
  if (provider.pendingDeletions.list().length > 0) {
    await (await deletions()).recheck();
  }
}

export const loadMore: Command = {
  async run({ provider }, target) {
    if (target instanceof LoadMoreNode) {
      await withViewProgress(() => provider.loadMore(target));
    }
  },
};

export const retry: Command = {
  async run({ provider }, target) {
    if (target instanceof FailureNode) {
      await provider.retry(target);
    }
  },
};

export const showLog: Command = {
  async run({ log }) {
    log.show();
  },
};
