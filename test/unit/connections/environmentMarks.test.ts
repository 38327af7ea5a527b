import assert from 'node:assert/strict';
import { Emitter } from '../../../src/connections/emitter';
import { EnvironmentMarks } from '../../../src/connections/environmentMarks';
import type { MarkedConnection } from '../../../src/connections/marks';

const origin = 'https://posthog.example.com';
const none = { list: () => [] };

describe('which environments are protected', () => {
  it('A1: those of the sandbox only if they are marked, and marks are kept for each environment', async () => {
    const kept = new Map<string, unknown>();
    const memento = {
      get: (key: string): unknown => kept.get(key),
      update: async (key: string, value: unknown): Promise<void> => void kept.set(key, value),
    };
    const sandbox = { id: 'local-sandbox', kind: 'sandbox', origin } as const;
    const other = { id: 'shop', kind: 'server', origin } as const;
    const marks = new EnvironmentMarks(memento, none);
    const isProtected = (connection: typeof sandbox | typeof other, id = 1): boolean =>
      marks.isProtected(connection, id, 'Production');
    assert.deepEqual([isProtected(sandbox), isProtected(other)], [false, true]);
    await marks.mark(sandbox.id, 1, { protect: true });
    await marks.mark(other.id, 1, { protect: false });
    assert.deepEqual([isProtected(sandbox), isProtected(other)], [true, false]);
    assert.deepEqual([isProtected(sandbox, 2), isProtected(other, 2)], [false, true]);
    const again = new EnvironmentMarks(memento, none);
    assert.equal(again.isProtected(sandbox, 1, 'Production'), true);
    marks.dispose();
    again.dispose();
  });

  describe('with several connections to a host', () => {
    const [a, b] = ['a', 'b'].map((id) => ({ id, kind: 'server', origin }) as const);
    const elsewhere = { id: 'c', kind: 'server', origin: 'https://eu.posthog.example.com' } as const;
    const sandbox = { id: 'sandbox', kind: 'sandbox', origin: '' } as const;
    const list: MarkedConnection[] = [];
    let marks: EnvironmentMarks;
    let heard: string[];
    beforeEach(() => {
      assert.ok(a && b);
      list.splice(0, list.length, a, elsewhere, sandbox, b);
      const kept = new Map<string, unknown>();
      marks = new EnvironmentMarks(
        {
          get: (key) => kept.get(key),
          update: async (key, value) => void kept.set(key, value),
        },
        { list: () => list },
      );
      heard = [];
      marks.onDidMark(({ connectionId, environmentId }) => heard.push(`${connectionId} ${environmentId}`));
    });
    afterEach(() => marks.dispose());

    const readOnly = (id = 1): string[] =>
      [a, b, elsewhere, sandbox].flatMap((one) => (one && marks.whyReadOnly(one, id) ? [one.id] : []));
    const protectedOnes = (name: string): string[] =>
      [a, b, elsewhere, sandbox].flatMap((one) => (one && marks.isProtected(one, 1, name) ? [one.id] : []));

    it('11.1: Make Read-Only on one counts for all of them, until Allow Saving on any', async () => {
      await marks.mark('b', 1, { readOnly: true });
      assert.deepEqual(readOnly(), ['a', 'b']);
      assert.deepEqual(readOnly(2), []);
      assert.deepEqual(heard.splice(0).sort(), ['a 1', 'b 1']);
      // Added later.
      const late = { id: 'late', kind: 'server', origin } as const;
      list.push(late);
      assert.equal(marks.whyReadOnly(late, 1)?.isHere, true);
      await marks.mark('late', 1, { readOnly: false });
      assert.deepEqual(readOnly(), []);
      assert.deepEqual(heard.sort(), ['a 1', 'b 1', 'late 1']);
      await marks.mark('sandbox', 1, { readOnly: true });
      assert.deepEqual(readOnly(), ['sandbox']);
    });

    it('11.1: Protect on one counts for all of them, and Do Not Protect only if none says otherwise', async () => {
      await marks.mark('b', 1, { protect: true });
      assert.deepEqual(protectedOnes('Staging'), ['a', 'b']);
      assert.deepEqual(heard.splice(0).sort(), ['a 1', 'b 1']);
      await marks.mark('a', 1, { protect: false });
      assert.deepEqual(protectedOnes('Staging'), ['a', 'b']);
      assert.deepEqual(await marks.protecting('a', 1), ['b']);
      await marks.mark('b', 1, { protect: false });
      assert.deepEqual(await marks.protecting('a', 1), []);
      assert.deepEqual(protectedOnes('Production'), ['c']);
    });

    it('11.1: the marks of a removed one that made its environments stricter stay for the others', async () => {
      const late = { id: 'late', kind: 'server', origin } as const;
      await marks.mark('a', 1, { readOnly: true });
      await marks.mark('a', 1, { protect: true });
      await marks.mark('a', 2, { protect: false });
      marks.see('a', 1, 'Shop');
      list.splice(0, list.length, elsewhere, late);
      await marks.forget({ id: 'a', kind: 'server', origin });
      assert.equal(marks.nameOf('a', 1), undefined);
      assert.deepEqual(
        [late, elsewhere].map((one) => [
          marks.whyReadOnly(one, 1) !== undefined,
          marks.isProtected(one, 1, 'Staging'),
          marks.isProtected(one, 2, 'Production'),
        ]),
        [
          [true, true, true],
          [false, false, true],
        ],
      );
      assert.ok(heard.includes('late 1'));
      list.splice(0, list.length, elsewhere);
      await marks.forget(late);
      list.push(late);
      assert.equal(marks.whyReadOnly(late, 1), undefined, 'the last one takes its marks with it');
    });
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
    const marks = new EnvironmentMarks(memento, none, focus.event);
    const other = new EnvironmentMarks(memento, none);
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
    await other.forget({ id: 'a/b', kind: 'server', origin });
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
