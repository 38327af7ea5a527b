import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING, until } from './support/bench';
import { openDocument, replaceIn, setText, settingsOf, tableOf, valueOf } from './support/documents';
import { namedDocumentUri } from '../../src/documents/uris/uri';
import { watchStatusBar } from './support/statusBar';
import { rowAt } from './support/tree';
import { TreeWalk } from './support/treeWalk';

const COMPANY = 'Hedgehog Outfitters';

describe('the question before a save', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({ protect: true });
  });
  afterEach(async () => {
    await vscode.workspace
      .getConfiguration('posthogEnvironments')
      .update('save.confirm', undefined, vscode.ConfigurationTarget.Global);
    await bench.stop();
  });

  const setting = (value: string): Thenable<void> =>
    vscode.workspace
      .getConfiguration('posthogEnvironments')
      .update('save.confirm', value, vscode.ConfigurationTarget.Global);
  const edited = async (id = PRODUCTION, name = 'Production'): Promise<vscode.TextDocument> => {
    const document = await openDocument(settingsOf(bench, id, name));
    const timezone = String(valueOf(document).timezone);
    await replaceIn(document, `"${timezone}"`, '"Asia/Tokyo"');
    bench.clear();
    return document;
  };
  const confirmed = (): { message: string; detail: string } => {
    const [question] = bench.prompts.confirmed;
    assert.ok(question, 'there was no question');
    return question;
  };

  it('A1: saving to a protected environment asks with all details, and sends nothing if canceled', async () => {
    const document = await edited();
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.ok(document.isDirty);
    assert.deepEqual(bench.methods(), ['GET']);
    const { message, detail } = confirmed();
    assert.equal(message, 'Save 1 change to Production?');
    assert.match(detail, /protected/);
    assert.ok(detail.includes(`Environment: Production (${PRODUCTION}), protected`), detail);
    assert.ok(detail.includes(`Host: ${bench.sandbox.url}`), detail);
    assert.ok(detail.includes('Connection: Test admin'), detail);
    assert.ok(detail.includes('timezone: "America/New_York" → "Asia/Tokyo"'), detail);
    bench.prompts.finish();
  });

  it('A1: "Save to Production" sends, after reading again', async () => {
    const document = await edited();
    bench.script({ kind: 'confirm', button: 'Save to Production' });
    assert.equal(await document.save(), true);
    assert.deepEqual(bench.methods(), ['GET', 'GET', 'PATCH']);
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
    bench.prompts.finish();
  });

  it('A1: "Show Changes" shows the difference and sends nothing', async () => {
    const document = await edited();
    bench.script({ kind: 'confirm', button: 'Show Changes' });
    assert.equal(await document.save(), false);
    const isDiff = (): boolean =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff;
    await until(vscode.window.tabGroups.onDidChangeTabs, isDiff, 'the comparison');
    assert.ok(!bench.methods().includes('PATCH'));
    bench.prompts.finish();
    // The right side of the comparison is the document, so only the protection asks.
    await bench.services.marks.mark(bench.connectionId, PRODUCTION, { protect: false });
    assert.equal(await document.save(), true);
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
  });

  it('A1: document.save() of a background document asks, whatever it changes', async () => {
    const document = await edited(STAGING, 'Staging');
    await openDocument(vscode.Uri.parse('untitled:notes'));
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.ok(!bench.methods().includes('PATCH'));
    assert.match(confirmed().detail, /aren't in the active editor/);
    bench.prompts.finish();

    bench.script({ kind: 'confirm', button: 'Save to Staging' });
    assert.equal(await document.save(), true);
    bench.prompts.finish();
  });

  it('A1: a background draft asks, sends nothing if canceled, and is created if confirmed', async () => {
    await bench.run('createEnvironment', await rowAt(bench, COMPANY));
    const draft = vscode.window.activeTextEditor?.document;
    assert.match(draft?.uri.path ?? '', /\.posthog-new\.json$/);
    assert.ok(draft);
    await setText(draft, '{ "name": "QA", "timezone": "Europe/Berlin" }');
    await openDocument(vscode.Uri.parse('untitled:notes'));
    const before = bench.control.environmentIds();
    bench.clear();
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await draft.save(), false);
    assert.ok(draft.isDirty);
    assert.ok(!bench.methods().includes('POST'), bench.methods().join());
    assert.deepEqual(bench.control.environmentIds(), before);
    const { message, detail } = confirmed();
    assert.equal(message, 'Create the environment "QA"?');
    assert.match(detail, /aren't in the active editor/);
    assert.ok(detail.includes(`Host: ${bench.sandbox.url}`), detail);
    assert.ok(detail.includes('Connection: Test admin'), detail);
    assert.ok(detail.includes('timezone: (none) → "Europe/Berlin"'), detail);
    bench.prompts.finish();

    bench.clear();
    bench.script({ kind: 'confirm', button: 'Create in Hedgehog Outfitters' });
    assert.equal(await draft.save(), true);
    assert.equal(bench.methods().filter((method) => method === 'POST').length, 1);
    const created = bench.control.environmentIds().filter((id) => !before.includes(id));
    assert.deepEqual(
      created.map((id) => bench.control.environment(id).name),
      ['QA'],
    );
    bench.prompts.finish();
    const isGone = (): boolean =>
      vscode.window.tabGroups.all.every(({ tabs }) =>
        tabs.every(
          ({ input }) => !(input instanceof vscode.TabInputText && input.uri.path === draft.uri.path),
        ),
      );
    await until(vscode.window.tabGroups.onDidChangeTabs, isGone, 'the draft to close');
  });

  it('A1: an unprotected environment is saved without a question from the active editor', async () => {
    const document = await edited(STAGING, 'Staging');
    assert.equal(await document.save(), true);
    assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
    assert.deepEqual(bench.prompts.confirmed, []);
  });

  it('A1: Save All asks once for each document and sends none that was canceled', async () => {
    const first = await edited();
    const second = await edited(STAGING, 'Staging');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await vscode.workspace.saveAll(false), false);
    assert.equal(bench.prompts.confirmed.length, 1);
    assert.ok(first.isDirty);
    assert.equal(second.isDirty, false);
    bench.prompts.finish();

    await replaceIn(second, '"Asia/Tokyo"', '"UTC"');
    await openDocument(vscode.Uri.parse('untitled:notes'));
    bench.clear();
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await vscode.workspace.saveAll(false), false);
    assert.deepEqual(
      bench.prompts.confirmed.map(({ message }) => message),
      ['Save 2 changes to 2 documents?'],
    );
    assert.ok(!bench.methods().includes('PATCH'));
    bench.prompts.finish();

    bench.script({ kind: 'confirm', button: 'Save to Production and Staging' });
    assert.equal(await vscode.workspace.saveAll(false), true);
    assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
    assert.equal(bench.control.environment(STAGING).timezone, 'UTC');
    bench.prompts.finish();
  });

  it('11.3: a review lists the changes with risks, copies the request as curl without the key, and can save', async () => {
    const document = await edited();
    await replaceIn(document, '"session_recording_opt_in": true', '"session_recording_opt_in": false');
    await vscode.env.clipboard.writeText('');
    bench.script(
      { kind: 'confirm', button: 'Review…' },
      { kind: 'pick', label: 'Copy as curl' },
      { kind: 'pick', label: 'Save to Production' },
    );
    assert.equal(await document.save(), true);
    const curl = await vscode.env.clipboard.readText();
    assert.match(curl, /^curl -X PATCH '.*\/api\/projects\/1203\/'/);
    assert.match(curl, /Bearer \$POSTHOG_PERSONAL_API_KEY"/);
    assert.ok(!curl.includes('phx_'), curl);
    assert.match(confirmed().detail, /⚠ Turning it off stops recording/);
    bench.prompts.finish();
  });

  it('11.3: "risky" asks for a risky field in any environment, and for no other', async () => {
    await setting('risky');
    const document = await openDocument(settingsOf(bench, STAGING, 'Staging'));
    await replaceIn(document, '"product_description": null', '"product_description": "A shop"');
    assert.equal(await document.save(), true);
    await replaceIn(document, '"session_recording_opt_in": true', '"session_recording_opt_in": false');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.match(confirmed().detail, /A change is risky/);
    bench.prompts.finish();
  });

  it('11.3: the review shows what a rehearsal on the built-in server says', async () => {
    const document = await edited();
    const rate = JSON.stringify(valueOf(document).session_recording_sample_rate);
    await replaceIn(
      document,
      `"session_recording_sample_rate": ${rate}`,
      '"session_recording_sample_rate": "0.5"',
    );
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.match(
      confirmed().detail,
      /Rehearsed: PostHog would store session_recording_sample_rate as "0\.50"\./,
    );
    bench.prompts.finish();
  });

  it("11.3: an answer doesn't cover an environment that becomes protected during the question", async () => {
    await setting('always');
    const document = await edited(STAGING, 'Staging');
    const meanwhile = (): unknown =>
      bench.services.marks.mark(bench.connectionId, STAGING, { protect: true });
    bench.script(
      { kind: 'confirm', button: 'Save to Staging', meanwhile },
      { kind: 'confirm', button: undefined },
    );
    assert.equal(await document.save(), false);
    assert.deepEqual(bench.methods(), ['GET', 'GET']);
    assert.match(
      bench.prompts.confirmed.at(-1)?.detail ?? '',
      /^The changes are no longer the ones you reviewed, [^]*The environment is protected\.[^]*Staging \(1202\), protected/,
    );
    bench.prompts.finish();
  });

  it("11.3: an answer doesn't cover a risky change that someone else's change adds meanwhile", async () => {
    const document = await edited();
    await replaceIn(document, '"session_recording_opt_in": true', '"session_recording_opt_in": false');
    bench.control.patchEnvironment(PRODUCTION, { session_recording_opt_in: false });
    const meanwhile = (): void =>
      bench.control.patchEnvironment(PRODUCTION, { session_recording_opt_in: true });
    bench.script(
      { kind: 'confirm', button: 'Save to Production', meanwhile },
      { kind: 'confirm', button: 'Save to Production' },
    );
    assert.equal(await document.save(), true);
    const [first, second] = bench.prompts.confirmed;
    assert.doesNotMatch(first?.detail ?? '', /session_recording_opt_in/);
    assert.match(
      second?.detail ?? '',
      /no longer the ones you reviewed[^]*session_recording_opt_in: true → false[^]*⚠ /,
    );
    assert.equal(bench.control.environment(PRODUCTION).session_recording_opt_in, false);
    bench.prompts.finish();
  });

  it('11.3: a review names environment, organization, host and connection', async () => {
    const names = { host: 'posthog.example.com', connection: 'Test admin', organization: COMPANY };
    const document = await openDocument(namedDocumentUri(settingsOf(bench), 'edit', names));
    await replaceIn(document, '"anonymize_ips": true', '"anonymize_ips": false');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    const { detail } = confirmed();
    assert.match(
      detail,
      /Environment: Production \(1203\), protected\nOrganization: Hedgehog Outfitters\nHost: http[^\n]+\nConnection: Test admin\n/,
    );
    bench.prompts.finish();
  });

  it('11.3: a table is rehearsed, and its review says what PostHog would reject', async () => {
    await setting('always');
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"orders"', '"orders_2026"');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.match(confirmed().detail, /Rehearsed: PostHog would accept this as it is\./);
    await replaceIn(document, '"orders_2026"', '"events"');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.match(confirmed().detail, /Rehearsed: PostHog would reject this\. .*already exists/);
    bench.prompts.finish();
  });

  it('11.3: what the rehearsal rejected can be sent, and a notice says that PostHog accepted it', async () => {
    await setting('always');
    bench.control.setKeyUpdateSchema(true);
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"total": "float"', '"total": "string"');
    bench.script({ kind: 'confirm', button: 'Save to Development' });
    assert.equal(await document.save(), true);
    assert.match(confirmed().detail, /Rehearsed: PostHog would probably reject the column types\./);
    await bench.prompts.tells(/PostHog accepted this, although the rehearsal rejected it\./);
    // By now, the server is known to accept column types from keys.
    await replaceIn(document, '"total": "string"', '"total": "float"');
    bench.script({ kind: 'confirm', button: 'Save to Development' });
    assert.equal(await document.save(), true);
    assert.match(confirmed().detail, /Rehearsed: PostHog would accept this as it is\./);
    bench.prompts.finish();
  });

  it('11.3: says so if PostHog responds differently than in the rehearsal', async () => {
    const document = await edited();
    // A rehearsal assumes that referenced objects exist.
    await replaceIn(document, '"primary_dashboard": null', '"primary_dashboard": 999999');
    bench.script({ kind: 'confirm', button: 'Save to Production' });
    assert.equal(await document.save(), false);
    await bench.prompts.tells(/primary_dashboard[^]*In the rehearsal, PostHog would have accepted this\./);
    bench.prompts.finish();
  });

  it('11.3: says so if PostHog keeps a value that it would have accepted in the rehearsal', async () => {
    const document = await edited();
    bench.fail('PATCH', 'different-answer');
    bench.script({ kind: 'confirm', button: 'Save to Production' });
    assert.equal(await document.save(), false);
    assert.match(confirmed().detail, /Rehearsed: PostHog would accept this as it is\./);
    await bench.prompts.tells(
      /kept its own value for timezone\.[^]*timezone: PostHog's response differs from what the rehearsal showed\./,
    );
    bench.prompts.finish();
  });

  it("11.3: a read-only environment can't be saved to, until saving is allowed again", async () => {
    const walk = new TreeWalk(bench);
    const document = await edited(STAGING, 'Staging');
    await walk.run('makeReadOnly', COMPANY, 'Staging');
    assert.equal(await document.save(), false);
    assert.ok(bench.methods().every((method) => method === 'GET'));
    assert.match(String((await walk.item(COMPANY, 'Staging')).description), /read-only/);
    await walk.run('allowSaving', COMPANY, 'Staging');
    assert.equal(await document.save(), true);
  });

  it('A1: with save.confirm "never", a protected row doesn\'t claim that saving asks first', async () => {
    const row = await new TreeWalk(bench).find(COMPANY, 'Production');
    const tooltip = (): string => {
      const text = row.tooltip();
      return text instanceof vscode.MarkdownString ? text.value.replaceAll('&nbsp;', ' ') : '';
    };
    assert.match(tooltip(), /Protected: saving asks first\./);
    await setting('never');
    assert.match(tooltip(), /Protected\./);
  });

  it('A1: save.confirm "never" asks nothing and "always" asks every time', async () => {
    await setting('never');
    const document = await edited();
    await openDocument(vscode.Uri.parse('untitled:notes'));
    assert.equal(await document.save(), true);
    assert.deepEqual(bench.prompts.confirmed, []);

    await setting('always');
    const staging = await edited(STAGING, 'Staging');
    bench.script({ kind: 'confirm', button: 'Save to Staging' });
    assert.equal(await staging.save(), true);
    assert.match(confirmed().detail, /save\.confirm/);
    bench.prompts.finish();
  });

  it('A1: Protect and Do Not Protect override the name, and are shown on the row', async () => {
    const walk = new TreeWalk(bench);
    const look = async (name: string): Promise<string[]> => {
      const item = await walk.item(COMPANY, name);
      const { id } = item.iconPath as vscode.ThemeIcon;
      return [id, String(item.accessibilityInformation?.label.split(' ')[0])];
    };
    assert.deepEqual(await look('Production'), ['lock', 'Protected']);
    assert.deepEqual(await look('Staging'), ['layers', 'Environment']);
    await walk.run('protectEnvironment', COMPANY, 'Staging');
    assert.deepEqual(await look('Staging'), ['lock', 'Protected']);
    const document = await edited(STAGING, 'Staging');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    bench.prompts.finish();

    await walk.run('unprotectEnvironment', COMPANY, 'Staging');
    assert.deepEqual(await look('Staging'), ['layers', 'Environment']);
    assert.equal(await document.save(), true);
  });

  it('A1: marks all selected environments, and names them; from the palette, that of the active document', async () => {
    const walk = new TreeWalk(bench);
    const [staging, development] = [
      await walk.find(COMPANY, 'Staging'),
      await walk.find(COMPANY, 'Development'),
    ];
    const shown = watchStatusBar();
    const { marks } = bench.services;
    const protectedNow = (): boolean[] =>
      [STAGING, DEVELOPMENT].map((id) => marks.isProtected(bench.connection, id));
    assert.deepEqual(protectedNow(), [false, false]);
    await bench.run('protectEnvironment', staging, [staging, development]);
    assert.deepEqual(protectedNow(), [true, true]);
    await bench.run('unprotectEnvironment', staging, [staging, development]);
    assert.deepEqual(protectedNow(), [false, false]);
    await bench.run('makeReadOnly', staging, [staging, development]);
    assert.ok(marks.whyReadOnly(bench.connection, DEVELOPMENT));
    await bench.run('allowSaving', staging, [staging, development]);
    assert.equal(marks.whyReadOnly(bench.connection, DEVELOPMENT), undefined);

    await openDocument(tableOf(bench, 'orders'));
    await bench.run('protectEnvironment');
    assert.deepEqual(protectedNow(), [false, true]);
    const both = `Staging · ${COMPANY}, Development · ${COMPANY}`;
    assert.deepEqual(shown(), [
      `$(check) Protected ${both}`,
      `$(check) Removed the protection of ${both}`,
      `$(check) Made ${both} read-only`,
      `$(check) Allowed saving to ${both}`,
      `$(check) Protected Development · ${COMPANY}`,
    ]);
  });

  it('A1: a table of a protected environment asks, with the name of the environment', async () => {
    const target = tableOf(bench, 'orders');
    await bench.services.marks.mark(bench.connectionId, target.environment.id, { protect: true });
    const document = await openDocument(target);
    await replaceIn(document, '"orders"', '"orders_2026"');
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    const { message, detail } = confirmed();
    assert.equal(message, 'Save 1 change to orders in Development?');
    assert.match(detail, /name: "orders" → "orders_2026"/);
    bench.prompts.finish();
  });

  it('A8: a column type that may not match the data asks first, as in the picker', async () => {
    bench.control.setKeyUpdateSchema(true);
    const document = await openDocument(tableOf(bench, 'orders'));
    await replaceIn(document, '"status": "string"', '"status": "json"');
    bench.clear();
    bench.script({ kind: 'confirm', button: undefined });
    assert.equal(await document.save(), false);
    assert.ok(bench.methods().every((method) => method === 'GET'));
    const { message, detail } = confirmed();
    assert.equal(message, 'Save 1 change to orders in Development?');
    assert.match(detail, /^A new column type may not fit the data\./);
    assert.match(detail, /"status" as json: PostHog probably can't read the data as this type/);
    bench.prompts.finish();

    bench.script({ kind: 'confirm', button: 'Save to Development' });
    assert.equal(await document.save(), true);
    await replaceIn(document, '"total": "float"', '"total": "string"');
    assert.equal(await document.save(), true);
    assert.equal(bench.prompts.confirmed.length, 1);
    bench.prompts.finish();
  });
});
