import {
  checkEnvironmentScoping,
  findEnvironment,
  findOrganization,
  findProject,
  requireProjectAccess,
  requireScope,
} from '../access';
import { ApiError, forbidden, invalid, notFound } from '../errors';
import type { Reply } from '../errors';
import { timestamp } from '../ids';
import { cloneJson, isFloatIn, sameJson, textOf } from '../json';
import type { JsonObject } from '../json';
import { basicUser, fullEnvironment, fullProject, isAdminOf, levelOf, projectEnvironment } from '../present';
import { objectBody } from '../request';
import type { Caller, SandboxRequest } from '../request';
import { FIELDS, SETTINGS_FORM, hasField } from '../fields/fields';
import type { FieldContext } from '../fields/context';
import { readChanges } from '../fields/patch';
import type { Environment, Project, State } from '../state';
import { newUuid } from '../ids';
import { ok, prefixOf } from './endpoint';

/** The target of a settings URL: an environment or, on documented servers, a project standing in for one. */
export interface Target {
  environment: Environment;
  /** Set if a documented project was requested: it has fewer fields and ignores the others (API facts 0). */
  project?: Project;
}

/** Finds the target of `/api/projects/:id/`, `/api/environments/:id/` or the nested path. */
function findTarget(caller: Caller): Target {
  const { params } = caller;
  if (params.organization_id === undefined) {
    return findAnyTarget(caller);
  }
  const organization = findOrganization(caller, params.organization_id);
  const target = findAnyTarget(caller);
  if (target.environment.organizationId !== organization.id) {
    throw notFound('Project not found.');
  }
  return target;
}

function findAnyTarget(caller: Caller): Target {
  const { state, params } = caller;
  const id = params.id ?? '';
  if (params.parent_id !== undefined) {
    const project = findProject(caller, params.parent_id);
    const environment = findEnvironment(caller, id, 'environments');
    if (environment.projectId !== project.id) {
      throw notFound();
    }
    return { environment };
  }
  if (state.generation === 'documented' && prefixOf(caller) === 'projects') {
    const project = findProject(caller, id);
    const environment = projectEnvironment(state, project);
    if (!environment) {
      throw notFound();
    }
    return { environment, project };
  }
  return { environment: findEnvironment(caller, id, 'environments') };
}

/** Checks the key and the caller, then finds the target. */
export function openTarget(caller: Caller, scope: string): Target {
  const target = findTarget(caller);
  checkEnvironmentScoping(
    caller.state,
    caller.key,
    target.project ? caller.state.environmentsOfProject(target.project.id) : [target.environment],
  );
  requireScope(caller.key, scope);
  requireProjectAccess(target.environment, caller.user);
  return target;
}

function presentTarget(caller: Caller, target: Target): JsonObject {
  return target.project
    ? fullProject(caller.state, target.project, target.environment, caller.user)
    : fullEnvironment(caller.state, target.environment, caller.user, false);
}

/** GET of an environment or project. */
export function retrieveSettings(caller: Caller): Reply {
  return ok(presentTarget(caller, openTarget(caller, 'project:read')));
}

/** PATCH of an environment or project (API facts 4.2 to 4.5). */
export async function patchSettings(caller: Caller): Promise<Reply> {
  if (caller.state.generation === 'current') {
    // Before the body is parsed: a key without the scope gets a 403 even for malformed JSON.
    openTarget(caller, 'project:write');
  }
  const body = await objectBody(caller.request, SETTINGS_FORM);
  const target = openTarget(caller, patchScope(caller, body));
  checkWritable(caller, target.environment, body);
  const context = fieldContext(caller.state, target.environment, caller.request);
  const changes = readChanges(body, context, { reduced: target.project !== undefined });
  const name = changes.get('name');
  if (typeof name === 'string' && caller.state.generation === 'current') {
    refuseDuplicateName(caller.state, target.environment.organizationId, name, target.environment);
  }
  if (target.project && typeof name === 'string') {
    target.project.name = name;
    changes.delete('name');
  }
  applyChanges(caller, target.environment, changes);
  return ok(presentTarget(caller, target));
}

/** Seed-era servers required only `project:read` for a body with nothing but settings (API facts 4.2). */
function patchScope(caller: Caller, body: JsonObject): string {
  const onlySettings = Object.keys(body).every(
    (key) =>
      key !== 'name' &&
      key !== 'access_control' &&
      FIELDS.some((field) => field.name === key && field.read && hasField(field, 'documented')),
  );
  return caller.state.generation === 'documented' && onlySettings ? 'project:read' : 'project:write';
}

