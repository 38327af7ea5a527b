import assert from 'node:assert/strict';
import { vitalsJson } from '../../../src/reports/vitalsJson';
import { failed, place, readingOf, vitalsOf } from './vitalsOf';

const connection = {
  id: 'c',
  label: 'Cloud',
  kind: 'server',
  origin: 'https://posthog.example.com',
} as const;
const good = vitalsOf({ INP: [140, 120], LCP: [2100, 1900], CLS: [0.06, 0.04], FCP: [1200, 1100] });

interface Side {
  pathname: string;
  environment: object;
  outcome: string;
  message?: string;
  percentile: string;
  metrics?: Record<string, object>;
}

interface Comparison {
  compared: Side[];
  second_compared_with_first: Record<string, object>;
}

describe('web vitals: as JSON', () => {
  it('has what the panel shows, in numbers', () => {
    const json = JSON.parse(vitalsJson([{ place, reading: readingOf(good), connection }])) as Side;
    assert.equal(json.pathname, '/checkout');
    assert.deepEqual(json.environment, { id: 7, project_id: 7, name: 'Production' });
    assert.equal(json.outcome, 'measured');
    assert.equal(json.percentile, 'p90');
    assert.deepEqual(Object.keys(json.metrics ?? {}), ['INP', 'LCP', 'CLS', 'FCP']);
    assert.deepEqual(json.metrics?.CLS, {
      title: 'Cumulative Layout Shift',
      value: 0.04,
      unit: null,
      shown: '0.04',
      band: 'good',
      good_up_to: 0.1,
      poor_above: 0.25,
      week: '2026-01-11',
      trend: { previous: 0.06, change: -0.02, direction: 'down', verdict: 'better' },
      series: [
        { week: '2026-01-04', value: 0.06 },
        { week: '2026-01-11', value: 0.04 },
      ],
    });
  });

  it('reports a failed query, without metrics that could be mistaken for zeros', () => {
    const json = JSON.parse(vitalsJson([{ place, reading: readingOf(failed), connection }])) as Side;
    assert.equal(json.outcome, 'query_failed');
    assert.match(json.message ?? '', /doesn't mean that there is no data/);
    assert.equal(json.metrics, undefined);
  });

  it('compares two places', () => {
    const slow = vitalsOf({ INP: [300, 300], LCP: [1900, 1900], CLS: [0.04, 0.04], FCP: [1100, 1100] });
    const json = JSON.parse(
      vitalsJson([
        { place, reading: readingOf(good), connection },
        { place: { ...place, path: '/' }, reading: readingOf(slow), connection },
      ]),
    ) as Comparison;
    assert.deepEqual(
      json.compared.map(({ pathname }) => pathname),
      ['/checkout', '/'],
    );
    assert.deepEqual(json.second_compared_with_first.INP, {
      first: 120,
      change: 180,
      direction: 'up',
      verdict: 'worse',
    });
    assert.deepEqual(json.second_compared_with_first.LCP, {
      first: 1900,
      change: 0,
      direction: 'unchanged',
      verdict: 'unchanged',
    });
  });
});
