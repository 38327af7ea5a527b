import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { BaseStore } from '../../src/documents/baseStore';
import { KeptBases } from '../../src/documents/keptBases';
import { Documents } from '../../src/documents/documents';
import { documentUri } from '../../src/documents/uris/uri';
import { isJsonObject, type JsonObject } from '../../src/json/json';
import { DEVELOPMENT, HostBench, PRODUCTION, until } from './support/bench';
import {
  close,
  openDocument,
  refusalOf,
  replaceIn,
  setText,
  settingsOf,
  shows,
  tableOf,
  valueOf,
} from './support/documents';
import { canceled, confirm, press, type } from './support/prompts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The contents of a folder; empty if it was removed after its name was read. */
async function entriesOf(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch (error) {
    assert.ok(error instanceof vscode.FileSystemError && error.code === 'FileNotFound', String(error));
    return [];
  }
}

/** The files below a folder. */
async function filesIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  for (const [name, kind] of await entriesOf(folder)) {
    const uri = vscode.Uri.joinPath(folder, name);
    found.push(...(kind === vscode.FileType.Directory ? await filesIn(uri) : [uri]));
  }
  return found;
}

/** Resolves once a base has been written: the extension doesn't wait for this. */
async function kept(folder: vscode.Uri, count = 1): Promise<void> {
  while ((await filesIn(folder)).length !== count) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('documents during concurrent events', () => {
  let bench: HostBench;
  let document: vscode.TextDocument;
  beforeEach(async () => {
    bench = await HostBench.start({ allowKeyUpdateSchema: true });
    document = await openDocument(settingsOf(bench));
    bench.clear();
  });
  afterEach(() => bench.stop());

  const slow = (method: string): void =>
    bench.control.addFault({ route: { method, path: '/api/' }, times: 1, kind: 'latency', delayMs: 400 });

  const patches = (): unknown[] => bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body);

  it('typing during a reload keeps the base that was edited', async () => {
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    slow('GET');
    const reload = bench.run('reloadDocument', document.uri);
    await bench.asked('GET');
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await reload;
    assert.match(document.getText(), /"week_start_day": 1/);
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Europe/Paris' });
    assert.equal(
      bench.control.environment(PRODUCTION).week_start_day,
      0,
      "the other user's change is still there",
    );
  });

  it("a reload that was answered before a save doesn't restore the old state", async () => {
    slow('GET');
    const reload = bench.run('reloadDocument', document.uri);
    await bench.asked('GET');
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    assert.ok(await document.save());
    await reload;
    assert.equal(valueOf(document).timezone, 'Europe/Paris');
    assert.equal(document.isDirty, false);
    bench.clear();
    await replaceIn(document, 'Europe/Paris', 'Asia/Tokyo');
    assert.ok(await document.save(), 'no conflict with my own change');
  });

  it('two concurrent saves are sent one after another, the second on the base of the first', async () => {
    const first = document.getText().replace('America/New_York', 'Europe/Paris');
    const second = first.replace('"week_start_day": 1', '"week_start_day": 0');
    await Promise.all([
      vscode.workspace.fs.writeFile(document.uri, encode(first)),
      vscode.workspace.fs.writeFile(document.uri, encode(second)),
    ]);
    assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET', 'PATCH']);
    assert.deepEqual(
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
      [{ timezone: 'Europe/Paris' }, { week_start_day: 0 }],
    );
  });

  it('a document closed during its save is reloaded afterwards', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await replaceIn(document, '"default_data_theme": 1', '"default_data_theme": 7');
    slow('PATCH');
    const saving = vscode.workspace.fs.writeFile(document.uri, encode(document.getText()));
    await bench.asked('PATCH');
    await close(document);
    // The theme is ignored, so the refusal leaves a new base for a document that is closed.
    await assert.rejects(Promise.resolve(saving), /only partly saved/);
    await bench.prompts.tells(/kept its own value for default_data_theme/);
    bench.clear();
    const again = await openDocument(settingsOf(bench));
    assert.deepEqual(bench.methods(), ['GET']);
    assert.equal(valueOf(again).timezone, 'Europe/Paris');
  });

  it('text typed during a save is kept and sent by the next save', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { anonymize_ips: false });
    slow('PATCH');
    const saving = vscode.workspace.fs.writeFile(document.uri, encode(document.getText()));
    await bench.asked('PATCH');
    await replaceIn(document, '"week_start_day": 1', '"week_start_day": 0');
    await saving;
    bench.clear();
    // The editor still shows the old anonymize_ips, which nobody has changed.
    await vscode.workspace.fs.writeFile(document.uri, encode(document.getText()));
    assert.deepEqual(
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
      [{ week_start_day: 0 }],
    );
    assert.equal(bench.control.environment(PRODUCTION).anonymize_ips, false);
  });

  it("A3: saving text typed during a save leaves someone else's change alone", async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    slow('PATCH');
    const saving = document.save();
    await bench.asked('PATCH');
    await replaceIn(document, '"name": "Production"', '"name": "Produktion"');
    await saving;
    assert.match(document.getText(), /"name": "Produktion"/);
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(patches(), [{ name: 'Produktion' }]);
    assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
    await shows(document, '"week_start_day": 0');
    assert.match(document.getText(), /"name": "Produktion"/);
    assert.equal(document.isDirty, false);
  });

  it('A3: text typed during a save that restores the previous value is sent', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    slow('PATCH');
    const saving = document.save();
    await bench.asked('PATCH');
    await replaceIn(document, 'Europe/Paris', 'America/New_York');
    await saving;
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(patches(), [{ timezone: 'America/New_York' }]);
    assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
  });

  it("A3: text typed during a save and deleted again doesn't hide someone else's change", async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    slow('PATCH');
    const saving = document.save();
    await bench.asked('PATCH');
    await replaceIn(document, '"name": "Production"', '"name": "Produktion"');
    await replaceIn(document, '"name": "Produktion"', '"name": "Production"');
    await saving;
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(patches(), []);
    await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": false');
    assert.ok(await document.save());
    assert.deepEqual(patches(), [{ anonymize_ips: false }]);
    assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
    await shows(document, '"week_start_day": 0');
  });

  it("A3: a text that another extension writes doesn't become the base of unsaved changes", async () => {
    const written = document.getText().replace('"week_start_day": 1', '"week_start_day": 0');
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await vscode.workspace.fs.writeFile(document.uri, encode(written));
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(patches(), [{ timezone: 'Europe/Paris' }]);
    assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
  });

  it('9.B2: what a save was refused for is marked where it is now, after typing during the save', async () => {
    const refusedFor = async (typed: readonly [from: string, to: string]): Promise<readonly string[]> => {
      slow('PATCH');
      const [key, value] = ['"person_display_name_properties": ', '["", "x"]'];
      const start = document.getText().indexOf(key) + key.length;
      const end = document.getText().indexOf(']', start) + 1;
      const text = document.getText().slice(0, start) + value + document.getText().slice(end);
      await setText(document, text);
      bench.clear();
      const saving = document.save();
      await bench.asked('PATCH');
      await replaceIn(document, ...typed);
      assert.equal(await saving, false);
      await bench.prompts.tells(/^PostHog rejected person_display_name_properties\[0\]/);
      return vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ code }) => code === 'refused')
        .map(({ range }) => document.getText(range));
    };
    assert.deepEqual(await refusedFor(['"name": "Production"', '"name": "Produktion in Europa"']), ['""']);
    assert.deepEqual(await refusedFor(['["", "x"]', '["x"]']), []);
  });

  it('a save names a removed connection, and the text stays', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await bench.services.connections.remove(bench.connectionId);
    await refusalOf(document);
    assert.deepEqual(await bench.prompts.tells(/connection no longer exists/), []);
    assert.match(document.getText(), /Europe\/Paris/);
    assert.deepEqual(bench.calls(), []);
  });

  it('after replacing a revoked key, the same save succeeds', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.revokeKey('admin');
    const prompts = bench.script(press('Replace Key…'), type(bench.sandbox.keys.member));
    await refusalOf(document);
    await prompts.tells(/rejected the API key/);
    await prompts.tells(/^Replaced the API key/);
    bench.control.setMembership('member', PRODUCTION, 15);
    assert.ok(await document.save());
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Paris');
  });

  it("after replacing the key, changes that its owner can't make are marked, and the text stays", async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    const text = document.getText();
    const marks = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === 'role');
    bench.script(type(bench.sandbox.keys.member));
    await bench.run('replaceKey', { connectionId: bench.connectionId });
    await until(vscode.languages.onDidChangeDiagnostics, () => marks().length > 0, 'a problem for the role');
    assert.match(marks()[0]?.message ?? '', /"timezone".* belongs to a member/);
    assert.equal(document.getText(), text);
    assert.ok(document.isDirty);
    bench.script(type(bench.sandbox.keys.admin));
    await bench.run('replaceKey', { connectionId: bench.connectionId });
    await until(
      vscode.languages.onDidChangeDiagnostics,
      () => marks().length === 0,
      'no problem for the role',
    );
  });

  it('a read-only key makes documents read-only, and one that can write makes them editable again', async () => {
    const isReadOnly = async (): Promise<boolean> =>
      (await vscode.workspace.fs.stat(document.uri)).permissions === vscode.FilePermission.Readonly;
    assert.equal(await isReadOnly(), false);
    bench.script(type(bench.sandbox.keys.read));
    await bench.run('replaceKey', { connectionId: bench.connectionId });
    assert.equal(await isReadOnly(), true);
    await assert.rejects(
      Promise.resolve(vscode.workspace.fs.writeFile(document.uri, encode('{}'))),
      /doesn't have the scope project:write/,
    );
    bench.script(type(bench.sandbox.keys.admin));
    await bench.run('replaceKey', { connectionId: bench.connectionId });
    assert.equal(await isReadOnly(), false);
    // The editor learns about it a little later; until then, typing doesn't make it dirty.
    const text = document.getText().replace('America/New_York', 'Europe/Paris');
    for (let blanks = 0; !document.isDirty; blanks += 1) {
      await setText(document, text + ' '.repeat(blanks));
    }
    assert.ok(await document.save());
  });

  it('using theirs shows what PostHog has now and leaves the editor clean', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    bench.script(confirm('Discard Changes'));
    await bench.run('useTheirs', document.uri);
    await until(vscode.workspace.onDidSaveTextDocument, () => !document.isDirty, 'a clean editor');
    assert.equal(valueOf(document).timezone, 'Asia/Tokyo');
    assert.deepEqual(bench.methods(), ['GET']);
  });

  it("A8: Use PostHog's Version names what it would discard, and discards nothing if canceled", async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await replaceIn(document, '"week_start_day": 1', '"week_start_day": 0');
    bench.control.patchEnvironment(PRODUCTION, { anonymize_ips: false });
    const text = document.getText();
    const prompts = bench.script(canceled.confirm);
    await bench.run('useTheirs', document.uri);
    assert.equal(prompts.confirmed[0]?.message, 'Discard your changes to Production · Test admin?');
    assert.match(prompts.confirmed[0].detail, /^You changed timezone and week_start_day\. /);
    assert.equal(document.getText(), text);
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(patches(), [{ timezone: 'Europe/Paris', week_start_day: 0 }]);
  });

  it("A8: Use PostHog's Version reloads a document without changes, and asks nothing", async () => {
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    await bench.run('useTheirs', document.uri);
    await shows(document, 'Asia/Tokyo');
    assert.deepEqual(bench.prompts.confirmed, []);
  });

  it("A8: after Use PostHog's Version, the cursor stays, and undo restores the text", async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(document.getText().indexOf('"anonymize_ips"') + 3);
    editor.selection = new vscode.Selection(at, at);
    bench.script(confirm('Discard Changes'));
    await bench.run('useTheirs', document.uri);
    await until(vscode.workspace.onDidSaveTextDocument, () => !document.isDirty, 'a clean editor');
    assert.ok(editor.selection.active.isEqual(at), JSON.stringify(editor.selection.active));
    await vscode.commands.executeCommand('undo');
    await shows(document, 'Europe/Paris');
  });

  it('keeping mine reapplies my changes to what PostHog has now', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo', week_start_day: 0 });
    await refusalOf(document);
    await bench.run('keepMine', document.uri);
    await shows(document, '"week_start_day": 0');
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Europe/Paris' });
  });

  it('keeping mine keeps text typed during the request', async () => {
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    slow('GET');
    const keeping = bench.run('keepMine', document.uri);
    await bench.asked('GET');
    await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": false');
    await keeping;
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Europe/Paris', anonymize_ips: false });
    assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
  });

  /**
   * Folds a setting with several lines, and puts the cursor in another one; resolves to a function that tells whether
   * both are still so.
   */
  async function foldedAt(key: string, cursorIn: string): Promise<() => boolean> {
    const editor = await vscode.window.showTextDocument(document);
    const lineOf = (text: string): number =>
      document.positionAt(document.getText().indexOf(`"${text}"`)).line;
    editor.revealRange(new vscode.Range(lineOf(key), 0, lineOf(key), 0), vscode.TextEditorRevealType.AtTop);
    const hidden = (): boolean => {
      const below = lineOf(key) + 1;
      const shown = editor.visibleRanges;
      return (
        shown.some(({ start, end }) => start.line <= below - 1 && end.line >= below - 1) &&
        !shown.some(({ start, end }) => start.line <= below && end.line >= below)
      );
    };
    await vscode.commands.executeCommand('editor.fold', { selectionLines: [lineOf(key)] });
    await until(vscode.window.onDidChangeTextEditorVisibleRanges, hidden, 'the fold');
    const at = new vscode.Position(lineOf(cursorIn), 4);
    editor.selection = new vscode.Selection(at, at);
    return () => editor.selection.active.line === lineOf(cursorIn) && hidden();
  }

  it("10.6: Keep My Version leaves cursor and folding between other people's changes, and undo brings the text back", async () => {
    const keys = Object.keys(valueOf(document));
    const places = ['week_start_day', 'anonymize_ips', 'app_urls', 'test_account_filters_default_checked'];
    const order = [...places].sort((one, other) => keys.indexOf(one) - keys.indexOf(other));
    assert.deepEqual(order, places);
    const last = 'test_account_filters_default_checked';
    const checked = valueOf(document)[last] !== true;
    bench.control.patchEnvironment(PRODUCTION, { [last]: checked, week_start_day: 0 });
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    const before = document.getText();
    const isSo = await foldedAt('app_urls', 'anonymize_ips');
    await bench.run('keepMine', document.uri);
    await shows(document, '"week_start_day": 0');
    assert.equal(valueOf(document)[last], checked);
    // The window reports the text first, and its visible ranges later.
    await until(vscode.window.onDidChangeTextEditorVisibleRanges, isSo, 'cursor and folding as before');
    await vscode.commands.executeCommand('undo');
    await until(vscode.workspace.onDidChangeTextDocument, () => document.getText() === before, 'the text');
  });

  it("10.6: showing the server's form of a saved value leaves cursor and folding alone, and undo restores the previous text", async () => {
    await replaceIn(
      document,
      /"session_recording_sample_rate": [^,\n]+/.exec(document.getText())?.[0] ?? '',
      '"session_recording_sample_rate": "0.4"',
    );
    const isSo = await foldedAt('app_urls', 'timezone');
    assert.ok(await document.save());
    await shows(document, '"session_recording_sample_rate": "0.40"');
    // The window reports the text first, and its visible ranges later.
    await until(vscode.window.onDidChangeTextEditorVisibleRanges, isSo, 'cursor and folding as before');
    await vscode.commands.executeCommand('undo');
    await shows(document, '"session_recording_sample_rate": "0.4"');
  });

  it('11.1: what a save has merged is shown in place: the cursor stays, and undo restores the previous text', async () => {
    bench.control.patchEnvironment(PRODUCTION, { extra_settings: { a: 1, b: 1 } });
    await bench.run('reloadDocument', document.uri);
    await shows(document, '"a": 1');
    bench.control.patchEnvironment(PRODUCTION, { extra_settings: { a: 1, b: 2 } });
    await replaceIn(document, '"a": 1', '"a": 3');
    const before = document.getText();
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(before.indexOf('anonymize_ips'));
    editor.selection = new vscode.Selection(at, at);
    bench.clear();
    assert.ok(await document.save());
    assert.deepEqual(patches(), [{ extra_settings: { a: 3, b: 2 } }]);
    await shows(document, '"b": 2');
    assert.deepEqual(valueOf(document).extra_settings, { a: 3, b: 2 });
    assert.equal(document.isDirty, false);
    assert.ok(editor.selection.active.isEqual(at), 'the cursor moved');
    await vscode.commands.executeCommand('undo');
    await until(vscode.workspace.onDidChangeTextDocument, () => document.getText() === before, 'the text');
  });

  it('11.1: an emoji that a save has merged is shown as it is, and nothing else is sent', async () => {
    const [before, after] = ['Hedgehogs \u{1f994}', 'Hedgehogs \u{1f98a}'];
    bench.control.patchEnvironment(PRODUCTION, { product_description: before, week_start_day: 1 });
    await bench.run('reloadDocument', document.uri);
    await shows(document, before);
    bench.control.patchEnvironment(PRODUCTION, { product_description: after, week_start_day: 0 });
    await replaceIn(document, 'America/New_York', 'Europe/Rome');
    await vscode.window.showTextDocument(document);
    bench.clear();
    assert.ok(await document.save());
    await shows(document, after);
    await until(vscode.workspace.onDidSaveTextDocument, () => !document.isDirty, 'a saved document');
    assert.deepEqual(patches(), [{ timezone: 'Europe/Rome' }]);
    assert.equal(bench.control.environment(PRODUCTION).product_description, after);
  });

  it("A8: Use PostHog's Version restores an emoji that was replaced by another one", async () => {
    const [theirs, mine] = ['\u{1f994}', '\u{1f98a}'];
    bench.control.patchEnvironment(PRODUCTION, { product_description: theirs });
    await bench.run('reloadDocument', document.uri);
    await shows(document, theirs);
    await replaceIn(document, theirs, 'fox');
    await replaceIn(document, 'fox', mine);
    bench.script(confirm('Discard Changes'));
    bench.clear();
    await bench.run('useTheirs', document.uri);
    await until(vscode.workspace.onDidSaveTextDocument, () => !document.isDirty, 'a clean editor');
    assert.equal(valueOf(document).product_description, theirs);
    assert.deepEqual(patches(), []);
  });

  it('keeping mine leaves the column types that someone else changed meanwhile', async () => {
    const target = tableOf(bench, 'products');
    assert.ok(target.kind === 'table');
    const put = (name: string, types: Record<string, string>): void =>
      bench.control.patchTable(DEVELOPMENT, target.tableId, {
        name,
        columns: Object.entries(types).map(([column, type]) => ({ name: column, type })),
      });
    put('ours', { a: 'string', b: 'string' });
    const table = await openDocument(target);
    await replaceIn(table, '"a": "string"', '"a": "integer"');
    await replaceIn(table, '"name": "ours"', '"name": "mine"');
    put('theirs', { a: 'string', b: 'date', fresh: 'json' });
    await refusalOf(table);
    await bench.run('keepMine', table.uri);
    await shows(table, '"fresh": "json"');
    bench.clear();
    assert.ok(await table.save());
    assert.deepEqual(
      bench.requests(({ method }) => method !== 'GET').map(({ body }) => body),
      [{ name: 'mine' }, { updates: { a: 'integer' } }],
    );
  });

  it('keeping mine leaves the marketing sources that someone else added meanwhile', async () => {
    const put = (sources: JsonObject, timezone: string): void =>
      bench.control.patchEnvironment(PRODUCTION, {
        timezone,
        marketing_analytics_config: { sources_map: sources },
      });
    const sourcesIn = (value: unknown): unknown => (isJsonObject(value) ? value.sources_map : undefined);
    put({ both: {} }, 'America/New_York');
    await bench.run('reloadDocument', document.uri);
    await shows(document, '"both": {}');
    await replaceIn(document, '"both": {}', '"both": {}, "mine": {}');
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    put({ both: {}, theirs: {} }, 'Asia/Tokyo');
    await refusalOf(document);
    await bench.run('keepMine', document.uri);
    await shows(document, '"theirs": {}');
    assert.ok(await document.save());
    const { marketing_analytics_config: config } = bench.control.environment(PRODUCTION);
    assert.deepEqual(sourcesIn(config), { both: {}, theirs: {}, mine: {} });
  });

  it("a server can't put command links into the message of a refused save", async () => {
    const target = tableOf(bench, 'orders');
    assert.ok(target.kind === 'table');
    bench.control.patchTable(DEVELOPMENT, target.tableId, {
      columns: [{ name: '[Fix](command:example.evil)', type: 'string' }],
    });
    const table = await openDocument(target);
    await replaceIn(table, '"string"', '"integer"');
    bench.fail('POST', 'status-429');
    await refusalOf(table);
    // The window's prompts escape the text of notifications.
    await bench.prompts.tells(/Fix/);
  });
});

