import * as vscode from 'vscode';
import type { ReadOnlyReason } from '../connections/environmentMarks';
import {
  groupEntry,
  settingsEntry,
  tablesEntry,
  type EnvironmentEntry,
  type GroupEntry,
  type ProjectEntry,
  type SettingsEntry,
} from '../directory/entries';
import type { PagedList } from '../directory/pagedList';
import { mayCreate } from '../directory/rules';
import { settingsGroups } from '../settings/groups';
import { commandOf } from '../ui/commandIds';
import { tooltipOf } from '../ui/markdown';
import { protectedText } from '../ui/protectedText';
import { isAhead, shortTime } from '../ui/times';
import { TreeNode, type TreeServices } from './node';
import { PagedNode } from './pagedNode';
import { TablesNode } from './tableNodes';

/** A project with several environments, on a documented server. */
export class ProjectNode extends PagedNode<EnvironmentEntry> {
  protected readonly emptyText = 'No environments';

  constructor(
    parent: TreeNode,
    readonly entry: ProjectEntry,
    services: TreeServices,
  ) {
    super(parent, services);
  }

  get list(): PagedList<EnvironmentEntry> {
    return this.services.directory.list(this.entry);
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.entry.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = String(this.entry.projectId);
    item.iconPath = new vscode.ThemeIcon('project');
    const creatable = mayCreate(this.services.connections, this.entry.connectionId);
    item.contextValue = `project refreshable${creatable ? ' creatable' : ''}`;
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    return tooltipOf(this.entry.name, [['Project ID', String(this.entry.projectId)]]);
  }

  protected rowOf(entry: EnvironmentEntry): TreeNode {
    return new EnvironmentNode(this, entry, this.services);
  }
}

/** An environment, with its settings and tables. */
export class EnvironmentNode extends TreeNode {
  private readonly rows: readonly TreeNode[];

  constructor(
    parent: TreeNode,
    readonly entry: EnvironmentEntry,
    private readonly services: TreeServices,
  ) {
    super(parent);
    this.rows = [
      new SettingsNode(this, settingsEntry(entry)),
      new TablesNode(this, tablesEntry(entry), services),
    ];
  }

  /** Whether saving its documents asks first. */
  get isProtected(): boolean {
    const { basic } = this.entry;
    const connection = this.services.connections.get(this.entry.connectionId);
    return connection !== undefined && this.services.marks.isProtected(connection, basic.id, basic.name);
  }

  /** Why nothing can be saved to it. */
  get whyReadOnly(): ReadOnlyReason | undefined {
    return this.services.connections.whyReadOnly(this.entry.connectionId, this.entry.basic.id);
  }

  item(): vscode.TreeItem {
    const { basic, connectionId } = this.entry;
    const { connections, directory } = this.services;
    const { id, name, timezone, is_demo } = basic;
    const known = directory.pendingDeletions.get(connectionId, id);
    const scheduledAt = basic.deletion_scheduled_at ?? known?.scheduledAt;
    const isPending = basic.is_pending_deletion === true || scheduledAt !== undefined || !!known;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const { isProtected, whyReadOnly } = this;
    const mayWrite = connections.may(connectionId, 'project:write') !== false && !whyReadOnly;
    item.description = [
      scheduledAt !== undefined && isAhead(scheduledAt)
        ? `deletion on ${shortTime(scheduledAt)}`
        : isPending
          ? 'being deleted'
          : undefined,
      String(id),
      timezone,
      is_demo ? 'demo' : undefined,
      whyReadOnly && 'read-only',
    ]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = new vscode.ThemeIcon(isPending ? 'trash' : isProtected ? 'lock' : 'layers');
    item.contextValue = [
      'environment refreshable',
      ...(mayWrite && !isPending ? ['writable'] : []),
      ...(mayCreate(connections, connectionId) ? ['creatable'] : []),
      ...(isPending ? ['pending'] : []),
      isProtected ? 'protected' : 'unprotected',
      ...(whyReadOnly?.isHere ? ['kept'] : []),
    ].join(' ');
    item.accessibilityInformation = {
      label: `${isProtected ? 'Protected environment' : 'Environment'} ${name}, ${item.description}`,
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { id, name, timezone, project_id, uuid, api_token } = this.entry.basic;
    return tooltipOf(name, [
      ['Environment ID', String(id)],
      ['Project ID', project_id === id ? undefined : String(project_id)],
      ['Time zone', timezone],
      ['', this.whyReadOnly?.what ?? (this.isProtected ? protectedText() : undefined)],
      ['Project token (public)', api_token],
      ['UUID', uuid],
    ]);
  }

  protected override async load(): Promise<readonly TreeNode[]> {
    return this.rows;
  }
}

/** *Settings* of an environment. Opens the settings document; its children are the groups of fields. */
class SettingsNode extends TreeNode {
  constructor(
    parent: TreeNode,
    readonly entry: SettingsEntry,
  ) {
    super(parent);
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem('Settings', vscode.TreeItemCollapsibleState.Collapsed);
    item.iconPath = new vscode.ThemeIcon('settings-gear');
    item.contextValue = 'settings';
    item.command = commandOf('openSettings', 'Open Environment Settings', this);
    return item;
  }

  override tooltip(): string {
    return `Settings of ${this.entry.parent.basic.name} as a JSON document`;
  }

  protected override async load(): Promise<readonly TreeNode[]> {
    return settingsGroups.map((group) => new GroupNode(this, groupEntry(this.entry, group)));
  }
}

/** A group of settings. Opens the document at the group's first field. */
class GroupNode extends TreeNode {
  constructor(
    parent: TreeNode,
    readonly entry: GroupEntry,
  ) {
    super(parent);
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.entry.group.title);
    item.iconPath = new vscode.ThemeIcon(this.entry.group.icon);
    item.contextValue = 'group';
    item.command = commandOf('openSettingsGroup', 'Open Settings Group', this);
    return item;
  }

  override tooltip(): string {
    return `${this.entry.group.title} settings of ${this.entry.parent.parent.basic.name}`;
  }
}
