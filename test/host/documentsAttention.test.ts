import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FocusRefresh } from '../../src/documents/focusRefresh';
import { documentUri } from '../../src/documents/uri';
import { HostBench, PRODUCTION, STAGING, until } from './support/bench';
import { close, openDocument, replaceIn, settingsOf, shows } from './support/documents';
import { rowAt } from './support/tree';

describe('documents when the window is gone back to', () => {
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
    comeBack(60_000);
    await shows(document, 'Asia/Tokyo');
    assert.equal(document.isDirty, false);
    assert.deepEqual(bench.methods(), ['GET']);
  });

  it('B9: one that was asked for a moment ago, or has changes, is left alone', async () => {
    comeBack(10_000);
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

  it('B9: nobody is told when PostHog cannot be asked', async () => {
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

describe('problems of documents that are gone', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start();
  });
  afterEach(() => bench.stop());

  const problems = (uri: vscode.Uri): number => vscode.languages.getDiagnostics(uri).length;

  it('B9: the problems of a discarded draft are gone with its tab', async () => {
    await bench.run('createEnvironment', await rowAt(bench, 'Hedgehog Outfitters'));
    const draft = vscode.window.activeTextEditor?.document;
    assert.ok(draft);
    assert.match(draft.uri.path, /\.posthog-new\.json$/);
    await until(vscode.languages.onDidChangeDiagnostics, () => problems(draft.uri) > 0, 'a problem');
    await close(draft);
    await until(vscode.languages.onDidChangeDiagnostics, () => problems(draft.uri) === 0, 'no problem');
  });

  it('B9: the problems of a document are gone with its tab, even while another extension holds it', async () => {
    const uri = documentUri(settingsOf(bench));
    await vscode.workspace.openTextDocument(uri);
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, '"week_start_day": 1', '"week_start_day": 7');
    const ours = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'PostHog');
    await until(vscode.languages.onDidChangeDiagnostics, () => ours().length > 0, 'a problem');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(vscode.languages.onDidChangeDiagnostics, () => ours().length === 0, 'no problem');
    assert.equal(document.isClosed, false, 'the document is still held');
  });
});
