import type { EnvironmentRef, ServerProfile } from './models';

/** What of an environment a page of the web interface shows. */
export type WebPage = 'home' | 'settings' | 'tables';

/**
 * The address of a page of PostHog's web interface. Its paths are no part of the API and move between versions
 * (inferred): only such are used that PostHog itself redirects when they move.
 *
 * @param origin of the connection
 */
export function webPageUrl(
  origin: string,
  page: WebPage,
  environment: Pick<EnvironmentRef, 'id'>,
  generation: ServerProfile['generation'] = 'current',
): string {
  const project = `${origin}/project/${environment.id}`;
  switch (page) {
    case 'home':
      return project;
    case 'settings':
      return `${project}/settings/${generation === 'documented' ? 'environment' : 'project'}`;
    case 'tables':
      return `${project}/data-warehouse`;
  }
}
