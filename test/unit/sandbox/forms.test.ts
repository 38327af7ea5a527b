import assert from 'node:assert/strict';
import type { JsonValue } from '../../../src/json/json';
import { DEVELOPMENT, assertError, inBothGenerations, objectOf, sandboxFor, tableId } from './support';
import type { Answer } from './support';

describe('sandbox: form and multipart bodies (API facts 1.3, 1.8; details as Django REST framework has them)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation, fileUpload: true });
    const { call } = harness;
    const env = `/api/environments/${DEVELOPMENT}/`;

    /** Sends pairs as a form and as multipart, and checks that both are read alike. */
    const patchBoth = async (pairs: [string, string][], check: (answer: Answer) => void): Promise<void> => {
      const parts = new FormData();
      pairs.forEach(([name, value]) => parts.append(name, value));
      for (const raw of [new URLSearchParams(pairs), parts]) {
        check(await call('PATCH', env, { raw }));
      }
    };

    const takes: [string, [string, string][], string, JsonValue][] = [
      [
        'an array with one value',
        [['app_urls', 'https://a.example.com']],
        'app_urls',
        ['https://a.example.com'],
      ],
      [
        'an array with several values',
        [
          ['person_display_name_properties', 'name'],
          ['person_display_name_properties', 'email'],
        ],
        'person_display_name_properties',
        ['name', 'email'],
      ],
      ['an object as JSON', [['modifiers', '{"debug":true}']], 'modifiers', { debug: true }],
      ['an array as JSON', [['data_attributes', '["data-qa"]']], 'data_attributes', ['data-qa']],
      [
        'a number as a string',
        [['session_recording_minimum_duration_milliseconds', '1500']],
        'session_recording_minimum_duration_milliseconds',
        1500,
      ],
      [
        'an empty string as null',
        [['session_recording_sample_rate', '']],
        'session_recording_sample_rate',
        null,
      ],
      [
        'null as JSON',
        [['session_recording_masking_config', 'null']],
        'session_recording_masking_config',
        null,
      ],
      [
        'the last of several values',
        [
          ['timezone', 'Europe/Berlin'],
          ['timezone', 'Europe/Paris'],
        ],
        'timezone',
        'Europe/Paris',
      ],
    ];
    for (const [title, pairs, field, stored] of takes) {
      it(`reads ${title}`, async () => {
        harness.sandbox.control.patchEnvironment(DEVELOPMENT, { modifiers: null });
        await patchBoth(pairs, (answer) => {
          assert.equal(answer.status, 200, answer.text);
          assert.deepEqual(objectOf(answer)[field], stored);
        });
      });
    }

    it('an empty string is ignored for a setting that can be neither null nor empty', async () => {
      const before = harness.sandbox.control.environment(DEVELOPMENT).timezone;
      await patchBoth([['timezone', '']], (answer) => {
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(objectOf(answer).timezone, before);
      });
    });

    it("a JSON field that doesn't hold JSON is rejected", async () => {
      await patchBoth([['extra_settings', '{']], (answer) =>
        assertError(answer, 400, 'invalid_input', 'Value must be valid JSON.', 'extra_settings'),
      );
    });

    it('sub-fields of the analytics configs have dotted names', async () => {
      const pairs: [string, string][] = [
        ['revenue_analytics_config.base_currency', 'EUR'],
        ['revenue_analytics_config.events', '[]'],
      ];
      await patchBoth(pairs, (answer) => {
        const config = objectOf(answer).revenue_analytics_config;
        assert.ok(typeof config === 'object' && config !== null && 'base_currency' in config, answer.text);
        assert.equal(config.base_currency, 'EUR');
      });
      await patchBoth([['revenue_analytics_config.base_currency', 'XXX']], (answer) =>
        assertError(
          answer,
          400,
          'invalid_choice',
          '"XXX" is not a valid choice.',
          'revenue_analytics_config__base_currency',
        ),
      );
    });

    it("a credential has dotted names; parts that aren't sent stay", async () => {
      const orders = tableId(harness.sandbox, 'orders');
      const path = `${env}warehouse_tables/${orders}/`;
      const secrets = harness.sandbox.control.credential(DEVELOPMENT, orders);
      const raw = new URLSearchParams({ 'credential.access_secret': 'new-secret' });
      assert.equal((await call('PATCH', path, { raw })).status, 200);
      assert.deepEqual(harness.sandbox.control.credential(DEVELOPMENT, orders), {
        ...secrets,
        access_secret: 'new-secret',
      });
      assertError(
        await call('PATCH', path, { raw: new URLSearchParams({ 'credential.access_secret': '' }) }),
        400,
        'blank',
        'This field may not be blank.',
        'credential__access_secret',
      );
    });

    it('a table is created from a form', async () => {
      const raw = new URLSearchParams({
        name: `from_form_${generation}`,
        format: 'CSV',
        url_pattern: 'https://files.example.com/a.csv',
        'credential.access_key': 'probe-key',
        'credential.access_secret': 'probe-secret',
      });
      const answer = await call('POST', `${env}warehouse_tables/`, { raw });
      assert.equal(answer.status, 201, answer.text);
      assert.ok(objectOf(answer).credential);
    });

    it('the key can be in a form or multipart body too', async () => {
      const key = harness.sandbox.keys.admin;
      for (const [value, status] of [
        [key, 200],
        ['phx_wrong', 401],
      ] as const) {
        const parts = new FormData();
        parts.append('personal_api_key', value);
        assert.equal((await call('PATCH', env, { key: null, raw: parts })).status, status);
      }
      const upload = new FormData();
      upload.append('personal_api_key', key);
      upload.append('name', 'with_key_in_body');
      upload.append('file', new Blob(['a\n1\n']), 'a.csv');
      const answer = await call('POST', `${env}warehouse_tables/file/`, { key: null, raw: upload });
      assert.equal(answer.status, 201, answer.text);
    });
  });

  describe('update_schema', () => {
    const harness = sandboxFor({ generation: 'current', allowKeyUpdateSchema: true });

    it('reads the updates of a form as JSON (inferred)', async () => {
      const id = tableId(harness.sandbox, 'orders');
      const path = `/api/projects/${DEVELOPMENT}/warehouse_tables/${id.toUpperCase()}/`;
      const raw = new URLSearchParams({ updates: '{"total":"string"}' });
      const answer = await harness.call('POST', `${path}update_schema/`, { raw });
      assert.deepEqual([answer.status, answer.text], [200, '']);
      const { columns } = objectOf(await harness.call('GET', path));
      assert.ok(Array.isArray(columns));
      assert.ok(
        columns.some(
          (item) =>
            typeof item === 'object' &&
            item !== null &&
            'name' in item &&
            item.name === 'total' &&
            'type' in item &&
            item.type === 'string',
        ),
        'found by its ID in uppercase, and retyped',
      );
    });
  });
});
