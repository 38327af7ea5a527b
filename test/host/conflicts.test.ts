import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { HostBench, PRODUCTION, until } from './support/bench';
import { openDocument, refusalOf, replaceIn, setText, settingsOf, valueOf } from './support/documents';
import { press } from './support/prompts';

describe('a document with conflicts', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;

  beforeEach(async () => {
    bench = await HostBench.start();
    document = await openDocument(settingsOf(bench));
    await setText(
      document,
      document
        .getText()
        .replace('"America/New_York"', '"Europe/Rome"')
        .replace('_sample_rate": "0.10"', '_sample_rate": "0.40"'),
    );
    await until(vscode.workspace.onDidChangeTextDocument, () => document.isDirty);
    bench.control.patchEnvironment(PRODUCTION, {
      timezone: 'Asia/Tokyo',
      session_recording_sample_rate: '0.80',
      anonymize_ips: false,
    });
    await refusalOf(document);
    // It's shown a moment after the save was refused: no later test may answer it.
    await bench.prompts.tells(/^Someone changed/);
  });
  afterEach(() => bench.stop());

  const lenses = async (): Promise<readonly vscode.Command[]> => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const ours = found.filter(({ command }) =>
      /onflict|Mine|Theirs|Merge Editor|^Edit$/.test(command?.title ?? ''),
    );
    return ours.flatMap(({ command }) => command ?? []);
  };
  const titles = async (): Promise<readonly string[]> => (await lenses()).map(({ title }) => title);
  const clickLens = async (title: string, nth = 0): Promise<void> => {
    const lens = (await lenses()).filter((one) => one.title === title)[nth];
    assert.ok(lens, `there's no lens "${title}"`);
    await vscode.commands.executeCommand(lens.command, ...((lens.arguments ?? []) as unknown[]));
  };
  const marks = (): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === 'conflict');
  const lineOf = (text: string): number => document.positionAt(document.getText().indexOf(text)).line;
  const savedBody = async (): Promise<unknown> => {
    bench.clear();
    assert.ok(await document.save());
    return bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body);
  };

  it("11.1: shows PostHog's value at each of them, and marks it", async () => {
    assert.deepEqual(await titles(), [
      '2 conflicts',
      'Use Mine for All',
      'Use Theirs for All',
      'Open Merge Editor',
      'Conflict: PostHog has "Asia/Tokyo"',
      'Use Mine',
      'Use Theirs',
      'Edit',
      'Conflict: PostHog has "0.80"',
      'Use Mine',
      'Use Theirs',
      'Edit',
    ]);
    assert.deepEqual(
      marks().map(({ range }) => range.start.line),
      [lineOf('"timezone"'), lineOf('"session_recording_sample_rate"')],
    );
    assert.match(
      marks()[0]?.message ?? '',
      /^Conflict in timezone: PostHog has "Asia\/Tokyo", but had "America/,
    );
  });

  it('11.1: Use Mine sends mine instead of theirs, once all are resolved', async () => {
    await clickLens('Use Mine');
    assert.deepEqual(await titles().then(([first]) => first), '1 conflict');
    await refusalOf(document);
    assert.equal(marks().length, 1, 'resolved conflicts stay resolved');
    await clickLens('Use Mine');
    assert.deepEqual(await titles(), ['All conflicts are resolved. Save to send your changes.']);
    assert.deepEqual(marks(), []);
    assert.deepEqual(await savedBody(), [{ timezone: 'Europe/Rome', session_recording_sample_rate: '0.40' }]);
    assert.equal(bench.control.environment(PRODUCTION).anonymize_ips, false, 'their value is kept');
    assert.deepEqual(await titles(), []);
  });

  it('11.1: Use Theirs puts theirs into the text, and undo restores the conflict', async () => {
    await clickLens('Use Theirs');
    assert.equal(valueOf(document).timezone, 'Asia/Tokyo');
    assert.equal(valueOf(document).session_recording_sample_rate, '0.40');
    assert.equal(marks().length, 1);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(valueOf(document).timezone, 'Europe/Rome');
    assert.equal(marks().length, 2);
    await clickLens('Use Theirs for All');
    assert.deepEqual(await savedBody(), []);
    assert.equal(valueOf(document).session_recording_sample_rate, '0.80');
  });

  it('11.1: typing another value resolves the conflict', async () => {
    await replaceIn(document, 'Europe/Rome', 'Europe/Paris');
    await clickLens('Use Theirs');
    assert.equal(valueOf(document).session_recording_sample_rate, '0.80');
    assert.deepEqual(await savedBody(), [{ timezone: 'Europe/Paris' }]);
  });

  it('11.1: Edit selects the value, and typing resolves the conflict', async () => {
    const editor = await vscode.window.showTextDocument(document);
    await clickLens('Edit', 1);
    assert.equal(document.getText(editor.selection), '"0.40"');
    await vscode.commands.executeCommand('type', { text: '"0.60' });
    await clickLens('Use Theirs');
    assert.deepEqual(await savedBody(), [{ session_recording_sample_rate: '0.60' }]);
  });

  it('11.1: the conflict and the notification say who made the other change, and when', async () => {
    bench.control.setMembership('member', PRODUCTION, 15);
    const { url, keys } = bench.sandbox;
    const response = await fetch(`${url}/api/projects/${PRODUCTION}/`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${keys.member}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ timezone: 'Asia/Seoul', session_recording_sample_rate: '0.90' }),
    });
    assert.ok(response.ok, await response.text());
    assert.equal(await refusalOf(document), 'conflict');
    await bench.prompts.tells(
      /^(?!Someone)\w[\w ]* changed timezone and session_recording_sample_rate in PostHog after you opened/,
    );
    const at = /PostHog has "Asia\/Seoul", set by \w[\w ]* at \d/;
    assert.ok(
      (await titles()).some((title) => at.test(title)),
      (await titles()).join(),
    );
    assert.match(marks()[0]?.message ?? '', at);
  });

  it("11.1: a resolution doesn't cover later changes of theirs", async () => {
    await bench.run('useAllMine', document.uri);
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Seoul' });
    assert.equal(await document.save(), false);
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Seoul');
    assert.deepEqual((await titles()).slice(0, 3), [
      '1 conflict',
      'Open Merge Editor',
      'Conflict: PostHog has "Asia/Seoul"',
    ]);
  });

  it('11.1: commands resolve the conflict at the cursor and go to the next one', async () => {
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await bench.run('nextConflict');
    assert.equal(editor.selection.active.line, lineOf('"timezone"'));
    await bench.run('nextConflict');
    assert.equal(editor.selection.active.line, lineOf('"session_recording_sample_rate"'));
    await bench.run('nextConflict');
    assert.equal(editor.selection.active.line, lineOf('"timezone"'), 'wraps around at the end');
    await bench.run('useConflictTheirs');
    assert.equal(valueOf(document).timezone, 'Asia/Tokyo');
    assert.equal(editor.selection.active.line, lineOf('"session_recording_sample_rate"'));
    const prompts = bench.script(press('Save to Production'));
    await bench.run('useConflictMine');
    assert.equal(prompts.told[0]?.message, 'All conflicts are resolved. Save to send your changes.');
    assert.equal(document.isDirty, false);
    assert.equal(bench.control.environment(PRODUCTION).session_recording_sample_rate, '0.40');
  });

  it('11.1: are gone when the document is reverted', async () => {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.deepEqual(await titles(), []);
    assert.deepEqual(marks(), []);
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    assert.deepEqual(await titles(), [], 'the next save finds out');
  });

  it('11.1: quick fixes offer both sides at the conflict', async () => {
    const at = new vscode.Position(lineOf('"timezone"'), 5);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(at, at),
    );
    const offered = actions.map(({ title }) => title);
    assert.ok(offered.includes('Use Mine'), offered.join());
    assert.ok(offered.includes('Use Theirs: PostHog has "Asia/Tokyo"'), offered.join());
  });

  it('11.2: the notification leads to the first conflict', async () => {
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const prompts = bench.script(press('Resolve…'));
    assert.equal(await refusalOf(document), 'conflict');
    await prompts.tells(/^Someone changed timezone and session_recording_sample_rate in PostHog/);
    // Not the editor above, because VS Code may show the document in another one.
    const shown = (): vscode.TextEditor | undefined => vscode.window.activeTextEditor;
    await until<unknown>(
      (listener) =>
        vscode.Disposable.from(
          vscode.window.onDidChangeTextEditorSelection(listener),
          vscode.window.onDidChangeActiveTextEditor(listener),
        ),
      () => shown()?.document === document && shown()?.selection.active.line === lineOf('"timezone"'),
      'the cursor at the first conflict',
    );
  });
});

