import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import type { HistoryEntry } from '../../../../src/operations/history/entry';
import { History, type NewWrite } from '../../../../src/operations/history/history';
import { recordCheck, type CheckedPlace } from '../../../../src/operations/history/recordCheck';
import { applied, unknown, type Outcome } from '../../../../src/operations/outcome';
import { MemoryStore } from './memoryStore';

const place: CheckedPlace = { connectionId: 'one', environment: { id: 1203 } };
const save: NewWrite = {
  connectionId: 'one',
  environment: { id: 1203, projectId: 1203 },
  kind: 'save',
  changes: [
    { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' },
    { path: ['week_start_day'], from: 0, to: 1 },
  ],
};
const lost = unknown("Couldn't confirm whether the change was saved.", { cause: new Canceled() });

describe('11.6: checking an unknown outcome again', () => {
  let history: History;
  let nowMs: number;
  let logged: unknown[];
  afterEach(() => assert.deepEqual(logged, []));
  beforeEach(() => {
    nowMs = Date.parse('2026-11-26T10:00:00.000Z');
    logged = [];
    history = new History(
      new MemoryStore(),
      { nameOf: () => undefined },
      {
        debug: () => undefined,
        info: () => undefined,
        warn: (line) => logged.push(line),
        error: (error) => logged.push(error),
      },
      () => new Date((nowMs += 1000)),
    );
  });

  const written = async (outcome: Outcome, write = save): Promise<void> =>
    (await history.begin(write)).end(outcome);
  const states = async (): Promise<readonly (readonly [HistoryEntry['outcome'], string])[]> =>
    (await history.list({ connectionIds: ['one'] }, 100)).entries.map(({ outcome, what }) => [outcome, what]);
  const there = { timezone: 'Asia/Tokyo', week_start_day: 1 };

  it('records that the changes were applied', async () => {
    await written(lost);
    await recordCheck(history, place, there);
    assert.deepEqual(await states(), [['applied', 'Checked again: PostHog has the change.']]);
  });

  it('only notes that they are missing, because the server may still be working on them', async () => {
    await written(lost);
    const noted = `${lost.what} Checked again: PostHog has timezone, but not week_start_day.`;
    await recordCheck(history, place, { ...there, week_start_day: 0 });
    assert.deepEqual(await states(), [['unknown', noted]]);
    await recordCheck(history, place, there);
    assert.deepEqual(await states(), [['applied', 'Checked again: PostHog has the change.']]);
  });

  it("leaves other places, known outcomes, and changes that can't be compared alone", async () => {
    const table = { id: 'a', name: 'orders' };
    const secret = {
      path: ['slack_incoming_webhook'],
      from: null,
      to: 'https://hooks.slack.com/services/T0/B0/x',
    };
    await written(lost);
    await written(applied('Saved.', undefined), { ...save, environment: { id: 1, projectId: 1 } });
    await written(lost, { ...save, table });
    await written(lost, { ...save, environment: { id: 2, projectId: 2 }, changes: [secret] });
    const before = await states();
    for (const [id, tableId] of [[1], [2], [3], [1203, 'b']] as const) {
      await recordCheck(history, { ...place, environment: { id }, tableId }, there);
    }
    assert.deepEqual(await states(), before);
    await recordCheck(history, { ...place, tableId: 'a' }, there);
    assert.deepEqual(
      (await states()).map(([outcome]) => outcome),
      ['unknown', 'applied', 'applied', 'unknown'],
    );
  });

  it('leaves an older write alone after a newer one to the same place', async () => {
    await written(lost);
    await written(applied('Saved.', undefined));
    await recordCheck(history, place, there);
    assert.deepEqual(
      (await states()).map(([outcome]) => outcome),
      ['applied', 'unknown'],
    );
  });
});
