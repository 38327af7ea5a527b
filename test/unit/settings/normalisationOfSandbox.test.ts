import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../../src/json/json';
import type { Scenario } from '../../../src/sandbox/scenario/scenario';
import { startSandbox, type Sandbox } from '../../../src/sandbox/index';
import { isSameSetting } from '../../../src/operations/settingsFile/wanted';
import { compareAnswer, settingsOutcomes } from '../../../src/settings/answer';
import {
  mergedLevels,
  settingsFields,
  type Generation,
  type SettingsField,
} from '../../../src/settings/catalogue';
import { settingsDocument } from '../../../src/settings/document';
import { planSettings } from '../../../src/settings/patch';
import { nullRemoves, ruleOfKey, type FieldRule } from '../../../src/settings/rules';
import { breaches } from '../../../src/settings/ruleCheck';
import { sameValue } from '../../../src/settings/values';
import { notGenerated, sizeOf, valuesOfField } from './valuesOfRules';

const writable = settingsFields.filter(({ access }) => access === 'writable');

/** One environment with everything that values can point to, in an organization that can use every feature. */
const scenario: Scenario = {
  organizations: [
    {
      name: 'Everything',
      features: ['access_control', 'proactive_tasks', 'data_color_themes'],
      limits: { longest_recording_retention: '5y', logs_retention_30_days: true },
      projects: [
        {
          id: 1,
          name: 'Shop',
          environments: [
            {
              id: 1,
              name: 'Shop',
              cohorts: { '1': 'Staff', '5': 'Testers' },
              dashboards: Array.from({ length: 56 }, (_, index) => index - 5),
            },
          ],
        },
      ],
    },
  ],
  users: [
    {
      id: 1,
      first_name: 'Ada',
      email: 'ada@example.com',
      memberships: [{ organization: 'Everything', level: 15 }],
    },
  ],
};

/** Neither server has it under this name anymore. */
const gone = ['default_evaluation_environments_enabled'];

/** Parts of a setting that only servers of one generation have; the others ignore them, which isn't normalization. */
const partsOf: Readonly<Record<string, Readonly<Record<string, Generation>>>> = {
  revenue_analytics_config: { goals: 'documented' },
  marketing_analytics_config: { filter_test_accounts: 'current' },
  customer_analytics_config: { account_group_type_index: 'current' },
};

/** A value with what the server keeps of the old one anyway: a document never leaves that out. */
function kept(
  before: JsonValue | undefined,
  value: JsonValue,
  levels: number,
  rule: FieldRule | undefined,
  generation: Generation,
): JsonValue {
  if (!isJsonObject(before) || !isJsonObject(value) || levels === 0) {
    return value;
  }
  const parts = Object.entries(value).map(([key, part]) => {
    const below = ruleOfKey(rule, key);
    // Older servers keep every source that they ever got.
    const deeper = nullRemoves(below) && generation === 'documented' ? 1 : levels - 1;
    return [key, kept(own(before, key), part ?? null, deeper, below, generation)] as const;
  });
  return { ...before, ...Object.fromEntries(parts) };
}

type Pair = [JsonValue | undefined, JsonValue | undefined];

/** The value with one part spelled differently, in every way that some server treats alike for some field. */
function* respelled(value: JsonValue): Generator<JsonValue> {
  if (value === null) {
    yield '';
  } else if (typeof value === 'string') {
    yield* [` ${value}`, `${value}\t`, value.toUpperCase(), ...(value.trim() === '' ? [null] : [])];
  } else if (Array.isArray(value)) {
    yield* [[...value, ''], [null, ...value], [...value, ...value.slice(0, 1)], [...value].reverse()];
    for (const [index, item] of value.slice(0, 2).entries()) {
      for (const other of respelled(item)) {
        yield value.with(index, other);
      }
    }
  } else if (isJsonObject(value)) {
    for (const [key, part] of Object.entries(value)) {
      for (const other of respelled(part ?? null)) {
        yield { ...value, [key]: other };
      }
    }
  }
}

describe('the generator of values', () => {
  it('B1: supports every attribute of every rule in the catalogue', () => {
    assert.deepEqual(
      writable.flatMap((field) => notGenerated(field).map((attribute) => `${field.key}: ${attribute}`)),
      [],
    );
  });
});

