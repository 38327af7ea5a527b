import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/json/json';
import type { ActivityEntry } from '../../../../src/posthog/models';
import {
  changedBeside,
  replacedIn,
  withNames,
  type Meanwhile,
  type WriteWindow,
} from '../../../../src/operations/history/window';
import { settingsDocument } from '../../../../src/settings/document';
import { acceptedByCurrent, acceptedValues } from '../../settings/ruleCases';
import { PRODUCTION, never, onBothGenerations, type SaveBench } from '../support';

/** What is reported of changes between the read and the response. */
const found = (window: WriteWindow, entries: readonly ActivityEntry[]): readonly Meanwhile[] => [
  ...replacedIn(window, entries),
  ...withNames(changedBeside(window), entries),
];

const brief = (changes: readonly Meanwhile[]): readonly unknown[][] =>
  changes.map(({ path, from, to, isReplaced }) => [path.join('.'), from, to, isReplaced]);

describe('changes by someone else between the read and the write', () => {
  it("7: a table's other changes are reported, and what was sent isn't", () => {
    const table = {
      name: 'orders',
      format: 'CSV',
      columns: { id: 'integer', total: 'float', note: 'string' },
    };
    const window: WriteWindow = {
      ...{ kind: 'table', generation: 'current', elapsedMs: 10, before: table },
      after: { name: 'sales', format: 'Parquet', columns: { id: 'string', total: 'string', note: 'string' } },
      sent: { name: 'sales', columns: { id: 'string' } },
    };
    assert.deepEqual(brief(changedBeside(window)), [
      ['format', 'CSV', 'Parquet', false],
      ['columns.total', 'float', 'string', false],
    ]);
  });

  onBothGenerations((bench) => {
    const log = async (): Promise<readonly ActivityEntry[]> =>
      (await bench.client().listActivityLog(bench.ref(PRODUCTION), undefined, never())).items;

    it("7: the save's own effects are never reported, for every value of every field", async function () {
      this.timeout(60_000);
      const generation = bench.generation;
      const values = [...acceptedValues, ...(generation === 'current' ? acceptedByCurrent : [])];
      const bodies: JsonObject[] = values.flatMap(([key, ...all]) => all.map((value) => ({ [key]: value })));
      bodies.push({ conversations_enabled: true }, { conversations_enabled: false });
      let sent = 0;
      for (const body of bodies) {
        const window = await windowOf(bench, body).catch(() => undefined);
        if (window) {
          sent += 1;
          assert.deepEqual(brief(found(window, await log())), [], JSON.stringify(body));
        }
      }
      assert.ok(sent > 100, `only ${sent} values were accepted`);
    });

    it('7: their change is reported with its author, whether it was replaced or kept', async () => {
      const window = await windowOf(bench, { timezone: 'Asia/Tokyo', anonymize_ips: true }, async () => {
        await theirs(bench, { timezone: 'Europe/Rome', week_start_day: 0 });
        await theirs(bench, { timezone: 'Europe/Paris' });
      });
      const changes = found(window, await log());
      assert.deepEqual(brief(changes), [
        ['timezone', 'Europe/Paris', 'Asia/Tokyo', true],
        ['week_start_day', 1, 0, false],
      ]);
      assert.deepEqual(
        changes.map(({ who }) => who),
        ['Max Member', 'Max Member'],
      );
    });

    it('7: in an object that PostHog merges, only the parts that were sent are replaced', async () => {
      await windowOf(bench, { session_replay_config: { record_canvas: false } });
      const window = await windowOf(bench, { session_replay_config: { record_canvas: true } }, () =>
        theirs(bench, { session_replay_config: { ai_config: { preferred_events: ['theirs'] } } }),
      );
      const [only, ...more] = found(window, await log());
      assert.equal(only?.isReplaced, false);
      assert.deepEqual([only.path.slice(0, 2), more], [['session_replay_config', 'ai_config'], []]);
    });

    it('7: in an object that PostHog replaces, a key that they added is lost, and reported', async () => {
      await windowOf(bench, { extra_settings: { a: 1 } });
      const window = await windowOf(bench, { extra_settings: { a: 2 } }, () =>
        theirs(bench, { extra_settings: { a: 1, b: 5 } }),
      );
      assert.deepEqual(brief(found(window, await log())), [['extra_settings.b', 5, undefined, true]]);
    });

    it("7: changes before the read and after the write aren't reported", async () => {
      await theirs(bench, { timezone: 'Europe/Rome' });
      const window = await windowOf(bench, { timezone: 'Asia/Tokyo' });
      await theirs(bench, { timezone: 'Europe/Paris' });
      assert.deepEqual(found(window, await log()), []);
    });

    it('7: a write that is applied only after the check still reports what it replaced', async () => {
      const window = await windowOf(bench, { timezone: 'Asia/Tokyo' }, () =>
        theirs(bench, { timezone: 'Europe/Rome' }),
      );
      const readTooEarly = { ...window, after: { ...window.after, timezone: 'Europe/Rome' } };
      const entries = await log();
      assert.deepEqual(brief(replacedIn(readTooEarly, entries)), [
        ['timezone', 'Europe/Rome', 'Asia/Tokyo', true],
      ]);
      const readBeforeBoth = { ...window, after: window.before };
      assert.deepEqual(brief(replacedIn(readBeforeBoth, entries)), [
        ['timezone', 'Europe/Rome', 'Asia/Tokyo', true],
      ]);
      await theirs(bench, { timezone: 'Europe/Paris' });
      assert.deepEqual(
        replacedIn(readTooEarly, await log()),
        [],
        'their change is the latest one, so nothing is lost',
      );
    });

    it("7: without both sides' entries in the log, nothing is reported as replaced", async () => {
      const window = await windowOf(bench, { timezone: 'Asia/Tokyo' }, () =>
        theirs(bench, { timezone: 'Europe/Rome' }),
      );
      const [ours, other] = await log();
      assert.ok(ours && other);
      assert.equal(replacedIn(window, [ours, other]).length, 1);
      assert.deepEqual(replacedIn(window, [ours]), []);
      assert.deepEqual(replacedIn(window, [other]), []);
      const hoursBefore = { ...other, created_at: '2020-01-01T00:00:00Z' };
      assert.deepEqual(replacedIn(window, [ours, hoursBefore]), []);
      // Someone wrote in between, whose entry is missing: it isn't theirs that was replaced.
      const changes = other.changes.map((change) => ({ ...change, after: 'Europe/Madrid' }));
      assert.deepEqual(replacedIn(window, [ours, { ...other, changes }]), []);
    });
  });
});

/** Reads, lets something happen, and writes, as a save does. */
async function windowOf(
  bench: SaveBench,
  body: JsonObject,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<WriteWindow> {
  const askedAtMs = Date.now();
  const client = bench.client();
  const before = await client.getEnvironment(bench.ref(PRODUCTION), never());
  await meanwhile();
  const after = await client.patchEnvironment(bench.ref(PRODUCTION), body, never());
  return {
    ...{ kind: 'settings', generation: bench.generation, sent: body },
    before: settingsDocument(before.raw),
    after: settingsDocument(after.raw),
    elapsedMs: Date.now() - askedAtMs,
  };
}

/** Writes as someone else. */
function theirs(bench: SaveBench, body: JsonObject): Promise<unknown> {
  bench.control.setMembership('member', PRODUCTION, 15);
  return bench.client({ key: 'member' }).patchEnvironment(bench.ref(PRODUCTION), body, never());
}
