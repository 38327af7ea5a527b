import { withViewProgress } from '../ui/progress';
import { ConnectionNode } from '../views/tree/connectionNodes';
import { TreeNode } from '../views/tree/node';
import { FailureNode, LoadMoreNode } from '../views/tree/noteNodes';
import type { Command } from './command';

export const refresh: Command = {
  async run({ provider, connections }, target) {
    if (target instanceof ConnectionNode) {
      // What the key may do can be changed in PostHog at any time.
      await withViewProgress((signal) => connections.refreshAccess(target.connectionId, signal));
    }
    provider.refresh(target instanceof TreeNode ? target : undefined);
  },
};

/** Everything. Buttons in the title of a view are called with its focused row, which is not what they are about. */
export const refreshAll: Command = {
  async run({ provider }) {
    provider.refresh();
  },
};

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
