import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connection } from '../../src/connections/connection';
import type { TreeNode } from '../../src/tree/node';
import { HostBench, DEVELOPMENT, STAGING, closeEditors, until } from './support/bench';
import { pick } from './support/prompts';
import { columnRow, tableRows, tablesRow } from './support/tables';
import { labelOf, rowAt } from './support/tree';

const company = 'Hedgehog Outfitters';
const refusal =
  'The environment is read-only on this computer. Nothing was sent. To make changes, choose Allow Saving from its context menu.';

describe('In a read-only environment', () => {
  let bench: HostBench;
  before(async () => {
    await closeEditors();
    bench = await HostBench.start();
    await bench.services.marks.mark(bench.connectionId, DEVELOPMENT, { readOnly: true });
  });
  after(() => bench.stop());
  afterEach(closeEditors);

  /** Asserts that a command says why it does nothing, and neither asks nor sends anything before that. */
  async function assertRefused(what: string, command: string, ...parameters: unknown[]): Promise<void> {
    bench.clear();
    const prompts = bench.script();
    await bench.run(command, ...parameters);
    assert.deepEqual(
      prompts.told.map(({ message }) => message),
      [refusal],
      what,
    );
    prompts.finish();
    assert.deepEqual(prompts.titles, [], what);
    assert.deepEqual(
      bench.methods().filter((method) => method !== 'GET'),
      [],
      what,
    );
  }

  const writes: readonly {
    readonly command: string;
    readonly on: string;
    readonly row: () => Promise<TreeNode | undefined>;
    readonly files?: readonly vscode.Uri[];
  }[] = [
    { command: 'linkTable', on: 'Warehouse tables', row: () => tablesRow(bench) },
    { command: 'uploadFile', on: 'Warehouse tables', row: () => tablesRow(bench) },
    // As files are dropped.
    {
      command: 'uploadFile',
      on: 'Warehouse tables',
      row: () => tablesRow(bench),
      files: [vscode.Uri.file('/shoes.csv')],
    },
    ...['rename', 'refreshSchema', 'replaceCredentials', 'deleteTable', 'changeColumnType'].map(
      (command) => ({ command, on: 'a table', row: async () => (await tableRows(bench, 'orders'))[0] }),
    ),
    { command: 'changeColumnType', on: 'a column', row: () => columnRow(bench, 'orders', 'total') },
    ...['rename', 'deleteEnvironment'].map((command) => ({
      command,
      on: 'an environment',
      row: () => rowAt(bench, company, 'Development'),
    })),
  ];

  for (const { command, on, row, files } of writes) {
    it(`9.B9: ${command} is refused on ${on}${files ? ' with files' : ''} before any question`, async () => {
      const target = await row();
      assert.ok(target);
      await assertRefused(command, command, target, files);
    });
  }

  it("9.B9: what applies to a table is refused for the active editor's before any question", async () => {
    const [row] = await tableRows(bench, 'orders');
    await bench.run('openTable', row);
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /orders/);
    for (const command of [
      'changeColumnType',
      'deleteTable',
      'linkTable',
      'refreshSchema',
      'rename',
      'replaceCredentials',
      'uploadFile',
    ]) {
      await assertRefused(command, command);
    }
  });

  it("9.B9: an environment that was chosen is refused before anything else is asked, and another one isn't", async () => {
    for (const command of ['linkTable', 'uploadFile', 'deleteTable', 'rename', 'deleteEnvironment']) {
      const prompts = bench.script(pick('Development'));
      await bench.run(command);
      assert.deepEqual(
        prompts.told.map(({ message }) => message),
        [refusal],
        command,
      );
      prompts.finish();
      assert.equal(prompts.titles.length, 1, command);
    }
    const prompts = bench.script(pick('Staging'), { kind: 'openFile', uri: undefined });
    await bench.run('uploadFile');
    assert.deepEqual(prompts.told, []);
    prompts.finish();
  });

  it('9.B9: duplicating it is allowed, because only the copy is written', async () => {
    const prompts = bench.script();
    await bench.run('duplicateEnvironment', await rowAt(bench, company, 'Development'));
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /Development/);
    assert.ok(prompts.told.every(({ message }) => message !== refusal));
  });

  it('9.B9: a selection of several environments names the one that is read-only', async () => {
    const [here] = await tableRows(bench, 'orders');
    const tables = await tablesRow(bench, STAGING);
    const [there] = await bench.services.provider.getChildren(tables);
    assert.ok(here && there);
    const prompts = bench.script();
    await bench.run('deleteTable', there, [there, here]);
    assert.match(prompts.told[0]?.message ?? '', /^Development · Hedgehog.*: The environment is read-only/);
    prompts.finish();
  });

  it('9.B9: rows stop offering writes when the mark changes', async () => {
    const { marks, provider } = bench.services;
    const tables = await tablesRow(bench, STAGING);
    const [table] = await provider.getChildren(tables);
    assert.ok(table);
    const environment = await rowAt(bench, company, 'Staging');
    const changed: unknown[] = [];
    const subscription = provider.onDidChangeTreeData((row) => changed.push(row));
    const offers = (): boolean[] =>
      [tables, table].map((row) => / writable\b/.test(row.item().contextValue ?? ''));
    assert.deepEqual(offers(), [true, true]);
    const marked = until(provider.onDidChangeTreeData, () => changed.includes(environment), 'the row');
    await marks.mark(bench.connectionId, STAGING, { readOnly: true });
    // The rows below it are drawn again with it.
    await marked;
    assert.deepEqual(offers(), [false, false]);
    await marks.mark(bench.connectionId, STAGING, { readOnly: false });
    assert.deepEqual(offers(), [true, true]);
    subscription.dispose();
  });
});

