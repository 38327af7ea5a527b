import assert from 'node:assert/strict';
import fc from 'fast-check';
import { madeOf, recorded, type HistoryEntry } from '../../../../src/operations/history/entry';
import { planUndo, whyNotUndoable, type UndoPlan } from '../../../../src/operations/history/undo';
import { planSettingsChanges } from '../../../../src/operations/changeSet';
import { settingsField, type Generation } from '../../../../src/settings/catalogue';
import { pathText } from '../../../../src/json/merge/path';
import { sameValue } from '../../../../src/settings/values';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../../../src/json/json';
import { documentPairs, patched } from '../../settings/fakeServer';

const environment = { id: 1, projectId: 1 };

const entryOf = (changes: HistoryEntry['changes'], more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: '20261126T100000000Z-00000000',
  startedAt: '2026-11-26T10:00:00.000Z',
  finishedAt: '2026-11-26T10:00:01.000Z',
  connectionId: 'one',
  environment: { ...environment, name: 'Production' },
  kind: 'save',
  changes,
  outcome: 'applied',
  what: '',
  ...more,
});

const plan = (
  entry: HistoryEntry,
  current: JsonObject,
  generation: Generation = 'current',
): Extract<UndoPlan, { kind: 'planned' }> => {
  const made = planUndo({ entry, environment, generation, current });
  assert.ok(made.kind === 'planned', JSON.stringify(made));
  return made;
};

/** Whether a value is restored; a value that didn't exist before may be null now. */
function isBack(key: string, before: JsonValue | undefined, now: JsonValue | undefined): boolean {
  if (sameValue(key, before, now) || jsonEquals(before ?? null, now ?? null)) {
    return true;
  }
  return (
    isJsonObject(before) &&
    isJsonObject(now) &&
    [...new Set([...Object.keys(before), ...Object.keys(now)])].every((name) =>
      isBack('', before[name], now[name]),
    )
  );
}

