import {
  checkOrganizationScoping,
  currentOrganizationId,
  findOrganization,
  findProject,
  listedEnvironments,
  refuseProjectScoped,
  requireScope,
} from '../access';
import { forbidden, invalid, notFound } from '../errors';
import type { Reply } from '../errors';
import { newToken, newUuid, timestamp } from '../ids';
import { isJsonObject, textOf } from '../json';
import type { JsonObject } from '../json';
import { page } from '../paging';
import {
  basicEnvironment,
  fullEnvironment,
  fullProject,
  isAdminOf,
  levelOf,
  projectList,
  visibleEnvironments,
} from '../present';
import { objectBody } from '../request';
import type { Caller } from '../request';
import { FIELDS, SETTINGS_FORM } from '../fields/fields';
import { readChanges } from '../fields/patch';
import { DELETION_SECONDS } from '../state';
import type { Environment, Project, State } from '../state';
import type { Endpoint } from './endpoint';
import { ok, sessionOnly } from './endpoint';
import { fieldContext, openTarget, patchSettings, refuseDuplicateName, retrieveSettings } from './settings';

/** A key limited to certain organizations lists those, whatever the user's current organization (API facts 1.4). */
function listedOrganizations(caller: Caller): string[] {
  const { state, key, user } = caller;
  if (key.scopedOrganizations.length > 0) {
    return key.scopedOrganizations;
  }
  const current = currentOrganizationId(state, user);
  if (current === null) {
    return [];
  }
  checkOrganizationScoping(state, key, current);
  return [current];
}

function listProjects(caller: Caller): Reply {
  refuseProjectScoped(caller.key);
  requireScope(caller.key, 'project:read');
  const items = listedOrganizations(caller).flatMap((id) => projectList(caller.state, id, caller.user));
  return ok(page(caller.request, items.filter(isSearched(caller)), (item) => item));
}

/** Documented servers list the environments of the current organization. */
function listAllEnvironments(caller: Caller): Reply {
  refuseProjectScoped(caller.key);
  requireScope(caller.key, 'project:read');
  const items = listedOrganizations(caller).flatMap((id) =>
    visibleEnvironments(caller.state, id, caller.user),
  );
  return ok(page(caller.request, items, (item) => basicEnvironment(caller.state, item, caller.user)));
}

function listOrganizationProjects(caller: Caller): Reply {
  refuseProjectScoped(caller.key);
  checkScopedOrganization(caller);
  requireScope(caller.key, 'project:read');
  const organization = findOrganization(caller, caller.params.organization_id ?? '');
  const items = projectList(caller.state, organization.id, caller.user);
  return ok(page(caller.request, items.filter(isSearched(caller)), (item) => item));
}

/** `?search=` matches names (API facts 9.3). */
function isSearched({ request }: Caller): (item: JsonObject) => boolean {
  const wanted = request.query.get('search')?.toLowerCase() ?? '';
  return ({ name }) => textOf(name).toLowerCase().includes(wanted);
}

function checkScopedOrganization(caller: Caller): void {
  const id = caller.params.organization_id ?? '';
  if (caller.state.organizations.has(id)) {
    checkOrganizationScoping(caller.state, caller.key, id);
  }
}

function listNested(caller: Caller): Reply {
  const project = openProject(caller, 'project:read');
  const items = listedEnvironments(caller.state, project, caller.key, caller.user);
  return ok(page(caller.request, items, (item) => basicEnvironment(caller.state, item, caller.user)));
}

function openProject(caller: Caller, scope: string): Project {
  const { state, key, user } = caller;
  const project = findProject(caller, caller.params.parent_id ?? '');
  const environments = state.environmentsOfProject(project.id);
  if (key.scopedTeams.length > 0 && !environments.some((item) => key.scopedTeams.includes(item.id))) {
    throw forbidden(`API key does not have access to the requested project: ID ${project.id}.`);
  }
  checkOrganizationScoping(state, key, project.organizationId);
  requireScope(key, scope);
  if (levelOf(user, project.organizationId) === null) {
    throw forbidden("You don't have access to the project.");
  }
  return project;
}

