import * as v from 'valibot';
import { isJsonObject } from '../settings/json';
import type { WebVitalMetric, WebVitalName, WebVitals } from './models';

const series = v.object({
  action: v.object({ custom_name: v.picklist(['INP', 'LCP', 'CLS', 'FCP']) }),
  data: v.array(v.nullable(v.number())),
  days: v.fallback(v.array(v.string()), []),
});

const answer = v.object({ results: v.array(v.unknown()) });

/**
 * Reads the answer of `web_vitals` (API facts 3). A metric is told by `action.custom_name`, never by its place.
 *
 * @returns undefined when it is no such answer.
 */
export function readWebVitals(json: unknown): WebVitals | undefined {
  const parsed = v.safeParse(answer, json);
  if (!parsed.success || !isJsonObject(json)) {
    return undefined;
  }
  const metrics: Partial<Record<WebVitalName, WebVitalMetric>> = {};
  for (const row of parsed.output.results) {
    const metric = v.safeParse(series, row);
    if (metric.success) {
      const { action, data, days } = metric.output;
      const values = data.map((value) => value ?? 0);
      metrics[action.custom_name] = { latest: latestOf(action.custom_name, values), series: values, days };
    }
  }
  // An empty list is how newer servers say that the query failed; a query without data answers zeros.
  const queryFailed = parsed.output.results.length === 0;
  if (!queryFailed && Object.keys(metrics).length === 0) {
    return undefined;
  }
  const noData =
    !queryFailed && Object.values(metrics).every((metric) => metric.series.every((value) => value === 0));
  return { metrics, noData, queryFailed, raw: json };
}

/** A failed query on servers that answer it with an error (API facts 3). */
export const failedWebVitals = (): WebVitals => ({
  metrics: {},
  noData: false,
  queryFailed: true,
  raw: {},
});

/** A path without data, on servers that answer it with an error (API facts 3). */
export const emptyWebVitals = (): WebVitals => ({
  metrics: {},
  noData: true,
  queryFailed: false,
  raw: {},
});

/** The last week may have no events yet; a layout shift of zero, however, is a good value and not a missing one. */
function latestOf(name: WebVitalName, values: readonly number[]): number {
  const latest = name === 'CLS' ? values.at(-1) : values.findLast((value) => value !== 0);
  return latest ?? 0;
}
