import assert from 'node:assert/strict';
import { Emitter } from '../../../src/connections/emitter';
import { EnvironmentMarks } from '../../../src/connections/environmentMarks';

const origin = 'https://posthog.example.com';

describe('which environments are protected', () => {
  it('A1: those of the sandbox only if they are marked, and marks are kept for each environment', async () => {
    const kept = new Map<string, unknown>();
    const memento = {
      get: (key: string): unknown => kept.get(key),
      update: async (key: string, value: unknown): Promise<void> => void kept.set(key, value),
    };
    const sandbox = { id: 'local-sandbox', kind: 'sandbox', origin } as const;
    const other = { id: 'shop', kind: 'server', origin } as const;
    const marks = new EnvironmentMarks(memento);
    const isProtected = (connection: typeof sandbox | typeof other, id = 1): boolean =>
      marks.isProtected(connection, id, 'Production');
    assert.deepEqual([isProtected(sandbox), isProtected(other)], [false, true]);
    await marks.mark(sandbox.id, 1, { protect: true });
    await marks.mark(other.id, 1, { protect: false });
    assert.deepEqual([isProtected(sandbox), isProtected(other)], [true, false]);
    assert.deepEqual([isProtected(sandbox, 2), isProtected(other, 2)], [false, true]);
    const again = new EnvironmentMarks(memento);
    assert.equal(again.isProtected(sandbox, 1, 'Production'), true);
    marks.dispose();
    again.dispose();
  });

  it("11.3: another window's marks are announced once, when this one gains or loses focus", async () => {
    const kept = new Map<string, unknown>();
    const memento = {
      get: (key: string): unknown => kept.get(key),
      // Each window gets its own copy, as in VS Code.
      update: async (key: string, value: unknown): Promise<void> =>
        void kept.set(key, structuredClone(value)),
    };
    const focus = new Emitter<unknown>();
    const marks = new EnvironmentMarks(memento, focus.event);
    const other = new EnvironmentMarks(memento);
    const heard: string[] = [];
    marks.onDidMark(({ connectionId, environmentId }) => heard.push(`${connectionId} ${environmentId}`));
    await marks.mark('a/b', 3, { protect: true });
    assert.deepEqual(heard.splice(0), ['a/b 3']);
    await other.mark('a/b', 1, { protect: true });
    await other.mark('a/b', 2, { readOnly: true });
    other.see('a/b', 4, 'Production');
    assert.deepEqual(heard, []);
    const two = announced(marks, 2);
    focus.fire(undefined);
    await two;
    assert.deepEqual(heard.splice(0), ['a/b 1', 'a/b 2']);
    await other.mark('a/b', 1, { protect: false });
    await other.forget('a/b');
    const three = announced(marks, 3);
    focus.fire(undefined);
    focus.fire(undefined);
    await three;
    assert.deepEqual(heard.sort(), ['a/b 1', 'a/b 2', 'a/b 3']);
    marks.dispose();
    other.dispose();
  });
});

/** Resolves after this many marks were announced. */
const announced = (marks: EnvironmentMarks, count: number): Promise<void> =>
  new Promise((resolve) => {
    let left = count;
    const subscription = marks.onDidMark(() => {
      left -= 1;
      if (left === 0) {
        subscription.dispose();
        resolve();
      }
    });
  });
