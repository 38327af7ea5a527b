import assert from 'node:assert/strict';
import { saveSettings } from '../../../../src/operations/save/savePipeline';
import type { PostHogClient } from '../../../../src/posthog/client';
import { formatDocument } from '../../../../src/settings/document';
import { isJsonObject, type JsonObject, type JsonValue, objectOf } from '../../../../src/json/json';
import { ScriptedServer, clientOf } from '../../posthog/server';
import { DEVELOPMENT, PRODUCTION, SaveBench, edited, never, onBothGenerations, refused } from '../support';

/** Runs something before each call of a client's method, like a change by someone else. */
function doBefore(
  client: PostHogClient,
  method: 'patchEnvironment' | 'updateSchema',
  meanwhile: () => void,
): PostHogClient {
  const call = client[method].bind(client) as (...args: unknown[]) => unknown;
  Object.assign(client, {
    [method]: (...args: unknown[]) => {
      meanwhile();
      return call(...args);
    },
  });
  return client;
}

describe('the result of a save that was only partly confirmed', () => {
  onBothGenerations((bench) => {
    it('A4: after a lost response, unconfirmed keys keep their base', async () => {
      const opened = await bench.openSettings();
      const mine = edited(opened, { timezone: 'Asia/Tokyo', week_start_day: 0 });
      bench.fail('PATCH', 'drop-after');
      const client = bench.client();
      const patch = client.patchEnvironment.bind(client);
      client.patchEnvironment = (...call) =>
        patch(...call).finally(() => {
          bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Berlin' });
        });
      const first = await refused(bench.saveSettings(mine, client));
      assert.match(first.message, /doesn't have timezone\. PostHog did apply week_start_day/);
      assert.ok(first.base);
      assert.equal(first.base.timezone, opened.base.timezone, 'no one was shown the other value');
      assert.equal(first.base.week_start_day, 0);
      const second = await refused(bench.saveSettings({ base: first.base, text: mine.text }));
      assert.match(second.message, /timezone/);
      assert.equal(second.action?.kind, 'resolve');
      assert.equal(bench.settings().timezone, 'Europe/Berlin');
    });

    const others: [key: string, wanted: JsonValue, theirs: JsonValue, merges: boolean][] = [
      ['name', 'Store EU', 'store eu', false],
      ['extra_settings', { a: 2 }, { a: 2, b: 3 }, true],
    ];
    for (const [key, wanted, theirs, merges] of others) {
      it(`A4: after a lost response, a different ${key} that someone else wrote isn't reported as saved`, async () => {
        const opened = await bench.openSettings();
        const mine = edited(opened, { [key]: wanted, week_start_day: 0 });
        bench.fail('PATCH', 'drop-after');
        const client = bench.client();
        const patch = client.patchEnvironment.bind(client);
        client.patchEnvironment = (...call) =>
          patch(...call).finally(() => {
            bench.control.patchEnvironment(PRODUCTION, { [key]: theirs });
          });
        const { message, base } = await refused(bench.saveSettings(mine, client));
        assert.match(message, new RegExp(`doesn't have ${key}\\. PostHog did apply week_start_day`));
        assert.deepEqual(base?.[key], opened.base[key], 'no one was shown the other value');
        assert.ok(base);
        const again = bench.saveSettings({ base, text: mine.text });
        if (merges) {
          assert.deepEqual((await again).base[key], theirs);
        } else {
          await refused(again);
        }
        assert.deepEqual(bench.settings()[key], theirs);
      });
    }

    it('A4: a value for which PostHog returned something else keeps its base too', async () => {
      const opened = await bench.openSettings();
      const { base } = await refused(bench.saveSettings(edited(opened, { default_data_theme: 7 })));
      assert.equal(base?.default_data_theme, opened.base.default_data_theme);
    });

    it('A4: unconfirmed keys of a table keep their base', async () => {
      const id = bench.tableId('orders');
      const opened = await bench.openTable(id);
      const url = 'https://hedgehog-data.s3.amazonaws.com/orders/2026/*.parquet';
      const mine = edited(opened, { name: 'my_orders', url_pattern: url });
      bench.fail('PATCH', 'drop-after');
      const client = bench.client();
      const patch = client.patchTable.bind(client);
      client.patchTable = (...call) =>
        patch(...call).finally(() => {
          bench.control.patchTable(DEVELOPMENT, id, { name: 'their_orders' });
        });
      const first = await refused(bench.saveTable(mine, id, client));
      assert.ok(first.base);
      assert.equal(first.base.name, 'orders');
      assert.equal(first.base.url_pattern, url);
      const second = await refused(bench.saveTable({ base: first.base, text: mine.text }, id));
      assert.match(second.message, /name/);
      assert.equal(bench.table(id).name, 'their_orders');
    });

    it("A5: what someone else added to the same value isn't mistaken for PostHog's normalization, and isn't removed", async () => {
      const mine = edited(await bench.openSettings(), { extra_settings: { a: 2 } });
      bench.control.patchEnvironment(PRODUCTION, { extra_settings: { a: 2, b: 3 } });
      const { sentKeys, base, taken } = await bench.saveSettings(mine);
      assert.deepEqual(sentKeys, []);
      assert.deepEqual(base.extra_settings, { a: 2, b: 3 });
      assert.deepEqual(taken, ['extra_settings.b']);
      assert.deepEqual(bench.settings().extra_settings, { a: 2, b: 3 });
    });

    it('A5: nor if it was added between the read and the PATCH of other keys', async () => {
      const changes = { extra_settings: { a: 2 }, timezone: 'Asia/Tokyo' };
      const mine = edited(await bench.openSettings(), changes);
      bench.control.patchEnvironment(PRODUCTION, { extra_settings: { a: 2 } });
      const client = doBefore(bench.client(), 'patchEnvironment', () => {
        bench.control.patchEnvironment(PRODUCTION, { extra_settings: { a: 2, b: 3 } });
      });
      const { message, base } = await refused(bench.saveSettings(mine, client));
      assert.match(message, /^Someone changed extra_settings in PostHog during this save/);
      assert.ok(base);
      await bench.saveSettings({ base, text: mine.text });
      assert.deepEqual(bench.settings().extra_settings, { a: 2, b: 3 });
    });

    it("A5: a key that was already equal but is changed before the PATCH isn't reported as saved", async () => {
      const opened = await bench.openSettings();
      const mine = edited(opened, { timezone: 'Asia/Tokyo', week_start_day: 0 });
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo' });
      const client = doBefore(bench.client(), 'patchEnvironment', () => {
        bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Berlin' });
      });
      const { message, base, action, problems, seen } = await refused(bench.saveSettings(mine, client));
      assert.match(
        message,
        /^Someone changed timezone in PostHog during this save\. PostHog did apply week_start_day/,
      );
      assert.equal(action?.kind, 'compare');
      assert.deepEqual(
        problems.map(({ path }) => path),
        [['timezone']],
      );
      assert.ok(base);
      assert.equal(base.timezone, opened.base.timezone);
      assert.equal(seen?.document.timezone, 'Europe/Berlin');
      const again = await refused(bench.saveSettings({ base, text: mine.text }));
      assert.match(again.message, /timezone/);
      assert.equal(bench.settings().timezone, 'Europe/Berlin');
    });

    it('A9: reverting shows what the server has, and sends nothing again', async () => {
      const opened = await bench.openSettings();
      bench.control.patchEnvironment(PRODUCTION, { anonymize_ips: opened.base.anonymize_ips !== true });
      const mine = edited(opened, { default_data_theme: 7, week_start_day: 0 });
      const { seen } = await refused(bench.saveSettings(mine));
      assert.ok(seen);
      assert.equal(seen.text, formatDocument((await bench.openSettings()).base));
      assert.equal(seen.detail?.id, PRODUCTION);
      await bench.saveSettings({ base: seen.document, text: seen.text });
      assert.deepEqual(bench.bodies(), []);
    });

    it('B2: a refused value is named and marked exactly where it is', async () => {
      const opened = await bench.openSettings();
      const mine = edited(opened, { anonymize_ips: true, person_display_name_properties: ['', 'x'] });
      const { message, problems } = await refused(bench.saveSettings(mine));
      assert.match(message, /^PostHog rejected person_display_name_properties\[0\]\. .*may not be blank/);
      assert.deepEqual(
        problems.map(({ path, offset, length }) => [path, mine.text.slice(offset, offset + length)]),
        [[['person_display_name_properties', 0], '""']],
      );
    });

    it('B2: a refused table name is marked', async () => {
      const id = bench.tableId('orders');
      const mine = edited(await bench.openTable(id), { name: 'products' });
      const { problems } = await refused(bench.saveTable(mine, id));
      assert.deepEqual(
        problems.map(({ path, offset, length }) => [path, mine.text.slice(offset, offset + length)]),
        [[['name'], '"products"']],
      );
    });
  });

  describe('of a table with column types', () => {
    const bench = new SaveBench('current');
    beforeEach(() => bench.start());
    afterEach(() => bench.stop());

    const retyped = async (id: string) => {
      const opened = await bench.openTable(id);
      return edited(opened, {
        name: 'my_orders',
        columns: { ...objectOf(opened.base.columns), total: 'string' },
      });
    };

    it("A5: someone's rename between PATCH and update_schema isn't reported as saved", async () => {
      const id = bench.tableId('orders');
      const mine = await retyped(id);
      const client = doBefore(bench.client(), 'updateSchema', () => {
        bench.control.patchTable(DEVELOPMENT, id, { name: 'their_orders' });
      });
      const { message, base, seen } = await refused(bench.saveTable(mine, id, client));
      assert.match(message, /^Someone changed name in PostHog during this save\. .*Applied: columns\.total/);
      assert.equal(seen?.document.name, 'their_orders');
      await refused(bench.saveTable({ base: base ?? mine.base, text: mine.text }, id));
      assert.equal(bench.table(id).name, 'their_orders');
    });

    it('A9: after a type was refused, base and shown text are what the server has', async () => {
      const id = bench.tableId('orders');
      const mine = await retyped(id);
      bench.fail('POST', 'status-500');
      const { base, seen, problems } = await refused(bench.saveTable(mine, id));
      assert.equal(base?.name, 'my_orders');
      assert.equal(seen?.table?.name, 'my_orders');
      assert.deepEqual(seen.document, bench.table(id));
      assert.deepEqual(problems, []);
    });

    it('A9: if keys are known to be refused for types, nothing of the document is sent until the type is reverted', async () => {
      const id = bench.tableId('orders');
      const mine = await retyped(id);
      const client = bench.client();
      client.takesKeysFor = (action) => action !== 'update_schema';
      const { message, problems } = await refused(bench.saveTable(mine, id, client));
      assert.match(message, /doesn't allow API keys to change column types.*Nothing was sent/);
      assert.deepEqual(
        problems.map(({ path }) => path),
        [['columns', 'total']],
      );
      assert.deepEqual(bench.methods(), []);
      await bench.saveTable(edited({ base: mine.base, text: '' }, { name: 'my_orders' }), id, client);
      assert.equal(bench.table(id).name, 'my_orders');
    });
  });
});

describe('a server that normalizes values', () => {
  const server = new ScriptedServer();
  let state: JsonObject;
  before(() => server.start());
  after(() => server.stop());
  beforeEach(() => {
    state = { id: 7, name: 'Shop', base_currency: 'EUR', person_display_name_properties: ['name'] };
    server.play(({ method, body }) => {
      if (method === 'PATCH') {
        const sent: unknown = JSON.parse(body.toString());
        const tidy = (value: unknown): unknown =>
          typeof value === 'string' ? value.trim() : Array.isArray(value) ? value.map(tidy) : value;
        for (const [key, value] of Object.entries(isJsonObject(sent) ? sent : {})) {
          state[key] = tidy(value) as JsonObject[string];
        }
      }
      return state;
    });
  });

  it('B1: the normalized form of a value is shown and reported on one line, and the document is clean', async () => {
    const base = { name: 'Shop', base_currency: 'EUR', person_display_name_properties: ['name'] };
    const save = (document: JsonObject, from: JsonObject) =>
      saveSettings(
        {
          client: clientOf(server),
          environment: { id: 7, projectId: 7 },
          text: formatDocument(document),
          base: from,
          signal: never(),
        },
        'current',
      );
    const saved = await save({ ...base, person_display_name_properties: ['email ', 'name'] }, base);
    assert.deepEqual(saved.notices, [
      'person_display_name_properties: PostHog stores this in a different form, which the document now shows.',
    ]);
    assert.deepEqual(JSON.parse(saved.text), { ...base, person_display_name_properties: ['email', 'name'] });
    assert.deepEqual(JSON.parse(saved.text), saved.base);
    const again = await save(saved.base, saved.base);
    assert.deepEqual(again.sentKeys, []);
  });
});
