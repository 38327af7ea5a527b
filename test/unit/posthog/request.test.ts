import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { PostHogClient } from '../../../src/posthog/client';
import { fetchTransport } from '../../../src/posthog/http';
import type { RequestLogEntry } from '../../../src/posthog/request';
import {
  CURRENT,
  KEY,
  ScriptedServer,
  clientOf,
  never,
  refuse,
  rejected,
  sendJson,
  sendText,
} from './server';

const ref = { id: 7, projectId: 7 };
const settings = { id: 7, name: 'Production', base_currency: 'USD', timezone: 'UTC' };

describe('every request', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  it('sends the key only in the header, with its real name and a trailing slash', async () => {
    server.play(() => settings);
    await clientOf(server).patchEnvironment(ref, { timezone: 'UTC' }, never());
    const [seen] = server.seen;
    assert.ok(seen);
    assert.equal(seen.headers.authorization, `Bearer ${KEY}`);
    assert.equal(seen.headers['user-agent'], 'test/1.0');
    assert.equal(seen.headers['x-posthog-client'], 'posthog-environments-vscode');
    assert.equal(seen.headers['content-type'], 'application/json');
    assert.equal(seen.path, '/api/projects/7/');
    assert.equal(seen.body.toString(), '{"timezone":"UTC"}');
    assert.equal(seen.query.size, 0);
  });

  it('leaves no listeners on its signal, and aborts only unread responses', async () => {
    const { signal } = new AbortController();
    const signals: AbortSignal[] = [];
    const client = clientOf(server, {
      transport: (request) => {
        signals.push(request.signal);
        return fetchTransport(request);
      },
    });
    server.play(() => settings);
    await client.getEnvironment(ref, signal);
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
    server.play((_seen, response) => sendText(response, 200, 'x'.repeat(17 * 1024 * 1024)));
    await rejected(client.getEnvironment(ref, signal), 'unexpected-answer');
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false, true],
    );
  });

  it('rereads the key, so that a replaced key works immediately', async () => {
    server.play(() => settings);
    const keys = ['phx_first', ' phx_second\n'];
    const client = clientOf(server, { key: async () => keys.shift() ?? '' });
    await client.getEnvironment(ref, never());
    await client.getEnvironment(ref, never());
    assert.deepEqual(
      server.seen.map(({ headers }) => headers.authorization),
      ['Bearer phx_first', 'Bearer phx_second'],
    );
  });

  for (const key of ['', '   ', 'phx_with blank', 'phx_ünicode', 'phx_line\nbreak']) {
    it(`isn't sent with ${JSON.stringify(key)} as the key`, async () => {
      server.play(() => settings);
      const error = await rejected(
        clientOf(server, { key: async () => key }).getEnvironment(ref, never()),
        'unauthorized',
      );
      assert.deepEqual(server.calls, []);
      assert.ok(key.trim() === '' || !error.message.includes(key));
    });
  }

  it("reports a secret store that doesn't return the key", async () => {
    const key = () => Promise.reject(new Error(`keyring says ${KEY}`));
    const error = await rejected(clientOf(server, { key }).getMe(never()), 'unauthorized');
    assert.match(error.message, /Couldn't read/);
  });

  it('logs method, path, status and failure, without query and key', async () => {
    const log: RequestLogEntry[] = [];
    let clock = 0;
    const client = clientOf(server, { onRequest: (entry) => log.push(entry), now: () => (clock += 5) });
    server.playInTurn(() => ({ count: 0, next: null, results: [] }), refuse(404, 'Not found.'));
    await client.listTables(ref, { offset: 0, limit: 10, search: 'private' }, never());
    await rejected(client.getTable(ref, 'abc', never()), 'not-found');
    const path = '/api/projects/7/warehouse_tables/';
    assert.deepEqual(log, [
      { method: 'GET', path, status: 200, durationMs: 5 },
      {
        method: 'GET',
        path: `${path}abc/`,
        status: 404,
        error: 'not-found',
        cause: 'Not found.',
        durationMs: 5,
      },
    ]);
  });
});

