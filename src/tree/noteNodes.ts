import * as vscode from 'vscode';
import { TreeNode } from './node';
import type { Action } from '../operations/actions';
import { commandOf } from '../ui/commandIds';

/** The reason why a row's children aren't shown, with the action that helps, if any. */
export class FailureNode extends TreeNode {
  readonly entry = undefined;

  constructor(
    parent: TreeNode,
    private readonly message: string,
    private readonly action: Action | undefined,
  ) {
    super(parent);
  }

  override get id(): string {
    return `${this.parent?.id ?? ''}/failure`;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.message);
    item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    const remedy = this.remedy();
    // Another key may have been entered in the meantime, so those rows can be retried, too.
    const retriable = this.action?.kind === 'retry' || this.action?.kind === 'replaceKey';
    item.contextValue = retriable ? 'failure' : 'note';
    let label = `Failed: ${this.message}`;
    if (remedy) {
      item.description = remedy.title;
      item.command = remedy;
      label += ` Activate to ${wordsOf(remedy)}.`;
    }
    item.accessibilityInformation = { label };
    return item;
  }

  override tooltip(): string {
    const remedy = this.remedy();
    return remedy ? `${this.message}\n\nClick to ${wordsOf(remedy)}.` : this.message;
  }

  /** The actions that a row can run. */
  private remedy(): vscode.Command | undefined {
    switch (this.action?.kind) {
      case 'replaceKey':
        return commandOf('replaceKey', 'Replace Key…', { connectionId: this.action.connectionId });
      case 'retry':
        return commandOf('retry', 'Retry', this);
      case 'showLog':
        return commandOf('showLog', 'Show Log');
      default:
        return undefined;
    }
  }
}

/** `replace key`, for the middle of a sentence. */
const wordsOf = ({ title }: vscode.Command): string => title.replace('…', '').toLowerCase();

/** A message instead of a row's children, or below them. */
export class NoteNode extends TreeNode {
  readonly entry = undefined;

  constructor(
    parent: TreeNode,
    private readonly text: string,
    private readonly icon = 'info',
  ) {
    super(parent);
  }

  override get id(): string {
    return `${this.parent?.id ?? ''}/note:${this.text}`;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem('');
    item.description = this.text;
    item.iconPath = new vscode.ThemeIcon(this.icon);
    item.contextValue = 'note';
    item.accessibilityInformation = { label: this.text };
    return item;
  }

  override tooltip(): string {
    return this.text;
  }
}

/** The last row of a list that has more pages. */
export class LoadMoreNode extends TreeNode {
  readonly entry = undefined;

  constructor(
    parent: TreeNode,
    private readonly count: number,
    private readonly total: number,
  ) {
    super(parent);
  }

  override get id(): string {
    return `${this.parent?.id ?? ''}/more`;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem('Load more…');
    item.description = `${this.count} of ${this.total}`;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.contextValue = 'more';
    item.command = commandOf('loadMore', 'Load More', this);
    item.accessibilityInformation = {
      label: `Load more, ${this.count} of ${this.total} shown`,
      role: 'button',
    };
    return item;
  }
}
