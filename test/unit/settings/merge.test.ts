import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeSettings } from '../../../src/settings/merge';
import { mergeTable } from '../../../src/warehouse/mergeTable';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { pathText } from '../../../src/json/merge/path';
import { compareAnswer, settingsOutcomes } from '../../../src/settings/answer';
import { settingsFields, type Generation, type SettingsField } from '../../../src/settings/catalogue';
import { settingsDocument } from '../../../src/settings/document';
import { planSettings } from '../../../src/settings/patch';
import type { FieldRule } from '../../../src/settings/rules';
import { sameValue } from '../../../src/settings/values';
import { documentPairs, patched, settingsDocuments } from './fakeServer';

/** Asserts that documents are equal, apart from spellings that PostHog treats alike. */
function assertSame(left: JsonObject, right: JsonObject): void {
  assert.deepEqual(Object.keys(left).sort(), Object.keys(right).sort());
  for (const key of Object.keys(left)) {
    assert.ok(sameValue(key, left[key], right[key]), `${key}: ${JSON.stringify([left[key], right[key]])}`);
  }
}

describe('three-way merge', () => {
  const url = (text: string): JsonObject => ({ url: text, matching: 'regex' });
  for (const [key, first, second] of [
    ['recording_domains', 'https://a.example.com', 'https://b.example.com'],
    ['app_urls', 'https://a.example.com', 'https://b.example.com'],
    ['session_recording_event_trigger_config', 'signed_up', 'paid'],
    ['session_recording_url_trigger_config', url('/signup'), url('/pay')],
    ['test_account_filters', { key: 'email', value: 'x' }, { key: '$host', value: 'y' }],
  ] as const satisfies readonly (readonly [string, JsonValue, JsonValue])[]) {
    it(`9.A: two removals that only together empty ${key} are a conflict`, () => {
      const base = { [key]: [first, second], name: 'a' };
      const [mine, theirs] = [
        { ...base, [key]: [first] },
        { [key]: [second], name: 'b' },
      ];
      const merged = mergeSettings({ base, mine, theirs });
      assert.deepEqual(
        merged.conflicts.map(({ path }) => pathText(path)),
        [key],
      );
      assert.deepEqual(merged.merged, { ...mine, name: 'b' });
      const { conflicts } = mergeSettings({ base, mine: { ...base, [key]: [] }, theirs });
      assert.deepEqual(conflicts, []);
    });
  }

  const cases: [
    name: string,
    base: JsonObject,
    mine: JsonObject,
    theirs: JsonObject,
    merged: JsonObject,
    conflicts: string[],
  ][] = [
    [
      'changes on both sides',
      { name: 'a', is_demo: false },
      { name: 'b', is_demo: false },
      { name: 'a', is_demo: true },
      { name: 'b', is_demo: true },
      [],
    ],
    ['the same change', { name: 'a' }, { name: 'b' }, { name: 'b' }, { name: 'b' }, []],
    ['a conflict, keeping mine', { name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'b' }, ['name']],
    ['a key added by each side', {}, { name: 'a' }, { is_demo: true }, { name: 'a', is_demo: true }, []],
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
    ['a removal and a change', { name: 'a' }, {}, { name: 'b' }, {}, ['name']],
    [
      'sub-keys of a merged object',
      { survey_config: { a: 1, b: 1, c: 1 } },
      { survey_config: { a: 2, b: 1, c: 2 } },
      { survey_config: { a: 1, b: 2, c: 3 } },
      { survey_config: { a: 2, b: 2, c: 2 } },
      ['survey_config.c'],
    ],
    [
      'column types one by one, with columns that were added and removed meanwhile',
      { columns: { a: 'string', b: 'string', old: 'date' } },
      { columns: { a: 'integer', b: 'string', old: 'date' } },
      { columns: { a: 'string', b: 'date', fresh: 'json' } },
      { columns: { a: 'integer', b: 'date', fresh: 'json' } },
      [],
    ],
    [
      'the type of a column that both sides changed',
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
      'sources that each side added to sources_map',
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, old: {} } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, a: { id: 'a' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, old: {}, b: { id: 'b' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i' }, a: { id: 'a' }, b: { id: 'b' } } } },
      [],
    ],
    [
      'the columns of one source of sources_map',
      { marketing_analytics_config: { sources_map: { x: { id: 'i', cost: 'c', date: 'd' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'j', cost: 'c', date: 'e' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'i', cost: 'd', date: 'f' } } } },
      { marketing_analytics_config: { sources_map: { x: { id: 'j', cost: 'd', date: 'e' } } } },
      ['marketing_analytics_config.sources_map.x.date'],
    ],
    [
      'the parts of an object that PostHog replaces',
      { extra_settings: { a: 1, b: 1, c: 1 } },
      { extra_settings: { a: 2, b: 1, c: 2 } },
      { extra_settings: { a: 1, b: 2, c: 3 } },
      { extra_settings: { a: 2, b: 2, c: 2 } },
      ['extra_settings.c'],
    ],
    [
      "a linked flag as a whole: the ID of one side and the key of the other don't make a flag",
      { session_recording_linked_flag: { id: 1, key: 'a' } },
      { session_recording_linked_flag: { id: 2, key: 'a' } },
      { session_recording_linked_flag: { id: 1, key: 'b' } },
      { session_recording_linked_flag: { id: 2, key: 'a' } },
      ['session_recording_linked_flag'],
    ],
    [
      'path cleaning rules in order, matched by alias',
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'a' },
          { alias: '/b', regex: 'b' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'x' },
          { alias: '/b', regex: 'b' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/c', regex: 'c' },
          { alias: '/a', regex: 'a' },
          { alias: '/b', regex: 'y' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/c', regex: 'c' },
          { alias: '/a', regex: 'x' },
          { alias: '/b', regex: 'y' },
        ],
      },
      [],
    ],
    [
      'path cleaning rules with the same alias, matched by expression',
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'a' },
          { alias: '/a', regex: 'b' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/x', regex: 'a' },
          { alias: '/a', regex: 'b' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'a' },
          { alias: '/y', regex: 'b' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/x', regex: 'a' },
          { alias: '/y', regex: 'b' },
        ],
      },
      [],
    ],
    [
      'path cleaning rules that each side appended: which one applies first is unknown',
      { path_cleaning_filters: [{ alias: '/a', regex: 'a' }] },
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'a' },
          { alias: '/b', regex: 'b' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'a' },
          { alias: '/c', regex: 'c' },
        ],
      },
      {
        path_cleaning_filters: [
          { alias: '/a', regex: 'a' },
          { alias: '/b', regex: 'b' },
        ],
      },
      ['path_cleaning_filters'],
    ],
    [
      'filters for test users that each side added',
      { test_account_filters: [{ key: 'email', value: 'a' }] },
      {
        test_account_filters: [
          { key: 'email', value: 'a' },
          { key: 'x', value: 1 },
        ],
      },
      {
        test_account_filters: [
          { key: 'email', value: 'a' },
          { key: 'y', value: 1 },
        ],
      },
      {
        test_account_filters: [
          { key: 'email', value: 'a' },
          { key: 'y', value: 1 },
          { key: 'x', value: 1 },
        ],
      },
      [],
    ],
    [
      'a filter as a whole, even if PostHog added a key to it',
      { test_account_filters: [{ key: 'id', type: 'cohort', value: 1, cohort_name: 'One' }] },
      { test_account_filters: [{ key: 'id', type: 'cohort', value: 2 }] },
      { test_account_filters: [{ key: 'id', type: 'cohort', value: 2, cohort_name: 'Two' }] },
      { test_account_filters: [{ key: 'id', type: 'cohort', value: 2, cohort_name: 'Two' }] },
      [],
    ],
    [
      'sites that each side added and removed',
      { app_urls: ['https://a.example.com', 'https://b.example.com'] },
      { app_urls: ['https://b.example.com', 'https://c.example.com'] },
      { app_urls: ['https://a.example.com', 'https://d.example.com', 'https://b.example.com'] },
      { app_urls: ['https://d.example.com', 'https://b.example.com', 'https://c.example.com'] },
      [],
    ],
    [
      'tags, ignoring case',
      { tags: ['a', 'b'] },
      { tags: ['B', 'C'] },
      { tags: ['a', 'b', 'c', 'd'] },
      { tags: ['b', 'c', 'd'] },
      [],
    ],
    [
      'display name properties as a whole, because their order matters',
      { person_display_name_properties: ['email'] },
      { person_display_name_properties: ['email', 'name'] },
      { person_display_name_properties: ['id', 'email'] },
      { person_display_name_properties: ['email', 'name'] },
      ['person_display_name_properties'],
    ],
    [
      'a name that PostHog trimmed: the same change',
      { name: 'a' },
      { name: ' b ' },
      { name: 'b' },
      { name: 'b' },
      [],
    ],
    [
      'what only PostHog writes: its own',
      { logs_settings: { retention_days: 14, retention_last_updated: 'a', json_parse_logs: false } },
      { logs_settings: { retention_days: 14, json_parse_logs: true } },
      { logs_settings: { retention_days: 30, retention_last_updated: 'b', json_parse_logs: false } },
      { logs_settings: { retention_days: 30, json_parse_logs: true, retention_last_updated: 'b' } },
      [],
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
    it(`merges ${name}`, () => {
      const mergeBoth = Object.hasOwn(base, 'columns') ? mergeTable : mergeSettings;
      const result = mergeBoth({ base, mine, theirs });
      assert.deepEqual(result.merged, merged);
      assert.deepEqual(
        result.conflicts.map(({ path }) => pathText(path)),
        conflicts,
      );
    });
  }

  it('returns the other side if one side is unchanged', () => {
    fc.assert(
      fc.property(documentPairs, ([base, changed]) => {
        const plain = JSON.parse(JSON.stringify(changed)) as JsonObject;
        const mine = mergeSettings({ base, mine: plain, theirs: base });
        assert.deepEqual(mine.conflicts, []);
        assertSame(mine.merged, plain);
        const theirs = mergeSettings({ base: plain, mine: plain, theirs: base });
        assert.deepEqual(theirs.conflicts, []);
        assertSame(theirs.merged, base);
      }),
    );
  });

  it('returns the same for two equal sides', () => {
    fc.assert(
      fc.property(settingsDocuments, settingsDocuments, (base, side) => {
        const { merged, conflicts } = mergeSettings({ base, mine: side, theirs: { ...side } });
        assert.deepEqual(conflicts, []);
        assertSame(merged, side);
      }),
    );
  });

  it('finds the same conflicts from both sides', () => {
    fc.assert(
      fc.property(settingsDocuments, settingsDocuments, settingsDocuments, (base, mine, theirs) => {
        const forward = mergeSettings({ base, mine, theirs }).conflicts;
        const backward = mergeSettings({ base, mine: theirs, theirs: mine }).conflicts;
        const named = (conflicts: typeof forward): string[] =>
          conflicts.map(({ path }) => pathText(path)).sort();
        assert.deepEqual(named(forward), named(backward));
      }),
    );
  });

  it('is symmetric without conflicts', () => {
    fc.assert(
      fc.property(documentPairs, settingsDocuments, ([base, mine], other) => {
        const theirs = { ...base, name: other.name };
        const forward = mergeSettings({ base, mine, theirs });
        const backward = mergeSettings({ base, mine: theirs, theirs: mine });
        fc.pre(forward.conflicts.length === 0);
        assertSame(forward.merged, backward.merged);
      }),
    );
  });
});

