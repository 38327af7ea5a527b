import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../../../src/json/json';
import { formatDocument, settingsDocument } from '../../../../src/settings/document';
import { settingsField } from '../../../../src/settings/catalogue';
import { SaveRefused } from '../../../../src/operations/save/saveRefused';
import { PRODUCTION, SaveBench } from '../support';

const flags = [true, false];

/** Settings that are objects, with keys that PostHog stores as they are, and their values. */
const objects: Readonly<Record<string, Readonly<Record<string, readonly JsonValue[]>>>> = {
  session_recording_masking_config: { maskAllInputs: flags, maskTextSelector: ['.a', '.b'] },
  session_recording_network_payload_capture_config: { recordHeaders: flags, recordBody: flags },
  has_completed_onboarding_for: { product_analytics: flags, session_replay: flags, surveys: flags },
  onboarding_tasks: { ingest_first_event: ['completed', 'skipped'], set_up_reverse_proxy: ['completed'] },
  modifiers: { debug: flags, timings: flags },
  extra_settings: { a: flags, b: flags, c: [1, 'two'] },
  // Merged by PostHog, for comparison.
  session_replay_config: { record_canvas: flags, ai_config: [{ opt_in: true }, { opt_in: false }] },
};

type Value = JsonValue | undefined;

/** A key inside of an object, before, and as each side leaves it. `undefined`: it isn't there. */
interface Versions {
  readonly base: Value;
  readonly mine: Value;
  readonly theirs: Value;
}

/** Most keys are changed by one side or none: otherwise, everything would be in conflict. */
const versionsOf = (values: readonly JsonValue[], canRemove: boolean): fc.Arbitrary<Versions> => {
  const value: fc.Arbitrary<Value> = fc.constantFrom(...values, ...(canRemove ? [undefined] : []));
  const kept = { weight: 2, arbitrary: fc.constant('kept' as const) };
  const side = fc.oneof(kept, { weight: 1, arbitrary: value.map((to) => ({ to })) });
  return fc.record({ base: value, mine: side, theirs: side }).map(({ base, mine, theirs }) => ({
    base,
    mine: mine === 'kept' ? base : mine.to,
    theirs: theirs === 'kept' ? base : theirs.to,
  }));
};

/** The values that are there. */
const objectWith = (
  keys: Readonly<Record<string, Versions>>,
  pick: (versions: Versions) => Value,
): JsonObject =>
  Object.fromEntries(
    Object.entries(keys).flatMap(([key, versions]) => {
      const value = pick(versions);
      return value === undefined ? [] : [[key, value]];
    }),
  );

const same = (left: Value, right: Value): boolean => jsonEquals(left, right);
const mergedOf = ({ base, mine, theirs }: Versions): Value => (same(mine, base) ? theirs : mine);
const isConflict = ({ base, mine, theirs }: Versions): boolean =>
  !same(mine, base) && !same(theirs, base) && !same(mine, theirs);

describe('an object that both sides change inside', () => {
  for (const generation of ['current', 'documented'] as const) {
    describe(`on a ${generation} server`, () => {
      const bench = new SaveBench(generation);
      before(() => bench.start());
      after(() => bench.stop());

      for (const [key, values] of Object.entries(objects)) {
        const field = settingsField(key);
        const mode = field?.patchMode(generation);
        // A server between the generations could do either, and the whole object is right for both.
        const isSentWhole = field?.patchMode('documented') === 'replace';

        it(`1: ${key}, which PostHog ${mode}s, is sent so that it has both sides' changes`, async () => {
          const shape = Object.fromEntries(
            Object.entries(values).map(([name, some]) => [name, versionsOf(some, mode === 'replace')]),
          );
          await fc.assert(
            fc.asyncProperty(fc.record(shape), async (keys) => {
              bench.control.patchEnvironment(PRODUCTION, { [key]: objectWith(keys, ({ base }) => base) });
              const { base } = await bench.openSettings();
              const mine = { ...base, [key]: objectWith(keys, (versions) => versions.mine) };
              const theirs = objectWith(keys, (versions) => versions.theirs);
              bench.control.patchEnvironment(PRODUCTION, { [key]: theirs });
              const saving = bench.saveSettings({ base, text: formatDocument(mine) });
              const refusal = await saving.then(
                () => undefined,
                (error: unknown) => error,
              );
              const now = settingsDocument(bench.settings())[key];
              if (Object.values(keys).some(isConflict)) {
                assert.ok(refusal instanceof SaveRefused && refusal.conflicts.length > 0);
                assert.deepEqual([bench.bodies(), now], [[], theirs]);
                return;
              }
              assert.equal(refusal, undefined);
              const merged = objectWith(keys, mergedOf);
              assert.deepEqual(now, merged);
              for (const body of bench.bodies()) {
                assert.ok(isJsonObject(body));
                // Where PostHog replaces the object, what someone else changed inside of it is sent, too.
                const sent = isSentWhole
                  ? merged
                  : objectWith(keys, (one) => (same(mergedOf(one), one.theirs) ? undefined : one.mine));
                assert.deepEqual(body, { [key]: sent });
              }
            }),
            { numRuns: 40 },
          );
        });
      }
    });
  }
});
