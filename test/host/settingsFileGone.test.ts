import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { FileMarks } from '../../src/documents/settingsFile/fileMarks';
import type { SettingsFiles } from '../../src/documents/settingsFile/settingsFiles';
import type { SettingsFileState } from '../../src/documents/settingsFile/settingsFileState';
import { driftingKeys } from '../../src/documents/settingsFile/driftScope';
import type { JsonObject } from '../../src/json/json';
import { documentUri } from '../../src/documents/uris/uri';
import { HostBench, PRODUCTION, STAGING, closeEditors, until } from './support/bench';
import { press } from './support/prompts';
import { openDocument, replaceIn, settingsOf } from './support/documents';

const name = 'posthog.environments.json';
const [workspace] = vscode.workspace.workspaceFolders ?? [];
assert.ok(workspace, 'the host has an open folder');
const home = vscode.Uri.joinPath(workspace.uri, 'files');
/** Outside of the workspace. */
const elsewhere = vscode.Uri.joinPath(workspace.uri, '..', 'elsewhere');

const write = (uri: vscode.Uri, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));

describe('a settings file, later', () => {
  let bench: HostBench;
  let files: SettingsFiles;
  /** The folder of the file, which no test has used before: documents outlive their tabs. */
  let folder: vscode.Uri;
  let uri: vscode.Uri;
  beforeEach(async () => {
    bench = await HostBench.start();
    files = await bench.services.settingsFiles();
    folder = vscode.Uri.joinPath(home, randomUUID(), 'infra');
    uri = vscode.Uri.joinPath(folder, name);
  });
  afterEach(async () => {
    await bench.stop();
    for (const place of [home, elsewhere]) {
      await vscode.workspace.fs.delete(place, { recursive: true }).then(undefined, () => undefined);
    }
    files.all().forEach((state) => files.forget(state.uri));
  });

  const fileText = (own: JsonObject, settings: JsonObject = {}): string => {
    const production = { host: bench.sandbox.url, id: PRODUCTION, ...own };
    return `${JSON.stringify({ environments: { production }, settings }, null, 2)}\n`;
  };

  const checked = (): Promise<void> =>
    until(
      files.onDidChange,
      () => files.get(uri)?.checkedAt !== undefined && !files.get(uri)?.checking,
      'the check',
    );

  /** Opens a file with drift, and waits until it's checked. */
  const drifting = async (): Promise<vscode.TextDocument> => {
    await write(uri, fileText({}, { timezone: 'UTC' }));
    // Without a tab, which would be a reason to check it again.
    const document = await vscode.workspace.openTextDocument(uri);
    await checked();
    return document;
  };

  const drift = (): readonly string[] =>
    files.get(uri)?.plans.flatMap((plan) => (plan.kind === 'planned' ? driftingKeys(plan) : [])) ?? [];

  describe('that is deleted or renamed', () => {
    const problems = (): readonly string[] =>
      vscode.languages
        .getDiagnostics(uri)
        .flatMap(({ source, message }) => (source === 'PostHog' ? [message] : []));

    /** A file with a problem and drift, which no tab shows. */
    const known = async (): Promise<void> => {
      const document = await drifting();
      await replaceIn(document, '"timezone"', '"time_zone"');
      assert.ok(await document.save());
      await until(vscode.languages.onDidChangeDiagnostics, () => problems().length === 1, 'the problem');
      await closeEditors();
    };

    const edit = async (change: (edit: vscode.WorkspaceEdit) => void): Promise<void> => {
      const changes = new vscode.WorkspaceEdit();
      change(changes);
      assert.ok(await vscode.workspace.applyEdit(changes));
    };
    const moved = (): vscode.Uri => vscode.Uri.joinPath(folder, '..', 'moved');

    const endings: Readonly<Record<string, () => Promise<unknown>>> = {
      'it was deleted': () => edit((one) => one.deleteFile(uri)),
      'its folder was deleted': () => edit((one) => one.deleteFile(folder, { recursive: true })),
      'it was renamed': () =>
        edit((one) => one.renameFile(uri, vscode.Uri.joinPath(folder, 'settings.json'))),
      'its folder was renamed': () => edit((one) => one.renameFile(folder, moved())),
    };
    for (const [what, ending] of Object.entries(endings)) {
      it(`6: nothing is shown about a settings file after ${what}`, async () => {
        await known();
        const told: SettingsFileState[] = [];
        const listening = files.onDidChange((state) => told.push(state));
        const gone = until(files.onDidChange, () => told.some(({ isGone }) => isGone), 'a file that is gone');
        await Promise.all([ending(), gone]);
        listening.dispose();
        assert.equal(files.get(uri), undefined);
        assert.deepEqual(problems(), []);
      });
    }

    it("6: a settings file that another program deletes isn't found again until it comes back", async () => {
      // Directly in the folder, whose watcher doesn't have to notice a new folder first.
      uri = vscode.Uri.joinPath(workspace.uri, name);
      try {
        await drifting();
        await bench.run('showDrift', { uri: uri.toString() });
        await vscode.workspace.fs.delete(uri);
        await until(files.onDidChange, () => files.get(uri) === undefined, 'a file that is gone');
        assert.ok(vscode.workspace.textDocuments.some((one) => one.uri.toString() === uri.toString()));
        await assert.rejects(files.checked(uri), { code: 'FileNotFound' }, 'as an open diff asks for it');
        assert.equal(files.get(uri), undefined);
        await write(uri, fileText({}, { timezone: 'UTC' }));
        await checked();
        assert.deepEqual(drift(), ['timezone']);
      } finally {
        await vscode.workspace.fs.delete(uri);
      }
    });
  });

  describe('that marks environments', () => {
    let marks: FileMarks;
    let warnings: string[];
    let changes: number;
    let changed: vscode.EventEmitter<void>;
    beforeEach(() => {
      warnings = [];
      changes = 0;
      changed = new vscode.EventEmitter<void>();
      marks = new FileMarks({
        connections: bench.services.connections,
        log: { warn: (message: string) => void warnings.push(message) },
        changed: (connectionId, environmentId) => {
          changes += connectionId === bench.connectionId && environmentId === PRODUCTION ? 1 : 0;
          changed.fire();
        },
      });
    });
    afterEach(() => {
      marks.dispose();
      changed.dispose();
    });

    const found = (): string => {
      const mark = marks.of(bench.connection, PRODUCTION);
      return [
        ...(mark?.protectedBy === undefined ? [] : ['protected']),
        ...(mark?.isUnprotected === true ? ['unprotected'] : []),
        ...(mark?.readOnlyBy === undefined ? [] : ['read-only']),
      ].join(', ');
    };
    const reads = async (text: string): Promise<string> => {
      await write(uri, text);
      await marks.read(uri);
      return found();
    };

    it('5: a settings file with a syntax error protects its environments from the start', async () => {
      const text = fileText({ protected: true, readOnly: true });
      assert.equal(
        await reads(`<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> main\n`),
        'protected, read-only',
      );
      assert.equal(changes, 1);
      assert.match(
        warnings.join('\n'),
        /^files\S+ isn't valid JSON\. Until it is, the protection .* stricter\.$/,
      );
    });

    it('5: a syntax error in a settings file never makes it less strict', async () => {
      const broken = (own: JsonObject): string => fileText(own).replace('{\n', '{,\n');
      assert.equal(await reads(broken({ protected: false })), '', 'not before it was valid');
      assert.equal(await reads(fileText({ protected: true })), 'protected');
      assert.equal(await reads(broken({ protected: false, readOnly: true })), 'protected, read-only');
      assert.equal(await reads('{'), 'protected, read-only', 'nothing can be read');
      assert.equal(await reads(broken({})), 'protected', 'what it said as a whole');
      assert.equal(await reads(fileText({ protected: false })), 'unprotected');
      assert.equal(await reads(broken({ protected: false })), 'unprotected', 'as before');
      assert.equal(await reads(broken({})), '');
    });

    it('5: a settings file outside of the workspace only marks environments while it is open', async () => {
      uri = vscode.Uri.joinPath(elsewhere, name);
      assert.equal(await reads(fileText({ protected: false })), '', "it isn't open");
      await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
      await marks.read(uri);
      assert.equal(found(), 'unprotected');
      await closeEditors();
      await until(changed.event, () => found() === '', 'no marks');
      assert.equal(changes, 2);
    });

    it('5: a settings file that moves with its folder marks environments all the time, and a deleted one no longer', async () => {
      assert.equal(await reads(fileText({ protected: true })), 'protected');
      const seen: string[] = [];
      const listening = changed.event(() =>
        seen.push(marks.of(bench.connection, PRODUCTION)?.protectedBy ?? ''),
      );
      const rename = new vscode.WorkspaceEdit();
      const target = vscode.Uri.joinPath(folder, '..', 'moved');
      rename.renameFile(folder, target);
      assert.ok(await vscode.workspace.applyEdit(rename));
      const path = vscode.workspace.asRelativePath(vscode.Uri.joinPath(target, name));
      await until(
        changed.event,
        () => marks.of(bench.connection, PRODUCTION)?.protectedBy === path,
        'the new file',
      );
      assert.ok(!seen.includes(''), 'a moment without protection');
      listening.dispose();
      const remove = new vscode.WorkspaceEdit();
      remove.deleteFile(vscode.Uri.joinPath(target, '..'), { recursive: true });
      assert.ok(await vscode.workspace.applyEdit(remove));
      await until(changed.event, () => found() === '', 'no marks');
    });
  });

  describe('during and after requests', () => {
    const slowly = (): void =>
      bench.control.addFault({
        ...{ route: { method: 'GET', path: '/api/' }, times: 1, kind: 'latency', delayMs: 1_000 },
      });

    it('5: Take into File keeps what is typed during the request', async () => {
      const place = { host: bench.sandbox.url };
      const environments = { staging: { ...place, id: STAGING }, production: { ...place, id: PRODUCTION } };
      await write(uri, `${JSON.stringify({ environments, settings: { timezone: 'UTC' } }, null, 2)}\n`);
      const document = await vscode.workspace.openTextDocument(uri);
      await checked();
      bench.clear();
      slowly();
      const taking = bench.run('takeIntoSettingsFile', { uri: uri.toString(), environments: ['production'] });
      await bench.asked('GET');
      // Production's own settings are where its time zone will be.
      await replaceIn(document, '"id": 1203', '"id": 1203,\n      "settings": { "week_start_day": 1 }');
      await taking;
      const text = JSON.parse(document.getText()) as { environments: Record<string, JsonObject> };
      assert.deepEqual(text.environments.production?.settings, {
        timezone: 'America/New_York',
        week_start_day: 1,
      });
      assert.equal(document.isDirty, true, "what was typed isn't saved unasked");
    });

    it('5: Take into File stops if the file gets an error during the request', async () => {
      const document = await drifting();
      bench.clear();
      slowly();
      const prompts = bench.script(press(undefined));
      const taking = bench.run('takeIntoSettingsFile', { uri: uri.toString() });
      await bench.asked('GET');
      await replaceIn(document, '"timezone": "UTC"', '"timezone": "UTC",\n    "week_start_day": ');
      const typed = document.getText();
      await taking;
      assert.match(prompts.told[0]?.message ?? '', /^Fix the settings file first\. Expected a value/);
      assert.equal(document.getText(), typed);
    });

    it('5: Take into File writes nothing to an environment that has become another one', async () => {
      const document = await drifting();
      bench.clear();
      slowly();
      const taking = bench.run('takeIntoSettingsFile', { uri: uri.toString() });
      await bench.asked('GET');
      await replaceIn(document, String(PRODUCTION), String(STAGING));
      const typed = document.getText();
      await taking;
      assert.equal(document.getText(), typed);
    });

    it('6: a save through another connection to the same host updates the drift, without a request', async () => {
      const { connections, marks } = bench.services;
      const other = randomUUID();
      await connections.add(
        { id: other, label: 'Another key', kind: 'server', origin: bench.sandbox.url },
        bench.sandbox.keys.admin,
      );
      const connection = connections.get(other) ?? assert.fail('the connection is gone');
      await marks.mark(other, PRODUCTION, { protect: false });
      try {
        await drifting();
        assert.deepEqual(drift(), ['timezone']);
        assert.equal(files.connectionOf({ host: bench.sandbox.url, id: PRODUCTION })?.id, bench.connectionId);
        const settings = await openDocument(documentUri({ ...settingsOf(bench), connectionId: other }));
        await replaceIn(settings, '"America/New_York"', '"UTC"');
        const reads = bench.requests(({ method }) => method === 'GET').length;
        assert.ok(await settings.save());
        await until(files.onDidChange, () => drift().length === 0, 'no drift');
        assert.ok(
          bench.requests(({ method }) => method === 'GET').length <= reads + 1,
          'only the save itself',
        );
      } finally {
        await closeEditors();
        await connections.remove(other);
        await marks.forget(connection);
      }
    });
  });
});
