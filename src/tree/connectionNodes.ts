import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentBasic, Organization, Page, PageRequest } from '../posthog/models';
import { tooltipOf } from '../ui/markdown';
import { EnvironmentNode, mayCreate, ProjectNode } from './environmentNodes';
import type { TreeNode } from './node';
import type { TreeServices } from './node';
import { NoteNode } from './noteNodes';
import { PagedNode } from './pagedNode';

/** What a connection lists: organizations, or what is in them where the key may not list organizations. */
type Listed =
  | { organization: Organization }
  | { project: EnvironmentBasic }
  | { environment: EnvironmentBasic }
  | { refused: readonly number[] }
  | { left: number };

/** Environments that are asked for one by one, with a request each. */
const mostScoped = 200;
const scopedAtOnce = 10;

/** One PostHog host with one key. */
export class ConnectionNode extends PagedNode<Listed> {
  readonly id: string;
  protected readonly emptyText = 'No organizations that this key may see';

  constructor(
    private connection: Connection,
    services: TreeServices,
  ) {
    super(undefined, services);
    this.id = `c:${connection.id}`;
  }

  override get connectionId(): string {
    return this.connection.id;
  }

  /**
   * Shows another state of the same connection.
   *
   * @returns whether its row or what is below it looks different now
   */
  adopt(connection: Connection): boolean {
    const before = this.connection;
    this.connection = connection;
    const otherKey =
      before.access !== undefined && JSON.stringify(before.access) !== JSON.stringify(connection.access);
    if (before.origin !== connection.origin || otherKey) {
      this.invalidate();
      return true;
    }
    // Menus offer what the server is known to let keys do.
    const actions = [before, connection].map(({ profile }) => JSON.stringify(profile?.schemaActions));
    return before.label !== connection.label || actions[0] !== actions[1];
  }

  item(): vscode.TreeItem {
    const { label, kind, origin } = this.connection;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = kind === 'sandbox' ? 'local example data' : origin.replace(/^https:\/\//, '');
    item.iconPath = new vscode.ThemeIcon(kind === 'sandbox' ? 'beaker' : 'plug');
    item.contextValue = `connection refreshable ${kind}`;
    item.accessibilityInformation = { label: `Connection ${label}, ${item.description}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { label, kind, origin, access, profile } = this.connection;
    return tooltipOf(label, [
      ['Address', kind === 'sandbox' ? 'served by this extension while VS Code runs' : origin],
      ['Server generation', profile?.generation],
      ['Scopes of the key', access?.scopes ? access.scopes.join(', ') || 'none' : undefined],
      ['Limited to environments', access?.scopedTeams.join(', ')],
      ['Limited to organizations', access?.scopedOrganizations.join(', ')],
    ]);
  }

  protected async fetchPage(page: PageRequest, signal: AbortSignal): Promise<Page<Listed>> {
    const client = await this.services.connections.client(this.connection.id);
    // What the key may do decides what can be listed, and is said before it is tried.
    const access =
      this.connection.access ?? (await this.services.connections.refreshAccess(this.connection.id, signal));
    const teams = access.scopedTeams;
    if (teams.length > 0) {
      return scopedEnvironments(client, teams, signal);
    }
    try {
      const found = await client.listOrganizations(page, signal);
      return { ...found, items: found.items.map((organization) => ({ organization })) };
    } catch (error) {
      if (!isPostHogError(error) || error.kind !== 'missing-scope') {
        throw error;
      }
      const found = await client.listProjects(page, signal);
      const nested = await isNested(client, found.items[0], signal);
      return {
        ...found,
        items: found.items.map((one) => (nested ? { project: one } : { environment: one })),
      };
    }
  }

  protected rowsOf(items: readonly Listed[]): readonly TreeNode[] {
    return items.map((item) => {
      if ('organization' in item) {
        return new OrganizationNode(this, item.organization, this.services);
      }
      if ('refused' in item) {
        return new NoteNode(this, `This key can't access environments ${item.refused.join(', ')}`, 'warning');
      }
      if ('left' in item) {
        const text = `The list is incomplete: the key names ${item.left} more environments`;
        return new NoteNode(this, text, 'warning');
      }
      return 'project' in item
        ? new ProjectNode(this, item.project.id, item.project.name, this.services)
        : new EnvironmentNode(this, item.environment, this.services);
    });
  }
}

