import assert from 'node:assert/strict';
import { readSettingsFile } from '../../../../src/operations/settingsFile/settingsFile';
import { wantedOf } from '../../../../src/operations/settingsFile/wanted';
import { formatDocument } from '../../../../src/settings/document';
import type { JsonObject } from '../../../../src/json/json';

const file = (settings: JsonObject, own: JsonObject = {}): string =>
  formatDocument({
    environments: { staging: { host: 'https://eu.posthog.com', id: 1202, settings: own } },
    settings,
  });

const messages = (text: string): string[] =>
  readSettingsFile(text).problems.map(
    ({ message, offset, length, severity }) =>
      `${severity} ${text.slice(offset, offset + length).replace(/\s+/g, ' ')}: ${message}`,
  );

describe('a settings file', () => {
  it('5: is read with hosts as origins, marks, and settings', () => {
    const { file: read, problems } = readSettingsFile(
      formatDocument({
        environments: {
          staging: { host: 'EU', id: 1202 },
          production: {
            host: 'https://eu.posthog.com/',
            id: 1203,
            protected: true,
            settings: { week_start_day: null },
          },
        },
        settings: { anonymize_ips: true },
      }),
    );
    assert.deepEqual(problems, []);
    const common = { host: 'https://eu.posthog.com', isReadOnly: false };
    assert.deepEqual(read, {
      environments: [
        { ...common, name: 'staging', id: 1202, projectId: 1202, isProtected: undefined, settings: {} },
        {
          ...common,
          name: 'production',
          id: 1203,
          projectId: 1203,
          isProtected: true,
          settings: { week_start_day: null },
        },
      ],
      settings: { anonymize_ips: true },
    });
  });

  it('5: an override applies path by path, null means null, and only what is present is managed', () => {
    const common = {
      timezone: 'UTC',
      anonymize_ips: true,
      app_urls: ['https://a.example.com'],
      session_replay_config: { record_canvas: true, ai_config: { opt_in: true, preferred_events: ['a'] } },
    };
    const own = {
      timezone: null,
      app_urls: [],
      session_replay_config: { ai_config: { opt_in: false } },
    };
    assert.deepEqual(wantedOf({ settings: common }, { settings: own }), {
      timezone: null,
      anonymize_ips: true,
      app_urls: [],
      session_replay_config: { record_canvas: true, ai_config: { opt_in: false, preferred_events: ['a'] } },
    });
  });

  it('5: rejects secrets and references to objects of one environment, each at its position', () => {
    assert.deepEqual(
      messages(
        file({
          slack_incoming_webhook: 'https://hooks.slack.com/services/T0/B0/x',
          app_urls: ['https://user:word@example.com'],
          secret_api_token: 'phs_abc',
          primary_dashboard: 3,
          test_account_filters: [
            { key: 'email', value: 'a', operator: 'exact', type: 'person' },
            { key: 'id', value: 31, type: 'cohort' },
          ],
          default_data_theme: 1,
        }),
      ),
      [
        'error "slack_incoming_webhook": "slack_incoming_webhook" is a secret. Settings files are stored with your code, so they can\'t contain secrets. Remove it.',
        'error "https://user:word@example.com": "app_urls[0]" contains a secret. Settings files are stored with your code, so they can\'t contain secrets. Remove it, and set it in PostHog.',
        'error "secret_api_token": "secret_api_token" is a secret. Settings files are stored with your code, so they can\'t contain secrets. Remove it.',
        'error "primary_dashboard": "primary_dashboard" points to a dashboard in one environment. A settings file can only contain values that work in every environment. Remove it.',
        'error { "key": "id", "value": 31, "type": "cohort" }: This points to a cohort in one environment. A settings file can only contain values that work in every environment. Remove "test_account_filters" or this part of it.',
        'error "default_data_theme": "default_data_theme" points to a color theme in one environment. A settings file can only contain values that work in every environment. Remove it.',
      ],
    );
  });

  it('5: rejects unknown keys with a suggestion, read-only settings, and names for all environments', () => {
    assert.deepEqual(messages(file({ timeZone: 'UTC', unheard_of: 1, id: 3, name: 'All' })), [
      'error "timeZone": Unknown setting "timeZone". Did you mean "timezone"?',
      'error "unheard_of": Unknown setting "unheard_of". Check the spelling.',
      'error "id": "id" is set by PostHog and can\'t be changed. Remove it.',
      'error "name": "name" belongs to one environment. Move it to that environment\'s settings.',
    ]);
    assert.deepEqual(messages(file({}, { name: 'Staging' })), []);
    assert.deepEqual(messages('{"environments": {}, "setings": {}}'), [
      'error "setings": Unknown key "setings". Allowed here: "environments", "settings".',
    ]);
  });

  it('5: checks values as documents do', () => {
    assert.deepEqual(messages(file({ timezone: 'UTC', anonymize_ips: 'yes', week_start_day: 9 })), [
      'error "yes": "anonymize_ips" must be true or false, not a string.',
      'error 9: "week_start_day" must be 0 (Sunday) or 1 (Monday), not 9.',
    ]);
    // A part of an object is enough: the rest isn't managed.
    assert.deepEqual(messages(file({ session_replay_config: { record_canvas: true } })), []);
  });

  it('5: reports errors in environments', () => {
    assert.deepEqual(messages('{}'), [
      'error {: Add "environments", with a name of your choice for each environment.',
    ]);
    assert.deepEqual(
      messages(
        '{"environments": {"a": {"host": "https://eu.posthog.com/project/1", "id": "1"}, "b": {}, "c": 3}}',
      ),
      [
        'error "https://eu.posthog.com/project/1": The address continues after the host. Enter only the first part: https://eu.posthog.com.',
        'error "1": "id" must be a positive integer. Use the ID of the environment: choose Copy ID in its context menu.',
        'error "b": "host" is missing. Use the address of your PostHog server, such as "https://eu.posthog.com".',
        'error "b": "id" is missing. Use the ID of the environment: choose Copy ID in its context menu.',
        'error 3: "c" must be an object with "host" and "id".',
      ],
    );
    assert.deepEqual(
      messages(
        '{"environments": {"a": {"host": "EU", "id": 1}, "b": {"host": "https://eu.posthog.com", "id": 1}}}',
      ),
      ['error "b": "b" is the same environment as "a". Remove one of them.'],
    );
    assert.match(messages('{"environments": {} // note\n}').join(), /Settings files are plain JSON/);
  });
});