/** A value for a rule, or for none: objects have some of their keys, arrays some items. */
function valueOf(rule: FieldRule | undefined, depth = 0): fc.Arbitrary<JsonValue> {
  const words = fc.constantFrom('a', 'b', 'c');
  switch (rule?.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat(4);
    case 'decimal':
      return fc.constantFrom('0.40', '0.50', '1.00');
    case 'time':
      return fc.constantFrom('02:00:00', '03:15:30');
    case 'array': {
      const item = valueOf(rule.items, depth + 1);
      const lists = fc.array(item, { maxLength: 3 });
      const [identity] = rule.identity ?? [];
      return identity === undefined
        ? lists
        : lists.map((list) =>
            list.map((one, index) => (isObject(one) ? { ...one, [identity]: `i${index}` } : one)),
          );
    }
    case 'object': {
      const named = Object.entries(rule.keys ?? {}).filter(([key]) => !rule.kept?.includes(key));
      const each = depth < 4 ? valueOf(rule.each, depth + 1) : words;
      return named.length > 0
        ? fc
            .subarray(named, { maxLength: Math.min(named.length, 5) })
            .chain((keys) =>
              fc.record(Object.fromEntries(keys.map(([key, one]) => [key, valueOf(one, depth + 1)]))),
            )
            .map((one): JsonObject => ({ ...one }))
        : fc.dictionary(words, each, { maxKeys: 3 }).map((one): JsonObject => ({ ...one }));
    }
    default:
      return words;
  }
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Changes some parts of a value but keeps its shape, so that both sides change the same thing. */
function changedFrom(value: JsonValue, field: SettingsField): fc.Arbitrary<JsonValue> {
  return fc.tuple(valueOf(field.rule), fc.infiniteStream(fc.nat(3))).map(([other, dice]) => {
    const mix = (from: JsonValue, to: JsonValue): JsonValue => {
      if (isObject(from) && isObject(to)) {
        const mixed = { ...from };
        for (const [key, part] of Object.entries(to)) {
          if (part !== undefined && dice.next().value !== 0) {
            mixed[key] = from[key] === undefined ? part : mix(from[key], part);
          }
        }
        return mixed;
      }
      if (Array.isArray(from) && Array.isArray(to)) {
        return [
          ...from.filter(() => dice.next().value !== 0).map((item, index) => mix(item, to[index] ?? item)),
          ...to.slice(from.length),
        ];
      }
      return dice.next().value === 0 ? from : to;
    };
    return JSON.parse(JSON.stringify(mix(value, other))) as JsonValue;
  });
}

describe('11.1: what is sent after a merge', () => {
  const generations: readonly Generation[] = ['documented', 'current'];
  for (const field of settingsFields.filter(({ access }) => access === 'writable')) {
    it(`11.1: turns ${field.key} into the merged value, on both generations`, () => {
      const { key } = field;
      const versions = valueOf(field.rule).chain((base) =>
        fc.tuple(fc.constant(base), changedFrom(base, field), changedFrom(base, field)),
      );
      let merges = 0;
      fc.assert(
        fc.property(versions, fc.constantFrom(...generations), ([was, my, their], server) => {
          const opened = { name: 'Shop', [key]: was };
          const base = settingsDocument(patched(opened, opened, server));
          const mine = { ...base, [key]: my };
          const theirs = settingsDocument(patched(base, { [key]: their }, server));
          fc.pre(planSettings(base, mine, server).problems.length === 0);
          const { merged, conflicts } = mergeSettings({ base, mine, theirs });
          fc.pre(conflicts.length === 0);
          merges += 1;
          const { body, problems } = planSettings(theirs, merged, server);
          assert.deepEqual(problems, []);
          const answer = patched(theirs, body, server);
          assert.deepEqual(compareAnswer(body, answer, server, theirs), []);
          // Not only according to the plan, which might leave out the same part twice.
          const wanted = { [key]: merged[key] ?? null };
          const missing = settingsOutcomes(wanted, answer, server, theirs, body).filter(
            ({ became }) => became === 'missing',
          );
          assert.deepEqual(missing, []);
          assert.deepEqual(planSettings(settingsDocument(answer), merged, server).body, {});
          // No one's change is lost: what only one side changed is as that side has it.
          if (sameValue(key, base[key], mine[key])) {
            assert.deepEqual(answer[key], theirs[key]);
          }
        }),
        { numRuns: 60 },
      );
      assert.ok(merges > 10, `only ${merges} of these merge`);
    });
  }
});