for (const generation of ['documented', 'current'] as const satisfies Generation[]) {
  describe(`how a ${generation} server normalizes every kind of value`, () => {
    let sandbox: Sandbox;
    let path: string;

    before(async () => {
      sandbox = await startSandbox({ port: 0, generation, scenario });
      const projects = await firstId('/api/projects/');
      path =
        generation === 'current'
          ? `/api/projects/${projects}/`
          : `/api/environments/${await firstId(`/api/projects/${projects}/environments/`)}/`;
    });
    after(() => sandbox.close());

    async function call(
      method: string,
      where: string,
      body?: JsonObject,
    ): Promise<{ ok: boolean; status: number; body: JsonObject }> {
      const response = await fetch(sandbox.url + where, {
        method,
        headers: { authorization: `Bearer ${sandbox.keys.admin}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { ok: response.ok, status: response.status, body: (await response.json()) as JsonObject };
    }

    async function firstId(where: string): Promise<number> {
      const { results } = (await call('GET', where)).body;
      const first = Array.isArray(results) ? results[0] : undefined;
      assert.ok(isJsonObject(first) && typeof first.id === 'number');
      return first.id;
    }

    const known = ({ key, addedIn, removedIn }: SettingsField): boolean =>
      !gone.includes(key) && removedIn !== generation && (generation === 'current' || addedIn === undefined);

    /** The value without the parts that this server lacks. */
    const ofThisServer = (key: string, value: JsonValue): JsonValue =>
      isJsonObject(value)
        ? Object.fromEntries(
            Object.entries(value).filter(([part]) => (partsOf[key]?.[part] ?? generation) === generation),
          )
        : value;

    for (const field of writable.filter(known)) {
      const { key } = field;
      const values = valuesOfField(field).map((value) => ofThisServer(key, value));
      const fits = (value: JsonValue, before: JsonValue | undefined): boolean =>
        breaches(field, value, before, { generation }).every(({ certain }) => !certain);

      it(`B1: no value of ${key} is reported as refused because the server normalized it`, async () => {
        let base = settingsDocument((await call('GET', path)).body);
        let taken = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 3 }), async (some) => {
            for (const value of some.filter((one) => fits(one, own(base, key)))) {
              const mine = {
                ...base,
                [key]: kept(own(base, key), value, mergedLevels(field, generation), field.rule, generation),
              };
              const { body, problems } = planSettings(base, mine, generation);
              if (problems.length > 0) {
                continue;
              }
              const answer = await call('PATCH', path, body);
              if (!answer.ok) {
                // Refusals with a reason aren't normalization.
                assert.ok([400, 403].includes(answer.status), JSON.stringify(answer.body));
                continue;
              }
              taken += 1;
              const stored = settingsDocument(answer.body);
              const before = base;
              base = stored;
              assert.deepEqual(compareAnswer(body, answer.body, generation, before), []);
              // Nothing is left to send: the editor shows the server's form, and the base is the same.
              assert.deepEqual(planSettings(stored, { ...mine, ...stored }, generation).body, {});
              // If the user kept typing, the text is still theirs: it's sent once more and changes nothing.
              const again = planSettings(stored, mine, generation);
              if (again.problems.length === 0 && Object.keys(again.body).length > 0) {
                const second = await call('PATCH', path, again.body);
                assert.ok(second.ok, JSON.stringify(second.body));
                assert.deepEqual(compareAnswer(again.body, second.body, generation, stored), []);
                base = settingsDocument(second.body);
              }
            }
          }),
          { numRuns: Math.min(8 * sizeOf(field), 80) },
        );
        assert.ok(taken > 0, 'the server accepted none of the values');
      });

      it(`9.A: a change of ${key} is only left out if the server has it, and isn't a difference once it's stored`, async () => {
        await fc.assert(
          fc.asyncProperty(values, fc.nat(), async (value, seed) => {
            const now = settingsDocument((await call('GET', path)).body);
            fc.pre(fits(value, own(now, key)) && (await call('PATCH', path, { [key]: value })).ok);
            let base = settingsDocument((await call('GET', path)).body);
            const variants = [...respelled(own(base, key) ?? null)];
            for (let turn = 0; turn < Math.min(variants.length, 6); turn += 1) {
              const other = variants[(seed + turn) % variants.length] ?? null;
              const mine = { ...base, [key]: other };
              const { body, problems } = planSettings(base, mine, generation);
              if (problems.length > 0 || !fits(other, own(base, key))) {
                continue;
              }
              const answer = await call('PATCH', path, { [key]: own(body, key) ?? other });
              if (!answer.ok) {
                continue;
              }
              const stored = settingsDocument(answer.body);
              const isLeftOut = settingsOutcomes(body, base, generation, base, {}).every(
                ({ became }) => became !== 'missing',
              );
              const what = JSON.stringify([base[key], other, stored[key]]);
              // The order of tags means nothing.
              const isSame =
                key === 'tags' ? sameValue : (_: string, ...[one, two]: Pair) => jsonEquals(one, two);
              assert.ok(!isLeftOut || isSame(key, stored[key], base[key]), `never sent: ${what}`);
              // PostHog drops what it doesn't know, and a warning says so.
              const isExpected = breaches(field, other, own(base, key), { generation }).length === 0;
              assert.ok(
                !isExpected || isSameSetting(key, other, stored[key]),
                `a difference forever: ${what}`,
              );
              base = stored;
            }
          }),
          { numRuns: Math.min(3 * sizeOf(field), 25) },
        );
      });
    }
  });
}
