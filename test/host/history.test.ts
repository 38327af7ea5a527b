import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HistoryEntry } from '../../src/operations/history/entry';
import type { HistoryItem } from '../../src/operations/history/item';
import type { HistoryRow, HistoryView } from '../../src/tree/history/historyView';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING } from './support/bench';
import { openDocument, replaceIn, settingsOf, shows, tableOf, valueOf } from './support/documents';
import { confirm, pick, press } from './support/prompts';
import { tableRows } from './support/tables';

function text(value: unknown): string {
  assert.ok(typeof value === 'string', JSON.stringify(value));
  return value;
}

describe('the history', () => {
  let bench: HostBench;
  let view: HistoryView;
  beforeEach(async () => {
    bench = await HostBench.start();
    view = await bench.services.historyView();
    view.show(undefined);
  });
  afterEach(async () => {
    await bench.stop();
  });

  /** The stored entries of the bench's connection, newest first. */
  const entries = async (): Promise<readonly HistoryEntry[]> =>
    (await view.history.list({ connectionIds: [bench.connectionId] }, 100)).entries;

  /** The rows as shown, with days expanded. */
  const rows = async (): Promise<HistoryRow[]> => {
    const roots = await view.children();
    return (await Promise.all(roots.map(async (row) => [row, ...(await view.children(row))]))).flat();
  };

  const items = async (): Promise<HistoryItem[]> =>
    (await rows())
      .filter((row) => 'entry' in row)
      .filter(({ entry }) => entry.connectionId === bench.connectionId);

  const labels = async (): Promise<string[]> =>
    (await items()).map((item) => {
      const { label, description } = view.item(item);
      return `${text(label)} | ${text(description).replace(/ · [^·]*$/, '')}`;
    });

  const saveTimezone = async (to = 'Asia/Tokyo'): Promise<vscode.TextDocument> => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, String(valueOf(document).timezone), to);
    assert.ok(await document.save());
    return document;
  };

  const item = async (index = 0): Promise<HistoryItem> => {
    const found = (await items())[index];
    assert.ok(found, "there's no such row");
    return found;
  };

  it('6: a save is listed with its changes, and can be undone like any save', async () => {
    const document = await saveTimezone();
    assert.deepEqual(await labels(), ['timezone | Production']);
    assert.deepEqual(
      (await entries()).map(({ kind, changes, outcome }) => ({ kind, changes, outcome })),
      [
        {
          kind: 'save',
          changes: [{ path: ['timezone'], from: 'America/New_York', to: 'Asia/Tokyo' }],
          outcome: 'applied',
        },
      ],
    );
    const prompts = bench.script(confirm('Undo in Production'));
    bench.clear();
    await bench.run('undoChange', await item());
    prompts.finish();
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'America/New_York');
    assert.match(prompts.confirmed[0]?.detail ?? '', /timezone: "Asia\/Tokyo" → "America\/New_York"/);
    assert.deepEqual(
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
      [{ timezone: 'America/New_York' }],
    );
    await shows(document, 'America/New_York');
    assert.deepEqual(await labels(), ['Undo timezone | Production', 'timezone | Production']);
    const [undo, save] = await entries();
    assert.equal(undo?.undoes, save?.id);
  });

  it('6: Undo Last Save undoes the newest save, then the one before, then nothing', async () => {
    await saveTimezone('Asia/Tokyo');
    await saveTimezone('Europe/Rome');
    const undo = async (): Promise<unknown> => {
      bench.script(confirm('Undo in Production'));
      await bench.run('undoLastSave');
      return bench.control.environment(PRODUCTION).timezone;
    };
    assert.equal(await undo(), 'Asia/Tokyo');
    assert.equal(await undo(), 'America/New_York');
  });

  it('6: values that someone changed since are restored only after asking', async () => {
    await saveTimezone();
    bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome' });
    let prompts = bench.script(confirm(undefined));
    await bench.run('undoChange', await item());
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Rome');
    assert.match(prompts.confirmed[0]?.message ?? '', /timezone was changed again in Production since/);
    prompts = bench.script(confirm('Restore Anyway'), confirm('Undo in Production'));
    await bench.run('undoChange', await item());
    prompts.finish();
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'America/New_York');
  });

  it("6: a table's types and name can be undone too", async () => {
    bench.control.setKeyUpdateSchema(true);
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"orders"', '"sales"');
    await replaceIn(document, '"total": "float"', '"total": "string"');
    assert.ok(await document.save());
    const prompts = bench.script(confirm('Undo in Development'));
    await bench.run('undoChange', await item());
    prompts.finish();
    const [table] = bench.control.tables(DEVELOPMENT).filter(({ name }) => name === 'orders');
    assert.ok(table, 'the table has its name back');
  });

  it('6: a click shows the change as a diff of read-only documents', async () => {
    await saveTimezone();
    await bench.run('showChange', await item());
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff);
    assert.equal(tab.label, 'timezone in Production · Test admin: before ↔ after');
    assert.match(tab.input.modified.path, /\/Production\/timezone\./);
    const texts = await Promise.all(
      [tab.input.original, tab.input.modified].map(async (uri) =>
        (await vscode.workspace.openTextDocument(uri)).getText(),
      ),
    );
    assert.deepEqual(texts, [
      '{\n  "timezone": "America/New_York"\n}\n',
      '{\n  "timezone": "Asia/Tokyo"\n}\n',
    ]);
  });

  it("6: other people's changes appear in an environment's list with their names, and can be undone", async () => {
    await saveTimezone();
    await patchAs({ anonymize_ips: false });
    const place = settingsOf(bench);
    view.show({
      connectionId: bench.connectionId,
      environment: { ...place.environment, name: 'Production' },
    });
    const [theirs, ours] = await labels();
    assert.match(theirs ?? '', /^anonymize_ips \| \w+/);
    assert.match(ours ?? '', /^timezone/);
    assert.equal(
      (await labels()).filter((label) => label.startsWith('timezone')).length,
      1,
      'our change is listed once',
    );
    const prompts = bench.script(confirm('Undo in Production'));
    await bench.run('undoChange', await item());
    prompts.finish();
    assert.equal(bench.control.environment(PRODUCTION).anonymize_ips, true);
  });

  it("6: concurrent requests for the rows both include other people's changes", async () => {
    await patchAs({ anonymize_ips: false });
    const place = settingsOf(bench);
    view.show({
      connectionId: bench.connectionId,
      environment: { ...place.environment, name: 'Production' },
    });
    const [first, second] = await Promise.all([labels(), labels()]);
    assert.match(first[0] ?? '', /^anonymize_ips/);
    assert.deepEqual(second, first);
  });

  it('11.3: undo is rehearsed and reviewed like a save', async () => {
    await saveTimezone();
    const prompts = bench.script(confirm(undefined));
    await bench.run('undoLastSave');
    prompts.finish();
    const { detail } = prompts.confirmed.at(-1) ?? assert.fail('there was no question');
    assert.match(
      detail,
      /Environment: Production \(1203\)[^]*Rehearsed: PostHog would accept this as it is\./,
    );
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
  });

  it('11.3: the review of an undo shows the exact request, and copies it as curl', async () => {
    await saveTimezone();
    const prompts = bench.script(
      confirm('Review…'),
      pick('Show Request'),
      confirm('Back'),
      pick('Copy as curl'),
      pick('Undo in Production'),
    );
    await bench.run('undoLastSave');
    prompts.finish();
    const [, request] = prompts.confirmed;
    assert.match(request?.detail ?? '', /PATCH .*\/1203\/\n\{\n {2}"timezone": "America\/New_York"\n\}/);
    assert.match(await vscode.env.clipboard.readText(), /^curl [^]*\$POSTHOG_PERSONAL_API_KEY/);
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'America/New_York');
  });

  it('6: undo is refused in a read-only environment before any question', async () => {
    await saveTimezone();
    await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: true });
    bench.clear();
    const prompts = bench.script();
    await bench.run('undoLastSave');
    prompts.finish();
    assert.deepEqual(
      prompts.told.map(({ message }) => message),
      [
        "This change can't be undone. The environment is read-only on this computer. To make changes, choose Allow Saving from its context menu.",
      ],
    );
    assert.deepEqual(bench.calls(), []);
  });

  it('6: a key or plan without the activity log is mentioned once, and the rest is shown', async () => {
    await saveTimezone();
    const organization = text(bench.control.environment(PRODUCTION).organization);
    bench.control.setFeature(organization, 'audit_logs', false);
    const place = settingsOf(bench);
    view.show({
      connectionId: bench.connectionId,
      environment: { ...place.environment, name: 'Production' },
    });
    const [note, day, one, ...more] = (await rows()).map((row) => text(view.item(row).label));
    assert.match(note ?? '', /plan doesn't include PostHog's activity log/);
    assert.deepEqual([day, one, more], ['Today', 'timezone', []]);
  });

  describe('the history of a setting', () => {
    const setting = 'posthogEnvironments.editor.settingLens';
    const switchLens = (value: boolean): Thenable<void> =>
      vscode.workspace.getConfiguration().update(setting, value, vscode.ConfigurationTarget.Global);

    /** Puts the cursor on a setting in the active editor. */
    const goTo = (key: string): vscode.TextDocument => {
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      const at = editor.document.positionAt(editor.document.getText().indexOf(`"${key}"`) + 3);
      editor.selection = new vscode.Selection(at, at);
      return editor.document;
    };

    it('9: shows who changed it, when, and from what, and what to do about it', async () => {
      await patchAs({ timezone: 'Europe/Rome' });
      await saveTimezone();
      goTo('timezone');
      const prompts = bench.script(pick('timezone: "America/New_York" → "Europe/Rome"'));
      await bench.run('showSettingHistory');
      prompts.finish();
      assert.deepEqual(prompts.offered.at(-1), [
        'timezone: "Europe/Rome" → "Asia/Tokyo"',
        'timezone: "America/New_York" → "Europe/Rome"',
        'Actions',
        'Undo Last Change…',
        'Show in Other Environments',
        'Copy to Environment…',
      ]);
      assert.match(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '', /^timezone in Production/);
    });

    it('9: undoes its last change, but not what was changed with it', async () => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, '"America/New_York"', '"Asia/Tokyo"');
      await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": false');
      assert.ok(await document.save());
      goTo('timezone');
      const prompts = bench.script(confirm('Undo in Production'));
      await bench.run('undoSetting');
      prompts.finish();
      const { timezone, anonymize_ips } = bench.control.environment(PRODUCTION);
      assert.deepEqual([timezone, anonymize_ips], ['America/New_York', false]);
    });

    it('9: its values in other environments are read on demand, and can be compared', async () => {
      await openDocument(settingsOf(bench));
      const document = goTo('timezone');
      bench.control.patchEnvironment(STAGING, { timezone: 'America/New_York' });
      bench.control.patchEnvironment(DEVELOPMENT, { timezone: 'Europe/Berlin' });
      bench.clear();
      await vscode.commands.executeCommand(
        'vscode.executeHoverProvider',
        document.uri,
        document.positionAt(30),
      );
      assert.deepEqual(bench.calls(), [], 'nothing is read in advance');
      const prompts = bench.script(pick('Staging'), pick('Open Settings'));
      await bench.run('showSettingElsewhere');
      prompts.finish();
      assert.match(prompts.titles[0] ?? '', /^timezone of Production · .*Test admin in other environments$/);
      const rows = prompts.offered[0]?.slice(0, 3) ?? [];
      assert.deepEqual(rows.toSorted(), ['Development', 'Playground', 'Staging']);
      assert.equal(rows.at(-1), 'Staging', 'differences come first');
      const editor = vscode.window.activeTextEditor;
      assert.match(editor?.document.uri.path ?? '', /Staging/);
      assert.equal(editor?.document.getText(editor.selection), '"timezone"');
    });

    it('9: it is copied from there to the chosen environment, with a review', async () => {
      await openDocument(settingsOf(bench));
      goTo('timezone');
      const prompts = bench.script(pick('Staging'), pick('Copy to Staging…'), confirm('Copy to Staging'));
      await bench.run('showSettingElsewhere');
      prompts.finish();
      assert.equal(bench.control.environment(STAGING).timezone, 'America/New_York');
    });

    it('9: the hover, code actions, and the lens at the cursor lead there', async () => {
      const { uri } = await openDocument(settingsOf(bench));
      const document = goTo('cookieless_server_hash_mode');
      const at = document.positionAt(document.getText().indexOf('"cookieless_server_hash_mode"') + 3);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri,
        at,
      );
      const hover = hovers
        .flatMap(({ contents }) => contents)
        .map((one) => (one instanceof vscode.MarkdownString ? one.value : ''))
        .join('\n');
      for (const command of ['showSettingHistory', 'showSettingElsewhere', 'copySettings', 'undoSetting']) {
        assert.ok(hover.includes(`(command:posthogEnvironments.${command}?`), command);
      }
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        new vscode.Range(at, at),
      );
      assert.ok(actions.some(({ title }) => title === 'Show History of This Setting'));
      const lenses = async (): Promise<readonly string[]> =>
        (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri))
          .filter(({ range }) => range.start.line === at.line)
          .map(({ command }) => command?.title ?? '');
      assert.deepEqual(await lenses(), [], 'switched off');
      await switchLens(true);
      try {
        goTo('timezone');
        goTo('cookieless_server_hash_mode');
        const endMs = Date.now() + 10_000;
        while ((await lenses()).length === 0 && Date.now() < endMs) {
          // VS Code has no event for visible lenses.
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.deepEqual(await lenses(), [
          'History',
          'Other Environments',
          'Copy to Environment…',
          'Undo Last Change…',
        ]);
      } finally {
        await switchLens(false);
      }
    });
  });

  it('6: changes without an inverse are listed without Undo', async () => {
    const [table] = await tableRows(bench, 'products');
    bench.script(confirm('Delete from Development'));
    await bench.run('deleteTable', table);
    const deleted = await item();
    assert.equal(view.item(deleted).label, 'Delete products');
    assert.equal(view.item(deleted).contextValue, 'change');
    const tooltip = view.resolve(view.item(deleted), deleted).tooltip;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.match(tooltip.value, /what&nbsp;it&nbsp;has&nbsp;deleted|what it has deleted/);
  });

  it('6: clicking a change without values shows what was done instead of an empty comparison', async () => {
    const [table] = await tableRows(bench, 'products');
    bench.script(confirm('Delete from Development'));
    await bench.run('deleteTable', table);
    const tabs = (): number => vscode.window.tabGroups.all.flatMap((group) => group.tabs).length;
    const before = tabs();
    const prompts = bench.script();
    await bench.run('showChange', await item());
    assert.deepEqual(
      prompts.told.map(({ message }) => message),
      ['"Delete products" in Development has no values to compare. products was deleted.'],
    );
    assert.equal(tabs(), before);
  });

  it('6: what *Check Again* finds out about a save with an unknown outcome is recorded', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, String(valueOf(document).timezone), 'Asia/Tokyo');
    const prompts = bench.script(press('Check Again'));
    bench.fail('PATCH', 'drop-after');
    const saving = document.save();
    await bench.asked('PATCH');
    bench.fail('GET', 'status-500', 3);
    assert.equal(await saving, false);
    assert.deepEqual(
      (await entries()).map(({ outcome }) => outcome),
      ['unknown'],
    );
    bench.control.clearFaults();
    await prompts.tells(/Checked again: PostHog has timezone as you saved it\./);
    assert.deepEqual(
      (await entries()).map(({ outcome, what }) => [outcome, what]),
      [['applied', 'Checked again: PostHog has the change.']],
    );
  });

  it('6: saving again after an unknown outcome records that PostHog has the change', async () => {
    const document = await openDocument(settingsOf(bench));
    await replaceIn(document, String(valueOf(document).timezone), 'Asia/Tokyo');
    bench.fail('PATCH', 'drop-after');
    const saving = document.save();
    await bench.asked('PATCH');
    bench.fail('GET', 'status-500', 3);
    assert.equal(await saving, false);
    bench.control.clearFaults();
    bench.clear();
    const recorded = new Promise<void>((resolve) => {
      const subscription = view.history.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
    assert.ok(await document.save());
    assert.deepEqual(bench.methods(), ['GET'], 'nothing is left to send');
    await recorded;
    assert.deepEqual(
      (await entries()).map(({ outcome, what }) => [outcome, what]),
      [['applied', 'Checked again: PostHog has the change.']],
    );
  });

  it('8: a write without a response is settled and reported when its environment is opened', async () => {
    const place = settingsOf(bench);
    const environment = { ...place.environment, name: 'Production' };
    const write = (path: string, to: string) =>
      killed({
        connectionId: bench.connectionId,
        environment,
        kind: 'save',
        changes: [{ path: [path], from: 'x', to }],
      });
    await write('timezone', text(bench.control.environment(PRODUCTION).timezone));
    await write('product_description', 'never arrived');
    const prompts = bench.script();
    await openDocument(place);
    await (await bench.services.historyView()).unanswered.look(bench.connectionId, PRODUCTION);
    assert.deepEqual(
      (await entries()).map(({ outcome }) => outcome),
      ['notApplied', 'applied'],
    );
    const told = prompts.told.map(({ message }) => message).join('\n');
    assert.match(told, /before PostHog confirmed .*\(timezone\)\. Checked again: PostHog has the change\./);
    assert.match(told, /\(product_description\)\. Checked again: PostHog doesn't have the change\./);
  });

  describe('what someone else writes during a save', () => {
    const checkActivity = (value: boolean | undefined): Thenable<void> =>
      vscode.workspace
        .getConfiguration('posthogEnvironments')
        .update('save.checkActivity', value, vscode.ConfigurationTarget.Global);
    beforeEach(() => checkActivity(true));
    afterEach(() => checkActivity(false));

    /** Saves a time zone; `meanwhile` happens between the read and the write. */
    const saveWhile = async (meanwhile: () => Promise<void>): Promise<vscode.TextDocument> => {
      const document = await openDocument(settingsOf(bench));
      await replaceIn(document, String(valueOf(document).timezone), 'Asia/Tokyo');
      bench.clear();
      const route = { method: 'PATCH', path: '/api/' };
      bench.control.addFault({ route, kind: 'latency', delayMs: 1_000, times: 1 });
      const saved = document.save();
      await bench.asked('PATCH');
      await meanwhile();
      assert.ok(await saved);
      return document;
    };

    it('7: is shown with both values if the save replaced it, and restored with one click', async () => {
      const prompts = bench.script(press('Restore Theirs'));
      const document = await saveWhile(() => patchAs({ timezone: 'Europe/Rome' }));
      const buttons = await prompts.tells(
        /set timezone to "Europe\/Rome", and your save replaced it with "Asia\/Tokyo"/,
      );
      assert.deepEqual(buttons, ['Restore Theirs', 'Show Difference']);
      await shows(document, 'Europe/Rome');
      prompts.finish();
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Rome');
      assert.deepEqual(await labels(), ['Restore timezone | Production', 'timezone | Production']);
      const [, save] = await entries();
      assert.match(save?.what ?? '', /"Europe\/Rome", and your save replaced it/);
    });

    it('11.3: restoring theirs is rehearsed and asks like a save if the environment is protected', async () => {
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { protect: true });
      const prompts = bench.script(
        confirm('Save to Production'),
        press('Restore Theirs'),
        confirm('Save to Production'),
      );
      const document = await saveWhile(() => patchAs({ timezone: 'Europe/Rome' }));
      await shows(document, 'Europe/Rome');
      prompts.finish();
      assert.match(
        prompts.confirmed[1]?.detail ?? '',
        /protected[^]*timezone: "Asia\/Tokyo" → "Europe\/Rome"[^]*Rehearsed: PostHog would accept this as it is\./,
      );
    });

    it("7: is reported when it wasn't sent and stays, even if the log can't be read", async () => {
      bench.control.setKeyScopes('admin', ['project:read', 'project:write']);
      const prompts = bench.script();
      await saveWhile(() => patchAs({ week_start_day: 0 }));
      const buttons = await prompts.tells(
        /someone else changed week_start_day from 1 to 0\. Your save didn't affect that/,
      );
      assert.deepEqual(buttons, ['Show Difference']);
    });

    it('7: Show Difference shows theirs next to ours, and they can still be restored', async () => {
      const prompts = bench.script(press('Show Difference'), press('Restore Theirs'));
      const shown = new Promise<vscode.Tab>((resolve) => {
        const subscription = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
          const diff = opened.find(({ input }) => input instanceof vscode.TabInputTextDiff);
          if (diff) {
            subscription.dispose();
            resolve(diff);
          }
        });
      });
      const document = await saveWhile(() => patchAs({ timezone: 'Europe/Rome' }));
      const { input, label } = await shown;
      assert.match(label, /^timezone in Production · Test admin: .+ ↔ yours$/);
      assert.ok(input instanceof vscode.TabInputTextDiff);
      const original = await vscode.workspace.openTextDocument(input.original);
      assert.match(original.getText(), /"Europe\/Rome"/);
      await shows(document, 'Europe/Rome');
      prompts.finish();
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Rome');
    });
  });

  it('6: is removed with the connection, as the confirmation says', async () => {
    await saveTimezone();
    const { connectionId } = bench;
    const prompts = bench.script(confirm('Remove'));
    const isChanged = new Promise<void>((resolve) => {
      const subscription = view.history.onDidChange((change) => {
        if (change.connectionId === connectionId) {
          subscription.dispose();
          resolve();
        }
      });
    });
    await bench.run('removeConnection', await bench.services.provider.connection(connectionId));
    prompts.finish();
    assert.match(prompts.confirmed[0]?.detail ?? '', /Its API key and its history are deleted/);
    await isChanged;
    assert.deepEqual(await entries(), []);
    assert.deepEqual(await items(), []);
  });

  /** Writes as someone else. */
  async function patchAs(body: Record<string, unknown>): Promise<void> {
    bench.control.setMembership('member', PRODUCTION, 15);
    const { url, keys } = bench.sandbox;
    const response = await fetch(`${url}/api/projects/${PRODUCTION}/`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${keys.member}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, await response.text());
  }

  /** A write from an hour ago in a window that was killed before there was a response. */
  async function killed(write: Parameters<HistoryView['history']['begin']>[0]): Promise<void> {
    const { History } = await import('../../src/operations/history/history');
    const other = new History(
      view.files,
      bench.services.marks,
      bench.services.log,
      () => new Date(Date.now() - 3_600_000 + (clock += 1)),
    );
    await other.begin(write);
  }
  let clock = 0;
});