async function createNested(caller: Caller): Promise<Reply> {
  const project = openProject(caller, 'project:write');
  const body = await objectBody(caller.request, SETTINGS_FORM);
  const { state } = caller;
  const organization = state.organization(project.organizationId);
  if ((levelOf(caller.user, organization.id) ?? 0) < 8) {
    throw forbidden("You don't have sufficient permissions in the project.");
  }
  const limit = organization.limits.environments;
  if (limit !== null && state.environmentsOf(organization.id).length >= limit) {
    throw forbidden(
      'You have reached the maximum limit of allowed environments for your current plan. Upgrade your plan to be able to create and manage more environments.',
    );
  }
  const environment = createEnvironment(caller, project, body);
  return { status: 201, body: fullEnvironment(state, environment, caller.user, false) };
}

async function createProject(caller: Caller): Promise<Reply> {
  const { state, key, user } = caller;
  refuseProjectScoped(key);
  const id = caller.params.organization_id ?? currentOrganizationId(state, user) ?? '';
  if (state.organizations.has(id)) {
    checkOrganizationScoping(state, key, id);
  }
  requireScope(key, 'project:write');
  const organization = findOrganization(caller, id);
  const body = await objectBody(caller.request, SETTINGS_FORM);
  const level = levelOf(user, organization.id) ?? 0;
  const membersMay = organization.features.has('members_can_create_projects');
  if (level < 8 && !membersMay) {
    throw forbidden('You need to be an organization admin or above to create new projects.');
  }
  // Demo projects don't count (API facts 9.3).
  const count = new Set(
    state
      .environmentsOf(organization.id)
      .filter((item) => item.values.is_demo !== true)
      .map((item) => (state.generation === 'current' ? item.id : item.projectId)),
  ).size;
  if (organization.limits.projects !== null && count >= organization.limits.projects) {
    throw forbidden(
      'You have reached the maximum limit of allowed projects for your current plan. Upgrade your plan to be able to create and manage more projects.',
    );
  }
  if (level < 8) {
    refuseAdminFields(body);
  }
  const project: Project = {
    id: state.nextEnvironmentId(),
    organizationId: organization.id,
    name: '',
    createdAt: timestamp(state.now()),
  };
  const environment = createEnvironment(caller, project, body, project.id);
  project.name = textOf(environment.values.name);
  state.projects.set(project.id, project);
  return {
    status: 201,
    body:
      state.generation === 'current'
        ? fullEnvironment(state, environment, user, false)
        : fullProject(state, project, environment, user),
  };
}

function refuseAdminFields(body: JsonObject): void {
  const refused = FIELDS.filter(
    (field) => field.read && !field.member && field.name !== 'name' && Object.hasOwn(body, field.name),
  ).map((field) => field.name);
  if (refused.length > 0) {
    throw forbidden(
      `Only organization admins can set these settings on project creation: ${refused.sort().join(', ')}`,
    );
  }
}

/** Validates the whole body before creating the environment. */
function createEnvironment(
  caller: Caller,
  project: Project,
  body: JsonObject,
  id = caller.state.nextEnvironmentId(),
): Environment {
  const { state } = caller;
  const environment = blankEnvironment(state, project, id);
  const changes = readChanges(
    Object.hasOwn(body, 'primary_dashboard') ? { ...body, primary_dashboard: null } : body,
    fieldContext(state, environment, caller.request),
    { reduced: false },
  );
  if (Object.hasOwn(body, 'primary_dashboard')) {
    throw invalid('Primary dashboard cannot be set on project creation.', 'primary_dashboard');
  }
  const name = changes.get('name');
  if (state.generation === 'current' && typeof name === 'string') {
    refuseDuplicateName(state, project.organizationId, name);
  }
  for (const [field, value] of changes) {
    environment.values[field] = value;
  }
  state.environments.set(id, environment);
  return environment;
}

/** The cohort that a new project excludes from its insights (API facts 9.1). */
const TEST_USERS = 'Internal / Test users';

