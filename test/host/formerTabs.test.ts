import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FormerTabs } from '../../src/documents/formerTabs';
import { asSameTab } from '../../src/documents/sameTab';
import { openDocument as documentAt } from '../../src/documents/showDocument';
import { documentUri, viewUri, type DocumentTarget } from '../../src/documents/uris/uri';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING, closeEditors, until } from './support/bench';
import { openDocument, replaceIn, settingsOf, tableOf } from './support/documents';

const { tabGroups } = vscode.window;
const shop = 'Hedgehog Outfitters';

/** The texts that the tabs of each group show, by path: `a ↔ b` for a comparison. */
const shown = (): string[][] =>
  tabGroups.all.map(({ tabs }) =>
    tabs.map(({ input }) => {
      if (input instanceof vscode.TabInputTextDiff) {
        return `${input.original.path} ↔ ${input.modified.path}`;
      }
      return input instanceof vscode.TabInputText ? input.uri.path : '';
    }),
  );

const allTabs = (): vscode.Tab[] => tabGroups.all.flatMap(({ tabs }) => tabs);

describe('tabs with addresses of former versions', () => {
  let bench: HostBench;
  let former: vscode.Disposable | undefined;
  beforeEach(async () => {
    bench = await HostBench.start();
  });
  afterEach(async () => {
    former?.dispose();
    former = undefined;
    // Closing all editors leaves pinned ones.
    await tabGroups.close(allTabs().filter(({ isPinned }) => isPinned));
    await closeEditors();
    await bench.stop();
  });

  /** Restarts the part of the extension that replaces them, with the tabs that are open now. */
  async function restart(): Promise<void> {
    former = new FormerTabs(await bench.services.documents(), bench.services, allTabs());
  }

  const become = (expected: string[][]): Promise<void> =>
    until(
      tabGroups.onDidChangeTabs,
      () => JSON.stringify(shown()) === JSON.stringify(expected),
      `tabs ${JSON.stringify(expected)} instead of ${JSON.stringify(shown())}`,
    );

  const pathOf = (...names: string[]): string => `/Test admin/${names.join('/')}`;
  const orders = (): DocumentTarget => tableOf(bench, 'orders');
  const ordersPath = pathOf(shop, 'Development', 'orders.posthog-table.json');
  const productionPath = pathOf(shop, 'Production.posthog-settings.json');

  /** Another tab comes to the front, as it does in a restored window once someone clicks it. */
  const goTo = (uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Thenable<unknown> =>
    vscode.commands.executeCommand('vscode.open', uri, { preview: false, ...options });

  it('get names once they are in front, without loading their documents again', async () => {
    const table = documentUri(orders());
    const settings = documentUri(settingsOf(bench));
    await goTo(table);
    await goTo(settings);
    bench.clear();
    await restart();
    await become([[table.path, productionPath]]);
    // Only what the view lists too.
    assert.deepEqual(
      bench.calls().filter((call) => !/organizations|environments/.test(call)),
      [],
    );
    bench.clear();
    await goTo(table);
    await become([[ordersPath, productionPath]]);
    assert.deepEqual(bench.calls(), []);
  });

  it('keep their column, selection, and pin or preview', async () => {
    const table = documentUri(orders());
    const settings = documentUri(settingsOf(bench));
    const selection = new vscode.Selection(2, 3, 4, 5);
    await goTo(table, { viewColumn: vscode.ViewColumn.One, selection });
    await vscode.commands.executeCommand('workbench.action.pinEditor');
    await goTo(settings, { viewColumn: vscode.ViewColumn.Two, preview: true });
    const isFirst = (): boolean => tabGroups.activeTabGroup.viewColumn === vscode.ViewColumn.One;
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await until(tabGroups.onDidChangeTabGroups, isFirst, 'the first');
    await restart();
    await become([[ordersPath], [productionPath]]);
    assert.deepEqual(
      allTabs().map(({ isPinned, isPreview }) => [isPinned, isPreview]),
      [
        [true, false],
        [false, true],
      ],
    );
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.path === ordersPath);
    assert.deepEqual(editor?.selection, selection);
    await until(tabGroups.onDidChangeTabGroups, isFirst, 'the first group to be active again');
  });

  it('stay while there is something unsaved in them, and have the right base afterwards', async () => {
    const uri = documentUri(settingsOf(bench));
    const document = await openDocument(uri);
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    const other = documentUri(settingsOf(bench, STAGING, 'Staging'));
    await goTo(other);
    await goTo(uri);
    await restart();
    // Replacements are made one after the other, so that of the first one would have been made.
    await goTo(other);
    const staging = pathOf(shop, 'Staging.posthog-settings.json');
    await become([[uri.path, staging]]);
    await goTo(uri);
    assert.ok(await document.save());
    await become([[productionPath, staging]]);
    const named = vscode.window.activeTextEditor?.document;
    assert.equal(named?.uri.path, productionPath);
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo', week_start_day: 0 });
    bench.clear();
    await replaceIn(named, '"anonymize_ips": true', '"anonymize_ips": false');
    assert.ok(await named.save());
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
    const isMerged = (): boolean => named.getText().includes('Asia/Tokyo') && !named.isDirty;
    await until(vscode.workspace.onDidSaveTextDocument, isMerged, "someone else's change");
    assert.deepEqual(
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
      [{ anonymize_ips: false }],
    );
  });

  it('9.A: stay if someone types in them while they are being replaced, and no other tab is closed or pinned', async () => {
    const uri = documentUri(settingsOf(bench));
    const document = await openDocument(uri);
    await vscode.commands.executeCommand('workbench.action.pinEditor');
    const [tab] = allTabs();
    assert.ok(tab);
    const named = documentUri({ ...settingsOf(bench), name: 'Renamed' });
    assert.notEqual(named.path, uri.path);
    const route = { method: 'GET', path: '/api/' };
    bench.control.addFault({ route, times: 1, kind: 'latency', delayMs: 600 });
    bench.clear();
    const replacing = asSameTab(tab, () => named);
    await bench.asked('GET');
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    const table = documentUri(orders());
    await goTo(table);
    await replacing;
    await become([[uri.path, table.path]]);
    assert.deepEqual(
      allTabs().map(({ isDirty, isPinned, isActive }) => [isDirty, isPinned, isActive]),
      [
        [true, true, false],
        [false, false, true],
      ],
    );
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('are replaced in comparisons, too', async () => {
    const uri = documentUri(settingsOf(bench));
    await vscode.commands.executeCommand('vscode.diff', viewUri(uri, 'theirs'), uri, 'Mine and theirs');
    await until(vscode.window.onDidChangeVisibleTextEditors, () => documentAt(uri) !== undefined, 'a diff');
    await restart();
    await become([[`${productionPath} ↔ ${productionPath}`]]);
    assert.equal(allTabs()[0]?.label, 'Mine and theirs');
  });

  it('stay if their document is gone, their connection was removed, or they opened later', async () => {
    const table = documentUri(orders());
    const gone = table.with({ path: table.path.replace(/[^/]+\/[^/]+$/, 'gone/gone.posthog-table.json') });
    const removed = documentUri({ ...settingsOf(bench), connectionId: 'removed' });
    const later = documentUri(settingsOf(bench, DEVELOPMENT, 'Development'));
    for (const uri of [table, gone, removed]) {
      await goTo(uri);
    }
    await restart();
    for (const uri of [gone, removed, later]) {
      await goTo(uri);
    }
    // Replacements are made one after the other, so those before this one would have been made.
    await goTo(table);
    await until(tabGroups.onDidChangeTabs, () => shown().flat().includes(ordersPath), 'the last one');
    await become([[ordersPath, gone.path, removed.path, later.path]]);
  });
});
