import * as vscode from 'vscode';
import type { EnvironmentBasic, EnvironmentRef, Page, PageRequest } from '../posthog/models';
import { settingsGroups, type SettingsGroup } from '../settings/groups';
import { tooltipOf } from '../ui/markdown';
import { isAhead, shortTime } from '../ui/times';
import { TreeNode, type TreeServices } from './node';
import { PagedNode } from './pagedNode';
import { TablesNode } from './tableNodes';
import { commandOf } from '../ui/commandIds';

/** Whether the key may create environments, as far as is known: one limited to some of them cannot (API facts 1.4). */
export function mayCreate({ connections }: Pick<TreeServices, 'connections'>, connectionId: string): boolean {
  const connection = connections.get(connectionId);
  const limited = (connection?.access?.scopedTeams.length ?? 0) > 0;
  return (
    connections.may(connectionId, 'project:write') !== false &&
    (!limited || connection?.profile?.generation === 'documented')
  );
}

/** A project of a documented server that holds several environments. */
export class ProjectNode extends PagedNode<EnvironmentBasic> {
  readonly id: string;
  protected readonly emptyText = 'No environments';

  constructor(
    override readonly parent: TreeNode & {
      readonly connectionId: string;
      readonly organizationId?: string | undefined;
    },
    readonly projectId: number,
    readonly name: string,
    services: TreeServices,
  ) {
    super(parent, services);
    this.id = `${parent.id}/p:${projectId}`;
  }

  override get connectionId(): string {
    return this.parent.connectionId;
  }

  get organizationId(): string | undefined {
    return this.parent.organizationId;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = String(this.projectId);
    item.iconPath = new vscode.ThemeIcon('project');
    const creatable = mayCreate(this.services, this.connectionId);
    item.contextValue = `project refreshable${creatable ? ' creatable' : ''}`;
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    return tooltipOf(this.name, [['Project ID', String(this.projectId)]]);
  }

  protected async fetchPage(page: PageRequest, signal: AbortSignal): Promise<Page<EnvironmentBasic>> {
    const client = await this.services.connections.client(this.connectionId);
    return client.listEnvironments({ projectId: this.projectId, ...page }, signal);
  }

  protected rowsOf(environments: readonly EnvironmentBasic[]): readonly TreeNode[] {
    return environments.map((environment) => new EnvironmentNode(this, environment, this.services));
  }
}

/** One environment: what carries the settings and the tables. */
export class EnvironmentNode extends TreeNode {
  readonly id: string;

  constructor(
    override readonly parent: TreeNode & {
      readonly connectionId: string;
      readonly organizationId?: string | undefined;
    },
    private current: EnvironmentBasic,
    private readonly services: TreeServices,
  ) {
    super(parent);
    this.id = `${parent.id}/e:${current.id}`;
    services.marks.see(this.connectionId, current.id, current.name);
  }

  override get connectionId(): string {
    return this.parent.connectionId;
  }

  get basic(): EnvironmentBasic {
    return this.current;
  }

  get environment(): EnvironmentRef {
    const organizationId = this.current.organization ?? this.parent.organizationId;
    return {
      id: this.current.id,
      projectId: this.current.project_id,
      ...(organizationId !== undefined && { organizationId }),
    };
  }

  /** Shows another state of the same environment. */
  adopt(environment: EnvironmentBasic): void {
    this.current = environment;
    this.services.marks.see(this.connectionId, environment.id, environment.name);
  }

  /** Whether a save of its documents asks first. */
  get isProtected(): boolean {
    const connection = this.services.connections.get(this.connectionId);
    return (
      connection !== undefined &&
      this.services.marks.isProtected(connection, this.current.id, this.current.name)
    );
  }

  item(): vscode.TreeItem {
    const { id, name, timezone, is_demo } = this.current;
    const known = this.services.pendingDeletions.get(this.connectionId, id);
    const scheduledAt = this.current.deletion_scheduled_at ?? known?.scheduledAt;
    const isPending = this.current.is_pending_deletion === true || scheduledAt !== undefined || !!known;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const mayWrite = this.services.connections.may(this.connectionId, 'project:write') !== false;
    item.description = [
      scheduledAt !== undefined && isAhead(scheduledAt)
        ? `deletion on ${shortTime(scheduledAt)}`
        : isPending
          ? 'being deleted'
          : undefined,
      String(id),
      timezone,
      is_demo ? 'demo' : undefined,
    ]
      .filter(Boolean)
      .join(' · ');
    const { isProtected } = this;
    item.iconPath = new vscode.ThemeIcon(isPending ? 'trash' : isProtected ? 'lock' : 'layers');
    item.contextValue = [
      'environment refreshable',
      ...(mayWrite && !isPending ? ['writable'] : []),
      ...(mayCreate(this.services, this.connectionId) ? ['creatable'] : []),
      ...(isPending ? ['pending'] : []),
      isProtected ? 'protected' : 'unprotected',
    ].join(' ');
    item.accessibilityInformation = {
      label: `${isProtected ? 'Protected environment' : 'Environment'} ${name}, ${item.description}`,
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { id, name, timezone, project_id, uuid, api_token } = this.current;
    return tooltipOf(name, [
      ['Environment ID', String(id)],
      ['Project ID', project_id === id ? undefined : String(project_id)],
      ['Time zone', timezone],
      ['', this.isProtected ? 'Protected: a save asks first.' : undefined],
      ['Project token (public)', api_token],
      ['UUID', uuid],
    ]);
  }

  protected override async load(): Promise<readonly TreeNode[]> {
    return [new SettingsNode(this), new TablesNode(this, this.services)];
  }
}

/** *Settings* of an environment. Opens the settings document; its children are the groups of fields. */
export class SettingsNode extends TreeNode {
  readonly id: string;

  constructor(override readonly parent: EnvironmentNode) {
    super(parent);
    this.id = `${parent.id}/settings`;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem('Settings', vscode.TreeItemCollapsibleState.Collapsed);
    item.iconPath = new vscode.ThemeIcon('settings-gear');
    item.contextValue = 'settings';
    item.command = commandOf('openSettings', 'Open Environment Settings', this);
    return item;
  }

  override tooltip(): string {
    return `Settings of ${this.parent.basic.name} as a JSON document`;
  }

  protected override async load(): Promise<readonly TreeNode[]> {
    return settingsGroups.map((group) => new GroupNode(this, group));
  }
}

/** A group of settings. Opens the document at the group's first field. */
export class GroupNode extends TreeNode {
  readonly id: string;

  constructor(
    override readonly parent: SettingsNode,
    readonly group: SettingsGroup,
  ) {
    super(parent);
    this.id = `${parent.id}/g:${group.id}`;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.group.title);
    item.iconPath = new vscode.ThemeIcon(this.group.icon);
    item.contextValue = 'group';
    item.command = commandOf('openSettingsGroup', 'Open Settings Group', this);
    return item;
  }

  override tooltip(): string {
    return `${this.group.title} settings of ${this.parent.parent.basic.name}`;
  }
}
