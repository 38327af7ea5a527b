import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connection } from '../../src/connections/connection';
import type { ReadOnlyReason } from '../../src/connections/environmentMarks';
import { FileMarks } from '../../src/documents/settingsFile/fileMarks';
import { LazyTeamMarks } from '../../src/documents/settingsFile/lazyTeamMarks';
import { documentUri } from '../../src/documents/uris/uri';
import { driftingKeys, type DriftScope } from '../../src/documents/settingsFile/driftScope';
import type { SettingsFiles } from '../../src/documents/settingsFile/settingsFiles';
import type { SettingsFileState } from '../../src/documents/settingsFile/settingsFileState';
import type { JsonObject } from '../../src/json/json';
import type { Generation } from '../../src/sandbox/index';
import { HostBench, PRODUCTION, SHOP, STAGING, until } from './support/bench';
import { confirm, confirmAfter, pickMany, press } from './support/prompts';
import { openDocument, replaceIn, settingsOf } from './support/documents';
import { TreeWalk } from './support/treeWalk';

let count = 0;

/** A file that no test has used before: documents outlive their tabs. */
const fileUri = (): vscode.Uri => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the host has an open folder');
  return vscode.Uri.joinPath(
    folder.uri,
    'dist',
    'settings-file',
    String((count += 1)),
    'posthog.environments.json',
  );
};

