import assert from 'node:assert/strict';
import fc from 'fast-check';
import { settingsField, settingsFields } from '../../../src/settings/catalogue';
import { formatDocument, maskSecrets, settingsDocument } from '../../../src/settings/document';
import { tableDocument } from '../../../src/warehouse/tableDocument';
import type { JsonObject } from '../../../src/json/json';

const aResponse: JsonObject = {
  id: 7,
  timezone: 'UTC',
  name: 'Staging',
  secret_api_token: 'phs_abcdefgh12345678',
  secret_api_token_backup: null,
  live_events_token: 'eyJhbGciOi.eyJzdWIiOjF9.c2lnbmF0dXJl',
  api_token: 'phc_public',
  access_control: false,
  brand_new_field: 1,
  conversations_settings: {
    widget_greeting_text: 'Hi',
    widget_public_token: 'wpt_1234',
    slack_bot_token: 'xoxb-1',
    slack_enabled: true,
    email_enabled: false,
    teams_tenant: 'x',
  },
};

describe('settings document', () => {
  it("contains the response's writable fields in catalogue order and nothing else", () => {
    assert.deepEqual(Object.entries(settingsDocument(aResponse)), [
      ['name', 'Staging'],
      ['timezone', 'UTC'],
      ['conversations_settings', { widget_greeting_text: 'Hi' }],
    ]);
  });

  it('never contains a read-only, secret, refused or unknown key, whatever the server returns', () => {
    const keys = fc.constantFrom(
      ...settingsFields.map(({ key }) => key),
      'new_field',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(keys, fc.string()), fc.jsonValue()), (response) => {
        const document = settingsDocument(response);
        for (const key of Object.keys(document)) {
          assert.equal(settingsField(key)?.access, 'writable', key);
        }
        const order = settingsFields.map(({ key }) => key).filter((key) => Object.hasOwn(document, key));
        assert.deepEqual(Object.keys(document), order);
      }),
    );
  });

  it('is indented by two spaces, with a final newline', () => {
    assert.equal(formatDocument({ a: { b: [1] } }), '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}\n');
  });
});

describe('masked response', () => {
  it('keeps the shape and hides every secret', () => {
    const masked = maskSecrets({
      ...aResponse,
      nested: [{ token: 'x', deep: { password: 'p', list: ['phx_0123456789', 'plain'] } }],
      note: 'Bearer phx_0123456789 was used',
      secrets: { a: 'b', count: 3, on: true, none: null, empty: '' },
    });
    assert.equal(masked.secret_api_token, '••••••');
    assert.equal(masked.secret_api_token_backup, null);
    assert.equal(masked.live_events_token, '••••••');
    assert.equal(masked.api_token, 'phc_public');
    assert.deepEqual(masked.conversations_settings, {
      widget_greeting_text: 'Hi',
      widget_public_token: '••••••',
      slack_bot_token: '••••••',
      slack_enabled: true,
      email_enabled: false,
      teams_tenant: 'x',
    });
    assert.deepEqual(masked.nested, [
      { token: '••••••', deep: { password: '••••••', list: ['••••••', 'plain'] } },
    ]);
    assert.equal(masked.note, 'Bearer •••••• was used');
    assert.deepEqual(masked.secrets, { a: '••••••', count: '••••••', on: true, none: null, empty: '' });
  });

  it('masks every secret token, wherever it is', () => {
    const secret = fc
      .tuple(fc.constantFrom('phs_', 'phx_', 'pha_'), fc.stringMatching(/^[A-Za-z0-9]{8,40}$/))
      .map((parts) => parts.join(''));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        secret,
        fc.string().chain((before) => secret.map((token) => `${before} ${token}`)),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = JSON.stringify(maskSecrets({ value: value as JsonObject }));
        assert.doesNotMatch(text, /ph[sxa]_[A-Za-z0-9]/);
      }),
    );
  });
});

describe('table document', () => {
  it('shows what can be edited about a table, column types by name', () => {
    const document = tableDocument({
      id: 'x',
      name: 'orders',
      format: 'Parquet',
      url_pattern: 'https://example.com/*.parquet',
      credential: { id: 'c' },
      columns: [
        { key: 'id', name: 'id', type: 'integer', schema_valid: true },
        { key: 'at', name: 'at', type: 'datetime', schema_valid: false },
        'nonsense',
        { name: 5 },
      ],
    });
    assert.deepEqual(Object.entries(document), [
      ['name', 'orders'],
      ['format', 'Parquet'],
      ['url_pattern', 'https://example.com/*.parquet'],
      ['columns', { id: 'integer', at: 'datetime' }],
    ]);
  });
});
