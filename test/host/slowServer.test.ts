import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uri';
import { HostBench, PRODUCTION } from './support/bench';
import { openDocument, replaceIn, settingsOf } from './support/documents';
import { rowAt } from './support/tree';

describe('a server that answers slowly', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;
  beforeEach(async () => {
    bench = await HostBench.start();
    document = await openDocument(settingsOf(bench));
    bench.clear();
  });
  afterEach(() => bench.stop());

  /** Runs a command whose request gets no answer, and presses Cancel as soon as a notification has it. */
  async function runAndCancel(
    command: string,
    target: unknown = documentUri(settingsOf(bench)),
  ): Promise<void> {
    bench.stall('GET');
    const state = { ended: false };
    const running = bench.run(command, target).finally(() => {
      state.ended = true;
    });
    while (!state.ended) {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      await new Promise(setImmediate);
    }
    await running;
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
    it(`C6: ${command} can be canceled with ${edited ? 'unsaved changes' : 'nothing to save'}, and does nothing then`, async () => {
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

  it('C6: duplicateEnvironment can be canceled at a row, and does nothing then', async () => {
    const row = await rowAt(bench, 'Hedgehog Outfitters', 'Production');
    bench.clear();
    await runAndCancel('duplicateEnvironment', row);
    assert.equal(openTabs(), 1);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.deepEqual(bench.prompts.told, []);
  });
});
