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

/** Carries out one method of one path for an authenticated caller. */
export type Action = (caller: Caller) => Reply | Promise<Reply>;

/** One path with its methods. `:name` is one segment. */
export interface Endpoint {
  path: string;
  methods: Record<string, Action>;
  /** The checks of the key and the caller that OPTIONS makes, as a list or one object would be read. */
  check: (caller: Caller) => void;
  /** The only generation that has it, when it is not in both. */
  only?: Generation;
  /** Whether this server has it, when that depends on more. */
  exists?: (state: State) => boolean;
}

/** 200 with a body. */
export function ok(body: NonNullable<Reply['body']>): Reply {
  return { status: 200, body };
}

/** Which of the two prefixes a path was reached by. */
export function prefixOf(caller: Caller): 'projects' | 'environments' {
  return caller.request.path.startsWith('/api/environments') ? 'environments' : 'projects';
}

/**
 * The environment of a path like `/api/projects/:project_id/…`, after all checks in the real order:
 * unsupported action, limits of the key, scope, access to the project, access to the resource (API facts 1.4).
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

/** The same endpoint under `/api/projects/:project_id` and `/api/environments/:project_id`. */
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

/** An action without declared scopes: keys get 403, whatever they may otherwise do (API facts 4.9). */
export const sessionOnly = (caller: Caller): never => refuseKeys(caller.state);

/** The check of everything that runs a query. */
export function mayQuery(caller: Caller): void {
  openEnvironment(caller, 'query:read');
}
