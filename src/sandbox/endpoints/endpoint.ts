import {
  checkEnvironmentScoping,
  findEnvironment,
  refuseKeys,
  requireProjectAccess,
  requireScope,
  requireTableAccess,
} from '../access';
import type { Reply } from '../errors';
import type { Caller } from '../request';
import type { Environment, State } from '../state';
import type { Generation } from '../types';

/** Handles one method of one path for an authenticated caller. */
export type Action = (caller: Caller) => Reply | Promise<Reply>;

/** A path with its methods. `:name` matches one segment. */
export interface Endpoint {
  path: string;
  methods: Record<string, Action>;
  /** The permission checks that OPTIONS makes, as if reading the list or the object. */
  check: (caller: Caller) => void;
  /** The only generation that has the endpoint; absent if both do. */
  only?: Generation;
  /** Whether this server has the endpoint, if that depends on more than the generation. */
  exists?: (state: State) => boolean;
}

/** 200 with a body. */
export function ok(body: NonNullable<Reply['body']>): Reply {
  return { status: 200, body };
}

/** Which of the two prefixes the request used. */
export function prefixOf(caller: Caller): 'projects' | 'environments' {
  return caller.request.path.startsWith('/api/environments') ? 'environments' : 'projects';
}

/**
 * The environment of a path like `/api/projects/:project_id/…`, after all checks in PostHog's order: unsupported
 * action, key limits, scope, access to the project, access to the resource (API facts 1.4).
 */
export function openEnvironment(
  caller: Caller,
  scope: string | null,
  tableLevel?: 'viewer' | 'editor',
): Environment {
  const { state, key, user, params } = caller;
  if (scope === null) {
    return refuseKeys(state);
  }
  const environment = findEnvironment(caller, params.project_id ?? '', prefixOf(caller));
  checkEnvironmentScoping(state, key, [environment]);
  requireScope(key, scope);
  requireProjectAccess(environment, user);
  if (tableLevel) {
    requireTableAccess(state, environment, user, tableLevel);
  }
  return environment;
}

/** The same endpoint under both `/api/projects/:project_id` and `/api/environments/:project_id`. */
export function underEnvironment(
  path: string,
  methods: Record<string, Action>,
  check: Endpoint['check'],
  exists?: Endpoint['exists'],
): Endpoint[] {
  return ['projects', 'environments'].map((prefix) => ({
    path: `/api/${prefix}/:project_id/${path}`,
    methods,
    check,
    ...(exists ? { exists } : {}),
  }));
}

/** An action that declares no scopes: every key gets a 403 (API facts 4.9). */
export const sessionOnly = (caller: Caller): never => refuseKeys(caller.state);

/** Permission check for everything that runs a query. */
export function mayQuery(caller: Caller): void {
  openEnvironment(caller, 'query:read');
}
