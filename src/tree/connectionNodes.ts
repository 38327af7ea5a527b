import * as vscode from 'vscode';
import type {
  ConnectionEntry,
  EnvironmentEntry,
  OrganizationEntry,
  ProjectEntry,
} from '../directory/entries';
import type { PagedList } from '../directory/pagedList';
import { mayCreate } from '../directory/rules';
import { tooltipOf } from '../ui/markdown';
import { EnvironmentNode, ProjectNode } from './environmentNodes';
import type { TreeNode, TreeServices } from './node';
import { PagedNode } from './pagedNode';

/** A PostHog host with a key. */
export class ConnectionNode extends PagedNode<OrganizationEntry | ProjectEntry | EnvironmentEntry> {
  protected readonly emptyText = "This key can't access any organizations";

  constructor(
    readonly entry: ConnectionEntry,
    services: TreeServices,
  ) {
    super(undefined, services);
  }

  get list(): PagedList<OrganizationEntry | ProjectEntry | EnvironmentEntry> {
    return this.services.directory.list(this.entry);
  }

  item(): vscode.TreeItem {
    const { label, kind, origin } = this.entry.connection;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = kind === 'sandbox' ? 'local example data' : origin.replace(/^https:\/\//, '');
    item.iconPath = new vscode.ThemeIcon(kind === 'sandbox' ? 'beaker' : 'plug');
    item.contextValue = `connection refreshable ${kind}`;
    item.accessibilityInformation = { label: `Connection ${label}, ${item.description}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { label, kind, origin, access, profile } = this.entry.connection;
    return tooltipOf(label, [
      ['Address', kind === 'sandbox' ? 'served by this extension while VS Code is running' : origin],
      ['Server generation', profile?.generation],
      ['Key scopes', access?.scopes ? access.scopes.join(', ') || 'none' : undefined],
      ['Limited to environments', access?.scopedTeams.join(', ')],
      ['Limited to organizations', access?.scopedOrganizations.join(', ')],
    ]);
  }

  protected rowOf(entry: OrganizationEntry | ProjectEntry | EnvironmentEntry): TreeNode {
    return entry.kind === 'organization'
      ? new OrganizationNode(this, entry, this.services)
      : entry.kind === 'project'
        ? new ProjectNode(this, entry, this.services)
        : new EnvironmentNode(this, entry, this.services);
  }
}

/** An organization. On current servers, its projects are the environments. */
class OrganizationNode extends PagedNode<ProjectEntry | EnvironmentEntry> {
  protected readonly emptyText = "This key can't access any environments";

  constructor(
    parent: TreeNode,
    readonly entry: OrganizationEntry,
    services: TreeServices,
  ) {
    super(parent, services);
  }

  get list(): PagedList<ProjectEntry | EnvironmentEntry> {
    return this.services.directory.list(this.entry);
  }

  item(): vscode.TreeItem {
    const { name, membership_level } = this.entry.organization;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = roles[membership_level ?? 0] ?? '';
    item.iconPath = new vscode.ThemeIcon('organization');
    const creatable = mayCreate(this.services.connections, this.entry.connectionId);
    item.contextValue = `organization refreshable${creatable ? ' creatable' : ''}`;
    item.accessibilityInformation = { label: `Organization ${name}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { id, name, membership_level } = this.entry.organization;
    return tooltipOf(name, [
      ['Your role', membership_level === undefined ? undefined : roles[membership_level]],
      ['ID', id],
    ]);
  }

  protected rowOf(entry: ProjectEntry | EnvironmentEntry): TreeNode {
    return entry.kind === 'project'
      ? new ProjectNode(this, entry, this.services)
      : new EnvironmentNode(this, entry, this.services);
  }
}

/** API facts 5.3. */
const roles: Readonly<Record<number, string>> = { 1: 'member', 8: 'admin', 15: 'owner' };
