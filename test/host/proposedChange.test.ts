import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openChangeLink } from '../../src/commands/propose/changeLink';
import type { JsonObject } from '../../src/json/json';
import type { Generation } from '../../src/sandbox/index';
import { readChangeFile, type ChangeFile } from '../../src/operations/settingsFile/changeFile';
import { tooltipFor } from '../../src/tree/history/historyRows';
import { HistoryItem } from '../../src/operations/history/item';
import { HostBench, PRODUCTION, SHOP, until } from './support/bench';
import { openDocument, refusalOf, replaceIn, settingsOf } from './support/documents';
import { confirm, press, saveFile, type } from './support/prompts';

let count = 0;

/** A folder for files that no test has used before: documents outlive their tabs. */
const newFolder = (): vscode.Uri => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the host has an open folder');
  return vscode.Uri.joinPath(folder.uri, 'dist', 'proposed', String((count += 1)));
};

const textOf = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

for (const generation of ['current', 'documented'] as const satisfies readonly Generation[]) {
  describe(`a proposed change, on a ${generation} server`, () => {
    let bench: HostBench;
    let folder: vscode.Uri;
    let file: vscode.Uri;
    beforeEach(async () => {
      bench = await HostBench.start({ generation, protect: true });
      folder = newFolder();
      file = vscode.Uri.joinPath(folder, 'utc.posthog-change.json');
    });
    afterEach(async () => {
      await bench.stop();
      const all = vscode.Uri.joinPath(folder, '..');
      await vscode.workspace.fs.delete(all, { recursive: true }).then(undefined, () => undefined);
    });

    /** Edits the time zone of Production and proposes the change, without saving. */
    const propose = async (to = '"Asia/Tokyo"'): Promise<ChangeFile> => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, '"America/New_York"', to);
      const prompts = bench.script(type('We moved'), saveFile(file), press(undefined));
      bench.clear();
      await bench.run('proposeChange', document.uri);
      prompts.finish();
      assert.equal(document.isDirty, true, 'the edits stay unsaved');
      const read = readChangeFile(await textOf(file));
      assert.ok('file' in read, JSON.stringify(read));
      return read.file;
    };

    /** Writes a file as a colleague would send it. */
    const write = async (changes: readonly JsonObject[], more: JsonObject = {}): Promise<void> => {
      const value = {
        formatVersion: 1,
        by: 'Ada Example <ada@example.com>',
        why: 'We moved',
        createdAt: '2026-01-02T03:04:05.000Z',
        environments: [
          {
            name: 'production',
            host: bench.sandbox.url,
            id: PRODUCTION,
            ...(generation === 'documented' && { projectId: SHOP }),
            changes: [...changes],
            ...more,
          },
        ],
      };
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(value, null, 2)));
    };

    const toTokyo: JsonObject = { path: ['timezone'], from: 'America/New_York', to: 'Asia/Tokyo' };
    const patches = (): unknown[] =>
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body);

    it('12.8: is written from an edited document with base, changes, environment, author and reason, and sends nothing', async () => {
      const { environments, by, why } = await propose();
      assert.deepEqual(
        environments.map(({ target, changes }) => [target.name, target.host, target.id, changes]),
        [
          [
            'Production',
            bench.sandbox.url,
            PRODUCTION,
            [{ path: ['timezone'], from: 'America/New_York', to: 'Asia/Tokyo' }],
          ],
        ],
      );
      assert.match(by ?? '', /^\S.* <\S+@\S+>$/);
      assert.equal(why, 'We moved');
      assert.deepEqual(bench.methods(), ['GET'], 'only the user was requested');
      const { message } = bench.prompts.told[0] ?? { message: '' };
      assert.match(
        message,
        /^Proposed 1 change to Production in dist\/proposed\/\d+\/utc\.posthog-change\.json\./,
      );
      const [dialog] = bench.prompts.saveDialogs;
      assert.match(dialog?.defaultUri?.path ?? '', /\/production-timezone\.posthog-change\.json$/);
    });

    it('12.8: is reviewed and applied like any write, and the history names both people', async () => {
      await propose();
      bench.clear();
      const prompts = bench.script(confirm('Apply to Production'));
      await bench.run('applyProposedChange', file);
      prompts.finish();
      const { message, detail } = prompts.confirmed[0] ?? { message: '', detail: '' };
      assert.equal(message, 'Apply 1 change to Production?');
      assert.match(detail, /^Proposed by .* <.*> on .*: "We moved"\. Production is protected\.\n/);
      assert.match(
        detail,
        /\nOrganization: Hedgehog Outfitters\n/,
        '11.4: even if the tree has yet to list it',
      );
      assert.match(detail, /timezone: "America\/New_York" → "Asia\/Tokyo"/);
      assert.match(detail, /rehears/i);
      assert.deepEqual(patches(), [{ timezone: 'Asia/Tokyo' }]);
      const { history } = await bench.services.historyView();
      const { entries } = await history.list({ connectionIds: [bench.connectionId] }, 10);
      assert.equal(entries.length, 1);
      const [entry] = entries;
      assert.ok(entry);
      assert.deepEqual([entry.kind, entry.outcome, entry.proposed?.why], ['apply', 'applied', 'We moved']);
      const { value } = tooltipFor(new HistoryItem(entry), bench.services);
      assert.match(value, /Proposed by: \S/);
      assert.match(value, /Applied by: you/);
    });

    it("12.8: is planned again: what PostHog already has isn't sent, and the rest is merged", async () => {
      await write([toTokyo, { path: ['week_start_day'], from: 1, to: 0 }]);
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo', week_start_day: 1 });
      bench.clear();
      bench.script(confirm('Apply to Production'));
      await bench.run('applyProposedChange', file);
      assert.deepEqual(patches(), [{ week_start_day: 0 }]);
      const prompts = bench.script();
      bench.clear();
      await bench.run('applyProposedChange', file);
      assert.deepEqual(patches(), []);
      assert.equal(
        prompts.told[0]?.message,
        'There is nothing to apply: PostHog already has all proposed values.',
      );
    });

    it('12.8: shows a conflict with all three values, and asks before the review', async () => {
      await write([toTokyo, { path: ['week_start_day'], from: 1, to: 0 }]);
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome', week_start_day: 1 });
      bench.clear();
      let prompts = bench.script(confirm(undefined));
      await bench.run('applyProposedChange', file);
      prompts.finish();
      const { message, detail } = prompts.confirmed[0] ?? { message: '', detail: '' };
      assert.equal(message, 'timezone has changed in Production since this was proposed.');
      assert.match(
        detail,
        /^Production · Hedgehog Outfitters · Test admin\n\n[^]*when proposed: "America\/New_York"\n.*now: "Europe\/Rome"\n.*Proposed: "Asia\/Tokyo"\n\nThe rest of the proposal: week_start_day\n/,
      );
      prompts = bench.script(confirm('Only the Rest'), confirm('Apply to Production'));
      await bench.run('applyProposedChange', file);
      prompts.finish();
      assert.deepEqual(patches(), [{ week_start_day: 0 }]);
      bench.clear();
      prompts = bench.script(confirm('Use Proposed'), confirm('Apply to Production'));
      await bench.run('applyProposedChange', file);
      prompts.finish();
      assert.match(prompts.confirmed[1]?.detail ?? '', /timezone: "Europe\/Rome" → "Asia\/Tokyo"/);
      assert.deepEqual(patches(), [{ timezone: 'Asia/Tokyo' }]);
    });

    it("12.8: isn't applied to an environment that is read-only, here or in the file", async () => {
      await write([toTokyo]);
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: true });
      let prompts = bench.script();
      bench.clear();
      await bench.run('applyProposedChange', file);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^production: The environment is read-only on this computer\. .*Nothing was sent\.$/,
      );
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: false });
      file = vscode.Uri.joinPath(folder, 'other.posthog-change.json');
      await write([toTokyo], { readOnly: true });
      prompts = bench.script();
      await bench.run('applyProposedChange', file);
      assert.match(prompts.told[0]?.message ?? '', /^production is read-only according to the file\. /);
      assert.deepEqual(patches(), []);
    });

    it('12.8: a file can protect an environment, but never make it less protected', async () => {
      await write([toTokyo], { protected: false });
      let prompts = bench.script(confirm(undefined));
      await bench.run('applyProposedChange', file);
      assert.match(prompts.confirmed[0]?.detail ?? '', /Production is protected\./);
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { protect: false });
      file = vscode.Uri.joinPath(folder, 'other.posthog-change.json');
      await write([toTokyo], { protected: true });
      prompts = bench.script(confirm(undefined));
      await bench.run('applyProposedChange', file);
      assert.match(prompts.confirmed[0]?.detail ?? '', /Production is protected\./);
    });

    it('12.8: sends nothing to a host without a connection to exactly that origin', async () => {
      await write([toTokyo], { host: bench.sandbox.url.replace('127.0.0.1', 'localhost') });
      bench.clear();
      const prompts = bench.script();
      await bench.run('applyProposedChange', file);
      assert.match(prompts.told[0]?.message ?? '', /^There is no connection to http:\/\/localhost:\d+\./);
      assert.deepEqual(bench.methods(), []);
    });

    it('12.8: refuses secrets, unknown settings and values that PostHog would reject, and sends nothing', async () => {
      const tried: readonly (readonly [JsonObject, RegExp])[] = [
        [{ path: ['timezone'], from: 'America/New_York', to: 5 }, /timezone/],
        [{ path: ['api_token'], from: 'a', to: 'b' }, /api_token/],
        [
          { path: ['slack_incoming_webhook'], to: 'https://hooks.slack.com/services/T0/B0/secret' },
          /slack_incoming_webhook/,
        ],
        [{ path: ['no_such_setting'], to: 1 }, /no_such_setting/],
      ];
      for (const [index, [change, reason]] of tried.entries()) {
        file = vscode.Uri.joinPath(folder, `${index}.posthog-change.json`);
        await write([change]);
        bench.clear();
        const prompts = bench.script();
        await bench.run('applyProposedChange', file);
        assert.match(prompts.told[0]?.message ?? '', reason);
        assert.match(prompts.told[0]?.message ?? '', /Nothing was sent\.$/);
        assert.deepEqual(patches(), []);
      }
    });

    it('12.8: Show Changes opens the difference, sends nothing, and leaves no entry in the history', async () => {
      await write([toTokyo]);
      bench.clear();
      bench.script(confirm('Show Changes'));
      await bench.run('applyProposedChange', file);
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(input instanceof vscode.TabInputTextDiff);
      const { modified } = input;
      const shown = await vscode.workspace.openTextDocument(modified);
      assert.match(shown.getText(), /"timezone": "Asia\/Tokyo"/);
      assert.deepEqual(patches(), []);
      const { history } = await bench.services.historyView();
      const { entries } = await history.list({ connectionIds: [bench.connectionId] }, 10);
      assert.deepEqual(entries, []);
    });

    it('12.8: has links above its first line to apply it, and marks errors without any requests', async () => {
      await write([
        { path: ['timezone'], to: 'Nowhere' },
        { path: ['timezon'], to: 'UTC' },
      ]);
      bench.clear();
      await vscode.commands.executeCommand('vscode.open', file);
      const problems = (): readonly string[] =>
        vscode.languages
          .getDiagnostics(file)
          .flatMap(({ source, message }) => (source === 'PostHog' ? [message] : []));
      await until(vscode.languages.onDidChangeDiagnostics, () => problems().length === 2, 'the problems');
      assert.match(problems().join('\n'), /Unknown setting "timezon"/);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        file,
      );
      assert.deepEqual(
        lenses.map(({ command }) => command?.title),
        ['$(checklist)\u00a0Review and Apply…', 'Copy Link'],
      );
      assert.deepEqual(bench.methods(), []);
    });

    it("12.8: isn't written if there is nothing to propose, an error, or only secrets", async () => {
      const document = await openDocument(settingsOf(bench));
      let prompts = bench.script();
      await bench.run('proposeChange', document.uri);
      assert.match(
        prompts.told[0]?.message ?? '',
        /^There is nothing to propose: the document has no changes/,
      );
      await replaceIn(document, '"America/New_York"', '5');
      prompts = bench.script(press(undefined));
      await bench.run('proposeChange', document.uri);
      assert.deepEqual(prompts.told[0]?.buttons, ['Show Problems']);
    });

    it("12.8: asks for a name if the key can't identify its owner, and the file keeps its extension", async () => {
      bench.control.addFault({
        route: { method: 'GET', path: '/api/users/@me/' },
        kind: 'status-500',
        times: 10,
      });
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, '"America/New_York"', '"Asia/Tokyo"');
      const prompts = bench.script(
        type(''),
        type('Ada Example'),
        saveFile(vscode.Uri.joinPath(folder, 'utc.json')),
        press(undefined),
        saveFile(file),
        press('Copy Link'),
      );
      await bench.run('proposeChange', document.uri);
      prompts.finish();
      assert.equal(prompts.saveDialogs[1]?.defaultUri?.path, file.path);
      const written = JSON.parse(await textOf(file)) as JsonObject;
      assert.equal(written.by, 'Ada Example');
      assert.equal('why' in written, false);
      const link = await vscode.env.clipboard.readText();
      assert.match(
        link,
        /:\/\/posthog-environments\.posthog-environments\/change\?file=dist\/proposed\/\d+\/utc\.posthog-change\.json$/,
      );
      bench.clear();
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await openChangeLink(bench.services, vscode.Uri.parse(link, true));
      assert.equal(vscode.window.activeTextEditor?.document.uri.path, file.path);
      assert.deepEqual(bench.methods(), [], 'a link sends no request');
    });

    /** The draft that a read-only document opens. */
    const openDraft = async (from: vscode.TextDocument): Promise<vscode.TextDocument> => {
      await bench.run('proposeChange', from.uri);
      const draft = vscode.window.activeTextEditor?.document;
      assert.match(draft?.uri.path ?? '', /\/Production \(proposal\)\.posthog-settings\.json$/);
      assert.ok(draft);
      return draft;
    };
    const isReadOnly = async ({ uri }: vscode.TextDocument): Promise<boolean> =>
      (await vscode.workspace.fs.stat(uri)).permissions === vscode.FilePermission.Readonly;
    const lensesOf = async ({ uri }: vscode.TextDocument): Promise<readonly (string | undefined)[]> =>
      (
        await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)
      ).flatMap(({ range, command }) => (range.start.line === 0 ? [command?.title] : []));

    it('12.8: where an environment is read-only, a draft is edited instead, proposed, and closed; it is never sent', async () => {
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: true });
      const document = await openDocument(settingsOf(bench));
      assert.equal(await isReadOnly(document), true);
      const [propose, reason] = await lensesOf(document);
      assert.match(
        reason ?? '',
        /read-only on this computer\..*Or use Propose Change to let someone else apply it\.$/,
      );
      assert.equal(propose, 'Propose Change…');
      const draft = await openDraft(document);
      assert.equal(await isReadOnly(draft), false);
      assert.equal(draft.languageId, 'posthog-json');
      assert.match((await lensesOf(draft))[1] ?? '', /Draft of a proposal.* never sent to PostHog\.$/);
      await replaceIn(draft, '"America/New_York"', '"Nowhere"');
      const marks = (): vscode.Diagnostic[] =>
        vscode.languages.getDiagnostics(draft.uri).filter(({ source }) => source === 'PostHog');
      await until(vscode.languages.onDidChangeDiagnostics, () => marks().length > 0, 'a problem');
      await replaceIn(draft, '"Nowhere"', '"Asia/Tokyo"');
      bench.clear();
      let prompts = bench.script(press(undefined));
      assert.equal(await draft.save(), false);
      assert.deepEqual(
        await prompts.tells(/^A draft of a proposal is never saved to PostHog\. Nothing was sent\./),
        ['Propose Change…'],
      );
      assert.match(await refusalOf(draft), /a proposal is never sent/);
      assert.deepEqual(bench.methods(), []);
      prompts = bench.script(type('We moved'), saveFile(file), press(undefined));
      await bench.run('proposeChange', draft.uri);
      prompts.finish();
      assert.match(
        prompts.told.at(-1)?.message ?? '',
        /^Proposed 1 change to Production in .*\. PostHog is unchanged\.$/,
      );
      assert.deepEqual(bench.methods(), ['GET'], 'only the user was requested');
      const written = readChangeFile(await textOf(file));
      assert.ok('file' in written);
      assert.deepEqual(written.file.environments[0]?.changes, [toTokyo]);
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
      assert.ok(!tabs.some((label) => label.includes('(proposal)')), tabs.join(', '));
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'America/New_York');
    });

    it('12.8: unsaved edits of a document that became read-only can be proposed unchanged', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, '"America/New_York"', '"Asia/Tokyo"');
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: true });
      assert.equal(await isReadOnly(document), false, 'VS Code would refuse to save in words of its own');
      assert.match(await refusalOf(document), /rejected/);
      const prompts = bench.script(type(''), saveFile(file), press(undefined));
      await bench.run('proposeChange', document.uri);
      prompts.finish();
      assert.match(
        prompts.told[0]?.message ?? '',
        /PostHog is unchanged, and your edits are still unsaved\.$/,
      );
      assert.equal(document.isDirty, true);
    });

    it('12.8: a draft without edits can be saved, which sends nothing, and one with secrets stays open', async () => {
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: true });
      const draft = await openDraft(await openDocument(settingsOf(bench)));
      await replaceIn(draft, '"America/New_York"', '"Asia/Tokyo"');
      bench.script(confirm('Discard Changes'));
      await bench.run('reloadDocument', draft.uri);
      assert.equal(draft.isDirty, false);
      await replaceIn(draft, '"America/New_York"', '"Asia/Tokyo"');
      const [webhook] = /"slack_incoming_webhook": (null|"[^"]*")/.exec(draft.getText()) ?? [];
      const secret = '"slack_incoming_webhook": "https://hooks.slack.com/services/T0/B0/x"';
      await replaceIn(draft, webhook ?? '"timezone"', webhook ? secret : `${secret}, "timezone"`);
      bench.clear();
      const prompts = bench.script(type(''), saveFile(file), press(undefined));
      await bench.run('proposeChange', draft.uri);
      prompts.finish();
      assert.match(
        prompts.told[0]?.message ?? '',
        /slack_incoming_webhook.*left out.*your edits are still unsaved\.$/,
      );
      assert.doesNotMatch(await textOf(file), /hooks\.slack/);
      assert.equal(draft.isDirty, true);
      assert.deepEqual(patches(), []);
    });

    it('12.8: a link only opens a change file inside an open folder', async () => {
      const open = (query: string, path = '/change'): Promise<void> =>
        openChangeLink(
          bench.services,
          vscode.Uri.from({
            scheme: vscode.env.uriScheme,
            authority: 'posthog-environments.posthog-environments',
            ...{ path, query },
          }),
        );
      const before = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length;
      for (const [query, path] of [
        ['file=../../x.posthog-change.json'],
        ['file=/etc/x.posthog-change.json'],
        ['file=a//x.posthog-change.json'],
        ['file=a\\..\\x.posthog-change.json'],
        ['file=C:/x.posthog-change.json'],
        ['file=package.json'],
        [''],
        ['file=x.posthog-change.json', '/apply'],
      ] as const) {
        const prompts = bench.script();
        await open(query, path);
        assert.deepEqual(
          prompts.told.map(({ message }) => message),
          ["This link doesn't lead to a proposed change."],
          query,
        );
      }
      const prompts = bench.script(press(undefined));
      await open('file=none.posthog-change.json');
      assert.deepEqual(prompts.told[0]?.buttons, ['Choose File…']);
      assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, before);
    });
  });
}

