import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Directory } from '../directory/directory';
import type { Entry } from '../directory/entries';

/** What rows need. */
export interface TreeServices {
  connections: Connections;
  marks: EnvironmentMarks;
  directory: Directory;
}

/** A tree row: parent, appearance, lazily loaded children. The directory has the data. */
export abstract class TreeNode {
  /** The directory entry; a note about other rows has none. */
  abstract readonly entry: Entry | undefined;
  /** The children as last shown. */
  shown: readonly TreeNode[] = [];

  constructor(readonly parent: TreeNode | undefined) {}

  /** Unique in the tree and stable across reloads, so that expanded rows stay expanded. */
  get id(): string {
    return this.entry?.id ?? `${this.parent?.id ?? ''}/note`;
  }

  /** The row's connection. */
  get connectionId(): string | undefined {
    return this.entry?.connectionId ?? this.parent?.connectionId;
  }

  /** The tree item without its tooltip. */
  abstract item(): vscode.TreeItem;

  /** The tooltip, created on demand. */
  tooltip(): vscode.MarkdownString | string | undefined {
    return undefined;
  }

  /** The children. Rejects with the reason if the directory couldn't list them. */
  async children(): Promise<readonly TreeNode[]> {
    this.shown = await this.load();
    return this.shown;
  }

  protected async load(): Promise<readonly TreeNode[]> {
    return [];
  }
}
