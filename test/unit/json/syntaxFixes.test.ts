import assert from 'node:assert/strict';
import { fixEdit } from '../../../src/json/fixEdit';
import { parseDocument } from '../../../src/json/parse';
import { syntaxFixes } from '../../../src/json/syntaxFixes';

function fixed(text: string): readonly [title: string, text: string][] {
  const document = parseDocument(text);
  assert.ok(!document.ok, `should have problems: ${text}`);
  const [first] = document.problems;
  assert.ok(first);
  return syntaxFixes(text, first).map(({ title, steps }) => {
    const edit = fixEdit(text, steps);
    assert.ok(edit, `${title} changes nothing`);
    return [title, text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length)];
  });
}

describe('5: fixes for syntax errors', () => {
  const cases: [text: string, title: string, result: string][] = [
    ['{\n  "a": 1,\n}', 'Remove the comma', '{\n  "a": 1\n}'],
    ['{"a": [1, 2, ]}', 'Remove the comma', '{"a": [1, 2 ]}'],
    ['{\n  "a": 1\n  "b": 2\n}', 'Insert a comma', '{\n  "a": 1,\n  "b": 2\n}'],
    ['{"a" 1}', 'Insert a colon', '{"a": 1}'],
    ['{\n  // why\n  "a": 1\n}', 'Remove the comment', '{\n  "a": 1\n}'],
    ['{\n  "a": 1 // why\n}', 'Remove the comment', '{\n  "a": 1\n}'],
    ['{"a": /* x */ 1}', 'Remove the comment', '{"a": 1}'],
    ['{"a": 1', 'Insert the closing }', '{"a": 1}'],
    ['{"a": 1} {}\n', 'Remove everything after the closing }', '{"a": 1}\n'],
    ['{"a": True}', 'Change to true', '{"a": true}'],
    ['{"a": None}', 'Change to null', '{"a": null}'],
    ['{"a": yes}', 'Put it in double quotes', '{"a": "yes"}'],
    [
      '{"a": 1, "b": {"c": ","}, "a": {"d": [1, 2]}, "e": 1}',
      'Remove this one',
      '{"a": 1, "b": {"c": ","}, "e": 1}',
    ],
    ['{\n  "a": 1,\n  "a": 2\n}', 'Remove this one', '{\n  "a": 1\n}'],
  ];
  for (const [text, title, result] of cases) {
    it(`5: ${JSON.stringify(text)}: ${title}`, () => {
      assert.deepEqual(fixed(text), [[title, result]]);
      assert.ok(parseDocument(result).ok, result);
    });
  }

  it('5: there are none if it is unclear what was meant', () => {
    for (const text of ['{"a": }', '{"a": "x\n}', '{"a": "\\q"}', '[1]', '{"a": /* x']) {
      assert.deepEqual(fixed(text), [], text);
    }
  });
});

describe('11.5: a fix that replaces one emoji with another', () => {
  it('replaces whole characters, not halves of them', () => {
    const text = JSON.stringify({ a: 'x\u{1f994}y' });
    const edit = fixEdit(text, [{ kind: 'set', path: ['a'], value: 'x\u{1f98a}y' }]);
    assert.deepEqual(edit, { offset: text.indexOf('\u{1f994}'), length: 2, text: '\u{1f98a}' });
    const [high, low] = ['\u{1f994}', '\u{1f594}'];
    const other = fixEdit(JSON.stringify({ a: high }), [{ kind: 'set', path: ['a'], value: low }]);
    assert.equal(other?.text, low);
  });
});
