import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isCanceled } from '../../src/connections/failures';
import { FocusRefresh } from '../../src/documents/focusRefresh';
import { documentUri } from '../../src/documents/uris/uri';
import { HostBench, PRODUCTION, STAGING, closeEditors, until } from './support/bench';
import { close, openDocument, replaceIn, setText, settingsOf, shows, tableOf } from './support/documents';
import { canceled } from './support/prompts';
import { serverTableNames, tableRows } from './support/tables';
import { rowAt } from './support/tree';

describe('documents when the window gets focus', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;
  let focus: vscode.EventEmitter<{ focused: boolean }>;
  let refresh: FocusRefresh;
  let nowMs: number;
  beforeEach(async () => {
    bench = await HostBench.start();
    document = await openDocument(settingsOf(bench));
    focus = new vscode.EventEmitter();
    nowMs = Date.now();
    const { log } = bench.services;
    const documents = await bench.services.documents();
    refresh = new FocusRefresh(documents, log, focus.event, () => nowMs);
    bench.clear();
  });
  afterEach(async () => {
    refresh.dispose();
    focus.dispose();
    await bench.stop();
  });

  const comeBack = (afterMs: number): void => {
    nowMs += afterMs;
    focus.fire({ focused: false });
    focus.fire({ focused: true });
  };

  it('B9: a clean document shows what another window saved, with one GET', async () => {
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    comeBack(5_000);
    await shows(document, 'Asia/Tokyo');
    assert.equal(document.isDirty, false);
    assert.deepEqual(bench.methods(), ['GET']);
  });

  it('B9: one that was just requested, or has changes, is left alone', async () => {
    comeBack(1_000);
    const other = await openDocument(settingsOf(bench, STAGING, 'Staging'));
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.clear();
    bench.control.patchEnvironment(STAGING, { timezone: 'Asia/Tokyo' });
    comeBack(60_000);
    comeBack(0);
    focus.fire({ focused: true });
    await shows(other, 'Asia/Tokyo');
    assert.deepEqual(bench.calls(), [`GET /api/projects/${STAGING}/`]);
    assert.match(document.getText(), /Europe\/Paris/);
  });

  /** A table that another window deletes, in a tab before that of Staging. */
  async function orphan(): Promise<vscode.TextDocument> {
    await closeEditors();
    const target = tableOf(bench, 'orders');
    await openDocument(target);
    const staging = await openDocument(settingsOf(bench, STAGING, 'Staging'));
    const client = await bench.services.connections.client(bench.connectionId);
    assert.ok(target.kind === 'table');
    await client.deleteTable(target.environment, target.tableId, new AbortController().signal);
    return staging;
  }

  it("B9: a document that is gone doesn't keep the others from being refreshed", async () => {
    const staging = await orphan();
    for (const timezone of ['Asia/Tokyo', 'Asia/Seoul']) {
      bench.control.patchEnvironment(STAGING, { timezone });
      comeBack(60_000);
      await shows(staging, timezone);
    }
    assert.deepEqual(bench.prompts.told, []);
  });

  it("B9: nothing is shown if PostHog can't be reached", async () => {
    bench.script();
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    bench.fail('GET', 'status-500', 3);
    comeBack(60_000);
    await bench.asked('GET');
    bench.control.clearFaults();
    comeBack(60_000);
    await shows(document, 'Asia/Tokyo');
    assert.deepEqual(bench.prompts.told, []);
  });
});

describe('problems of closed documents', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
  });
  afterEach(() => bench.stop());

  const problems = (uri: vscode.Uri): number => vscode.languages.getDiagnostics(uri).length;

  it('B9: the problems of a discarded draft disappear with its tab', async () => {
    await bench.run('createEnvironment', await rowAt(bench, 'Hedgehog Outfitters'));
    const draft = vscode.window.activeTextEditor?.document;
    assert.ok(draft);
    assert.match(draft.uri.path, /\.posthog-new\.json$/);
    await until(vscode.languages.onDidChangeDiagnostics, () => problems(draft.uri) > 0, 'a problem');
    await close(draft);
    await until(vscode.languages.onDidChangeDiagnostics, () => problems(draft.uri) === 0, 'no problem');
  });

  it('B9: the problems of a draft disappear when its environment is created', async () => {
    await bench.run('createEnvironment', await rowAt(bench, 'Hedgehog Outfitters'));
    const draft = vscode.window.activeTextEditor?.document;
    assert.ok(draft);
    await setText(draft, '{ "name": "QA", "made_up": 1 }');
    const ours = (): string[] => vscode.languages.getDiagnostics(draft.uri).map(({ message }) => message);
    const warns = (): boolean => ours().some((message) => message.includes('made_up'));
    await until(vscode.languages.onDidChangeDiagnostics, warns, 'a problem');
    assert.equal(await draft.save(), true);
    const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const isDraft = ({ input }: vscode.Tab): boolean =>
      input instanceof vscode.TabInputText && input.uri.path === draft.uri.path;
    await until(vscode.window.tabGroups.onDidChangeTabs, () => !tabs().some(isDraft), 'no tab for the draft');
    const settings = vscode.window.activeTextEditor?.document;
    assert.ok(settings);
    // A pending check of the draft would run before this one.
    await replaceIn(settings, '"name": "QA"', '"name": ""');
    await until(vscode.languages.onDidChangeDiagnostics, () => problems(settings.uri) > 0, 'a problem');
    assert.deepEqual(ours(), []);
  });

  it('B9: the problems of a document disappear with its tab, even while another extension keeps it open', async () => {
    const uri = documentUri(settingsOf(bench));
    await vscode.workspace.openTextDocument(uri);
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, '"week_start_day": 1', '"week_start_day": 7');
    const ours = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'PostHog');
    await until(vscode.languages.onDidChangeDiagnostics, () => ours().length > 0, 'a problem');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(vscode.languages.onDidChangeDiagnostics, () => ours().length === 0, 'no problem');
    assert.equal(document.isClosed, false, 'the document is still loaded');
  });
});

