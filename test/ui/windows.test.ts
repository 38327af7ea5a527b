import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../src/sandbox';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';
import type { Workbench } from './support/workbench';

const shop = 'Hedgehog Outfitters';

/** Switches from one window to another until it shows what was done in the first: storage events arrive at any time. */
async function seenIn(
  to: Workbench,
  from: Workbench,
  look: () => Promise<void>,
  limitMs?: number,
): Promise<void> {
  await eventually(async () => {
    await from.goTo();
    await to.goTo();
    await eventually(look, 2_000);
  }, limitMs);
}

describe('Before the view is opened', () => {
  const ui = useWorkbench({ viewOpened: false });

  it('6: nothing is fetched, even if a command has started the extension', async () => {
    const { quickInput, sandbox, tree } = ui();
    await ui().command('Add Connection…');
    await quickInput.row('Self-hosted…').first().waitFor();
    await quickInput.cancel();
    assert.deepEqual(sandbox.control.requests(), []);
    await tree.open();
    await tree.row('Sandbox', shop, 'Production');
    assert.notEqual(sandbox.control.requests().length, 0);
  });
});

describe('Two windows of one profile', () => {
  const ui = useWorkbench();
  let other: Sandbox | undefined;
  after(() => other?.close());

  async function withSecond(run: (first: Workbench, second: Workbench) => Promise<void>): Promise<void> {
    const first = ui();
    const second = await first.anotherWindow();
    try {
      await run(first, second);
    } finally {
      await second.close();
      await first.goTo();
    }
  }

  /** Adds a connection to another sandbox. @returns its name. */
  async function add({ tree, quickInput }: Workbench, { url, keys }: Sandbox): Promise<string> {
    await tree.titleAction('Add Connection…');
    await quickInput.choose('Self-hosted…');
    await quickInput.asks('https://posthog.example.com');
    await quickInput.fill(url);
    await quickInput.accept();
    await quickInput.asks('phx_…');
    await quickInput.fill(keys.admin);
    await quickInput.accept();
    await quickInput.titled('Add Connection (3 of 3)');
    await quickInput.accept();
    const label = new URL(url).host;
    await tree.row(label, 'Example Labs');
    return label;
  }

  const connections = async ({ tree }: Workbench): Promise<readonly string[]> =>
    (await tree.rows()).filter(({ level }) => level === 1).map(({ label }) => label);

  it('6: a connection added, renamed, or removed in one window shows in the other when it gets focus', () =>
    withSecond(async (first, second) => {
      const shows = async (window: Workbench, ...labels: string[]): Promise<void> =>
        seenIn(window, window === first ? second : first, async () =>
          assert.deepEqual(await connections(window), ['Sandbox', ...labels]),
        );
      other = await startSandbox();
      await second.tree.row('Sandbox', shop);
      await first.goTo();
      const label = await add(first, other);
      await shows(second, label);

      await second.tree.menu([label], 'Rename Connection…');
      await second.quickInput.titled('Rename Connection');
      await second.quickInput.fill('Elsewhere');
      await second.quickInput.accept();
      await second.tree.row('Elsewhere');
      await shows(first, 'Elsewhere');

      await first.tree.menu(['Elsewhere'], 'Remove Connection…');
      await first.modal.says(/Its API key and its history are deleted from this computer/);
      await first.modal.press('Remove');
      await first.tree.gone('Elsewhere');
      await shows(second);
    }));

  it('6: a document saved in one window is reloaded in the other when it gets focus, if it has no changes', () =>
    withSecond(async (first, second) => {
      for (const window of [second, first]) {
        await window.goTo();
        await window.openSettings(shop, 'Staging');
      }
      await first.editor.change({ timezone: 'Asia/Tokyo' });
      first.writes();
      await first.editor.save();
      assert.deepEqual(first.bodies(), [{ timezone: 'Asia/Tokyo' }]);
      // What was requested in the last half minute counts as current.
      await seenIn(
        second,
        first,
        async () => assert.equal((await second.editor.json()).timezone, 'Asia/Tokyo'),
        60_000,
      );
      await second.editor.isClean();
      assert.deepEqual(first.writes(), []);
    }));

  it('6: a key that is replaced in one is used by the other', async () => {
    other ??= await startSandbox();
    const label = await add(ui(), other);
    const { keys, control } = other;
    await withSecond(async (first, second) => {
      const used = async (): Promise<readonly (string | null)[]> => {
        control.clearRequests();
        await second.tree.action([label], 'Refresh');
        await eventually(() => assert.ok(control.requests().length > 0));
        return [...new Set(control.requests().map(({ keyName }) => keyName))];
      };
      await second.goTo();
      assert.deepEqual(await used(), ['admin']);

      await first.goTo();
      await first.tree.menu([label], 'Replace API Key…');
      await first.quickInput.asks('phx_…');
      await first.quickInput.fill(keys.read);
      await first.quickInput.accept();
      await first.quickInput.closed();
      await first.toasts.says(/^Replaced the API key of "[^"]+"/);
      await second.goTo();
      // On a desktop, this takes effect immediately. In a browser, VS Code reads its secrets once per window, when it
      // loads.
      await second.reload();
      await second.tree.row(label);
      assert.deepEqual(await used(), ['read']);
    });
  });
});
