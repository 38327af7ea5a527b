import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { MatrixPanel } from '../../src/matrix/panel';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING } from './support/bench';
import { pick, pickMany, search, type } from './support/prompts';
import { eventually } from './support/tree';

const names = ['Development', 'Staging', 'Production'];

for (const generation of ['current', 'documented'] as const) {
  describe(`environments side by side on a ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
    });
    afterEach(async () => {
      await bench.stop();
    });

    const shown = async (): Promise<MatrixPanel> => {
      bench.script(pickMany(names));
      await bench.run('compareEnvironments');
      const panel = (await bench.services.matrix()).list().at(-1);
      assert.ok(panel, "there's no panel");
      return panel;
    };

    const settingsRequests = (): number =>
      bench.requests(({ method, path }) => method === 'GET' && /\/120[123]\/$/.test(path)).length;

    it('12.2: shows the settings that differ, by group, with one request for each environment', async () => {
      await shown();
      bench.clear();
      bench.script(pickMany(names));
      await bench.run('compareEnvironments');
      assert.equal(settingsRequests(), 3);
      const [panel, ...others] = (await bench.services.matrix()).list();
      assert.ok(panel);
      assert.deepEqual(others, []);
      const { columns, groups, summary } = panel.view;
      assert.deepEqual(
        columns.map(({ label, status }) => [label, status]),
        names.map((name) => [name, 'ready']),
      );
      assert.match(summary, /^\d+ settings differ\.$/);
      const row = groups[0]?.rows.find(({ key }) => key === 'timezone');
      assert.equal(groups[0]?.title, 'General');
      assert.deepEqual(
        row?.cells.map(({ text, isOdd }) => [text, isOdd]),
        [
          ['"Europe/Berlin"', false],
          ['"UTC"', false],
          ['"America/New_York"', false],
        ],
      );
      assert.deepEqual([row.isSplit, row.summary], [true, 'All differ']);
      const odd = groups
        .flatMap(({ rows }) => rows)
        .filter(({ cells }) => cells.some(({ isOdd }) => isOdd))
        .map(({ cells, summary }) => `${cells.findIndex(({ isOdd }) => isOdd)} ${summary}`);
      assert.ok(odd.length > 0);
      for (const one of odd) {
        assert.match(one, /^(0 Differs in Development|1 Differs in Staging|2 Differs in Production)$/);
      }
      assert.ok(groups.every(({ rows }) => rows.every(({ differs }) => differs)));
    });

    it("12.2: isn't read again if it was closed meanwhile", async () => {
      const panel = await shown();
      panel.panel.dispose();
      bench.clear();
      await panel.refresh();
      assert.equal(settingsRequests(), 0);
    });

    it("12.2: an environment that can't be read says why, and the others are compared", async () => {
      await shown();
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
      const panel = await shown();
      const { columns, summary } = panel.view;
      assert.deepEqual(
        columns.map(({ status }) => status),
        ['ready', 'ready', 'failed'],
      );
      assert.ok((columns[2]?.why ?? '') !== '');
      assert.match(summary, /^Read 2 of 3 environments\. 1 couldn't be read\. \d+ settings differ\.$/);
    });

    it('12.2: shows changes made here immediately', async () => {
      const panel = await shown();
      const client = await bench.services.connections.client(bench.connectionId);
      const environment = { id: STAGING, projectId: generation === 'current' ? STAGING : DEVELOPMENT };
      bench.control.patchEnvironment(STAGING, { timezone: 'Asia/Tokyo' });
      const detail = await client.getEnvironment(environment, new AbortController().signal);
      bench.services.changes.fire({
        kind: 'environment',
        ...{ connectionId: bench.connectionId, environment, detail },
      });
      const row = panel.view.groups[0]?.rows.find(({ key }) => key === 'timezone');
      assert.equal(row?.cells[1]?.text, '"Asia/Tokyo"');
    });

    it("12.2: Cancel says which environments weren't read, and another comparison reads them", async () => {
      const panel = await shown();
      bench.clear();
      bench.control.addFault({
        route: { method: 'GET', path: '/api/' },
        ...{ kind: 'latency', delayMs: 60_000, times: 3 },
      });
      const reading = panel.act('refresh');
      await eventually(() => bench.methods().length === 3, 'three requests');
      assert.equal(panel.view.loading, true);
      await panel.act('cancel');
      await reading;
      assert.equal(panel.view.loading, false);
      assert.deepEqual(
        panel.view.columns.map(({ status }) => status),
        ['canceled', 'canceled', 'canceled'],
      );
      await panel.act('refresh');
      assert.match(panel.view.summary, /^\d+ settings differ\.$/);
    });

    it('12.2: rereads after Replace Key', async () => {
      const panel = await shown();
      bench.control.revokeKey('admin');
      await panel.act('refresh');
      assert.deepEqual(
        panel.view.columns.map(({ status, needsKey }) => [status, needsKey]),
        [0, 1, 2].map(() => ['failed', true]),
      );
      const prompts = bench.script(type(bench.sandbox.keys.read));
      await panel.act('replaceKey', [], 1);
      prompts.finish();
      assert.match(panel.view.summary, /^\d+ settings differ\.$/);
    });

    it("12.2: Compare Again in the panel's title rereads its environments", async () => {
      await shown();
      bench.clear();
      const prompts = bench.script();
      await bench.run('compareAgain', vscode.Uri.parse('webview-panel:webview-panel-1'));
      prompts.finish();
      assert.deepEqual(prompts.told, []);
      assert.equal(settingsRequests(), 3);
    });

    it('12.1: opens the differences of all environments in the multi-diff editor', async () => {
      const panel = await shown();
      await bench.run('openComparisonDiffs', panel);
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      assert.match(tab?.label ?? '', /^Development ↔ 2 environments/);
    });

    it('12.4: finds a setting by another name, and shows its value in every environment', async () => {
      bench.control.patchEnvironment(STAGING, { anonymize_ips: false });
      let prompts = bench.script(search('ip anonym', 'Discard client IP data'), search('', 'Production'));
      await bench.run('find');
      prompts.finish();
      // The fourth one belongs to the other organization.
      assert.deepEqual(prompts.descriptions, ['false', 'false', '≠ true', 'false']);
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      assert.equal(editor.document.getText(editor.selection), '"anonymize_ips"');
      prompts = bench.script(pick('Time zone'), search('stag', 'Staging'));
      await bench.run('findSetting');
      prompts.finish();
      assert.equal(
        vscode.window.activeTextEditor?.document.getText(vscode.window.activeTextEditor.selection),
        '"timezone"',
      );
    });
  });
}
