import assert from 'node:assert/strict';
import { startSandbox } from '../../../src/sandbox/index';
import type { Fault, Sandbox } from '../../../src/sandbox/index';
import { DEVELOPMENT, PRODUCTION, assertError, callSandbox, objectOf, sandboxFor, tableId } from './support';
import type { Answer, Call } from './support';

const PATH = `/api/projects/${DEVELOPMENT}/`;
const SERVER_ERROR = 'A server error occurred.';

/** Resolves once a condition holds; only the test's timeout limits the wait. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('sandbox: faults on request', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ fileUpload: true });
  });
  afterEach(() => sandbox.close());
  const call = (method: string, path: string, given: Call = {}): Promise<Answer> =>
    callSandbox(sandbox, method, path, given);
  const fault = (kind: Fault['kind'], more: Partial<Fault> = {}): void =>
    sandbox.control.addFault({ route: { path: PATH }, times: 1, kind, ...more });
  const patch = (): Promise<Answer> => call('PATCH', PATH, { body: { timezone: 'Asia/Tokyo' } });
  const stored = (): unknown => sandbox.control.environment(DEVELOPMENT).timezone;

  it('latency delays the usual response', async () => {
    fault('latency', { delayMs: 30 });
    const startedMs = performance.now();
    assert.equal((await patch()).status, 200);
    assert.ok(performance.now() - startedMs >= 29, 'at least the requested delay');
  });

  it('latency can hold the response back after the request was carried out', async () => {
    fault('latency', { holdMs: 30 });
    const startedMs = performance.now();
    const response = patch();
    await until(() => stored() === 'Asia/Tokyo');
    assert.equal(sandbox.control.requests().at(-1)?.status, 0);
    assert.equal((await response).status, 200);
    assert.ok(performance.now() - startedMs >= 29, 'at least the requested time');
  });

  it("a client that disconnects before its body is read isn't a sandbox error", async () => {
    fault('latency', { delayMs: 100 });
    const leaving = new AbortController();
    const gone = call('PATCH', PATH, { body: { timezone: 'Asia/Tokyo' }, signal: leaving.signal });
    gone.catch(() => undefined);
    const last = (): number | undefined => sandbox.control.requests().at(-1)?.status;
    await until(() => last() === 0);
    leaving.abort();
    await assert.rejects(gone, { name: 'AbortError' });
    await until(() => last() !== 0);
    assert.equal(last(), 400);
    assert.equal(stored(), 'Europe/Berlin');
  });

  it("drop-before: the request isn't carried out", async () => {
    fault('drop-before');
    await assert.rejects(patch());
    assert.equal(stored(), 'Europe/Berlin');
    assert.equal(sandbox.control.requests().at(-1)?.status, 0);
  });

  it('drop-after: the request is carried out without a response', async () => {
    fault('drop-after');
    await assert.rejects(patch());
    assert.equal(stored(), 'Asia/Tokyo');
  });

  it('half-body: the response is cut off', async () => {
    fault('half-body');
    const response = await fetch(sandbox.url + PATH, {
      headers: { Authorization: `Bearer ${sandbox.keys.admin}` },
    });
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
  });

  it('status-429 with Retry-After', async () => {
    fault('status-429', { retryAfterSeconds: 13 });
    const answer = await patch();
    assertError(answer, 429, 'throttled', 'Request was throttled. Expected available in 13 seconds.');
    assert.equal(answer.headers.get('retry-after'), '13');
    assert.equal(stored(), 'Europe/Berlin');
  });

  it('status-500 before and after the write', async () => {
    fault('status-500');
    assertError(await patch(), 500, 'error', SERVER_ERROR);
    assert.equal(stored(), 'Europe/Berlin');
    fault('status-500-after');
    assertError(await patch(), 500, 'error', SERVER_ERROR);
    assert.equal(stored(), 'Asia/Tokyo');
  });

  it('html-502: the page of a proxy', async () => {
    fault('html-502');
    const answer = await patch();
    assert.equal(answer.status, 502);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(answer.text, /<h1>502 Bad Gateway<\/h1>/);
  });

  it('status-503', async () => {
    fault('status-503', { retryAfterSeconds: 2 });
    const answer = await patch();
    assert.deepEqual([answer.status, objectOf(answer).type], [503, 'server_error']);
    assert.equal(answer.headers.get('retry-after'), '2');
  });

  it('wrong-content-type: JSON served as text', async () => {
    fault('wrong-content-type');
    const answer = await call('GET', PATH);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal((JSON.parse(answer.text) as { id: number }).id, DEVELOPMENT);
  });

  it('different-answer: the response differs from what was written', async () => {
    fault('different-answer');
    assert.equal(objectOf(await patch()).timezone, 'Asia/Tokyo (changed)');
    assert.equal(stored(), 'Asia/Tokyo');
  });

  it('method, pattern and count select the requests that fail', async () => {
    sandbox.control.addFault({
      route: { method: 'get', path: '/api/projects/*/warehouse_tables/' },
      times: 2,
      kind: 'status-500',
    });
    const list = (id: number, method = 'GET'): Promise<number> =>
      call(method, `/api/projects/${id}/warehouse_tables/`, method === 'GET' ? {} : { body: {} }).then(
        (answer) => answer.status,
      );
    assert.equal((await call('GET', PATH)).status, 200);
    assert.equal(await list(DEVELOPMENT, 'POST'), 400);
    assert.deepEqual(
      [await list(DEVELOPMENT), await list(PRODUCTION), await list(DEVELOPMENT)],
      [500, 500, 200],
    );
    sandbox.control.addFault({ route: { path: '/api/**' }, kind: 'status-503' });
    assert.deepEqual([await list(DEVELOPMENT), await list(DEVELOPMENT)], [503, 503]);
    sandbox.control.clearFaults();
    assert.equal(await list(DEVELOPMENT), 200);
  });

  it("a fault during an upload doesn't break the connection", async () => {
    fault('status-500');
    const form = new FormData();
    form.append('file', new Blob([Buffer.alloc(3_000_000)]), 'a.csv');
    const answer = await call('POST', `${PATH}warehouse_tables/file/`, { raw: form });
    assert.equal(answer.status, 500);
  });
});

