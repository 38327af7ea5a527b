import * as vscode from 'vscode';
import { TreeNode } from './node';
import { commandOf } from '../ui/commandIds';

/** The reason why a row's children aren't shown, with the action that helps: replacing the key, or retrying. */
export class FailureNode extends TreeNode {
  readonly entry = undefined;

  constructor(
    parent: TreeNode,
    private readonly message: string,
    /** The connection that needs another key; retrying would fail the same way. */
    private readonly keyless?: string,
  ) {
    super(parent);
  }

  override get id(): string {
    return `${this.parent?.id ?? ''}/failure`;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.message);
    item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    item.contextValue = 'failure';
    const remedy = this.keyless === undefined ? 'retry' : 'replace the key';
    item.description = this.keyless === undefined ? 'Retry' : 'Replace Key…';
    item.command =
      this.keyless === undefined
        ? commandOf('retry', 'Retry', this)
        : commandOf('replaceKey', 'Replace Key…', { connectionId: this.keyless });
    item.accessibilityInformation = { label: `Failed: ${this.message} Activate to ${remedy}.` };
    return item;
  }

  override tooltip(): string {
    return `${this.message}\n\nClick to ${this.keyless === undefined ? 'retry' : 'replace the key'}.`;
  }
}

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
