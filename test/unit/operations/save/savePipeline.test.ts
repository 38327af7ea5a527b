import assert from 'node:assert/strict';
import { settingsDocument } from '../../../../src/settings/document';
import { PRODUCTION, edited, onBothGenerations, refused, without } from '../support';

describe('saving a settings document', () => {
  onBothGenerations((bench) => {
    it('sends nothing when nothing was changed', async () => {
      const opened = await bench.openSettings();
      const saved = await bench.saveSettings(opened);
      assert.deepEqual(bench.methods(), []);
      assert.equal(saved.text, opened.text);
      assert.deepEqual(saved.sentKeys, []);
      assert.deepEqual(saved.notices, []);
    });

    it('sends nothing if only the formatting was changed', async () => {
      const { base } = await bench.openSettings();
      const text = JSON.stringify(Object.fromEntries(Object.entries(base).reverse()));
      const saved = await bench.saveSettings({ base, text });
      assert.deepEqual(bench.methods(), []);
      assert.equal(saved.text, text);
    });

    it('sends nothing for another spelling of the same value', async () => {
      const opened = await bench.openSettings();
      await bench.saveSettings(edited(opened, { session_recording_sample_rate: 0.1 }));
      assert.deepEqual(bench.methods(), []);
    });

    it('sends one GET and one PATCH with only the changed keys', async () => {
      const opened = await bench.openSettings();
      const mine = edited(opened, { timezone: 'Europe/Paris', week_start_day: 0 });
      const saved = await bench.saveSettings(mine);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
      assert.deepEqual(bench.bodies(), [{ timezone: 'Europe/Paris', week_start_day: 0 }]);
      assert.equal(bench.settings().timezone, 'Europe/Paris');
      assert.deepEqual([...saved.sentKeys].sort(), ['timezone', 'week_start_day']);
      assert.equal(saved.text, mine.text);
      assert.deepEqual(saved.base, settingsDocument(bench.settings()));
      assert.equal(saved.detail?.timezone, 'Europe/Paris');
    });

    it('sends nothing the second time', async () => {
      const saved = await bench.saveSettings(edited(await bench.openSettings(), { week_start_day: 0 }));
      bench.control.clearRequests();
      await bench.saveSettings(saved);
      assert.deepEqual(bench.methods(), []);
    });

    it('stops before the PATCH if someone else changed the same key', async () => {
      const opened = await bench.openSettings();
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
      const refusal = await refused(
        bench.saveSettings(edited(opened, { timezone: 'Europe/Paris', week_start_day: 0 })),
      );
      assert.deepEqual(bench.methods(), ['GET']);
      assert.match(refusal.message, /^Someone changed timezone .*Nothing was sent/);
      assert.doesNotMatch(refusal.message, /week_start_day/);
      assert.equal(refusal.action?.kind, 'resolve');
      assert.equal(refusal.base, undefined);
      assert.equal(bench.settings().timezone, 'Asia/Tokyo');
    });

    it('sends nothing more if someone else already made the same change', async () => {
      const opened = await bench.openSettings();
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo', week_start_day: 0 });
      const saved = await bench.saveSettings(edited(opened, { timezone: 'Asia/Tokyo' }));
      assert.deepEqual(bench.methods(), ['GET']);
      assert.deepEqual(saved.base, settingsDocument(bench.settings()));
      assert.deepEqual(JSON.parse(saved.text), saved.base);
    });

    it("keeps someone else's change of another key, and shows it", async () => {
      const opened = await bench.openSettings();
      bench.control.patchEnvironment(PRODUCTION, { anonymize_ips: false });
      const saved = await bench.saveSettings(edited(opened, { timezone: 'Europe/Paris' }));
      assert.deepEqual(bench.bodies(), [{ timezone: 'Europe/Paris' }]);
      assert.equal(bench.settings().anonymize_ips, false);
      assert.match(saved.text, /"anonymize_ips": false/);
    });

    it('sends only the changed parts of an object that PostHog merges', async () => {
      const opened = await bench.openSettings();
      bench.control.patchEnvironment(PRODUCTION, {
        session_replay_config: {
          record_canvas: true,
          ai_config: { opt_in: true, preferred_events: ['theirs'], excluded_events: ['heartbeat'] },
        },
      });
      const saved = await bench.saveSettings(
        edited(opened, {
          session_replay_config: {
            record_canvas: false,
            ai_config: {
              opt_in: false,
              preferred_events: ['checkout started', 'order completed'],
              excluded_events: ['heartbeat'],
            },
          },
        }),
      );
      assert.deepEqual(bench.bodies(), [{ session_replay_config: { ai_config: { opt_in: false } } }]);
      const now = {
        record_canvas: true,
        ai_config: { opt_in: false, preferred_events: ['theirs'], excluded_events: ['heartbeat'] },
      };
      assert.deepEqual(bench.settings().session_replay_config, now);
      assert.deepEqual((JSON.parse(saved.text) as typeof opened.base).session_replay_config, now);
    });

    it('keeps settings that are missing from the document, says so, and restores them', async () => {
      const opened = await bench.openSettings();
      const saved = await bench.saveSettings(without(opened, 'timezone'));
      assert.deepEqual(bench.methods(), []);
      assert.match(saved.notices.join(' '), /timezone: not in the document, so PostHog keeps its value/);
      assert.match(saved.text, /"timezone": "America\/New_York"/);

      const changed = without(edited(opened, {}), 'timezone', 'app_urls');
      changed.text = changed.text.replace('"week_start_day": 1', '"week_start_day": 0');
      const again = await bench.saveSettings(changed);
      assert.deepEqual(bench.bodies(), [{ week_start_day: 0 }]);
      assert.match(again.notices.join(' '), /timezone and app_urls: .* keeps their values/);
      assert.equal(bench.settings().timezone, 'America/New_York');
    });

    it('shows a decimal as the server stores it, and leaves the rest of the text alone', async () => {
      const { base, text } = await bench.openSettings();
      const mine = text
        .replace('"session_recording_sample_rate": "0.10"', '"session_recording_sample_rate":   "0.4"')
        .replaceAll('  "', '    "');
      const saved = await bench.saveSettings({ base, text: mine });
      assert.deepEqual(bench.bodies(), [{ session_recording_sample_rate: '0.4' }]);
      assert.equal(saved.text, mine.replace('"0.4"', '"0.40"'));
      bench.control.clearRequests();
      await bench.saveSettings(saved);
      assert.deepEqual(bench.methods(), []);
    });

    it('names a key that the server ignored, and applies the rest', async () => {
      // This organization's plan has no custom color themes (API facts 4.5).
      const mine = edited(await bench.openSettings(), { default_data_theme: 7, week_start_day: 0 });
      const refusal = await refused(bench.saveSettings(mine));
      assert.match(refusal.message, /kept its own value for default_data_theme.*did apply week_start_day/);
      assert.equal(refusal.action?.kind, 'compare');
      assert.equal(bench.settings().week_start_day, 0);
    });

    it('sends only the ignored key when it is saved again', async () => {
      const mine = edited(await bench.openSettings(), { default_data_theme: 7, week_start_day: 0 });
      const { base } = await refused(bench.saveSettings(mine));
      assert.ok(base);
      bench.control.clearRequests();
      await refused(bench.saveSettings({ base, text: mine.text }));
      assert.deepEqual(bench.bodies(), [{ default_data_theme: 7 }]);
    });

    it("rejects an unknown key by name, after the server's own checks", async () => {
      const opened = await bench.openSettings();
      const refusal = await refused(bench.saveSettings(edited(opened, { time_zone: 'UTC' })));
      assert.deepEqual(bench.bodies(), [{ time_zone: 'UTC' }]);
      assert.match(refusal.message, /kept its own value for time_zone/);
    });

    it("doesn't treat a response with other values as a confirmation", async () => {
      const opened = await bench.openSettings();
      bench.fail('PATCH', 'different-answer');
      const mine = edited(opened, { feature_flag_confirmation_message: 'Really?' });
      const refusal = await refused(bench.saveSettings(mine));
      assert.match(refusal.message, /kept its own value for feature_flag_confirmation_message/);
      bench.control.clearRequests();
      // It has the value after all: checking again finds that without another PATCH.
      await bench.saveSettings({ base: refusal.base ?? opened.base, text: mine.text });
      assert.deepEqual(bench.methods(), ['GET']);
    });

    for (const [name, typed] of [
      ['a secret', { secret_api_token: 'phs_typed' }],
      ['a read-only key', { api_token: 'phc_typed' }],
      ['a withdrawn key', { access_control: true }],
      ['a value of the wrong type', { anonymize_ips: 'yes' }],
      ["a value that isn't in the enum", { base_currency: 'EURO' }],
      ['null where a value is required', { timezone: null }],
    ] as const) {
      it(`rejects ${name} without a request`, async () => {
        const refusal = await refused(bench.saveSettings(edited(await bench.openSettings(), typed)));
        assert.deepEqual(bench.methods(), []);
        assert.match(refusal.message, /Nothing was sent/);
        const [problem] = refusal.problems;
        assert.ok(problem && problem.length > 0, 'has a position');
        assert.equal(problem.path[0], Object.keys(typed)[0]);
      });
    }

    for (const [name, text] of [
      ['broken JSON', '{"timezone": "UTC"'],
      ['a list', '[]'],
      ['a text', '"UTC"'],
      ['nothing', '  \n'],
      ['a comment', '{ /* hello */ }'],
      ['a duplicate key', '{"timezone": "UTC", "timezone": "Asia/Tokyo"}'],
      ['hostile nesting', '['.repeat(100_000)],
    ] as const) {
      it(`rejects ${name} without a request`, async () => {
        const { base } = await bench.openSettings();
        const refusal = await refused(bench.saveSettings({ base, text }));
        assert.deepEqual(bench.methods(), []);
        assert.ok(refusal.problems.length > 0);
        assert.match(refusal.message, /Nothing was sent/);
      });
    }
  });
});
