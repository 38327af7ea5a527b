import assert from 'node:assert/strict';
import { Cancelled } from '../../../src/connections/failures';
import { saveSettings } from '../../../src/operations/savePipeline';
import type { Saved } from '../../../src/operations/saveRefused';
import { PRODUCTION, edited, onBothGenerations, refused } from './support';

onBothGenerations((bench) => {
  /** Saves another time zone, and gives up once the server has got a request of this method. */
  async function cancelled(method: string, delayMs: number): Promise<Saved> {
    const { base, text } = edited(await bench.openSettings(), { timezone: 'Asia/Tokyo' });
    const controller = new AbortController();
    const { signal } = controller;
    bench.fail(method, 'latency', { delayMs });
    const saving = saveSettings(
      { client: bench.client(), environment: bench.ref(PRODUCTION), text, base, signal },
      bench.generation,
    );
    saving.catch(() => undefined);
    while (!bench.methods().includes(method)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    return saving;
  }

  it('C6: a save that is canceled before anything is sent sends nothing', async () => {
    await assert.rejects(cancelled('GET', 60_000), Cancelled);
    assert.deepEqual(bench.bodies(), []);
  });

  it('C6: a save that is canceled while it is sent says what PostHog has', async () => {
    const error = await refused(cancelled('PATCH', 60_000));
    assert.match(error.message, /does not have the change yet, but may still be working on it/);
    assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET']);
  });
});
