import { ApiError, forbidden, notFound, unauthenticated } from './errors';
import { isJsonObject } from './json';
import { levelOf, maySee, visibleEnvironments } from './present';
import type { SandboxRequest } from './request';
import type { ApiKey, Environment, Organization, Project, State, User } from './state';

/** Where the key was found, as the 401 message names it. */
type KeyPlace = 'Authorization header' | 'body' | 'query string';

/**
 * Identifies the caller: key in the header, then the body, then the query (API facts 1.3).
 *
 * @throws 401 for a missing, unknown or revoked key, or a key of another kind
 */
export async function authenticate(
  state: State,
  request: SandboxRequest,
): Promise<{ key: ApiKey; user: User }> {
  const found = await findKey(request);
  if (!found) {
    await refuseProjectToken(state, request);
    throw unauthenticated('not_authenticated', 'Authentication credentials were not provided.');
  }
  const key = state.keys.find((item) => item.value === found.value && !item.revoked);
  const user = key ? state.users.get(key.userId) : undefined;
  if (!key || !user) {
    throw unauthenticated(
      'authentication_failed',
      `Personal API key found in request ${found.place} is invalid.`,
    );
  }
  await refuseProjectToken(state, request);
  return { key, user };
}

async function findKey(request: SandboxRequest): Promise<{ value: string; place: KeyPlace } | undefined> {
  const bearer = /^Bearer\s+(\S.*?)\s*$/i.exec(request.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    return { value: bearer, place: 'Authorization header' };
  }
  const fromQuery = request.query.get('personal_api_key');
  const fromBody = await bodyText(request, 'personal_api_key');
  if (fromBody !== undefined) {
    return { value: fromBody, place: 'body' };
  }
  return fromQuery ? { value: fromQuery, place: 'query string' } : undefined;
}

