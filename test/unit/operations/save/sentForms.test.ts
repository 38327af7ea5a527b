import assert from 'node:assert/strict';
import type { HistoryEntry } from '../../../../src/operations/history/entry';
import { planUndo } from '../../../../src/operations/history/undo';
import { applySettings } from '../../../../src/operations/save/applySettings';
import { settingsDocument } from '../../../../src/settings/document';
import type { JsonObject, JsonValue } from '../../../../src/json/json';
import { DEVELOPMENT, PRODUCTION, edited, never, onBothGenerations, refused } from '../support';

const filter = (value: JsonValue): JsonValue => [{ key: 'email', value, operator: 'exact', type: 'person' }];

/** Changes that other fields normalize away. These are stored as they are. */
const changes: readonly [key: string, from: JsonValue, to: JsonValue][] = [
  ['test_account_filters', filter(['bot@x.com']), filter(['bot@x.com', ''])],
  ['test_account_filters', filter('bot'), filter(' bot')],
  ['extra_settings', { k: null }, { k: '' }],
  ['extra_settings', { k: 'x' }, { k: 'x ' }],
  ['extra_settings', { k: null }, {}],
  ['correlation_config', { excluded_event_names: ['a'] }, { excluded_event_names: ['a', 'a'] }],
  ['data_attributes', ['data-attr'], ['data-attr ']],
  ['survey_config', { appearance: { placeholder: 'x' } }, { appearance: { placeholder: 'x ' } }],
  ['product_description', null, ''],
];

describe('9.A: a change is only left out of a request if the server is known to have it', () => {
  onBothGenerations((bench) => {
    for (const [key, from, to] of changes) {
      const isKnown = key !== 'product_description' || bench.generation === 'current';
      if (!isKnown) {
        continue;
      }
      it(`9.A: ${key} from ${JSON.stringify(from)} to ${JSON.stringify(to)} is sent, and so is undoing it`, async () => {
        bench.control.patchEnvironment(PRODUCTION, { [key]: from });
        const opened = await bench.openSettings();
        const saved = await bench.saveSettings(edited(opened, { [key]: to }));
        assert.deepEqual(bench.bodies(), [{ [key]: to }]);
        assert.deepEqual(bench.settings()[key], to);
        assert.deepEqual(saved.notices, []);
        assert.deepEqual(settingsDocument(bench.settings()), JSON.parse(saved.text));
        const entry: Pick<HistoryEntry, 'kind' | 'changes' | 'table' | 'outcome'> = {
          ...{ kind: 'save', outcome: 'applied', table: undefined },
          changes: [{ path: [key], from, to }],
        };
        const [environment, { generation }] = [bench.ref(PRODUCTION), bench];
        const current = settingsDocument(bench.settings());
        const plan = planUndo({ entry, environment, generation, current });
        assert.ok(plan.kind === 'planned' && plan.set.kind === 'environment');
        const outcome = await applySettings(plan.set, { client: bench.client(), signal: never() });
        assert.equal(outcome.kind, 'applied');
        assert.deepEqual(bench.settings()[key], from);
      });
    }

    it('9.A: what PostHog is known to store as what it has is still not sent', async () => {
      const already: JsonObject = {
        name: 'Shop',
        recording_domains: ['https://a.example.com'],
        session_recording_sample_rate: '0.40',
        person_display_name_properties: ['email'],
      };
      bench.control.patchEnvironment(PRODUCTION, already);
      const mine = edited(await bench.openSettings(), {
        name: ' Shop ',
        recording_domains: ['', 'https://a.example.com '],
        session_recording_sample_rate: 0.4,
        person_display_name_properties: ['email '],
      });
      const saved = await bench.saveSettings(mine);
      assert.deepEqual(bench.bodies(), []);
      const { name, person_display_name_properties: names } = JSON.parse(saved.text) as JsonObject;
      assert.deepEqual([name, names], ['Shop', ['email']]);
    });

    it("9.A: a lost write of such a change isn't taken for applied because the old value is there", async () => {
      bench.control.patchEnvironment(PRODUCTION, { extra_settings: { k: 'x' } });
      const mine = edited(await bench.openSettings(), { extra_settings: { k: 'x ' } });
      bench.fail('PATCH', 'drop-before');
      await refused(bench.saveSettings(mine));
      assert.deepEqual(bench.settings().extra_settings, { k: 'x' });
      await bench.saveSettings(mine);
      assert.deepEqual(bench.settings().extra_settings, { k: 'x ' });
    });

    it('9.A: two different spellings of what PostHog stores as it is are a conflict', async () => {
      bench.control.patchEnvironment(PRODUCTION, { extra_settings: { k: 'x' } });
      const mine = edited(await bench.openSettings(), { extra_settings: { k: ' y' } });
      bench.control.patchEnvironment(PRODUCTION, { extra_settings: { k: 'y' } });
      const { conflicts } = await refused(bench.saveSettings(mine));
      assert.deepEqual(
        conflicts.map(({ path }) => path),
        [['extra_settings', 'k']],
      );
    });

    it("9.A: a table's name with white space around it isn't sent, because PostHog removes it", async () => {
      const id = bench.tableId('orders');
      const saved = await bench.saveTable(edited(await bench.openTable(id), { name: ' orders' }), id);
      assert.deepEqual(bench.bodies(), []);
      assert.equal((JSON.parse(saved.text) as JsonObject).name, 'orders');
      assert.equal(bench.control.table(DEVELOPMENT, id).name, 'orders');
    });
  });
});
