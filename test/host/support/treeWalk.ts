import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { TreeNode } from '../../../src/tree/node';
import type { HostBench } from './bench';
import { labelOf } from './tree';

/** Walks the rows below a bench's connection by label, as a user expands them. */
export class TreeWalk {
  constructor(private readonly bench: HostBench) {}

  /** The row at a path of labels; without any, the connection's own. */
  async find(...path: string[]): Promise<TreeNode> {
    const { provider } = this.bench.services;
    let node = await provider.connection(this.bench.connectionId);
    assert.ok(node, 'the connection has no row');
    for (const label of path) {
      const rows: TreeNode[] = await provider.getChildren(node);
      const found: TreeNode | undefined = rows.find((row) => labelOf(row) === label);
      assert.ok(found, `there's no "${label}" among ${rows.map(labelOf).join(', ')}`);
      node = found;
    }
    return node;
  }

  async children(...path: string[]): Promise<TreeNode[]> {
    return this.bench.services.provider.getChildren(await this.find(...path));
  }

  async labels(...path: string[]): Promise<string[]> {
    return (await this.children(...path)).map(labelOf);
  }

  async item(...path: string[]): Promise<vscode.TreeItem> {
    return this.bench.services.provider.getTreeItem(await this.find(...path));
  }

  /** Runs a command on a row. */
  async run(command: string, ...path: string[]): Promise<void> {
    await this.bench.run(command, await this.find(...path));
  }
}
