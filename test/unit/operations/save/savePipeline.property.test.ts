import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SaveRefused, type Saved } from '../../../../src/operations/save/saveRefused';
import { FAULT_KINDS, type FaultKind } from '../../../../src/sandbox/index';
import { formatDocument, settingsDocument } from '../../../../src/settings/document';
import {
  isJsonObject,
  jsonEquals,
  type JsonObject,
  type JsonValue,
  objectOf,
} from '../../../../src/json/json';
import { sameValue } from '../../../../src/settings/values';
import { replayConfigs } from '../arbitraries';
import { DEVELOPMENT, PRODUCTION, SaveBench, type Opened } from '../support';

/** Values that the server accepts, changes, ignores or rejects, for all kinds of fields (API facts 4.5). */
const values: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  name: fc.constantFrom('Production', ' Shop ', 'Playground', ''),
  timezone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Atlantis', null),
  week_start_day: fc.constantFrom<JsonValue[]>(0, 1, 2, null, 'Monday'),
  anonymize_ips: fc.constantFrom<JsonValue[]>(true, false, 'true', null),
  app_urls: fc.array(fc.constantFrom('https://a.example.com', 'https://b.example.com', '', null), {
    maxLength: 3,
  }),
  session_recording_sample_rate: fc.constantFrom<JsonValue[]>('0.4', 0.4, '0.40', 1, 2, null, 'half'),
  session_recording_retention_period: fc.constantFrom('30d', '90d', '5y'),
  default_data_theme: fc.constantFrom(1, 2, 3),
  primary_dashboard: fc.constantFrom(12031, 12032, 99, null),
  session_replay_config: replayConfigs,
  survey_config: fc.oneof(
    fc.record({ appearance: fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(3)) }),
    fc.constant({}),
  ),
  modifiers: fc.dictionary(fc.constantFrom('debug', 'timings', 'bounceRateDurationSeconds'), fc.nat(5)),
  marketing_analytics_config: fc.record(
    {
      attribution_window_days: fc.nat(91),
      sources_map: fc.dictionary(fc.constantFrom('google-ads', 'bing'), fc.constant({ cost: 'c' })),
    },
    { requiredKeys: [] },
  ),
  extra_settings: fc.oneof(fc.dictionary(fc.constantFrom('a', 'b'), fc.boolean()), fc.constant(null)),
  logs_settings: fc.record({ retention_days: fc.constantFrom(14, 30), json_parse_logs: fc.boolean() }),
  conversations_enabled: fc.boolean(),
  unheard_of: fc.nat(2),
  access_control: fc.boolean(),
  api_token: fc.constant('phc_typed'),
};

const changesTo = (keys: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc
    .subarray([...keys], { maxLength: 5 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, values[key]!]))))
    .map((record) => JSON.parse(JSON.stringify(record)) as JsonObject);

/** Values that someone else, or the server itself, may have set in the meantime: only values that can be stored. */
const theirValues: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  ...values,
  name: fc.constantFrom('Production', 'Theirs'),
  timezone: fc.constantFrom('UTC', 'Asia/Tokyo'),
  week_start_day: fc.constantFrom<JsonValue[]>(0, 1, null),
  anonymize_ips: fc.boolean(),
  app_urls: fc.array(fc.constantFrom('https://a.example.com', 'https://c.example.com'), { maxLength: 2 }),
  session_recording_sample_rate: fc.constantFrom<JsonValue[]>('0.40', '1.00', null),
};
const storable = [
  ...['name', 'timezone', 'week_start_day', 'anonymize_ips', 'app_urls', 'session_recording_sample_rate'],
  ...['session_replay_config', 'survey_config', 'modifiers', 'extra_settings'],
];
const theirChanges: fc.Arbitrary<JsonObject> = fc
  .subarray(storable, { maxLength: 3 })
  .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, theirValues[key]!]))))
  .map((record) => JSON.parse(JSON.stringify(record)) as JsonObject);

/** A server that lies in its responses has its own test, because no one can tell what it stores. */
const faults: fc.Arbitrary<{ method: string; kind: FaultKind } | undefined> = fc.option(
  fc.record({
    method: fc.constantFrom('GET', 'PATCH', 'POST'),
    kind: fc.constantFrom(...FAULT_KINDS.filter((kind) => kind !== 'latency' && kind !== 'different-answer')),
  }),
  { nil: undefined, freq: 2 },
);

