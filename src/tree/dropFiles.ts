import * as vscode from 'vscode';
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
    const files = await filesIn(data);
    if (!node) {
      this.refuse('Drop files on the "Warehouse tables" row of an environment.');
    } else if (files.length === 0) {
      this.refuse(
        'These files can\'t be read from here. Use "Upload File…", or drop them from the Explorer.',
      );
    } else {
      this.drop(node, files);
    }
  }
}

async function filesIn(data: vscode.DataTransfer): Promise<vscode.Uri[]> {
  const list = (await data.get('text/uri-list')?.asString()) ?? '';
  const uris = list
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line));
  for (const [, item] of data) {
    const uri = item.asFile()?.uri;
    if (uri && !uris.some((known) => known.toString() === uri.toString())) {
      uris.push(uri);
    }
  }
  return uris;
}