for (const generation of ['current', 'documented'] as const satisfies readonly Generation[]) {
  describe(`a settings file in the editor, on a ${generation} server`, () => {
    let bench: HostBench;
    let files: SettingsFiles;
    let uri: vscode.Uri;
    beforeEach(async () => {
      bench = await HostBench.start({ generation });
      files = await bench.services.settingsFiles();
      uri = fileUri();
    });
    afterEach(async () => {
      await bench.stop();
      const folder = vscode.Uri.joinPath(uri, '..', '..');
      await vscode.workspace.fs.delete(folder, { recursive: true }).then(undefined, () => undefined);
      files.forget(uri);
    });

    const state = (): SettingsFileState => {
      const found = files.get(uri);
      assert.ok(found, "the file isn't known");
      return found;
    };

    /** Writes the file, opens it, and waits until it's checked. */
    const open = async (settings: JsonObject, own: JsonObject = {}): Promise<vscode.TextDocument> => {
      const place = { host: bench.sandbox.url, ...(generation === 'documented' && { projectId: SHOP }) };
      const text = JSON.stringify(
        {
          environments: {
            staging: { ...place, id: STAGING },
            production: { ...place, id: PRODUCTION, settings: own },
          },
          settings,
        },
        null,
        2,
      );
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${text}\n`));
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      await checked();
      return document;
    };

    const checked = (): Promise<void> =>
      until(
        files.onDidChange,
        () => {
          const known = files.get(uri);
          return known?.checkedAt !== undefined && !known.checking;
        },
        'the check',
      );

    /** What drifts, as `environment: setting`. */
    const drift = (): string[] =>
      state().plans.flatMap((plan) =>
        plan.kind === 'planned'
          ? driftingKeys(plan).map((key) => `${plan.target.name}: ${key}`)
          : [`${plan.target.name}: ${plan.error.what}`],
      );

    const scope = (environments?: string[], keys?: string[]): DriftScope => ({
      uri: uri.toString(),
      ...(environments && { environments }),
      ...(keys && { keys }),
    });

    const lenses = async (document: vscode.TextDocument): Promise<string[]> => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return found.map(({ command }) => command?.title ?? '');
    };

    it('6: drift is found when the file is opened, with one request per environment, and on demand', async () => {
      const document = await open({ timezone: 'UTC' });
      bench.clear();
      await bench.run('checkDrift', scope());
      assert.deepEqual(bench.methods(), ['GET', 'GET']);
      assert.deepEqual(drift(), ['production: timezone']);
      const said = await lenses(document);
      assert.ok(
        said.some((one) => one.includes('production has "America/New_York"')),
        said.join('\n'),
      );
      assert.ok(
        said.some((one) => /Checked .*: 1 setting differs in all/.test(one)),
        said.join('\n'),
      );
      assert.ok(said.includes('$(check)\u00a0Matches PostHog'));
      assert.deepEqual(
        said.filter((one) => /\$\([\w~-]+\) /.test(one)),
        [],
        'VS Code drops a normal space after the icon of a lens',
      );
      bench.control.patchEnvironment(STAGING, { timezone: 'Asia/Tokyo' });
      assert.deepEqual(drift(), ['production: timezone'], 'nothing is polled');
      await bench.run('checkDrift', scope());
      assert.deepEqual(drift(), ['staging: timezone', 'production: timezone']);
    });

    it('5: Apply to PostHog is reviewed, changes only what was requested, and needs no other check', async () => {
      await open({ timezone: 'UTC', anonymize_ips: false });
      assert.deepEqual(drift(), [
        'staging: anonymize_ips',
        'production: timezone',
        'production: anonymize_ips',
      ]);
      const prompts = bench.script(confirm('Apply to Production'));
      bench.clear();
      await bench.run('applySettingsFile', scope(['production'], ['timezone']));
      prompts.finish();
      assert.match(prompts.confirmed[0]?.detail ?? '', /timezone: "America\/New_York" → "UTC"/);
      assert.match(prompts.confirmed[0]?.detail ?? '', /The settings file says so\./);
      assert.match(
        prompts.confirmed[0]?.detail ?? '',
        /\nOrganization: Hedgehog Outfitters\n/,
        '11.4: even if the tree has yet to list it',
      );
      assert.deepEqual(
        bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
        [{ timezone: 'UTC' }],
      );
      assert.deepEqual(drift(), ['staging: anonymize_ips', 'production: anonymize_ips']);
      bench.script(confirm(undefined));
      bench.clear();
      await bench.run('applySettingsFile', scope());
      assert.ok(!bench.methods().includes('PATCH'), 'canceled');
      bench.script(confirm('Apply to Production and Staging'));
      await bench.run('applySettingsFile', scope());
      assert.deepEqual(drift(), []);
    });

    it('11.1: nothing is applied with one connection to an environment that is read-only on another one', async () => {
      const { connections, marks } = bench.services;
      await open({ timezone: 'Asia/Kolkata' });
      const second: Connection = {
        id: 'second',
        label: 'Second key',
        kind: 'server',
        origin: bench.sandbox.url,
      };
      await connections.add(second, bench.sandbox.keys.admin);
      try {
        const document = documentUri({
          ...settingsOf(bench, STAGING, 'Staging'),
          connectionId: second.id,
        });
        await bench.run('makeReadOnly', document);
        assert.equal(files.connectionOf({ host: bench.sandbox.url, id: STAGING })?.id, bench.connectionId);
        let prompts = bench.script();
        bench.clear();
        await bench.run('applySettingsFile', scope(['staging']));
        assert.match(
          prompts.told[0]?.message ?? '',
          /^staging: The environment is read-only on this computer\. .*Nothing was sent\.$/,
        );
        assert.deepEqual([prompts.titles, bench.methods().includes('PATCH')], [[], false]);
        await bench.run('allowSaving', documentUri(settingsOf(bench, STAGING, 'Staging')));
        assert.equal(marks.whyReadOnly(second, STAGING), undefined);
        prompts = bench.script(confirm('Apply to Staging'));
        await bench.run('applySettingsFile', scope(['staging']));
        prompts.finish();
        assert.ok(bench.methods().includes('PATCH'));
      } finally {
        await connections.remove(second.id);
        await marks.forget(second);
      }
    });

    it("11.3: an answer doesn't cover an environment that becomes protected during the review", async () => {
      await open({ timezone: 'Asia/Seoul' });
      const protect = (): Promise<void> =>
        bench.services.marks.mark(bench.connectionId, STAGING, { protect: true });
      const prompts = bench.script(confirmAfter(protect, 'Apply to Staging'), confirm(undefined));
      bench.clear();
      await bench.run('applySettingsFile', scope(['staging']));
      prompts.finish();
      const [first, second] = prompts.confirmed.map(({ detail }) => detail);
      assert.doesNotMatch(first ?? '', /protected/);
      assert.match(
        second ?? '',
        /^The changes are no longer the ones you reviewed[^]*Staging is protected\.[^]*Staging \(1202\), protected/,
      );
      assert.ok(!bench.methods().includes('PATCH'));
    });

    it("5: Take into File writes PostHog's values, saves, and leaves no drift", async () => {
      const document = await open({ timezone: 'UTC' });
      await bench.run('takeIntoSettingsFile', scope(['production'], ['timezone']));
      assert.match(document.getText(), /"settings": \{\n {8}"timezone": "America\/New_York"\n {6}\}/);
      assert.equal(document.isDirty, false);
      await checked();
      assert.deepEqual(drift(), []);
    });

    it('5: Add Environment to Settings File writes equal values to the common part', async () => {
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('{\n  "environments": {}\n}\n'));
      const document = await vscode.window.showTextDocument(uri).then((editor) => editor.document);
      bench.script(pickMany(['Staging', 'Production']));
      await bench.run('addToSettingsFile');
      const file = JSON.parse(document.getText()) as {
        environments: Record<string, { id: number; settings: JsonObject }>;
        settings: JsonObject;
      };
      assert.deepEqual(Object.keys(file.environments), ['staging', 'production']);
      assert.equal(file.settings.base_currency, 'EUR');
      assert.equal(file.environments.production?.settings.timezone, 'America/New_York');
      assert.equal(file.environments.staging?.settings.timezone, 'UTC');
      await checked();
      assert.deepEqual(drift(), []);
    });

    it('6: a diff of a drifting setting is restored after a window reload, before the file was checked', async () => {
      await open({ timezone: 'UTC' });
      await bench.run('showDrift', scope(['production'], ['timezone']));
      const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(shown instanceof vscode.TabInputTextDiff);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      files.forget(uri);
      bench.clear();
      const read = async (side: vscode.Uri): Promise<string> =>
        new TextDecoder().decode(await vscode.workspace.fs.readFile(side));
      const sides = await Promise.all([read(shown.original), read(shown.modified)]);
      assert.deepEqual(
        sides.map((text) => (JSON.parse(text) as JsonObject).timezone),
        ['America/New_York', 'UTC'],
      );
      assert.deepEqual(bench.methods(), ['GET', 'GET'], 'the file is checked once for both');
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
      await bench.run('checkDrift', scope());
      assert.match(await read(shown.original), /Asia\/Tokyo/);
      const gone = shown.original.with({ query: shown.original.query.replace('"production"', '"gone"') });
      await assert.rejects(read(gone), /no longer contains this environment/);
    });

    it('11.4: a diff of drifting settings names environment, organization, and connection', async () => {
      // Nothing is requested to show a diff, but the tree has listed the organization.
      const project = generation === 'documented' ? ['Online shop'] : [];
      await new TreeWalk(bench).children('Hedgehog Outfitters', ...project);
      await open({ timezone: 'UTC', week_start_day: 0 });
      const labelAfter = async (...keys: string[]): Promise<string | undefined> => {
        await bench.run('showDrift', scope(['production'], keys));
        const { activeTab } = vscode.window.tabGroups.activeTabGroup;
        if (activeTab?.input instanceof vscode.TabInputTextDiff) {
          const { original, modified } = activeTab.input;
          for (const { path } of [original, modified]) {
            assert.equal(path, '/Test admin/Hedgehog Outfitters/Production/timezone.json');
          }
        }
        return activeTab?.label;
      };
      const place = 'Production · Hedgehog Outfitters · Test admin';
      assert.equal(await labelAfter('timezone'), `Time zone in ${place}: PostHog ↔ File`);
      assert.equal(await labelAfter('timezone', 'week_start_day'), `${place}: PostHog ↔ File (2 files)`);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('5: errors are marked at their position, without any requests', async () => {
      const document = await open({ timezone: 'UTC' });
      bench.clear();
      await replaceIn(document, '"timezone": "UTC"', '"timeZone": "UTC", "primary_dashboard": 3');
      const problems = (): readonly string[] =>
        vscode.languages
          .getDiagnostics(uri)
          .flatMap(({ source, message }) => (source === 'PostHog' ? [message] : []));
      await until(vscode.languages.onDidChangeDiagnostics, () => problems().length === 2, 'the problems');
      assert.match(problems()[0] ?? '', /Did you mean "timezone"\?/);
      assert.match(problems()[1] ?? '', /points to a dashboard in one environment/);
      assert.ok(await document.save());
      assert.deepEqual(bench.methods(), []);
      const prompts = bench.script(press(undefined));
      await bench.run('applySettingsFile', scope());
      prompts.finish();
      assert.match(prompts.told[0]?.message ?? '', /^Fix the settings file first\./);
    });

    it('5: a host without a connection to exactly that origin gets no request', async () => {
      const document = await open({ timezone: 'UTC' });
      bench.clear();
      const other = bench.sandbox.url.replace('127.0.0.1', 'localhost');
      const text = document.getText().replaceAll(bench.sandbox.url, other);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      await vscode.workspace.applyEdit(edit);
      const again = until(
        files.onDidChange,
        () => drift().every((one) => one.includes('no connection')),
        'that',
      );
      assert.ok(await document.save());
      await again;
      assert.deepEqual(drift(), [
        `staging: There is no connection to ${other}.`,
        `production: There is no connection to ${other}.`,
      ]);
      assert.deepEqual(bench.methods(), []);
    });

    describe("that isn't open", () => {
      // Directly in the folder, whose watcher doesn't have to notice a new folder first.
      const marking = vscode.Uri.joinPath(fileUri(), '..', '..', '..', '..', 'posthog.environments.json');
      const unmark = async (): Promise<void> => {
        await vscode.workspace.fs.delete(marking);
        await marked(() => whyReadOnly() === undefined && !isProtected());
      };
      afterEach(async () => {
        await vscode.workspace.fs.delete(marking).then(undefined, () => undefined);
        await files.services.teamMarks.read(marking);
      });

      /** Writes a file that marks Staging, without opening it. */
      const mark = async (marks: JsonObject, rest = ''): Promise<void> => {
        // An environment whose name isn't known counts as protected.
        bench.services.marks.see(bench.connectionId, STAGING, 'Staging');
        const staging = { host: bench.sandbox.url, id: STAGING, ...marks };
        const text = `{"environments": ${JSON.stringify({ staging })}${rest}}`;
        await vscode.workspace.fs.writeFile(marking, new TextEncoder().encode(text));
      };

      const isProtected = (): boolean => bench.services.marks.isProtected(bench.connection, STAGING);
      const whyReadOnly = (): ReadOnlyReason | undefined =>
        bench.services.marks.whyReadOnly(bench.connection, STAGING);
      const marked = (reached: () => boolean): Promise<void> =>
        until(bench.services.marks.onDidMark, reached, 'the protection from the file');

      it("5: a file that isn't open protects its environments, and is read without any requests", async () => {
        await mark({ protected: true, readOnly: true });
        bench.clear();
        const { connections, log } = bench.services;
        const marks = new LazyTeamMarks({ connections, log, changed: () => undefined });
        assert.equal(marks.of(bench.connection, STAGING), undefined, 'nothing is read before the question');
        await marks.known();
        const name = vscode.workspace.asRelativePath(marking);
        assert.deepEqual(marks.of(bench.connection, STAGING), {
          ...{ protectedBy: name, isUnprotected: false, readOnlyBy: name },
        });
        assert.equal(marks.of(bench.connection, PRODUCTION), undefined);
        assert.equal(marks.of({ kind: 'server', origin: 'https://eu.posthog.com' }, STAGING), undefined);
        assert.deepEqual(bench.methods(), []);
        marks.dispose();
      });

      it("5: a file's protection and read-only mark apply everywhere, and a computer can only be stricter", async () => {
        const { connections } = bench.services;
        const name = vscode.workspace.asRelativePath(marking);
        const target = settingsOf(bench, STAGING, 'Staging');
        const { uri: opened } = await openDocument(target);
        await mark({ protected: true, readOnly: true });
        await marked(() => isProtected() && whyReadOnly() !== undefined);
        const advice = `To make changes, remove "readOnly" from ${name}.`;
        assert.deepEqual(whyReadOnly(), {
          what: `The settings file ${name} makes the environment read-only.`,
          remedy: advice,
          isHere: false,
        });
        assert.match((await bench.services.documents()).peek(opened)?.readOnly ?? '', /remove "readOnly"/);
        bench.clear();
        const client = await connections.client(bench.connectionId);
        const environment = { id: STAGING, projectId: generation === 'current' ? STAGING : SHOP };
        await assert.rejects(
          client.patchEnvironment(environment, { timezone: 'UTC' }, new AbortController().signal),
          { kind: 'read-only', remedy: advice },
        );
        assert.deepEqual(bench.methods(), []);

        let prompts = bench.script(press(undefined));
        await bench.run('allowSaving', opened);
        prompts.finish();
        assert.ok(prompts.told[0]?.message.endsWith(advice), prompts.told[0]?.message);
        prompts = bench.script(press(undefined));
        await bench.run('unprotectEnvironment', opened);
        prompts.finish();
        assert.match(
          prompts.told[0]?.message ?? '',
          /^Staging: The settings file .* still protects the environment\./,
        );
        assert.equal(isProtected(), true, 'local settings never remove protection');
      });

      it("5: a file that can't be read for a moment removes no protection", async () => {
        await mark({ protected: true, readOnly: true });
        const { connections, log } = bench.services;
        const marks = new FileMarks({ connections, log, changed: () => undefined });
        await marks.read(marking);
        await vscode.workspace.fs.delete(marking);
        await vscode.workspace.fs.createDirectory(marking);
        try {
          await marks.read(marking);
          assert.equal(
            marks.of(bench.connection, STAGING)?.readOnlyBy,
            vscode.workspace.asRelativePath(marking),
          );
        } finally {
          await vscode.workspace.fs.delete(marking, { recursive: true });
        }
        await marks.read(marking);
        assert.equal(marks.of(bench.connection, STAGING), undefined, 'a deleted file has no effect');
      });

      it('5: a file that is empty while it is being written removes no protection, and no one is warned', async () => {
        await mark({ protected: true });
        const warnings: string[] = [];
        const log = { warn: (message: string) => void warnings.push(message) };
        const { connections } = bench.services;
        const marks = new FileMarks({ connections, log, changed: () => undefined });
        await marks.read(marking);
        await vscode.workspace.fs.writeFile(marking, new Uint8Array());
        await marks.read(marking);
        assert.ok(marks.of(bench.connection, STAGING)?.protectedBy);
        assert.deepEqual(warnings, []);
        await vscode.workspace.fs.writeFile(marking, new TextEncoder().encode('{'));
        await marks.read(marking);
        assert.equal(warnings.length, 1);
      });

      it('5: an error in the file removes no protection, and a deleted file has no effect', async () => {
        await mark({ protected: true });
        await marked(isProtected);
        await mark({ protected: true, readOnly: true, nonsense: 1 }, ', "settings": {"timeZone": 1}');
        await marked(() => whyReadOnly() !== undefined);
        assert.equal(isProtected(), true);
        await mark({}, ',,,');
        await bench.services.settingsFiles().then((all) => all.services.teamMarks.read(marking));
        assert.equal(isProtected(), true, "the text isn't valid JSON for a moment");
        await unmark();
        assert.equal(isProtected(), false);
      });
    });
  });
}
