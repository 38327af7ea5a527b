import assert from 'node:assert/strict';
import { durationText } from '../../../src/posthog/durationText';

describe('durations', () => {
  it('E: waiting times read naturally', () => {
    assert.deepEqual([0, 1, 1.2, 40, 90, 91, 300, 3600, 5400, 5401, 86_400].map(durationText), [
      ...['1 second', '1 second', '2 seconds', '40 seconds', '90 seconds'],
      ...['2 minutes', '5 minutes', '60 minutes', '90 minutes', '2 hours', '24 hours'],
    ]);
  });
});
