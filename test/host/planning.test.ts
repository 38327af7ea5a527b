import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import type { DriftScope } from '../../src/documents/settingsFile/driftScope';
import type { HistoryItem } from '../../src/operations/history/item';
import { DEVELOPMENT, HostBench, PRODUCTION, SHOP, STAGING, until } from './support/bench';
import { openDocument, refusalOf, replaceIn, settingsOf, tableOf, valueOf } from './support/documents';
import { canceled, confirm, firstRow, pick, pickMany, search, type } from './support/prompts';
import { tableRows } from './support/tables';

const isWriting = ({ method, path }: { method: string; path: string }): boolean =>
  method !== 'GET' && !(method === 'POST' && path.endsWith('/query/'));

/** What is known without asking PostHog. */
const asksNothing: readonly string[] = [
  'copying settings as Terraform',
  'showing a change as a diff',
  'showing a drifting setting as a diff',
  'deleting a table, canceled',
];

for (const generation of ['current', 'documented'] as const) {
  describe(`read-only operations on a ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation, protect: true });
    });
    afterEach(() => bench.stop());

    const production = (): vscode.Uri => documentUri(settingsOf(bench));
    const edited = async (): Promise<vscode.TextDocument> => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, `"${String(valueOf(document).timezone)}"`, '"Asia/Tokyo"');
      return document;
    };
    /** A save from a second ago, as an item of the history. */
    const saved = async (): Promise<HistoryItem> => {
      const document = await edited();
      bench.script(confirm('Save to Production'));
      assert.ok(await document.save());
      const view = await bench.services.historyView();
      const { environment } = settingsOf(bench);
      const { items } = await view.changesOf(
        { connectionId: bench.connectionId, environment: { ...environment, name: 'Production' } },
        new AbortController().signal,
      );
      assert.ok(items[0]);
      return items[0];
    };
    const atTimezone = async (): Promise<vscode.Uri> => {
      const document = await openDocument(settingsOf(bench));
      const at = document.positionAt(document.getText().indexOf('"timezone"') + 3);
      const editor = await vscode.window.showTextDocument(document);
      editor.selection = new vscode.Selection(at, at);
      return document.uri;
    };

    /** Writes a new file in the workspace: documents outlive their tabs. */
    const newFile = async (name: string, content: unknown): Promise<vscode.Uri> => {
      const [folder] = vscode.workspace.workspaceFolders ?? assert.fail('the host has an open folder');
      assert.ok(folder);
      const uri = vscode.Uri.joinPath(folder.uri, 'dist', 'planning', randomUUID(), name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(content)));
      return uri;
    };
    const place = (): object => ({
      host: bench.sandbox.url,
      id: PRODUCTION,
      ...(generation === 'documented' && { projectId: SHOP }),
    });

    /** A settings file that differs from Production. */
    const settingsFile = async (): Promise<DriftScope> => {
      const file = { environments: { production: place() }, settings: { timezone: 'Asia/Tokyo' } };
      return { uri: (await newFile('posthog.environments.json', file)).toString() };
    };

    /** Read-only operations by name: each prepares, and returns the function to record. */
    const looks: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
      'opening a document': async () => () => openDocument(settingsOf(bench)),
      'comparing with the server': async () => {
        const { uri } = await edited();
        return () => bench.run('compare', uri);
      },
      "a save that's planned, rehearsed, and canceled in its review": async () => {
        const document = await edited();
        bench.script(canceled.confirm);
        return async () => {
          assert.equal(await document.save(), false);
          assert.match(bench.prompts.confirmed[0]?.detail ?? '', /timezone: .* → "Asia\/Tokyo"/);
        };
      },
      'showing a review as a list, as a request, and as curl': async () => {
        const document = await edited();
        bench.script(
          confirm('Review…'),
          pick('Show Request'),
          confirm('Back'),
          pick('Copy as curl'),
          pick(undefined),
        );
        return async () => assert.equal(await document.save(), false);
      },
      'rehearsing what PostHog would store for a value': async () => {
        const document = await openDocument(settingsOf(bench));
        await replaceIn(document, '"Production"', '"Production 2 "');
        bench.script(canceled.confirm);
        return async () => {
          assert.equal(await document.save(), false);
          assert.match(bench.prompts.confirmed[0]?.detail ?? '', /Rehearsed: PostHog would store name/);
        };
      },
      'looking at a conflict': async () => {
        const document = await edited();
        bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome' });
        return async () => {
          await refusalOf(document);
          await bench.run('nextConflict', document.uri);
        };
      },
      'opening a conflict in the merge editor': async () => {
        const document = await edited();
        bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome' });
        await refusalOf(document);
        return async () => {
          const closed = bench.run('openMergeEditor', document.uri);
          const shown = (): unknown => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
          await until(
            vscode.window.tabGroups.onDidChangeTabs,
            () => shown() !== undefined && !(shown() instanceof vscode.TabInputText),
            'a merge editor',
          );
          await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
          await closed;
        };
      },
      "a rename that's canceled in its review": async () => {
        bench.script(type('Live'), canceled.confirm);
        return () => bench.run('rename', production());
      },
      'showing a copy as a list, as a request, and as curl': async () => {
        const uri = await atTimezone();
        bench.script(
          pick('Staging'),
          confirm('Review…'),
          pick('Show Request'),
          confirm('Back'),
          pick('Copy as curl'),
          pick(undefined),
        );
        return () => bench.run('copySettings', uri);
      },
      'comparing environments side by side': async () => {
        bench.script(pickMany(['Development', 'Staging', 'Production']));
        return () => bench.run('compareEnvironments');
      },
      'finding a setting, with its values': async () => {
        bench.script(search('ip anonym', 'Discard client IP data'), search('', 'Production'));
        return () => bench.run('find');
      },
      'copying settings as Terraform': async () => () => bench.run('copyAsTerraform', production()),
      'checking a settings file': async () => {
        const scope = await settingsFile();
        return () => bench.run('checkDrift', scope);
      },
      'applying a settings file, canceled in its review': async () => {
        const scope = await settingsFile();
        bench.script(canceled.confirm);
        return async () => {
          await bench.run('applySettingsFile', scope);
          assert.match(
            bench.prompts.confirmed[0]?.detail ?? '',
            /timezone: .* → "Asia\/Tokyo"[^]*Rehearsed: /,
          );
        };
      },
      'showing a drifting setting as a diff': async () => {
        const scope = await settingsFile();
        await bench.run('checkDrift', scope);
        return async () => {
          await bench.run('showDrift', { ...scope, environments: ['production'], keys: ['timezone'] });
          const { activeTab } = vscode.window.tabGroups.activeTabGroup;
          assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff);
        };
      },
      'applying a proposed change, canceled in its review': async () => {
        const changes = [{ path: ['timezone'], from: 'America/New_York', to: 'Asia/Tokyo' }];
        const file = await newFile('tokyo.posthog-change.json', {
          formatVersion: 1,
          createdAt: '2026-01-02T03:04:05.000Z',
          environments: [{ name: 'production', ...place(), changes }],
        });
        bench.script(canceled.confirm);
        return async () => {
          await bench.run('applyProposedChange', file);
          assert.match(
            bench.prompts.confirmed[0]?.detail ?? '',
            /timezone: .* → "Asia\/Tokyo"[^]*Rehearsed: /,
          );
        };
      },
      'Save All, canceled in its review': async () => {
        const document = await edited();
        await openDocument(vscode.Uri.parse('untitled:notes'));
        bench.script(canceled.confirm);
        return async () => {
          assert.equal(await vscode.workspace.saveAll(false), false);
          assert.ok(document.isDirty);
        };
      },
      'copying to several environments, canceled in its review': async () => {
        const uri = await atTimezone();
        bench.script(pick('Several Environments…'), pickMany(['Development', 'Staging']), canceled.confirm);
        return () => bench.run('copySettings', uri);
      },
      "showing an environment's history": async () => {
        await saved();
        return async () => {
          await bench.run('showHistory', production());
          const view = await bench.services.historyView();
          assert.ok((await view.children()).length > 0);
          view.show(undefined);
        };
      },
      'previewing the rows of a table': async () => () =>
        bench.run('previewRows', documentUri(tableOf(bench, 'orders'))),
      'web vitals': async () => {
        bench.script(search('/pricing', firstRow));
        return () => bench.run('showWebVitals', production());
      },
      "an undo that's canceled": async () => {
        const item = await saved();
        bench.script(canceled.confirm);
        return () => bench.run('undoChange', item);
      },
      "an undo that stops at someone else's change": async () => {
        const item = await saved();
        bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome' });
        bench.script(canceled.confirm);
        return () => bench.run('undoChange', item);
      },
      'showing a change as a diff': async () => {
        const item = await saved();
        return () => bench.run('showChange', item);
      },
      'showing the history of a setting': async () => {
        await saved();
        const uri = await atTimezone();
        bench.script(canceled.pick);
        return () => bench.run('showSettingHistory', uri);
      },
      'showing a setting in other environments': async () => {
        const uri = await atTimezone();
        bench.script(canceled.pick);
        return () => bench.run('showSettingElsewhere', uri);
      },
      'comparing two environments': async () => {
        bench.script(pick('Staging'));
        return () => bench.run('compareEnvironment', production());
      },
      "a copy that's canceled in its review": async () => {
        const uri = await atTimezone();
        bench.script(pick('Staging'), canceled.confirm);
        return () => bench.run('copySettings', uri);
      },
      'showing a full response': async () => () => bench.run('showFullResponse', production()),
      'deleting an environment, canceled': async () => {
        bench.script(canceled.type);
        return () => bench.run('deleteEnvironment', documentUri(settingsOf(bench, STAGING, 'Staging')));
      },
      'deleting a table, canceled': async () => {
        const [table] = await tableRows(bench, 'products');
        bench.script(canceled.confirm);
        return () => bench.run('deleteTable', table);
      },
      'saving a table, canceled in its review': async () => {
        await bench.services.marks.mark(bench.connectionId, DEVELOPMENT, { protect: true });
        const document = await openDocument(tableOf(bench, 'orders'));
        await replaceIn(document, '"orders"', '"sales"');
        bench.script(canceled.confirm);
        return async () => assert.equal(await document.save(), false);
      },
    };

    for (const [name, prepare] of Object.entries(looks)) {
      it(`10: ${name} sends nothing but GET and queries`, async () => {
        const look = await prepare();
        const before = [PRODUCTION, STAGING, DEVELOPMENT].map((id) => bench.control.environment(id));
        bench.clear();
        await look();
        bench.prompts.finish();
        assert.equal(bench.requests(() => true).length === 0, asksNothing.includes(name));
        assert.deepEqual(
          bench.requests(isWriting).map(({ method, path }) => `${method} ${path}`),
          [],
        );
        const after = [PRODUCTION, STAGING, DEVELOPMENT].map((id) => bench.control.environment(id));
        assert.deepEqual(after, before);
      });
    }
  });
}
