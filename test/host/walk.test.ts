import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import { HostBench, until } from './support/bench';
import { pick } from './support/prompts';
import {
  openDocument,
  refusalOf,
  replaceIn,
  setText,
  settingsOf,
  tableOf,
  valueOf,
} from './support/documents';

/** The quick fixes that VS Code offers at the first occurrence of a text. */
async function fixesAt(document: vscode.TextDocument, needle: string): Promise<vscode.CodeAction[]> {
  const offset = document.getText().indexOf(needle);
  assert.ok(offset >= 0, `there's no ${needle}`);
  const position = document.positionAt(offset + 1);
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(position, position),
    vscode.CodeActionKind.QuickFix.value,
  );
}

const problemsOf = (document: vscode.TextDocument): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'PostHog');

async function hasProblems(document: vscode.TextDocument, count: number): Promise<void> {
  await until(
    vscode.languages.onDidChangeDiagnostics,
    () => problemsOf(document).length === count,
    `${count} problems`,
  );
}

const titles = (actions: readonly vscode.CodeAction[]): readonly string[] =>
  actions.map(({ title }) => title);

describe('navigating and fixing documents', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({});
  });
  afterEach(() => bench.stop());

  async function apply(actions: readonly vscode.CodeAction[], title: string): Promise<void> {
    const edit = actions.find((one) => one.title === title)?.edit;
    assert.ok(edit, `there's no "${title}" among ${titles(actions).join(', ')}`);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  it("5: offers fixes at the problem, and one for all keys that can't be saved", async () => {
    const document = await openDocument(settingsOf(bench));
    const before = valueOf(document);
    const { timezone, ...rest } = before;
    await setText(
      document,
      `${JSON.stringify({ ...rest, timezon: timezone, id: 5, api_token: 'x' }, null, 2)}\n`,
    );
    await hasProblems(document, 3);
    const actions = await fixesAt(document, '"timezon"');
    assert.deepEqual(titles(actions).slice(0, 2), ['Change to "timezone"', 'Remove "timezon"']);
    await apply(actions, 'Change to "timezone"');
    await hasProblems(document, 2);
    await apply(await fixesAt(document, '"id": 5'), "Remove all 2 keys that can't be saved");
    await hasProblems(document, 0);
    assert.deepEqual(valueOf(document), before);
  });

  it('5: offers the fixes of a wrong value on its key, too, where nothing is marked', async () => {
    const document = await openDocument(settingsOf(bench));
    await setText(document, `${JSON.stringify({ ...valueOf(document), anonymize_ips: 'true' }, null, 2)}\n`);
    await hasProblems(document, 1);
    const actions = await fixesAt(document, '"anonymize_ips"');
    assert.deepEqual(titles(actions).slice(0, 3), [
      'Change to true',
      'Change to false',
      'Undo my change to "anonymize_ips"',
    ]);
    assert.ok(!titles(await fixesAt(document, '"timezone"')).includes('Change to true'));
    await apply(actions, 'Change to true');
    await hasProblems(document, 0);
  });

  it('5: offers allowed values, null, and the previous value even without a problem', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, '"week_start_day": ', '"week_start_day": 7');
    await hasProblems(document, 1);
    const line = document.lineAt(document.positionAt(document.getText().indexOf('"week_start_day"')).line);
    const actions = await fixesAt(document, line.text.trim().slice(-3));
    assert.deepEqual(titles(actions), [
      'Change to 0',
      'Change to 1',
      'Set to null',
      'Undo my change to "week_start_day"',
      'Open in PostHog',
    ]);
    await apply(actions, 'Change to 1');
    await hasProblems(document, 0);
  });

  it('5: a long list of allowed values can be chosen from', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, '"America/New_York"', '"Mars/Olympus"');
    await hasProblems(document, 1);
    const action = (await fixesAt(document, '"Mars/')).find(({ title }) => title === 'Choose Value…');
    const { command, arguments: args = [] } = action?.command ?? assert.fail("there's no such fix");
    const prompts = bench.script({ kind: 'pick', label: 'Asia/Tokyo' });
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    prompts.finish();
    assert.ok((prompts.offered[0]?.length ?? 0) > 300);
    assert.equal(valueOf(document).timezone, 'Asia/Tokyo');
    await hasProblems(document, 0);
  });

  it("5: Open in PostHog opens the setting's own page", async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, '"America/New_York"', '"Mars/Olympus"');
    await hasProblems(document, 1);
    const action = (await fixesAt(document, '"Mars/')).find(({ title }) => title === 'Open in PostHog');
    assert.match(action?.command?.command ?? '', /open$/);
    const [uri] = (action?.command?.arguments ?? []) as unknown[];
    const address = vscode.Uri.from(uri as vscode.Uri).toString(true);
    assert.match(
      address,
      /^http:\/\/127\.0\.0\.1:\d+\/project\/1203\/settings\/environment-customization#date-and-time$/,
    );
  });

  it('5: a syntax error has a fix, and is marked once, even after a refused save', async () => {
    const document = await openDocument(settingsOf(bench));
    const all = (): readonly vscode.Diagnostic[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    const before = document.getText();
    const changed = vscode.languages.onDidChangeDiagnostics;
    for (const [from, to, title] of [
      ['"timezone": "America/New_York",', '"timezone": "America/New_York"', 'Insert a comma'],
      ['"timezone": "America/New_York",', '"timezone": "America/New_York", // home', 'Remove the comment'],
    ] as const) {
      await replaceIn(document, from, to);
      await refusalOf(document);
      await until(changed, () => all().length === 1, 'one problem');
      await apply(await fixesAt(document, '"week_start_day"'), title);
      assert.equal(document.getText(), before);
      await until(changed, () => all().length === 0, 'no problems');
    }
  });

  it('5: a change without a problem can be undone on its line', async () => {
    const document = await openDocument(settingsOf(bench));
    const before = document.getText();
    await replaceIn(document, 'America/New_York', 'Europe/Paris');
    await apply(await fixesAt(document, 'Europe/Paris'), 'Undo my change to "timezone"');
    assert.equal(document.getText(), before);
    assert.deepEqual(titles(await fixesAt(document, 'America/New_York')), []);
  });

  it('11: groups, titles and keys are symbols', async () => {
    const document = await openDocument(settingsOf(bench));
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const general = symbols.find(({ name }) => name === 'General');
    assert.equal(general?.kind, vscode.SymbolKind.Namespace);
    const timezone = general.children.find(({ name }) => name === 'Time zone');
    assert.equal(timezone?.detail, 'timezone');
    assert.equal(document.getText(timezone.selectionRange), '"timezone"');
  });

  it('11: a table has its keys and columns as symbols', async () => {
    const document = await openDocument(tableOf(bench, 'orders'));
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const columns = symbols.find(({ name, kind }) => name === 'columns' && kind === vscode.SymbolKind.Field);
    assert.ok(columns && columns.children.length > 0);
  });

  it('11: settings files, proposed changes, and reports have an outline, and only one', async () => {
    const { Field, Namespace, Property, Struct } = vscode.SymbolKind;
    /** The names of the extension's symbols, with those below them. */
    const outlineAt = async (uri: vscode.Uri): Promise<string> => {
      await vscode.workspace.openTextDocument(uri);
      const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        'vscode.executeDocumentSymbolProvider',
        uri,
      );
      const namesOf = (list: readonly vscode.DocumentSymbol[]): string =>
        list.map(({ name, children }) => `${name}(${namesOf(children)})`).join(' ');
      return namesOf(symbols.filter(({ kind }) => [Field, Namespace, Property, Struct].includes(kind)));
    };
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder, 'the host has an open folder');
    const place = vscode.Uri.joinPath(folder.uri, 'dist', 'walk');
    const write = async (name: string, content: unknown): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(place, name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(content)));
      return uri;
    };
    try {
      await bench.services.settingsFiles();
      const file = await write('posthog.environments.json', { settings: { week_start_day: 0 } });
      assert.equal(await outlineAt(file), 'settings(First day of the week())');
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        file,
        new vscode.Range(0, 0, 1, 0),
      );
      assert.deepEqual(
        hints.map(({ label }) => label),
        ['Sunday'],
      );
      const change = await write('a.posthog-change.json', { by: 'Ada', environments: [] });
      assert.equal(await outlineAt(change), 'by() environments()');
      bench.script(pick('Staging'));
      await bench.run('compareEnvironment', documentUri(settingsOf(bench)));
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff);
      const compared = await outlineAt(activeTab.input.modified);
      assert.equal(compared.split('timezone()').length, 2, compared);
    } finally {
      await vscode.workspace.fs.delete(place, { recursive: true });
    }
  });

  it("11: a heading links to its page in PostHog's settings", async () => {
    const document = await openDocument(settingsOf(bench));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      1_000,
    );
    const links = lenses.flatMap(({ command }) => (command?.title === 'Open in PostHog' ? [command] : []));
    const addresses = links.map(({ arguments: args }) =>
      vscode.Uri.from(((args ?? []) as unknown[])[0] as vscode.Uri).toString(true),
    );
    assert.ok(addresses.length > 5, addresses.join());
    for (const address of addresses) {
      assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/project\/1203\/settings\/[a-z-]+$/);
    }
    assert.equal(new Set(addresses).size > 5, true);
  });

  it('11: headings and folding follow the groups', async () => {
    const document = await openDocument(settingsOf(bench));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const headings = lenses.map(({ command, range }) => [command?.title, document.getText(range)]);
    assert.ok(
      headings.some(([title, at]) => title?.includes('\u00a0General: ') && at === '"name"'),
      JSON.stringify(headings),
    );
    assert.ok(headings.length >= 15, `${headings.length} headings`);
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    const regions = folds.filter(({ kind }) => kind === vscode.FoldingRangeKind.Region);
    assert.ok(regions.some(({ start }) => document.lineAt(start).text.includes('"name"')));
    assert.ok(regions.length >= 10, `${regions.length} regions`);
  });

  it('11: numbers have a description next to them', async () => {
    const document = await openDocument(settingsOf(bench));
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole,
    );
    const byLine = hints.map(({ position, label }) => {
      assert.ok(typeof label === 'string');
      return `${document.lineAt(position).text.trim()} ${label}`;
    });
    assert.ok(
      byLine.some((line) => /^"week_start_day": [01],? (Sunday|Monday)$/.test(line)),
      byLine.join('\n'),
    );
  });

  it('5: a read-only document offers no fixes', async () => {
    const document = await openDocument(documentUri(settingsOf(bench), 'theirs'));
    assert.deepEqual(titles(await fixesAt(document, '"timezone"')), []);
  });
});
