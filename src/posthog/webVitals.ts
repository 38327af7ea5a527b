import * as v from 'valibot';
import { isJsonObject } from '../json/json';
import { isPostHogError } from './errors';
import type { WebVitalMetric, WebVitalName, WebVitals } from './models';
import type { Requester } from './request';

const series = v.object({
  action: v.object({ custom_name: v.picklist(['INP', 'LCP', 'CLS', 'FCP']) }),
  data: v.array(v.nullable(v.number())),
  days: v.fallback(v.array(v.string()), []),
});

const answer = v.object({ results: v.array(v.unknown()) });

/**
 * Reads the response of `web_vitals` (API facts 3). `action.custom_name` identifies a metric, never its position.
 *
 * @returns undefined if it isn't such a response
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
  // Newer servers send an empty list if the query failed, and zeros if there is no data.
  const queryFailed = parsed.output.results.length === 0;
  if (!queryFailed && Object.keys(metrics).length === 0) {
    return undefined;
  }
  const noData =
    !queryFailed && Object.values(metrics).every((metric) => metric.series.every((value) => value === 0));
  return { metrics, noData, queryFailed, raw: json };
}

const withoutMetrics = { metrics: {}, raw: {} };

/**
 * Reads the web vitals of a path.
 *
 * @param path the `web_vitals/` endpoint of the environment
 */
export async function fetchWebVitals(
  http: Requester,
  path: string,
  pathname: string,
  signal: AbortSignal,
): Promise<WebVitals> {
  try {
    return await http.read({ method: 'GET', path, query: { pathname }, signal }, readWebVitals);
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    // Without `code`, it's the endpoint's own `{"error": …}`. Otherwise, the server as a whole failed.
    if (error.status === 500 && error.detail !== undefined && error.code === undefined) {
      return { ...withoutMetrics, noData: false, queryFailed: true };
    }
    // Very old servers respond with 400 for a path without data.
    if (/^no web vitals data/i.test(error.detail ?? '')) {
      return { ...withoutMetrics, noData: true, queryFailed: false };
    }
    throw error;
  }
}

/** The last week may not have any events yet, but a layout shift of zero is a good value, not a missing one. */
function latestOf(name: WebVitalName, values: readonly number[]): number {
  const latest = name === 'CLS' ? values.at(-1) : values.findLast((value) => value !== 0);
  return latest ?? 0;
}