function blankEnvironment(state: State, project: Project, id: number): Environment {
  const now = timestamp(state.now());
  const cohortId = id * 10 + 5;
  return {
    id,
    projectId: project.id,
    organizationId: project.organizationId,
    values: {
      ...Object.fromEntries(FIELDS.map((field) => [field.name, field.default])),
      uuid: newUuid(),
      api_token: newToken('phc_sandbox'),
      secret_api_token: newToken('phs_sandbox'),
      created_at: now,
      updated_at: now,
      completed_snippet_onboarding: false,
      week_start_day: 1,
      primary_dashboard: id * 10 + 1,
      test_account_filters: [
        state.generation === 'current'
          ? { key: 'id', value: cohortId, operator: 'not_in', type: 'cohort', cohort_name: TEST_USERS }
          : { key: 'email', value: '@example.com', operator: 'not_icontains', type: 'person' },
      ],
    },
    dashboards: [id * 10 + 1],
    cohorts: new Map([[cohortId, TEST_USERS]]),
    tables: [],
    views: [],
    uploads: new Map(),
    objects: new Map(),
    webVitals: {},
    webVitalsFailing: false,
    storage: [],
    pendingDeletion: false,
    deletedAtMs: null,
    deletionSeconds: DELETION_SECONDS,
    activity: [],
  };
}

function deleteTarget(caller: Caller): Reply {
  const { state, user } = caller;
  const { environment, project } = openTarget(caller, 'project:write');
  if (!isAdminOf(state, environment, user)) {
    throw forbidden("You don't have sufficient permissions in the project.");
  }
  const { features } = state.organization(environment.organizationId);
  if (state.generation === 'current') {
    if (environment.pendingDeletion) {
      throw invalid('This project is already being deleted.');
    }
    if (features.has('deletion_disabled')) {
      throw invalid(
        'Team deletion is temporarily disabled during database migration. Please try again later.',
      );
    }
    if (
      features.has('active_subscription') &&
      state.environmentsOf(environment.organizationId).filter((item) => !item.pendingDeletion).length === 1
    ) {
      throw invalid(
        'Cannot delete the last project in an organization with an active subscription. Please cancel your subscription first in the billing page.',
      );
    }
    if (features.has('managed_warehouse')) {
      throw invalid('This project has a managed warehouse attached. Remove it first.');
    }
    if (!hasData(environment)) {
      state.removeEnvironment(environment.id);
      return { status: 204 };
    }
    environment.pendingDeletion = true;
    environment.deletedAtMs = state.now().getTime();
    return { status: 204 };
  }
  const gone = project ? state.environmentsOfProject(project.id) : [environment];
  for (const item of gone) {
    state.removeEnvironment(item.id);
  }
  return { status: 204 };
}

/** Projects without data are deleted immediately (API facts 9.3). What counts as data is inferred. */
function hasData({ values, tables }: Environment): boolean {
  return values.ingested_event === true || tables.some((table) => !table.deleted);
}

function environmentsNeedProject(caller: Caller): Reply {
  refuseProjectScoped(caller.key);
  requireScope(caller.key, 'project:write');
  throw invalid(
    'Environments must be created under a specific project. Send the POST request to /api/projects/<project_id>/environments/ instead.',
  );
}

/** Completes a product's onboarding; its intent records when. */
async function completeOnboarding(caller: Caller): Promise<Reply> {
  const { environment } = openTarget(caller, 'project:read');
  const type = await productType(caller);
  const now = timestamp(caller.state.now());
  const { product_intents: intents, has_completed_onboarding_for: completed } = environment.values;
  const others = (Array.isArray(intents) ? intents : [])
    .filter(isJsonObject)
    .filter((intent) => intent.product_type !== type);
  environment.values.product_intents = [
    ...others,
    { product_type: type, created_at: now, onboarding_completed_at: now, updated_at: now },
  ];
  environment.values.has_completed_onboarding_for = {
    ...(isJsonObject(completed) ? completed : {}),
    [type]: true,
  };
  return ok(fullEnvironment(caller.state, environment, caller.user, false));
}