/** Whether the server has environments inside of projects; it is asked once, about one of its projects. */
async function isNested(
  client: PostHogClient,
  sample: EnvironmentBasic | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (!client.profile && sample) {
    await client.detect({ projectId: sample.project_id, environmentId: sample.id }, signal);
  }
  return client.profile?.generation === 'documented';
}

/** A project-scoped key can list nothing: its environments are asked for one by one (API facts 1.4). */
async function scopedEnvironments(
  client: PostHogClient,
  teams: readonly number[],
  signal: AbortSignal,
): Promise<Page<Listed>> {
  const refused = new Map<number, PostHogError>();
  const look = async (id: number): Promise<Listed[]> => {
    try {
      return [{ environment: await client.getEnvironment({ id, projectId: id }, signal) }];
    } catch (error) {
      if (!isPostHogError(error) || !['not-found', 'forbidden', 'key-restricted'].includes(error.kind)) {
        throw error;
      }
      // The key outlives an environment that was deleted.
      if (error.kind !== 'not-found') {
        refused.set(id, error);
      }
      return [];
    }
  };
  const items: Listed[] = [];
  const asked = teams.slice(0, mostScoped);
  for (let start = 0; start < asked.length; start += scopedAtOnce) {
    const found = await Promise.all(asked.slice(start, start + scopedAtOnce).map(look));
    items.push(...found.flat());
  }
  const total = items.length;
  const [refusal] = refused.values();
  if (refusal && total === 0) {
    throw refusal;
  }
  if (refusal) {
    items.push({ refused: [...refused.keys()] });
  }
  if (teams.length > asked.length) {
    items.push({ left: teams.length - asked.length });
  }
  return { items, total, nextOffset: undefined, unreadable: 0 };
}

/** One organization. On today's servers its projects are the environments. */
export class OrganizationNode extends PagedNode<EnvironmentBasic> {
  readonly id: string;
  protected readonly emptyText = 'No environments that this key may see';
  private nested = false;
  /** The organization is as old as the list it came with, and that list is older than this row's children. */
  private stale = false;

  constructor(
    override readonly parent: ConnectionNode,
    private current: Organization,
    services: TreeServices,
  ) {
    super(parent, services);
    this.id = `${parent.id}/o:${current.id}`;
  }

  override get connectionId(): string {
    return this.parent.connectionId;
  }

  get organization(): Organization {
    return this.current;
  }

  get organizationId(): string {
    return this.current.id;
  }

  override invalidate(): void {
    super.invalidate();
    this.stale = true;
  }

  item(): vscode.TreeItem {
    const { name, membership_level } = this.organization;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = roles[membership_level ?? 0] ?? '';
    item.iconPath = new vscode.ThemeIcon('organization');
    const creatable = mayCreate(this.services, this.connectionId);
    item.contextValue = `organization refreshable${creatable ? ' creatable' : ''}`;
    item.accessibilityInformation = { label: `Organization ${name}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { id, name, membership_level } = this.organization;
    return tooltipOf(name, [
      ['Your role', membership_level === undefined ? undefined : roles[membership_level]],
      ['ID', id],
    ]);
  }

  protected async fetchPage(page: PageRequest, signal: AbortSignal): Promise<Page<EnvironmentBasic>> {
    const client = await this.services.connections.client(this.connectionId);
    const found = await client.listProjects({ organizationId: this.organization.id, ...page }, signal);
    this.nested = await isNested(client, this.current.teams[0] ?? found.items[0], signal);
    if (this.nested && this.stale) {
      // How many environments a project has stands only in the organization.
      this.current = await client.getOrganization(this.current.id, signal);
    }
    this.stale = false;
    return found;
  }

  protected rowsOf(projects: readonly EnvironmentBasic[]): readonly TreeNode[] {
    return projects.map((project) => {
      if (!this.nested) {
        return new EnvironmentNode(this, project, this.services);
      }
      const teams = this.organization.teams.filter(({ project_id }) => project_id === project.id);
      const [only] = teams;
      return only && teams.length === 1
        ? new EnvironmentNode(this, only, this.services)
        : new ProjectNode(this, project.id, project.name, this.services);
    });
  }
}

/** API facts 5.3. */
const roles: Readonly<Record<number, string>> = { 1: 'member', 8: 'admin', 15: 'owner' };