describe('B8: the log of a failed request', () => {
  const logOf = async (error: Error): Promise<RequestLogEntry | undefined> => {
    const log: RequestLogEntry[] = [];
    const transport = () => Promise.reject(error);
    const client = clientOf(
      { origin: 'https://posthog.example.com' },
      { transport, onRequest: (entry) => log.push(entry) },
    );
    await rejected(client.getEnvironment(ref, never()));
    return log[0];
  };

  it('B8: has every cause with its code and host', async () => {
    const inner = Object.assign(new Error('getaddrinfo ENOTFOUND posthog.example.com'), {
      code: 'ENOTFOUND',
      hostname: 'posthog.example.com',
    });
    const entry = await logOf(new TypeError('fetch failed', { cause: inner }));
    assert.equal(
      entry?.cause,
      'TypeError: fetch failed ← Error ENOTFOUND: getaddrinfo ENOTFOUND posthog.example.com',
    );
  });

  it('B8: has each address that was tried', async () => {
    const tried = ['127.0.0.1', '::1'].map((address) =>
      Object.assign(new Error(`connect ECONNREFUSED ${address}:443`), { code: 'ECONNREFUSED' }),
    );
    const entry = await logOf(new TypeError('fetch failed', { cause: new AggregateError(tried) }));
    assert.match(entry?.cause ?? '', /127\.0\.0\.1:443.*::1:443/);
  });

  it('B8: contains no key, password, or sign-in', async () => {
    const entry = await logOf(
      new Error(`Bearer ${KEY} to http://name:secret-word@proxy.example.com with Basic bmFtZTpzZWNyZXQ=`),
    );
    assert.doesNotMatch(entry?.cause ?? '', /testKey|secret-word|bmFtZ/);
    assert.match(entry?.cause ?? '', /proxy\.example\.com/);
  });

  it('B8: has nothing about a canceled request', async () => {
    const log: RequestLogEntry[] = [];
    const stop = new AbortController();
    const client = clientOf(
      { origin: 'https://posthog.example.com' },
      {
        transport: async () => {
          stop.abort();
          throw new Error('aborted');
        },
        onRequest: (entry) => log.push(entry),
      },
    );
    await rejected(client.getEnvironment(ref, stop.signal), 'canceled');
    assert.equal(log[0]?.cause, undefined);
  });
});

describe('waiting for a busy server', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  const busy =
    (status: number, retryAfter?: string): Parameters<ScriptedServer['play']>[0] =>
    (_seen, response) =>
      sendJson(
        response,
        status,
        { type: 'throttled_error', code: 'throttled', detail: 'Request was throttled.' },
        retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
      );

  function waiting(): { waits: number[]; client: ReturnType<typeof clientOf> } {
    const waits: number[] = [];
    const client = clientOf(server, {
      now: () => Date.UTC(2026, 0, 1),
      sleep: async (durationMs) => void waits.push(durationMs),
    });
    return { waits, client };
  }

  it('waits as long as the server says and retries a read', async () => {
    const { waits, client } = waiting();
    server.playInTurn(busy(429, '3'), busy(503, 'Thu, 01 Jan 2026 00:00:07 GMT'), () => settings);
    const detail = await client.getEnvironment(ref, never());
    assert.equal(detail.name, 'Production');
    assert.deepEqual(waits, [3000, 7000]);
  });

  it('gives up after two attempts and says when to retry', async () => {
    const { waits, client } = waiting();
    server.play(busy(429, '2'));
    const error = await rejected(client.getEnvironment(ref, never()), 'throttled');
    assert.equal(error.retryAfterSeconds, 2);
    assert.match(error.remedy, /2 seconds/);
    assert.deepEqual(waits, [2000, 2000]);
    assert.equal(server.seen.length, 3);
  });

  it("doesn't wait longer than ten seconds, or without Retry-After", async () => {
    const { waits, client } = waiting();
    server.play(busy(429, '11'));
    assert.equal((await rejected(client.getEnvironment(ref, never()), 'throttled')).retryAfterSeconds, 11);
    server.play(busy(503));
    await rejected(client.getEnvironment(ref, never()), 'server');
    assert.deepEqual(waits, []);
  });

  it('never sends a write twice', async () => {
    const { waits, client } = waiting();
    server.play(busy(429, '1'));
    const error = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'throttled');
    assert.equal(error.mayHaveBeenApplied, false);
    assert.deepEqual(waits, []);
    assert.equal(server.seen.length, 1);
  });

  it('can be canceled while it waits', async () => {
    const stop = new AbortController();
    const client = new PostHogClient({
      origin: server.origin,
      key: async () => KEY,
      transport: fetchTransport,
      userAgent: 'test/1.0',
      profile: CURRENT,
      onRequest: () => stop.abort(),
    });
    server.play(busy(429, '9'));
    await rejected(client.getEnvironment(ref, stop.signal), 'canceled');
  });
});

