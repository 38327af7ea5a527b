import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import { History, type NewWrite } from '../../../../src/operations/history/history';
import { beginOf, Recording } from '../../../../src/operations/history/recording';
import { applied, notApplied, unknown, type Outcome } from '../../../../src/operations/outcome';
import { MemoryStore } from './memoryStore';

const save: NewWrite = {
  connectionId: 'one',
  environment: { id: 1203, projectId: 1203 },
  kind: 'save',
  changes: [{ path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' }],
};

describe('the history', () => {
  let store: MemoryStore;
  let logged: string[];
  let nowMs: number;
  let history: History;
  const open = (): History =>
    new History(
      store,
      { nameOf: (_connectionId, id) => (id === 1203 ? 'Production' : undefined) },
      {
        debug: () => undefined,
        info: () => undefined,
        warn: (line) => void logged.push(line),
        error: (error) => void logged.push(String(error)),
      },
      () => new Date((nowMs += 1000)),
    );
  beforeEach(() => {
    store = new MemoryStore();
    logged = [];
    nowMs = Date.parse('2026-11-26T10:00:00.000Z');
    history = open();
  });

  /** Sends something as operations do. */
  const sending = (send: () => Promise<Outcome>): Promise<Outcome> => {
    const { changes, ...write } = save;
    const record = new Recording(beginOf({ history: async () => history }, write));
    return record.of(record.sending(changes, send));
  };
  const entries = async (one = history, connectionIds = ['one']) =>
    (await one.list({ connectionIds }, 100)).entries;

  it('6: records a write before it is sent and completes it afterwards, for other windows too', async () => {
    const sent: string[] = [];
    const outcome = await sending(async () => {
      sent.push(store.allText);
      return applied('Saved.', undefined);
    });
    assert.equal(outcome.kind, 'applied');
    assert.match(sent[0] ?? '', /"timezone"/);
    assert.doesNotMatch(sent[0] ?? '', /finishedAt/);
    await history.settled();
    const [entry] = await entries(open());
    assert.deepEqual(entry, {
      id: entry?.id,
      startedAt: '2026-11-26T10:00:01.000Z',
      finishedAt: '2026-11-26T10:00:02.000Z',
      ...save,
      environment: { ...save.environment, name: 'Production' },
      outcome: 'applied',
      what: 'Saved.',
    });
  });

  it('6: forgets a write that was canceled before it was sent, and keeps one that failed unexpectedly', async () => {
    await assert.rejects(
      sending(() => Promise.reject(new Canceled())),
      Canceled,
    );
    assert.deepEqual(await entries(), []);
    await assert.rejects(
      sending(() => Promise.reject(new TypeError('mistake'))),
      TypeError,
    );
    assert.deepEqual(
      (await entries()).map(({ outcome }) => outcome),
      [undefined],
    );
  });

  it('6: lists the newest entries first, across connections, and reports if there are more', async () => {
    for (const [index, connectionId] of ['one', 'two', 'one', 'two'].entries()) {
      const underWay = await history.begin({
        ...save,
        connectionId,
        environment: { ...save.environment, id: index },
      });
      underWay.end(applied('', undefined));
    }
    const ids = async (limit: number, connectionIds: string[]) => {
      const { entries: found, hasMore } = await history.list({ connectionIds }, limit);
      return [...found.map(({ environment }) => environment.id), hasMore];
    };
    assert.deepEqual(await ids(10, ['one', 'two']), [3, 2, 1, 0, false]);
    assert.deepEqual(await ids(3, ['one', 'two']), [3, 2, 1, true]);
    assert.deepEqual(await ids(2, ['two']), [3, 1, false]);
    const only = await history.list(
      { connectionIds: ['one', 'two'], accepts: ({ environment }) => environment.id === 1 },
      10,
    );
    assert.deepEqual(
      only.entries.map(({ environment }) => environment.id),
      [1],
    );
  });

  it('6: keeps 500 entries per connection, and removes the oldest', async () => {
    for (let index = 0; index < 541; index += 1) {
      (await history.begin({ ...save, table: { id: String(index), name: 'orders' } })).end(
        applied('', undefined),
      );
    }
    await history.settled();
    assert.equal((await store.names('one')).length, 500);
    const { entries: found } = await history.list({ connectionIds: ['one'] }, 1000);
    assert.equal(found.length, 500);
    assert.equal(found[0]?.table?.id, '540');
    assert.equal(found.at(-1)?.table?.id, '41');
  });

  it('6: never stores a secret, but records that there was one', async () => {
    const underWay = await history.begin({
      ...save,
      changes: [
        {
          path: ['slack_incoming_webhook'],
          from: 'https://hooks.slack.com/services/T0/B0/old-secret',
          to: 'https://hooks.slack.com/services/T0/B0/new-secret',
        },
        { path: ['conversations_settings', 'widget_access_token'], from: 'aaaa', to: 'bbbb' },
        { path: ['extra_settings'], from: null, to: { nested: [{ api_secret: 'cccc' }] } },
        { path: ['app_urls'], from: [], to: ['https://user:hunter2@example.com'] },
        { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' },
      ],
    });
    underWay.end(notApplied('PostHog refused phx_abcdefghijklmnop as a value.'));
    await history.settled();
    assert.doesNotMatch(store.allText, /old-secret|new-secret|aaaa|bbbb|cccc|hunter2|phx_abc/);
    const [entry] = await entries(open());
    assert.deepEqual(
      entry?.changes.map(({ isMasked = false }) => isMasked),
      [true, true, true, true, false],
    );
  });

  it("6: skips and logs files that aren't entries", async () => {
    const underWay = await history.begin(save);
    underWay.end(applied('', undefined));
    await history.settled();
    const [[name = '', text = ''] = []] = store.texts.get('one') ?? [];
    const bad = (index: number): string => name.replace(/^2026/, `201${index}`);
    const hostile = [
      '',
      '{',
      'null',
      '[]',
      '{"id": "../../etc/passwd"}',
      text.replace('"save"', '"format-disk"'),
      text.replace('"path":["timezone"]', '"path":[]'),
      // An entry with another one's ID.
      text,
      text.replace('"one"', '"two"').replace(name, bad(8)),
      text.replace(name, bad(9)).replace('"Asia/Tokyo"', `${'['.repeat(50_000)}${']'.repeat(50_000)}`),
    ];
    for (const [index, one] of hostile.entries()) {
      await store.write('one', bad(index), one);
    }
    await store.write('one', 'notes', 'not even a name');
    const found = await entries(open());
    assert.ok(
      found.some(({ id }) => id === name),
      'the valid entry is there',
    );
    assert.ok(found.length <= 2);
    assert.ok(logged.length >= 9, logged.join('\n'));
  });

  it('6: a prototype key in a file stays a key', async () => {
    const underWay = await history.begin({
      ...save,
      changes: [{ path: ['extra_settings', '__proto__', 'polluted'], from: undefined, to: true }],
    });
    underWay.end(applied('', undefined));
    await history.settled();
    const [entry] = await entries(open());
    assert.deepEqual(entry?.changes[0]?.path, ['extra_settings', '__proto__', 'polluted']);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it('6: is removed with the connection, even if a write ends later', async () => {
    const late = await history.begin(save);
    (await history.begin(save)).end(applied('', undefined));
    await history.removeConnection('one');
    late.end(unknown('Nobody knows.'));
    await history.settled();
    assert.equal(store.allText, '');
    assert.deepEqual(await entries(), []);
  });

  it("6: a full disk doesn't prevent writes", async () => {
    store.failure = new Error('disk full');
    const outcome = await sending(async () => applied('', undefined));
    assert.equal(outcome.kind, 'applied');
    assert.match(logged.join(), /disk full/);
  });
});
