import * as vscode from 'vscode';
import { TreeNode } from './node';
import { commandOf } from '../ui/commandIds';

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
