import assert from 'node:assert/strict';
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
});