describe('redirects', () => {
  const server = new ScriptedServer();
  const other = new ScriptedServer();
  before(() => Promise.all([server.start(), other.start()]));
  after(() => Promise.all([server.stop(), other.stop()]));

  const redirect =
    (status: number, location: string): Parameters<ScriptedServer['play']>[0] =>
    (_seen, response) => {
      response.writeHead(status, { Location: location }).end();
    };

  for (const status of [307, 308]) {
    it(`follows ${status} on the same origin with method, body and key`, async () => {
      server.playInTurn(redirect(status, '/api/elsewhere/7/'), () => settings);
      await clientOf(server).patchEnvironment(ref, { name: 'x' }, never());
      const [, second] = server.seen;
      assert.ok(second);
      assert.equal(second.method, 'PATCH');
      assert.equal(second.path, '/api/elsewhere/7/');
      assert.equal(second.body.toString(), '{"name":"x"}');
      assert.equal(second.headers.authorization, `Bearer ${KEY}`);
    });
  }

  for (const status of [301, 302, 307, 308]) {
    it(`doesn't send the key to another origin (${status})`, async () => {
      other.play(() => settings);
      server.play(redirect(status, `${other.origin}/api/projects/7/`));
      const error = await rejected(clientOf(server).getEnvironment(ref, never()), 'foreign-origin');
      assert.ok(error.message.includes(other.origin));
      assert.deepEqual(other.calls, []);
    });
  }

  it("doesn't follow 302 on the same origin, which is a sign-in page", async () => {
    server.play(redirect(302, '/login?next=/api/'));
    await rejected(clientOf(server).getEnvironment(ref, never()), 'redirected');
    assert.equal(server.seen.length, 1);
  });

  it('follows three redirects and not a fourth', async () => {
    const onward = redirect(307, '/api/projects/7/');
    server.playInTurn(onward, onward, onward, () => settings);
    assert.equal((await clientOf(server).getEnvironment(ref, never())).id, 7);
    server.play(onward);
    await rejected(clientOf(server).getEnvironment(ref, never()), 'redirected');
    assert.equal(server.seen.length, 4);
  });

  it('gets an error if the redirect leads nowhere', async () => {
    server.play((_seen, response) => void response.writeHead(307).end());
    await rejected(clientOf(server).getEnvironment(ref, never()), 'redirected');
  });
});

