import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { DEVELOPMENT, HostBench } from './support/bench';
import { canceled, confirm, openFile, pick, press, type } from './support/prompts';
import {
  cancelOnce,
  Files,
  serverTable,
  serverTableNames,
  serverTypes,
  shownTables,
  tablesRow,
  writes,
} from './support/tables';

const sales = 'id,amount\n1,2.5\n2,3.5\n';
const hosted = (fileName: string): string =>
  `https://objects.example.com/managed/team_${DEVELOPMENT}/${fileName}`;

/** Makes the extension detect how the server accepts files, so that the next POST is the file. */
async function knowRoute({ services, connectionId, control }: HostBench): Promise<void> {
  const client = await services.connections.client(connectionId);
  const { project_id: projectId } = control.environment(DEVELOPMENT);
  const ref = { id: DEVELOPMENT, projectId: typeof projectId === 'number' ? projectId : DEVELOPMENT };
  await (await client.uploads()).route(ref, new AbortController().signal);
}

for (const generation of ['current', 'documented'] as const) {
  const sent = generation === 'current' ? ['POST upload_file/', 'POST create_from_upload/'] : ['POST file/'];

  describe(`Upload file, ${generation} server`, () => {
    let bench: HostBench;
    let files: Files;
    before(async () => {
      files = await Files.make();
    });
    after(() => files.remove());
    beforeEach(async () => {
      bench = await HostBench.start({ generation, fileUpload: true });
      await shownTables(bench);
      await knowRoute(bench);
      bench.clear();
    });
    afterEach(() => bench.stop());

    const upload = async (...uris: vscode.Uri[]): Promise<void> =>
      bench.run('uploadFile', await tablesRow(bench), uris);

    /** Makes a request fail that is named as in `sent`. */
    const failAt = (call = '', kind: 'status-500' | 'status-500-after'): void =>
      bench.control.addFault({
        route: { method: 'POST', path: `/api/**/${call.replace(/^POST |\/$/g, '')}` },
        times: 1,
        kind,
      });

    it('from a row: suggests name and format, shows the table and opens it', async () => {
      const uri = await files.write('2024 sales.csv', sales);
      const prompts = bench.script(
        openFile(uri),
        pick('CSV with header'),
        type('_2024_sales'),
        press('Open Table'),
      );
      await bench.run('uploadFile', await tablesRow(bench));
      assert.equal(prompts.asked[0]?.value, '_2024_sales');
      assert.deepEqual(serverTypes(bench, '_2024_sales'), { id: 'integer', amount: 'float' });
      const address = serverTable(bench, '_2024_sales').url_pattern;
      assert.ok(typeof address === 'string');
      if (generation === 'current') {
        assert.match(address, /\/file_uploads\/team_1201\/[0-9a-f-]{36}\/2024_sales\.csv$/);
      } else {
        assert.equal(address, hosted('2024_sales.csv'));
      }
      assert.deepEqual(writes(bench), sent);
      assert.equal((await shownTables(bench))[0], '_2024_sales');
      assert.equal(prompts.told[0]?.message, 'Uploaded 2024 sales.csv as _2024_sales with 2 columns.');
      assert.match(
        vscode.window.activeTextEditor?.document.uri.path ?? '',
        /_2024_sales\.posthog-table\.json$/,
      );
    });

    it('E: from the Explorer: asks for the environment', async () => {
      const uri = await files.write('visits.jsonl', '{"path":"/"}\n{"path":"/b"}\n');
      bench.script(pick('Development'), pick('JSON Lines'), type('visits'));
      await bench.run('uploadToWarehouse', uri, [uri]);
      assert.deepEqual(serverTypes(bench, 'visits'), { path: 'string' });
      assert.equal(serverTable(bench, 'visits').format, 'JSONEachRow');
    });

    it('several dropped files: one after another, with one message', async () => {
      const uris = [
        await files.write('first.csv', sales),
        await files.write('empty.csv', ''),
        await files.write('second.csv', sales),
      ];
      const prompts = bench.script(
        pick('CSV with header'),
        type('first'),
        pick('CSV with header'),
        type('second'),
        press('Retry in Development'),
      );
      await upload(...uris);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^Uploaded 2 of 3\. Uploaded first\.csv .* Uploaded second\.csv .* empty\.csv can't be uploaded\. The file is empty/,
      );
      assert.match(prompts.told[1]?.message ?? '', /^empty\.csv can't be uploaded/);
      assert.deepEqual(serverTableNames(bench).slice(0, 2), ['second', 'first']);
    });

    it('canceling one of several leaves the rest and says which', async () => {
      const uris = [await files.write('first.csv', sales), await files.write('second.csv', sales)];
      const prompts = bench.script(pick('CSV with header'), type('first'), canceled.pick);
      await upload(...uris);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^Uploaded 1 of 2\. Uploaded first\.csv .* Not started: second\.csv\.$/,
      );
    });

    it('one of several that is canceled while being sent is named once', async () => {
      bench.stall('POST');
      const uris = [
        await files.sized('long.csv', 40 * 1024 * 1024, 'id\n1\n'),
        await files.write('second.csv', sales),
      ];
      const prompts = bench.script(pick('CSV without header'), type('long'));
      await cancelOnce(bench, (call) => call.startsWith('POST'), upload(...uris));
      const [first, second] = prompts.told.map(({ message }) => message);
      assert.match(first ?? '', /^Canceled after .* of long\.csv\. Nothing has changed in PostHog\./);
      assert.equal(second, 'Uploaded 0 of 2. Not started: second.csv.');
    });

    it("B8: if the key can't upload several files, offers another key, and continues with it", async () => {
      const uris = [await files.write('first.csv', sales), await files.write('second.csv', sales)];
      const { connectionId, access, sandbox } = bench;
      assert.ok(access);
      // Another window has replaced the key with a read-only one, whose access this window doesn't know yet.
      await bench.services.connections.replaceKey(connectionId, sandbox.keys.read, access);
      const prompts = bench.script(
        ...[pick('CSV with header'), type('first'), press('Replace Key…'), type(sandbox.keys.admin)],
        ...[pick('CSV with header'), type('second')],
      );
      await upload(...uris);
      assert.deepEqual(prompts.told[0]?.buttons.slice(0, 1), ['Replace Key…']);
      assert.match(
        prompts.told.at(-1)?.message ?? '',
        /^Uploaded first\.csv as first.* Uploaded second\.csv as second/,
      );
      assert.deepEqual(serverTableNames(bench).slice(0, 2), ['second', 'first']);
    });

    it('rejects names that break the rule', async () => {
      const prompts = bench.script(pick('CSV with header'), canceled.type);
      await upload(await files.write('sales.csv', sales));
      for (const wrong of ['', 'sales.csv', '2024', 'a b', 'é', 'x'.repeat(129)]) {
        assert.ok(await prompts.asked[0]?.validate?.(wrong), `${JSON.stringify(wrong)} was accepted`);
      }
      assert.deepEqual(writes(bench), []);
    });

    const refused: [what: string, file: () => Promise<vscode.Uri>, reason: RegExp][] = [
      ['an empty file', () => files.write('empty.csv', ''), /empty\.csv .*empty \(0 bytes\)/],
      [
        'a file of 51 MB',
        () => files.sized('large.csv', 51 * 1024 * 1024),
        /51\.0 MB .*limit is 50 MB \(52428800 bytes\)/,
      ],
      ["a file that's one byte too large", () => files.sized('more.csv', 52_428_801), /52428801 bytes/],
      ['a folder', async () => files.uri, /It is a folder/],
      [
        "a file that doesn't exist",
        async () => vscode.Uri.joinPath(files.uri, 'gone.csv'),
        /It no longer exists/,
      ],
      ['a file whose name starts with a dot', () => files.write('.hidden.csv', sales), /start with a dot/],
    ];
    for (const [what, file, reason] of refused) {
      it(`rejects ${what} before anything is asked or sent`, async () => {
        const prompts = bench.script();
        await upload(await file());
        assert.match(prompts.told[0]?.message ?? '', reason);
        assert.match(prompts.told[0]?.message ?? '', /Nothing was sent\.$/);
        assert.deepEqual(bench.calls(), []);
      });
    }

    it('recognizes a CSV file called .parquet', async () => {
      const prompts = bench.script(pick('Parquet'), type('fake'), pick('CSV with header'));
      await upload(await files.write('fake.parquet', sales));
      assert.equal(prompts.offered.length, 2);
      assert.deepEqual(writes(bench), sent);
      assert.equal(serverTable(bench, 'fake').format, 'CSVWithNames');
    });

    it("returns to the format if the server can't read the file with it", async () => {
      const uri = await files.write('ragged.csv', '{"a":1}\n{"a":2,"b":3}\n');
      const leaves = generation === 'current' ? [] : [press('Change…')];
      const prompts = bench.script(pick('CSV with header'), type('ragged'), ...leaves, pick('JSON Lines'));
      await upload(uri);
      assert.equal(prompts.asked.length, 1);
      assert.deepEqual(prompts.confirmed, []);
      assert.deepEqual(writes(bench), [...sent, ...sent]);
      assert.deepEqual(serverTypes(bench, 'ragged'), { a: 'integer', b: 'integer' });
    });

    it('asks before it overwrites a table, which keeps its ID', async () => {
      const { id } = serverTable(bench, 'newsletter_signups');
      const prompts = bench.script(
        pick('CSV with header'),
        type('newsletter_signups'),
        confirm('Overwrite in Development'),
      );
      await upload(await files.write('newsletter_signups.csv', sales));
      assert.match(prompts.confirmed[0]?.detail ?? '', /The content uploaded before will be lost/);
      assert.equal(prompts.confirmed.length, 1);
      assert.equal(serverTable(bench, 'newsletter_signups').id, id);
      assert.deepEqual(serverTypes(bench, 'newsletter_signups'), { id: 'integer', amount: 'float' });
      assert.match(prompts.told[0]?.message ?? '', /replaced the content of newsletter_signups/);
    });

    it("sends nothing if the user doesn't want to overwrite", async () => {
      bench.script(pick('CSV with header'), type('orders'), canceled.confirm);
      await upload(await files.write('orders.csv', sales));
      assert.deepEqual(writes(bench), []);
    });

    it("never overwrites another table's stored file without asking", async () => {
      const before = serverTable(bench, 'newsletter_signups');
      const shares = generation === 'current' ? [] : [confirm('Keep Both in Development')];
      const prompts = bench.script(
        pick('CSV with header'),
        type('newsletter_signups'),
        confirm('Choose Another Name'),
        type('signups'),
        ...shares,
      );
      await upload(await files.write('newsletter_signups.csv', sales));
      assert.deepEqual(serverTable(bench, 'newsletter_signups'), before);
      if (generation === 'documented') {
        assert.match(prompts.confirmed[1]?.message ?? '', /stored file of newsletter_signups/);
        assert.equal(serverTable(bench, 'signups').url_pattern, hosted('newsletter_signups_2.csv'));
      }
    });

    it("doesn't accept the name of a table that a source manages", async () => {
      const prompts = bench.script(pick('CSV with header'), type('stripe_charge'), type('charges'));
      await upload(await files.write('charges.csv', sales));
      assert.match(prompts.asked[1]?.problem ?? '', /can't be overwritten/);
      assert.deepEqual(serverTypes(bench, 'charges'), { id: 'integer', amount: 'float' });
    });

    it('finds the table if the server failed after creating it', async () => {
      failAt(sent.at(-1), 'status-500-after');
      const prompts = bench.script(pick('CSV with header'), type('sales'));
      await upload(await files.write('sales.csv', sales));
      assert.deepEqual(writes(bench), sent);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^Uploaded .* as sales .*Checked again: PostHog has the table/,
      );
      assert.equal((await shownTables(bench))[0], 'sales');
    });

    it('says that there is no table if the server failed first, and sends it again', async () => {
      failAt(sent.at(-1), 'status-500');
      const prompts = bench.script(pick('CSV with header'), type('sales'), press('Try Again in Development'));
      await upload(await files.write('sales.csv', sales));
      assert.match(prompts.told[0]?.message ?? '', /Checked again: there is no table sales/);
      assert.ok(serverTableNames(bench).includes('sales'));
      // What is already stored isn't sent again.
      assert.deepEqual(writes(bench), [...sent, ...sent.slice(-1)]);
    });

    it('can be canceled while being sent, and says that nothing has changed', async () => {
      bench.stall('POST');
      const uri = await files.sized('long.csv', 40 * 1024 * 1024, 'id\n1\n');
      const prompts = bench.script(pick('CSV without header'), type('long'));
      await cancelOnce(bench, (call) => call.startsWith('POST'), upload(uri));
      assert.match(
        prompts.told[0]?.message ?? '',
        /^Canceled after .* of long\.csv\. Nothing has changed in PostHog\.$/,
      );
      assert.ok(!serverTableNames(bench).includes('long'));
    });
  });
}

