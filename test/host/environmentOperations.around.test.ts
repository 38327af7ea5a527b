import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Generation } from '../../src/sandbox/index';
import { DEVELOPMENT, HostBench, STAGING } from './support/bench';
import { openDocument, setText, settingsOf, tableOf as tableDocumentOf, valueOf } from './support/documents';
import { confirm, search, press, type } from './support/prompts';
import { labelOf, labelsAt, rowAt } from './support/tree';

const shop = (generation: Generation): string[] =>
  generation === 'current' ? ['Hedgehog Outfitters'] : ['Hedgehog Outfitters', 'Online shop'];

for (const generation of ['current', 'documented'] as const) {
  describe(`renaming, finding and copying (${generation})`, () => {
    let bench: HostBench;
    const path = shop(generation);

    beforeEach(async () => {
      bench = await HostBench.start({ generation });
    });
    afterEach(() => bench.stop());

    const told = (): string => bench.prompts.told.map(({ message }) => message).join('\n');

    it('renames an environment, sending only the name; tree and clean documents show it, dirty ones stay', async () => {
      const row = await rowAt(bench, ...path, 'Staging');
      const document = await openDocument(settingsOf(bench, STAGING, 'Staging'));
      bench.clear();
      bench.script(type('Preview'));
      await bench.run('rename', row);
      assert.equal(bench.control.environment(STAGING).name, 'Preview');
      assert.deepEqual(
        bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
        [{ name: 'Preview' }],
      );
      await bench.services.provider.settled();
      assert.equal(labelOf(row), 'Preview');
      await setText(document, document.getText().replace('"anonymize_ips": true', '"anonymize_ips": false'));
      const dirty = document.getText();
      bench.script(type('Preview 2'), confirm('Rename Preview'));
      await bench.run('rename', row);
      assert.equal(document.getText(), dirty);
      assert.equal(document.isDirty, true);
    });

    it('renames the environment of the active document, even from a name that no file can have', async () => {
      bench.control.patchEnvironment(STAGING, { name: 'QA: EU/1' });
      await openDocument(settingsOf(bench, STAGING, 'QA: EU/1'));
      bench.script(type('QA'), confirm('Rename QA: EU/1'));
      await bench.run('rename');
      assert.equal(bench.prompts.asked[0]?.value, 'QA: EU/1');
      assert.equal(bench.control.environment(STAGING).name, 'QA');
    });

    it("uses the environment's own name if a table document is active", async () => {
      await openDocument(tableDocumentOf(bench, 'orders'));
      bench.script(type(undefined));
      await bench.run('deleteEnvironment');
      assert.match(bench.prompts.asked[0]?.title ?? '', /Delete Environment Development/);
    });

    it("asks again with the reason if a name can't be used", async () => {
      const row = await rowAt(bench, ...path, 'Development', 'Warehouse tables', 'orders');
      bench.script(type('products'), type('orders_2026'));
      await bench.run('rename', row);
      const [first, second] = bench.prompts.asked;
      assert.equal(first?.value, 'orders');
      assert.equal(second?.value, 'products');
      assert.match(second.problem ?? '', /already exists/);
      const names = bench.control.tables(DEVELOPMENT).map(({ name }) => name);
      assert.ok(names.includes('orders_2026') && !names.includes('orders'));
      await bench.services.provider.settled();
      assert.equal(labelOf(row), 'orders_2026');
    });

    it('11.3: renaming in a protected environment is rehearsed and reviewed like a save', async () => {
      const question = (): { message: string; detail: string } =>
        bench.prompts.confirmed[0] ?? assert.fail('there was no question');
      await bench.services.marks.mark(bench.connectionId, STAGING, { protect: true });
      await bench.services.marks.mark(bench.connectionId, DEVELOPMENT, { protect: true });
      const row = await rowAt(bench, ...path, 'Staging');
      bench.clear();
      bench.script(type('Preview'), confirm(undefined));
      await bench.run('rename', row);
      assert.ok(bench.methods().every((method) => method === 'GET'));
      assert.equal(question().message, 'Rename Staging to Preview?');
      assert.match(
        question().detail,
        /The environment is protected\.[^]*Staging \(1202\), protected\n[^]*name: "Staging" → "Preview"[^]*Rehearsed: PostHog would accept this as it is\./,
      );
      bench.prompts.finish();
      bench.script(type('Preview'), confirm('Rename Staging'));
      await bench.run('rename', row);
      assert.equal(bench.control.environment(STAGING).name, 'Preview');
      bench.prompts.finish();

      const table = await rowAt(bench, ...path, 'Development', 'Warehouse tables', 'orders');
      bench.script(type('events'), confirm('Rename in Development'), type(undefined));
      await bench.run('rename', table);
      assert.equal(question().message, 'Rename the table orders in Development to events?');
      assert.match(question().detail, /Rehearsed: PostHog would reject this\. .*already exists/);
      assert.match(bench.prompts.asked.at(-1)?.problem ?? '', /already exists/);
      bench.prompts.finish();
    });

    it('B8: a rename whose key is rejected offers another key instead of asking for another name', async () => {
      const table = await rowAt(bench, ...path, 'Development', 'Warehouse tables', 'orders');
      const staging = await rowAt(bench, ...path, 'Staging');
      bench.control.revokeKey('admin');
      for (const [row, name] of [
        [table, 'sales'],
        [staging, 'Preview'],
      ] as const) {
        bench.script(type(name), press(undefined));
        await bench.run('rename', row);
        assert.deepEqual(bench.prompts.told.at(-1)?.buttons, ['Replace Key…']);
        bench.prompts.finish();
      }
    });

    it('accepts a table name with dots and explains it; rejects empty and overlong ones immediately', async () => {
      const row = await rowAt(bench, ...path, 'Development', 'Warehouse tables', 'orders');
      bench.script(type('orders.v2'));
      await bench.run('rename', row);
      assert.match(told(), /in backticks/);
      const [question] = bench.prompts.asked;
      assert.ok(await question?.validate?.(' '));
      assert.ok(await question?.validate?.('x'.repeat(129)));
      assert.ok(bench.control.tables(DEVELOPMENT).some(({ name }) => name === 'orders.v2'));
    });

    it("doesn't rename a table that a source manages", async () => {
      const row = await rowAt(bench, ...path, 'Development', 'Warehouse tables', 'stripe_charge');
      bench.clear();
      await bench.run('rename', row);
      assert.deepEqual(bench.calls(), []);
      assert.equal(bench.prompts.told.length, 1);
    });

    it("doesn't overwrite a name that someone else just set", async () => {
      const row = await rowAt(bench, ...path, 'Staging');
      bench.control.patchEnvironment(STAGING, { name: 'Theirs' });
      bench.script(type('Mine'), type(undefined));
      await bench.run('rename', row);
      assert.equal(bench.control.environment(STAGING).name, 'Theirs');
      assert.match(bench.prompts.asked[1]?.problem ?? '', /Someone renamed it in the meantime/);
    });

    it('renames a connection only here', async () => {
      bench.clear();
      bench.script(type('Shop'));
      await bench.run('rename', await rowAt(bench));
      assert.equal(bench.connection.label, 'Shop');
      assert.deepEqual(bench.calls(), []);
    });

    it('finds environments locally and opens their settings', async () => {
      bench.script(search('stag', 'Staging'));
      await bench.run('find');
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      assert.equal(valueOf(document).name, 'Staging');
    });

    it("finds tables in every environment with the server's search, and says how many more match", async () => {
      bench.clear();
      bench.script(search('export_24', 'export_245'));
      await bench.run('find');
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      assert.equal(valueOf(document).name, 'export_245');
      const searches = bench.requests(({ query }) => query.search === 'export_24');
      assert.equal(searches.length, bench.control.environmentIds().length);
    });

    it("shows a row for what couldn't be searched, never silently fewer results", async () => {
      const warehouse = ({ path: route }: { path: string }): boolean => route.includes('warehouse_tables');
      bench.control.addFault({
        route: { method: 'GET', path: '/api/*/1203/warehouse_tables' },
        kind: 'status-500',
      });
      bench.script(search('orders', 'orders'));
      await bench.run('find');
      assert.ok(bench.requests(warehouse).length > 0);
      assert.ok(bench.prompts.offered.at(-1)?.includes('…'));
    });

    it('copies IDs, project tokens and HogQL names', async () => {
      const clipboard = (): Thenable<string> => vscode.env.clipboard.readText();
      const staging = await rowAt(bench, ...path, 'Staging');
      const production = await rowAt(bench, ...path, 'Production');
      await bench.run('copyId', staging, [staging, production]);
      assert.equal(await clipboard(), '1202\n1203');
      await bench.run('copyProjectToken', staging);
      assert.equal(await clipboard(), bench.control.environment(STAGING).api_token);
      const tables = [...path, 'Development', 'Warehouse tables'];
      const orders = await rowAt(bench, ...tables, 'orders');
      await bench.run('copyHogQLName', orders);
      assert.match(await clipboard(), /^`?orders`?$/);
      await bench.run('copyId', orders);
      const [stored] = bench.control.tables(DEVELOPMENT).filter(({ name }) => name === 'orders');
      assert.equal(await clipboard(), stored?.id);
      const [column] = await labelsAt(bench, ...tables, 'orders');
      await bench.run('copyHogQLName', await rowAt(bench, ...tables, 'orders', column ?? ''));
      assert.equal(await clipboard(), column);
    });

    it('opens a table from its row with Enter', async () => {
      const { command } = (await rowAt(bench, ...path, 'Development', 'Warehouse tables', 'orders')).item();
      assert.ok(command);
      await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      assert.equal(valueOf(document).name, 'orders');
    });
  });
}