describe('unusable responses', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());
  const read = () => clientOf(server).getEnvironment(ref, never());
  const write = () => clientOf(server).patchEnvironment(ref, { name: 'x' }, never());

  it('a web page is never shown, and leaves the outcome of a write unknown', async () => {
    server.play((_seen, response) => sendText(response, 200, '<html><h1>Sign in to Wi-Fi</h1></html>'));
    const error = await rejected(read(), 'html-answer');
    assert.doesNotMatch(error.message, /<|Wi-Fi/);
    assert.equal(error.mayHaveBeenApplied, false);
    assert.equal((await rejected(write(), 'html-answer')).mayHaveBeenApplied, true);
  });

  it("a proxy's 502 page is reported as such", async () => {
    server.play((_seen, response) => sendText(response, 502, '<html>Bad gateway nginx</html>'));
    const error = await rejected(write(), 'html-answer');
    assert.equal(error.status, 502);
    assert.equal(error.mayHaveBeenApplied, true);
    assert.match(error.message, /proxy or load balancer/);
    assert.doesNotMatch(error.message, /nginx/);
  });

  it("half a body with a matching length isn't JSON", async () => {
    server.play((_seen, response) => sendText(response, 200, '{"id": 7, "na', 'application/json'));
    assert.equal((await rejected(read(), 'unexpected-answer')).mayHaveBeenApplied, false);
    assert.equal((await rejected(write(), 'unexpected-answer')).mayHaveBeenApplied, true);
  });

  it('a connection that breaks during the response leaves the outcome of a write unknown', async () => {
    server.play((_seen, response, request) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
      response.write('{"id": 7', () => request.socket.destroy());
    });
    assert.equal((await rejected(read(), 'network')).mayHaveBeenApplied, false);
    const error = await rejected(write(), 'network');
    assert.equal(error.mayHaveBeenApplied, true);
    assert.match(error.remedy, /Couldn't confirm/);
  });

  it('a connection dropped without a response leaves the outcome of a write unknown', async () => {
    server.play((_seen, _response, request) => void request.socket.destroy());
    assert.equal((await rejected(read(), 'network')).mayHaveBeenApplied, false);
    assert.equal((await rejected(write(), 'network')).mayHaveBeenApplied, true);
  });

  for (const body of ['[]', 'null', '"text"', '{"id":"seven","name":"x"}', '{}']) {
    it(`JSON that isn't an environment: ${body}`, async () => {
      server.play((_seen, response) => sendText(response, 200, body, 'application/json'));
      await rejected(read(), 'unexpected-answer');
    });
  }

  it('an empty body instead of an object', async () => {
    server.play((_seen, response) => void response.writeHead(200).end());
    await rejected(read(), 'unexpected-answer');
    assert.equal((await rejected(write(), 'unexpected-answer')).mayHaveBeenApplied, true);
  });

  it("a list that isn't one", async () => {
    server.play(() => ({ detail: 'hello' }));
    await rejected(clientOf(server).listTables(ref, { offset: 0, limit: 5 }, never()), 'unexpected-answer');
  });
});

