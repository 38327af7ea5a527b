import assert from 'node:assert/strict';
import {
  readFileMarks,
  stricterMarks,
  type FileMark,
} from '../../../../src/operations/settingsFile/fileMarks';

const host = 'https://eu.posthog.com';
const mark = (id: number, protect: boolean | undefined, readOnly = false): FileMark => ({
  ...{ host, id, protect, readOnly },
});

const whole = `{
  "environments": {
    "staging": { "host": "EU", "id": 1202, "protected": false },
    "production": {
      "host": "https://eu.posthog.com",
      "id": 1203,
      "protected": true,
      "readOnly": true,
      "settings": { "timezone": "UTC" }
    }
  },
  "settings": { "anonymize_ips": true }
}
`;
const marks = [mark(1202, false), mark(1203, true, true)];

/** The text with one part of it replaced. */
const broken = (part: string, by: string): string => {
  assert.ok(whole.includes(part), part);
  return whole.replace(part, () => by);
};

describe('the marks of a settings file', () => {
  it('5: are read from valid JSON, whatever else is wrong in it', () => {
    assert.deepEqual(readFileMarks(whole), { marks, isWhole: true });
    assert.deepEqual(readFileMarks(broken('"anonymize_ips"', '"anonymize_ip"')), { marks, isWhole: true });
    assert.deepEqual(readFileMarks('{"environments": 3}'), { marks: [], isWhole: true });
  });

  const errors: Readonly<Record<string, string>> = {
    'a trailing comma': broken('"readOnly": true,', '"readOnly": true,,'),
    'a comma after the last environment': broken('    }\n  },', '    },\n  },'),
    'a missing comma between environments': broken('"protected": false },', '"protected": false }'),
    'a missing comma between marks': broken('"protected": true,', '"protected": true'),
    'a comment': broken('"production": {', '"production": { // {"id": 1'),
    'a missing closing brace': broken('"protected": false },', '"protected": false,'),
    'a brace too many': broken('"protected": false },', '"protected": false }}},'),
    'a missing opening brace': broken('"production": {', '"production":'),
    'a missing colon': broken('"protected": true', '"protected" true'),
    'a missing value': broken('"timezone": "UTC"', '"timezone": "country": '),
    'a missing quote': broken('"UTC"', '"UTC'),
    'a text that ends early': whole.slice(0, whole.indexOf(',\n      "settings"')),
    'a byte order mark': `\uFEFF${broken('"readOnly": true,', '"readOnly": true,,')}`,
    'a doubled key': broken('"protected": true', '"protected": true, "protected": true'),
    'more levels than any setting': broken('"UTC"', `${'['.repeat(10_000)}"UTC"${']'.repeat(10_000)}`),
  };
  for (const [what, text] of Object.entries(errors)) {
    it(`5: are read despite ${what}`, () => {
      const read = readFileMarks(text);
      assert.equal(read.isWhole, false);
      assert.deepEqual(
        read.marks.toSorted((left, right) => left.id - right.id),
        marks,
      );
    });
  }

  it('5: are read from both sides of an unresolved conflict', () => {
    const lines = (...sides: readonly [string, string]): string =>
      `<<<<<<< HEAD\r\n${sides[0]}=======\r\n${sides[1]}>>>>>>> 12ab34c (Rename {staging})\r\n`;
    const inEnvironment = broken(
      '      "id": 1203,\n      "protected": true,\n      "readOnly": true,\n',
      lines('      "id": 1203,\n      "protected": true,\n', '      "id": 1204,\n      "readOnly": true,\n'),
    );
    assert.deepEqual(readFileMarks(inEnvironment), {
      marks: [mark(1202, false), mark(1203, true, true), mark(1204, true, true)],
      isWhole: false,
    });
    const between = broken(
      '    "staging": { "host": "EU", "id": 1202, "protected": false },\n',
      lines(
        '    "staging": { "host": "EU", "id": 1202, "protected": false },\n',
        '    "staging": { "host": "EU", "id": 1202, "protected": true },\n',
      ),
    );
    assert.deepEqual(readFileMarks(between).marks, [mark(1202, false), mark(1202, true), marks[1]]);
  });

  it("5: can't be read from a text without any", () => {
    for (const text of ['{', '[]', 'null', '// soon', '{"environments": {"a": {"host": "EU", "id":']) {
      assert.deepEqual(readFileMarks(text), { marks: [], isWhole: false }, text);
    }
  });

  it('5: of a file with syntax errors only make it stricter', () => {
    assert.deepEqual(stricterMarks([], marks), [mark(1202, undefined), mark(1203, true, true)]);
    const turned = (before: boolean | undefined, now: boolean | undefined): readonly unknown[] =>
      stricterMarks([mark(1, before)], [mark(1, now)]).map(({ protect }) => protect);
    assert.deepEqual(turned(true, false), [true, undefined]);
    assert.deepEqual(turned(false, false), [false, undefined], 'it was already unprotected');
    assert.deepEqual(turned(false, true), [undefined, true]);
    assert.deepEqual(turned(false, undefined), [undefined, undefined]);
    assert.deepEqual(stricterMarks([mark(1, false), mark(2, true, true)], [mark(3, false)]), [
      mark(1, false),
      mark(2, true, true),
      mark(3, undefined),
    ]);
  });
});
