import type { Scenario } from './scenario';

/** One person in one organization without any environments. */
export function emptyScenario(): Scenario {
  return {
    organizations: [{ name: 'Example Organization', projects: [] }],
    users: [
      {
        id: 1,
        first_name: 'Olive',
        last_name: 'Owner',
        email: 'olive@example.com',
        memberships: [{ organization: 'Example Organization', level: 15 }],
      },
      {
        id: 2,
        first_name: 'Max',
        last_name: 'Member',
        email: 'max@example.com',
        memberships: [{ organization: 'Example Organization', level: 1 }],
      },
    ],
  };
}
