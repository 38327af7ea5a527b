import assert from 'node:assert/strict';
import type { HistoryEntry } from '../../../../src/operations/history/entry';
import { titleOf } from '../../../../src/operations/history/item';
import { conflictQuestion, undoQuestion } from '../../../../src/operations/history/undoQuestion';
import { placeText } from '../../../../src/operations/review/review';

const entry = (changes: Partial<HistoryEntry>): HistoryEntry => ({
  id: '20260101T000000000Z-00000001',
  startedAt: '2026-01-01T00:00:00.000Z',
  connectionId: 'one',
  environment: { id: 1, projectId: 1, name: 'Staging' },
  kind: 'save',
  changes: [{ path: ['name'], from: 'orders', to: 'sales' }],
  outcome: 'applied',
  what: '',
  ...changes,
});
const table = { id: 'one', name: 'orders' };

describe('A change in words', () => {
  const questionOf = (one: HistoryEntry, changes = one.changes): ReturnType<typeof undoQuestion> =>
    undoQuestion(one, {
      ...{ name: 'Staging', isProtected: false, host: 'https://example.com', connection: 'Example' },
      ...{ changes, requests: [], rehearsed: [], when: 'Jan 1, 2026, 12:00 AM' },
    });
  const askedOf = (one: HistoryEntry, changes: HistoryEntry['changes']): string =>
    questionOf(one, changes).message;
  const asked = (changes: Partial<HistoryEntry>): string => askedOf(entry(changes), entry(changes).changes);

  it('6: a change to a table names the table', () => {
    assert.equal(titleOf(entry({ table })), 'name of orders');
    assert.equal(titleOf(entry({ table, kind: 'undo' })), 'Undo name of orders');
    assert.equal(titleOf(entry({ table, kind: 'rename' })), 'Rename orders to sales');
    assert.equal(titleOf(entry({})), 'name');
    assert.equal(titleOf(entry({ kind: 'rename' })), 'Rename to sales');
    assert.equal(asked({ table }), 'Undo the change to name of orders in Staging?');
    assert.equal(placeText(questionOf(entry({ table })).subject.place), 'orders in Staging · Example');
    assert.equal(placeText(questionOf(entry({})).subject.place), 'Staging · Example');
    const conflict = { path: ['name'], before: 'orders', after: 'sales', now: 'goods' };
    const where = 'Staging · Hedgehog Outfitters · Work';
    assert.deepEqual(conflictQuestion({ ...entry({ table }), where }, [conflict], []), {
      message: 'name of orders was changed again in Staging since. Restore anyway?',
      detail: `${where}\n\nname: "goods" → "orders"`,
    });
  });

  it('6: the question before an undo names what changes, whatever the change was', () => {
    for (const kind of ['save', 'rename', 'undo', 'restore', 'copy', 'apply'] as const) {
      assert.equal(asked({ kind }), 'Undo the change to name in Staging?');
    }
    const saved = entry({ changes: [{ path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' }] });
    assert.equal(askedOf(saved, entry({}).changes), 'Undo the change to name in Staging?', 'only the rest');
  });
});