/** What the rules of individual fields depend on. */
export function fieldContext(
  state: State,
  environment: Environment,
  request?: Pick<SandboxRequest, 'jsonText'>,
): FieldContext {
  const organization = state.organization(environment.organizationId);
  return {
    writtenAsFloat: (path) => isFloatIn(request?.jsonText(), path),
    generation: state.generation,
    stored: environment.values,
    cohorts: environment.cohorts,
    dashboards: environment.dashboards,
    otherDashboards: [...state.environments.values()]
      .filter((item) => item !== environment)
      .flatMap((item) => item.dashboards),
    longestRetention: organization.limits.longestRetention,
    proactiveTasks: organization.features.has('proactive_tasks'),
    longLogsRetention: organization.limits.logsRetention30Days,
    now: state.now(),
  };
}

/** Member and admin fields; a body that mixes them is rejected whole (API facts 4.3). */
function checkWritable(caller: Caller, environment: Environment, body: JsonObject): void {
  const { state, user } = caller;
  const organizationAdmin = (levelOf(user, environment.organizationId) ?? 0) >= 8;
  const sent = FIELDS.filter(
    (field) =>
      field.read &&
      hasField(field, state.generation) &&
      Object.hasOwn(body, field.name) &&
      field.name !== 'access_control',
  );
  if (!isAdminOf(state, environment, user)) {
    const refused = sent.filter(
      (field) => !field.member && !(field.name === 'app_urls' && editsUrls(state, environment)),
    );
    if (state.generation === 'current' && refused.length > 0) {
      throw forbidden(
        `Only project admins can modify these settings: ${refused
          .map((field) => field.name)
          .sort()
          .join(', ')}`,
      );
    }
    if (state.generation === 'documented' && sent.some((field) => field.name === 'name')) {
      throw forbidden("You don't have sufficient permissions in the project.");
    }
    const webAnalytics = user.access.get(environment.id)?.web_analytics;
    if (Object.hasOwn(body, 'app_urls') && (webAnalytics === 'viewer' || webAnalytics === 'none')) {
      throw invalid('You need editor access to web_analytics to modify this field.', 'app_urls');
    }
  }
  if (Object.hasOwn(body, 'receive_org_level_activity_logs') && !organizationAdmin) {
    throw forbidden(
      'Only organization owners and admins can modify the receive_org_level_activity_logs setting.',
    );
  }
}

/** Under access control, `app_urls` belongs to web analytics rather than the project. */
function editsUrls(state: State, environment: Environment): boolean {
  return state.organization(environment.organizationId).features.has('access_control');
}

/** @throws 409 if another project of the organization has the name, ignoring case */
export function refuseDuplicateName(
  state: State,
  organizationId: string,
  name: string,
  self?: Environment,
): void {
  const wanted = name.toLowerCase();
  const taken = state
    .environmentsOf(organizationId)
    .some((item) => item !== self && textOf(item.values.name).toLowerCase() === wanted);
  if (taken) {
    throw new ApiError(
      409,
      'server_error',
      'conflict',
      `There is already a project called "${name}" in this organization. Choose a different name.`,
    );
  }
}

/** Stores validated values and writes the activity log. */
function applyChanges(caller: Caller, environment: Environment, changes: Map<string, unknown>): void {
  const { state, user } = caller;
  const entries: JsonObject[] = [];
  for (const [name, value] of changes as Map<string, JsonObject[string]>) {
    const before = environment.values[name] ?? null;
    if (!sameJson(before, value)) {
      entries.push({ type: 'Team', action: 'changed', field: name, before, after: cloneJson(value) ?? null });
    }
    environment.values[name] = value;
  }
  const now = timestamp(state.now());
  environment.values.updated_at = now;
  if (entries.length === 0) {
    return;
  }
  environment.activity.unshift({
    id: newUuid(),
    user: basicUser(state, user.id),
    activity: 'updated',
    scope: 'Team',
    item_id: String(environment.id),
    detail: {
      name: environment.values.name ?? null,
      short_id: null,
      trigger: null,
      type: null,
      changes: entries,
    },
    created_at: now,
    is_system: false,
    was_impersonated: false,
    client: caller.request.header('x-posthog-client') ?? null,
  });
}
