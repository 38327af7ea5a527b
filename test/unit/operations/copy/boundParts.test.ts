import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isJsonObject, own, type JsonObject, type JsonValue } from '../../../../src/json/json';
import type { JsonPath } from '../../../../src/json/parse';
import { copyDoubts, copyPlan, type CopyPlan } from '../../../../src/operations/copy/planCopy';
import { transplanted, type Kept } from '../../../../src/settings/transplant';
import { boundFields, boundParts, boundValuesOf, textsOf, type Part } from '../../settings/boundValues';

const planned = (source: JsonObject, target: JsonObject, paths: readonly JsonPath[]): CopyPlan =>
  copyPlan(
    { settings: source, paths, isNamed: true },
    { connectionId: 'connection', environment: { id: 1, projectId: 1 }, name: 'Target' },
    { raw: target },
    'current',
  );

const covers = (kept: readonly Kept[], { path }: Part): boolean =>
  kept.some((one) => one.path.slice(1).every((key, index) => key === path[index]));

/** Every path of keys in a value. */
const pathsIn = (value: JsonValue): JsonPath[] => [
  [],
  ...(isJsonObject(value)
    ? Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : pathsIn(item).map((path) => [key, ...path]),
      )
    : []),
];

describe('copying what belongs to one environment', () => {
  it("12.3: an action, or an event with a cohort, isn't copied, and the target's isn't replaced", () => {
    const action = (id: number): JsonObject => ({ kind: 'ActionsNode', id });
    const cohort = { key: 'id', type: 'cohort', value: 55, operator: 'in' };
    const plan = planned(
      {
        customer_analytics_config: {
          activity_event: action(77),
          signup_event: { kind: 'EventsNode', event: 'a', properties: [cohort] },
          payment_event: { kind: 'EventsNode', event: 'paid' },
          subscription_event: 'subscribed',
        },
      },
      {
        customer_analytics_config: {
          activity_event: 'active',
          signup_event: {},
          payment_event: action(5),
          subscription_event: 'before',
        },
      },
      [['customer_analytics_config']],
    );
    assert.deepEqual(plan.set.body, { customer_analytics_config: { subscription_event: 'subscribed' } });
    assert.deepEqual(copyDoubts(plan), [
      'Not copied: customer_analytics_config.activity_event. It points to an action in its own environment.',
      'Not copied: customer_analytics_config.signup_event. It points to a cohort in its own environment.',
      "Not copied: customer_analytics_config.payment_event. The target's value points to an action in its own environment.",
    ]);
  });

  it("12.3: a part of an action isn't copied by itself", () => {
    const of = (activity_event: JsonValue): JsonObject => ({ customer_analytics_config: { activity_event } });
    const event = { kind: 'EventsNode', event: 'a' };
    const path = ['customer_analytics_config', 'activity_event', 'id'];
    const plan = planned(of({ kind: 'ActionsNode', id: 77 }), of(event), [path]);
    assert.deepEqual(plan.set.body, {});
    assert.match(
      copyDoubts(plan).join(),
      /Not copied: customer_analytics_config\.activity_event\. It points/,
    );
  });

  it("12.3: what only the target has stays if it belongs to the target, and that's said", () => {
    const tables = [{ table_name: 'orders', timestamp_field: 't', distinct_id_field: 'd', id_field: 'i' }];
    const groups = {
      version: 2,
      groups: [{ id: 'a', sampleRate: 1, conditions: { matchType: 'any', flag: 'beta' } }],
    };
    const plan = planned(
      { modifiers: { debug: true }, session_recording_trigger_groups: null },
      {
        modifiers: { dataWarehouseEventsModifiers: tables, timings: true },
        session_recording_trigger_groups: groups,
      },
      [['modifiers'], ['session_recording_trigger_groups']],
    );
    assert.deepEqual(plan.set.body, {
      modifiers: { debug: true, timings: null, dataWarehouseEventsModifiers: tables },
    });
    assert.deepEqual(copyDoubts(plan), [
      "Not copied: modifiers.dataWarehouseEventsModifiers. The target's value points to a warehouse table in its own environment.",
      "Not copied: session_recording_trigger_groups. The target's value points to a feature flag in its own environment.",
    ]);
  });

  for (const field of boundFields) {
    it(`12.3: ${field.key} in the target keeps what belongs there, and gets nothing that belongs to the source`, () => {
      const { rule } = field;
      const seen = { source: 0, target: 0 };
      fc.assert(
        fc.property(
          boundValuesOf(field, 1001),
          boundValuesOf(field, 2002),
          fc.boolean(),
          (source, target, isOld) => {
            const kept: Kept[] = [];
            const result = transplanted(field, isOld ? 'documented' : 'current', source, target, kept);
            const [ours, theirs] = [boundParts(rule, source), boundParts(rule, target)];
            assert.deepEqual(
              textsOf(boundParts(rule, result === undefined ? target : result)),
              textsOf(theirs),
            );
            const told = [
              ...ours,
              ...theirs.filter(({ path }) => path.every((one) => typeof one === 'string')),
            ];
            assert.deepEqual(
              told.filter((part) => !covers(kept, part)),
              [],
            );
            seen.source += Math.min(1, ours.length);
            seen.target += Math.min(1, theirs.length);
          },
        ),
        { seed: 4, numRuns: 200 },
      );
      assert.ok(seen.source > 10 && seen.target > 10, JSON.stringify(seen));
    });

    it(`12.3: any part of ${field.key} in the target keeps what belongs there`, () => {
      const { key, rule } = field;
      fc.assert(
        fc.property(
          boundValuesOf(field, 1001),
          boundValuesOf(field, 2002),
          fc.nat(),
          (source, target, at) => {
            const paths = pathsIn(source);
            const path = paths[at % paths.length] ?? [];
            const { set } = planned({ [key]: source }, { [key]: target }, [[key, ...path]]);
            const after = own(set.mine, key);
            assert.ok(after !== undefined);
            assert.deepEqual(textsOf(boundParts(rule, after)), textsOf(boundParts(rule, target)));
            assert.doesNotMatch(JSON.stringify(set.body), /1001/);
          },
        ),
        { seed: 4, numRuns: 200 },
      );
    });
  }
});
