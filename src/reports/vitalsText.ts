import type { WebVitalName } from '../posthog/models';
import { formatWebVital } from '../posthog/webVitalBands';
import type { WebVitalChange } from '../posthog/webVitalMeasures';
import type { VitalsCapture, VitalsOutcome } from './vitalsReading';

/** What results other than values mean, in sentences. */
export interface OutcomeText {
  title: string;
  text: string;
}

/** The sentences for a path without values. */
export function outcomeText(
  outcome: Exclude<VitalsOutcome, 'measured'>,
  { path, environment, capture }: { path: string; environment: string; capture: VitalsCapture },
): OutcomeText {
  switch (outcome) {
    case 'no_data':
      return {
        title: 'No data for this path',
        text:
          `The query succeeded, but ${environment} has no web vitals for ${path} from the last 7 days. ` +
          "Check the path, to which PostHog applies the environment's path cleaning rules, or wait until someone visits the page." +
          (capture.optIn === null
            ? ' Web vitals capture was never turned on or off in this environment.'
            : ''),
      };
    case 'capture_off':
      return {
        title: 'Capture is off for this environment',
        text:
          `In ${environment}, the setting autocapture_web_vitals_opt_in is false, so its pages don't send web vitals, ` +
          `and there are none for ${path} from the last 7 days. Turn on the setting to collect them.`,
      };
    case 'query_failed':
      return {
        title: "PostHog couldn't calculate the web vitals",
        text: `The query for ${path} in ${environment} failed on the server. This doesn't mean that there is no data. Retry in a moment.`,
      };
  }
}

/** Why one metric has no value although others do. */
export function missingText(name: WebVitalName, capture: VitalsCapture): string {
  return capture.allowedMetrics && !capture.allowedMetrics.includes(name)
    ? "Not captured: the setting autocapture_web_vitals_allowed_metrics doesn't include it."
    : 'No data from the last 7 days.';
}

/** A change in words: "40 ms lower than the week before (620 ms): better". */
export function changeText(name: WebVitalName, change: WebVitalChange, than: string): string {
  const from = formatWebVital(name, change.from);
  return change.direction === 'unchanged'
    ? `Unchanged from ${than} (${from})`
    : `${formatDifference(name, change.by)} ${change.by > 0 ? 'higher' : 'lower'} than ${than} (${from}): ${change.verdict}`;
}

/** The size of a difference, without its sign. */
function formatDifference(name: WebVitalName, by: number): string {
  const size = Math.abs(by);
  if (name === 'CLS') {
    return size.toFixed(size < 0.01 ? 3 : 2);
  }
  return size >= 1000 ? `${(size / 1000).toFixed(2)} s` : `${size.toFixed(size < 1 ? 1 : 0)} ms`;
}

/** `YYYY-MM-DD` as written in that language: "Jan 11, 2026"; anything else is returned unchanged. */
export function dayText(day: string, language: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime())
    ? day
    : date.toLocaleDateString(language, { dateStyle: 'medium', timeZone: 'UTC' });
}
