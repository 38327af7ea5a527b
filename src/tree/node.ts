import type * as vscode from 'vscode';
import type { EnvironmentBasic, EnvironmentRef } from '../posthog/models';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { PendingDeletions } from './pendingDeletions';

/** What tree nodes work with. */
export interface TreeServices {
  connections: Connections;
  marks: EnvironmentMarks;
  /** Rows of one page of a list. */
  pageSize(): number;
  /** Environments that are being deleted: lists do not say it. */
  readonly pendingDeletions: Pick<PendingDeletions, 'get'>;
}

/** One row of the tree: its place, its look, and how its children are had. */
export abstract class TreeNode {
  /** Unique in the tree and the same over reloads, so that what was expanded stays expanded. */
  abstract readonly id: string;
  private controller = new AbortController();
  private loaded: Promise<readonly TreeNode[]> | undefined;

  constructor(readonly parent: TreeNode | undefined) {}

  /** The row without its tooltip. */
  abstract item(): vscode.TreeItem;

  /** The tooltip, made when it is looked at. */
  tooltip(): vscode.MarkdownString | string | undefined {
    return undefined;
  }

  /** The connection that the row belongs to. */
  get connectionId(): string | undefined {
    return this.parent?.connectionId;
  }

  /** The children, loaded at the first call and kept until {@link invalidate}. */
  async children(): Promise<readonly TreeNode[]> {
    if (!this.loaded) {
      const loaded = this.load(this.signal);
      this.loaded = loaded;
      loaded.catch(() => {
        // The provider shows the reason; the next call has to try again.
        if (this.loaded === loaded) {
          this.loaded = undefined;
        }
      });
    }
    return this.loaded;
  }

  /** The children that are there already, without loading. */
  async loadedChildren(): Promise<readonly TreeNode[]> {
    try {
      return (await this.loaded) ?? [];
    } catch {
      return []; // Failed children are no children; the provider has shown why.
    }
  }

  /** Forgets the children and ends requests for them. */
  invalidate(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.loaded = undefined;
  }

  /** Shows other children from now on, without asking the server. */
  protected adoptChildren(children: readonly TreeNode[]): void {
    this.loaded = Promise.resolve(children);
  }

  /** Ends requests for the children of this row, when it or one above it is loaded anew or goes away. */
  protected get signal(): AbortSignal {
    const own = this.controller.signal;
    return this.parent ? AbortSignal.any([own, this.parent.signal]) : own;
  }

  protected load(_signal: AbortSignal): Promise<readonly TreeNode[]> {
    return Promise.resolve([]);
  }
}

/** The row of an environment, as the rows below it know it. */
export interface EnvironmentRow extends TreeNode {
  readonly connectionId: string;
  readonly basic: EnvironmentBasic;
  readonly environment: EnvironmentRef;
}
