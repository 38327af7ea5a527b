import {
  checkOrganizationScoping,
  findOrganization,
  refuseKeys,
  refuseProjectScoped,
  requireScope,
} from '../access';
import { ApiError, notFound } from '../errors';
import type { Reply } from '../errors';
import { page } from '../paging';
import { basicEnvironment, levelOf, organization } from '../present';
import type { Caller } from '../request';
import { timestamp } from '../ids';
import type { Environment } from '../state';
import type { Endpoint } from './endpoint';
import { ok, openEnvironment, underEnvironment } from './endpoint';

/** `GET /api/personal_api_keys/@current/`, or with the key's own ID: works for every key (API facts 5.1, 9.3). */
function currentKey(caller: Caller): Reply {
  const { key, state } = caller;
  if (caller.params.id !== '@current' && caller.params.id !== key.id) {
    return refuseKeys(state);
  }
  return ok({
    id: key.id,
    label: key.label,
    value: null,
    mask_value: `phx_...${key.value.slice(-4)}`,
    created_at: key.createdAt,
    last_used_at: timestamp(state.now()),
    last_rolled_at: null,
    user_id: key.userId,
    is_legacy_hashing: false,
    scopes: key.scopes ?? ['*'],
    scoped_teams: key.scopedTeams,
    scoped_organizations: key.scopedOrganizations,
  });
}

/** `GET /api/users/@me/`: exempt from the key's limits (API facts 1.4, 5.2). */
function me(caller: Caller): Reply {
  const { state, key, user } = caller;
  requireScope(key, 'user:read');
  if (caller.params.id !== '@me') {
    throw notFound();
  }
  const environment =
    user.currentEnvironmentId === null ? undefined : state.environments.get(user.currentEnvironmentId);
  const organizationId = user.currentOrganizationId ?? environment?.organizationId;
  const current = organizationId === undefined ? undefined : state.organizations.get(organizationId);
  return ok({
    date_joined: '2026-01-05T09:00:00.000000Z',
    uuid: user.uuid,
    id: user.id,
    distinct_id: user.distinctId,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    is_email_verified: true,
    is_staff: false,
    has_password: true,
    role_at_organization: user.role,
    organization: current ? organization(state, current, user) : null,
    organizations: [...state.organizations.values()]
      .filter((item) => levelOf(user, item.id) !== null)
      .map((item) => ({
        id: item.id,
        name: item.name,
        slug: item.slug,
        logo_media_id: null,
        membership_level: levelOf(user, item.id),
      })),
    team: environment ? basicEnvironment(state, environment, user) : null,
  });
}

function listOrganizations(caller: Caller): Reply {
  const { state, key, user, request } = caller;
  refuseProjectScoped(key);
  requireScope(key, 'organization:read');
  const items = [...state.organizations.values()].filter(
    (item) =>
      levelOf(user, item.id) !== null &&
      (key.scopedOrganizations.length === 0 || key.scopedOrganizations.includes(item.id)),
  );
  return ok(page(request, items, (item) => organization(state, item, user)));
}

function retrieveOrganization(caller: Caller): Reply {
  const { state, key, user } = caller;
  refuseProjectScoped(key);
  requireScope(key, 'organization:read');
  const found = findOrganization(caller, caller.params.id ?? '');
  if (key.scopedOrganizations.length > 0 && !key.scopedOrganizations.includes(found.id)) {
    throw notFound();
  }
  checkOrganizationScoping(state, key, found.id);
  return ok(organization(state, found, user));
}

/** `activity_log`: cursor paging by default, `page` on request, 402 if the plan lacks the feature (API facts 5.5). */
function activityLog(caller: Caller): Reply {
  const environment = openEnvironment(caller, 'activity_log:read');
  const { state, request } = caller;
  if (!state.organization(environment.organizationId).features.has('audit_logs')) {
    throw new ApiError(
      402,
      'server_error',
      'payment_required',
      'This feature is part of the premium PostHog offering. To use it, subscribe to PostHog Cloud with a generous free tier.',
    );
  }
  const scope = request.query.get('scope');
  const itemId = request.query.get('item_id');
  const entries = environment.activity.filter(
    (entry) => (scope === null || entry.scope === scope) && (itemId === null || entry.item_id === itemId),
  );
  const sizeText = request.query.get('page_size') ?? request.query.get('limit') ?? '';
  const size = Math.min(1000, /^[1-9]\d*$/.test(sizeText) ? Number(sizeText) : 100);
  const pageText = request.query.get('page');
  if (pageText !== null) {
    return numberedPage(caller, entries, pageText, size);
  }
  const offset = cursorOffset(request.query.get('cursor'));
  const link = (at: number): string => linkWith(caller, 'cursor', Buffer.from(`o=${at}`).toString('base64'));
  return ok({
    next: offset + size < entries.length ? link(offset + size) : null,
    previous: offset > 0 ? link(Math.max(0, offset - size)) : null,
    results: entries.slice(offset, offset + size),
  });
}

