import assert from 'node:assert/strict';
import { saveSettings } from '../../../../src/operations/save/savePipeline';
import type { JsonObject } from '../../../../src/json/json';
import { compareAnswer } from '../../../../src/settings/answer';
import { objectOf } from '../../../../src/json/json';
import { ScriptedServer, clientOf } from '../../posthog/server';
import { DEVELOPMENT, PRODUCTION, SaveBench, edited, never, refused } from '../support';

describe('fixed bugs of the save pipeline', () => {
  const bench = new SaveBench('current');
  beforeEach(() => bench.start());
  afterEach(() => bench.stop());

  it("retrying a partly failed table save doesn't undo someone else's rename", async () => {
    const id = bench.tableId('orders');
    const opened = await bench.openTable(id);
    const mine = edited(opened, {
      url_pattern: 'https://hedgehog-data.s3.amazonaws.com/other/*.parquet',
      columns: { ...objectOf(opened.base.columns), total: 'string' },
    });
    bench.control.patchTable(DEVELOPMENT, id, { name: 'their_orders' });
    bench.fail('POST', 'status-500');
    const refusal = await refused(bench.saveTable(mine, id));
    await bench.saveTable({ base: refusal.base ?? opened.base, text: mine.text }, id);
    assert.equal(bench.table(id).name, 'their_orders');
    assert.equal(objectOf(bench.table(id).columns).total, 'string');
  });

  it("retrying a partly ignored settings save doesn't undo someone else's sub-key", async () => {
    const opened = await bench.openSettings();
    const config = objectOf(opened.base.session_replay_config);
    const mine = edited(opened, {
      default_data_theme: 7,
      session_replay_config: { ...config, record_canvas: true },
    });
    const theirs = { ...objectOf(config.ai_config), opt_in: false };
    bench.control.patchEnvironment(PRODUCTION, {
      session_replay_config: { ...config, ai_config: theirs },
    });
    const { base } = await refused(bench.saveSettings(mine));
    assert.ok(base);
    bench.control.clearRequests();
    await refused(bench.saveSettings({ base, text: mine.text }));
    assert.deepEqual(bench.bodies(), [{ default_data_theme: 7 }]);
    assert.deepEqual(objectOf(bench.settings().session_replay_config), {
      record_canvas: true,
      ai_config: theirs,
    });
  });

  it('a key that is removed deep inside a merged object is sent, and is gone on the server', async () => {
    bench.control.patchEnvironment(PRODUCTION, {
      survey_config: { appearance: { position: 'left', whiteLabel: true } },
    });
    const opened = await bench.openSettings();
    const mine = edited(opened, { survey_config: { appearance: { position: 'left' } } });
    await bench.saveSettings(mine);
    assert.deepEqual(bench.bodies(), [{ survey_config: { appearance: { position: 'left' } } }]);
    assert.deepEqual(bench.settings().survey_config, { appearance: { position: 'left' } });
  });

  it('a key that the server keeps although it was removed deep inside is reported', () => {
    const before = { survey_config: { appearance: { position: 'left', whiteLabel: true } } };
    const sent = { survey_config: { appearance: { position: 'left' } } };
    assert.deepEqual(
      compareAnswer(sent, before, 'current', before).map(({ path }) => path),
      ['survey_config.appearance'],
    );
  });

  it('an unknown outcome of which a part was applied isn\'t reported as "not applied"', async () => {
    const opened = await bench.openSettings();
    const mine = edited(opened, { default_data_theme: 7, week_start_day: 0 });
    bench.fail('PATCH', 'status-500-after');
    const { message, base, action } = await refused(bench.saveSettings(mine));
    assert.match(message, /doesn't have default_data_theme\. PostHog did apply week_start_day/);
    assert.equal(action?.kind, 'retry');
    assert.equal(base?.week_start_day, 0);
  });

  it('an ignored unknown key can be removed again, and the rest of the text stays', async () => {
    const { base, text } = await bench.openSettings();
    const spread = text.replaceAll('  "', '      "');
    const refusal = await refused(
      bench.saveSettings({ base, text: spread.replace('{', '{ "time_zone": "UTC",') }),
    );
    const saved = await bench.saveSettings({ base: refusal.base ?? base, text: spread });
    assert.equal(saved.text, spread);
  });

  describe("a setting that the catalogue doesn't know yet but the server does", () => {
    const server = new ScriptedServer();
    let state: JsonObject;
    before(() => server.start());
    after(() => server.stop());
    beforeEach(() => {
      state = { id: 7, name: 'Shop', base_currency: 'EUR', brand_new_setting: 1 };
      server.play(({ method, body }) => {
        if (method === 'PATCH') {
          Object.assign(state, JSON.parse(body.toString()));
        }
        return state;
      });
    });

    const save = (base: JsonObject, document: JsonObject) =>
      saveSettings(
        {
          client: clientOf(server),
          environment: { id: 7, projectId: 7 },
          text: JSON.stringify(document),
          base,
          signal: never(),
        },
        'current',
      );

    it('can be changed again without conflicting with your own change', async () => {
      const base = { name: 'Shop', base_currency: 'EUR' };
      const first = await save(base, { ...base, brand_new_setting: 2 });
      const second = await save(first.base, { ...base, brand_new_setting: 3 });
      assert.equal(state.brand_new_setting, 3);
      assert.deepEqual(second.sentKeys, ['brand_new_setting']);
    });

    it('stays in the document when another key is saved', async () => {
      const base = { name: 'Shop', base_currency: 'EUR' };
      const first = await save(base, { ...base, brand_new_setting: 2 });
      const second = await save(first.base, { ...base, base_currency: 'USD', brand_new_setting: 2 });
      assert.deepEqual(JSON.parse(second.text), { ...base, base_currency: 'USD', brand_new_setting: 2 });
    });

    it('is a conflict if someone else changes it', async () => {
      const base = { name: 'Shop', base_currency: 'EUR' };
      const first = await save(base, { ...base, brand_new_setting: 2 });
      state.brand_new_setting = 9;
      const refusal = await refused(save(first.base, { ...base, brand_new_setting: 3 }));
      assert.match(refusal.message, /Someone changed brand_new_setting in PostHog/);
      assert.equal(state.brand_new_setting, 9);
    });
  });
});
