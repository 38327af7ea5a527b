import { stableToken, timestamp } from './ids';
import { cloneJson, isJsonObject } from './json';
import type { JsonObject, JsonValue } from './json';
import { CONFIG_DEFAULTS, FIELDS, NEWER_CONFIG_DEFAULTS, hasField } from './fields/fields';
import type { Environment, Organization, Project, State, User } from './state';
import type { StoredTable } from './stored';

/** The theme that every organization without its own themes gets, whatever it wrote (API facts 4.5). */
const GLOBAL_DATA_THEME = 1;

/** The caller's membership level in the organization of an environment; null if not a member. */
export function levelOf(user: User, organizationId: string): 1 | 8 | 15 | null {
  return user.memberships.get(organizationId) ?? null;
}

/** An admin of the organization, or of the project if access control is on. */
export function isAdminOf(state: State, environment: Environment, user: User): boolean {
  const byAccess =
    state.organizations.get(environment.organizationId)?.features.has('access_control') === true &&
    user.access.get(environment.id)?.project === 'admin';
  return (levelOf(user, environment.organizationId) ?? 0) >= 8 || byAccess;
}

function computed(state: State, environment: Environment, viewer: User): JsonObject {
  const level = levelOf(viewer, environment.organizationId);
  const access = viewer.access.get(environment.id)?.project;
  return {
    id: environment.id,
    organization: environment.organizationId,
    project_id: state.generation === 'current' ? environment.id : environment.projectId,
    user_access_level: access ?? (level !== null && level >= 8 ? 'admin' : level === null ? null : 'member'),
    effective_membership_level: access === 'admin' && level === 1 ? 8 : level,
    live_events_token: stableToken('eyJzYW5kYm94IjoiZmljdGlvbmFsIn0.live', environment.id.toString()),
    is_pending_deletion: environment.pendingDeletion,
    deletion_scheduled_at:
      environment.deletedAtMs === null
        ? null
        : timestamp(new Date(environment.deletedAtMs + environment.deletionSeconds * 1000)),
    ...(isAdminOf(state, environment, viewer)
      ? { heatmaps_screenshot_secret: stableToken('phh_sandbox', environment.id.toString()) }
      : {}),
  };
}

/**
 * The object returned by retrieve, create and PATCH, secrets included (API facts 4.5).
 *
 * @param reduced `/api/projects/:id/` on documented servers
 */
export function fullEnvironment(
  state: State,
  environment: Environment,
  viewer: User,
  reduced: boolean,
): JsonObject {
  const extra = computed(state, environment, viewer);
  const themes = state.organizations.get(environment.organizationId)?.features.has('data_color_themes');
  const result: JsonObject = {};
  for (const field of FIELDS) {
    if (!hasField(field, state.generation) || (reduced && field.environmentsOnly)) {
      continue;
    }
    const stored = environment.values[field.name];
    let value = extra[field.name] ?? stored ?? (stored === null ? null : field.default);
    const defaults = CONFIG_DEFAULTS[field.name];
    if (defaults) {
      const newer = state.generation === 'current' ? NEWER_CONFIG_DEFAULTS[field.name] : {};
      value = { ...defaults, ...newer, ...(isJsonObject(value) ? value : {}) };
      if (state.generation === 'current') {
        Reflect.deleteProperty(value, 'goals');
      }
    }
    if (field.name === 'default_data_theme' && !themes) {
      value = GLOBAL_DATA_THEME;
    }
    result[field.name] = cloneJson(value);
  }
  return result;
}

const BASIC_FIELDS = [
  'id',
  'uuid',
  'organization',
  'project_id',
  'api_token',
  'name',
  'completed_snippet_onboarding',
  'has_completed_onboarding_for',
  'ingested_event',
  'is_demo',
  'timezone',
  'access_control',
];

/** The object returned by lists: no secrets (API facts 4.1). */
export function basicEnvironment(state: State, environment: Environment, viewer: User): JsonObject {
  const full = fullEnvironment(state, environment, viewer, false);
  return Object.fromEntries(BASIC_FIELDS.map((name) => [name, full[name]]));
}

/** A project of a documented server shows the settings of its first environment. */
export function projectEnvironment(state: State, project: Project): Environment | undefined {
  return state.environments.get(project.id) ?? state.environmentsOfProject(project.id)[0];
}

function projectIdentity(project: Project, environment: Environment | undefined): JsonObject {
  return {
    id: project.id,
    organization: project.organizationId,
    name: project.name,
    api_token: environment?.values.api_token ?? null,
    created_at: project.createdAt,
  };
}

