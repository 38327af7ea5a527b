import assert from 'node:assert/strict';
import {
  checkNewEnvironment,
  copyName,
  duplicateDocument,
  newEnvironmentBody,
  notTaken,
} from '../../../src/settings/newEnvironment';
import type { JsonObject } from '../../../src/settings/json';
import { parseDocument } from '../../../src/settings/parse';

function problemsOf(value: JsonObject): string[] {
  const text = JSON.stringify(value);
  const document = parseDocument(text);
  assert.ok(document.ok);
  return checkNewEnvironment(document, 'current').map(
    ({ severity, code, offset, length }) => `${severity} ${code} ${text.slice(offset, offset + length)}`,
  );
}

describe('the document of a new environment', () => {
  it('needs a name and nothing else', () => {
    assert.deepEqual(problemsOf({ name: 'QA' }), []);
    assert.deepEqual(problemsOf({}), ['error name-missing {']);
    assert.deepEqual(problemsOf({ name: ' ' }), ['error name-empty " "']);
    assert.deepEqual(problemsOf({ name: null }), ['error null null']);
  });

  it('complains of no key for not having been answered by a server', () => {
    assert.deepEqual(problemsOf({ name: 'QA', timezone: 'UTC', anonymize_ips: true }), []);
  });

  it('refuses what cannot be created and warns of what is ignored', () => {
    assert.deepEqual(problemsOf({ name: 'QA', primary_dashboard: 1 }), [
      'error not-on-creation "primary_dashboard"',
    ]);
    assert.deepEqual(problemsOf({ name: 'QA', slack_incoming_webhook: 'https://example.com' }), [
      'warning removed "slack_incoming_webhook"',
    ]);
    assert.deepEqual(problemsOf({ name: 'QA', secret_api_token: 'x' }), ['error secret "secret_api_token"']);
  });

  it('sends everything writable that it says, nulls included', () => {
    assert.deepEqual(
      newEnvironmentBody({ name: 'QA', id: 5, heatmaps_opt_in: null, unheard_of: 1 }, 'current'),
      { name: 'QA', heatmaps_opt_in: null, unheard_of: 1 },
    );
  });
});

describe('what a server did not take of a new environment', () => {
  it('is nothing where only the spelling differs', () => {
    const sent = { name: ' QA ', session_recording_sample_rate: 0.4, app_urls: ['https://example.com', ''] };
    const answer = {
      name: 'QA',
      session_recording_sample_rate: '0.40',
      app_urls: ['https://example.com'],
      anonymize_ips: false,
    };
    assert.deepEqual(notTaken(sent, answer, 'current'), {});
  });

  it('is what PATCH has to send again, a merged object with what the server added', () => {
    const sent = { timezone: 'UTC', session_replay_config: { record_canvas: true } };
    const answer = {
      timezone: 'Europe/Berlin',
      session_replay_config: { record_canvas: false, ai_config: null },
    };
    assert.deepEqual(notTaken(sent, answer, 'current'), {
      timezone: 'UTC',
      session_replay_config: { record_canvas: true, ai_config: null },
    });
  });
});

describe('a duplicate', () => {
  const source: JsonObject = {
    id: 7,
    name: 'Production',
    api_token: 'phc_public',
    secret_api_token: 'phs_secret',
    live_events_token: 'secret',
    slack_incoming_webhook: 'https://hooks.example.com/secret',
    timezone: 'UTC',
    primary_dashboard: 12,
    session_recording_linked_flag: { id: 3, key: 'flag' },
    is_demo: false,
    autocapture_exceptions_errors_to_ignore: null,
    heatmaps_opt_in: null,
    logs_settings: { retention_days: 14, retention_last_updated: '2026-01-01T00:00:00Z' },
    conversations_settings: { widget_color: '#fff', widget_public_token: 'token' },
  };

  it('has the settings, without secrets, ids of the source, and parts that only the server writes', () => {
    const { document, leftOut } = duplicateDocument(source, 'Copy of Production');
    assert.deepEqual(document, {
      name: 'Copy of Production',
      timezone: 'UTC',
      heatmaps_opt_in: null,
      logs_settings: { retention_days: 14 },
      conversations_settings: { widget_color: '#fff' },
    });
    assert.equal(Object.keys(document)[0], 'name');
    assert.deepEqual(leftOut, [
      'primary_dashboard',
      'slack_incoming_webhook',
      'session_recording_linked_flag',
    ]);
  });

  it('proposes a name that is free, compared as PostHog compares, and not too long', () => {
    assert.equal(copyName('Shop', ['Shop']), 'Copy of Shop');
    assert.equal(copyName('Shop', ['copy of shop ']), 'Copy 2 of Shop');
    assert.equal(copyName('x'.repeat(200), []).length, 200);
  });
});
