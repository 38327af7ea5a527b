import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import { HostBench, PRODUCTION, DEVELOPMENT, until } from './support/bench';
import {
  close,
  openDocument,
  refusalOf,
  replaceIn,
  settingsOf,
  shows,
  tableOf,
  valueOf,
} from './support/documents';

for (const generation of ['current', 'documented'] as const) {
  describe(`documents on a ${generation} server`, () => {
    let bench: HostBench;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
      // A connection's first request detects the server's API.
      await close(await openDocument(settingsOf(bench)));
      bench.clear();
    });
    afterEach(() => bench.stop());

    it('opens settings with one request', async () => {
      const document = await openDocument(settingsOf(bench));
      assert.deepEqual(bench.methods(), ['GET']);
      assert.equal(document.languageId, 'posthog-json');
      assert.equal(document.isDirty, false);
      const value = valueOf(document);
      assert.equal(Object.keys(value)[0], 'name');
      assert.equal(value.timezone, 'America/New_York');
      for (const key of [
        'secret_api_token',
        'secret_api_token_backup',
        'live_events_token',
        'api_token',
        'id',
      ]) {
        assert.ok(!(key in value), `${key} is in the document`);
      }
    });

    it('opens a table with one request', async () => {
      const document = await openDocument(tableOf(bench, 'orders'));
      assert.deepEqual(bench.methods(), ['GET']);
      assert.deepEqual(Object.keys(valueOf(document)), ['name', 'format', 'url_pattern', 'columns']);
    });

    it('an unchanged save sends nothing', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      await replaceIn(document, 'Europe/Paris', 'America/New_York');
      bench.clear();
      assert.ok(await document.save());
      assert.deepEqual(bench.calls(), []);
    });

    it('a changed save sends one GET and one PATCH with the changed key', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      bench.clear();
      assert.ok(await document.save());
      assert.equal(document.isDirty, false);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
      assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Europe/Paris' });
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Paris');
    });

    it('a refused save leaves the editor dirty and the text unchanged', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      const text = document.getText();
      bench.fail('PATCH', 'status-500');
      assert.equal(await document.save(), false);
      assert.equal(document.isDirty, true);
      assert.equal(document.getText(), text);
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'America/New_York');
      assert.ok(await document.save(), 'the second try succeeds');
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Paris');
    });

    it("stops at someone else's change of the same key", async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
      assert.equal(await refusalOf(document), 'conflict');
      assert.deepEqual(await bench.prompts.tells(/^Someone changed timezone in PostHog/), ['Resolve…']);
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
    });

    it('after a save, shows what the server stored in a different form', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(
        document,
        '"session_recording_sample_rate": "0.10"',
        '"session_recording_sample_rate": 0.4',
      );
      assert.ok(await document.save());
      await shows(document, '"session_recording_sample_rate": "0.40"');
      assert.equal(document.isDirty, false);
    });

    it('after a save, shows what someone else changed in the meantime', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
      assert.ok(await document.save());
      await shows(document, '"week_start_day": 0');
      assert.equal(document.isDirty, false);
      await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": false');
      bench.clear();
      assert.ok(await document.save());
      assert.deepEqual(bench.requests()[1]?.body, { anonymize_ips: false });
    });

    it('answers stat from memory, and changes mtime only with the content', async () => {
      const document = await openDocument(settingsOf(bench));
      bench.clear();
      const first = await vscode.workspace.fs.stat(document.uri);
      assert.equal(first.size, new TextEncoder().encode(document.getText()).length);
      assert.deepEqual(await vscode.workspace.fs.stat(document.uri), first);
      assert.deepEqual(bench.calls(), []);
      await bench.run('reloadDocument', document.uri);
      assert.deepEqual(bench.methods(), ['GET']);
      assert.deepEqual(
        await vscode.workspace.fs.stat(document.uri),
        first,
        'the same content, the same mtime',
      );
      bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
      await bench.run('reloadDocument', document.uri);
      await shows(document, '"week_start_day": 0');
      const second = await vscode.workspace.fs.stat(document.uri);
      assert.ok(second.mtime > first.mtime);
      assert.equal(second.size, first.size);
    });

    it('keeps two documents of one environment in sync, opened under different names', async () => {
      const first = await openDocument(settingsOf(bench, PRODUCTION, 'Production'));
      const second = await openDocument(settingsOf(bench, PRODUCTION, 'Old name'));
      await replaceIn(first, 'America/New_York', 'Europe/Paris');
      await vscode.window.showTextDocument(first);
      bench.clear();
      assert.ok(await first.save());
      await shows(second, 'Europe/Paris');
      assert.equal(second.isDirty, false);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH'], 'the other document needs no request');
      await replaceIn(second, 'Europe/Paris', 'Asia/Tokyo');
      await vscode.window.showTextDocument(second);
      assert.ok(await second.save(), 'no conflict with my own change');
      await shows(first, 'Asia/Tokyo');
    });

    it('leaves a dirty document alone when someone else changes the environment', async () => {
      const mine = await openDocument(settingsOf(bench, PRODUCTION, 'Mine'));
      const theirs = await openDocument(settingsOf(bench, PRODUCTION, 'Theirs'));
      await replaceIn(mine, 'America/New_York', 'Europe/Paris');
      const text = mine.getText();
      await replaceIn(theirs, '"week_start_day": 1', '"week_start_day": 0');
      assert.ok(await theirs.save());
      assert.equal(mine.getText(), text);
      assert.equal(mine.isDirty, true);
      bench.clear();
      await vscode.window.showTextDocument(mine);
      assert.ok(await mine.save());
      assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Europe/Paris' });
      assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
    });

    it('keeps the base of unsaved changes when the language mode is changed', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
      bench.clear();
      const other = await vscode.languages.setTextDocumentLanguage(document, 'json');
      assert.ok(await other.save());
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
      assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Europe/Paris' });
      assert.equal(bench.control.environment(PRODUCTION).week_start_day, 0);
    });

    it('queries the server again after closing', async () => {
      await close(await openDocument(settingsOf(bench)));
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
      bench.clear();
      const document = await openDocument(settingsOf(bench));
      assert.deepEqual(bench.methods(), ['GET']);
      assert.equal(valueOf(document).timezone, 'Asia/Tokyo');
    });

    it('queries the server again after unsaved changes were discarded', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Europe/Paris');
      await close(document);
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
      bench.clear();
      const again = await openDocument(settingsOf(bench));
      assert.deepEqual(bench.methods(), ['GET']);
      assert.equal(valueOf(again).timezone, 'Asia/Tokyo');
    });

    it('shows the full response read-only, secrets masked', async () => {
      const uri = documentUri(settingsOf(bench), 'response');
      const document = await openDocument(uri);
      const value = valueOf(document);
      const answer = bench.control.environment(PRODUCTION);
      for (const key of ['secret_api_token', 'live_events_token']) {
        assert.ok(typeof answer[key] === 'string' && answer[key] !== '', `the sandbox has a ${key}`);
        assert.ok(!document.getText().includes(answer[key]), `${key} is shown`);
      }
      assert.equal(value.api_token, answer.api_token);
      assert.equal((await vscode.workspace.fs.stat(uri)).permissions, vscode.FilePermission.Readonly);
    });

    it('opens a table that a source manages read-only, and says why', async () => {
      const document = await openDocument(tableOf(bench, 'stripe_charge'));
      const stat = await vscode.workspace.fs.stat(document.uri);
      assert.equal(stat.permissions, vscode.FilePermission.Readonly);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      assert.match(lenses[0]?.command?.title ?? '', /synced by the Stripe source/);
    });

    it("10.4: the hover of a setting links to its section of PostHog's settings page", async () => {
      const document = await openDocument(settingsOf(bench));
      const linksAt = async (text: string): Promise<string> => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          document.positionAt(document.getText().indexOf(text) + 3),
        );
        const texts = hovers.flatMap(({ contents }) =>
          contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : '')),
        );
        return texts.join('\n');
      };
      const settings = `${bench.sandbox.url}/project/${PRODUCTION}/settings`;
      const link = `[Open in PostHog](${settings}/environment-customization#date-and-time)`;
      assert.ok((await linksAt('"timezone"')).includes(link), await linksAt('"timezone"'));
      assert.ok((await linksAt('"America/New_York"')).includes(link));
      const none = await linksAt('"modifiers"');
      assert.match(none, /Not on PostHog's settings page/);
      assert.doesNotMatch(none, /Open in PostHog/);
    });

    it('suggests the keys and values of the settings, and explains them', async () => {
      const document = await openDocument(settingsOf(bench));
      const at = document.positionAt(document.getText().indexOf('"timezone"') + 3);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : '')),
      );
      assert.match(texts.join(' '), /time zone/i);
      const value = document.positionAt(document.getText().indexOf('"America/New_York"') + 1);
      const values = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        value,
      );
      const labels = values.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      assert.ok(labels.includes('"Europe/Berlin"'), `offers ${labels.slice(0, 5).join()}`);

      await replaceIn(document, '"timezone": "America/New_York",', '"",');
      const inKey = document.positionAt(document.getText().indexOf('"",') + 1);
      const keys = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        inKey,
      );
      const names = keys.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      assert.ok(names.includes('timezone'), `offers ${names.slice(0, 5).join()}`);
      assert.ok(!names.includes('secret_api_token'));
    });

    it('suggests the nine types of a column', async () => {
      const document = await openDocument(tableOf(bench, 'orders'));
      const offset = document.getText().indexOf('"float"') + 1;
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        document.positionAt(offset),
      );
      const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      for (const type of [
        'integer',
        'float',
        'decimal',
        'string',
        'datetime',
        'date',
        'boolean',
        'array',
        'json',
      ]) {
        assert.ok(labels.includes(`"${type}"`), `offers ${labels.join()}`);
      }
    });

    it('marks broken JSON at its position and sends nothing', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, '"America/New_York",', '"America/New_York"');
      bench.clear();
      assert.equal(await document.save(), false);
      assert.deepEqual(bench.calls(), []);
      const marks = vscode.languages.getDiagnostics(document.uri);
      assert.ok(marks.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
      assert.equal(document.isDirty, true);
    });

    it('marks a value that PostHog would reject', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, '"America/New_York"', 'null');
      bench.clear();
      assert.equal(await document.save(), false);
      assert.deepEqual(bench.calls(), []);
      const ours = () =>
        vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'PostHog');
      await until(vscode.languages.onDidChangeDiagnostics, () => ours().length > 0, 'a diagnostic');
      const [mark] = ours();
      assert.ok(mark);
      assert.equal(document.getText(mark.range), 'null');
    });

    it('B9: an error is reported once, and only the catalogue decides about null', async () => {
      const document = await openDocument(settingsOf(bench));
      const marks = () => vscode.languages.getDiagnostics(document.uri);
      const marked = () => marks().map(({ range, source }) => [source, document.getText(range)]);
      // The JSON language has checked a text once it no longer reports the previous one's error.
      const isSyntax = ({ source }: vscode.Diagnostic): boolean => source !== 'PostHog';
      await replaceIn(document, '"timezone": "America/New_York",', '"timezone": "America/New_York"');
      await until(vscode.languages.onDidChangeDiagnostics, () => marks().some(isSyntax), 'a syntax error');
      await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": "yes"');
      await replaceIn(document, '"timezone": "America/New_York"', '"timezone": null,');
      await until(
        vscode.languages.onDidChangeDiagnostics,
        () => marks().length > 0 && !marks().some(isSyntax),
        'the problems from the catalogue',
      );
      assert.deepEqual(marked(), [
        ['PostHog', 'null'],
        ['PostHog', '"yes"'],
      ]);
    });

    it('D: completion explains what numbers mean, and knows the keys inside settings', async () => {
      const document = await openDocument(settingsOf(bench));
      const offered = async (mark: string): Promise<vscode.CompletionItem[]> => {
        const at = document.positionAt(document.getText().indexOf(mark) + mark.length);
        const list = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          at,
        );
        return list.items;
      };
      const text = (item: vscode.CompletionItem): string =>
        typeof item.label === 'string' ? item.label : item.label.label;
      const days = await offered('"week_start_day": ');
      assert.deepEqual(
        days.filter(({ detail }) => detail).map((item) => `${text(item)} ${item.detail}`),
        ['0 Sunday', '1 Monday', 'null Not set'],
      );
      await replaceIn(document, '"modifiers": {', '"modifiers": { "",');
      const keys = await offered('"modifiers": { "');
      assert.ok(keys.some((item) => text(item) === 'customBotDefinitions'));
    });

    it('never sends auto-saved changes', async () => {
      const document = await openDocument(settingsOf(bench));
      const files = vscode.workspace.getConfiguration('files');
      const global = vscode.ConfigurationTarget.Global;
      await files.update('autoSave', 'afterDelay', global);
      await files.update('autoSaveDelay', 50, global);
      // In another language mode, the manifest's default for its own language doesn't apply.
      const plain = await vscode.languages.setTextDocumentLanguage(document, 'json');
      try {
        bench.clear();
        const tried = new Promise<vscode.TextDocumentSaveReason>((resolve) => {
          const subscription = vscode.workspace.onWillSaveTextDocument(({ reason }) => {
            subscription.dispose();
            resolve(reason);
          });
        });
        await replaceIn(plain, 'America/New_York', 'Europe/Paris');
        assert.equal(await tried, vscode.TextDocumentSaveReason.AfterDelay);
        // A user's save during an auto-save is merged with it.
        await files.update('autoSave', 'off', global);
        await replaceIn(plain, 'Europe/Paris', 'Asia/Tokyo');
        assert.ok(await plain.save(), 'a manual save works');
        assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
        assert.deepEqual(bench.requests()[1]?.body, { timezone: 'Asia/Tokyo' });
      } finally {
        await files.update('autoSave', undefined, global);
        await files.update('autoSaveDelay', undefined, global);
      }
    });

    it("A1: a save whose reason VS Code doesn't report isn't sent if auto-save is on", async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, 'America/New_York', 'Asia/Tokyo');
      const save = async (): Promise<void> => {
        await vscode.commands.executeCommand('workbench.action.files.saveWithoutFormatting');
      };
      const told: vscode.TextDocument[] = [];
      const subscription = vscode.workspace.onWillSaveTextDocument((event) => told.push(event.document));
      const setting = vscode.workspace.getConfiguration('files', document);
      bench.clear();
      try {
        await setting.update('autoSave', 'onWindowChange', vscode.ConfigurationTarget.Global, true);
        await save();
        assert.deepEqual(bench.methods(), []);
        assert.ok(document.isDirty);
        await setting.update('autoSave', undefined, vscode.ConfigurationTarget.Global, true);
        await save();
        assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
        assert.deepEqual(
          told.filter(({ uri }) => uri.toString() === document.uri.toString()),
          [],
        );
      } finally {
        subscription.dispose();
        await setting.update('autoSave', undefined, vscode.ConfigurationTarget.Global, true);
      }
    });

    it("says why a document can't be opened", async () => {
      bench.control.revokeKey('admin');
      bench.script();
      await bench.run('openSettings', documentUri(settingsOf(bench)));
      assert.match(bench.prompts.allText, /rejected the API key/);
      assert.doesNotMatch(bench.prompts.allText, /Something went wrong in the extension/);
      await assert.rejects(
        Promise.resolve(vscode.workspace.fs.readFile(documentUri(settingsOf(bench, DEVELOPMENT)))),
        /rejected the API key/,
      );
    });
  });
}
