import type { Connection } from '../connections/connection';
import { webVitalDefinitions, webVitalNames } from '../posthog/webVitalBands';
import { changeOf, measureWebVitals, type WebVitalChange } from '../posthog/webVitalMeasures';
import type { VitalsPlace } from './reportTargets';
import { outcomeOf, type VitalsReading } from './vitalsReading';
import { missingText, outcomeText } from './vitalsText';
import { keyOf } from '../settings/keys';

/** One side of the document. */
export interface VitalsSide {
  place: VitalsPlace;
  reading: VitalsReading;
  connection: Connection | undefined;
}

/**
 * Web vitals as a JSON document: the panel's contents in numbers. With two sides, the second is compared with the
 * first.
 */
export function vitalsJson(sides: readonly VitalsSide[]): string {
  const [first, second] = sides;
  const content =
    first && second
      ? {
          compared: [sideOf(first), sideOf(second)],
          second_compared_with_first: Object.fromEntries(differences(first, second)),
        }
      : first
        ? sideOf(first)
        : {};
  return `${JSON.stringify(content, null, 2)}\n`;
}

function sideOf(side: VitalsSide): object {
  const { place, reading, connection } = side;
  const { vitals, capture } = reading;
  const outcome = outcomeOf(reading);
  const environment = reading.environmentName ?? place.name;
  return {
    pathname: place.path,
    environment: { id: place.environment.id, project_id: place.environment.projectId, name: environment },
    connection: { label: connection?.label ?? '', origin: connection?.origin ?? '' },
    read_at: reading.readAt.toISOString(),
    percentile: 'p90',
    period: 'last 7 days, by week',
    outcome,
    ...(outcome !== 'measured' && { message: textOf(outcome, place, environment, reading) }),
    capture: {
      [keyOf.webVitals]: capture.optIn,
      [keyOf.webVitalsMetrics]: capture.allowedMetrics,
    },
    ...(outcome !== 'query_failed' && {
      metrics: Object.fromEntries(webVitalNames.map((name) => [name, metricOf(name, side)])),
    }),
    last_refresh: vitals.raw.last_refresh,
  };
}

function textOf(
  outcome: Parameters<typeof outcomeText>[0],
  { path }: VitalsPlace,
  environment: string,
  { capture }: VitalsReading,
): string {
  const { title, text } = outcomeText(outcome, { path, environment, capture });
  return `${title}. ${text}`;
}

function metricOf(name: (typeof webVitalNames)[number], { reading }: VitalsSide): object {
  const { title, unit, goodUpTo, poorAbove } = webVitalDefinitions[name];
  const measure = measureWebVitals(reading.vitals)[name];
  const metric = reading.vitals.metrics[name];
  return {
    title,
    value: measure?.value ?? null,
    unit: unit === '' ? null : unit,
    shown: measure?.shown ?? missingText(name, reading.capture),
    band: measure?.band ?? null,
    good_up_to: goodUpTo,
    poor_above: poorAbove,
    week: measure?.week ?? null,
    trend: measure?.trend ? changeJson(measure.trend, 'previous') : null,
    series: (metric?.series ?? []).map((value, index) => ({ week: metric?.days[index] ?? null, value })),
  };
}

function differences(first: VitalsSide, second: VitalsSide): [string, object | null][] {
  const [left, right] = [measureWebVitals(first.reading.vitals), measureWebVitals(second.reading.vitals)];
  return webVitalNames.map((name) => {
    const [from, to] = [left[name], right[name]];
    return [name, from && to ? changeJson(changeOf(name, from.value, to.value), 'first') : null];
  });
}

function changeJson({ from, by, direction, verdict }: WebVitalChange, fromName: string): object {
  // Subtracting decimals leaves digits that no one measured.
  return { [fromName]: from, change: Number(by.toFixed(6)), direction, verdict };
}
