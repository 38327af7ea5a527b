import type * as vscode from 'vscode';
import type { TreeNode } from './node';
import { TablesNode } from './tableNodes';

/** Accepts files dropped on *Warehouse tables* or a row below it. The caller decides what to do with them. */
export class FileDrop implements vscode.TreeDragAndDropController<TreeNode> {
  readonly dropMimeTypes = ['text/uri-list', 'files'];
  readonly dragMimeTypes = [];

  constructor(
    private readonly drop: (tables: TablesNode, files: readonly vscode.Uri[]) => unknown,
    private readonly refuse: (message: string) => unknown,
  ) {}

  async handleDrop(target: TreeNode | undefined, data: vscode.DataTransfer): Promise<void> {
    let node = target;
    while (node && !(node instanceof TablesNode)) {
      node = node.parent;
    }
    const { droppedElsewhere, droppedFiles, notReadable } = await import('./droppedFiles');
    const files = await droppedFiles(data);
    if (!node) {
      this.refuse(droppedElsewhere);
    } else if (files.length === 0) {
      this.refuse(notReadable);
    } else {
      this.drop(node, files);
    }
  }
}
