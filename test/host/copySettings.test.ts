import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HistoryView } from '../../src/tree/history/historyView';
import { closeEditors, DEVELOPMENT, HostBench, PRODUCTION, STAGING } from './support/bench';
import { openDocument, replaceIn, settingsOf } from './support/documents';
import { confirm, confirmAfter, pick, pickMany, press } from './support/prompts';

for (const generation of ['current', 'documented'] as const) {
  describe(`copying settings on a ${generation} server`, () => {
    let bench: HostBench;
    let view: HistoryView;
    beforeEach(async () => {
      bench = await HostBench.start({ generation, protect: true });
      view = await bench.services.historyView();
    });
    afterEach(async () => {
      await bench.stop();
    });

    /** The settings of Staging with the cursor on a line. */
    const atLine = async (text: string): Promise<vscode.TextDocument> => {
      const document = await openDocument(settingsOf(bench, STAGING, 'Staging'));
      const editor = await vscode.window.showTextDocument(document);
      const position = document.positionAt(document.getText().indexOf(text));
      editor.selection = new vscode.Selection(position, position);
      bench.clear();
      return document;
    };

    const timezones = (): unknown[] =>
      [DEVELOPMENT, STAGING, PRODUCTION].map((id) => bench.control.environment(id).timezone);

    it('12.9: copies a selection and an environment as Terraform, with one request and what the provider lacks', async () => {
      const document = await atLine('"anonymize_ips"');
      await bench.run('copyAsTerraform', document.uri);
      const one = await vscode.env.clipboard.readText();
      assert.equal(
        one,
        `# Settings of "Staging" in PostHog.\nresource "posthog_project_settings" "staging" {\n  project_id = "${STAGING}"\n\n  anonymize_ips = true\n}\n`,
      );
      assert.deepEqual(bench.methods(), ['GET']);
      await closeEditors();
      const prompts = bench.script(pick('Staging'));
      await bench.run('copyAsTerraform');
      prompts.finish();
      const all = await vscode.env.clipboard.readText();
      assert.match(all, /\n {2}anonymize_ips = true\n/);
      assert.match(all, /\n {2}# timezone = "UTC" \(it belongs to posthog_project\)\n/);
      assert.match(
        all,
        /\n {2}# session_recording_sample_rate = "0\.50" \(the provider doesn't support it\)\n/,
      );
      assert.doesNotMatch(all, /phx_|api_token/);
    });

    it('12.3: copies one setting to a protected environment after one review, and records it there', async () => {
      const document = await atLine('"timezone"');
      const prompts = bench.script(pick('Production'), confirm('Copy to Production'));
      await bench.run('copySettings', document.uri);
      prompts.finish();
      assert.deepEqual(timezones(), ['Europe/Berlin', 'UTC', 'UTC']);
      const { message, detail } = prompts.confirmed[0] ?? { message: '', detail: '' };
      assert.equal(message, 'Copy 1 change to Production?');
      assert.match(
        detail,
        /^Copied from Staging · Hedgehog Outfitters · Test admin\. Production is protected\.\n/,
      );
      assert.match(detail, /timezone: "America\/New_York" → "UTC"/);
      assert.deepEqual(
        bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
        [{ timezone: 'UTC' }],
      );
      const { entries } = await view.history.list({ connectionIds: [bench.connectionId] }, 10);
      assert.deepEqual(
        entries.map(({ kind, environment, outcome }) => [kind, environment.name, outcome]),
        [['copy', 'Production', 'applied']],
      );
    });

    it('12.3: reviews several targets together, retries failed ones, and can be undone in all of them', async () => {
      const document = await atLine('"timezone"');
      bench.fail('PATCH', 'status-503');
      let prompts = bench.script(
        pick('Several Environments…'),
        pickMany(['Development', 'Production']),
        confirm('Copy to Production and Development'),
        press('Retry in Development'),
      );
      await bench.run('copySettings', document.uri);
      prompts.finish();
      assert.deepEqual(timezones(), ['UTC', 'UTC', 'UTC']);
      assert.match(prompts.told[0]?.message ?? '', /^Copied to 1 of 2\. Development · Hedgehog Outfitters: /);
      prompts = bench.script(confirm('Undo in All 2 Environments'));
      await bench.run('undoLastSave');
      prompts.finish();
      const { detail } = prompts.confirmed[0] ?? { detail: '' };
      assert.equal(detail.match(/rehears/gi)?.length, 2, `each environment is rehearsed:\n${detail}`);
      assert.deepEqual(timezones(), ['Europe/Berlin', 'UTC', 'America/New_York']);
    });

    const otherwise = /^The changes are no longer the ones you reviewed/;
    const protect = (id: number) => (): Promise<void> =>
      bench.services.marks.mark(bench.connectionId, id, { protect: true });
    const patched = (): unknown[] =>
      bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body);

    it("11.3: an answer doesn't cover a target that becomes protected during the review", async () => {
      const document = await atLine('"timezone"');
      let prompts = bench.script(
        pick('Development'),
        confirmAfter(protect(DEVELOPMENT), 'Copy to Development'),
        confirm(undefined),
      );
      await bench.run('copySettings', document.uri);
      prompts.finish();
      const [first, second] = prompts.confirmed.map(({ detail }) => detail);
      assert.doesNotMatch(first ?? '', /protected/);
      assert.match(second ?? '', otherwise);
      assert.match(second ?? '', /Development is protected\.[^]*Development \(1201\), protected/);
      assert.deepEqual(patched(), []);

      // The answer to the stronger question covers it.
      await bench.services.marks.mark(bench.connectionId, DEVELOPMENT, { protect: false });
      prompts = bench.script(
        pick('Development'),
        confirmAfter(protect(DEVELOPMENT), 'Copy to Development'),
        confirm('Copy to Development'),
      );
      await bench.run('copySettings', document.uri);
      prompts.finish();
      assert.deepEqual(patched(), [{ timezone: 'UTC' }]);
    });

    it('11.3: "Undo in All" doesn\'t cover an environment that becomes protected during the question', async () => {
      bench.control.patchEnvironment(STAGING, { session_recording_opt_in: false });
      bench.control.patchEnvironment(DEVELOPMENT, { session_recording_opt_in: true });
      const document = await atLine('"session_recording_opt_in"');
      let prompts = bench.script(
        pick('Several Environments…'),
        pickMany(['Development', 'Production']),
        confirm('Copy to Production and Development'),
      );
      await bench.run('copySettings', document.uri);
      prompts.finish();
      bench.clear();
      prompts = bench.script(
        confirmAfter(protect(DEVELOPMENT), 'Undo in All 2 Environments'),
        confirm(undefined),
      );
      await bench.run('undoLastSave');
      prompts.finish();
      const [both, again] = prompts.confirmed;
      assert.match(both?.detail ?? '', /session_recording_opt_in: false → true\n {2}⚠ /);
      assert.match(again?.message ?? '', /^Undo the change to session_recording_opt_in in Development\?$/);
      assert.match(again?.detail ?? '', otherwise);
      assert.match(again?.detail ?? '', /Development \(1201\), protected/);
      assert.equal(bench.control.environment(DEVELOPMENT).session_recording_opt_in, false);
    });

    it('11.3: the question before an undo in several environments can be reviewed, with every risk and request', async () => {
      await closeEditors();
      let prompts = bench.script(
        pick('Staging'),
        pick('Several Environments…'),
        pickMany(['Development', 'Production']),
        confirm('Copy to Production and Development'),
      );
      await bench.run('copySettings');
      prompts.finish();
      bench.clear();
      prompts = bench.script(confirm('Review…'), pick('Show Request'), confirm('Back'), pick(undefined));
      await bench.run('undoLastSave');
      prompts.finish();
      const [question, request] = prompts.confirmed;
      assert.match(question?.message ?? '', /^\d+ settings were copied to 2 environments at once\. /);
      // VS Code shows a longer one on top of its message.
      assert.ok((question?.detail ?? '').split('\n').length <= 30, question?.detail);
      assert.match(question?.detail ?? '', /… and \d+ more, \d+ of them risky ⚠/);
      for (const place of ['Production · ', 'Development · ']) {
        assert.match(request?.detail ?? '', new RegExp(`${place}.*Test admin\nPATCH `));
        assert.ok(prompts.texts.some((text) => text.includes(`${place}Hedgehog Outfitters · Test admin`)));
      }
      assert.deepEqual(patched(), []);
    });

    it("12.3: says what one target doesn't get, and that another doesn't need any changes", async () => {
      bench.control.patchEnvironment(DEVELOPMENT, { timezone: 'UTC' });
      const document = await atLine('"timezone"');
      await bench.services.marks.mark(bench.connectionId, PRODUCTION, { readOnly: true });
      const prompts = bench.script(pick('Several Environments…'), pickMany(['Development', 'Production']));
      await bench.run('copySettings', document.uri);
      assert.deepEqual(
        prompts.told.map(({ message }) => message),
        [
          "There is nothing to copy. Development · Hedgehog Outfitters doesn't need any changes. Production · Hedgehog Outfitters: nothing is copied to it. The environment is read-only on this computer. To make changes, choose Allow Saving from its context menu.",
        ],
      );
      assert.deepEqual(
        bench.methods().filter((method) => method !== 'GET'),
        [],
      );
    });

    it("12.3: copies what PostHog has, and says which unsaved edits aren't copied", async () => {
      const document = await atLine('"timezone"');
      await replaceIn(document, '"timezone": "UTC"', '"timezone": "Asia/Tokyo"');
      const prompts = bench.script(pick('Production'), confirm('Copy to Production'));
      await bench.run('copySettings', document.uri);
      prompts.finish();
      const { detail } = prompts.confirmed[0] ?? { detail: '' };
      assert.match(detail, /timezone: "America\/New_York" → "UTC"/);
      assert.match(
        detail,
        /This copies what PostHog has, not your unsaved edits to timezone in Staging\. To copy those, save Staging first\./,
      );
      assert.deepEqual(timezones(), ['Europe/Berlin', 'UTC', 'UTC']);
    });

    it('9.A3: also names edits that were typed during a save', async () => {
      const document = await atLine('"timezone"');
      const route = { method: 'PATCH', path: '/api/' };
      bench.control.addFault({ route, times: 1, kind: 'latency', delayMs: 400 });
      await replaceIn(document, '"week_start_day": 1', '"week_start_day": 0');
      const saving = document.save();
      await bench.asked('PATCH');
      await replaceIn(document, '"timezone": "UTC"', '"timezone": "Asia/Tokyo"');
      await saving;
      assert.equal(document.isDirty, false, 'otherwise, this test would prove nothing');
      const prompts = bench.script(pick('Production'), confirm(undefined));
      await bench.run('copySettings', document.uri);
      assert.match(prompts.confirmed[0]?.detail ?? '', /not your unsaved edits to timezone in Staging\./);
    });

    it('12.3: sends nothing when the review is canceled', async () => {
      const document = await atLine('"timezone"');
      bench.script(pick('Production'), confirm(undefined));
      await bench.run('copySettings', document.uri);
      assert.deepEqual(timezones(), ['Europe/Berlin', 'UTC', 'America/New_York']);
    });

    it('12.3: copies the selected settings, or the one of a link in a hover', async () => {
      const document = await atLine('"timezone"');
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      const text = document.getText();
      editor.selection = new vscode.Selection(
        document.positionAt(text.indexOf('"timezone"')),
        document.positionAt(text.indexOf('"week_start_day"') + 3),
      );
      bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
      bench.script(pick('Production'), confirm('Copy to Production'));
      await bench.run('copySettings', document.uri);
      const { timezone, week_start_day } = bench.control.environment(PRODUCTION);
      assert.deepEqual([timezone, week_start_day], ['UTC', 1]);
      const link = { uri: document.uri.toString(), path: ['survey_config', 'appearance', 'position'] };
      bench.script(pick('Production'), confirm('Copy to Production'));
      bench.clear();
      await bench.run('copySettings', link);
      assert.deepEqual(
        bench.requests(({ method }) => method === 'PATCH').map(({ body }) => body),
        [
          {
            survey_config: {
              appearance: { theme: 'clean', backgroundColor: '#ffffff', position: 'right', whiteLabel: true },
            },
          },
        ],
      );
    });
  });
}
