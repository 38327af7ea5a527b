import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { settingsFields, type SettingsField } from '../../../src/settings/catalogue';

/** A text without its comments. */
const codeOf = (text: string): string => text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

describe('the record of a setting', () => {
  it('is the only place of src/settings that knows its key', () => {
    const keys = settingsFields.map(({ key }) => key).filter((key) => key.includes('_'));
    const named = new RegExp(`\\b(?:${keys.join('|')})\\b`, 'g');
    const found = readdirSync('src/settings', { encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [...codeOf(readFileSync(`src/settings/${file}`, 'utf8')).matchAll(named)].map(
          ([key]) => `${file}: ${key}`,
        ),
      );
    assert.deepEqual(found, []);
  });

  it('says what used to be asked by key elsewhere', () => {
    const having = (attribute: keyof SettingsField): string[] =>
      settingsFields.filter((field) => field[attribute] !== undefined).map(({ key }) => key);
    assert.deepEqual(having('writableByResource'), ['app_urls']);
    assert.deepEqual(having('mergeDepth'), ['session_replay_config']);
    assert.deepEqual(having('sentWhole'), ['conversations_settings', 'workflows_config']);
    assert.deepEqual(having('notOnCreation'), ['primary_dashboard']);
    assert.deepEqual(having('confidential'), ['slack_incoming_webhook']);
    assert.deepEqual(having('whenIgnored'), ['default_data_theme']);
    assert.deepEqual(having('replacedBy'), [
      'slack_incoming_webhook',
      'default_evaluation_environments_enabled',
    ]);
  });
});