/** A document in which a user changed and removed keys. */
const edit = ({ base }: Opened, changes: JsonObject, leftOut: readonly string[]): Opened => ({
  base,
  text: formatDocument(
    Object.fromEntries(
      Object.entries({ ...base, ...changes }).filter(([key]) => !leftOut.includes(key) || key in changes),
    ),
  ),
});

async function outcome(saving: Promise<Saved>): Promise<Saved | SaveRefused> {
  try {
    return await saving;
  } catch (error) {
    assert.ok(error instanceof SaveRefused, String(error));
    return error;
  }
}

/** Every leaf of a value by its path, so that a change inside a merged object counts as a change of that leaf. */
function leaves(value: JsonValue | undefined, path: string, found = new Map<string, JsonValue>()) {
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value)) {
      leaves(part, `${path}.${key}`, found);
    }
  } else if (value !== undefined) {
    found.set(path, value);
  }
  return found;
}

/** What two objects that both sides change have before: keys that each side can change, remove, or keep. */
const startingObjects: fc.Arbitrary<JsonObject> = fc.record({
  extra_settings: fc.constantFrom<JsonValue[]>({}, { a: true }, { a: true, b: true }),
  modifiers: fc.constantFrom<JsonValue[]>(null, { debug: 1 }, { debug: 1, timings: 2 }),
});

/**
 * Checks a successful save leaf by leaf: PostHog replaces some objects whole, so what is sent must be the merged object,
 * with what someone else changed inside of it and what the user changed.
 */
function checkLeaves(
  key: string,
  { base, mine, before, after }: Readonly<Record<'base' | 'mine' | 'before' | 'after', JsonObject>>,
): void {
  const [were, wanted, theirs, now] = [
    leaves(base[key], key),
    leaves(mine[key], key),
    leaves(before[key], key),
    leaves(after[key], key),
  ];
  for (const path of new Set([...were.keys(), ...wanted.keys(), ...theirs.keys()])) {
    // Where null removes a key, PostHog doesn't store it. An empty object only claims that much: the other side may have
    // added something to it.
    const has = (expected: ReadonlyMap<string, JsonValue>): boolean =>
      jsonEquals(now.get(path) ?? null, expected.get(path) ?? null) ||
      (jsonEquals(expected.get(path), {}) && [...now.keys()].some((one) => one.startsWith(`${path}.`)));
    if (jsonEquals(wanted.get(path), were.get(path))) {
      assert.ok(has(theirs), `their ${path} was overwritten: ${JSON.stringify(after[key])}`);
    } else if (path !== key) {
      assert.ok(has(wanted), `my ${path} isn't there: ${JSON.stringify(after[key])}`);
    }
  }
}

