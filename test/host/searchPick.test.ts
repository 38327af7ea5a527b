import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import { PostHogError } from '../../src/posthog/errors';
import { searchPick } from '../../src/ui/searchPick';
import { DEVELOPMENT, HostBench } from './support/bench';
import { settingsOf } from './support/documents';
import { search } from './support/prompts';

describe('a pick with search results', () => {
  const logged: string[] = [];
  const note = (line: string | Error): void => void logged.push(String(line));
  const log = { debug: note, info: note, warn: note, error: note };
  const { createQuickPick } = vscode.window;
  let pick: vscode.QuickPick<vscode.QuickPickItem> | undefined;

  beforeEach(() => {
    logged.length = 0;
    Object.assign(vscode.window, {
      createQuickPick: () => {
        pick = createQuickPick();
        return pick;
      },
    });
  });
  afterEach(() => {
    pick?.hide();
    Object.assign(vscode.window, { createQuickPick });
  });

  /** Opens a pick whose first search fails, reads its rows, and presses Enter. */
  async function failing(error: Error): Promise<{ rows: readonly string[]; chosen: unknown }> {
    const errors = [error];
    const choosing = searchPick<string>(
      async () => {
        const failure = errors.shift();
        if (failure) {
          throw failure;
        }
        return [{ label: 'orders', value: 'orders' }];
      },
      { title: 'Open Table', placeHolder: 'Type part of the table name', log },
    );
    while (pick?.busy) {
      await new Promise(setImmediate);
    }
    const rows = (pick?.items ?? []).map(({ label, detail }) => [label, detail].filter(Boolean).join(' '));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return { rows, chosen: await choosing };
  }

  it('searchPick: a bug is shown in a row and logged, and Enter searches again', async () => {
    const { rows, chosen } = await failing(new TypeError('names is not iterable'));
    assert.deepEqual(rows, [
      'Something went wrong in the extension. Nothing else is affected. See the log for details.',
    ]);
    assert.match(logged.join(), /names is not iterable/);
    assert.equal(chosen, 'orders');
  });

  it('searchPick: a server failure is shown in a row and logged, and Enter searches again', async () => {
    const { rows, chosen } = await failing(
      new PostHogError({
        kind: 'server',
        what: 'PostHog failed.',
        why: 'It is overloaded.',
        remedy: 'Try again.',
        cause: new Error('HTTP 503'),
      }),
    );
    assert.deepEqual(rows, ['PostHog failed. It is overloaded. Try again.']);
    assert.deepEqual(logged, ['PostHog failed. It is overloaded. Try again. (HTTP 503)']);
    assert.equal(chosen, 'orders');
  });

  /** Types a text and presses Enter before the server has answered. */
  async function enterAtOnce(
    typed: string,
    names: readonly string[],
  ): Promise<{ choosing: Promise<string | undefined>; asked: readonly string[] }> {
    const asked: string[] = [];
    const choosing = searchPick<string>(
      async (text) => {
        asked.push(text);
        return names
          .filter((name) => name.includes(text.toLowerCase()))
          .map((label) => ({ label, value: label }));
      },
      { title: 'Refresh Schema', placeHolder: 'Type part of the table name', log },
    );
    await shown();
    assert.ok(pick);
    pick.value = typed;
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return { choosing, asked };
  }

  /** Waits until VS Code shows the rows. */
  async function shown(): Promise<void> {
    while (!pick || pick.busy || !pick.activeItems.some((active) => pick?.items.includes(active))) {
      await new Promise(setImmediate);
    }
  }

  it("searchPick: Enter before the answer takes the row with that name, not the server's first", async () => {
    assert.equal(await (await enterAtOnce('orders', ['all_orders', 'orders'])).choosing, 'orders');
    assert.equal(
      await (
        await enterAtOnce('Ord', ['all_orders', 'order_items', 'orders'])
      ).choosing,
      'orders',
    );
    assert.equal(await (await enterAtOnce('_ord', ['all_orders', 'orders'])).choosing, 'all_orders');
  });

  it('searchPick: Enter before the answer only shows rows that could be meant as well, and another Enter accepts', async () => {
    for (const [typed, names, shownFirst] of [
      ['rders', ['old_orders', 'my_orders'], 'my_orders'],
      ['order_', ['all_orders', 'order_b', 'order_a'], 'order_a'],
    ] as const) {
      const { choosing, asked } = await enterAtOnce(typed, names);
      while (!asked.includes(typed)) {
        await new Promise(setImmediate);
      }
      await shown();
      assert.equal(await Promise.race([choosing, Promise.resolve('open')]), 'open');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      assert.equal(await choosing, shownFirst);
    }
  });
});

describe('choosing one of many tables', () => {
  let bench: HostBench;
  before(async () => {
    bench = await HostBench.start({ scenario: 'large' });
    await bench.run('openSettings', documentUri(settingsOf(bench, 101, 'Environment 101')));
  });
  after(() => bench.stop());

  it("C3: says how many tables it doesn't show, and continues from there", async () => {
    const prompts = bench.script(search('', undefined));
    await bench.run('openTable');
    assert.equal(prompts.offered[0]?.length, 101);
    assert.equal(prompts.descriptions.at(-1), '9900 more tables');

    const typing = bench.script(search('table_00', '…'), search('table_00001', 'table_00001'));
    await bench.run('openTable');
    assert.equal(typing.offered[0]?.at(-1), '…');
    assert.deepEqual(typing.offered[1], ['table_00001']);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /"table_00001"/);
  });
});

describe('tables in a list', () => {
  let bench: HostBench;
  before(async () => {
    bench = await HostBench.start();
  });
  after(() => bench.stop());

  it('E: show their format in plain words', async () => {
    const picking = bench.script(search('', undefined));
    await bench.run('openTable', documentUri(settingsOf(bench, DEVELOPMENT, 'Development')));
    assert.deepEqual([...new Set(picking.descriptions)].sort(), [
      'CSV with header',
      'Delta · Stripe',
      'JSON Lines',
      'Parquet',
    ]);
    const finding = bench.script(search('price_list', undefined));
    await bench.run('find');
    assert.ok(finding.descriptions.includes('CSV with header'), finding.descriptions.join());
  });
});
