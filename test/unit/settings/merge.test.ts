import assert from 'node:assert/strict';
import fc from 'fast-check';
import { threeWay } from '../../../src/settings/merge';
import type { JsonObject } from '../../../src/json/json';
import { sameValue } from '../../../src/settings/values';
import { documentPairs, settingsDocuments } from './fakeServer';

/** The same document, spellings that PostHog treats alike aside. */
function assertSame(left: JsonObject, right: JsonObject): void {
  assert.deepEqual(Object.keys(left).sort(), Object.keys(right).sort());
  for (const key of Object.keys(left)) {
    assert.ok(sameValue(key, left[key], right[key]), `${key}: ${JSON.stringify([left[key], right[key]])}`);
  }
}

describe('three-way merge', () => {
  const cases: [
    name: string,
    base: JsonObject,
    mine: JsonObject,
    theirs: JsonObject,
    merged: JsonObject,
    conflicts: string[],
  ][] = [
    [
      'changes of both sides',
      { name: 'a', is_demo: false },
      { name: 'b', is_demo: false },
      { name: 'a', is_demo: true },
      { name: 'b', is_demo: true },
      [],
    ],
    ['the same change', { name: 'a' }, { name: 'b' }, { name: 'b' }, { name: 'b' }, []],
    ['a conflict, mine stays', { name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'b' }, ['name']],
    ['a key added by each', {}, { name: 'a' }, { is_demo: true }, { name: 'a', is_demo: true }, []],
    [
      'a key removed by me',
      { name: 'a', is_demo: true },
      { name: 'a' },
      { name: 'b', is_demo: true },
      { name: 'b' },
      [],
    ],
    [
      'a key removed by them',
      { name: 'a', is_demo: true },
      { name: 'b', is_demo: true },
      { name: 'a' },
      { name: 'b' },
      [],
    ],
    ['a removal against a change', { name: 'a' }, {}, { name: 'b' }, {}, ['name']],
    [
      'sub-keys of a merged object',
      { survey_config: { a: 1, b: 1, c: 1 } },
      { survey_config: { a: 2, b: 1, c: 2 } },
      { survey_config: { a: 1, b: 2, c: 3 } },
      { survey_config: { a: 2, b: 2, c: 2 } },
      ['survey_config.c'],
    ],
    [
      'column types one by one, with columns that came and went meanwhile',
      { columns: { a: 'string', b: 'string', old: 'date' } },
      { columns: { a: 'integer', b: 'string', old: 'date' } },
      { columns: { a: 'string', b: 'date', fresh: 'json' } },
      { columns: { a: 'integer', b: 'date', fresh: 'json' } },
      [],
    ],
    [
      'the type of a column that both changed',
      { columns: { a: 'string', b: 'string' } },
      { columns: { a: 'integer', b: 'string' } },
      { columns: { a: 'float', b: 'date' } },
      { columns: { a: 'integer', b: 'date' } },
      ['columns.a'],
    ],
    [
      'parts of session_replay_config, which merges one level deeper',
      { session_replay_config: { ai_config: { opt_in: false, preferred_events: ['x'], note: 'a' } } },
      { session_replay_config: { ai_config: { opt_in: true, preferred_events: ['x'], note: 'b' } } },
      { session_replay_config: { ai_config: { opt_in: false, preferred_events: ['x', 'y'], note: 'c' } } },
      { session_replay_config: { ai_config: { opt_in: true, preferred_events: ['x', 'y'], note: 'b' } } },
      ['session_replay_config.ai_config.note'],
    ],
    [
      'sources that each added to sources_map',
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, old: {} } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, a: { id: 'a' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, old: {}, b: { id: 'b' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, a: { id: 'a' }, b: { id: 'b' } } } },
      [],
    ],
    [
      'a source of sources_map as one',
      { marketing_analytics_config: { sources_map: { x: { id: 'i', cost: 'c' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'j', cost: 'c' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i', cost: 'd' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'j', cost: 'c' } } } },
      ['marketing_analytics_config.sources_map.x'],
    ],
    [
      'a replaced object as one',
      { extra_settings: { a: 1, b: 1 } },
      { extra_settings: { a: 2, b: 1 } },
      { extra_settings: { a: 1, b: 2 } },
      { extra_settings: { a: 2, b: 1 } },
      ['extra_settings'],
    ],
    [
      'spellings of a decimal',
      { session_recording_sample_rate: '0.40' },
      { session_recording_sample_rate: 0.4 },
      { session_recording_sample_rate: '0.50' },
      { session_recording_sample_rate: '0.50' },
      [],
    ],
  ];
  for (const [name, base, mine, theirs, merged, conflicts] of cases) {
    it(`joins ${name}`, () => {
      assert.deepEqual(threeWay(base, mine, theirs), { merged, conflicts });
    });
  }

  it('with one side unchanged is the other side', () => {
    fc.assert(
      fc.property(documentPairs, ([base, changed]) => {
        const plain = JSON.parse(JSON.stringify(changed)) as JsonObject;
        const mine = threeWay(base, plain, base);
        assert.deepEqual(mine.conflicts, []);
        assertSame(mine.merged, plain);
        const theirs = threeWay(plain, plain, base);
        assert.deepEqual(theirs.conflicts, []);
        assertSame(theirs.merged, base);
      }),
    );
  });

  it('of two equal sides is that side', () => {
    fc.assert(
      fc.property(settingsDocuments, settingsDocuments, (base, side) => {
        const { merged, conflicts } = threeWay(base, side, { ...side });
        assert.deepEqual(conflicts, []);
        assertSame(merged, side);
      }),
    );
  });

  it('finds the same conflicts from both sides', () => {
    fc.assert(
      fc.property(settingsDocuments, settingsDocuments, settingsDocuments, (base, mine, theirs) => {
        const forward = threeWay(base, mine, theirs).conflicts;
        const backward = threeWay(base, theirs, mine).conflicts;
        assert.deepEqual([...forward].sort(), [...backward].sort());
      }),
    );
  });

  it('without conflicts does not depend on whose side is whose', () => {
    fc.assert(
      fc.property(documentPairs, settingsDocuments, ([base, mine], other) => {
        const theirs = { ...base, name: other.name };
        const forward = threeWay(base, mine, theirs);
        const backward = threeWay(base, theirs, mine);
        fc.pre(forward.conflicts.length === 0);
        assertSame(forward.merged, backward.merged);
      }),
    );
  });
});
