import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Memento } from '../../../src/connections/ports';
import { SharedMemento } from '../../../src/platform/sharedMemento';
import { RecentPaths } from '../../../src/webVitals/recentPaths';

/** Behaves like VS Code's `ExtensionMemento` for the global state, with the window on the other end of a connection. */
class GlobalState implements Memento {
  /** What the window has stored. */
  stored = '{}';
  private value: Record<string, unknown> = {};
  private waiting: (() => void)[] = [];

  get(key: string): unknown {
    return this.value[key];
  }

  update(key: string, value: unknown): Promise<void> {
    this.value[key] = JSON.parse(JSON.stringify(value));
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) {
        void this.send();
      }
    });
  }

  private async send(): Promise<void> {
    await turn();
    const waiting = this.waiting;
    this.waiting = [];
    const text = JSON.stringify(this.value);
    await turn();
    this.stored = text;
    await turn();
    // The window reports every change of the state, even to the host that made it.
    this.value = JSON.parse(text) as Record<string, unknown>;
    waiting.forEach((resolve) => resolve());
  }
}

describe('the global state', () => {
  const updates = async (memento: Memento, seen: unknown[]): Promise<void> => {
    const all: PromiseLike<void>[] = [];
    for (let index = 0; index < 12; index += 1) {
      all.push(memento.update(`key ${index}`, [index]));
      await turn();
      seen.push(memento.get(`key ${index}`));
    }
    await Promise.all(all);
  };
  const wanted = Object.fromEntries(Array.from({ length: 12 }, (_none, index) => [`key ${index}`, [index]]));

  it('loses updates made while another one is being confirmed, without the wrapper', async () => {
    const state = new GlobalState();
    await updates(state, []);
    assert.notDeepEqual(JSON.parse(state.stored), wanted);
  });

  it('loses none and shows each immediately when shared', async () => {
    const state = new GlobalState();
    const shared = new SharedMemento(state);
    const seen: unknown[] = [];
    await updates(shared, seen);
    assert.deepEqual(seen, Object.values(wanted));
    assert.deepEqual(JSON.parse(state.stored), wanted);
    assert.deepEqual(shared.get('key 0'), [0]);
  });

  it('shows the recent paths of web vitals in the order they were added', async () => {
    const shared = new SharedMemento(new GlobalState());
    const paths = new RecentPaths(shared);
    const place = { connectionId: 'c', environment: { id: 1, projectId: 1 } };
    const other = shared.update('connections', []);
    const added = ['/', '/pricing', '/'].map((path) => paths.add({ ...place, path }));
    assert.deepEqual(paths.of(place), ['/', '/pricing']);
    await Promise.all([other, ...added]);
    assert.deepEqual(paths.of(place), ['/', '/pricing']);
  });

  it('continues after a failed update, and shows what is stored', async () => {
    const state = new GlobalState();
    const update = state.update.bind(state);
    state.update = (key, value) =>
      key === 'bad' ? Promise.reject(new Error('disk full')) : update(key, value);
    const shared = new SharedMemento(state);
    const bad = shared.update('bad', 1);
    const good = shared.update('good', 2);
    await assert.rejects(bad, /disk full/);
    assert.equal(shared.get('bad'), undefined);
    await good;
    assert.equal(state.stored, '{"good":2}');
  });
});
