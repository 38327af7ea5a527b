import assert from 'node:assert/strict';
import type { RemoteChange } from '../../../../src/directory/remoteChanges';
import { planDeletion, type DeletionPlan } from '../../../../src/operations/environment/deletionPlan';
import { DeletionWatch, watchedMs } from '../../../../src/operations/environment/deletionWatch';
import { finalityText } from '../../../../src/operations/phrases/environments';
import type { EnvironmentDetail, ServerProfile } from '../../../../src/posthog/models';
import { Canceled, PostHogError, type Stop } from '../../../../src/posthog/errors';
import {
  canceledBefore,
  environmentWith,
  KeptLog,
  never,
  notFound,
  page,
  refusal,
  staging,
  tableWith,
  unreachable,
} from '../table/tableSupport';

const cloud = 'https://us.posthog.com';
const current: ServerProfile = { generation: 'current', settingsRoute: 'projects' };
const documented: ServerProfile = { generation: 'documented', settingsRoute: 'nested' };
const admin = { effective_membership_level: 8 };

describe('planning the deletion of an environment', () => {
  /** Plans on a scripted server, with a client that can't delete. */
  async function plan(
    seen: EnvironmentDetail | Stop,
    {
      origin = cloud,
      profile = current,
      tables = 2,
    }: { origin?: string; profile?: ServerProfile; tables?: number | PostHogError } = {},
  ): Promise<{ plan: DeletionPlan; told: RemoteChange[] }> {
    const told: RemoteChange[] = [];
    const answer = <T>(value: T | Stop): T => {
      if (value instanceof Error) {
        throw value;
      }
      return value;
    };
    const client = {
      profile,
      getEnvironment: async () => answer(seen),
      listTables: async () => ({ ...page(tableWith({})), total: answer(tables) }),
    };
    const services = {
      connections: { client: async () => client, get: () => ({ origin }) },
      changes: { fire: (change: RemoteChange) => void told.push(change) },
    };
    return { plan: await planDeletion(services, staging, never()), told };
  }

  for (const [where, options, finality, says] of [
    ['PostHog Cloud', {}, 'scheduled', /waits 48 hours/],
    [
      'a self-hosted server',
      { origin: 'https://posthog.example.com' },
      'perhaps',
      /If this server schedules/,
    ],
    ['an older server', { profile: documented }, 'final', /^This can't be undone\.$/],
  ] as const) {
    it(`10.1: on ${where}, the plan knows whether a deletion can be canceled`, async () => {
      const { plan: found } = await plan(environmentWith(admin), options);
      assert.ok(found.kind === 'ready');
      assert.equal(found.finality, finality);
      assert.match(finalityText[found.finality], says);
      assert.equal(found.deletes, 'profile' in options ? 'environment' : 'project');
    });
  }

  it('10.1: the plan has the number of tables to be deleted, if the key can read it', async () => {
    const known = await plan(environmentWith(admin));
    const hidden = await plan(environmentWith(admin), { tables: refusal({ kind: 'missing-scope' }) });
    assert.ok(known.plan.kind === 'ready' && hidden.plan.kind === 'ready');
    assert.equal(known.plan.tables, 2);
    assert.equal(hidden.plan.tables, undefined);
  });

  it("10.1: one that is already gone is announced; one in progress isn't checked", async () => {
    const gone = await plan(notFound());
    assert.equal(gone.plan.kind, 'gone');
    assert.deepEqual(gone.told, [
      {
        kind: 'environments',
        connectionId: 'c1',
        organizationId: undefined,
        removedEnvironmentId: 7,
      },
    ]);
    const underWay = await plan(environmentWith({ ...admin, is_pending_deletion: true }));
    assert.equal(underWay.plan.kind, 'underWay');
  });

  it('10.1: a member is refused before the first question', async () => {
    const member = { effective_membership_level: 1 };
    await assert.rejects(plan(environmentWith(member)), /its owner is a member.*Nothing was sent\./);
    const projectAdmin = await plan(environmentWith({ ...member, user_access_level: 'admin' }));
    assert.equal(projectAdmin.plan.kind, 'ready');
  });

  it('10.5: a failure to read is thrown unchanged', async () => {
    await assert.rejects(plan(unreachable()), PostHogError);
    await assert.rejects(plan(canceledBefore()), Canceled);
  });
});

describe('watching a deletion', () => {
  const pending = environmentWith({ is_pending_deletion: true });

  /** A watch with a clock that doesn't wait. */
  function watching(answers: (EnvironmentDetail | Stop)[], isThere = true) {
    const told: RemoteChange[] = [];
    const ended: string[] = [];
    const canceled: string[] = [];
    const paused: number[] = [];
    const client = {
      getEnvironment: async () => {
        const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers;
        assert.ok(answer);
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
    };
    const watch = new DeletionWatch(
      {
        connections: { client: async () => client, get: () => (isThere ? {} : undefined) },
        changes: { fire: (change) => void told.push(change) },
        directory: { pendingDeletions: { list: () => [{ connectionId: 'c1', environmentId: 7 }] } },
        log: new KeptLog(),
        clock: {
          delay: async (durationMs, signal) => {
            signal.throwIfAborted();
            paused.push(durationMs);
          },
        },
      },
      ({ name }) => ended.push(name),
      (name) => canceled.push(name),
    );
    return { watch, told, ended, canceled, paused };
  }

  it("10.1: its row shows the progress until it's gone, and its end is announced once", async () => {
    const { watch, told, ended, paused } = watching([pending, unreachable(), pending, notFound()]);
    watch.watch(staging);
    watch.watch(staging);
    await watch.idle();
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['environment', 'environment', 'environments'],
    );
    assert.deepEqual(ended, ['Staging']);
    assert.deepEqual(paused, [1000, 2000, 3000, 4000]);
  });

  it('10.1: a deletion that was canceled in PostHog is no longer watched', async () => {
    const { watch, told, ended, canceled } = watching([pending, environmentWith()]);
    watch.watch(staging);
    await watch.idle();
    assert.equal(told.length, 2);
    assert.deepEqual(ended, []);
    assert.deepEqual(canceled, ['Staging']);
  });

  it('B6: refreshing the tree reports a canceled deletion, but not one that is still scheduled', async () => {
    const { watch, canceled } = watching([
      pending,
      environmentWith({ deletion_scheduled_at: '2026-03-18T12:00:00Z' }),
      environmentWith(),
    ]);
    await watch.recheck();
    await watch.recheck();
    assert.deepEqual(canceled, []);
    await watch.recheck();
    assert.deepEqual(canceled, ['Staging']);
  });

  it('10.1: watching ends after a few minutes, with the window, and with the connection', async () => {
    const long = watching([pending]);
    long.watch.watch(staging);
    await long.watch.idle();
    assert.equal(
      long.paused.reduce((sum, durationMs) => sum + durationMs, 0),
      watchedMs,
    );
    const closed = watching([pending]);
    closed.watch.dispose();
    closed.watch.watch(staging);
    await closed.watch.idle();
    const removed = watching([pending], false);
    removed.watch.watch(staging);
    await removed.watch.idle();
    assert.deepEqual([closed.told, removed.told], [[], []]);
  });

  it('10.1: refreshing the tree checks known deletions again', async () => {
    const { watch, told, ended } = watching([notFound()]);
    await watch.recheck();
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['environments'],
    );
    assert.deepEqual(ended, []);
  });
});
