import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compareStates,
  differences,
  differingRows,
  type Comparison,
  type Row,
} from '../../../../src/operations/compare/compare';
import { isDifferent } from '../../../../src/operations/compare/difference';
import {
  asCsv,
  asJson,
  asMarkdown,
  comparedDocument,
  comparisonSummary,
  rowText,
} from '../../../../src/operations/compare/texts';
import type { JsonObject, JsonValue } from '../../../../src/json/json';
import { parseJson } from '../../../../src/json/json';

const two = (here: JsonObject, there: JsonObject, ignore: string[] = []): Comparison =>
  compareStates(
    [
      { label: 'Staging', settings: here },
      { label: 'Production', settings: there },
    ],
    { ignore },
  );

const kinds = (comparison: Comparison): string[] =>
  differences(comparison).map(({ path, kind }) => `${path.join('.')} ${kind}`);

describe('comparing environments', () => {
  it('12.1: reports changed, only here and only there, by path and in catalogue order', () => {
    const comparison = two(
      { session_recording_opt_in: true, timezone: 'UTC', survey_config: { appearance: { a: 1, b: 2 } } },
      { timezone: 'Asia/Tokyo', survey_config: { appearance: { a: 1, c: 2 } }, surveys_opt_in: true },
    );
    assert.deepEqual(kinds(comparison), [
      'timezone changed',
      'session_recording_opt_in onlyHere',
      'surveys_opt_in onlyThere',
      'survey_config.appearance.b onlyHere',
      'survey_config.appearance.c onlyThere',
    ]);
  });

  it("12.1: normalized spellings, key order, and injected names aren't differences", () => {
    const comparison = two(
      {
        session_recording_sample_rate: '0.40',
        experiment_recalculation_time: '09:00',
        tags: ['b', 'a'],
        survey_config: { appearance: { a: 1, b: null } },
        correlation_config: { excluded_event_names: ['x', 'y'] },
      },
      {
        session_recording_sample_rate: 0.4,
        experiment_recalculation_time: '09:00:00',
        tags: ['A', 'b', 'a '],
        survey_config: { appearance: { a: 1 } },
        correlation_config: { excluded_event_names: ['y', 'x'] },
      },
    );
    assert.deepEqual(kinds(comparison), []);
    assert.match(comparisonSummary(comparison), /^No differences between Staging and Production\.$/);
  });

  it("12.1: the order of path cleaning rules matters, their key `order` doesn't", () => {
    const rule = (alias: string, order: number): JsonObject => ({ alias, regex: alias, order });
    const rules = (...list: JsonObject[]): JsonObject => ({ path_cleaning_filters: list });
    assert.deepEqual(kinds(two(rules(rule('a', 0), rule('b', 1)), rules(rule('a', 7), rule('b', 3)))), []);
    assert.deepEqual(kinds(two(rules(rule('a', 0), rule('b', 1)), rules(rule('b', 1), rule('a', 0)))), [
      'path_cleaning_filters changed',
    ]);
  });

  it('12.1: values that are meant to differ, by the catalogue or the setting, are unmanaged', () => {
    const comparison = two(
      {
        ...{ name: 'Staging', app_urls: ['https://a.example.com'], timezone: 'UTC' },
        session_replay_config: { record_canvas: true },
      },
      {
        ...{ name: 'Production', app_urls: [], timezone: 'Asia/Tokyo' },
        session_replay_config: { record_canvas: false },
      },
      ['timezone', 'session_replay_config.record_canvas'],
    );
    assert.deepEqual(kinds(comparison), ['name unmanaged', 'timezone unmanaged', 'app_urls unmanaged']);
    assert.deepEqual(differingRows(comparison), []);
  });

  it('12.1: secrets are masked, and references to objects of the environment are listed separately; neither counts as equal', () => {
    const cohort = (value: number): JsonObject => ({ key: 'id', type: 'cohort', value });
    const email = { key: 'email', value: 'x', operator: 'exact', type: 'person' };
    const comparison = two(
      {
        primary_dashboard: 1,
        test_account_filters: [cohort(31), email],
        survey_config: { webhook: 'https://example.com/hidden' },
      },
      {
        primary_dashboard: 2,
        test_account_filters: [{ ...email }],
        survey_config: { webhook: 'https://example.com/other' },
      },
    );
    assert.deepEqual(kinds(comparison), [
      'primary_dashboard notCompared',
      'test_account_filters.0 notCompared',
      'survey_config.webhook masked',
    ]);
    assert.ok(comparison.rows.every(({ kind }) => kind !== 'equal'));
    const texts = [0, 1].map((index) => comparedDocument(comparison, index));
    assert.equal(texts[0], texts[1]);
    assert.match(texts[0] ?? '', /"test_account_filters\[0\]": "Points to a cohort in its own environment/);
    for (const text of [...texts, asJson(comparison, comparison.rows), asCsv(comparison, comparison.rows)]) {
      assert.doesNotMatch(text, /hidden|other/);
    }
  });

  it("12.1: an environment that couldn't be read is unreadable and never counts as equal", () => {
    const comparison = compareStates([
      { label: 'Staging', settings: { timezone: 'UTC' } },
      { label: 'Production', why: 'The key is not valid.' },
    ]);
    assert.deepEqual(kinds(comparison), ['timezone unreadable']);
    assert.match(comparisonSummary(comparison), /^Nothing was compared\. Couldn't read Production\.$/);
  });

  it('12.1: what a partial state leaves out is unmanaged', () => {
    const comparison = compareStates([
      { label: 'File', settings: { timezone: 'UTC' }, isPartial: true },
      { label: 'Staging', settings: { timezone: 'UTC', surveys_opt_in: true } },
    ]);
    assert.deepEqual(kinds(comparison), ['surveys_opt_in unmanaged']);
  });

  it('12.2: values other than the most common one are odd', () => {
    const states = ['UTC', 'Asia/Tokyo', 'UTC', 'UTC'].map((timezone, index) => ({
      label: `E${index}`,
      settings: { timezone },
    }));
    const [row] = compareStates(states).rows;
    assert.deepEqual([row?.kind, row?.spread.odd], ['changed', [1]]);
  });

  it('12.2: if no value is the most common, none is odd, and the text says so', () => {
    const rowOf = (...zones: readonly (string | undefined)[]): Row | undefined =>
      compareStates(
        zones.map((timezone, index) =>
          timezone === undefined
            ? { label: `E${index}`, why: 'The key is not valid.' }
            : { label: `E${index}`, settings: { timezone } },
        ),
      ).rows[0];
    const said = (...zones: readonly (string | undefined)[]): unknown => {
      const row = rowOf(...zones);
      const labels = zones.map((_, index) => `E${index}`);
      return row && [row.spread.odd, row.spread.differing, rowText(row, labels)];
    };
    assert.deepEqual(said('UTC', 'Asia/Tokyo'), [[], 1, 'Differs']);
    assert.deepEqual(said('UTC', 'Asia/Tokyo', 'Asia/Seoul'), [[], 2, 'All differ']);
    assert.deepEqual(said('UTC', 'Asia/Tokyo', 'UTC', 'Asia/Tokyo'), [[], 2, '2 different values']);
    assert.deepEqual(said('UTC', 'Asia/Tokyo', undefined), [[], 1, '2 different values']);
    assert.deepEqual(said('UTC', 'Asia/Tokyo', 'UTC', 'Asia/Seoul'), [[1, 3], 2, 'Differs in E1 and E3']);
  });

  it('12.1: exports escape special characters of their format', () => {
    const comparison = two({ product_description: 'a|b `x` "q"\n=1' }, { product_description: '=cmd()' });
    assert.match(asMarkdown(comparison, comparison.rows), /\| `` "a\\\|b `x` \\"q\\"\\n=1" `` \|/);
    assert.match(asCsv(comparison, comparison.rows), /,"""a\|b `x` \\""q\\""\\n=1""",/);
    const parsed = parseJson(asJson(comparison, comparison.rows)) as { formatVersion: number };
    assert.equal(parsed.formatVersion, 1);
  });

  const leaf: fc.Arbitrary<JsonValue> = fc.oneof(
    fc.boolean(),
    fc.nat(3),
    fc.constantFrom('a', 'b', '••••••', null),
  );
  const config = fc.dictionary(
    fc.constantFrom('a', 'b', 'token', '__proto__'),
    fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.dictionary(fc.constantFrom('x', 'secret'), leaf)),
  );
  const settings: fc.Arbitrary<JsonObject> = fc.record(
    {
      name: fc.constantFrom('A', 'B'),
      timezone: fc.constantFrom('UTC', 'Asia/Tokyo'),
      session_recording_sample_rate: fc.constantFrom<JsonValue[]>('0.4', 0.4, '0.40', null),
      primary_dashboard: fc.constantFrom(1, 2, null),
      survey_config: config,
      tags: fc.array(fc.constantFrom('a', 'B', 'b'), { maxLength: 3 }),
      path_cleaning_filters: fc.array(fc.record({ alias: fc.constantFrom('a', 'b'), order: fc.nat(2) })),
    },
    { requiredKeys: [] },
  );

  it('12.1: nothing differs from itself', () => {
    fc.assert(
      fc.property(settings, (one) => {
        const comparison = two(one, one);
        assert.deepEqual(
          differences(comparison).filter(({ kind }) => isDifferent(kind)),
          [],
        );
        assert.equal(comparedDocument(comparison, 0), comparedDocument(comparison, 1));
      }),
    );
  });

  it('12.1: swapping the sides swaps the result', () => {
    const mirrored = { onlyHere: 'onlyThere', onlyThere: 'onlyHere' } as const;
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const there = differences(two(other, one)).map(({ path, kind, here, there: theirs }) => ({
          path,
          kind: kind === 'onlyHere' || kind === 'onlyThere' ? mirrored[kind] : kind,
          here: theirs,
          there: here,
        }));
        const here = differences(two(one, other)).map(({ path, kind, here: mine, there: theirs }) => ({
          ...{ path, kind, here: mine, there: theirs },
        }));
        const byPath = (list: typeof here): string[] => list.map((item) => JSON.stringify(item)).sort();
        assert.deepEqual(byPath(here), byPath(there));
      }),
    );
  });

  it('12.1: two documents are equal if and only if nothing differs', () => {
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const comparison = two(one, other);
        const isEqual = comparedDocument(comparison, 0) === comparedDocument(comparison, 1);
        assert.equal(isEqual, differingRows(comparison).length === 0);
      }),
    );
  });
});
