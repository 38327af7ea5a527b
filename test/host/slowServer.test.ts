import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Canceled } from '../../src/connections/failures';
import { documentUri } from '../../src/documents/uris/uri';
import { withLateCancel } from '../../src/ui/lateProgress';
import { closeEditors, HostBench, PRODUCTION, STAGING } from './support/bench';
import { openDocument, replaceIn, settingsOf } from './support/documents';
import { type } from './support/prompts';
import { rowAt } from './support/tree';

describe('a slow server', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;
  const limitRequests = (seconds: number | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration('posthogEnvironments.network')
      .update('timeoutSeconds', seconds, vscode.ConfigurationTarget.Global);
  // Long enough that requests only end by being canceled.
  before(() => limitRequests(600));
  after(() => limitRequests(undefined));
  beforeEach(async () => {
    bench = await HostBench.start();
    document = await openDocument(settingsOf(bench));
    bench.clear();
  });
  afterEach(() => bench.stop());

  /** Runs a command whose request gets no response, and presses Cancel as soon as a notification has it. */
  async function runAndCancel(
    command: string,
    target: unknown = documentUri(settingsOf(bench)),
    method = 'GET',
  ): Promise<void> {
    bench.stall(method);
    const state = { ended: false };
    const running = bench.run(command, target).finally(() => {
      state.ended = true;
    });
    if (method !== 'GET') {
      // Not the requests before it, which can be canceled too.
      await bench.asked(method);
    }
    await cancelUntil(state);
    await running;
  }

  async function cancelUntil(state: { readonly ended: boolean }): Promise<void> {
    while (!state.ended) {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      await new Promise(setImmediate);
    }
  }

  const openTabs = (): number => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length;

  for (const { command, edited } of [
    { command: 'compare', edited: true },
    { command: 'keepMine', edited: true },
    { command: 'useTheirs', edited: true },
    { command: 'useTheirs', edited: false },
    { command: 'reloadDocument', edited: true },
    { command: 'reloadDocument', edited: false },
    { command: 'duplicateEnvironment', edited: false },
  ]) {
    it(`C6: ${command} can be canceled with ${edited ? 'unsaved changes' : 'nothing to save'}, and then does nothing`, async () => {
      if (edited) {
        await replaceIn(document, 'America/New_York', 'Europe/Paris');
      }
      const text = document.getText();
      const tabs = openTabs();
      bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
      await runAndCancel(command);
      assert.equal(document.getText(), text);
      assert.equal(document.isDirty, edited);
      assert.equal(openTabs(), tabs);
      assert.deepEqual(bench.methods(), ['GET']);
      assert.deepEqual(bench.prompts.told, []);
    });
  }

  it("C6: work that ignores cancellation isn't waited for", async () => {
    const state = { ended: false };
    const running = withLateCancel('Waiting', () => new Promise<never>(() => undefined)).finally(() => {
      state.ended = true;
    });
    await cancelUntil(state);
    await assert.rejects(running, Canceled);
  });

  it('C6: listing environments for a picker can be canceled, and then does nothing', async () => {
    await closeEditors();
    bench.services.directory.refresh();
    await runAndCancel('copyId', null);
    assert.deepEqual(bench.prompts.offered, []);
    assert.deepEqual(bench.prompts.told, []);
  });

  it('C6: a rename can be canceled before anything is sent, and changes nothing', async () => {
    const row = await rowAt(bench, 'Hedgehog Outfitters', 'Staging');
    bench.clear();
    bench.script(type('Rehearsal'));
    await runAndCancel('rename', row);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.equal(bench.control.environment(STAGING).name, 'Staging');
    assert.deepEqual(bench.prompts.told, []);
  });

  it('C6: a rename that is canceled while it is being sent reports what PostHog has', async () => {
    const row = await rowAt(bench, 'Hedgehog Outfitters', 'Staging');
    bench.clear();
    const prompts = bench.script(type('Rehearsal'), type(undefined));
    await runAndCancel('rename', row, 'PATCH');
    assert.match(
      prompts.asked[1]?.prompt ?? '',
      /doesn't have the change yet, but may still be working on it/,
    );
    assert.equal(bench.control.environment(STAGING).name, 'Staging');
  });

  it('C6: an undo can be canceled before anything is sent, and keeps its entry', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    assert.ok(await document.save());
    const view = await bench.services.historyView();
    view.show(undefined);
    const changes = async (): Promise<unknown[]> => {
      const days = await view.children();
      const rows = (await Promise.all(days.map((day) => view.children(day)))).flat();
      return rows.filter((row) => 'entry' in row && row.entry.connectionId === bench.connectionId);
    };
    const [change, ...older] = await changes();
    assert.deepEqual(older, []);
    bench.clear();
    await runAndCancel('undoChange', change);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Paris');
    assert.equal((await changes()).length, 1);
    assert.deepEqual(bench.prompts.told, []);
  });

  it('C6: looking up who changed a setting can be canceled, and then shows nothing', async () => {
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(document.getText().indexOf('"timezone"') + 2);
    editor.selection = new vscode.Selection(at, at);
    bench.clear();
    await runAndCancel('showSettingHistory');
    assert.deepEqual(bench.methods(), ['GET']);
    assert.deepEqual(bench.prompts.offered, []);
    assert.deepEqual(bench.prompts.told, []);
  });

  it('C6: a deletion that is canceled while it is being sent reports that the environment still exists', async () => {
    const row = await rowAt(bench, 'Hedgehog Outfitters', 'Staging');
    bench.clear();
    const prompts = bench.script(type('Staging'));
    await runAndCancel('deleteEnvironment', row, 'DELETE');
    await prompts.tells(/Staging/);
    assert.deepEqual(
      bench.methods().filter((method) => method === 'DELETE'),
      ['DELETE'],
    );
  });

  it('C6: refreshing a connection can be canceled', async () => {
    const row = await bench.services.provider.connection(bench.connectionId);
    bench.clear();
    await runAndCancel('refresh', row);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.deepEqual(bench.prompts.told, []);
  });

  it('C6: duplicateEnvironment can be canceled at a row, and then does nothing', async () => {
    const row = await rowAt(bench, 'Hedgehog Outfitters', 'Production');
    bench.clear();
    await runAndCancel('duplicateEnvironment', row);
    assert.equal(openTabs(), 1);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.deepEqual(bench.prompts.told, []);
  });
});
