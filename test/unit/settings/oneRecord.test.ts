import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { settingsFields, type SettingsField } from '../../../src/settings/catalogue';
import { nullRemoves } from '../../../src/settings/rules';

/** A text without its comments. */
const codeOf = (text: string): string => text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

describe('the record of a setting', () => {
  it('10.4: is the only place of settings and operations that knows its key, or a key inside it', () => {
    const writable = settingsFields.filter(({ access }) => access === 'writable');
    const inside = writable.flatMap(({ rule }) =>
      rule.type === 'object' ? Object.keys(rule.keys ?? {}) : [],
    );
    const keys = [...writable.map(({ key }) => key), ...inside].filter((key) => key.includes('_'));
    const named = new RegExp(`\\b(?:${keys.join('|')})\\b`, 'g');
    const found = ['src/settings', 'src/operations'].flatMap((folder) =>
      readdirSync(folder, { encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) =>
          [...codeOf(readFileSync(`${folder}/${file}`, 'utf8')).matchAll(named)].map(
            ([key]) => `${folder}/${file}: ${key}`,
          ),
        ),
    );
    assert.deepEqual(found, []);
  });

  it('says what used to be asked by key elsewhere', () => {
    const having = (attribute: keyof SettingsField): string[] =>
      settingsFields.filter((field) => field[attribute] !== undefined).map(({ key }) => key);
    assert.deepEqual(having('writableByResource'), ['app_urls']);
    assert.deepEqual(having('mergeDepth'), ['session_replay_config']);
    const removesWithNull = settingsFields.flatMap(({ key, rule }) =>
      Object.entries(rule.type === 'object' ? (rule.keys ?? {}) : {})
        .filter(([, part]) => nullRemoves(part))
        .map(([part]) => `${key}.${part}`),
    );
    assert.deepEqual(removesWithNull, ['marketing_analytics_config.sources_map']);
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
