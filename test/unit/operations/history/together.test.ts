import assert from 'node:assert/strict';
import type { HistoryEntry } from '../../../../src/operations/history/entry';
import { togetherQuestion } from '../../../../src/operations/history/undoQuestion';

const entry = (id: number, changes: Partial<HistoryEntry>): HistoryEntry => ({
  id: `20260101T000000000Z-0000000${id}`,
  startedAt: '2026-01-01T00:00:00.000Z',
  connectionId: 'one',
  environment: { id, projectId: id, name: `Environment ${id}` },
  kind: 'apply',
  changes: [{ path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' }],
  outcome: 'applied',
  what: '',
  together: 'a',
  ...changes,
});

describe('What is asked before a change is undone everywhere', () => {
  const both = (changes: Partial<HistoryEntry>): string =>
    togetherQuestion([entry(1, changes), entry(2, changes)]);

  it('11.6: says how the change came about', () => {
    const undo = 'Undo it in all of these environments?';
    assert.equal(both({ kind: 'copy' }), `timezone was copied to 2 environments at once. ${undo}`);
    assert.equal(both({}), `timezone was applied to 2 environments at once from a settings file. ${undo}`);
    assert.equal(
      both({ proposed: { by: 'Ada Example', why: 'We moved' } }),
      `timezone was changed in 2 environments at once, as Ada Example proposed. ${undo}`,
    );
    assert.equal(
      both({ proposed: {} }),
      `timezone was changed in 2 environments at once, as proposed. ${undo}`,
    );
    assert.equal(
      togetherQuestion([entry(1, { kind: 'copy' }), entry(2, {})]),
      `timezone was changed in 2 environments at once. ${undo}`,
    );
  });

  it('11.6: names what changed in any of them', () => {
    const other = [{ path: ['week_start_day'], from: 0, to: 1 }];
    assert.equal(
      togetherQuestion([entry(1, {}), entry(2, { changes: other })]),
      'timezone, week_start_day were applied to 2 environments at once from a settings file. Undo them in all of these environments?',
    );
  });

  it('11.6: counts what it would take too long to name', () => {
    const changes = ['a', 'b', 'c', 'd'].map((key) => ({ path: [key], from: 0, to: 1 }));
    assert.equal(
      both({ changes, kind: 'copy' }),
      '4 settings were copied to 2 environments at once. Undo them in all of these environments?',
    );
  });
});
