import type { WebVitalName, WebVitals } from './models';
import { bandOf, formatWebVital, webVitalNames, type WebVitalBand } from './webVitalBands';

/** How a value compares to another one. Lower is better for all four metrics. */
export interface WebVitalChange {
  /** The value to compare with. */
  from: number;
  /** The difference; negative: lower than `from`. */
  by: number;
  direction: 'up' | 'down' | 'unchanged';
  verdict: 'better' | 'worse' | 'unchanged';
}

/** The newest value of one metric. */
export interface WebVitalMeasure {
  name: WebVitalName;
  value: number;
  /** The value with its unit, in PostHog's format. */
  shown: string;
  band: WebVitalBand;
  /** The first day of its week, `YYYY-MM-DD`. */
  week: string | undefined;
  /** Compared with the week before; `undefined` if that week has no value. */
  trend: WebVitalChange | undefined;
}

/**
 * The newest values of a path (API facts 3). Zero means "no events", except for CLS, where it's the best possible
 * value and counts in every week in which anything was measured.
 *
 * @returns only the metrics that have a value
 */
export function measureWebVitals({ metrics }: WebVitals): Partial<Record<WebVitalName, WebVitalMeasure>> {
  const measures: Partial<Record<WebVitalName, WebVitalMeasure>> = {};
  const anything = (index: number): boolean =>
    Object.values(metrics).some(({ series }) => (series[index] ?? 0) !== 0);
  for (const name of webVitalNames) {
    const metric = metrics[name];
    if (!metric) {
      continue;
    }
    const { series, days } = metric;
    const counts = (value: number, index: number): boolean =>
      name === 'CLS' ? anything(index) : value !== 0;
    const index = series.findLastIndex(counts);
    const value = series[index];
    if (value === undefined) {
      continue;
    }
    const before = series[index - 1];
    measures[name] = {
      name,
      value,
      shown: formatWebVital(name, value),
      band: bandOf(name, value),
      week: days[index],
      trend: before !== undefined && counts(before, index - 1) ? changeOf(name, before, value) : undefined,
    };
  }
  return measures;
}

/** Compares two values of a metric. Values that look the same when formatted are unchanged. */
export function changeOf(name: WebVitalName, from: number, to: number): WebVitalChange {
  const by = to - from;
  if (formatWebVital(name, from) === formatWebVital(name, to)) {
    return { from, by, direction: 'unchanged', verdict: 'unchanged' };
  }
  return by > 0
    ? { from, by, direction: 'up', verdict: 'worse' }
    : { from, by, direction: 'down', verdict: 'better' };
}
