import { PlainError, invalid } from '../errors';
import type { Reply } from '../errors';
import { isJsonObject } from '../json';
import type { JsonObject } from '../json';
import { compileRe2 } from '../re2';
import type { Caller } from '../request';
import type { Environment } from '../state';
import { stableToken, timestamp } from '../ids';
import type { Endpoint } from './endpoint';
import { mayQuery, ok, openEnvironment } from './endpoint';

const METRICS = ['INP', 'LCP', 'CLS', 'FCP'];
const DAY_MS = 86_400_000;
const CACHE_MS = 15 * 60_000;

/** A trends response: last 7 days by week, p90, one series per metric (API facts 3). */
function webVitals(caller: Caller): Reply {
  const environment = openEnvironment(caller, 'query:read');
  const { state, request } = caller;
  const pathname = request.query.get('pathname');
  if (!pathname) {
    throw invalid('This field is required.', 'pathname');
  }
  const now = state.now();
  const weeks = lastTwoWeeks(now);
  if (environment.webVitalsFailing) {
    if (state.generation === 'documented') {
      throw new PlainError(500, 'error', 'Failed to calculate web vitals');
    }
    return ok(envelope(environment, pathname, now, []));
  }
  const measured = measurements(environment, pathname);
  const results = METRICS.map((metric, order) => {
    const data = weeks.map((_, index) => measured[metric]?.[index] ?? 0);
    return {
      action: {
        order,
        type: 'events',
        id: '$web_vitals',
        name: '$web_vitals',
        custom_name: metric,
        math: 'p90',
        math_property: `$web_vitals_${metric}_value`,
        math_group_type_index: null,
        properties: null,
      },
      label: '$web_vitals',
      count: data.reduce((sum, value) => sum + value, 0),
      data,
      labels: weeks.map(label),
      days: weeks.map((week) => week.toISOString().slice(0, 10)),
      filter: { insight: 'TRENDS', interval: 'week', date_from: '-7d', display: 'ActionsLineGraph' },
    };
  });
  return ok(envelope(environment, pathname, now, results));
}

function envelope(environment: Environment, pathname: string, now: Date, results: JsonObject[]): JsonObject {
  return {
    results,
    is_cached: false,
    cache_key: stableToken('cache', `${environment.id} ${pathname}`),
    cache_target_age: null,
    calculation_trigger: null,
    error: null,
    hasMore: false,
    hogql: null,
    last_refresh: timestamp(now),
    modifiers: null,
    next_allowed_client_refresh: timestamp(new Date(now.getTime() + CACHE_MS)),
    query_metadata: null,
    query_status: null,
    resolved_date_range: null,
    timezone: environment.values.timezone ?? 'UTC',
    timings: null,
  };
}

/** The two calendar weeks, starting on Sunday, that the last 7 days overlap. */
function lastTwoWeeks(now: Date): Date[] {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const sunday = today - now.getUTCDay() * DAY_MS;
  return [new Date(sunday - 7 * DAY_MS), new Date(sunday)];
}

function label(week: Date): string {
  const month = week.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
  return `${week.getUTCDate()}-${month}-${week.getUTCFullYear()}`;
}

/** Measurements of every stored path that the project's path cleaning rules map to the requested one. */
function measurements(environment: Environment, pathname: string): Record<string, number[]> {
  const clean = cleaner(environment);
  const wanted = clean(pathname);
  const result: Record<string, number[]> = {};
  for (const [path, metrics] of Object.entries(environment.webVitals)) {
    if (clean(path) !== wanted) {
      continue;
    }
    for (const [metric, values] of Object.entries(metrics)) {
      const before = result[metric] ?? [];
      result[metric] = values.map((value, index) => Math.max(value, before[index] ?? 0));
    }
  }
  return result;
}

/** Rules apply in the order of the list; their `order` key is ignored (API facts 9.1). */
function cleaner(environment: Environment): (path: string) => string {
  const filters = environment.values.path_cleaning_filters;
  const rules = (Array.isArray(filters) ? filters : []).filter(isJsonObject).flatMap((rule) => {
    const compiled = typeof rule.regex === 'string' ? compileRe2(rule.regex) : undefined;
    // Documented servers store any rule, even an invalid regular expression, which then cleans nothing.
    return compiled && 'expression' in compiled
      ? [{ expression: compiled.expression, alias: typeof rule.alias === 'string' ? rule.alias : '' }]
      : [];
  });
  return (path) => rules.reduce((cleaned, rule) => rule.expression.replaceAll(cleaned, rule.alias), path);
}

/** Seed-era servers had it under `/api/environments` only (API facts 3). */
export const webVitalsEndpoints: Endpoint[] = [
  { path: '/api/environments/:project_id/web_vitals', methods: { GET: webVitals }, check: mayQuery },
  {
    path: '/api/projects/:project_id/web_vitals',
    methods: { GET: webVitals },
    check: mayQuery,
    only: 'current',
  },
];
