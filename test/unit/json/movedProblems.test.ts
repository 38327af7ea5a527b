import assert from 'node:assert/strict';
import { movedProblems } from '../../../src/json/movedProblems';
import { parseDocument, type DocumentProblem, type JsonPath } from '../../../src/json/parse';

const saved = '{ "name": "a", "list": ["", "x"], "odd": 1 }';

function problemAt(path: JsonPath, at: 'value' | 'key' = 'value'): DocumentProblem {
  const document = parseDocument(saved);
  assert.ok(document.ok);
  const span = at === 'key' ? document.locateKey(path) : document.locate(path);
  return { path, ...span, severity: 'error', code: 'refused', message: 'Wrong.' };
}

/** The texts that are marked after typing. */
const marked = (problem: DocumentProblem, now: string): readonly string[] =>
  movedProblems([problem], saved, now).map(({ offset, length }) => now.slice(offset, offset + length));

describe('9.B2: problems of a text in which something was typed since', () => {
  it('9.B2: move with their values and keys', () => {
    const now = '{\n  "name": "something longer", "odd": 1, "list": [ "", "x" ] }';
    assert.deepEqual(marked(problemAt(['list', 0]), now), ['""']);
    assert.deepEqual(marked(problemAt(['odd']), now), ['1']);
    assert.deepEqual(marked(problemAt(['odd'], 'key'), now), ['"odd"']);
  });

  it('9.B2: disappear with values that were corrected or removed', () => {
    assert.deepEqual(marked(problemAt(['list', 0]), saved.replace('""', '"y"')), []);
    assert.deepEqual(marked(problemAt(['list', 0]), '{ "name": "a", "odd": 1 }'), []);
    assert.deepEqual(marked(problemAt(['absent']), saved.replace('"a"', '"b"')), []);
  });

  it("9.B2: disappear if they can't be found again", () => {
    assert.deepEqual(marked(problemAt(['list', 0]), '{ "list": ["", "x"], '), []);
    assert.deepEqual(marked(problemAt([]), `${saved} `), []);
    const broken = parseDocument('{ "a": }');
    assert.ok(!broken.ok);
    assert.deepEqual(movedProblems(broken.problems, '{ "a": }', '{ "name": "b", "a": }'), []);
  });

  it('9.B2: stay where they are in the same text', () => {
    const problems = [problemAt([]), problemAt(['list', 0])];
    assert.equal(movedProblems(problems, saved, saved), problems);
  });
});
