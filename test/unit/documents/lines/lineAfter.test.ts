import assert from 'node:assert/strict';
import { lineAfter } from '../../../../src/documents/lines/lineAfter';

describe('A line of a document', () => {
  const after = (line: number, from: [number, number], to: number, text: string): number | undefined =>
    lineAfter(line, {
      range: { start: { line: from[0], character: from[1] }, end: { line: to } },
      text,
    });

  it('11: stays where it begins when a document changes', () => {
    assert.equal(after(4, [4, 30], 4, '\n  '), 4, 'Enter at its end');
    assert.equal(after(4, [4, 30], 6, ''), 4, 'lines below are joined with it');
    assert.equal(after(4, [5, 0], 5, 'a\nb'), 4, 'below');
    assert.equal(after(4, [2, 8], 2, '\n\n'), 6, 'Enter above');
    assert.equal(after(4, [4, 0], 4, '\n'), 5, 'Enter at its beginning');
    assert.equal(after(4, [1, 0], 3, ''), 2, 'lines above are deleted');
    assert.equal(after(4, [0, 0], 9, 'everything'), undefined, 'replaced');
    assert.equal(after(4, [4, 0], 5, ''), undefined, 'deleted');
  });
});
