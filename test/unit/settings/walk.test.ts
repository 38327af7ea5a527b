import assert from 'node:assert/strict';
import { outlineOf, keyPathAt } from '../../../src/json/outline';
import type { JsonObject } from '../../../src/json/json';
import { settingsFields, settingsGroups } from '../../../src/settings/catalogue';
import { formatDocument } from '../../../src/settings/document';
import { inWords } from '../../../src/settings/units';
import {
  changedSpots,
  groupFolds,
  groupSections,
  keySymbol,
  settingsFileSymbols,
  settingsInFile,
  settingsSymbols,
  valueHints,
  type Fold,
  type WalkSymbol,
} from '../../../src/settings/walk';

const settings: JsonObject = {
  name: 'Staging',
  week_start_day: 1,
  app_urls: ['https://example.com'],
  anonymize_ips: true,
  cookieless_server_hash_mode: 2,
  session_recording_sample_rate: '0.40',
  session_recording_minimum_duration_milliseconds: 2000,
  session_recording_trigger_groups: {
    version: 2,
    groups: [{ id: 'a', name: 'Checkout', sampleRate: 0.5, minDurationMs: 90_000, conditions: {} }],
    fallbackSampleRate: 0,
  },
  survey_config: { appearance: { surveyPopupDelaySeconds: 120 } },
  made_up: 1,
};
const text = formatDocument(settings);

const namesOf = (symbols: readonly WalkSymbol[]): unknown =>
  symbols.map(({ name, children }) => (children.length > 0 ? [name, namesOf(children)] : name));