describe('sandbox: throttling (API facts 1.6)', () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const { call } = sandboxFor({ throttle: { perMinute: 3, perHour: 5 }, now: () => new Date(nowMs) });

  it('counts per key, says when to retry, and then accepts requests again', async () => {
    const statuses = async (count: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let at = 0; at < count; at += 1) {
        seen.push((await call('GET', PATH)).status);
      }
      return seen;
    };
    assert.deepEqual(await statuses(4), [200, 200, 200, 429]);
    assert.equal((await call('GET', PATH, { key: 'member' })).status, 200, 'a different key');
    nowMs += 47_000;
    const refused = await call('GET', PATH);
    assertError(refused, 429, 'throttled', 'Request was throttled. Expected available in 13 seconds.');
    assert.equal(refused.headers.get('retry-after'), '13');
    nowMs += 13_000;
    assert.deepEqual(await statuses(3), [200, 200, 429], 'the hourly limit');
    assert.equal((await call('GET', PATH)).headers.get('retry-after'), '3540');
  });
});

describe('sandbox: control API and request log', () => {
  const harness = sandboxFor({ control: true });
  const { call } = harness;
  const control = (method: string, path: string, body?: unknown): Promise<Answer> =>
    call(method, `/__sandbox__/${path}`, { key: null, ...(body === undefined ? {} : { body }) });

  it('logs method, path, query, status, key name and body, and never a key', async () => {
    harness.sandbox.control.clearRequests();
    await call('PATCH', `${PATH}?a=1`, { body: { timezone: 'UTC' } });
    await call('GET', `${PATH}?personal_api_key=${harness.sandbox.keys.read}`, { key: null });
    await call('PATCH', PATH, {
      key: null,
      body: { personal_api_key: harness.sandbox.keys.member, surveys_opt_in: true },
    });
    const logged = harness.sandbox.control.requests();
    assert.deepEqual(
      logged.map(({ method, path, query, status, keyName, body }) => ({
        method,
        path,
        query,
        status,
        keyName,
        body,
      })),
      [
        {
          method: 'PATCH',
          path: PATH,
          query: { a: '1' },
          status: 200,
          keyName: 'admin',
          body: { timezone: 'UTC' },
        },
        {
          method: 'GET',
          path: PATH,
          query: { personal_api_key: '[redacted]' },
          status: 200,
          keyName: 'read',
          body: undefined,
        },
        {
          method: 'PATCH',
          path: PATH,
          query: {},
          status: 200,
          keyName: 'member',
          body: { personal_api_key: '[redacted]', surveys_opt_in: true },
        },
      ],
    );
    const text = JSON.stringify(logged) + (await control('GET', 'requests')).text;
    for (const key of Object.values(harness.sandbox.keys)) {
      assert.ok(!text.includes(key));
    }
  });

  it('changes state directly, in process', async () => {
    harness.sandbox.control.patchEnvironment(DEVELOPMENT, { timezone: 'Asia/Seoul' });
    assert.equal(objectOf(await call('GET', PATH)).timezone, 'Asia/Seoul');
    const id = tableId(harness.sandbox, 'orders');
    harness.sandbox.control.patchTable(DEVELOPMENT, id, {
      name: 'orders_v2',
      columns: [{ name: 'a', type: 'string', schema_valid: false }],
    });
    const table = objectOf(await call('GET', `${PATH}warehouse_tables/${id}/`));
    assert.deepEqual(
      [table.name, (table.columns as { schema_valid: boolean }[])[0]?.schema_valid],
      ['orders_v2', false],
    );
    assert.throws(() => harness.sandbox.control.environment(1), /There is no environment 1/);
  });

  it('does the same over HTTP', async () => {
    assert.equal((await control('PATCH', `environments/${DEVELOPMENT}`, { timezone: 'UTC' })).status, 204);
    assert.equal(objectOf(await control('GET', `environments/${DEVELOPMENT}`)).timezone, 'UTC');
    assert.deepEqual((await control('GET', 'environments')).body, [1201, 1202, 1203, 2100]);
    const id = tableId(harness.sandbox, 'products');
    await control('PATCH', `environments/${DEVELOPMENT}/tables/${id}`, { name: 'goods' });
    assert.equal(objectOf(await control('GET', `environments/${DEVELOPMENT}/tables/${id}`)).name, 'goods');
    await control('PUT', `environments/${DEVELOPMENT}/tables/${id}/refresh`, { failure: 'No.' });
    assert.equal((await call('POST', `${PATH}warehouse_tables/${id}/refresh_schema/`)).status, 400);
    await control('POST', 'faults', { route: { path: PATH }, kind: 'status-503' });
    assert.equal((await call('GET', PATH)).status, 503);
    await control('DELETE', 'faults');
    await control('PUT', 'keys/read/scopes', { scopes: [] });
    assert.equal((await call('GET', PATH, { key: 'read' })).status, 403);
    await control('PUT', 'generation', { generation: 'documented' });
    assert.equal((await call('GET', '/api/projects/1201/environments/')).status, 200);
    await control('PUT', 'generation', { generation: 'current' });
    await control('DELETE', 'keys/read');
    assert.equal((await call('GET', PATH, { key: 'read' })).status, 401);
    await control('DELETE', 'requests');
    assert.deepEqual((await control('GET', 'requests')).body, []);
    assert.equal((await control('DELETE', 'environments/1202')).status, 204);
    assert.equal((await call('GET', '/api/projects/1202/')).status, 404);
  });

  it('rejects invalid requests, and web pages', async () => {
    assert.equal((await control('POST', 'faults', { kind: 'flood', route: { path: '/' } })).status, 400);
    assert.equal((await control('PUT', 'generation', { generation: 'next' })).status, 400);
    assert.equal((await control('GET', 'environments/1')).status, 400);
    const fromPage = await call('GET', '/__sandbox__/requests', {
      key: null,
      headers: { Origin: 'https://a.example.com' },
    });
    assert.equal(fromPage.status, 403);
  });

  it('is off without the option', async () => {
    const closed = await startSandbox({ scenario: 'empty' });
    try {
      const answer = await callSandbox(closed, 'GET', '/__sandbox__/requests', { key: null });
      assertError(answer, 404, 'not_found', 'Endpoint not found.');
    } finally {
      await closed.close();
    }
  });
});
