import assert from 'node:assert/strict';
import { readActivity, withoutOwn } from '../../../../src/operations/history/activityLog';
import type { HistoryEntry } from '../../../../src/operations/history/entry';
import type { JsonObject } from '../../../../src/json/json';
import { PRODUCTION, SaveBench, never } from '../support';

describe("PostHog's own activity log in the history", () => {
  const bench = new SaveBench('current');
  beforeEach(() => bench.start());
  afterEach(() => bench.stop());

  const place = {
    connectionId: 'one',
    environment: { id: PRODUCTION, projectId: PRODUCTION, name: 'Production' },
  };
  const patch = (body: JsonObject): Promise<unknown> =>
    bench.client().patchEnvironment(bench.ref(PRODUCTION), body, never());
  const read = (cursor?: string) => readActivity(bench.client(), place, cursor, never());

  const own = (changes: HistoryEntry['changes'], at = new Date()): HistoryEntry => ({
    id: '20261126T100000000Z-00000000',
    startedAt: at.toISOString(),
    finishedAt: at.toISOString(),
    connectionId: 'one',
    environment: place.environment,
    kind: 'save',
    changes,
    outcome: 'applied',
    what: '',
  });

  it('6: shows who changed what, from what, part by part, without secrets', async () => {
    await patch({
      timezone: 'Asia/Tokyo',
      slack_incoming_webhook: 'https://hooks.slack.com/services/T/B/secret',
    });
    await patch({ session_replay_config: { record_canvas: true } });
    const { items, refusal } = await read();
    assert.equal(refusal, undefined);
    const [newest, older] = items;
    assert.deepEqual(
      newest?.entry.changes.map(({ path }) => path.join('.')),
      ['session_replay_config.record_canvas'],
    );
    assert.equal(newest.elsewhere?.who, 'Olive Owner');
    assert.deepEqual(
      older?.entry.changes.find(({ path }) => path[0] === 'timezone'),
      { path: ['timezone'], from: 'America/New_York', to: 'Asia/Tokyo' },
    );
    assert.doesNotMatch(JSON.stringify(items), /T\/B\/secret/);
  });

  it('6: our own write is listed once; the same value set twice is listed twice', async () => {
    await patch({ timezone: 'Asia/Tokyo' });
    await patch({ timezone: 'UTC' });
    await patch({ timezone: 'Asia/Tokyo' });
    const { items } = await read();
    const toTokyo = own([{ path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' }]);
    const names = (entries: readonly HistoryEntry[]) =>
      withoutOwn(items, entries).map(({ entry }) => entry.changes[0]?.to);
    assert.deepEqual(names([]).slice(0, 3), ['Asia/Tokyo', 'UTC', 'Asia/Tokyo']);
    assert.deepEqual(names([toTokyo]).slice(0, 2), ['UTC', 'Asia/Tokyo']);
    assert.deepEqual(names([toTokyo, { ...toTokyo }])[0], 'UTC');
    const yesterday = own(toTokyo.changes, new Date(Date.now() - 86_400_000));
    assert.equal(names([yesterday])[0], 'Asia/Tokyo');
    const elsewhere = { ...toTokyo, environment: { ...place.environment, id: 1 } };
    assert.equal(names([elsewhere])[0], 'Asia/Tokyo');
  });

  it('6: decimals in another form and parts of objects are recognized as ours', async () => {
    await patch({ session_recording_sample_rate: '0.40' });
    await patch({ session_replay_config: { record_canvas: true } });
    const { items } = await read();
    const entries = [
      own([{ path: ['session_recording_sample_rate'], from: '1.00', to: '0.40' }]),
      own([{ path: ['session_replay_config', 'record_canvas'], from: false, to: true }]),
    ];
    const left = withoutOwn(items, entries);
    assert.equal(left.length, items.length - 2);
  });

  it("6: a plan or key that doesn't include it gets a note, not a failure", async () => {
    const { organization } = bench.settings();
    assert.ok(typeof organization === 'string');
    bench.control.setFeature(organization, 'audit_logs', false);
    assert.match((await read()).refusal ?? '', /plan doesn't include/);
    bench.control.setFeature(organization, 'audit_logs', true);
    bench.control.setKeyScopes('admin', ['project:read']);
    assert.match((await read()).refusal ?? '', /scope activity_log:read/);
  });

  it('6: pages follow the cursor', async () => {
    for (let index = 0; index < 105; index += 1) {
      await patch({ product_description: `description ${index}` });
    }
    const first = await read();
    assert.equal(first.items.length, 100);
    const second = await read(first.nextCursor);
    assert.ok(second.items.length >= 5);
    assert.equal(second.nextCursor, undefined);
  });
});
