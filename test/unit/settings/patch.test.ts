import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Generation } from '../../../src/settings/catalogue';
import { settingsDocument } from '../../../src/settings/document';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import { compareAnswer } from '../../../src/settings/answer';
import { pathText } from '../../../src/json/merge/path';
import { mergeSettings } from '../../../src/settings/merge';
import { planSettings } from '../../../src/settings/patch';
import { documentPairs, patched, settingsDocuments } from './fakeServer';

const generations: readonly Generation[] = ['documented', 'current'];
const generation = fc.constantFrom(...generations);

describe('planning a PATCH', () => {
  interface PlanCase {
    name: string;
    base: JsonObject;
    mine: JsonObject;
    body: JsonObject;
    on?: Generation;
    removals?: string[];
  }
  const ai = { opt_in: true, preferred_events: ['a'] };
  const cases: PlanCase[] = [
    { name: 'nothing', base: { name: 'a', app_urls: [] }, mine: { app_urls: [], name: 'a' }, body: {} },
    {
      name: 'only changed keys',
      base: { name: 'a', is_demo: true },
      mine: { name: 'b', is_demo: true },
      body: { name: 'b' },
    },
    {
      name: "no decimal that's only written differently",
      base: { session_recording_sample_rate: '0.40', default_experiment_confidence_level: '0.95' },
      mine: { session_recording_sample_rate: 0.4, default_experiment_confidence_level: '.95' },
      body: {},
    },
    {
      name: "no time that's only written differently",
      base: { experiment_recalculation_time: '02:00:00' },
      mine: { experiment_recalculation_time: '2:00' },
      body: {},
    },
    {
      name: 'no array that only gained empty items',
      base: { app_urls: ['https://example.com'] },
      mine: { app_urls: ['', 'https://example.com', null] },
      body: {},
    },
    {
      name: 'an array in a different order',
      base: { app_urls: ['a', 'b'] },
      mine: { app_urls: ['b', 'a'] },
      body: { app_urls: ['b', 'a'] },
    },
    {
      name: "an object that's replaced, as a whole",
      base: { extra_settings: { a: 1, b: 2 } },
      mine: { extra_settings: { a: 1 } },
      body: { extra_settings: { a: 1 } },
    },
    {
      name: "the changed sub-keys of an object that's merged",
      base: { session_replay_config: { record_canvas: false, ai_config: ai } },
      mine: { session_replay_config: { record_canvas: true, ai_config: ai } },
      body: { session_replay_config: { record_canvas: true } },
    },
    {
      name: 'the changed sub-keys one level deeper, if those are merged too',
      base: { session_replay_config: { record_canvas: false, ai_config: ai } },
      mine: { session_replay_config: { record_canvas: false, ai_config: { ...ai, opt_in: false } } },
      body: { session_replay_config: { ai_config: { opt_in: false } } },
    },
    {
      name: 'a nested object as a whole, if only the top level is merged',
      base: { survey_config: { appearance: { zIndex: '1', textColor: 'red' } } },
      mine: { survey_config: { appearance: { zIndex: '2', textColor: 'red' } } },
      body: { survey_config: { appearance: { zIndex: '2', textColor: 'red' } } },
    },
    {
      name: 'null to clear a merged object',
      base: { survey_config: { appearance: {} } },
      mine: { survey_config: null },
      body: { survey_config: null },
    },
    {
      name: 'no removal from a merged object, and reports it',
      base: { session_replay_config: { record_canvas: true, ai_config: ai } },
      mine: { session_replay_config: { ai_config: { opt_in: true } } },
      body: {},
      removals: ['session_replay_config.record_canvas', 'session_replay_config.ai_config.preferred_events'],
    },
    {
      name: 'modifiers as a whole, which works on servers that merge and servers that replace',
      base: { modifiers: { debug: true, timings: true } },
      mine: { modifiers: { debug: false, timings: true } },
      body: { modifiers: { debug: false, timings: true } },
    },
    {
      name: "modifiers without a removed key, if they're replaced",
      on: 'documented',
      base: { modifiers: { debug: true, timings: true } },
      mine: { modifiers: { timings: true } },
      body: { modifiers: { timings: true } },
    },
    {
      name: 'no removal from modifiers that are merged, and reports it',
      on: 'current',
      base: { modifiers: { debug: true, timings: true } },
      mine: { modifiers: { timings: true } },
      body: {},
      removals: ['modifiers.debug'],
    },
    {
      name: 'null for a removed marketing source, if sources are merged',
      on: 'current',
      base: { marketing_analytics_config: { sources_map: { a: { cost: 'x' }, b: {} } } },
      mine: { marketing_analytics_config: { sources_map: { b: {} } } },
      body: { marketing_analytics_config: { sources_map: { a: null, b: {} } } },
    },
    {
      name: "the marketing sources as they are, if they're replaced",
      on: 'documented',
      base: { marketing_analytics_config: { sources_map: { a: { cost: 'x' }, b: {} } } },
      mine: { marketing_analytics_config: { sources_map: { b: {} } } },
      body: { marketing_analytics_config: { sources_map: { b: {} } } },
    },
    {
      name: 'no read-only, secret, or rejected key',
      base: { name: 'a' },
      mine: { name: 'a', id: 1, secret_api_token: 'phs_x', access_control: true },
      body: {},
    },
    { name: "a key that isn't in the catalogue", base: {}, mine: { brand_new: 1 }, body: { brand_new: 1 } },
  ];
  for (const { name, base, mine, body, on, removals = [] } of cases) {
    it(`sends ${name}`, () => {
      for (const server of on ? [on] : generations) {
        const plan = planSettings(base, mine, server);
        assert.deepEqual(plan.body, body);
        assert.deepEqual(
          plan.problems.map(({ path, severity }) => `${severity} ${path.join('.')}`).sort(),
          removals.map((path) => `error ${path}`).sort(),
        );
      }
    });
  }

  it('names the missing keys', () => {
    const { body, missing } = planSettings({ name: 'a', is_demo: false, id: 1 }, { name: 'a' }, 'current');
    assert.deepEqual(body, {});
    assert.deepEqual(missing, ['is_demo']);
  });

  it('sends nothing for an unchanged document', () => {
    fc.assert(
      fc.property(settingsDocuments, generation, (base, server) => {
        const copy = JSON.parse(JSON.stringify(base)) as JsonObject;
        assert.deepEqual(planSettings(base, copy, server), { body: {}, missing: [], problems: [] });
      }),
    );
  });

  it("makes the server match the document, or reports why it can't", () => {
    fc.assert(
      fc.property(documentPairs, generation, ([before, mine], server) => {
        const base = settingsDocument(patched(before, before, server));
        const plan = planSettings(base, mine, server);
        fc.pre(plan.problems.length === 0);
        const answer = patched(base, plan.body, server);
        assert.deepEqual(compareAnswer(plan.body, answer, server), []);
        assert.deepEqual(planSettings(settingsDocument(answer), mine, server).body, {});
        for (const key of Object.keys(base).filter((one) => !Object.hasOwn(plan.body, one))) {
          assert.deepEqual(answer[key], base[key], key);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('conflicting keys', () => {
  const cases: [name: string, base: JsonObject, theirs: JsonObject, mine: JsonObject, conflicts: string[]][] =
    [
      [
        'a different key changed',
        { name: 'a', is_demo: false },
        { name: 'a', is_demo: true },
        { name: 'b', is_demo: false },
        [],
      ],
      ['the same key changed', { name: 'a' }, { name: 'x' }, { name: 'b' }, ['name']],
      ['the same key changed to the same value', { name: 'a' }, { name: 'b' }, { name: 'b' }, []],
      [
        'a decimal is written differently',
        { session_recording_sample_rate: '0.4' },
        { session_recording_sample_rate: '0.40' },
        { session_recording_sample_rate: '0.5' },
        [],
      ],
      [
        'a different sub-key of a merged object changed',
        {
          session_replay_config: { record_canvas: false, ai_config: { opt_in: false, excluded_events: [] } },
        },
        {
          session_replay_config: {
            record_canvas: false,
            ai_config: { opt_in: false, excluded_events: ['a'] },
          },
        },
        { session_replay_config: { record_canvas: true, ai_config: { opt_in: true, excluded_events: [] } } },
        [],
      ],
      [
        'the same sub-key of a merged object changed',
        { survey_config: { appearance: { zIndex: '1' } } },
        { survey_config: { appearance: { zIndex: '2' } } },
        { survey_config: { appearance: { zIndex: '3' } } },
        ['survey_config.appearance.zIndex'],
      ],
      [
        'a different sub-key of a replaced object changed',
        { extra_settings: { a: 1, b: 1 } },
        { extra_settings: { a: 2, b: 1 } },
        { extra_settings: { a: 1, b: 2 } },
        [],
      ],
      [
        "a different sub-key of an object that's sent as a whole changed",
        { conversations_settings: { widget_color: 'red', widget_greeting_text: 'a' } },
        { conversations_settings: { widget_color: 'blue', widget_greeting_text: 'a' } },
        { conversations_settings: { widget_color: 'red', widget_greeting_text: 'b' } },
        [],
      ],
      [
        'the key is gone',
        { name: 'a', is_demo: false },
        { name: 'a' },
        { name: 'a', is_demo: true },
        ['is_demo'],
      ],
    ];
  for (const [name, base, theirs, mine, conflicts] of cases) {
    it(`if in the meantime ${name}: ${conflicts.join() || 'none'}`, () => {
      assert.deepEqual(
        mergeSettings({ base, mine, theirs }).conflicts.map(({ path }) => pathText(path)),
        conflicts,
      );
    });
  }

  it('there are none if no one else changes anything', () => {
    fc.assert(
      fc.property(documentPairs, ([base, mine]) => {
        assert.deepEqual(mergeSettings({ base, mine, theirs: base }).conflicts, []);
        assert.deepEqual(mergeSettings({ base, mine, theirs: mine }).conflicts, []);
      }),
    );
  });

  it("without a conflict, none of the other side's changes are lost", () => {
    fc.assert(
      fc.property(documentPairs, fc.nat(), generation, ([before, mine], seed, server) => {
        const base = settingsDocument(patched(before, before, server));
        const other = fc.sample(documentPairs, { seed, numRuns: 1 })[0]?.[1] ?? {};
        const theirs = patched(base, other, server);
        const { merged, conflicts } = mergeSettings({ base, mine, theirs });
        fc.pre(planSettings(base, mine, server).problems.length === 0 && conflicts.length === 0);
        const { body } = planSettings(theirs, merged, server);
        const answer = patched(theirs, body, server);
        for (const key of Object.keys(theirs).filter((one) => !Object.hasOwn(body, one))) {
          assert.deepEqual(answer[key], theirs[key], key);
        }
        assert.deepEqual(compareAnswer(body, answer, server, theirs), []);
      }),
      { numRuns: 300 },
    );
  });
});

/** A value without duplicate and empty items, at any depth: PostHog may drop both (API facts 4.5, 9.1). */
function distinct(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items = new Map(value.filter((item) => item !== '').map((item) => [JSON.stringify(item), item]));
    return [...items.values()];
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, distinct(part)]))
    : value;
}

describe('comparing the response', () => {
  const cases: [
    name: string,
    sent: JsonObject,
    answer: JsonObject,
    ignored: string[],
    on?: Generation | undefined,
    base?: JsonObject,
  ][] = [
    ['an ignored key', { brand_new: 1 }, { name: 'a' }, ['brand_new']],
    ["a value that's kept", { timezone: 'UTC' }, { timezone: 'Europe/Berlin' }, ['timezone']],
    [
      'a value that depends on the plan',
      { default_data_theme: 5 },
      { default_data_theme: 1 },
      ['default_data_theme'],
    ],
    [
      'a decimal as a string',
      { session_recording_sample_rate: 0.4 },
      { session_recording_sample_rate: '0.40' },
      [],
    ],
    [
      'another decimal',
      { session_recording_sample_rate: 0.4 },
      { session_recording_sample_rate: '0.50' },
      ['session_recording_sample_rate'],
    ],
    [
      'a decimal cleared',
      { session_recording_sample_rate: null },
      { session_recording_sample_rate: '0.50' },
      ['session_recording_sample_rate'],
    ],
    [
      'a confidence level',
      { default_experiment_confidence_level: '0.9' },
      { default_experiment_confidence_level: '0.90' },
      [],
    ],
    [
      'a time with seconds',
      { experiment_recalculation_time: '02:00' },
      { experiment_recalculation_time: '02:00:00' },
      [],
    ],
    [
      'dropped empties',
      { app_urls: ['a', '', null], recording_domains: [null] },
      { app_urls: ['a'], recording_domains: [] },
      [],
    ],
    ['a dropped item', { app_urls: ['a', 'b'] }, { app_urls: ['a'] }, ['app_urls']],
    [
      'a null that is dropped',
      { session_recording_event_trigger_config: ['a', null] },
      { session_recording_event_trigger_config: ['a'] },
      [],
    ],
    ['a trimmed text', { name: ' a ' }, { name: 'a' }, []],
    [
      'a flag ID as a number',
      { session_recording_linked_flag: { id: '12', key: 'a' } },
      { session_recording_linked_flag: { id: 12, key: 'a' } },
      [],
    ],
    [
      'another flag',
      { session_recording_linked_flag: { id: 12, key: 'a' } },
      { session_recording_linked_flag: { id: 12, key: 'b' } },
      ['session_recording_linked_flag'],
    ],
    ['a merged object', { survey_config: { a: 1 } }, { survey_config: { a: 1, b: 2 } }, []],
    [
      'an ignored sub-key',
      { survey_config: { a: 1, c: { d: 1 } } },
      { survey_config: { a: 1, c: { d: 2 } } },
      ['survey_config.c'],
    ],
    [
      "a merged object that isn't set",
      { survey_config: { a: 1 } },
      { survey_config: null },
      ['survey_config'],
    ],
    [
      'a server-set sub-key',
      { logs_settings: { retention_days: 30, retention_last_updated: 'x' } },
      { logs_settings: { retention_days: 30, retention_last_updated: 'y' } },
      [],
    ],
    [
      "a retention that's kept",
      { logs_settings: { retention_days: 30 } },
      { logs_settings: { retention_days: 14 } },
      ['logs_settings.retention_days'],
    ],
    [
      'a stripped token',
      { conversations_settings: { widget_color: 'red' } },
      { conversations_settings: { widget_color: 'red', widget_public_token: 't' } },
      [],
    ],
    [
      'nulls dropped from an array',
      { conversations_settings: { widget_domains: ['a', null] } },
      { conversations_settings: { widget_domains: ['a'] } },
      [],
    ],
    [
      'a removed source',
      { marketing_analytics_config: { sources_map: { a: null, b: {} } } },
      { marketing_analytics_config: { sources_map: { b: {} } } },
      [],
    ],
    [
      "a source that wasn't removed",
      { marketing_analytics_config: { sources_map: { a: null } } },
      { marketing_analytics_config: { sources_map: { a: {} } } },
      ['marketing_analytics_config.sources_map'],
    ],
    ['a key that the server adds', { extra_settings: { a: 1 } }, { extra_settings: { a: 1, b: 2 } }, []],
    [
      'a key that was removed from a replaced object and stays',
      { extra_settings: { a: 1 } },
      { extra_settings: { a: 1, b: 2 } },
      ['extra_settings'],
      undefined,
      { extra_settings: { a: 2, b: 2 } },
    ],
    [
      'merged modifiers',
      { modifiers: { debug: true } },
      { modifiers: { debug: true, timings: true } },
      [],
      'current',
    ],
    [
      "modifiers that weren't replaced",
      { modifiers: { debug: true } },
      { modifiers: { debug: true, timings: true } },
      ['modifiers'],
      'documented',
      { modifiers: { timings: true } },
    ],
    ['a cleared object', { survey_config: null }, { survey_config: null }, []],
    [
      'an array of events that the server completed',
      { revenue_analytics_config: { events: [{ eventName: 'a' }] } },
      { revenue_analytics_config: { events: [{ eventName: 'a', currencyAwareDecimal: false }] } },
      [],
    ],
  ];
  for (const [name, sent, answer, ignored, on, base] of cases) {
    it(`${name}: ${ignored.join() || 'nothing ignored'}`, () => {
      for (const server of on ? [on] : generations) {
        assert.deepEqual(
          compareAnswer(sent, answer, server, base).map(({ path }) => path),
          ignored,
        );
      }
    });
  }

  it('reports the request, the response, and the reason if known', () => {
    const [ignored] = compareAnswer({ default_data_theme: 5 }, { default_data_theme: 1 }, 'current');
    assert.equal(ignored?.sent, 5);
    assert.equal(ignored.answered, 1);
    assert.match(ignored.hint ?? '', /plan/);
  });

  it("reports every sent value that the server didn't apply", () => {
    fc.assert(
      fc.property(documentPairs, generation, ([base, mine], server) => {
        const { body, problems } = planSettings(base, mine, server);
        fc.pre(problems.length === 0);
        const ignored = new Set(compareAnswer(body, base, server, base).map(({ key }) => key));
        const same = (left: JsonValue | undefined, right: JsonValue | undefined): boolean =>
          JSON.stringify(left) === JSON.stringify(right);
        for (const [key, value] of Object.entries(body)) {
          // A sub-key sent as null is as good as absent, an empty item too, and a duplicate item as good as one.
          if (
            !same(distinct(value), distinct(base[key])) &&
            !JSON.stringify(value).includes('null') &&
            key !== 'logs_settings'
          ) {
            assert.ok(ignored.has(key), `${key}: ${JSON.stringify([base[key], value])}`);
          }
        }
      }),
    );
  });
});
