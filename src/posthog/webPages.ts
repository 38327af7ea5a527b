import type { EnvironmentRef, ServerProfile } from './models';

/** A page of an environment in PostHog's web interface; `section` and `setting` name a place on the settings page. */
export type WebPage =
  'home' | 'settings' | 'tables' | { readonly section: string; readonly setting?: string | undefined };

/**
 * The URL of a page of PostHog's web interface. Its paths aren't part of the API and move between versions (API facts
 * 4.10): where a section is gone, the settings page still opens.
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
  if (typeof page === 'object') {
    return `${project}/settings/${page.section}${page.setting === undefined ? '' : `#${page.setting}`}`;
  }
  switch (page) {
    case 'home':
      return project;
    case 'settings':
      return `${project}/settings/${generation === 'documented' ? 'environment' : 'project'}`;
    case 'tables':
      return `${project}/data-warehouse`;
  }
}
