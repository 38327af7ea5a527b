import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Utf8Check } from '../../../src/warehouse/utf8Check';

describe('the UTF-8 check', () => {
  it('agrees with a decoder about any bytes, however they are split', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(bytes, fc.nat(12), (content, cut) => {
        let expected = true;
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(content);
        } catch {
          expected = false;
        }
        const check = new Utf8Check();
        const taken = check.takes(content.subarray(0, cut)) && check.takes(content.subarray(cut));
        assert.equal(taken && check.isComplete, expected);
      }),
      { numRuns: 2000 },
    );
  });
});
