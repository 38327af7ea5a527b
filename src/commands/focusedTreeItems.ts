import * as vscode from 'vscode';
import type { TreeNode } from '../tree/node';

/** The argument that the manifest's key bindings of the tree give to their commands. */
export const byKeyboard = 'byKeyboard';

/**
 * The rows a key was pressed on: the focused one, or the whole selection when the focus is in it. VS Code tells
 * extensions the selection only, and the arrow keys move the focus alone; toggling the focused row in the selection,
 * twice, shows which it is. Nothing is opened by it.
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
