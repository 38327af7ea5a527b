import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { ScriptedServer, clientOf, never, refuse, rejected, sendJson, uploadFile } from './server';

const ref = { id: 7, projectId: 7 };
const stored = { id: 't1', name: 'orders', format: 'CSVWithNames', url_pattern: 'x', columns: [] };

function fileOf(chunks: readonly string[], sizeBytes = chunks.join('').length) {
  return {
    name: 'orders',
    format: 'CSVWithNames',
    fileName: 'orders "2026".csv',
    sizeBytes,
    async *stream() {
      for (const chunk of chunks) {
        yield new TextEncoder().encode(chunk);
      }
    },
  };
}

describe('an upload', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  it('arrives as a form with name, format and file, and reports its progress', async () => {
    const progress: number[] = [];
    server.play((_seen, response) => sendJson(response, 201, stored));
    const file = fileOf(['id,total\n', '1,9.50\n']);
    const table = await uploadFile(clientOf(server), ref, file, (sent) => progress.push(sent), never());
    assert.equal(table?.id, 't1');
    assert.deepEqual(progress, [9, 16]);
    const [seen] = server.seen;
    assert.ok(seen);
    assert.equal(seen.path, '/api/projects/7/warehouse_tables/file/');
    assert.equal(seen.headers['content-length'], String(seen.body.byteLength));
    const form = await new Response(new Uint8Array(seen.body), {
      headers: { 'Content-Type': seen.headers['content-type'] ?? '' },
    }).formData();
    assert.deepEqual([form.get('name'), form.get('format')], ['orders', 'CSVWithNames']);
    const part = form.get('file');
    assert.ok(part instanceof File);
    assert.equal(await part.text(), 'id,total\n1,9.50\n');
    assert.equal(part.name, 'orders "2026".csv');
  });

  it('accepts a web stream too', async () => {
    server.play((_seen, response) => void response.writeHead(200).end());
    const file = { ...fileOf(['abc']), stream: () => new Blob(['abc']).stream() };
    assert.equal(await uploadFile(clientOf(server), ref, file, () => undefined, never()), undefined);
    assert.match(server.seen[0]?.body.toString() ?? '', /\r\n\r\nabc\r\n--/);
  });

  it('restarts if the server redirects it within the same origin', async () => {
    server.playInTurn(
      (_seen, response) => void response.writeHead(307, { Location: '/api/again/' }).end(),
      (_seen, response) => sendJson(response, 201, stored),
    );
    await uploadFile(clientOf(server), ref, fileOf(['abc']), () => undefined, never());
    const [first, second] = server.seen;
    assert.ok(first && second);
    assert.deepEqual(second.body, first.body);
  });

  for (const [name, file] of [
    ['became longer', fileOf(['abc', 'defg'], 5)],
    ['became shorter', fileOf(['abc'], 5)],
  ] as const) {
    it(`ends without a table if the file ${name} in the meantime`, async () => {
      server.play((_seen, response) => sendJson(response, 201, stored));
      const error = await rejected(
        uploadFile(clientOf(server), ref, file, () => undefined, never()),
        'file-unreadable',
      );
      assert.equal(error.mayHaveBeenApplied, false);
      assert.match(error.message, /changed while it was being sent/);
      assert.deepEqual(server.calls, []);
    });
  }

  it('ends without a table if the file disappears', async () => {
    const file = {
      ...fileOf(['abc', 'def']),
      async *stream() {
        yield new TextEncoder().encode('abc');
        throw Object.assign(new Error('/home/somebody/orders.csv'), { code: 'ENOENT' });
      },
    };
    const error = await rejected(
      uploadFile(clientOf(server), ref, file, () => undefined, never()),
      'file-unreadable',
    );
    assert.doesNotMatch(error.message, /somebody/);
    assert.deepEqual(server.calls, []);
  });

  it('stops reading the file when canceled', async () => {
    const stop = new AbortController();
    let onClosed: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => (onClosed = resolve));
    const file = {
      ...fileOf([], 10_000_000),
      async *stream() {
        try {
          for (let index = 0; index < 100; index += 1) {
            yield new Uint8Array(100_000);
          }
        } finally {
          onClosed?.();
        }
      },
    };
    server.play((_seen, response) => sendJson(response, 201, stored));
    const upload = uploadFile(
      clientOf(server),
      ref,
      file,
      (sent) => sent >= 300_000 && stop.abort(),
      stop.signal,
    );
    await rejected(upload, 'canceled');
    await closed;
  });

  it("gives the server's reason for rejecting a file", async () => {
    server.play((_seen, response) =>
      sendJson(response, 400, { message: 'Warehouse API is not enabled for this organization' }),
    );
    const error = await rejected(
      uploadFile(clientOf(server), ref, fileOf(['a']), () => undefined, never()),
      'validation',
    );
    assert.match(error.message, /not enabled for this organization/);
    server.play(refuse(415, 'Unsupported media type "x" in request.'));
    await rejected(
      uploadFile(clientOf(server), ref, fileOf(['a']), () => undefined, never()),
      'unsupported-media-type',
    );
  });

  it('ends if the server responds before the end of the file', async () => {
    const hasty = createHttpServer((_request, response) => {
      response
        .writeHead(413, { Connection: 'close', 'Content-Type': 'text/html' })
        .end('<html>too large</html>');
    });
    await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = hasty.address() as AddressInfo;
      const file = {
        ...fileOf([], 40_000_000),
        async *stream() {
          for (let index = 0; index < 400; index += 1) {
            yield new Uint8Array(100_000);
          }
        },
      };
      const client = clientOf({ origin: `http://127.0.0.1:${port}` });
      const error = await rejected(uploadFile(client, ref, file, () => undefined, never()));
      assert.equal(error.kind, 'too-large');
    } finally {
      hasty.closeAllConnections();
      await new Promise((resolve) => hasty.close(resolve));
    }
  });

  it('reads no further ahead than the connection can send', async () => {
    let produced = 0;
    let stalled: (() => void) | undefined;
    const stop = new AbortController();
    const file = {
      ...fileOf([], 50_000_000),
      async *stream() {
        for (let index = 0; index < 500; index += 1) {
          produced += 100_000;
          stalled?.();
          yield new Uint8Array(100_000);
        }
      },
    };
    // This server accepts the connection but never reads, so the socket's buffers fill up.
    const sockets: Socket[] = [];
    const deaf = createServer({ pauseOnConnect: true }, (socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = deaf.address() as AddressInfo;
      const client = clientOf({ origin: `http://127.0.0.1:${port}` });
      const upload = rejected(
        uploadFile(client, ref, file, () => undefined, stop.signal),
        'canceled',
      );
      // Done if nothing more was read for a while: there is no event for something that doesn't happen.
      await new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, 1000);
        stalled = () => {
          clearTimeout(timer);
          timer = setTimeout(resolve, 300);
        };
      });
      assert.ok(produced < 16_000_000, `${produced} bytes were read ahead`);
      stop.abort();
      await upload;
    } finally {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => deaf.close(resolve));
    }
  });
});