describe('a proposed change, with a read-only key', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({ key: 'read' });
  });
  afterEach(async () => {
    await bench.stop();
  });

  it('12.8: is made in a draft that survives replacing the key, and ignores the role', async () => {
    const document = await openDocument(settingsOf(bench));
    await assert.rejects(
      Promise.resolve(vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode('{}'))),
      /doesn't have the scope project:write\. Replace the key to edit\. Or use Propose Change to let someone else apply it\./,
    );
    await bench.run('proposeChange', document.uri);
    const draft = vscode.window.activeTextEditor?.document;
    assert.ok(draft && draft !== document);
    await replaceIn(draft, '"America/New_York"', '"Asia/Tokyo"');
    bench.script(type(bench.sandbox.keys.member));
    await bench.run('replaceKey', { connectionId: bench.connectionId });
    await replaceIn(draft, '"Asia/Tokyo"', '"Nowhere"');
    const marks = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(draft.uri);
    await until(
      vscode.languages.onDidChangeDiagnostics,
      () => marks().some(({ message }) => message.includes('Nowhere')),
      'a problem for the time zone',
    );
    assert.deepEqual(
      marks().filter(({ code }) => code === 'role'),
      [],
    );
    bench.clear();
    assert.match(await refusalOf(draft), /a proposal is never sent/);
    assert.deepEqual(bench.methods(), []);
  });
});