describe('any edit of a document', () => {
  for (const generation of ['current', 'documented'] as const) {
    describe(`on a ${generation} server`, () => {
      const bench = new SaveBench(generation);
      let original: JsonObject;
      before(async () => {
        await bench.start();
        original = structuredClone(bench.settings());
      });
      after(() => bench.stop());

      it('a successful save of settings leaves the server with what the editor shows; a refused one hides nothing', async function () {
        this.timeout(60_000);
        await fc.assert(
          fc.asyncProperty(
            changesTo(Object.keys(values)),
            theirChanges,
            startingObjects,
            fc.subarray(['timezone', 'app_urls', 'modifiers'], { maxLength: 1 }),
            faults,
            async (changes, theirs, start, leftOut, fault) => {
              bench.control.clearFaults();
              bench.control.patchEnvironment(PRODUCTION, { ...original, ...start });
              const opened = await bench.openSettings();
              const mine = edit(opened, changes, leftOut);
              bench.control.patchEnvironment(PRODUCTION, theirs);
              const before = settingsDocument(structuredClone(bench.settings()));
              if (fault) {
                bench.fail(fault.method, fault.kind);
              }
              const result = await outcome(bench.saveSettings(mine));
              const after = settingsDocument(structuredClone(bench.settings()));
              const sent = bench.methods().filter((method) => method === 'PATCH');
              assert.ok(sent.length <= 1, 'at most one PATCH');

              // Whatever happens, what someone else changed and this user didn't is still there.
              for (const key of Object.keys(theirs)) {
                if (!(key in changes)) {
                  assert.deepEqual(after[key], before[key], `their ${key} was overwritten`);
                }
              }
              if (result instanceof SaveRefused) {
                for (const key of Object.keys(after)) {
                  const moved = !jsonEquals(result.base?.[key], opened.base[key]);
                  if (result.base && moved && result.base[key] !== undefined) {
                    // If the new base claims that this was written, it's there.
                    for (const [path, value] of leaves(result.base[key], key)) {
                      const were = leaves(opened.base[key], key).get(path);
                      if (!jsonEquals(were, value)) {
                        const stored = leaves(after[key], key);
                        // An empty object only claims that much: what they added to it isn't in the base yet.
                        const theirsInIt = [...stored.keys()].some((one) => one.startsWith(`${path}.`));
                        assert.ok(
                          jsonEquals(stored.get(path), value) || (jsonEquals(value, {}) && theirsInIt),
                          `the base contains ${path}`,
                        );
                      }
                    }
                  }
                }
                if (result.message.includes('Nothing was sent')) {
                  assert.equal(sent.length, 0);
                  assert.deepEqual(after, before);
                }
                return;
              }
              const shown = JSON.parse(result.text) as JsonObject;
              const wanted = JSON.parse(mine.text) as JsonObject;
              for (const key of storable.filter((one) => one in changes)) {
                checkLeaves(key, { base: opened.base, mine: wanted, before, after });
              }
              for (const key of Object.keys(after)) {
                // Unsent keys may be outdated if nothing had to be requested.
                if (result.sentKeys.length > 0 || bench.methods().length > 0) {
                  assert.ok(
                    sameValue(key, shown[key], after[key]),
                    `${key}: shows ${JSON.stringify(shown[key])}, has ${JSON.stringify(after[key])}`,
                  );
                }
              }
              assert.deepEqual(
                result.base,
                bench.methods().length > 0 ? after : opened.base,
                'the next base is what the server has',
              );
            },
          ),
          { numRuns: 250 },
        );
      });

      it('a successful save of a table leaves the server with what the editor shows; a refused one hides nothing', async function () {
        this.timeout(60_000);
        const id = bench.tableId('orders');
        const start = structuredClone(bench.control.table(DEVELOPMENT, id));
        const types = fc.dictionary(
          fc.constantFrom('total', 'status', 'country', 'nowhere'),
          fc.constantFrom('string', 'integer', 'float', 'json', 'STRING'),
          { maxKeys: 3 },
        );
        const patches = fc.record(
          {
            name: fc.constantFrom('orders', 'my_orders', 'products', 'my orders', ''),
            format: fc.constantFrom('CSV', 'Parquet', 'parquet'),
            url_pattern: fc.constantFrom(
              'https://hedgehog-data.s3.amazonaws.com/x/*.csv',
              'http://hedgehog-data.s3.amazonaws.com/x/*.csv',
            ),
          },
          { requiredKeys: [] },
        );
        const theirs = fc.record(
          { name: fc.constantFrom('orders', 'theirs'), total: fc.constantFrom('float', 'decimal', 'string') },
          { requiredKeys: [] },
        );
        await fc.assert(
          fc.asyncProperty(patches, types, theirs, faults, async (patch, typed, their, fault) => {
            bench.control.clearFaults();
            bench.control.patchTable(DEVELOPMENT, id, start);
            const opened = await bench.openTable(id);
            const columns = { ...objectOf(opened.base.columns), ...typed };
            const mine = edit(opened, { ...patch, columns }, []);
            if (their.name !== undefined) {
              bench.control.patchTable(DEVELOPMENT, id, { name: their.name });
            }
            if (their.total !== undefined) {
              const retyped = Object.entries(objectOf(opened.base.columns)).map(([name, type]) => ({
                name,
                type: name === 'total' ? (their.total ?? '') : (type ?? ''),
              }));
              bench.control.patchTable(DEVELOPMENT, id, { columns: retyped });
            }
            const before = structuredClone(bench.table(id));
            if (fault) {
              bench.fail(fault.method, fault.kind);
            }
            const result = await outcome(bench.saveTable(mine, id));
            const after = structuredClone(bench.table(id));
            if (patch.name === undefined || patch.name === 'orders') {
              assert.equal(after.name, before.name, 'their name was overwritten');
            }
            if (typed.total === undefined || typed.total === 'float') {
              assert.equal(objectOf(after.columns).total, objectOf(before.columns).total);
            }
            if (result instanceof SaveRefused) {
              if (result.message.includes('Nothing was sent')) {
                assert.deepEqual(after, before);
              }
              if (result.message.includes('Not applied: ')) {
                assert.deepEqual(after.columns, before.columns, result.message);
              }
              return;
            }
            if (bench.methods().length > 0) {
              assert.deepEqual(JSON.parse(result.text), after);
              assert.deepEqual(result.base, after);
            } else {
              assert.deepEqual(JSON.parse(result.text), opened.base);
            }
          }),
          { numRuns: 200 },
        );
      });
    });
  }
});
