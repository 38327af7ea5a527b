import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import { parseDocument, type DocumentProblem, type ValidDocument } from '../../../src/json/parse';

function valid(text: string): ValidDocument {
  const document = parseDocument(text);
  assert.ok(document.ok, `should be valid: ${text}`);
  return document;
}

function problemsOf(text: string): readonly DocumentProblem[] {
  const document = parseDocument(text);
  assert.ok(!document.ok, `should have problems: ${text}`);
  assert.ok(document.problems.length > 0);
  return document.problems;
}

describe('parsing a document', () => {
  it('parses the same text only once in a row', () => {
    const [one, other] = ['{"a": 1}', '{"a": 2}'];
    const first = valid(one);
    assert.equal(valid(`${one.slice(0, 4)}${one.slice(4)}`), first);
    assert.deepEqual([valid(other).value, valid(one).value], [{ a: 2 }, { a: 1 }]);
  });

  const refused: [name: string, text: string, code: string, spot: string][] = [
    ['no text', '', 'empty', ''],
    ['only blanks', ' \n\t', 'empty', ''],
    ['a list', '[1]', 'not-an-object', '[1]'],
    ['a text', '"name"', 'not-an-object', '"name"'],
    ['null', 'null', 'not-an-object', 'null'],
    ['a line comment', '{ // why\n "a": 1}', 'comment', '// why'],
    ['a block comment', '{"a": /* x */ 1}', 'comment', '/* x */'],
    ['a trailing comma in an object', '{"a": 1,}', 'trailing-comma', ','],
    ['a trailing comma in an array', '{"a": [1, ]}', 'trailing-comma', ','],
    ['a missing comma', '{"a": 1 "b": 2}', 'comma-expected', '"b"'],
    ['a missing colon', '{"a" 1}', 'colon-expected', '1'],
    ['a missing value', '{"a": }', 'value-expected', '}'],
    ['a bare word', '{"a": yes}', 'invalid-symbol', 'yes'],
    ['a missing brace', '{"a": 1', 'brace-expected', '1'],
    ['text after the end', '{"a": 1} x', 'invalid-symbol', 'x'],
    ['an object after the end', '{"a": 1} {}', 'extra-text', '{'],
    ['an unterminated string', '{"a": "x\n}', 'string-end', '"x'],
    ['a control character', '{"a": "x\ty"}', 'invalid-character', '"x\ty"'],
    ['an unknown escape', '{"a": "\\q"}', 'invalid-escape', '"\\q"'],
    ['a duplicate key', '{"a": 1, "a": 2}', 'duplicate-key', '"a"'],
    ['a duplicate nested key', '{"a": [{"b": 1, "b": 1}]}', 'duplicate-key', '"b"'],
    ['a duplicate key, escaped once', '{"a": 1, "\\u0061": 2}', 'duplicate-key', '"\\u0061"'],
    ['__proto__', '{"a": {"__proto__": {}}}', 'proto-key', '"__proto__"'],
    [
      "a fraction that a double can't hold",
      '{"a": 9007199254740993.5}',
      'inexact-number',
      '9007199254740993.5',
    ],
    ['a number too large for a double', '{"a": 1e999}', 'inexact-number', '1e999'],
    ['a number too small', '{"a": -1e-400}', 'inexact-number', '-1e-400'],
    ['too many decimals', '{"a": 0.12345678901234567890}', 'inexact-number', '0.12345678901234567890'],
  ];
  for (const [name, text, code, spot] of refused) {
    it(`rejects ${name} at its position`, () => {
      const [first] = problemsOf(text);
      assert.equal(first?.code, code);
      assert.equal(first.severity, 'error');
      assert.equal(text.slice(first.offset, first.offset + first.length), spot);
      assert.match(first.message, /\.$/);
    });
  }

  it('marks the second of two equal keys', () => {
    const [problem] = problemsOf('{"a": 1, "a": 2}');
    assert.equal(problem?.offset, 9);
    assert.deepEqual(problem.path, ['a']);
  });

  it('rejects nesting that would exhaust the stack', () => {
    const [problem] = problemsOf(`{"a": ${'['.repeat(100_000)}`);
    assert.equal(problem?.code, 'too-deep');
    valid(`{"a": ${'['.repeat(150)}${']'.repeat(150)}, "b": "${'['.repeat(500)}"}`);
  });

  it('reports each error once, on its own line', () => {
    assert.deepEqual(
      problemsOf('{"a": yes, "b": 2}').map(({ code }) => code),
      ['invalid-symbol'],
    );
    assert.deepEqual(
      problemsOf('{\n  "a": yes,\n  "b": 01,\n  "c": 3,\n}').map(({ code }) => code),
      ['invalid-symbol', 'comma-expected', 'trailing-comma'],
    );
  });

  it('reports no more problems than a user can read', () => {
    assert.ok(problemsOf(`{${'"a": yes,\n'.repeat(1000)}}`).length <= 50);
  });

  for (const number of [
    '0',
    '-0',
    '1.0',
    '0.40',
    '1e3',
    '12300',
    '0.1',
    '1.5e-7',
    '9007199254740992',
    '1E+2',
  ]) {
    it(`accepts the number ${number}`, () => {
      assert.equal(valid(`{"a": ${number}}`).value.a, Number(number));
    });
  }

  it('accepts a byte order mark and keeps the offsets', () => {
    const document = valid('\uFEFF{"a": 1}');
    assert.deepEqual(document.locate(['a']), { offset: 7, length: 1 });
  });

  it('parses and locates every value of any document', () => {
    const objects = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('"__proto__"')),
    );
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 1, 4), (object, indent) => {
        const expected = JSON.parse(JSON.stringify(object)) as JsonObject;
        const text = JSON.stringify(object, null, indent);
        const document = valid(text);
        assert.deepEqual(document.value, expected);
        everyPath(expected, [], (path, value) => {
          if (path.length > 0) {
            const { offset, length } = document.locate(path);
            assert.deepEqual(JSON.parse(text.slice(offset, offset + length)), value);
          }
          const key = path.at(-1);
          if (typeof key === 'string') {
            const { offset, length } = document.locateKey(path);
            assert.equal(JSON.parse(text.slice(offset, offset + length)), key);
          }
        });
      }),
    );
  });

  it('points to the nearest key for a missing value, and to the brace for the root', () => {
    const text = '{"a": {"b": 1}}';
    const document = valid(text);
    const shown = (path: (string | number)[]): string => {
      const { offset, length } = document.locate(path);
      return text.slice(offset, offset + length);
    };
    assert.equal(shown(['a', 'c']), '"a"');
    assert.equal(shown(['a', 'b', 0]), '"b"');
    assert.equal(shown(['z']), '{');
    assert.equal(shown([]), '{');
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      '1',
      'e',
      '-',
      '.',
      'null',
      '\n',
      '/*',
      '//',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const document = parseDocument(text);
          for (const { offset, length } of document.ok ? [] : document.problems) {
            assert.ok(offset >= 0 && length >= 0 && offset <= text.length);
          }
          let object: unknown;
          try {
            object = JSON.parse(text);
          } catch {
            object = undefined;
          }
          if (document.ok) {
            assert.deepEqual(document.value, object);
          }
        },
      ),
    );
  });
});

function everyPath(
  value: JsonValue | undefined,
  path: (string | number)[],
  visit: (path: (string | number)[], value: JsonValue | undefined) => void,
): void {
  visit(path, value);
  if (Array.isArray(value)) {
    value.forEach((item, index) => everyPath(item, [...path, index], visit));
  } else if (isJsonObject(value)) {
    Object.entries(value).forEach(([key, item]) => everyPath(item, [...path, key], visit));
  }
}
