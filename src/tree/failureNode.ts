import * as vscode from 'vscode';
import { actionLabels, type Action } from '../operations/actions';
import { commandOf } from '../ui/commandIds';
import { TreeNode } from './node';

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
    // The key may have been replaced in the meantime, so those rows can be retried too.
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
        return commandOf('replaceKey', actionLabels.replaceKey, { connectionId: this.action.connectionId });
      case 'retry':
        return commandOf('retry', actionLabels.retry, this);
      case 'showLog':
        return commandOf('showLog', actionLabels.showLog);
      default:
        return undefined;
    }
  }
}

/** `replace key`, for the middle of a sentence. */
const wordsOf = ({ title }: vscode.Command): string => title.replace('…', '').toLowerCase();