describe('a document with conflicts in what was typed during a save', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;
  beforeEach(async () => {
    bench = await HostBench.start();
    document = await openDocument(settingsOf(bench));
  });
  afterEach(() => bench.stop());

  it('9.A3: keeps its decisions, although VS Code says that it has no unsaved changes', async () => {
    const route = { method: 'PATCH', path: '/api/' };
    bench.control.addFault({ route, times: 1, kind: 'latency', delayMs: 400 });
    await replaceIn(document, '"America/New_York"', '"Europe/Rome"');
    const saving = document.save();
    await bench.asked('PATCH');
    await replaceIn(document, '_sample_rate": "0.10"', '_sample_rate": "0.40"');
    await saving;
    bench.control.patchEnvironment(PRODUCTION, { session_recording_sample_rate: '0.80' });
    assert.equal(await document.save(), false);
    assert.equal(document.isDirty, false, 'otherwise, this test would prove nothing');
    await bench.run('useAllMine', document.uri);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const titles = lenses.map(({ command }) => command?.title);
    assert.ok(titles.includes('All conflicts are resolved. Save to send your changes.'), titles.join());
    assert.ok(await document.save());
    assert.equal(bench.control.environment(PRODUCTION).session_recording_sample_rate, '0.40');
  });
});

describe('the notification of a refused save', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;

  beforeEach(async () => {
    bench = await HostBench.start();
    document = await openDocument(settingsOf(bench));
    await replaceIn(document, 'America/New_York', 'Europe/Rome');
  });
  afterEach(() => bench.stop());

  it('11.2: for a document with problems, shows the problems', async () => {
    await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": 7');
    assert.equal(await refusalOf(document), 'problems in the document');
    assert.deepEqual(await bench.prompts.tells(/anonymize_ips/), ['Show Problems']);
  });

  it('11.2: for a failed request, saves again', async () => {
    const prompts = bench.script(press('Save to Production'));
    bench.fail('PATCH', 'status-500');
    assert.equal(await refusalOf(document), 'the request failed');
    await prompts.tells(/wasn't applied/);
    await until(vscode.workspace.onDidSaveTextDocument, () => !document.isDirty, 'a saved document');
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Rome');
  });

  it('11.2: for an unknown outcome, checks PostHog again, says what it has, and cleans up', async () => {
    const prompts = bench.script(press('Check Again'));
    bench.fail('PATCH', 'drop-after');
    const refusal = refusalOf(document);
    await bench.asked('PATCH');
    bench.fail('GET', 'status-500', 3);
    assert.equal(await refusal, 'outcome unknown');
    bench.control.clearFaults();
    await prompts.tells(/Couldn't confirm whether the change was saved/);
    await prompts.tells(/Checked again: PostHog has timezone as you saved it\./);
    assert.equal(document.isDirty, false);
    assert.deepEqual(
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
      [{ timezone: 'Europe/Rome' }],
    );
  });

  it("11.2: for a key that can't save, replaces it", async () => {
    bench.control.revokeKey('admin');
    assert.equal(await refusalOf(document), 'API key rejected');
    assert.deepEqual(await bench.prompts.tells(/Nothing was sent/), ['Replace Key…']);
  });

  it("11.2: isn't shown once the document is being saved again", async () => {
    bench.fail('PATCH', 'status-500');
    await refusalOf(document);
    assert.ok(await document.save());
    bench.fail('PATCH', 'status-500');
    await replaceIn(document, 'Europe/Rome', 'Europe/Paris');
    await refusalOf(document);
    await bench.prompts.tells(/wasn't applied/);
    assert.equal(bench.prompts.told.filter(({ severity }) => severity === 'error').length, 1);
  });
});
