import assert from 'node:assert/strict';
import { requestLines } from '../../../../src/operations/review/requestText';

describe('the request that will be sent', () => {
  const linesOf = (items: number): readonly string[] =>
    requestLines({
      method: 'PATCH',
      url: 'https://eu.posthog.com/api/projects/1/',
      body: { app_urls: Array.from({ length: items }, (_, index) => `https://${index}.example.com`) },
    });

  it('11.3: is shown in full, or says how much of it is left out', () => {
    assert.equal(linesOf(57).join('\n').includes('more lines'), false);
    assert.equal(linesOf(57).at(-2), '}');
    const lines = linesOf(68);
    assert.equal(lines.length, 63);
    assert.equal(lines.at(-2), '… 12 more lines. "Copy as curl" has all of it.');
  });
});
