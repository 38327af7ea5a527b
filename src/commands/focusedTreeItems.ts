import * as vscode from 'vscode';
import type { TreeNode } from '../tree/node';

/** The argument that the tree's key bindings in the manifest pass to their commands. */
export const byKeyboard = 'byKeyboard';

/**
 * The rows a key was pressed on: the focused row, or the whole selection if it includes the focus. VS Code only tells
 * extensions the selection, but the arrow keys move only the focus. Toggling the focused row's selection twice reveals
 * which one it is, without opening anything.
 */
export async function focusedRows({
  tree,
}: {
  tree: Pick<vscode.TreeView<TreeNode>, 'selection'>;
}): Promise<readonly TreeNode[]> {
  const before = [...tree.selection];
  await vscode.commands.executeCommand('list.toggleSelection');
  const after = [...tree.selection];
  await vscode.commands.executeCommand('list.toggleSelection');
  const added = after.find((row) => !before.includes(row));
  return added ? [added] : before;
}