/** A string field of the body. An unparsable body is ignored here: the endpoint reports it if it reads the body. */
async function bodyText(request: SandboxRequest, name: string): Promise<string | undefined> {
  const isParsed = /json|x-www-form-urlencoded|multipart\/form-data/i.test(
    request.header('content-type') ?? '',
  );
  if (request.method === 'GET' || !isParsed) {
    return undefined;
  }
  try {
    const body = await request.body();
    const value = isJsonObject(body) && Object.hasOwn(body, name) ? body[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch (error) {
    if (error instanceof ApiError) {
      return undefined;
    }
    throw error;
  }
}

/** Treats a `token` parameter as a project token; an unknown one is a 401 (API facts 1.1). */
async function refuseProjectToken(state: State, request: SandboxRequest): Promise<void> {
  const token = request.query.get('token') ?? (await bodyText(request, 'token'));
  if (token === undefined) {
    return;
  }
  const known = [...state.environments.values()].some((item) => item.values.api_token === token);
  if (!known) {
    throw unauthenticated(
      'authentication_failed',
      'Project API key invalid. You can find your project API key in your PostHog project settings.',
    );
  }
}

/** 403 for an action that declares no scopes, even with `*` (API facts 1.4). */
export function refuseKeys(state: State): never {
  throw forbidden(
    state.generation === 'current'
      ? 'This action does not support personal API key access'
      : 'This action does not support Personal API Key access',
  );
}

/** Whether the key has a scope. Write implies read; `*` and legacy keys have every scope. */
function hasScope(key: ApiKey, scope: string): boolean {
  if (key.scopes === null || key.scopes.includes('*') || key.scopes.includes(scope)) {
    return true;
  }
  return scope.endsWith(':read') && key.scopes.includes(scope.replace(/:read$/, ':write'));
}

/** @throws 403 naming the missing scope */
export function requireScope(key: ApiKey, scope: string): void {
  if (!hasScope(key, scope)) {
    throw forbidden(`API key missing required scope '${scope}'`);
  }
}

/** @throws 403 if the key is limited to other projects or organizations, or keys of its kind are banned */
export function checkEnvironmentScoping(
  state: State,
  key: ApiKey,
  environments: readonly Environment[],
): void {
  const ids = environments.map((item) => item.id);
  const organizationId = environments[0]?.organizationId;
  if (key.scopedTeams.length > 0 && !ids.some((id) => key.scopedTeams.includes(id))) {
    throw forbidden(`API key does not have access to the requested project: ID ${ids[0] ?? 0}.`);
  }
  if (organizationId !== undefined) {
    checkOrganizationScoping(state, key, organizationId);
  }
}

/** Like {@link checkEnvironmentScoping}, for endpoints under an organization. */
export function checkOrganizationScoping(state: State, key: ApiKey, organizationId: string): void {
  if (key.scopedOrganizations.length > 0 && !key.scopedOrganizations.includes(organizationId)) {
    throw forbidden(`API key does not have access to the requested organization: ID ${organizationId}.`);
  }
  const organization = state.organizations.get(organizationId);
  if (organization && !organization.allowsPersonalApiKeys) {
    throw forbidden(
      `Organization '${organization.name}' does not allow using personal API keys. Contact an admin to enable personal API keys for this organization.`,
    );
  }
}

/** Project-scoped keys can't list (API facts 1.4). */
export function refuseProjectScoped(key: ApiKey): void {
  if (key.scopedTeams.length > 0) {
    throw forbidden('API keys with scoped projects are only supported on project-based endpoints.');
  }
}

/** @throws 403 if the caller isn't a member or has no access to the project */
export function requireProjectAccess(environment: Environment, user: User): void {
  if (!maySee(environment, user)) {
    throw forbidden("You don't have access to the project.");
  }
}

/** The caller's access to the warehouse tables of an environment (API facts 2.8). */
export function tableAccess(
  state: State,
  environment: Environment,
  user: User,
): 'none' | 'viewer' | 'editor' {
  const isAdmin = (levelOf(user, environment.organizationId) ?? 0) >= 8;
  const isEnabled = state.organizations.get(environment.organizationId)?.features.has('access_control');
  const access = user.access.get(environment.id)?.warehouse_table;
  return !isEnabled || isAdmin || access === undefined ? 'editor' : access;
}

/** @throws 403 if the caller's access to warehouse tables is too low (API facts 2.8) */
export function requireTableAccess(
  state: State,
  environment: Environment,
  user: User,
  level: 'viewer' | 'editor',
): void {
  const access = tableAccess(state, environment, user);
  if (access === 'none' || (access === 'viewer' && level === 'editor')) {
    throw forbidden(`You do not have ${level} access to this resource.`);
  }
}

/** Whether a key is limited to other projects or organizations. */
function isOutside(key: ApiKey, environment: Environment): boolean {
  return (
    (key.scopedTeams.length > 0 && !key.scopedTeams.includes(environment.id)) ||
    (key.scopedOrganizations.length > 0 && !key.scopedOrganizations.includes(environment.organizationId))
  );
}

/**
 * The environment in a URL: an ID or `@current`, which is a 404 for a key limited to other environments (API facts
 * 9.3).
 */
export function findEnvironment(
  { state, key, user }: { state: State; key: ApiKey; user: User },
  reference: string,
  prefix: 'projects' | 'environments',
): Environment {
  if (reference === '@current') {
    const current =
      user.currentEnvironmentId === null ? undefined : state.environments.get(user.currentEnvironmentId);
    if (!current || isOutside(key, current)) {
      throw notFound('Project not found.');
    }
    return current;
  }
  const id = /^\d+$/.test(reference) ? Number(reference) : NaN;
  const found = state.environments.get(id);
  if (found) {
    return found;
  }
  const viaProject =
    state.generation === 'documented' && prefix === 'projects'
      ? state.environmentsOfProject(id)[0]
      : undefined;
  if (!viaProject) {
    throw notFound('Project not found.');
  }
  return viaProject;
}

/** The project in a URL, on documented servers. */
export function findProject(
  { state, key, user }: { state: State; key: ApiKey; user: User },
  reference: string,
): Project {
  const current = state.environments.get(user.currentEnvironmentId ?? -1);
  const id =
    reference === '@current'
      ? current && !isOutside(key, current)
        ? current.projectId
        : undefined
      : /^\d+$/.test(reference)
        ? Number(reference)
        : undefined;
  const project = id === undefined ? undefined : state.projects.get(id);
  if (!project) {
    throw notFound('Project not found.');
  }
  return project;
}

/** The organization in a URL; a 404 unless the caller is a member. */
export function findOrganization(
  { state, key, user }: { state: State; key: ApiKey; user: User },
  reference: string,
): Organization {
  const id = reference === '@current' ? currentOrganizationId(state, user) : reference;
  const found = id === null ? undefined : state.organizations.get(id);
  const outside =
    reference === '@current' &&
    key.scopedOrganizations.length > 0 &&
    !key.scopedOrganizations.includes(id ?? '');
  if (!found || outside || levelOf(user, found.id) === null) {
    throw notFound(reference === '@current' ? 'Organization not found.' : undefined);
  }
  return found;
}

/** The user's current organization. */
export function currentOrganizationId(state: State, user: User): string | null {
  const viaEnvironment =
    user.currentEnvironmentId === null ? undefined : state.environments.get(user.currentEnvironmentId);
  return user.currentOrganizationId ?? viaEnvironment?.organizationId ?? null;
}

/** Environments of a documented project that both the caller and the key can see. */
export function listedEnvironments(state: State, project: Project, key: ApiKey, user: User): Environment[] {
  return visibleEnvironments(state, project.organizationId, user).filter(
    (item) =>
      item.projectId === project.id && (key.scopedTeams.length === 0 || key.scopedTeams.includes(item.id)),
  );
}
