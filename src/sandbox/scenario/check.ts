import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import schema from './scenario.schema.json';
import type { Scenario } from './scenario';

/** An invalid scenario; the message says where and why. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';

  constructor(
    /** JSON pointer to the error. */
    readonly path: string,
    reason: string,
  ) {
    super(`The scenario is not usable: ${path === '' ? '/' : path}: ${reason}`);
  }
}

/**
 * Validates the parsed JSON of a scenario file against the schema, then what a schema can't express.
 *
 * @throws ScenarioError with the path of the first error
 */
export function checkScenario(value: unknown): Scenario {
  const result = new Validator(schema as unknown as Schema, '2020-12', false).validate(value);
  if (!result.valid) {
    const deepest = result.errors.reduce((best, item) =>
      depth(item.instanceLocation) > depth(best.instanceLocation) ? item : best,
    );
    throw new ScenarioError(deepest.instanceLocation.replace(/^#/, ''), deepest.error);
  }
  const scenario = value as Scenario;
  checkReferences(scenario);
  return scenario;
}

function depth(location: string): number {
  return location.split('/').length;
}

/** References that must resolve, and IDs that must be unique. */
function checkReferences(scenario: Scenario): void {
  const organizations = new Set<string>();
  const environments = new Set<number>();
  const projects = new Set<number>();
  scenario.organizations.forEach((organization, at) => {
    once(organizations, organization.name, `/organizations/${at}/name`);
    organization.projects.forEach((project, projectAt) => {
      const path = `/organizations/${at}/projects/${projectAt}`;
      once(projects, project.id, `${path}/id`);
      project.environments.forEach((environment, environmentAt) => {
        once(environments, environment.id, `${path}/environments/${environmentAt}/id`);
      });
    });
  });
  const users = new Set<number>();
  scenario.users.forEach((user, at) => {
    once(users, user.id, `/users/${at}/id`);
    user.memberships.forEach((membership, membershipAt) => {
      known(organizations, membership.organization, `/users/${at}/memberships/${membershipAt}/organization`);
    });
    user.access?.forEach((access, accessAt) => {
      known(environments, access.environment, `/users/${at}/access/${accessAt}/environment`);
    });
    if (user.current_environment !== undefined && user.current_environment !== null) {
      known(environments, user.current_environment, `/users/${at}/current_environment`);
    }
  });
  const keys = new Set<string>();
  scenario.keys?.forEach((key, at) => {
    once(keys, key.name, `/keys/${at}/name`);
    known(users, key.user, `/keys/${at}/user`);
    key.scoped_teams?.forEach((id, teamAt) => known(environments, id, `/keys/${at}/scoped_teams/${teamAt}`));
    key.scoped_organizations?.forEach((name, organizationAt) =>
      known(organizations, name, `/keys/${at}/scoped_organizations/${organizationAt}`),
    );
  });
}

function once<T extends string | number>(seen: Set<T>, value: T, path: string): void {
  if (seen.has(value)) {
    throw new ScenarioError(path, `${JSON.stringify(value)} is a duplicate.`);
  }
  seen.add(value);
}

function known<T extends string | number>(all: Set<T>, value: T, path: string): void {
  if (!all.has(value)) {
    throw new ScenarioError(path, `${JSON.stringify(value)} isn't defined in this scenario.`);
  }
}
