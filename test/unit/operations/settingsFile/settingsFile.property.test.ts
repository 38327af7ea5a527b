import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isInLine } from '../../../../src/operations/settingsFile/planEnvironment';
import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../../../src/json/json';
import { replayConfigs } from '../arbitraries';
import { changesOf, FileBench, PRODUCTION, STAGING } from './support';

/** Values that PostHog accepts, some of which it stores in another form. */
const values: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  timezone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Europe/Berlin'),
  week_start_day: fc.constantFrom<JsonValue[]>(0, 1, null),
  anonymize_ips: fc.boolean(),
  app_urls: fc.array(fc.constantFrom('https://a.example.com', ' https://b.example.com ', '', null), {
    maxLength: 3,
  }),
  session_recording_sample_rate: fc.constantFrom<JsonValue[]>('0.4', 0.4, '0.40', 1, null),
  session_recording_minimum_duration_milliseconds: fc.constantFrom<JsonValue[]>(0, 2000, null),
  session_replay_config: replayConfigs,
  survey_config: fc.record({ appearance: fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(3)) }),
  modifiers: fc.dictionary(fc.constantFrom('debug', 'timings'), fc.boolean()),
  marketing_analytics_config: fc.record(
    { attribution_window_days: fc.integer({ min: 1, max: 90 }) },
    { requiredKeys: [] },
  ),
  extra_settings: fc.oneof(fc.dictionary(fc.constantFrom('a', 'b'), fc.boolean()), fc.constant(null)),
  person_display_name_properties: fc.array(fc.constantFrom('email', 'name'), { maxLength: 2 }),
  path_cleaning_filters: fc.array(
    fc.record({ alias: fc.constantFrom('/a', '/b'), regex: fc.constantFrom('/x', '/y') }),
    { maxLength: 2 },
  ),
};

const some = (most: number): fc.Arbitrary<JsonObject> =>
  fc
    .subarray(Object.keys(values), { maxLength: most })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, values[key]!]))))
    .map((record) => JSON.parse(JSON.stringify(record)) as JsonObject);

/** What a state contains besides the wanted values. */
function unmanaged(state: JsonValue | undefined, wanted: JsonValue | undefined): JsonValue | undefined {
  if (wanted === undefined) {
    return state;
  }
  if (!isJsonObject(state) || !isJsonObject(wanted)) {
    return undefined;
  }
  const kept = Object.entries(state).flatMap(([key, part]) => {
    const rest = unmanaged(part, own(wanted, key));
    return rest === undefined ? [] : [[key, rest] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

describe('any settings file', () => {
  for (const generation of ['current', 'documented'] as const) {
    describe(`on a ${generation} server`, () => {
      const bench = new FileBench(generation);
      let original: JsonObject[];
      before(async () => {
        await bench.start();
        original = [STAGING, PRODUCTION].map((id) => structuredClone(bench.control.environment(id)));
      });
      after(() => bench.stop());

      const reset = (staging: JsonObject, production: JsonObject): void => {
        bench.control.patchEnvironment(STAGING, { ...original[0], ...stored(staging) });
        bench.control.patchEnvironment(PRODUCTION, { ...original[1], ...stored(production) });
      };

      it('5: apply changes exactly what the file manages and nothing else, after which a plan is empty', async function () {
        this.timeout(120_000);
        await fc.assert(
          fc.asyncProperty(
            some(5),
            some(4),
            some(4),
            some(4),
            async (common, override, theirsStaging, theirsProduction) => {
              reset(theirsStaging, theirsProduction);
              const before = [bench.document(STAGING), bench.document(PRODUCTION)];
              const text = bench.text(common, { staging: override });
              const plans = await bench.planned(text);
              for (const plan of plans) {
                const outcome = await bench.apply(plan);
                assert.equal(outcome.kind, 'applied', `${outcome.what} ${outcome.why}`);
              }
              for (const [index, plan] of plans.entries()) {
                const after = bench.document(plan.target.id);
                const changed = plan.set.changes.reduce<JsonObject>(mark, {});
                assert.deepEqual(unmanaged(after, changed), unmanaged(before[index], changed));
              }
              const again = await bench.planned(text);
              assert.deepEqual(again.map(changesOf), [[], []]);
              assert.ok(again.every(isInLine));
            },
          ),
          { numRuns: 60 },
        );
      });

      it('5: after a pull, a plan is empty, equal values are in the common part, and the rest keeps its formatting', async function () {
        this.timeout(120_000);
        await fc.assert(
          fc.asyncProperty(
            some(5),
            some(4),
            some(4),
            some(4),
            fc.boolean(),
            async (common, override, theirsStaging, theirsProduction, all) => {
              reset(theirsStaging, theirsProduction);
              const text = bench.text(common, { staging: override });
              const pulled = bench.pull(text, { all });
              const plans = await bench.planned(pulled.text);
              assert.deepEqual(plans.map(changesOf), [[], []]);
              assert.deepEqual(
                bench.pull(pulled.text, { all }).text,
                pulled.text,
                'a second pull changes nothing',
              );
              if (all) {
                const file = bench.read(pulled.text);
                const [staging, production] = [bench.document(STAGING), bench.document(PRODUCTION)];
                for (const key of ['base_currency', 'heatmaps_opt_in']) {
                  const isEqual = jsonEquals(staging[key], production[key]) && staging[key] !== null;
                  assert.equal(Object.hasOwn(file.settings, key), isEqual, key);
                }
              }
            },
          ),
          { numRuns: 60 },
        );
      });
    });
  }
});

/** A value as a server could store it, without what no one can have set. */
function stored(settings: JsonObject): JsonObject {
  const { app_urls: urls, session_recording_sample_rate: rate, ...rest } = settings;
  return {
    ...rest,
    ...(Array.isArray(urls) && {
      app_urls: urls.flatMap((url) => (typeof url === 'string' && url !== '' ? [url.trim()] : [])),
    }),
    ...(rate !== undefined && {
      session_recording_sample_rate: rate === null ? null : Number(rate).toFixed(2),
    }),
  };
}

/** The places of changes, as the keys of an object. */
function mark(places: JsonObject, { path }: { readonly path: readonly (string | number)[] }): JsonObject {
  const [key, ...rest] = path.map(String);
  if (key === undefined) {
    return places;
  }
  const below = own(places, key);
  return {
    ...places,
    [key]: rest.length === 0 ? true : mark(isJsonObject(below) ? below : {}, { path: rest }),
  };
}