function numberedPage(caller: Caller, entries: object[], pageText: string, size: number): Reply {
  const number = /^[1-9]\d*$/.test(pageText) ? Number(pageText) : 0;
  const offset = (number - 1) * size;
  if (number === 0 || (offset > 0 && offset >= entries.length)) {
    throw notFound('Invalid page.');
  }
  return ok({
    count: entries.length,
    next: offset + size < entries.length ? linkWith(caller, 'page', String(number + 1)) : null,
    previous: number > 1 ? linkWith(caller, 'page', String(number - 1)) : null,
    results: entries.slice(offset, offset + size).map((entry) => ({ ...entry })),
  });
}

function cursorOffset(cursor: string | null): number {
  const text = cursor === null ? '' : Buffer.from(cursor, 'base64').toString('utf8');
  return Number(/^o=(\d{1,9})$/.exec(text)?.[1] ?? 0);
}

function linkWith(caller: Caller, name: string, value: string): string {
  const query = new URLSearchParams(caller.request.query);
  query.delete('personal_api_key');
  query.set(name, value);
  return `${caller.request.origin}${caller.request.path}?${query.toString()}`;
}

/** Session-only in the seed era, `external_data_source:read` today (API facts 2.9). */
function openSources(caller: Caller): Environment {
  return openEnvironment(caller, caller.state.generation === 'current' ? 'external_data_source:read' : null);
}

function externalSources(part: 'source' | 'schema') {
  return (caller: Caller): Reply => {
    const environment = openSources(caller);
    const found = new Map<string, object>();
    for (const table of environment.tables) {
      const item = part === 'source' ? table.source : table.schema;
      if (item && !table.deleted && typeof item.id === 'string') {
        found.set(item.id, item);
      }
    }
    return ok(page(caller.request, [...found.values()], (item) => ({ ...item })));
  };
}

/** `reload`, `resync` and `cancel` of a synced schema accept keys on newer servers (API facts 9.2). */
function actOnSchema(caller: Caller): Reply {
  const isCurrent = caller.state.generation === 'current';
  const environment = openEnvironment(caller, isCurrent ? 'external_data_source:write' : null);
  if (!environment.tables.some((item) => !item.deleted && item.schema?.id === caller.params.id)) {
    throw notFound();
  }
  return { status: 200 };
}

/** Problems with sources and views: a sandbox has none (API facts 9.2). */
function healthIssues(caller: Caller): Reply {
  openEnvironment(caller, 'warehouse_view:read');
  openEnvironment(caller, 'external_data_source:read');
  return ok(page(caller.request, [], (item) => item));
}

/** Keys, users, organizations, activity and sources (API facts 5). */
export const neighbourEndpoints: Endpoint[] = [
  {
    path: '/api/personal_api_keys',
    methods: { GET: (caller) => refuseKeys(caller.state), POST: (caller) => refuseKeys(caller.state) },
    check: (caller) => refuseKeys(caller.state),
  },
  {
    path: '/api/personal_api_keys/:id',
    methods: {
      GET: currentKey,
      POST: (caller) => refuseKeys(caller.state),
      PATCH: (caller) => refuseKeys(caller.state),
      DELETE: (caller) => refuseKeys(caller.state),
    },
    check: currentKey,
  },
  { path: '/api/users/:id', methods: { GET: me }, check: me },
  { path: '/api/organizations', methods: { GET: listOrganizations }, check: listOrganizations },
  { path: '/api/organizations/:id', methods: { GET: retrieveOrganization }, check: retrieveOrganization },
  ...underEnvironment('activity_log', { GET: activityLog }, (caller) => {
    openEnvironment(caller, 'activity_log:read');
  }),
  ...underEnvironment('external_data_sources', { GET: externalSources('source') }, openSources),
  ...underEnvironment('external_data_schemas', { GET: externalSources('schema') }, openSources),
  ...['reload', 'resync', 'cancel'].flatMap((action) =>
    underEnvironment(`external_data_schemas/:id/${action}`, { POST: actOnSchema }, openSources),
  ),
  ...underEnvironment(
    'data_health_issues',
    { GET: healthIssues },
    healthIssues,
    ({ generation }) => generation === 'current',
  ),
];
