import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import { objectOf, type JsonObject } from '../../../../src/json/json';
import { saveDraft } from '../../../../src/operations/save/saveDraft';
import { saveSettings, saveTable } from '../../../../src/operations/save/savePipeline';
import { SaveRefused, type Saved } from '../../../../src/operations/save/saveRefused';
import { DEVELOPMENT, PRODUCTION, edited, onBothGenerations, refused } from '../support';

onBothGenerations((bench) => {
  /** Resolves once the server has received a request with this method. */
  async function sent(method: string): Promise<void> {
    while (!bench.methods().includes(method)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Saves another time zone, and cancels once the server has received a request with this method. */
  async function canceled(method: string, delayMs: number): Promise<Saved> {
    const { base, text } = edited(await bench.openSettings(), { timezone: 'Asia/Tokyo' });
    const controller = new AbortController();
    const { signal } = controller;
    bench.fail(method, 'latency', { delayMs });
    const saving = saveSettings(
      { client: bench.client(), environment: bench.ref(PRODUCTION), text, base, signal },
      bench.generation,
    );
    saving.catch(() => undefined);
    await sent(method);
    controller.abort();
    return saving;
  }

  it('C6: a save that is canceled before anything is sent sends nothing', async () => {
    await assert.rejects(canceled('GET', 60_000), Canceled);
    assert.deepEqual(bench.bodies(), []);
  });

  it('C6: a save that is canceled while it is being sent reports what PostHog has', async () => {
    const error = await refused(canceled('PATCH', 60_000));
    assert.match(error.message, /doesn't have the change yet, but may still be working on it/);
    assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET']);
  });

  /** Saves a table with another name and type, and cancels once the server has received a request with this method. */
  async function canceledTable(method: string): Promise<Saved> {
    const id = bench.tableId('orders');
    const opened = await bench.openTable(id);
    const columns = { ...objectOf(opened.base.columns), total: 'string' };
    const { base, text } = edited(opened, { name: 'sales', columns });
    const controller = new AbortController();
    const { signal } = controller;
    bench.fail(method, 'latency', { delayMs: 60_000 });
    const saving = saveTable(
      { client: bench.client(), environment: bench.ref(DEVELOPMENT), text, base, signal },
      id,
      bench.generation,
    );
    saving.catch(() => undefined);
    await sent(method);
    controller.abort();
    return saving;
  }

  it('C6: a table save that is canceled before anything is sent sends nothing', async () => {
    await assert.rejects(canceledTable('GET'), Canceled);
    assert.deepEqual(bench.bodies(), []);
  });

  it('C6: a table save that is canceled during its PATCH reports what PostHog has, and sends no types', async () => {
    const error = await refused(canceledTable('PATCH'));
    assert.match(error.message, /doesn't have the change yet, but may still be working on it/);
    assert.match(error.message, /Not sent: total → string\./);
    assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET']);
  });

  it('C6: a table save that is canceled while types are being sent keeps what was applied', async () => {
    const error = await refused(canceledTable('POST'));
    assert.match(
      error.message,
      /Applied: name\. .*doesn't have total → string yet, but may still be working on it\./,
    );
    assert.equal(error.base?.name, 'sales');
  });

  /** Creates an environment, and cancels once the server has received a request with this method. */
  async function canceledCreation(method: string): Promise<{ ended: Promise<unknown>; kept: JsonObject[] }> {
    const controller = new AbortController();
    const { signal } = controller;
    const kept: JsonObject[] = [];
    const { organization: organizationId } = bench.settings();
    assert.ok(typeof organizationId === 'string');
    bench.fail(method, 'latency', { delayMs: 60_000 });
    const client = bench.client();
    const services = {
      connections: { client: async () => client },
      changes: { fire: () => undefined },
      receipts: { add: () => undefined },
    };
    const place = {
      connectionId: 'connection',
      organizationId,
      ...(bench.generation === 'documented' && { projectId: bench.ref(PRODUCTION).projectId }),
    };
    const ended = saveDraft(services, place, {
      text: '{ "name": "QA" }',
      base: {},
      signal,
      remember: async (base) => void kept.push(base),
    }).then(
      () => assert.fail('it was created'),
      (reason: unknown) => reason,
    );
    await sent(method);
    controller.abort();
    return { ended, kept };
  }

  it('C6: a creation that is canceled before anything is sent sends and stores nothing', async () => {
    const { ended, kept } = await canceledCreation('GET');
    assert.ok((await ended) instanceof Canceled);
    assert.deepEqual(bench.bodies(), []);
    assert.deepEqual(kept, []);
  });

  it('C6: after canceling a creation while it is being sent, it is looked up before anything is sent again', async () => {
    const { ended, kept } = await canceledCreation('POST');
    const error = await ended;
    assert.ok(error instanceof SaveRefused, String(error));
    assert.match(error.message, /so it won't be created twice/);
    assert.equal(bench.bodies().length, 1);
    assert.deepEqual(kept, [{ attempt: { name: 'QA', knownIds: [] } }]);
  });
});
