import type { Scenario, ScenarioOrganization } from './scenario';

const ORGANIZATIONS = 20;
const ENVIRONMENTS_EACH = 10;
const TABLES = 10_000;

/** 20 organizations, 200 environments, 10,000 tables in the first one. */
export function largeScenario(): Scenario {
  const organizations = Array.from({ length: ORGANIZATIONS }, (_, index) => organization(index + 1));
  const memberships = organizations.map(({ name }) => ({ organization: name }));
  return {
    organizations,
    users: [
      {
        id: 1,
        first_name: 'Olive',
        last_name: 'Owner',
        email: 'olive@example.com',
        memberships: memberships.map((item) => ({ ...item, level: 15 })),
      },
      {
        id: 2,
        first_name: 'Max',
        last_name: 'Member',
        email: 'max@example.com',
        memberships: memberships.map((item) => ({ ...item, level: 1 })),
      },
    ],
  };
}

function organization(number: number): ScenarioOrganization {
  return {
    name: `Organization ${String(number).padStart(2, '0')}`,
    features: ['audit_logs'],
    projects: Array.from({ length: ENVIRONMENTS_EACH }, (_, index) => {
      const id = number * 100 + index + 1;
      return {
        id,
        name: `Project ${id}`,
        environments: [
          {
            id,
            name: `Environment ${id}`,
            generated_tables: { count: number === 1 && index === 0 ? TABLES : 3 },
          },
        ],
      };
    }),
  };
}
