import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createUndiciTransport } from '../../../src/platform/undiciTransport';
import { MAX_RESPONSE_BYTES, fetchTransport } from '../../../src/posthog/http';
import type { Transport } from '../../../src/posthog/http';
import { KEY, ScriptedServer, clientOf, never, rejected, sendText } from './server';

const ref = { id: 7, projectId: 7 };
const json = 'application/json';

/** Sends a text repeatedly until a size is reached or the other side hangs up. */
function pour(response: ServerResponse, piece: string, bytes: number): undefined {
  response.writeHead(200, { 'Content-Type': json });
  const chunk = piece.repeat(Math.ceil(65_536 / piece.length));
  let sent = 0;
  response.write('[');
  const more = (): void => {
    while (sent < bytes && !response.destroyed) {
      sent += chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end('{}]');
  };
  more();
}

describe('a malicious server', () => {
  const server = new ScriptedServer();
  const own = createUndiciTransport({ env: {} });
  const unhandled: unknown[] = [];
  const remember = (reason: unknown): void => void unhandled.push(reason);
  before(async () => {
    process.on('unhandledRejection', remember);
    await server.start();
  });
  after(async () => {
    await own.close();
    await server.stop();
    process.off('unhandledRejection', remember);
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(unhandled.splice(0), [], 'C4: no unhandled rejection');
  });

  const transports: [string, Transport][] = [
    ['fetch', fetchTransport],
    ['undici', own],
  ];
  for (const [name, transport] of transports) {
    const client = () => clientOf(server, { transport });

    it(`C4: no more than 16 MB are read (${name})`, async () => {
      server.play((_seen, response) => pour(response, ' ', MAX_RESPONSE_BYTES * 4));
      const error = await rejected(client().getMe(never()), 'unexpected-answer');
      assert.match(error.message, /The response from .* is too large\. .*16 MB/);
    });

    it(`C4: a page that is too large is requested with fewer rows (${name})`, async () => {
      server.play(({ query }, response) =>
        Number(query.get('limit')) > 10
          ? pour(response, ' ', MAX_RESPONSE_BYTES * 2)
          : { count: 0, next: null, results: [] },
      );
      await client().listTables(ref, { offset: 0, limit: 100 }, never());
      assert.deepEqual(
        server.seen.map(({ query }) => query.get('limit')),
        ['100', '25', '7'],
      );
    });

    it(`C4: a connection that breaks midway, and a user who cancels midway (${name})`, async () => {
      server.play((_seen, response) => {
        response.writeHead(200, { 'Content-Type': json }).write('{"id":');
        setImmediate(() => response.destroy());
      });
      await rejected(client().getMe(never()), 'network');
      const stop = new AbortController();
      server.play((_seen, response) => {
        response.writeHead(200, { 'Content-Type': json }).write('{"id":');
        stop.abort();
      });
      await rejected(client().getMe(stop.signal), 'canceled');
    });
  }

  it("C4: a flood of empty objects isn't parsed", async () => {
    server.play((_seen, response) => pour(response, '{},', MAX_RESPONSE_BYTES - 200_000));
    const before = process.memoryUsage().heapUsed;
    const error = await rejected(clientOf(server).getMe(never()), 'unexpected-answer');
    assert.match(error.message, /more than 500,000 objects/);
    assert.ok(process.memoryUsage().heapUsed - before < 150e6);
  });

  it("C4: JSON that is nested too deeply isn't read, in successes and refusals", async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    server.play((_seen, response) => sendText(response, 200, deep, json));
    const error = await rejected(clientOf(server).getMe(never()), 'unexpected-answer');
    assert.match(error.message, /nested more than 100 levels deep/);
    server.play((_seen, response) => sendText(response, 400, deep, json));
    await rejected(clientOf(server).getMe(never()), 'validation');
    const brackets = JSON.stringify({ id: 7, name: '[{"'.repeat(500), base_currency: 'USD' });
    server.play((_seen, response) => sendText(response, 200, brackets, json));
    assert.equal((await clientOf(server).getEnvironment(ref, never())).name, '[{"'.repeat(500));
  });

  it("C5: a key that the server repeats doesn't leave the client", async () => {
    const escaped = Array.from(KEY, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('');
    for (const echo of [KEY, escaped, `before ${KEY} after`, KEY.replace('_', '\\u005f')]) {
      server.play((_seen, response) =>
        sendText(
          response,
          200,
          `{"id":7,"name":"${echo}","base_currency":"USD","${echo}":[{"x":"${echo}","n":12345678901234567890}]}`,
          json,
        ),
      );
      const detail = await clientOf(server).getEnvironment(ref, never());
      assert.doesNotMatch(JSON.stringify(detail), /testKey/);
      assert.match(detail.name, /•••/);
      // Digits are kept too.
      assert.match(JSON.stringify(detail.raw), /12345678901234567890/);
    }
    server.play(() => ({
      count: 1,
      next: null,
      results: [{ id: KEY, name: KEY, format: 'CSV', url_pattern: `https://x.example.com/${KEY}` }],
    }));
    const tables = await clientOf(server).listTables(ref, { offset: 0, limit: 5 }, never());
    assert.doesNotMatch(JSON.stringify(tables), /testKey/);
  });

  it('C5: nor does it in the host of a redirect', async () => {
    const host = KEY.toLowerCase();
    server.play((_seen, response) => {
      response.writeHead(307, { Location: `https://${host}.example.com/` }).end();
    });
    const error = await rejected(clientOf(server).getMe(never()), 'foreign-origin');
    assert.doesNotMatch(error.message, /testkey/i);
  });
});
