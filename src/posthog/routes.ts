import { PostHogError } from './errors';
import type { EnvironmentRef, ServerProfile } from './models';

/** A value as a path segment. @throws PostHogError for a value that would lead elsewhere */
export function segment(value: string | number): string {
  const encoded = encodeURIComponent(value);
  if (/^\.{0,2}$/.test(encoded)) {
    throw new PostHogError({
      kind: 'not-found',
      what: 'There is nothing with this ID.',
      why: 'The ID is empty or consists of dots.',
      remedy: 'Refresh the list.',
    });
  }
  return encoded;
}

/** Where the settings of an environment are read and written (API facts 0, 4.1). */
export function settingsPath(profile: ServerProfile, ref: EnvironmentRef): string {
  switch (profile.settingsRoute) {
    case 'projects':
      return `/api/projects/${segment(ref.id)}/`;
    case 'environments':
      return `/api/environments/${segment(ref.id)}/`;
    case 'nested':
      return `/api/projects/${segment(ref.projectId)}/environments/${segment(ref.id)}/`;
  }
}

/** Where everything else of an environment is, given the rest of the path (API facts 0, 2). */
export function environmentPath(profile: ServerProfile, ref: EnvironmentRef, rest: string): string {
  const root = profile.generation === 'documented' ? 'environments' : 'projects';
  return `/api/${root}/${segment(ref.id)}/${rest}/`;
}

/** Where warehouse tables are, with an optional table and action (API facts 2). */
export function tablePath(
  profile: ServerProfile,
  ref: EnvironmentRef,
  id?: string,
  action?: 'refresh_schema' | 'update_schema',
): string {
  const parts = ['warehouse_tables', id === undefined ? undefined : segment(id), action];
  return environmentPath(profile, ref, parts.filter((part) => part !== undefined).join('/'));
}

/** The environment in a path; `undefined` if there is none. */
export function environmentIdIn(path: string): number | undefined {
  const [, id] =
    /\/environments\/(\d+)\//.exec(path) ?? /\/projects\/(\d+)\/(?!environments\/)/.exec(path) ?? [];
  return id === undefined ? undefined : Number(id);
}
