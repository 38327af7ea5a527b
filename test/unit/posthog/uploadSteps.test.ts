import assert from 'node:assert/strict';
import type { ServerProfile } from '../../../src/posthog/models';
import { CURRENT, ScriptedServer, clientOf, never, refuse, rejected, sendJson } from './server';

const ref = { id: 7, projectId: 7 };
const table = { id: 't1', name: 'orders', format: 'CSVWithNames', url_pattern: 'x', columns: [] };
const base = 'POST /api/projects/7/warehouse_tables';

const file = (format = 'CSVWithNames') => ({
  name: 'orders',
  format,
  fileName: 'orders.csv',
  sizeBytes: 5,
  async *stream() {
    yield new TextEncoder().encode('id\n1\n');
  },
});

describe('B5: an upload in two steps', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  it('B5: stores the file with progress, then creates the table by its ID', async () => {
    server.playInTurn(
      (_seen, response) =>
        sendJson(response, 201, {
          upload_id: 'u1',
          filename: 'orders.csv',
          file_format: 'csv',
          size_bytes: 5,
        }),
      (_seen, response) => sendJson(response, 201, table),
    );
    const uploads = await clientOf(server).uploads();
    const progress: number[] = [];
    const stored = await uploads.store(ref, file(), (sent) => progress.push(sent), never());
    assert.deepEqual(stored, { uploadId: 'u1', fileName: 'orders.csv', fileFormat: 'csv' });
    assert.deepEqual(progress, [5]);
    assert.equal((await uploads.create(ref, stored, 'orders', never())).id, 't1');
    const [form, body] = server.seen.map(({ body: sent }) => sent.toString());
    assert.match(form ?? '', /name="file_format"\r\n\r\ncsv\r\n/);
    assert.deepEqual(JSON.parse(body ?? ''), {
      upload_id: 'u1',
      filename: 'orders.csv',
      file_format: 'csv',
      table_name: 'orders',
    });
    assert.deepEqual(server.calls, [`${base}/upload_file/`, `${base}/create_from_upload/`]);
  });

  for (const [what, answer, route] of [
    ['requires a file', refuse(400, 'No file provided'), 'upload_file'],
    ['requires a form', refuse(415, 'Unsupported media type'), 'upload_file'],
    ['rejects POST', refuse(405, 'Method "POST" not allowed.'), 'file'],
    ['has no such page', refuse(404, 'Endpoint not found.'), 'file'],
    [
      'has no scope for unknown actions',
      refuse(403, 'This action does not support Personal API Key access'),
      'file',
    ],
  ] as const) {
    it(`B5: a server that ${what} is asked once, which is remembered`, async () => {
      const learned: ServerProfile[] = [];
      server.play(answer);
      const client = clientOf(server, { onProfile: (profile) => learned.push(profile) });
      const uploads = await client.uploads();
      assert.equal(await uploads.route(ref, never()), route);
      assert.equal(await uploads.route(ref, never()), route);
      assert.deepEqual(server.calls, [`${base}/upload_file/`]);
      assert.deepEqual(learned, [{ ...CURRENT, uploadRoute: route }]);
      client.forgetRefusals();
      assert.equal(client.profile?.uploadRoute, route === 'file' ? undefined : route);
    });
  }

  it('B5: nothing is learned from an unrelated refusal', async () => {
    server.play(refuse(403, "API key missing required scope 'warehouse_table:write'"));
    const client = clientOf(server);
    const uploads = await client.uploads();
    await rejected(uploads.route(ref, never()), 'missing-scope');
    assert.equal(client.profile?.uploadRoute, undefined);
  });

  it('B5: accepts the formats that the two steps support', async () => {
    const uploads = await clientOf(server).uploads();
    assert.deepEqual(
      ['CSVWithNames', 'CSV', 'JSONEachRow', 'Parquet', 'Delta'].filter((format) => uploads.takes(format)),
      ['CSVWithNames', 'JSONEachRow', 'Parquet'],
    );
  });
});
