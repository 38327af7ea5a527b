import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../../src/json/json';
import { pathName } from '../../../../src/json/pathName';
import { pullInto, type PullOptions } from '../../../../src/operations/settingsFile/pull';
import { readSettingsFile } from '../../../../src/operations/settingsFile/settingsFile';
import { withWanted } from '../../../../src/operations/settingsFile/wanted';
import { formatDocument } from '../../../../src/settings/document';

const textOf = (settings: JsonObject): string =>
  formatDocument({ environments: { staging: { host: 'https://eu.posthog.com', id: 1202, settings } } });

/** What a pull writes, what it leaves out, and whether the file is valid afterwards. */
function pulled(
  managed: JsonObject,
  settings: JsonObject,
  options: PullOptions = { all: true },
): { readonly settings: JsonObject | undefined; readonly leftOut: string[]; readonly problems: string[] } {
  const text = textOf(managed);
  const { file } = readSettingsFile(text);
  const [target] = file?.environments ?? [];
  assert.ok(file && target);
  const result = pullInto(text, file, [{ target, settings }], options);
  const after = readSettingsFile(result.text);
  return {
    settings: after.file?.environments[0]?.settings,
    leftOut: result.notPulled.map(({ path, why }) => `${pathName(path)} ${why}`),
    problems: after.problems.map(({ message }) => message),
  };
}

const event = { kind: 'EventsNode', event: 'a' };
const action = { kind: 'ActionsNode', id: 77 };
const active = (activity_event: JsonValue): JsonObject => ({ customer_analytics_config: { activity_event } });

describe('a settings file and what belongs to one environment', () => {
  for (const all of [false, true]) {
    it(`5: an action doesn't get into the file in parts where an event was (${all ? 'all settings' : 'managed ones'})`, () => {
      assert.deepEqual(pulled(active(event), active(action), { all }), {
        settings: active(event),
        leftOut: ['customer_analytics_config.activity_event points to an action in its environment'],
        problems: [],
      });
    });
  }

  it('5: an event that depends on a cohort is left out as a whole', () => {
    const cohort = { key: 'id', type: 'cohort', value: 55, operator: 'in' };
    const settings = {
      customer_analytics_config: { activity_event: { ...event, properties: [cohort] }, signup_event: event },
    };
    assert.deepEqual(pulled({}, settings), {
      settings: { customer_analytics_config: { signup_event: event } },
      leftOut: ['customer_analytics_config.activity_event points to a cohort in its environment'],
      problems: [],
    });
  });

  it('5: an event that replaces an action keeps nothing of the action', () => {
    assert.deepEqual(withWanted(active(action), active(event)), active(event));
  });

  it('5: what only PostHog sets is left out and named, without a word about rejection', () => {
    const logs = { retention_days: 14, retention_last_updated: '2026-01-05T10:00:00Z' };
    const left = {
      settings: { logs_settings: { retention_days: 14 } },
      leftOut: ['logs_settings.retention_last_updated is set by PostHog'],
      problems: [],
    };
    assert.deepEqual(pulled({}, { logs_settings: logs }), left);
    assert.deepEqual(pulled({ logs_settings: { retention_days: 30 } }, { logs_settings: logs }), left);
    // Nor is it dropped silently with a secret.
    assert.deepEqual(pulled({}, { logs_settings: { ...logs, token: 'phx_secret' } }), {
      ...left,
      leftOut: [...left.leftOut, 'logs_settings.token contains a secret'],
    });
    assert.deepEqual(pulled({}, { logs_settings: { ...logs, retention_last_updated: null } }), {
      ...left,
      leftOut: [],
    });
  });
});
