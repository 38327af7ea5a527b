import assert from 'node:assert/strict';
import { DEVELOPMENT, HostBench } from './support/bench';
import { canceled, openFile, pickMany, search, type ScriptedPrompts } from './support/prompts';
import { TreeWalk } from './support/treeWalk';

const organization = 'Hedgehog Outfitters';
const connection = 'Test admin';
const environment = [organization, 'Development'];
const orders = [...environment, 'Warehouse tables', 'orders'];

type Steps = ConstructorParameters<typeof ScriptedPrompts>;

/** What is asked first, when run on a row. The rest of an operation is titled in the same way. */
const prompts: readonly [command: string, row: readonly string[], steps: Steps, names: readonly string[]][] =
  [
    ['rename', environment, [canceled.type], ['Development', organization, connection]],
    ['rename', orders, [canceled.type], ['orders', 'Development', organization, connection]],
    ['deleteEnvironment', environment, [canceled.type], ['Development', organization, connection]],
    ['deleteTable', orders, [canceled.confirm], ['orders', 'Development', organization, connection]],
    ['linkTable', environment, [canceled.type], ['Development', organization, connection]],
    ['uploadFile', environment, [openFile(undefined)], ['Development', organization, connection]],
    ['changeColumnType', orders, [pickMany(undefined)], ['orders', 'Development', organization, connection]],
    ['replaceCredentials', orders, [canceled.type], ['orders', 'Development', organization, connection]],
    ['copySettings', environment, [canceled.pick], ['Development', organization, connection]],
    ['compareEnvironment', environment, [canceled.pick], ['Development', organization, connection]],
    ['openSettingsGroup', environment, [canceled.pick], ['Development', organization, connection]],
    ['showWebVitals', environment, [search('', undefined)], ['Development', organization, connection]],
    ['createEnvironment', [], [canceled.pick], [connection]],
    ['replaceKey', [], [canceled.type], [connection]],
    ['renameConnection', [], [canceled.type], [connection]],
    ['removeConnection', [], [canceled.confirm], [connection]],
  ];

describe('Prompts with two connections and two organizations', () => {
  let bench: HostBench;
  let other: HostBench;
  before(async () => {
    bench = await HostBench.start();
    other = await HostBench.start({ key: 'member' });
  });
  after(async () => {
    await bench.stop();
    await other.stop();
  });

  for (const [command, row, steps, names] of prompts) {
    it(`11.4: ${command} on ${row.at(-1) ?? 'a connection'} tells ${names.join(', ')}`, async () => {
      const walk = new TreeWalk(bench);
      await walk.children(organization, 'Development');
      const shown = bench.script(...steps);
      await walk.run(command, ...row);
      const texts = [...shown.titles, ...shown.confirmed.map(({ detail }) => detail)].join('\n');
      for (const name of names) {
        assert.ok(texts.includes(name), `"${name}" isn't in:\n${texts}`);
      }
      assert.ok(
        bench.methods().every((method) => method === 'GET'),
        `${command} of ${DEVELOPMENT}`,
      );
      bench.prompts.finish();
    });
  }
});
