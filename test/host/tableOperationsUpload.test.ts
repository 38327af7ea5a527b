import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DEVELOPMENT, HostBench } from './support/bench';
import { cancelled, confirm, openFile, pick, press, type } from './support/prompts';
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

for (const generation of ['current', 'documented'] as const) {
  describe(`Upload file, ${generation} server`, () => {
    let bench: HostBench;
    let files: Files;
    before(async () => {
      files = await Files.make();
    });
    after(() => files.remove());
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
      await shownTables(bench);
      bench.clear();
    });
    afterEach(() => bench.stop());

    const upload = async (...uris: vscode.Uri[]): Promise<void> =>
      bench.run('uploadFile', await tablesRow(bench), uris);

    it('from a row: proposes name and format, shows the table and opens it', async () => {
      const uri = await files.write('2024 sales.csv', sales);
      const prompts = bench.script(
        openFile(uri),
        pick('CSVWithNames'),
        type('_2024_sales'),
        press('Open Table'),
      );
      await bench.run('uploadFile', await tablesRow(bench));
      assert.equal(prompts.asked[0]?.value, '_2024_sales');
      assert.deepEqual(serverTypes(bench, '_2024_sales'), { id: 'integer', amount: 'float' });
      assert.equal(serverTable(bench, '_2024_sales').url_pattern, hosted('2024_sales.csv'));
      assert.equal((await shownTables(bench))[0], '_2024_sales');
      assert.equal(prompts.told[0]?.message, '2024 sales.csv is uploaded as _2024_sales, with 2 columns.');
      assert.match(
        vscode.window.activeTextEditor?.document.uri.path ?? '',
        /_2024_sales\.posthog-table\.json$/,
      );
    });

    it('from the Explorer: asks for the environment', async () => {
      const uri = await files.write('visits.jsonl', '{"path":"/"}\n{"path":"/b"}\n');
      bench.script(pick('Development'), pick('JSONEachRow'), type('visits'));
      await bench.run('uploadFile', uri, [uri]);
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
        pick('CSVWithNames'),
        type('first'),
        pick('CSVWithNames'),
        type('second'),
        press('Retry Failed'),
      );
      await upload(...uris);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^first\.csv is uploaded .* second\.csv is uploaded .* empty\.csv cannot be uploaded\. It is empty/,
      );
      assert.match(prompts.told[1]?.message ?? '', /^empty\.csv cannot be uploaded/);
      assert.deepEqual(serverTableNames(bench).slice(0, 2), ['second', 'first']);
    });

    it('cancelling one of several leaves the rest and says which', async () => {
      const uris = [await files.write('first.csv', sales), await files.write('second.csv', sales)];
      const prompts = bench.script(pick('CSVWithNames'), type('first'), cancelled.pick);
      await upload(...uris);
      assert.match(prompts.told[0]?.message ?? '', /Cancelled, so not uploaded: second\.csv\.$/);
    });

    it('one of several that is cancelled while it is sent is named once', async () => {
      bench.stall('POST');
      const uris = [
        await files.sized('long.csv', 40 * 1024 * 1024, 'id\n1\n'),
        await files.write('second.csv', sales),
      ];
      const prompts = bench.script(pick('CSV'), type('long'));
      await cancelOnce(bench, (call) => call.startsWith('POST'), upload(...uris));
      const [first, second] = prompts.told.map(({ message }) => message);
      assert.match(
        first ?? '',
        /^Cancelled, and nothing has changed in PostHog: .* of long\.csv had been sent/,
      );
      assert.equal(second, 'Cancelled, so not uploaded: second.csv.');
    });

    it('refuses names that the rule does not allow', async () => {
      const prompts = bench.script(pick('CSVWithNames'), cancelled.type);
      await upload(await files.write('sales.csv', sales));
      for (const wrong of ['', 'sales.csv', '2024', 'a b', 'é', 'x'.repeat(129)]) {
        assert.ok(await prompts.asked[0]?.validate?.(wrong), `${JSON.stringify(wrong)} was taken`);
      }
      assert.deepEqual(writes(bench), []);
    });

    const refused: [what: string, file: () => Promise<vscode.Uri>, reason: RegExp][] = [
      ['an empty file', () => files.write('empty.csv', ''), /empty\.csv .*empty \(0 bytes\)/],
      [
        'a file of 51 MB',
        () => files.sized('large.csv', 51 * 1024 * 1024),
        /51\.0 MB .*at most 50 MB \(52428800 bytes\)/,
      ],
      ['a file of one byte too much', () => files.sized('more.csv', 52_428_801), /52428801 bytes/],
      ['a folder', async () => files.uri, /It is a folder/],
      [
        'a file that is not there',
        async () => vscode.Uri.joinPath(files.uri, 'gone.csv'),
        /not there any more/,
      ],
      ['a file whose name begins with a dot', () => files.write('.hidden.csv', sales), /begins with a dot/],
    ];
    for (const [what, file, reason] of refused) {
      it(`refuses ${what} before anything is asked or sent`, async () => {
        const prompts = bench.script();
        await upload(await file());
        assert.match(prompts.told[0]?.message ?? '', reason);
        assert.match(prompts.told[0]?.message ?? '', /Nothing was sent\.$/);
        assert.deepEqual(bench.calls(), []);
      });
    }

    it('a CSV called .parquet is taken for what it is', async () => {
      const prompts = bench.script(pick('Parquet'), type('fake'), pick('CSVWithNames'));
      await upload(await files.write('fake.parquet', sales));
      assert.equal(prompts.offered.length, 2);
      assert.deepEqual(writes(bench), ['POST file/']);
      assert.equal(serverTable(bench, 'fake').format, 'CSVWithNames');
    });

    it('a file that the server cannot read is told in its words, and leaves a table without columns', async () => {
      const prompts = bench.script(pick('CSVWithNames'), type('ragged'));
      await upload(await files.write('ragged.csv', '{"a":1}\n{"a":2,"b":3}\n'));
      assert.deepEqual(writes(bench), ['POST file/']);
      assert.match(prompts.told[0]?.message ?? '', /Failed to upload file/);
      assert.deepEqual(serverTypes(bench, 'ragged'), {});
    });

    it('asks before it overwrites a table, which keeps its id', async () => {
      const { id } = serverTable(bench, 'newsletter_signups');
      const prompts = bench.script(pick('CSVWithNames'), type('newsletter_signups'), confirm('Overwrite'));
      await upload(await files.write('newsletter_signups.csv', sales));
      assert.match(prompts.confirmed[0]?.detail ?? '', /What was uploaded before is lost/);
      assert.equal(prompts.confirmed.length, 1);
      assert.equal(serverTable(bench, 'newsletter_signups').id, id);
      assert.deepEqual(serverTypes(bench, 'newsletter_signups'), { id: 'integer', amount: 'float' });
      assert.match(prompts.told[0]?.message ?? '', /has replaced the content of newsletter_signups/);
    });

    it('sends nothing when the person does not want to overwrite', async () => {
      bench.script(pick('CSVWithNames'), type('orders'), cancelled.confirm);
      await upload(await files.write('orders.csv', sales));
      assert.deepEqual(writes(bench), []);
    });

    it('asks before it overwrites the stored file of another table, and can keep both', async () => {
      const before = serverTable(bench, 'newsletter_signups');
      const prompts = bench.script(
        pick('CSVWithNames'),
        type('newsletter_signups'),
        confirm('Choose Another Name'),
        type('signups'),
        confirm('Keep Both'),
      );
      await upload(await files.write('newsletter_signups.csv', sales));
      assert.match(prompts.confirmed[1]?.message ?? '', /stored file of newsletter_signups/);
      assert.deepEqual(serverTable(bench, 'newsletter_signups'), before);
      assert.equal(serverTable(bench, 'signups').url_pattern, hosted('newsletter_signups_2.csv'));
    });

    it('does not take the name of a table that a source manages', async () => {
      const prompts = bench.script(pick('CSVWithNames'), type('stripe_charge'), type('charges'));
      await upload(await files.write('charges.csv', sales));
      assert.match(prompts.asked[1]?.problem ?? '', /cannot be overwritten/);
      assert.deepEqual(serverTypes(bench, 'charges'), { id: 'integer', amount: 'float' });
    });

    it('explains a feature that is switched off', async () => {
      const { organization } = bench.control.environment(DEVELOPMENT);
      assert.ok(typeof organization === 'string');
      bench.control.setFeature(organization, 'warehouse_api', false);
      const prompts = bench.script(pick('CSVWithNames'), type('sales'));
      await upload(await files.write('sales.csv', sales));
      assert.match(
        prompts.told[0]?.message ?? '',
        /organization cannot upload files.*feature flag "warehouse-api".*Link Table/,
      );
    });

    it('finds the table when the server failed after it had made it', async () => {
      bench.fail('POST', 'status-500-after');
      const prompts = bench.script(pick('CSVWithNames'), type('sales'));
      await upload(await files.write('sales.csv', sales));
      assert.deepEqual(writes(bench), ['POST file/']);
      assert.match(prompts.told[0]?.message ?? '', /uploaded as sales.*asked again and has the table/);
      assert.equal((await shownTables(bench))[0], 'sales');
    });

    it('says that there is no table when the server failed before, and sends it again', async () => {
      bench.fail('POST', 'status-500');
      const prompts = bench.script(pick('CSVWithNames'), type('sales'), press('Try Again'));
      await upload(await files.write('sales.csv', sales));
      assert.match(prompts.told[0]?.message ?? '', /asked again: there is no table sales/);
      assert.ok(serverTableNames(bench).includes('sales'));
    });

    it('can be cancelled while it is sent, and says that nothing has changed', async () => {
      bench.stall('POST');
      const uri = await files.sized('long.csv', 40 * 1024 * 1024, 'id\n1\n');
      const prompts = bench.script(pick('CSV'), type('long'));
      await cancelOnce(bench, (call) => call.startsWith('POST'), upload(uri));
      assert.match(
        prompts.told[0]?.message ?? '',
        /^Cancelled, and nothing has changed in PostHog: .* of long\.csv had been sent\.$/,
      );
      assert.ok(!serverTableNames(bench).includes('long'));
    });
  });
}