describe('time limit and cancellation', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  it("a server that doesn't respond causes a timeout, with an unknown outcome for a write", async () => {
    server.play(() => undefined);
    const client = clientOf(server, { timeoutMs: 40 });
    const error = await rejected(client.getEnvironment(ref, never()), 'timeout');
    assert.equal(error.mayHaveBeenApplied, false);
    const write = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'timeout');
    assert.equal(write.mayHaveBeenApplied, true);
  });

  it('the limit covers the whole response, not only its first byte', async () => {
    server.play((_seen, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('{"id":');
    });
    await rejected(clientOf(server, { timeoutMs: 60 }).getEnvironment(ref, never()), 'timeout');
  });

  it('work with a transport that ignores both', async () => {
    const transport = () => new Promise<never>(() => undefined);
    await rejected(clientOf(server, { timeoutMs: 20, transport }).getEnvironment(ref, never()), 'timeout');
  });

  it('B8: a longer limit of the user also applies to calls with their own', async () => {
    const limits: number[] = [];
    const original = globalThis.setTimeout;
    const counting = (...[run, ms]: Parameters<typeof setTimeout>) => {
      limits.push(ms ?? 0);
      return original(run, ms);
    };
    server.play(() => ({}));
    globalThis.setTimeout = Object.assign(counting, original) as typeof setTimeout;
    try {
      await clientOf(server, { timeoutMs: 300_000 }).refreshSchema(ref, 'a', never());
      await clientOf(server, { timeoutMs: 5_000 }).refreshSchema(ref, 'a', never());
    } finally {
      globalThis.setTimeout = original;
    }
    assert.deepEqual(
      limits.filter((ms) => [300_000, 120_000, 5_000].includes(ms)),
      [300_000, 120_000],
    );
  });

  it('canceling before the request sends nothing', async () => {
    server.play(() => settings);
    const error = await rejected(
      clientOf(server).patchEnvironment(ref, { name: 'x' }, AbortSignal.abort()),
      'canceled',
    );
    assert.equal(error.mayHaveBeenApplied, false);
    assert.deepEqual(server.calls, []);
  });

  it('canceling a write in progress leaves its outcome unknown', async () => {
    const stop = new AbortController();
    server.play(() => stop.abort());
    const error = await rejected(
      clientOf(server).patchEnvironment(ref, { name: 'x' }, stop.signal),
      'canceled',
    );
    assert.equal(error.mayHaveBeenApplied, true);
    assert.match(error.remedy, /Couldn't confirm/);
  });
});

describe('paging', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());
  const tables = (count: number, offset = 0) =>
    Array.from({ length: count }, (_value, index) => ({
      id: `t${offset + index}`,
      name: `table_${offset + index}`,
      format: 'CSV',
      url_pattern: 'https://bucket.example.com/*.csv',
      columns: [],
    }));

  it('uses the offset and never the address of `next', async () => {
    const evil = 'http://elsewhere.example.com/api/?offset=2';
    server.playInTurn(
      () => ({ count: 3, next: evil, previous: null, results: tables(2) }),
      () => ({ count: 3, next: null, previous: evil, results: tables(1, 2) }),
    );
    const client = clientOf(server);
    const first = await client.listTables(ref, { offset: 0, limit: 2 }, never());
    assert.equal(first.nextOffset, 2);
    assert.equal(first.total, 3);
    const second = await client.listTables(ref, { offset: 2, limit: 2 }, never());
    assert.equal(second.nextOffset, undefined);
    assert.deepEqual(
      server.seen.map(({ query }) => query.toString()),
      ['limit=2&offset=0', 'limit=2&offset=2'],
    );
  });

  it('continues when a server returns fewer rows than requested', async () => {
    server.play(() => ({ count: 10, next: 'x', results: tables(3) }));
    const page = await clientOf(server).listTables(ref, { offset: 0, limit: 5 }, never());
    assert.equal(page.nextOffset, 3);
  });

  it('ends at an empty page, whatever the count says', async () => {
    server.play(() => ({ count: 10, next: 'x', results: [] }));
    const page = await clientOf(server).listTables(ref, { offset: 5, limit: 5 }, never());
    assert.equal(page.nextOffset, undefined);
    assert.equal(page.total, 10);
  });

  it("counts rows that it can't parse, and returns the others", async () => {
    server.play(() => ({ count: 3, next: null, results: [...tables(2), { id: 5 }] }));
    const page = await clientOf(server).listTables(ref, { offset: 0, limit: 5 }, never());
    assert.equal(page.items.length, 2);
    assert.equal(page.unreadable, 1);
    assert.equal(page.total, 3);
  });

  it("an ID can't leave its place in the path", async () => {
    server.play(() => ({}));
    await rejected(clientOf(server, { profile: CURRENT }).deleteTable(ref, '..', never()));
    assert.deepEqual(server.calls, []);
    await clientOf(server).deleteTable(ref, '../../users/@me', never());
    assert.deepEqual(server.calls, ['DELETE /api/projects/7/warehouse_tables/..%2F..%2Fusers%2F%40me/']);
  });
});
