import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  sectionOfGroup,
  settingsField,
  settingsFields,
  settingsGroups,
} from '../../../src/settings/catalogue';
import { currencies } from '../../../src/settings/currencies';
import { timezones } from '../../../src/settings/timezones';
import { documentedRequestKeys, documentedResponseOnlyKeys, newerKeys } from './documentedFields';

const sha256 = (names: readonly string[]): string =>
  createHash('sha256').update(names.join('\n')).digest('hex');

describe('settings catalogue', () => {
  it('has every request parameter of the documentation as writable, except for access_control, which servers refuse', () => {
    for (const key of documentedRequestKeys) {
      const expected = key === 'access_control' ? 'refused' : 'writable';
      assert.equal(settingsField(key)?.access, expected, key);
    }
  });

  it('has every key that the documentation shows in responses only as read-only or secret', () => {
    const secrets = ['secret_api_token', 'secret_api_token_backup', 'live_events_token'];
    for (const key of documentedResponseOnlyKeys) {
      const expected = secrets.includes(key) ? 'secret' : 'readonly';
      assert.equal(settingsField(key)?.access, expected, key);
    }
  });

  it('has the newer fields, and no others except one former name', () => {
    const known = [...documentedRequestKeys, ...documentedResponseOnlyKeys, ...newerKeys];
    for (const key of newerKeys) {
      assert.equal(settingsField(key)?.addedIn, 'current', key);
    }
    assert.equal(settingsField('session_replay_ai_summary_config'), undefined, "D: it doesn't exist");
    assert.equal(settingsField('heatmaps_screenshot_secret')?.access, 'secret');
    const others = settingsFields.filter(({ key }) => !known.includes(key)).map(({ key }) => key);
    assert.deepEqual(others, ['default_evaluation_environments_enabled']);
    assert.equal(new Set(settingsFields.map(({ key }) => key)).size, settingsFields.length);
  });

  it('starts with the name and has the writable fields group by group, in the order of the groups', () => {
    assert.equal(settingsFields[0]?.key, 'name');
    const order = settingsFields.filter(({ access }) => access === 'writable').map(({ group }) => group);
    const runs = order.filter((group, index) => group !== order[index - 1]);
    assert.deepEqual(
      runs,
      settingsGroups.map(({ id }) => id),
    );
  });

  it('lets members write exactly the fields in API facts 4.3', () => {
    const member = settingsFields.filter(({ writeAccess }) => writeAccess === 'member');
    assert.deepEqual(
      member.map(({ key }) => key).sort(),
      [
        'completed_snippet_onboarding',
        'has_completed_onboarding_for',
        'onboarding_tasks',
        'session_recording_opt_in',
        'autocapture_exceptions_opt_in',
        'autocapture_web_vitals_opt_in',
        'autocapture_web_vitals_allowed_metrics',
        'surveys_opt_in',
        'primary_dashboard',
      ].sort(),
    );
    assert.equal(settingsField('receive_org_level_activity_logs')?.writeAccess, 'organizationAdmin');
  });

  it('merges what API facts 4.4 says is merged, and replaces the rest', () => {
    const merging = (generation: 'documented' | 'current'): string[] =>
      settingsFields
        .filter((field) => field.patchMode(generation) === 'merge')
        .map(({ key }) => key)
        .sort();
    const always = [
      'conversations_settings',
      'customer_analytics_config',
      'marketing_analytics_config',
      'revenue_analytics_config',
      'session_replay_config',
      'survey_config',
      'workflows_config',
      'feature_flag_policy_config',
    ].sort();
    assert.deepEqual(merging('documented'), always);
    assert.deepEqual(merging('current'), [...always, 'modifiers'].sort());
  });

  it('accepts null exactly where API facts 4.5 allows it', () => {
    const notNullable = settingsFields
      .filter(({ access, nullable }) => access === 'writable' && !nullable)
      .map(({ key }) => key);
    assert.deepEqual(
      notNullable.sort(),
      [
        'name',
        'app_urls',
        'anonymize_ips',
        'completed_snippet_onboarding',
        'test_account_filters',
        'is_demo',
        'timezone',
        'data_attributes',
        'autocapture_exceptions_errors_to_ignore',
        'session_recording_opt_in',
        'session_recording_retention_period',
        'base_currency',
        'revenue_analytics_config',
        'marketing_analytics_config',
        'customer_analytics_config',
        'workflows_config',
        'feature_flag_policy_config',
        'tags',
      ].sort(),
    );
  });

  it("10.4: has every writable field's place on PostHog's settings page, or the reason why there is none", () => {
    for (const { key, access, section, link, noSection } of settingsFields) {
      if (access !== 'writable') {
        assert.deepEqual([section, link, noSection], [undefined, undefined, undefined], key);
      } else if (noSection === undefined) {
        assert.match(section ?? '', /^environment(-[a-z]+)+$/, key);
        assert.match(link ?? '', /^[a-z]+(-[a-z]+)*$/, key);
      } else {
        assert.deepEqual([section, link], [undefined, undefined], key);
        assert.match(noSection, /^\S.*[^.]$/, key);
      }
    }
  });

  it('10.4: determines the section of a group by most of its fields', () => {
    assert.equal(sectionOfGroup('replay'), 'environment-replay');
    assert.equal(sectionOfGroup('general'), 'environment-customization');
    assert.equal(sectionOfGroup('onboarding'), undefined);
  });

  it("has the API's complete enumerations", () => {
    assert.equal(timezones.length, 596);
    assert.equal(sha256(timezones), '9f638d8694cf83e7d645bcb2f0d6bfa2d031349974599dbb1051a82eaea2d79e');
    assert.equal(currencies.length, 152);
    assert.equal(sha256(currencies), '51aba029e6586d3d0ec281fd49376738a12d8d6627c85d59c48e95493b4067b5');
  });
});
