import type { WebVitalName, WebVitals } from './models';
import { bandOf, formatWebVital, webVitalNames, type WebVitalBand } from './webVitalBands';

/** How a value stands to an earlier or another one. Lower is better for all four metrics. */
export interface WebVitalChange {
  /** The value it is compared with. */
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
  /** The value with its unit, as PostHog writes it. */
  shown: string;
  band: WebVitalBand;
  /** First day of the week it was measured in, `YYYY-MM-DD`. */
  week: string | undefined;
  /** Compared with the week before; `undefined` when that week has no value. */
  trend: WebVitalChange | undefined;
}

/**
 * The newest values of a path (API facts 3). A zero stands for "no events", except for CLS, where it is the best
 * value there is: it counts in every week in which anything was measured.
 *
 * @returns only the metrics that have a value.
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

/** Compares two values of one metric. What looks the same when written down is unchanged. */
export function changeOf(name: WebVitalName, from: number, to: number): WebVitalChange {
  const by = to - from;
  if (formatWebVital(name, from) === formatWebVital(name, to)) {
    return { from, by, direction: 'unchanged', verdict: 'unchanged' };
  }
  return by > 0
    ? { from, by, direction: 'up', verdict: 'worse' }
    : { from, by, direction: 'down', verdict: 'better' };
}
