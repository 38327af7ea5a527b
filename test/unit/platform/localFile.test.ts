import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appendFile, mkdtemp, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostHogClient } from '../../../src/posthog/client';
import { fetchTransport } from '../../../src/posthog/http';
import { localFile } from '../../../src/platform/localFile';
import type { UploadSource } from '../../../src/operations/table/uploadSource';
import { ScriptedServer, clientOf, never, rejected, sendJson, uploadFile } from '../posthog/server';

const ref = { id: 7, projectId: 7 };
const stored = { id: 't1', name: 'orders', format: 'CSV', url_pattern: 'x', columns: [] };

describe('a local file', () => {
  const server = new ScriptedServer();
  let folder: string;
  before(async () => {
    await server.start();
    folder = await mkdtemp(join(tmpdir(), 'posthog-environments-test-'));
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => server.play((_seen, response) => sendJson(response, 201, stored)));

  const written = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const upload = (client: PostHogClient, source: UploadSource) =>
    uploadFile(
      client,
      ref,
      { name: 'orders', format: 'CSV', ...source, stream: () => source.stream() },
      () => undefined,
      never(),
    );

  it('arrives unchanged, byte by byte, although its chunks share memory', async () => {
    const content = new Uint8Array(9 * 1024 * 1024 + 123);
    for (let at = 0, value = 1; at < content.length; at += 1) {
      value = (value * 1103515245 + 12345) >>> 0;
      content[at] = value >>> 16;
    }
    const wanted = createHash('sha256').update(content).digest('hex');
    const source = await localFile(await written('random.bin', content));
    // Reads slowly, so that the sender has to wait between chunks.
    const received = createHash('sha256');
    let receivedBytes = 0;
    const slow = createServer((request, response) => {
      const headBytes: Buffer[] = [];
      request.on('data', (chunk: Buffer) => {
        receivedBytes += chunk.length;
        headBytes.push(Buffer.from(chunk));
        request.pause();
        setImmediate(() => request.resume());
      });
      request.on('end', () => {
        const body = Buffer.concat(headBytes);
        const start = body.indexOf('octet-stream\r\n\r\n') + 'octet-stream\r\n\r\n'.length;
        received.update(body.subarray(start, start + content.length));
        response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify(stored));
      });
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as AddressInfo;
    const client = new PostHogClient({
      origin: `http://127.0.0.1:${port}`,
      key: async () => 'phx_test',
      transport: fetchTransport,
      userAgent: 'test',
      profile: { generation: 'current', settingsRoute: 'projects' },
    });
    await upload(client, source);
    await new Promise((resolve) => slow.close(resolve));
    assert.ok(receivedBytes > content.length);
    assert.equal(received.digest('hex'), wanted);
  });

  it('reports what is wrong with it before it is read', async () => {
    for (const [path, reason] of [
      [folder, /It is a folder/],
      [join(folder, 'gone.csv'), /It no longer exists/],
      [await written('empty.csv', ''), /empty \(0 bytes\)/],
      [await written('.dot.csv', 'a'), /start with a dot/],
    ] as const) {
      const error = await rejected(localFile(path));
      assert.equal(error.kind, 'file-unreadable');
      assert.match(error.message, reason);
      assert.match(error.message, /Nothing was sent\.$/);
    }
  });

  it('provides its first bytes', async () => {
    const { head, sizeBytes, fileName } = await localFile(await written('a.parquet', 'PAR1abc'));
    assert.deepEqual([new TextDecoder().decode(head), sizeBytes, fileName], ['PAR1abc', 7, 'a.parquet']);
  });

  for (const [what, change, reason] of [
    ['been deleted', (path: string) => unlink(path), /Couldn't read .* to its end/],
    ['grown', (path: string) => appendFile(path, '2\n'), /changed during the upload/],
    ['been written to', (path: string) => utimes(path, 1, 1), /changed during the upload/],
  ] as const) {
    it(`isn't uploaded if it has ${what} since it was chosen`, async () => {
      const path = await written('moving.csv', 'id\n1\n');
      const source = await localFile(path);
      await change(path);
      const error = await rejected(upload(clientOf(server), source));
      assert.equal(error.kind, 'file-unreadable');
      assert.match(error.message, reason);
    });
  }

  it("isn't uploaded if it changes while being sent", async () => {
    const path = await written('moving.csv', 'x'.repeat(3 * 1024 * 1024));
    const source = await localFile(path);
    const changing: UploadSource = {
      ...source,
      async *stream() {
        for await (const chunk of source.stream()) {
          await utimes(path, 1, 1);
          yield chunk;
        }
      },
    };
    const error = await rejected(upload(clientOf(server), changing));
    assert.equal(error.kind, 'file-unreadable');
    assert.match(error.message, /moving\.csv changed during the upload/);
  });
});
