import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WebVitalName } from '../../../src/posthog/models';
import {
  bandOf,
  formatWebVital,
  scaleEndOf,
  webVitalNames,
  type WebVitalBand,
} from '../../../src/posthog/webVitalBands';

describe('web vitals: bands', () => {
  const cases: [WebVitalName, number, WebVitalBand][] = [
    ['INP', 200, 'good'],
    ['INP', 200.5, 'needs_improvements'],
    ['INP', 500, 'needs_improvements'],
    ['INP', 501, 'poor'],
    ['LCP', 2500, 'good'],
    ['LCP', 2501, 'needs_improvements'],
    ['LCP', 4000, 'needs_improvements'],
    ['LCP', 4001, 'poor'],
    ['CLS', 0, 'good'],
    ['CLS', 0.1, 'good'],
    ['CLS', 0.11, 'needs_improvements'],
    ['CLS', 0.25, 'needs_improvements'],
    ['CLS', 0.26, 'poor'],
    ['FCP', 1800, 'good'],
    ['FCP', 3000, 'needs_improvements'],
    ['FCP', 3001, 'poor'],
  ];
  for (const [name, value, band] of cases) {
    it(`${name} ${value} is ${band}`, () => {
      assert.equal(bandOf(name, value), band);
    });
  }

  it('the bar ends at 1.2 times the value above which a metric is poor', () => {
    assert.deepEqual(
      webVitalNames.map((name) => Math.round(scaleEndOf(name) * 100) / 100),
      [600, 4800, 0.3, 3600],
    );
  });
});

describe('web vitals: numbers as text', () => {
  const cases: [WebVitalName, number, string][] = [
    ['INP', 120, '120 ms'],
    ['INP', 120.4, '120 ms'],
    ['LCP', 999, '999 ms'],
    ['LCP', 1000, '1.00 s'],
    ['LCP', 4150, '4.15 s'],
    ['FCP', 2390, '2.39 s'],
    ['CLS', 0.73, '0.73'],
    ['CLS', 0, '0.00'],
  ];
  for (const [name, value, text] of cases) {
    it(`${name} ${value} is formatted as ${text}`, () => {
      assert.equal(formatWebVital(name, value), text);
    });
  }

  it('gets more decimals if rounding would move it to another band', () => {
    assert.equal(formatWebVital('INP', 200.4), '200.4 ms');
    assert.equal(formatWebVital('CLS', 0.104), '0.104');
    assert.equal(formatWebVital('LCP', 2500.6), '2.501 s');
  });

  it('never shows a number from a different band than the one next to it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...webVitalNames),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (name, share) => {
          const value = share * scaleEndOf(name);
          const text = formatWebVital(name, value);
          const number = Number.parseFloat(text) * (text.endsWith(' s') ? 1000 : 1);
          assert.equal(bandOf(name, number), bandOf(name, value), `${value} as ${text}`);
        },
      ),
    );
  });
});