describe('navigating a settings document', () => {
  it('11: has a heading for each group, with a description', () => {
    const sections = groupSections(outlineOf(text));
    assert.deepEqual(
      sections.map(({ group, entries }) => [group.title, entries.length]),
      [
        ['General', 2],
        ['URLs & privacy', 3],
        ['Session replay', 3],
        ['Surveys', 1],
      ],
    );
    for (const { governs, span } of sections) {
      assert.match(governs, /^[A-Z].*[^.]$/);
      assert.match(text.slice(span.offset, span.offset + span.length), /^"[\s\S]*[\w"\]}]$/);
    }
  });

  it('11: every group of the catalogue has a text and settings', () => {
    const all = Object.fromEntries(
      settingsFields.filter(({ access }) => access === 'writable').map(({ key }) => [key, null]),
    );
    const sections = groupSections(outlineOf(formatDocument(all)));
    assert.deepEqual(
      sections.map(({ group }) => group.id),
      settingsGroups.map(({ id }) => id),
    );
    assert.ok(sections.every(({ governs }) => governs.length > 10 && governs.length < 90));
  });

  it('11: a group folds at a single-line setting, so an object or array folds on its own', () => {
    const at = (start: number, end = start): Fold => ({ start, end });
    assert.deepEqual(groupFolds([at(1), at(2, 4), at(5)]), [at(1, 5)]);
    assert.deepEqual(groupFolds([at(1, 3), at(4), at(5, 6)]), [at(1, 3), at(4, 6)]);
    assert.deepEqual(groupFolds([at(1, 3), at(4, 6)]), [at(1, 3), at(4, 6)]);
    assert.deepEqual(groupFolds([at(1, 3), at(4)]), [at(1, 3)]);
    assert.deepEqual(groupFolds([at(1)]), []);
    const long = ['array', 'object', 'any'];
    for (const { id } of settingsGroups) {
      const [first, ...others] = settingsFields.filter(
        ({ access, group }) => access === 'writable' && group === id,
      );
      assert.ok(first && (others.length === 0 || !long.includes(first.rule.type)), id);
    }
  });

  it('11: the outline has groups, settings by title with their key, and what is below them', () => {
    const symbols = settingsSymbols(outlineOf(text));
    assert.deepEqual(namesOf(symbols), [
      ['General', ['Name', 'First day of the week']],
      [
        'URLs & privacy',
        [['Authorized URLs', ['[0] https://example.com']], 'Discard client IP data', 'Cookieless tracking'],
      ],
      [
        'Session replay',
        [
          'Sample rate',
          'Minimum duration (ms)',
          [
            'Trigger groups',
            [
              'version',
              ['groups', [['[0] Checkout', ['id', 'name', 'sampleRate', 'minDurationMs', 'conditions']]]],
              'fallbackSampleRate',
            ],
          ],
        ],
      ],
      ['Surveys', [['Survey defaults', [['appearance', ['surveyPopupDelaySeconds']]]]]],
      'made_up',
    ]);
    assert.equal(symbols[0]?.children[1]?.detail, 'week_start_day');
    const inside = (outer: WalkSymbol): boolean =>
      outer.children.every(
        (child) =>
          child.whole.offset >= outer.whole.offset &&
          child.whole.offset + child.whole.length <= outer.whole.offset + outer.whole.length &&
          inside(child),
      );
    assert.ok(symbols.every(inside), 'a symbol extends beyond its parent');
  });

  it('11: numbers with a meaning, milliseconds, and rates have descriptions', () => {
    const hints = valueHints(outlineOf(text)).map(({ offset, text: hint }) => {
      const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim();
      return `${line} ${hint}`;
    });
    assert.deepEqual(hints, [
      '"week_start_day": 1 Monday',
      '"cookieless_server_hash_mode": 2 Stateful',
      '"session_recording_sample_rate": "0.40" 40%',
      '"session_recording_minimum_duration_milliseconds": 2000 2 s',
      '"sampleRate": 0.5 50%',
      '"minDurationMs": 90000 1 min 30 s',
      '"fallbackSampleRate": 0 0%',
      '"surveyPopupDelaySeconds": 120 2 min',
    ]);
    assert.equal(inWords(1_500_000, 'bytes'), '1.5 MB');
    assert.equal(inWords(90_000, 's'), '1 d 1 h');
    assert.equal(inWords(7, 'share'), undefined);
    assert.equal(inWords(-1, 'ms'), undefined);
  });

  it("11: differences from the server are marked where they are; equivalent spellings aren't", () => {
    const base: JsonObject = {
      ...settings,
      week_start_day: 0,
      session_recording_sample_rate: '0.4',
      survey_config: { appearance: { surveyPopupDelaySeconds: 60 } },
      made_up: undefined,
    };
    const spots = changedSpots(outlineOf(text), settings, base);
    assert.deepEqual(
      spots.map(({ entry, was }) => [entry.path.join('.'), was]),
      [
        ['week_start_day', 0],
        ['survey_config.appearance.surveyPopupDelaySeconds', 60],
        ['made_up', undefined],
      ],
    );
  });

  it('11: a settings file lists its settings by title and explains its numbers', () => {
    const file = formatDocument({
      environments: {
        settings: { host: 'https://example.com', id: 1, settings: { week_start_day: 0, name: 'a' } },
      },
      settings: { session_recording_sample_rate: '0.10', made_up: { week_start_day: 1 } },
      unknown: { settings: { week_start_day: 1 } },
    });
    const outline = outlineOf(file);
    assert.deepEqual(namesOf(settingsFileSymbols(outline)), [
      ['environments', [['settings', ['host', 'id', ['settings', ['First day of the week', 'Name']]]]]],
      ['settings', ['Sample rate', ['made_up', ['week_start_day']]]],
      ['unknown', [['settings', ['week_start_day']]]],
    ]);
    assert.deepEqual(
      valueHints(settingsInFile(outline)).map((hint) => hint.text),
      ['Sunday', '10%'],
    );
  });

  it('11: an outline names the changes in a change file by their paths', () => {
    const file = formatDocument({
      environments: [{ name: 'Staging', changes: [{ path: ['survey_config', 'appearance'], to: 1 }] }],
    });
    assert.deepEqual(namesOf(outlineOf(file).map(keySymbol)), [
      [
        'environments',
        [
          [
            '[0] Staging',
            [
              'name',
              [
                'changes',
                [['[0] survey_config.appearance', [['path', ['[0] survey_config', '[1] appearance']], 'to']]],
              ],
            ],
          ],
        ],
      ],
    ]);
  });

  it('11: a document being typed has an outline up to the first syntax error', () => {
    assert.deepEqual(namesOf(settingsSymbols(outlineOf('{ "name": "a", "timezone": '))), [
      ['General', ['Name']],
    ]);
    for (const odd of ['', '[', '{', '"x"', '{"a"', '{"": 1}', '[[1]]', '['.repeat(50_000)]) {
      assert.ok(Array.isArray(settingsSymbols(outlineOf(odd))), odd.slice(0, 10));
      assert.ok(
        outlineOf(odd)
          .map(keySymbol)
          .every(({ name }) => name !== ''),
      );
    }
    assert.deepEqual(keyPathAt(text, text.indexOf('Checkout')), [
      'session_recording_trigger_groups',
      'groups',
      0,
      'name',
    ]);
  });
});