describe('a partly saved table document', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
  });
  afterEach(() => bench.stop());

  it('A9: Copy HogQL Name and the question before deleting use the name that PostHog has', async () => {
    const [before] = await tableRows(bench, 'orders');
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"name": "orders"', '"name": "sales"');
    await replaceIn(document, '"total": "float"', '"total": "string"');
    assert.equal(await document.save(), false);
    assert.ok(serverTableNames(bench).includes('sales'), "the name wasn't applied");
    assert.ok(document.isDirty);
    await bench.prompts.tells(/^Not applied: total → string\. Applied: name\./);

    const [row] = await tableRows(bench, 'sales');
    assert.equal(row?.id, before?.id);
    for (const called of [row, undefined]) {
      await vscode.env.clipboard.writeText('');
      await bench.run('copyHogQLName', called);
      assert.equal(await vscode.env.clipboard.readText(), 'sales');
    }
    const prompts = bench.script(canceled.confirm);
    await bench.run('deleteTable', row);
    assert.match(prompts.confirmed[0]?.message ?? '', /\bsales\b/);
    assert.doesNotMatch(JSON.stringify(prompts.confirmed), /\borders\b/);
    prompts.finish();
  });
});

describe('documents restored with the window', () => {
  let bench: HostBench;
  afterEach(() => bench.stop());

  const open = (uri: vscode.Uri, viewColumn: vscode.ViewColumn): Thenable<unknown> =>
    vscode.commands.executeCommand('vscode.open', uri, { preview: false, viewColumn });

  it('C6: opening them can be canceled, and they open when requested again', async () => {
    bench = await HostBench.start();
    const targets = [settingsOf(bench), settingsOf(bench, STAGING, 'Staging')] as const;
    const [first, second] = targets.map((target) => documentUri(target));
    assert.ok(first && second);
    // The server's API is known, so each document has its own request.
    const client = await bench.services.connections.client(bench.connectionId);
    await client.getEnvironment(targets[0].environment, new AbortController().signal);
    bench.clear();
    const route = { method: 'GET', path: '/api/' };
    bench.control.addFault({ route, kind: 'latency', delayMs: 60_000, times: 2 });
    const documents = await bench.services.documents();
    const opening = [open(first, vscode.ViewColumn.One), open(second, vscode.ViewColumn.Two)];
    // VS Code waits for this: it shows a tab before its document is loaded.
    const loading = Promise.allSettled([first, second].map((uri) => documents.load(uri)));
    const state = { ended: false };
    void loading.then(() => {
      state.ended = true;
    });
    while (!state.ended) {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      await new Promise(setImmediate);
    }
    for (const one of await loading) {
      assert.ok(one.status === 'rejected' && isCanceled(one.reason), one.status);
    }
    await Promise.allSettled(opening);
    assert.deepEqual([documents.peek(first), documents.peek(second)], [undefined, undefined]);
    assert.deepEqual(bench.calls().sort(), [
      `GET /api/projects/${STAGING}/`,
      `GET /api/projects/${PRODUCTION}/`,
    ]);
    assert.deepEqual(bench.prompts.told, []);
    bench.control.clearFaults();
    bench.clear();
    await closeEditors();
    for (const target of targets) {
      assert.match((await openDocument(target)).getText(), /"timezone"/);
    }
    assert.deepEqual(bench.methods(), ['GET', 'GET']);
  });

  it('B8: a rejected key is reported once for all of them, with a button to replace it', async () => {
    bench = await HostBench.start({ key: 'none' });
    let answer = (_button: undefined): void => undefined;
    const tell = bench.prompts.notify.bind(bench.prompts);
    bench.prompts.notify = async (...told) => {
      await tell(...told);
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    await open(documentUri(settingsOf(bench)), vscode.ViewColumn.One);
    await open(documentUri(settingsOf(bench, STAGING, 'Staging')), vscode.ViewColumn.Two);
    assert.deepEqual(
      bench.prompts.told.map(({ buttons }) => buttons),
      [['Replace Key…']],
    );
    answer(undefined);
  });
});