describe('undo', () => {
  for (const generation of ['current', 'documented'] as const) {
    it(`6: restores the previous state of every field, if nobody else wrote (${generation})`, () => {
      const seen = new Set<string>();
      fc.assert(
        fc.property(documentPairs, ([base, edited]) => {
          const tried = planSettingsChanges({ environment, generation, base, mine: edited });
          // Values that PostHog would keep can't be removed, so such a document isn't saved.
          const refused = tried.problems.map(({ path }) => String(path[0]));
          const mine = { ...edited, ...Object.fromEntries(refused.map((key) => [key, base[key]])) };
          const set = planSettingsChanges({ environment, generation, base, mine });
          const after = patched(base, set.body, generation);
          const entry = entryOf(madeOf(set.changes, after).map(recorded));
          fc.pre(whyNotUndoable(entry) === undefined);
          const undo = plan(entry, after, generation);
          assert.deepEqual(undo.conflicts, []);
          assert.ok(undo.set.kind === 'environment');
          assert.deepEqual(undo.set.problems, []);
          const back = patched(after, undo.set.body, generation);
          for (const key of Object.keys(set.body)) {
            seen.add(key);
            // PostHog itself records when the retention period was last changed.
            const rule = settingsField(key)?.rule;
            const kept = rule?.type === 'object' ? (rule.kept ?? []) : [];
            const without = (value: JsonValue | undefined): JsonValue | undefined =>
              isJsonObject(value)
                ? Object.fromEntries(Object.entries(value).filter(([name]) => !kept.includes(name)))
                : value;
            assert.ok(
              isBack(key, without(base[key]), without(back[key])),
              `${key}: ${JSON.stringify([base[key], mine[key], after[key], back[key]])}`,
            );
          }
        }),
        { numRuns: 300, seed: 6 },
      );
      assert.ok(seen.size > 60, `only ${seen.size} fields were changed`);
    });
  }

  it("6: someone else’s change of the same value is a conflict, one of another value isn't", () => {
    const entry = entryOf([
      { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' },
      { path: ['anonymize_ips'], from: false, to: true },
    ]);
    const current = { timezone: 'Europe/Rome', anonymize_ips: true, week_start_day: 1 };
    const undo = plan(entry, current);
    assert.deepEqual(undo.conflicts, [
      { path: ['timezone'], before: 'UTC', after: 'Asia/Tokyo', now: 'Europe/Rome' },
    ]);
    assert.ok(undo.set.kind === 'environment' && undo.whole.kind === 'environment');
    assert.deepEqual(undo.set.body, { anonymize_ips: false });
    assert.deepEqual(undo.whole.body, { timezone: 'UTC', anonymize_ips: false });
  });

  it('6: merges like any save: what someone else has since added to the same list or object stays', () => {
    const rule = (alias: string, regex = 'x') => ({ alias, regex });
    const entry = entryOf([
      {
        path: ['path_cleaning_filters'],
        from: [rule('/a'), rule('/b')],
        to: [rule('/a', 'mine'), rule('/b'), rule('/mine')],
      },
      { path: ['app_urls'], from: ['https://a.example.com'], to: ['https://b.example.com'] },
    ]);
    const current = {
      path_cleaning_filters: [rule('/a', 'mine'), rule('/b'), rule('/mine'), rule('/theirs')],
      app_urls: ['https://b.example.com', 'https://theirs.example.com'],
    };
    const undo = plan(entry, current);
    assert.deepEqual(undo.conflicts, []);
    assert.ok(undo.set.kind === 'environment');
    assert.deepEqual(undo.set.body, {
      path_cleaning_filters: [rule('/a'), rule('/b'), rule('/theirs')],
      app_urls: ['https://theirs.example.com', 'https://a.example.com'],
    });
    const contested = plan(entry, { ...current, path_cleaning_filters: [rule('/a', 'theirs'), rule('/b')] });
    assert.deepEqual(
      contested.conflicts.map(({ path, before, after, now }) => [pathText(path), before, after, now]),
      [['path_cleaning_filters["/a"].regex', 'x', 'mine', 'theirs']],
    );
  });

  it('6: nothing is sent if everything is as it was before', () => {
    const entry = entryOf([{ path: ['session_recording_sample_rate'], from: '0.40', to: '1.00' }]);
    const undo = plan(entry, { session_recording_sample_rate: '0.4' });
    assert.deepEqual(undo.set.changes, []);
    assert.deepEqual(undo.conflicts, []);
  });

  it('6: part of an object is restored, and its neighbors are left alone', () => {
    const entry = entryOf([{ path: ['session_replay_config', 'record_canvas'], from: undefined, to: true }]);
    const undo = plan(entry, { session_replay_config: { record_canvas: true, theirs: 1 } });
    assert.ok(undo.set.kind === 'environment');
    assert.deepEqual(undo.set.problems, []);
    assert.deepEqual(undo.set.body, { session_replay_config: { record_canvas: null } });
  });

  it('6: column types are restored with update_schema, the rest of a table with PATCH', () => {
    const entry = entryOf(
      [
        { path: ['name'], from: 'orders', to: 'sales' },
        { path: ['columns', 'total'], from: 'float', to: 'string' },
      ],
      { table: { id: 'a', name: 'sales' } },
    );
    const undo = plan(entry, { name: 'sales', columns: { total: 'string', id: 'integer' } });
    assert.ok(undo.set.kind === 'table');
    assert.deepEqual(undo.set.patch, { name: 'orders' });
    assert.deepEqual(undo.set.updates, { total: 'float' });
  });

  it("6: refuses, with a reason, what has no inverse, wasn't applied, or holds a secret", () => {
    const timezone = { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' };
    const why = (entry: HistoryEntry): string => {
      const made = planUndo({ entry, environment, generation: 'current', current: {} });
      return made.kind === 'refused' ? made.why : 'planned';
    };
    assert.match(why(entryOf([], { kind: 'create' })), /To remove a new environment, delete it/);
    assert.match(why(entryOf([], { kind: 'delete' })), /can't restore what it has deleted/);
    assert.match(why(entryOf([], { kind: 'credentials' })), /never recorded/);
    assert.match(why(entryOf([timezone], { outcome: 'notApplied' })), /didn't apply/);
    const secret = recorded({ path: ['slack_incoming_webhook'], from: 'https://x.example.com', to: null });
    assert.match(why(entryOf([timezone, secret])), /slack_incoming_webhook contains a secret/);
    assert.match(
      why(entryOf([{ path: ['api_token'], from: 'a', to: 'b' }])),
      /The setting api_token can't be changed here/,
    );
    assert.equal(why(entryOf([timezone])), 'planned');
  });
});