async function productType(caller: Caller): Promise<string> {
  const { product_type: type } = await objectBody(caller.request);
  if (typeof type !== 'string' || type === '') {
    throw invalid('product_type is required', null, 'required');
  }
  return type;
}

async function addProductIntent(caller: Caller): Promise<Reply> {
  const { environment } = openTarget(caller, 'project:read');
  const type = await productType(caller);
  const now = timestamp(caller.state.now());
  const known = Array.isArray(environment.values.product_intents) ? environment.values.product_intents : [];
  environment.values.product_intents = [
    ...known,
    { product_type: type, created_at: now, onboarding_completed_at: null, updated_at: now },
  ];
  return { status: 201, body: fullEnvironment(caller.state, environment, caller.user, false) };
}

function ingestionRestrictions(caller: Caller): Reply {
  openTarget(caller, 'project:read');
  return ok([]);
}

const item = {
  methods: { GET: retrieveSettings, PATCH: patchSettings, DELETE: deleteTarget },
  check: mayReadSettings,
};

function mayReadSettings(caller: Caller): void {
  openTarget(caller, 'project:read');
}

const SESSION_ONLY: Record<string, string[]> = {
  PATCH: ['reset_token', 'rotate_secret_token', 'delete_secret_token_backup'],
  POST: ['generate_conversations_public_token', 'change_organization'],
  GET: [
    'is_generating_demo_data',
    'settings_as_of',
    'logs_config',
    'experiments_config',
    'default_evaluation_contexts',
    'activity',
  ],
};

/** Seed-era servers also have these actions under the nested path. */
const nestedPrefix = 'projects/:parent_id/environments';

const actions: Endpoint[] = ['projects', 'environments', nestedPrefix].flatMap((prefix) => [
  ...Object.entries(SESSION_ONLY).flatMap(([method, names]) =>
    names.map((name) => ({
      path: `/api/${prefix}/:id/${name}`,
      methods: { [method]: sessionOnly },
      check: sessionOnly,
    })),
  ),
  {
    path: `/api/${prefix}/:id/add_product_intent`,
    methods: { PATCH: addProductIntent },
    check: mayReadSettings,
  },
  {
    path: `/api/${prefix}/:id/complete_product_onboarding`,
    methods: { PATCH: completeOnboarding },
    check: mayReadSettings,
  },
  {
    path: `/api/${prefix}/:id/event_ingestion_restrictions`,
    methods: { GET: ingestionRestrictions },
    check: mayReadSettings,
  },
]);

/** Environments and projects: lists, retrieve, create, delete and actions (API facts 4). */
export const environmentEndpoints: Endpoint[] = [
  { path: '/api/projects', methods: { GET: listProjects, POST: createProject }, check: listProjects },
  {
    path: '/api/environments',
    methods: { GET: listAllEnvironments, POST: environmentsNeedProject },
    check: listAllEnvironments,
    only: 'documented',
  },
  {
    path: '/api/environments',
    methods: { GET: listProjects, POST: createProject },
    check: listProjects,
    only: 'current',
  },
  { path: '/api/projects/:id', ...item },
  { path: '/api/environments/:id', ...item },
  {
    path: '/api/projects/:parent_id/environments',
    methods: { GET: listNested, POST: createNested },
    check: listNested,
    only: 'documented',
  },
  { path: '/api/projects/:parent_id/environments/:id', ...item, only: 'documented' },
  {
    path: '/api/organizations/:organization_id/projects',
    methods: { GET: listOrganizationProjects, POST: createProject },
    check: listOrganizationProjects,
  },
  { path: '/api/organizations/:organization_id/projects/:id', ...item },
  ...actions,
];

/** @throws 404 if no environment has this ID; used by the control API */
export function existing(state: State, id: number): Environment {
  const found = state.environments.get(id);
  if (!found) {
    throw notFound(`There is no environment ${id} in this sandbox.`);
  }
  return found;
}
