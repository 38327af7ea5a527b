import * as v from 'valibot';
import type { Connections } from '../connections/connections';
import { requireScope } from '../connections/requireScope';
import { isPostHogError } from '../posthog/errors';
import type { EnvironmentDetail, WebVitalName, WebVitals } from '../posthog/models';
import { webVitalNames } from '../posthog/webVitalBands';
import type { VitalsPlace } from './reportTargets';
import { keyOf } from '../settings/keys';

/** Whether an environment's pages send web vitals (API facts 4.5). `undefined` if the key can't tell. */
export interface VitalsCapture {
  /** Whether it is on; null if it was never decided. */
  optIn: boolean | null | undefined;
  /** Which of them; null for all of them. */
  allowedMetrics: readonly WebVitalName[] | null;
}

/** What PostHog returned for one path, and when. */
export interface VitalsReading {
  vitals: WebVitals;
  capture: VitalsCapture;
  readAt: Date;
  /** The environment's current name; `undefined` if the key can't read it. */
  environmentName: string | undefined;
}

/** The four possible meanings of a response, each with a different remedy. */
export type VitalsOutcome = 'measured' | 'no_data' | 'capture_off' | 'query_failed';

/**
 * Gets the web vitals of a path, and whether the environment captures them.
 *
 * @throws PostHogError `missing-scope` before anything is sent if the key is known not to have `query:read`
 */
export async function readVitals(
  connections: Connections,
  { connectionId, environment, path }: VitalsPlace,
  signal: AbortSignal,
): Promise<VitalsReading> {
  requireScope(connections, connectionId, 'query:read');
  const client = await connections.client(connectionId);
  // Together, so that an unknown server is only probed once.
  const [vitals, detail] = await Promise.all([
    client.getWebVitals(environment, path, signal),
    connections.may(connectionId, 'project:read') === false
      ? undefined
      : client.getEnvironment(environment, signal).catch(hiddenOnly),
  ]);
  return { vitals, capture: captureOf(detail), readAt: new Date(), environmentName: detail?.name };
}

/** Reads from an environment whether its pages send web vitals. */
export function captureOf(detail: EnvironmentDetail | undefined): VitalsCapture {
  const settings = detail?.raw ?? {};
  const optIn = v.safeParse(v.nullable(v.boolean()), settings[keyOf.webVitals]);
  const allowed = v.safeParse(v.array(v.unknown()), settings[keyOf.webVitalsMetrics]);
  return {
    optIn: optIn.success ? optIn.output : undefined,
    allowedMetrics: allowed.success ? webVitalNames.filter((name) => allowed.output.includes(name)) : null,
  };
}

export function outcomeOf({ vitals, capture }: VitalsReading): VitalsOutcome {
  if (vitals.queryFailed) {
    return 'query_failed';
  }
  if (vitals.noData) {
    return capture.optIn === false ? 'capture_off' : 'no_data';
  }
  return 'measured';
}

/** Web vitals don't need access to the settings. Without it, it just isn't shown whether they are captured. */
function hiddenOnly(error: unknown): undefined {
  if (isPostHogError(error) && ['missing-scope', 'forbidden', 'key-restricted'].includes(error.kind)) {
    return undefined;
  }
  throw error;
}
