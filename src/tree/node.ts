import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Directory } from '../directory/directory';
import type { Entry } from '../directory/entries';

/** What rows are drawn with. */
export interface TreeServices {
  connections: Connections;
  marks: EnvironmentMarks;
  directory: Directory;
}

/** One row of the tree: its place and its look. What it stands for is the directory's. */
export abstract class TreeNode {
  /** What the row stands for; a note about other rows stands for nothing. */
  abstract readonly entry: Entry | undefined;
  /** The rows below this one as they were last shown. */
  shown: readonly TreeNode[] = [];

  constructor(readonly parent: TreeNode | undefined) {}

  /** Unique in the tree and the same over reloads, so that what was expanded stays expanded. */
  get id(): string {
    return this.entry?.id ?? `${this.parent?.id ?? ''}/note`;
  }

  /** The connection that the row belongs to. */
  get connectionId(): string | undefined {
    return this.entry?.connectionId ?? this.parent?.connectionId;
  }

  /** The row without its tooltip. */
  abstract item(): vscode.TreeItem;

  /** The tooltip, made when it is looked at. */
  tooltip(): vscode.MarkdownString | string | undefined {
    return undefined;
  }

  /** The rows below this one. Rejects with the reason why the directory could not list them. */
  async children(): Promise<readonly TreeNode[]> {
    this.shown = await this.load();
    return this.shown;
  }

  protected async load(): Promise<readonly TreeNode[]> {
    return [];
  }
}