describe('the base of unsaved changes after a restart', () => {
  let bench: HostBench;
  let folder: vscode.Uri;
  const restarted = (workspace = 'file:///one'): Documents =>
    new Documents(
      bench.services.connections,
      new KeptBases(new BaseStore(folder, workspace, bench.services.log), bench.services.connections),
      bench.services.changes,
      bench.services.log,
      bench.services,
    );
  beforeEach(async () => {
    bench = await HostBench.start();
    folder = vscode.Uri.file(join(tmpdir(), `posthog-environments-bases-${randomUUID()}`));
    // If the host's file system weren't writable, the test would prove nothing.
    await vscode.workspace.fs.createDirectory(folder);
  });
  afterEach(async () => {
    await bench.stop();
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('is the previous one, without a request; the file contains no key', async () => {
    const before = restarted();
    const document = await openDocument(settingsOf(bench));
    const { base } = await before.load(document.uri);
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    bench.clear();
    await kept(folder);
    const after = restarted();
    const state = await after.load(document.uri);
    assert.deepEqual(state.base, base);
    assert.deepEqual(bench.calls(), []);
    const [file, ...others] = await filesIn(folder);
    assert.ok(file && others.length === 0);
    const stored = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    assert.ok(stored.includes('America/New_York'));
    for (const secret of [...Object.values(bench.sandbox.keys), 'phs_', 'eyJ']) {
      assert.ok(!stored.includes(secret));
    }
    before.dispose();
    after.dispose();
  });

  it('is deleted when the changes are discarded', async () => {
    const before = restarted();
    const document = await openDocument(settingsOf(bench));
    await before.load(document.uri);
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await kept(folder);
    await close(document);
    await kept(folder, 0);
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    bench.clear();
    const after = restarted();
    const state = await after.load(documentUri(settingsOf(bench)));
    assert.equal(state.base.timezone, 'Asia/Tokyo');
    assert.deepEqual(bench.methods(), ['GET']);
    before.dispose();
    after.dispose();
  });

  it('is updated if it is restored without its changes', async () => {
    const before = restarted();
    const document = await openDocument(settingsOf(bench));
    await before.load(document.uri);
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    await kept(folder);
    const after = restarted();
    const state = await after.load(document.uri);
    assert.equal(state.base.timezone, 'America/New_York');
    before.dispose();
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until(
      after.onDidChangeState,
      () => state.revisions.current.base.timezone === 'Asia/Tokyo',
      'the current state',
    );
    after.dispose();
  });

  it('9.A: stays if another window opens the document, which has the same storage if both are empty', async () => {
    const document = await openDocument(settingsOf(bench));
    const reader = restarted();
    const state = await reader.load(document.uri);
    reader.dispose();
    const { connections, log } = bench.services;
    const store = new BaseStore(folder, 'file:///one', log);
    const before = new KeptBases(store, connections);
    await before.keep(state);
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
    const other = restarted();
    const shown = await other.load(document.uri);
    assert.equal(shown.base.timezone, 'America/New_York');
    const isCurrent = (): boolean => shown.revisions.current.base.timezone === 'Asia/Tokyo';
    const current = until(other.onDidChangeState, isCurrent, 'the current state');
    await openDocument(settingsOf(bench, DEVELOPMENT, 'Development'));
    await current;
    other.dispose();
    assert.equal((await filesIn(folder)).length, 1, 'the other window needs it');
    // After a reload, it's still its own.
    const after = new KeptBases(store, connections, undefined, [document.uri]);
    assert.equal(state.kept.kind, 'kept');
    after.drop(state);
    await kept(folder, 0);
  });

  it('C5: is removed with its connection, in the storage of every workspace', async () => {
    const [one, other] = [restarted('file:///one'), restarted('file:///other')];
    const document = await openDocument(settingsOf(bench));
    await one.load(document.uri);
    await other.load(document.uri);
    other.dispose();
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    const third = restarted('file:///other');
    await third.load(document.uri);
    await replaceIn(document, 'Europe/Paris', 'Asia/Tokyo');
    await kept(folder, 2);
    third.dispose();
    await bench.services.connections.remove(bench.connectionId);
    await kept(folder, 0);
    // The text stays, but its base isn't stored again.
    await replaceIn(document, 'Asia/Tokyo', 'Asia/Seoul');
    one.dispose();
    assert.deepEqual(await filesIn(folder), []);
  });
});
