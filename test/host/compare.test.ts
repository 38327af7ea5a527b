import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import { HostBench, PRODUCTION, STAGING, until } from './support/bench';
import { settingsOf, valueOf } from './support/documents';
import { pick } from './support/prompts';

for (const generation of ['current', 'documented'] as const) {
  describe(`comparing environments on a ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
    });
    afterEach(async () => {
      await bench.stop();
    });

    const uriOf = (id: number, name: string): vscode.Uri => documentUri(settingsOf(bench, id, name));

    /** The two documents of the open comparison. */
    const sides = async (): Promise<vscode.TextDocument[]> => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      assert.ok(tab?.input instanceof vscode.TabInputTextDiff, "there's no open diff");
      return Promise.all(
        [tab.input.original, tab.input.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
      );
    };

    it('12.1: shows two normalized documents with two requests, and rereads what has changed since', async () => {
      bench.script(pick('Production'));
      bench.clear();
      await bench.run('compareEnvironment', uriOf(STAGING, 'Staging'));
      const isSettings = (path: string): boolean => /\/120[23]\/$/.test(path);
      assert.equal(bench.requests(({ path }) => isSettings(path)).length, 2);
      const [staging, production] = await sides();
      assert.ok(staging && production);
      assert.deepEqual(
        [valueOf(staging), valueOf(production)].map((one) => [one.name, one.timezone, one.app_urls]),
        [
          [undefined, 'UTC', undefined],
          [undefined, 'America/New_York', undefined],
        ],
      );
      assert.deepEqual(valueOf(staging)['(not compared)'], valueOf(production)['(not compared)']);
      assert.match(JSON.stringify(valueOf(staging)['(not compared)']), /"app_urls":"Meant to differ"/);
      assert.match(
        vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '',
        /^Staging ↔ Production · Hedgehog Outfitters · Test admin \(\d+ settings differ\)$/,
      );
      bench.control.patchEnvironment(STAGING, { timezone: 'Asia/Tokyo' });
      await bench.run('compareAgain', staging.uri);
      await until(
        vscode.workspace.onDidChangeTextDocument,
        () => staging.getText().includes('Asia/Tokyo'),
        'the newer document',
      );
    });

    it('E: steps with one choice are skipped: the only two environments are compared without a question', async () => {
      for (const id of bench.control
        .environmentIds()
        .filter((one) => one !== STAGING && one !== PRODUCTION)) {
        bench.control.removeEnvironment(id);
      }
      const prompts = bench.script();
      await bench.run('compareEnvironment', uriOf(STAGING, 'Staging'));
      assert.deepEqual(prompts.offered, []);
      assert.equal((await sides()).length, 2);
    });

    it('E: with a single environment, comparing shows no list and says why', async () => {
      for (const id of bench.control.environmentIds().filter((one) => one !== PRODUCTION)) {
        bench.control.removeEnvironment(id);
      }
      for (const command of ['compareEnvironments', 'compareEnvironment']) {
        const prompts = bench.script();
        await bench.run(command, null);
        assert.deepEqual(prompts.offered, []);
        assert.deepEqual(
          prompts.told.map(({ message }) => message),
          ['There is no other environment to choose.'],
        );
      }
    });

    it('12.1: says that nothing differs, and opens nothing', async () => {
      const { raw } = { raw: bench.control.environment(STAGING) };
      await vscode.workspace
        .getConfiguration('posthogEnvironments')
        .update('compare.ignore', Object.keys(raw), vscode.ConfigurationTarget.Global);
      try {
        const prompts = bench.script(pick('Production'));
        await bench.run('compareEnvironment', uriOf(STAGING, 'Staging'));
        assert.match(
          prompts.told[0]?.message ?? '',
          /^No differences between Staging and Production\. Not compared: .*\d+ meant to differ\.$/,
        );
        assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 0);
      } finally {
        await vscode.workspace
          .getConfiguration('posthogEnvironments')
          .update('compare.ignore', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    it("12.1: an environment that can't be read is a failure, never a difference", async () => {
      const prompts = bench.script(pick('Production'));
      bench.control.addFault({
        route: {
          method: 'GET',
          path:
            generation === 'current'
              ? `/api/projects/${PRODUCTION}/`
              : `/api/projects/1201/environments/${PRODUCTION}/`,
        },
        kind: 'status-500',
        times: 9,
      });
      await bench.run('compareEnvironment', uriOf(STAGING, 'Staging'));
      assert.deepEqual(
        prompts.told.map(({ severity }) => severity),
        ['error'],
      );
      assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 0);
    });

    it('12.1: exports the open comparison as JSON and as Markdown', async () => {
      bench.script(pick('Production'));
      await bench.run('compareEnvironment', uriOf(STAGING, 'Staging'));
      const [staging] = await sides();
      assert.ok(staging);
      await bench.run('exportComparisonAsJson', staging.uri);
      const json = vscode.window.activeTextEditor?.document;
      assert.equal(json?.languageId, 'json');
      const { formatVersion, differences } = JSON.parse(json.getText()) as {
        formatVersion: number;
        differences: { path: string[]; kind: string }[];
      };
      assert.equal(formatVersion, 1);
      assert.ok(differences.some(({ path, kind }) => path[0] === 'timezone' && kind === 'changed'));
      await bench.run('exportComparisonAsMarkdown', staging.uri);
      assert.match(
        vscode.window.activeTextEditor?.document.getText() ?? '',
        /^\| Setting \| Staging \| Production \| Difference \|\n/,
      );
    });
  });
}
