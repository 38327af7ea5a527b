import * as vscode from 'vscode';
import type { History } from '../../operations/history/history';
import type { HistoryServices } from './historyServices';
import type { HistoryRow, HistoryView } from './historyView';

/** The history and its view, loaded with the first write or when first shown. */
export class LazyHistory implements vscode.TreeDataProvider<HistoryRow>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<HistoryRow | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly tree: vscode.TreeView<HistoryRow>;
  private loaded: Promise<HistoryView> | undefined;

  constructor(private readonly services: HistoryServices) {
    this.tree = vscode.window.createTreeView('posthogEnvironments.history', { treeDataProvider: this });
  }

  async history(): Promise<History> {
    return (await this.view()).history;
  }

  view(): Promise<HistoryView> {
    return (this.loaded ??= import('./historyView').then(
      ({ HistoryView }) => new HistoryView(this.services, this.tree, () => this.changed.fire(undefined)),
    ));
  }

  async getChildren(row?: HistoryRow): Promise<HistoryRow[]> {
    return (await this.view()).children(row);
  }

  /** Rows only come from a loaded view. */
  async getTreeItem(row: HistoryRow): Promise<vscode.TreeItem> {
    return (await this.view()).item(row);
  }

  async resolveTreeItem(item: vscode.TreeItem, row: HistoryRow): Promise<vscode.TreeItem> {
    return (await this.view()).resolve(item, row);
  }

  dispose(): void {
    this.tree.dispose();
    this.changed.dispose();
    void this.loaded?.then((view) => view.dispose());
  }
}
