import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareAnswer, settingsOutcomes } from '../../../src/settings/answer';
import { settingsField, type Generation } from '../../../src/settings/catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../../src/json/json';
import { planSettings } from '../../../src/settings/patch';
import type { FieldRule } from '../../../src/settings/rules';
import { isTaken } from '../../../src/settings/taken';
import { documentPairs, patched } from './fakeServer';

/** A source of choices that fast-check can shrink. */
type Choose = () => number;

/**
 * A value as a user may write it and the server normalizes it: white space around strings, empty items and duplicates.
 */
function untidy(value: JsonValue, choose: Choose, rule?: FieldRule): JsonValue {
  if (typeof value === 'string') {
    return rule?.type === 'string' && rule.values ? value : ['', ' ', '\t'][choose() % 3]! + value;
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const one = untidy(item, choose);
      return [[one], [one, null], ['', one], [one, one]][choose() % 4]!;
    });
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, untidy(part ?? null, choose)]))
    : value;
}

/** What the server stores of it: normalized, each item once, with an additional key in items that are objects. */
function tidied(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return value.trim();
  }
  if (Array.isArray(value)) {
    const items = value.map(tidied).filter((item) => item !== null && item !== '');
    const distinct = new Map(items.map((item) => [JSON.stringify(item), item]));
    return [...distinct.values()].map((item) =>
      isJsonObject(item) ? { ...item, added_by_server: 1 } : item,
    );
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tidied(part ?? null)]))
    : value;
}

/** The tidied value without what is null in objects, which says the same. */
const bare = (value: JsonValue): JsonValue =>
  JSON.parse(JSON.stringify(tidied(value)), (_key, part: JsonValue) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).filter(([, one]) => one !== null)) : part,
  ) as JsonValue;

const generation = fc.constantFrom<Generation[]>('current', 'documented');

describe('how the server normalizes a value', () => {
  const cases: [name: string, before: JsonValue, sent: JsonValue, answered: JsonValue, isTaken: boolean][] = [
    ['whitespace around a string in an array', ['name'], ['email ', 'name'], ['email', 'name'], true],
    ['whitespace around the only change', ['email'], ['email '], ['email'], true],
    ['a duplicate item', ['a'], ['a', 'b', 'a'], ['a', 'b'], true],
    ['an empty item', [], ['', 'a', null, ' '], ['a'], true],
    ['a blank item that is kept as an empty one', [], [' ', 'a'], ['', 'a'], true],
    ['an empty string', 'x', '', null, true],
    ['the stored value in uppercase', ['x'], ['Shop', 'EU'], ['shop', 'eu'], true],
    ['a number as a string', 1, 2.5, '2.50', true],
    [
      'keys inside items',
      [],
      [{ type: 'cohort', value: 5 }],
      [{ type: 'cohort', value: 5, cohort_name: 'a' }],
      true,
    ],
    ['a missing item', ['a'], ['a', 'b'], ['a'], false],
    ['an extra item', ['a', 'b'], ['a'], ['a', 'b'], false],
    ['one of two duplicate items that stays', ['a', 'a'], ['a'], ['a', 'a'], false],
    ['another order', ['a', 'b'], ['b', 'a'], ['a', 'b'], false],
    ['a change of case that was ignored', 'shop', 'Shop', 'shop', false],
    ['a key that was removed from an item', [{ a: 1, b: 2 }], [{ a: 1 }], [{ a: 1, b: 2 }], false],
    ["a string that wasn't cleared", 'x', '', 'x', false],
    ['a number that was ignored', 1, 2, 1, false],
    ['a type that was ignored', '12', 12, '12', false],
  ];
  for (const [name, before, sent, answered, taken] of cases) {
    it(`B1: ${name} is ${taken ? 'no refusal' : 'a refusal'}`, () => {
      assert.equal(isTaken(sent, answered, { before }), taken);
    });
  }

  it('B1: no value of any kind is reported as refused because the server normalized it, and the next plan is empty', () => {
    fc.assert(
      fc.property(
        documentPairs,
        generation,
        fc.array(fc.nat(11), { minLength: 30 }),
        (pair, server, picks) => {
          const [base, clean] = pair;
          let turn = 0;
          const choose = (): number => picks[(turn += 1) % picks.length]!;
          const mine = Object.fromEntries(
            Object.entries(clean).map(([key, value]) => [
              key,
              untidy(value ?? null, choose, settingsField(key)?.rule),
            ]),
          );
          const { body, problems } = planSettings(base, mine, server);
          fc.pre(problems.length === 0);
          const stored = patched(
            base,
            Object.fromEntries(Object.entries(body).map(([key, value]) => [key, tidied(value ?? null)])),
            server,
          );
          assert.deepEqual(compareAnswer(body, stored, server, base), []);
          // From now on, the editor shows the server's form, and nothing is left to send.
          assert.deepEqual(planSettings(stored, { ...mine, ...stored }, server).body, {});
        },
      ),
      { numRuns: 500 },
    );
  });

  it('B1: a value of any kind that is missing is reported as refused', () => {
    fc.assert(
      fc.property(documentPairs, generation, ([base, mine], server) => {
        const { body, problems } = planSettings(base, mine, server);
        fc.pre(problems.length === 0);
        const kept: JsonObject = patched(base, {}, server);
        for (const { path, wanted, answered, became } of settingsOutcomes(body, kept, server, base)) {
          // The order of keys means nothing.
          const same = jsonEquals(bare(wanted), bare(answered ?? null));
          // A null where there was nothing changes nothing, and a sub-key that is sent whole may be the old one.
          if (!same && !JSON.stringify(wanted).includes('null')) {
            assert.equal(became, 'missing', `${path.join('.')}: ${JSON.stringify([answered, wanted])}`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
