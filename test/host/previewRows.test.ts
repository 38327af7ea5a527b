import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { parseReportUri } from '../../src/reports/reportUri';
import { type ReportTarget } from '../../src/reports/reportTargets';
import { documentUri, parseDocumentUri, targetKey } from '../../src/documents/uris/uri';
import { closeEditors, HostBench } from './support/bench';
import { tableOf } from './support/documents';

for (const generation of ['current', 'documented'] as const) {
  describe(`preview of rows, ${generation} server`, () => {
    let bench: HostBench;

    before(async () => {
      bench = await HostBench.start({ generation });
    });

    afterEach(async () => {
      bench.control.clearFaults();
      bench.control.setQueryDelay(0);
      await closeEditors();
      bench.taken();
      bench.prompts.finish();
      bench.script();
    });

    after(() => bench.stop());

    const preview = async (table: string): Promise<vscode.TextDocument> => {
      await bench.run('previewRows', documentUri(tableOf(bench, table)));
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.languageId, 'posthog-rows', bench.prompts.allText);
      return document;
    };

    it('shows the first rows with names and types above', async () => {
      const { document } = { document: await preview('orders') };
      const lines = document.getText().split('\n');
      assert.match(lines[0] ?? '', /^orders: all 60 rows · environment 1201 · Test admin$/);
      const name = generation === 'current' ? 'orders' : '`orders`';
      assert.equal(lines[1], `SELECT * FROM ${name} LIMIT 100`);
      assert.match(lines[3] ?? '', /^order_id │ customer +│ +total │ currency/);
      assert.match(lines[4] ?? '', /Int64\??/);
      assert.match(lines[6] ?? '', /^ +1001 │ customer-0 +│ +19\.9 │ EUR/);
      const [query] = bench.control.requests().filter(({ method }) => method === 'POST');
      const body = query?.body as { query: unknown; refresh: unknown; client_query_id: unknown };
      assert.deepEqual(body.query, { kind: 'HogQLQuery', query: lines[1] });
      assert.match(String(body.client_query_id), /^[0-9a-f-]{36}$/);
    });

    it('lists the columns that PostHog leaves out', async () => {
      const document = await preview('price_list');
      assert.match(document.getText(), /^Left out by PostHog: price \(integer\)\.$/m);
    });

    it("can't be edited", async () => {
      const { uri } = await preview('products');
      await assert.rejects(
        async () => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('x')),
        /NoPermissions|read-?only|can't be edited/i,
      );
    });

    it('shows the full value and its column in a hover', async () => {
      const { uri } = await preview('products');
      const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri,
        new vscode.Position(6, 14),
      );
      const text = hover?.contents.map((content) => (content as vscode.MarkdownString).value).join('') ?? '';
      assert.match(text, /\*\*name\*\*/);
      assert.match(text, /Rain jacket/);
    });

    it('B8: every action above the rows works, and Open Table opens the table', async () => {
      const { uri } = await preview('products');
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        uri,
      );
      const registered = await vscode.commands.getCommands(true);
      for (const { command } of lenses) {
        assert.ok(command && registered.includes(command.command), command?.title);
      }
      const open = lenses.find(({ command }) => command?.title.endsWith('Open Table'))?.command;
      assert.ok(open);
      await vscode.commands.executeCommand(open.command, ...((open.arguments ?? []) as unknown[]));
      const shown = vscode.window.activeTextEditor?.document;
      const target = shown && parseDocumentUri(shown.uri)?.target;
      assert.ok(target);
      assert.equal(targetKey(target), targetKey(tableOf(bench, 'products')));
    });

    it('copies the rows as CSV and as JSON', async () => {
      const { uri } = await preview('newsletter_signups');
      await bench.run('copyRowsAsCsv', uri);
      assert.equal(
        await vscode.env.clipboard.readText(),
        'email,signed_up_on\r\nada@example.com,2026-02-20\r\ngrace@example.com,2026-02-21\r\n',
      );
      await bench.run('copyRowsAsJson', uri);
      assert.deepEqual(JSON.parse(await vscode.env.clipboard.readText()), [
        { email: 'ada@example.com', signed_up_on: '2026-02-20' },
        { email: 'grace@example.com', signed_up_on: '2026-02-21' },
      ]);
    });

    it('reloads on request, and after a window reload', async () => {
      const { uri } = await preview('products');
      bench.taken();
      await bench.run('refreshReport', uri);
      assert.equal(bench.taken().filter((request) => request.startsWith('POST')).length, 1);
      await closeEditors();
      (await bench.services.reports()).forget(uri);
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      assert.match(text, /Rain jacket/);
      assert.equal(bench.taken().filter((request) => request.startsWith('POST')).length, 1);
    });

    it('cancels the query on the server when canceled, and says so', async () => {
      bench.control.setQueryDelay(60_000);
      const target = rowsTarget(documentUri(tableOf(bench, 'orders')));
      const controller = new AbortController();
      const reading = (await bench.services.reports()).read(target, controller.signal);
      const failed = assert.rejects(reading, (error: Error & { note?: string }) => {
        assert.match(
          error.note ?? '',
          /^Canceled getting rows of orders\. PostHog canceled the query, too\.$/,
        );
        return true;
      });
      await bench.asked('POST');
      controller.abort();
      await failed;
      const [started, ended] = bench.control
        .requests()
        .filter(({ method }) => method === 'POST' || method === 'DELETE');
      const { client_query_id: id } = started?.body as { client_query_id: string };
      assert.equal(ended?.path.split('/').at(-2), id);
      assert.equal(ended.status, 204);
    });

    it('says what went wrong', async () => {
      const { control } = bench.sandbox;
      const uri = documentUri(tableOf(bench, 'orders'));
      control.addFault({ route: { method: 'POST', path: '/api/**/query/' }, kind: 'status-503' });
      await bench.run('previewRows', uri);
      assert.match(bench.prompts.told[0]?.message ?? '', /busy|503/);
      assert.equal(vscode.window.activeTextEditor, undefined);
    });

    function rowsTarget(uri: vscode.Uri): ReportTarget {
      const parsed = parseDocumentUri(uri)?.target;
      assert.equal(parsed?.kind, 'table');
      const { connectionId, environment, tableId, name } = parsed;
      return { kind: 'rows', place: { connectionId, environment, tableId, name } };
    }
  });
}

describe('preview of rows, keys and addresses', () => {
  it('reports in advance that the key lacks query:read', async () => {
    const bench = await HostBench.start({ generation: 'current' });
    try {
      bench.control.setKeyScopes('admin', ['warehouse_table:read', 'project:read']);
      await bench.services.connections.refreshAccess(bench.connectionId, new AbortController().signal);
      bench.taken();
      await bench.run('previewRows', documentUri(tableOf(bench, 'orders')));
      assert.match(
        bench.prompts.told[0]?.message ?? '',
        /doesn't have the scope query:read\. Nothing was sent\./,
      );
      assert.deepEqual(bench.taken(), []);
    } finally {
      await bench.stop();
    }
  });

  it("doesn't accept incomplete addresses", () => {
    for (const query of ['', '{', '{}', '[]', '{"connectionId":"c","environment":{"id":"1"}}']) {
      for (const authority of ['rows', 'web-vitals', 'other']) {
        const uri = vscode.Uri.from({ scheme: 'posthog-env-report', authority, path: '/1/x.txt', query });
        assert.equal(parseReportUri(uri), undefined);
      }
    }
  });
});
