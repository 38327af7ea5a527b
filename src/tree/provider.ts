import * as vscode from 'vscode';
import { failureText, isCancelled } from '../connections/failures';
import type { RemoteChange, RemoteChanges } from '../directory/remoteChanges';
import { asText } from '../json/visibleText';
import { actionFor } from '../operations/actions';
import { ConnectionNode, OrganizationNode } from './connectionNodes';
import { EnvironmentNode, ProjectNode } from './environmentNodes';
import type { TreeExpansion } from './expansion';
import type { TreeNode } from './node';
import type { TreeServices } from './node';
import { FailureNode, type LoadMoreNode } from './noteNodes';
import { PagedNode } from './pagedNode';
import { PendingDeletions } from './pendingDeletions';
import { TableNode, TablesNode } from './tableNodes';

/** How many organizations or projects open by themselves: each costs a request. */
const mostOpen = 3;

/** Connections, organizations, environments, tables and columns as a tree. */
export class EnvironmentsProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private roots: readonly ConnectionNode[] | undefined;
  /** Nodes whose last page could not be had: the rows before it stay. */
  private readonly failedPages = new Map<TreeNode, FailureNode>();
  private readonly subscriptions: vscode.Disposable[];
  private adopting: Promise<void> = Promise.resolve();

  /** The environments that are being deleted. */
  readonly pendingDeletions: PendingDeletions;
  private readonly services: TreeServices;

  constructor(
    services: Omit<TreeServices, 'pendingDeletions'>,
    changes: RemoteChanges,
    private readonly log: vscode.LogOutputChannel,
    memento: vscode.Memento,
    private readonly expansion: TreeExpansion,
  ) {
    this.pendingDeletions = new PendingDeletions(memento);
    this.services = { ...services, pendingDeletions: this.pendingDeletions };
    this.subscriptions = [
      services.connections.onDidChange(() => this.updateRoots()),
      services.marks.onDidMark(
        ({ connectionId, environmentId }) => void this.redraw(connectionId, environmentId),
      ),
      changes.onDidChange((change) => {
        this.adopting = this.adopting.then(() => this.adopt(change));
      }),
    ];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.item();
    item.id = node.id;
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    if (item.collapsibleState === Collapsed && this.expansion.isExpanded(node.id, this.opensAtFirst(node))) {
      item.collapsibleState = Expanded;
    }
    if (typeof item.label === 'string') {
      item.label = asText(item.label);
    }
    if (typeof item.description === 'string') {
      item.description = asText(item.description);
    }
    const { accessibilityInformation: spoken } = item;
    if (spoken) {
      item.accessibilityInformation = { ...spoken, label: asText(spoken.label) };
    }
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) {
      this.roots ??= this.connectionNodes();
      return [...this.roots];
    }
    try {
      const failed = this.failedPages.get(node);
      const children = await node.children();
      return failed ? [...children.filter(({ id }) => id !== `${node.id}/more`), failed] : [...children];
    } catch (error) {
      return isCancelled(error) ? [] : [this.failureRow(node, error)];
    }
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const tooltip = node.tooltip();
    if (tooltip !== undefined) {
      item.tooltip = tooltip;
    }
    return item;
  }

  /** With one connection, the tree opens to its environments. */
  private opensAtFirst(node: TreeNode): boolean {
    if (this.roots?.length !== 1) {
      return false;
    }
    const { parent } = node;
    return (
      node instanceof ConnectionNode ||
      ((node instanceof OrganizationNode || node instanceof ProjectNode) &&
        parent instanceof PagedNode &&
        parent.rowCount <= mostOpen)
    );
  }

  /** Loads a row's children again, and those of everything below it. Without a row: everything. */
  refresh(node?: TreeNode): void {
    if (node) {
      this.failedPages.delete(node);
      node.invalidate();
    } else {
      this.failedPages.clear();
      this.roots = undefined;
    }
    this.changed.fire(node);
  }

  /** Appends the next page of a list. A failure becomes the last row, and what is there stays. */
  async loadMore({ parent }: LoadMoreNode | FailureNode): Promise<void> {
    if (!(parent instanceof PagedNode)) {
      return;
    }
    this.failedPages.delete(parent);
    try {
      await parent.loadMore();
    } catch (error) {
      if (!isCancelled(error)) {
        this.failedPages.set(parent, this.failureRow(parent, error));
      }
    }
    this.changed.fire(parent);
  }

  private failureRow(parent: TreeNode, error: unknown): FailureNode {
    const action = actionFor(error, parent.connectionId);
    const id = action?.kind === 'replaceKey' ? action.connectionId : undefined;
    // The sandbox makes its own key.
    const keyless = id !== undefined && this.services.connections.get(id)?.kind === 'server' ? id : undefined;
    return new FailureNode(parent, failureText(error, this.log), keyless);
  }

  /** Tries again what a failure row stands for. */
  async retry(failure: FailureNode): Promise<void> {
    if (failure.parent && this.failedPages.get(failure.parent) === failure) {
      await this.loadMore(failure);
    } else {
      this.refresh(failure.parent);
    }
  }

  /** Resolves when the rows know all changes that were told so far. */
  settled(): Promise<void> {
    return this.adopting;
  }

  /** The row of a connection. */
  async connection(id: string): Promise<TreeNode | undefined> {
    return (await this.getChildren()).find((node) => node.connectionId === id);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.changed).dispose();
    this.roots?.forEach((node) => node.invalidate());
  }

  private connectionNodes(): ConnectionNode[] {
    return this.services.connections
      .list()
      .map((connection) => new ConnectionNode(connection, this.services));
  }

  /**
   * Keeps the rows of connections that did not change, with all that was loaded below them. To load the tree again
   * disturbs whoever moves in it: that is left out for what the rows do not show.
   */
  private updateRoots(): void {
    const before = this.roots ?? [];
    const gone = new Map(before.map((node) => [node.connectionId, node]));
    let changed = this.roots === undefined;
    this.roots = this.services.connections.list().map((connection, index) => {
      const known = gone.get(connection.id);
      gone.delete(connection.id);
      const differs = known?.adopt(connection) ?? true;
      changed ||= differs || known !== before[index];
      return known ?? new ConnectionNode(connection, this.services);
    });
    for (const node of gone.values()) {
      node.invalidate();
    }
    if (gone.size > 0) {
      this.expansion.prune(this.roots.map(({ id }) => id));
    }
    if (changed || gone.size > 0) {
      this.changed.fire(undefined);
    }
  }

  private async redraw(connectionId: string, environmentId: number): Promise<void> {
    for (const node of await this.loadedNodes(connectionId)) {
      if (node instanceof EnvironmentNode && node.environment.id === environmentId) {
        this.changed.fire(node);
      }
    }
  }

  private async adopt(change: RemoteChange): Promise<void> {
    this.pendingDeletions
      .adopt(change)
      .catch((error: unknown) => this.log.warn(`A mark is lost at the next reload: ${String(error)}`));
    for (const node of await this.loadedNodes(change.connectionId)) {
      if (change.kind === 'environments') {
        if (node instanceof OrganizationNode || node instanceof ConnectionNode) {
          this.refresh(node);
          return;
        }
      } else if (change.kind === 'environment') {
        if (node instanceof EnvironmentNode && node.environment.id === change.environment.id) {
          node.adopt(change.detail);
          this.changed.fire(node);
        }
      } else if (change.kind === 'table') {
        if (node instanceof TableNode && node.table.id === change.table.id) {
          node.adopt(change.table);
          this.changed.fire(node);
        }
      } else if (node instanceof TablesNode && node.environment.id === change.environment.id) {
        this.refresh(node);
      }
    }
  }

  private async loadedNodes(connectionId: string): Promise<TreeNode[]> {
    const found: TreeNode[] = [];
    const visit = async (nodes: readonly TreeNode[]): Promise<void> => {
      for (const node of nodes) {
        found.push(node);
        await visit(await node.loadedChildren());
      }
    };
    await visit((this.roots ?? []).filter((root) => root.connectionId === connectionId));
    return found;
  }
}
