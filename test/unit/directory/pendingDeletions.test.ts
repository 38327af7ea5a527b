import assert from 'node:assert/strict';
import type { RemoteChange } from '../../../src/directory/remoteChanges';
import { PendingDeletions } from '../../../src/directory/pendingDeletions';

/** What VS Code keeps across window reloads. */
class Kept {
  readonly values = new Map<string, string>();

  readonly get = <T>(key: string, fallback?: T): T | undefined => {
    const text = this.values.get(key);
    return text === undefined ? fallback : (JSON.parse(text) as T);
  };

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, JSON.stringify(value));
  }
}

function seen(id: number, pending: boolean, deletion_scheduled_at?: string): RemoteChange {
  const name = `Environment ${id}`;
  return {
    kind: 'environment',
    connectionId: 'one',
    environment: { id, projectId: id },
    detail: { id, project_id: id, name, is_pending_deletion: pending, deletion_scheduled_at, raw: {} },
  };
}

describe('environments that are being deleted', () => {
  it('are remembered across window reloads', async () => {
    const kept = new Kept();
    await new PendingDeletions(kept).adopt(seen(1, true));
    const reloaded = new PendingDeletions(kept);
    assert.deepEqual(reloaded.list(), [{ connectionId: 'one', environmentId: 1 }]);
    assert.equal(reloaded.get('one', 2), undefined);
    assert.equal(reloaded.get('other', 1), undefined);
  });

  it('are forgotten when they are gone, and when the server gave up', async () => {
    const kept = new Kept();
    const pending = new PendingDeletions(kept);
    await pending.adopt(seen(1, true));
    await pending.adopt(seen(2, true));
    await pending.adopt({ kind: 'environments', connectionId: 'one', removedEnvironmentId: 1 });
    await pending.adopt(seen(2, false));
    for (const known of [pending, new PendingDeletions(kept)]) {
      assert.deepEqual(known.list(), []);
    }
  });

  it('10.2: are forgotten with their connection', async () => {
    const memory = new Kept();
    const pending = new PendingDeletions(memory);
    await pending.adopt(seen(1, true));
    await pending.forget('other');
    assert.equal(pending.list().length, 1);
    await pending.forget('one');
    assert.deepEqual(new PendingDeletions(memory).list(), []);
  });

  it('11.3: of other windows are shown and kept', async () => {
    const kept = new Kept();
    const [one, other] = [new PendingDeletions(kept), new PendingDeletions(kept)];
    await other.adopt(seen(2, true));
    assert.deepEqual(one.get('one', 2), { connectionId: 'one', environmentId: 2 });
    await one.adopt(seen(1, true));
    for (const known of [one, other, new PendingDeletions(kept)]) {
      assert.deepEqual(
        known.list().map(({ environmentId }) => environmentId),
        [2, 1],
      );
    }
    await other.adopt(seen(1, false));
    assert.equal(one.get('one', 1), undefined);
    await one.adopt(seen(1, false));
    assert.equal(one.list().length, 1);
  });

  it("11.3: only what other windows changed is news, and it's news once", async () => {
    const kept = new Kept();
    const [one, other] = [new PendingDeletions(kept), new PendingDeletions(kept)];
    await one.adopt(seen(1, true));
    assert.deepEqual(one.changedElsewhere(), []);
    await other.adopt(seen(2, true));
    await one.adopt(seen(3, true));
    assert.deepEqual(one.changedElsewhere(), [['one', 2]]);
    assert.deepEqual(one.changedElsewhere(), []);
    await other.adopt(seen(1, false));
    assert.deepEqual(one.changedElsewhere(), [['one', 1]]);
  });

  it('B6: remember the time that a deletion is scheduled for', async () => {
    const kept = new Kept();
    const scheduledAt = '2026-03-18T12:00:00Z';
    await new PendingDeletions(kept).adopt(seen(1, true, scheduledAt));
    assert.deepEqual(new PendingDeletions(kept).get('one', 1), {
      connectionId: 'one',
      environmentId: 1,
      scheduledAt,
    });
  });

  it('are restored from the list of keys that was stored formerly', () => {
    const kept = new Kept();
    kept.values.set('tree.pendingDeletions', '["one/1"]');
    assert.deepEqual(new PendingDeletions(kept).list(), [{ connectionId: 'one', environmentId: 1 }]);
  });

  it('are none if the stored value is something else', () => {
    const kept = new Kept();
    kept.values.set('tree.pendingDeletions', '{"one/1":true}');
    assert.deepEqual(new PendingDeletions(kept).list(), []);
  });
});