describe('B5: an upload to a server that accepts files in two steps', () => {
  let bench: HostBench;
  let files: Files;
  before(async () => {
    files = await Files.make();
  });
  after(() => files.remove());
  beforeEach(async () => {
    bench = await HostBench.start({ fileUpload: true });
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  const upload = async (uri: vscode.Uri): Promise<void> =>
    bench.run('uploadFile', await tablesRow(bench), [uri]);
  const switchOff = (feature: string): void => {
    const { organization } = bench.control.environment(DEVELOPMENT);
    assert.ok(typeof organization === 'string');
    bench.control.setFeature(organization, feature, false);
  };
  const stallAt = (action: string): void =>
    bench.control.addFault({
      route: { method: 'POST', path: `/api/**/${action}` },
      kind: 'latency',
      delayMs: 60_000,
      times: 1,
    });

  it('B5: needs no feature flag, and is detected once', async () => {
    switchOff('warehouse_api');
    bench.script(pick('CSV with header'), type('first'));
    await upload(await files.write('first.csv', sales));
    assert.deepEqual(writes(bench), ['POST upload_file/', 'POST upload_file/', 'POST create_from_upload/']);
    bench.clear();
    bench.script(pick('CSV with header'), type('second'));
    await upload(await files.write('second.csv', sales));
    assert.deepEqual(writes(bench), ['POST upload_file/', 'POST create_from_upload/']);
    assert.deepEqual(serverTypes(bench, 'second'), { id: 'integer', amount: 'float' });
  });

  it("B5: formats that the two steps don't accept use the older action, which explains why it is unavailable", async () => {
    switchOff('warehouse_api');
    const prompts = bench.script(pick('CSV without header'), type('sales'));
    await upload(await files.write('sales.csv', '1,2.5\n2,3.5\n'));
    assert.deepEqual(writes(bench), ['POST file/']);
    assert.match(
      prompts.told[0]?.message ?? '',
      /organization can't upload files.*feature flag "warehouse-api".*Link Table/,
    );
    // Another format may not need the flag, but the same upload can't succeed.
    assert.deepEqual(prompts.told[0]?.buttons, ['Change…']);
  });

  it("B5: a name that the server refuses is asked again, and the file isn't sent again", async () => {
    await knowRoute(bench);
    bench.clear();
    const prompts = bench.script(
      pick('CSV with header'),
      type('persons'),
      confirm('Upload to Development'),
      type('people'),
    );
    await upload(await files.write('people.csv', sales));
    assert.match(prompts.asked[1]?.problem ?? '', /name already exists/);
    assert.deepEqual(writes(bench), [
      'POST upload_file/',
      'POST create_from_upload/',
      'POST create_from_upload/',
    ]);
    assert.deepEqual(serverTypes(bench, 'people'), { id: 'integer', amount: 'float' });
  });

  it('B5: a server without the two steps is detected, even if it had them before', async () => {
    await knowRoute(bench);
    bench.control.setUploadRoutes(false);
    bench.clear();
    bench.script(pick('CSV with header'), type('older'));
    await upload(await files.write('older.csv', sales));
    assert.equal(writes(bench).at(-1), 'POST file/');
    assert.equal(serverTable(bench, 'older').url_pattern, hosted('older.csv'));
    assert.equal(bench.connection.profile?.uploadRoute, 'file');
    bench.control.setUploadRoutes(true);
    await bench.services.connections.refreshAccess(bench.connectionId, new AbortController().signal);
    bench.script(pick('CSV with header'), type('newer'));
    await upload(await files.write('newer.csv', sales));
    assert.equal(writes(bench).at(-1), 'POST create_from_upload/');
  });

  it('B5: canceled in the first step: no table, and perhaps a file', async () => {
    await knowRoute(bench);
    bench.clear();
    stallAt('upload_file');
    const prompts = bench.script(pick('CSV with header'), type('sales'));
    const uri = await files.write('sales.csv', sales);
    await cancelOnce(bench, (call) => call.startsWith('POST'), upload(uri));
    assert.equal(
      prompts.told[0]?.message,
      "Canceled after all of sales.csv was sent. PostHog won't create a table from it, but may keep the file.",
    );
    assert.ok(!serverTableNames(bench).includes('sales'));
  });

  it('B5: canceled in the second step: PostHog is asked', async () => {
    stallAt('create_from_upload');
    const prompts = bench.script(pick('CSV with header'), type('sales'));
    const uri = await files.write('sales.csv', sales);
    await cancelOnce(bench, (call) => call.endsWith('create_from_upload/'), upload(uri));
    assert.match(
      prompts.told[0]?.message ?? '',
      /^Canceled after all of sales\.csv was sent\. There is no table sales yet/,
    );
  });
});

describe('B3: an upload that the server refuses after creating the table', () => {
  let bench: HostBench;
  let files: Files;
  before(async () => {
    files = await Files.make();
  });
  after(() => files.remove());
  beforeEach(async () => {
    bench = await HostBench.start({ generation: 'documented', fileUpload: true });
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  const upload = async (uri: vscode.Uri): Promise<void> =>
    bench.run('uploadFile', await tablesRow(bench), [uri]);
  const failStorage = (on: boolean): void => {
    const { organization } = bench.control.environment(DEVELOPMENT);
    assert.ok(typeof organization === 'string');
    bench.control.setFeature(organization, 'object_storage_failing', on);
  };

  it('B3: shows the leftover table without columns, and removes it on request', async () => {
    failStorage(true);
    const prompts = bench.script(pick('CSV with header'), type('sales'), press('Remove from Development'));
    await upload(await files.write('sales.csv', sales));
    assert.match(
      prompts.told[0]?.message ?? '',
      /^sales\.csv: PostHog couldn't create a table from the file\..*isn't in this format.*left an empty table sales without columns\.$/,
    );
    assert.equal(prompts.told[1]?.message, 'Removed sales. Nothing is left of the upload.');
    assert.ok(!serverTableNames(bench).includes('sales'));
    assert.ok(!(await shownTables(bench)).includes('sales'));
  });

  it("B3: the tree shows a leftover table that is kept, and the next upload doesn't show an empty URL", async () => {
    failStorage(true);
    bench.script(pick('CSV with header'), type('sales'));
    const uri = await files.write('sales.csv', sales);
    await upload(uri);
    assert.ok((await shownTables(bench)).includes('sales'));
    failStorage(false);
    const again = bench.script(pick('CSV with header'), type('sales'), confirm('Overwrite in Development'));
    await upload(uri);
    assert.match(
      again.confirmed[0]?.detail ?? '',
      /It has no files yet and may be left over from a failed upload\./,
    );
    assert.doesNotMatch(again.confirmed[0]?.detail ?? '', /from {2}now|from\s+now/);
    assert.deepEqual(serverTypes(bench, 'sales'), { id: 'integer', amount: 'float' });
  });

  it('B3: says that the file of an existing table may have been replaced', async () => {
    failStorage(true);
    const prompts = bench.script(
      pick('CSV with header'),
      type('newsletter_signups'),
      confirm('Overwrite in Development'),
      press(undefined),
    );
    await upload(await files.write('newsletter_signups.csv', sales));
    assert.match(
      prompts.told[0]?.message ?? '',
      /the columns of newsletter_signups haven't changed, but its file may have been replaced/,
    );
  });

  it("B3: other failures aren't blamed on object storage", async () => {
    await knowRoute(bench);
    bench.fail('POST', 'status-500');
    const prompts = bench.script(pick('CSV with header'), type('sales'), press(undefined));
    await upload(await files.write('sales.csv', sales));
    assert.match(prompts.told[0]?.message ?? '', /^PostHog failed to process the request \(HTTP 500\)/);
    assert.doesNotMatch(prompts.told[0]?.message ?? '', /object storage/);
  });
});

describe('B3: an upload to a server without object storage', () => {
  let bench: HostBench;
  let files: Files;
  before(async () => {
    files = await Files.make();
  });
  after(() => files.remove());
  beforeEach(async () => {
    bench = await HostBench.start({ fileUpload: true });
    await shownTables(bench);
    const { organization } = bench.control.environment(DEVELOPMENT);
    assert.ok(typeof organization === 'string');
    bench.control.setFeature(organization, 'object_storage_off', true);
    bench.clear();
  });
  afterEach(() => bench.stop());

  it('B3: a server without object storage is recognized', async () => {
    const prompts = bench.script(pick('CSV with header'), type('sales'), press(undefined));
    await bench.run('uploadFile', await tablesRow(bench), [await files.write('sales.csv', sales)]);
    assert.match(
      prompts.told[0]?.message ?? '',
      /The server couldn't store the file\. It has no object storage\. Ask the server's administrator to set it up, or link a table from your own object storage\./,
    );
    assert.doesNotMatch(prompts.told[0]?.message ?? '', /isn't in this format/);
    assert.deepEqual(prompts.told[0]?.buttons, ['Change…']);
    assert.ok(!serverTableNames(bench).includes('sales'));
  });
});

describe('D: files get advice before they are sent', () => {
  let bench: HostBench;
  let files: Files;
  before(async () => {
    files = await Files.make();
  });
  after(() => files.remove());
  beforeEach(async () => {
    bench = await HostBench.start();
    await shownTables(bench);
    bench.clear();
  });
  afterEach(() => bench.stop());

  const bytes = (text: string, encoding: BufferEncoding): Uint8Array => Buffer.from(text, encoding);
  const cases: [what: string, name: string, content: string | Uint8Array, format: string, advice: RegExp][] =
    [
      [
        'semicolons',
        'prices.csv',
        'sku;price\nA;1,5\n',
        'CSV with header',
        /separated by semicolons.*commas/,
      ],
      ['Latin-1', 'cities.csv', bytes('city,n\nZ\u00fcrich,1\n', 'latin1'), 'CSV with header', /isn't UTF-8/],
      [
        'UTF-16',
        'cities.csv',
        bytes('\ufeffcity,n\nZ\u00fcrich,1\n', 'utf16le'),
        'CSV with header',
        /UTF-16/,
      ],
      ['CR only', 'old.csv', 'a,b\r1,2\r', 'CSV with header', /carriage return only/],
      ['a JSON array', 'list.json', '[{"a":1},{"a":2}]', 'JSON Lines', /is a JSON array/],
    ];
  for (const [what, name, content, format, advice] of cases) {
    it(`D: ${what}`, async () => {
      const prompts = bench.script(pick(format), type('advised'), canceled.confirm);
      await bench.run('uploadFile', await tablesRow(bench), [await files.write(name, content)]);
      assert.match(prompts.confirmed[0]?.detail ?? '', advice);
      assert.deepEqual(writes(bench), []);
    });
  }

  it('D: a table with the name of a built-in one gets another suggestion, and a warning', async () => {
    const prompts = bench.script(
      pick('CSV with header'),
      type('events'),
      confirm('Change…'),
      type('uploaded_events'),
    );
    await bench.run('uploadFile', await tablesRow(bench), [await files.write('events.csv', sales)]);
    assert.equal(prompts.asked[0]?.value, 'uploaded_events');
    assert.match(prompts.confirmed[0]?.detail ?? '', /built-in table "events"/);
    assert.match(prompts.asked[1]?.problem ?? '', /Choose another name/);
    assert.ok(serverTableNames(bench).includes('uploaded_events'));
  });

  it('D: a compressed file is recognized by its extension, and gets no advice', async () => {
    const prompts = bench.script(pick('CSV with header'), type('orders_2026'));
    const packed = await files.write('orders_2026.csv.gz', gzipSync(sales));
    await bench.run('uploadFile', await tablesRow(bench), [packed]);
    assert.equal(prompts.asked[0]?.value, 'orders_2026');
    assert.deepEqual(prompts.marked, ['CSV with header']);
    assert.deepEqual(serverTypes(bench, 'orders_2026'), { id: 'integer', amount: 'float' });
  });

  it('E: the dialog opens in the workspace folder, for files that PostHog reads', async () => {
    const prompts = bench.script(openFile(undefined));
    await bench.run('uploadFile', await tablesRow(bench));
    const [dialog] = prompts.dialogs;
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.equal(dialog?.defaultUri?.toString(), folder?.uri.toString());
    assert.deepEqual(Object.values(dialog?.filters ?? {})[0]?.slice(0, 2), ['csv', 'json']);
  });
});