describe('Two connections to one host', () => {
  let bench: HostBench;
  const second: Connection = { id: 'second', label: 'Second key', kind: 'server', origin: '' };
  before(async () => {
    await closeEditors();
    bench = await HostBench.start();
    await bench.services.connections.add({ ...second, origin: bench.sandbox.url }, bench.sandbox.keys.admin);
  });
  after(async () => {
    await bench.services.connections.remove(second.id);
    await bench.services.marks.forget({ ...second, origin: bench.sandbox.url });
    await bench.stop();
  });

  /** The rows of Staging, first the one of the bench's connection. */
  async function rows(): Promise<readonly [TreeNode, TreeNode]> {
    const { provider } = bench.services;
    const own = await rowAt(bench, company, 'Staging');
    const root = await provider.connection(second.id);
    const [organization] = await provider.getChildren(root);
    const found = (await provider.getChildren(organization)).find((row) => labelOf(row) === 'Staging');
    assert.ok(found);
    return [own, found];
  }

  it('11.1: both rows show what is marked on one, and what is allowed on the other', async () => {
    const both = await rows();
    const readOnly = (): boolean[] => both.map((row) => String(row.item().description).includes('read-only'));
    const changed: unknown[] = [];
    const subscription = bench.services.provider.onDidChangeTreeData((row) => changed.push(row));
    await bench.run('makeReadOnly', both[1]);
    assert.deepEqual(readOnly(), [true, true]);
    assert.deepEqual(
      both.map((row) => changed.includes(row)),
      [true, true],
    );
    assert.ok(both.every((row) => / kept\b/.test(row.item().contextValue ?? '')));
    await bench.run('allowSaving', both[0]);
    assert.deepEqual(readOnly(), [false, false]);
    subscription.dispose();
    assert.deepEqual(bench.prompts.told, []);
  });

  it('11.1: Do Not Protect says so if the other one still protects the environment', async () => {
    const both = await rows();
    const isProtected = (): boolean[] =>
      both.map((row) => / protected\b/.test(row.item().contextValue ?? ''));
    assert.deepEqual(isProtected(), [false, false]);
    await bench.run('protectEnvironment', both[1]);
    assert.deepEqual(isProtected(), [true, true]);
    const prompts = bench.script();
    await bench.run('unprotectEnvironment', both[0]);
    assert.equal(prompts.told.length, 1);
    assert.match(
      prompts.told[0]?.message ?? '',
      /^\S.*: The environment is also protected in "Second key"\. To change this, choose Do Not Protect there, too\.$/,
    );
    assert.deepEqual(isProtected(), [true, true]);
    await bench.run('unprotectEnvironment', both[1]);
    assert.equal(prompts.told.length, 1);
    assert.deepEqual(isProtected(), [false, false]);
  });
});
