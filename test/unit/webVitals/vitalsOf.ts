import assert from 'node:assert/strict';
import type { VitalsReading } from '../../../src/reports/vitalsReading';
import type { VitalsPlace } from '../../../src/reports/reportTargets';
import type { WebVitalName, WebVitals } from '../../../src/posthog/models';
import { readWebVitals } from '../../../src/posthog/webVitals';

/** Web vitals of two weeks, as the client reads them. */
export function vitalsOf(series: Partial<Record<WebVitalName, number[]>>): WebVitals {
  const vitals = readWebVitals({
    results: Object.entries(series).map(([custom_name, data]) => ({
      action: { custom_name },
      data,
      days: ['2026-01-04', '2026-01-11'],
    })),
    last_refresh: '2026-01-12T10:00:00Z',
  });
  assert.ok(vitals);
  return vitals;
}

/** A query that failed on the server, as newer servers return it. */
export const failed = vitalsOf({});

export const place: VitalsPlace = {
  connectionId: 'c',
  environment: { id: 7, projectId: 7 },
  name: 'Production',
  path: '/checkout',
};

export function readingOf(
  vitals: WebVitals,
  capture: VitalsReading['capture'] = { optIn: true, allowedMetrics: null },
): VitalsReading {
  return { vitals, capture, readAt: new Date('2026-01-12T10:00:00Z'), environmentName: 'Production' };
}
