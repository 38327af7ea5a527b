import { Readable } from 'node:stream';
import { createApplication } from './application';
import { Faults } from './faults';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from './json';
import { RequestLog } from './requestLog';
import { buildState } from './scenario/build';
import type { Generation } from './types';
import { resolveWithoutNetwork } from './warehouse/urlRules';

/** A PATCH of an environment's settings that is to be tried out. */
export interface RehearsedPatch {
  generation: Generation;
  /** The environment as the server shows it now. */
  environment: JsonObject;
  /** The caller's role: 1 member, 8 admin, 15 owner. */
  membershipLevel: number;
  body: JsonObject;
}

/** What the rehearsal answered. */
export interface RehearsedAnswer {
  status: number;
  /** The environment, or the envelope of an error. */
  body: JsonObject;
}

const id = 1;
const key = 'phx_rehearsal';
const organization = 'Rehearsal';

/**
 * Applies a PATCH to a server of one environment that holds the given settings, without a network: what PostHog would
 * normalize, refuse or ignore, as far as its rules are known. What the rules look up elsewhere (cohorts, dashboards, the
 * plan) counts as there.
 */
export async function rehearse(patch: RehearsedPatch): Promise<RehearsedAnswer> {
  const { generation, environment, membershipLevel, body } = patch;
  const name = typeof environment.name === 'string' ? environment.name : organization;
  const ids = [...integersIn(environment), ...integersIn(body)];
  const state = buildState(
    {
      organizations: [
        {
          name: organization,
          features: ['access_control', 'proactive_tasks'],
          projects: [
            {
              id,
              name,
              environments: [
                {
                  id,
                  name,
                  settings: environment,
                  cohorts: Object.fromEntries(ids.map((cohort) => [String(cohort), ''])),
                  dashboards: ids,
                },
              ],
            },
          ],
        },
      ],
      users: [
        {
          id,
          first_name: organization,
          email: 'rehearsal@example.com',
          memberships: [{ organization, level: membershipLevel === 15 ? 15 : membershipLevel === 8 ? 8 : 1 }],
        },
      ],
      keys: [{ name: 'admin', user: id, scopes: ['*'] }],
    },
    { generation, now: () => new Date(), keys: { admin: key } },
  );
  let mistake: unknown;
  const application = createApplication({
    state,
    faults: new Faults(),
    log: new RequestLog(),
    resolveHost: resolveWithoutNetwork,
    redirectEnvironments: false,
    onMistake: (error) => {
      mistake = error;
    },
  });
  const path = generation === 'current' ? `/api/projects/${id}/` : `/api/projects/${id}/environments/${id}/`;
  const url = `http://localhost${path}`;
  const incoming = Object.assign(Readable.from([Buffer.from(JSON.stringify(body))]), {
    method: 'PATCH',
    url: path,
    complete: true,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', host: 'localhost' },
  });
  const response = await application.fetch(new Request(url, { method: 'PATCH' }), { incoming });
  if (mistake !== undefined) {
    throw mistake instanceof Error ? mistake : new Error('The rehearsal made a mistake.');
  }
  const answer = parseJson(await response.text());
  return { status: response.status, body: isJsonObject(answer) ? answer : {} };
}

/** Every integer from 1 in a value: what the settings point to by id is among them. */
function integersIn(value: JsonValue | undefined): number[] {
  if (Array.isArray(value)) {
    return value.flatMap(integersIn);
  }
  if (isJsonObject(value)) {
    return Object.values(value).flatMap(integersIn);
  }
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? [value] : [];
}
