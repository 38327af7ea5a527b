import * as vscode from 'vscode';
import { failureText, isCanceled } from '../connections/failures';
import type { Entry } from '../directory/entries';
import { asText } from '../json/visibleText';
import { ConnectionNode } from './connectionNodes';
import type { TreeExpansion } from './expansion';
import type { TreeNode, TreeServices } from './node';
import { LoadMoreNode } from './noteNodes';
import { PagedNode } from './pagedNode';

/** How many organizations or projects expand automatically: each costs a request. */
const mostOpen = 3;

/** Shows the directory as a tree. */
export class EnvironmentsProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private roots: readonly ConnectionNode[] = [];
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly services: TreeServices,
    private readonly log: vscode.LogOutputChannel,
    private readonly expansion: TreeExpansion,
  ) {
    this.subscription = services.directory.onDidChange(({ entry }) => {
      if (!entry) {
        this.forgetRemoved();
      }
      const row = entry && this.shownRow(entry);
      if (row || !entry) {
        this.changed.fire(row);
      }
    });
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
      this.roots = this.services.directory
        .connections()
        .map(
          (entry) =>
            this.roots.find((row) => row.entry === entry) ?? new ConnectionNode(entry, this.services),
        );
      return [...this.roots];
    }
    try {
      const children = await node.children();
      const failed = isPaged(node) ? node.list.failure : undefined;
      return failed === undefined
        ? [...children]
        : [...children.filter((row) => !(row instanceof LoadMoreNode)), await this.failureRow(node, failed)];
    } catch (error) {
      return isCanceled(error) ? [] : [await this.failureRow(node, error)];
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

  /** Reloads a row's children and everything below; without a row, everything. */
  refresh(row?: TreeNode): void {
    if (!row || row.entry) {
      this.services.directory.refresh(row?.entry);
    }
  }

  /** Loads the next page of a list. If that fails, the last row says so, and the others stay. */
  async loadMore(row: TreeNode): Promise<void> {
    if (row instanceof LoadMoreNode && isPaged(row.parent)) {
      await this.appendTo(row.parent);
    }
  }

  /** Retries what a failure row reports. */
  async retry(row: TreeNode): Promise<void> {
    const { FailureNode } = await import('./failureNode');
    if (!(row instanceof FailureNode)) {
      return;
    }
    const { parent } = row;
    if (isPaged(parent) && parent.list.failure !== undefined) {
      await this.appendTo(parent);
    } else {
      this.refresh(parent);
    }
  }

  /** Resolves when the rows reflect all announced changes. */
  settled(): Promise<void> {
    return this.services.directory.settled();
  }

  /** A connection's row. */
  async connection(id: string): Promise<TreeNode | undefined> {
    return (await this.getChildren()).find((node) => node.connectionId === id);
  }

  /** An entry's row. Loads the first page of lists above it if necessary. */
  async row(entry: Entry): Promise<TreeNode | undefined> {
    let rows: readonly TreeNode[] = await this.getChildren();
    for (;;) {
      const row = rowTowards(rows, entry);
      if (!row || row.id === entry.id) {
        return row;
      }
      rows = await row.children();
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.changed).dispose();
  }

  /** With a single connection, the tree expands to its environments. */
  private opensAtFirst({ entry, parent }: TreeNode): boolean {
    if (this.roots.length !== 1) {
      return false;
    }
    const isPlace = entry?.kind === 'organization' || entry?.kind === 'project';
    const beside = parent?.shown.filter((row) => row.entry) ?? [];
    return entry?.kind === 'connection' || (isPlace && beside.length <= mostOpen);
  }

  /** Expanded rows of removed connections no longer matter. */
  private forgetRemoved(): void {
    const ids = this.services.directory.connections().map(({ id }) => id);
    if (this.roots.some(({ id }) => !ids.includes(id))) {
      this.expansion.prune(ids);
    }
  }

  /** An entry's row, if the tree shows it. */
  private shownRow(entry: Entry): TreeNode | undefined {
    let row = rowTowards(this.roots, entry);
    while (row && row.id !== entry.id) {
      row = rowTowards(row.shown, entry);
    }
    return row;
  }

  private async appendTo(parent: PagedNode): Promise<void> {
    try {
      await parent.list.loadMore();
    } catch {
      // The list knows the reason and shows it below its rows.
    }
    this.changed.fire(parent);
  }

  /** Failure rows are loaded with the first failure. */
  private async failureRow(parent: TreeNode, error: unknown): Promise<TreeNode> {
    const [{ FailureNode }, { lastingActionFor }] = await Promise.all([
      import('./failureNode'),
      import('../operations/actions'),
    ]);
    const action = lastingActionFor(error, parent.connectionId);
    // The sandbox creates its own key when it's requested again.
    const isSandbox =
      action?.kind === 'replaceKey' && this.services.connections.get(action.connectionId)?.kind !== 'server';
    return new FailureNode(parent, failureText(error, this.log), isSandbox ? { kind: 'retry' } : action);
  }
}

/** The row of an entry, or of its nearest ancestor that has one. */
const rowTowards = (rows: readonly TreeNode[], { id }: Entry): TreeNode | undefined =>
  rows.find((row) => row.id === id || id.startsWith(`${row.id}/`));

const isPaged = (row: TreeNode | undefined): row is PagedNode => row instanceof PagedNode;
