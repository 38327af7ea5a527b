import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DEVELOPMENT, HostBench } from './support/bench';
import { canceled, openFile, pick, pickMany, search, type, type ScriptedPrompts } from './support/prompts';
import { TreeWalk } from './support/treeWalk';

const organization = 'Hedgehog Outfitters';
const connection = 'Test admin';
const environment = [organization, 'Development'];
const file = vscode.Uri.file(join(tmpdir(), 'prompt-places.csv'));
const orders = [...environment, 'Warehouse tables', 'orders'];

type Steps = ConstructorParameters<typeof ScriptedPrompts>;

/** What is asked, when run on a row, until it's canceled. */
const prompts: readonly [command: string, row: readonly string[], steps: Steps, names: readonly string[]][] =
  [
    ['rename', environment, [canceled.type], ['Development', organization, connection]],
    ['rename', orders, [canceled.type], ['orders', 'Development', organization, connection]],
    ['deleteEnvironment', environment, [canceled.type], ['Development', organization, connection]],
    ['deleteTable', orders, [canceled.confirm], ['orders', 'Development', organization, connection]],
    [
      'linkTable',
      environment,
      [type('visits'), pick('Parquet'), type('https://example.com/*.parquet'), type('id'), canceled.type],
      ['Development', organization, connection],
    ],
    [
      'uploadFile',
      environment,
      [openFile(file), pick('CSV with header'), canceled.type],
      ['Development', organization, connection],
    ],
    ['uploadFile', environment, [openFile(undefined)], ['Development', organization, connection]],
    [
      'changeColumnType',
      orders,
      [pickMany(['total']), canceled.pick],
      ['orders', 'Development', organization, connection],
    ],
    [
      'replaceCredentials',
      orders,
      [type('id'), canceled.type],
      ['orders', 'Development', organization, connection],
    ],
    ['copySettings', environment, [canceled.pick], ['Development', organization, connection]],
    ['compareEnvironment', environment, [canceled.pick], ['Development', organization, connection]],
    ['openSettingsGroup', environment, [canceled.pick], ['Development', organization, connection]],
    ['showWebVitals', environment, [search('', undefined)], ['Development', organization, connection]],
    ['createEnvironment', [], [canceled.pick], [connection]],
    ['replaceKey', [], [canceled.type], [connection]],
    ['renameConnection', [], [canceled.type], [connection]],
    ['removeConnection', [], [canceled.confirm], [connection]],
  ];

for (const count of ['one connection', 'two connections'] as const) {
  describe(`Prompts with ${count}`, () => {
    let bench: HostBench;
    let other: HostBench | undefined;
    before(async () => {
      await writeFile(file.fsPath, 'id\n1\n');
      bench = await HostBench.start();
      other = count === 'two connections' ? await HostBench.start({ key: 'member' }) : undefined;
    });
    after(async () => {
      await bench.stop();
      await other?.stop();
      await rm(file.fsPath);
    });

    for (const [command, row, steps, names] of prompts) {
      it(`11.4: all ${steps.length} of ${command} on ${row.at(-1) ?? 'a connection'} tell ${names.join(', ')}`, async () => {
        const walk = new TreeWalk(bench);
        await walk.children(organization, 'Development');
        const shown = bench.script(...steps);
        await walk.run(command, ...row);
        assert.equal(shown.texts.length, steps.length);
        for (const text of shown.texts) {
          for (const name of names) {
            assert.ok(text.includes(name), `"${name}" isn't in:\n${text}`);
          }
        }
        assert.ok(
          bench.methods().every((method) => method === 'GET'),
          `${command} of ${DEVELOPMENT}`,
        );
        bench.prompts.finish();
      });
    }
  });
}