/** `/api/projects/:id/` of a documented server. */
export function fullProject(
  state: State,
  project: Project,
  environment: Environment | undefined,
  viewer: User,
): JsonObject {
  const identity = projectIdentity(project, environment);
  return environment
    ? { ...fullEnvironment(state, environment, viewer, true), ...identity }
    : { ...identity, is_demo: false };
}

/** An item of `/api/projects/` on a documented server; it has no `project_id`. */
function basicProject(state: State, project: Project, viewer: User): JsonObject {
  const environment = projectEnvironment(state, project);
  const basic = environment ? basicEnvironment(state, environment, viewer) : {};
  delete basic.project_id;
  return { ...basic, ...projectIdentity(project, environment) };
}

/** The short form of a user in `created_by`. */
export function basicUser(state: State, id: number | null): JsonObject | null {
  const user = id === null ? undefined : state.users.get(id);
  return user
    ? {
        id: user.id,
        uuid: user.uuid,
        distinct_id: user.distinctId,
        first_name: user.firstName,
        last_name: user.lastName,
        email: user.email,
        is_email_verified: true,
        hedgehog_config: null,
        role_at_organization: user.role,
      }
    : null;
}

/** A warehouse table, never with its credential's secrets (API facts 2.1). */
export function table(
  state: State,
  stored: StoredTable,
  { includeColumns = true, accessLevel = 'editor' }: { includeColumns?: boolean; accessLevel?: string } = {},
): JsonObject {
  const credential: JsonValue = stored.credential
    ? {
        id: stored.credential.id,
        created_by: basicUser(state, stored.credential.createdById),
        created_at: stored.credential.createdAt,
      }
    : null;
  const shared: JsonObject = {
    id: stored.id,
    deleted: stored.deleted,
    name: stored.name,
    format: stored.format,
    created_by: basicUser(state, stored.createdById),
    created_at: stored.createdAt,
    url_pattern: stored.urlPattern,
    credential,
    columns: includeColumns
      ? stored.columns.map((column) => ({
          key: column.name,
          name: column.name,
          type: column.type,
          schema_valid: column.valid,
          fields: null,
          table: null,
          chain: null,
        }))
      : [],
    external_data_source: cloneJson(stored.source),
    external_schema: cloneJson(stored.schema),
  };
  return state.generation === 'documented'
    ? shared
    : {
        ...shared,
        options: cloneJson(stored.options),
        external_schema: stored.schema
          ? { ...cloneJson(stored.schema), label: stored.schema.name ?? null, sync_type: 'incremental' }
          : null,
        user_access_level: accessLevel,
        hogql_name: stored.hogqlName,
        created_via: stored.createdVia,
      };
}

/** Environments of an organization that a user can see. */
export function visibleEnvironments(state: State, organizationId: string, viewer: User): Environment[] {
  return state.environmentsOf(organizationId).filter((item) => maySee(item, viewer));
}

/** Members see what no rule hides from them; rules hide nothing from admins (API facts 9.3). */
export function maySee(environment: Environment, viewer: User): boolean {
  const level = levelOf(viewer, environment.organizationId);
  return level !== null && (level >= 8 || viewer.access.get(environment.id)?.project !== 'none');
}

/** The projects of an organization as the generation lists them. */
export function projectList(state: State, organizationId: string, viewer: User): JsonObject[] {
  const environments = visibleEnvironments(state, organizationId, viewer);
  if (state.generation === 'current') {
    return environments.map((item) => basicEnvironment(state, item, viewer));
  }
  if (levelOf(viewer, organizationId) === null) {
    return [];
  }
  return state.projectsOf(organizationId).map((item) => basicProject(state, item, viewer));
}

/** A full organization with the teams and projects that the caller can see (API facts 5.3). */
export function organization(state: State, item: Organization, viewer: User): JsonObject {
  return {
    id: item.id,
    name: item.name,
    slug: item.slug,
    logo_media_id: null,
    created_at: item.createdAt,
    updated_at: item.createdAt,
    membership_level: levelOf(viewer, item.id),
    plugins_access_level: 3,
    teams: visibleEnvironments(state, item.id, viewer).map((environment) =>
      basicEnvironment(state, environment, viewer),
    ),
    projects: projectList(state, item.id, viewer).map((project) => ({
      id: project.id,
      organization_id: item.id,
      name: project.name,
    })),
    available_product_features: [...item.features].map((key) => ({ key, name: key })),
    is_member_join_email_enabled: true,
    metadata: {},
    customer_id: null,
    enforce_2fa: null,
    members_can_invite: true,
    members_can_use_personal_api_keys: item.allowsPersonalApiKeys,
    allow_publicly_shared_resources: true,
  };
}
