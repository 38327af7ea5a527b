import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DEVELOPMENT, HostBench } from './support/bench';
import { canceled, pick, press, type } from './support/prompts';
import {
  cancelOnce,
  serverTable,
  serverTableNames,
  serverTypes,
  shownTables,
  tablesRow,
  writes,
} from './support/tables';

const url = 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet';
const key = 'sandbox-access-key';
const filledIn = [type('returns'), pick('Parquet'), type(url), type(key), type('sandbox-access-secret')];

for (const generation of ['current', 'documented'] as const) {
  describe(`Link table from object storage, ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
      await shownTables(bench);
      bench.clear();
    });
    afterEach(() => bench.stop());

    it('creates the table, shows its row and opens it', async () => {
      const prompts = bench.script(...filledIn, press('Open Table'));
      await bench.run('linkTable', await tablesRow(bench));
      assert.equal(serverTable(bench, 'returns').url_pattern, url);
      assert.equal(serverTable(bench, 'returns').format, 'Parquet');
      assert.equal(serverTypes(bench, 'returns').returned_at, 'datetime');
      assert.deepEqual(bench.control.credential(DEVELOPMENT, serverTable(bench, 'returns').id), {
        access_key: key,
        access_secret: 'sandbox-access-secret',
      });
      assert.equal((await shownTables(bench))[0], 'returns');
      assert.match(prompts.told[0]?.message ?? '', /^Linked returns with 5 columns\.$/);
      assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /returns\.posthog-table\.json$/);
    });

    it('masks the key and the secret, and shows neither', async () => {
      const prompts = bench.script(...filledIn);
      await bench.run('linkTable', await tablesRow(bench));
      assert.deepEqual(
        prompts.asked.map(({ title, password }) => [/: (.*) \(/.exec(title)?.[1], password ?? false]),
        [
          ['Name', false],
          ['URL Pattern', false],
          ['Access Key', true],
          ['Access Secret', true],
        ],
      );
      assert.ok(!prompts.allText.includes('sandbox-access'), 'a secret was shown');
    });

    it('returns to the key that the server refused, with everything else filled in', async () => {
      const prompts = bench.script(
        type('returns'),
        pick('Parquet'),
        type(url),
        type('wrong-key'),
        type('some-secret'),
        type(key),
        type('some-secret'),
      );
      await bench.run('linkTable', await tablesRow(bench));
      const [, , , , keyAgain, secretAgain] = prompts.asked;
      assert.equal(keyAgain?.problem, 'The Access Key you provided does not exist');
      assert.equal(keyAgain.value, 'wrong-key');
      assert.equal(secretAgain?.value, 'some-secret');
      assert.equal(writes(bench).length, 2);
      assert.ok(serverTableNames(bench).includes('returns'));
    });

    it('returns only to the name if it is taken', async () => {
      const [, ...rest] = filledIn;
      const prompts = bench.script(type('orders'), ...rest, type('returns'));
      await bench.run('linkTable', await tablesRow(bench));
      assert.match(prompts.asked.at(-1)?.problem ?? '', /already exists/);
      assert.equal(prompts.asked.at(-1)?.value, 'orders');
      assert.ok(serverTableNames(bench).includes('returns'));
    });

    it("returns to the address if the files don't exist", async () => {
      const [name, format, , ...secrets] = filledIn;
      const missing = 'https://hedgehog-data.s3.amazonaws.com/nothing/*.parquet';
      const prompts = bench.script(name!, format!, type(missing), ...secrets, type(url));
      await bench.run('linkTable', await tablesRow(bench));
      assert.match(prompts.asked.at(-1)?.problem ?? '', /doesn't exist in the bucket/);
      assert.equal(prompts.asked.at(-1)?.value, missing);
      assert.equal(serverTable(bench, 'returns').url_pattern, url);
    });

    it('rejects names and addresses that are certain to fail before anything is sent', async () => {
      const prompts = bench.script(type('returns'), pick('Parquet'), canceled.type);
      await bench.run('linkTable', await tablesRow(bench));
      const [name, address] = prompts.asked;
      for (const wrong of ['', ' ', 'a.b', '2nd', 'with space', 'x'.repeat(129)]) {
        assert.ok(await name?.validate?.(wrong), `the name ${JSON.stringify(wrong)} was accepted`);
      }
      for (const wrong of ['', 'bucket/path', 's3://bucket/path', `https://host/${'x'.repeat(500)}`]) {
        assert.ok(await address?.validate?.(wrong), `the URL ${wrong} was accepted`);
      }
      assert.deepEqual(writes(bench), []);
      assert.deepEqual(prompts.told, []);
    });

    it('finds the table if the server failed after creating it', async () => {
      bench.fail('POST', 'status-500-after');
      const prompts = bench.script(...filledIn);
      await bench.run('linkTable', await tablesRow(bench));
      assert.equal(writes(bench).length, 1);
      assert.match(prompts.told[0]?.message ?? '', /Linked returns .*Checked again: PostHog has the table/);
      assert.equal((await shownTables(bench))[0], 'returns');
    });

    it('can be retried with the same values after a server failure', async () => {
      bench.fail('POST', 'status-500');
      const prompts = bench.script(...filledIn, press('Try Again in Development'));
      await bench.run('linkTable', await tablesRow(bench));
      assert.match(prompts.told[0]?.message ?? '', /Checked again: there is no table returns/);
      assert.ok(serverTableNames(bench).includes('returns'));
    });

    it('D: asks whether CSV files double quotes, if the server supports it; never offers DeltaS3Wrapper', async () => {
      const parcels = 'https://hedgehog-data.s3.amazonaws.com/parcels/*.csv';
      const [, , , ...secrets] = filledIn;
      const asksMore = generation === 'current';
      const prompts = bench.script(
        ...[
          type('parcels'),
          pick('CSV with header'),
          ...(asksMore ? [pick('Yes')] : []),
          type(parcels),
          ...secrets,
        ],
      );
      await bench.run('linkTable', await tablesRow(bench));
      const { options } = serverTable(bench, 'parcels');
      assert.deepEqual(options, asksMore ? { csv_allow_double_quotes: true } : undefined);
      assert.ok(!prompts.allText.includes('DeltaS3Wrapper'));
    });

    it("says after a cancel what hasn't happened yet", async () => {
      bench.stall('POST');
      const prompts = bench.script(...filledIn);
      await cancelOnce(
        bench,
        (call) => call.startsWith('POST'),
        bench.run('linkTable', await tablesRow(bench)),
      );
      assert.match(prompts.told[0]?.message ?? '', /^Canceled\. PostHog has no table returns yet\./);
      assert.ok(!serverTableNames(bench).includes('returns'));
    });
  });
}
