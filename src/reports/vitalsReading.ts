import * as v from 'valibot';
import type { Connections } from '../connections/connections';
import { requireScope } from '../connections/requireScope';
import { isPostHogError } from '../posthog/errors';
import type { EnvironmentDetail, WebVitalName, WebVitals } from '../posthog/models';
import { webVitalNames } from '../posthog/webVitalBands';
import type { VitalsPlace } from './reportTargets';

/** Whether an environment's pages send web vitals (API facts 4.5). `undefined`: the key may not see it. */
export interface VitalsCapture {
  /** `autocapture_web_vitals_opt_in`; null: never decided. */
  optIn: boolean | null | undefined;
  /** `autocapture_web_vitals_allowed_metrics`; null: all of them. */
  allowedMetrics: readonly WebVitalName[] | null;
}

/** What PostHog answered for one path, and when. */
export interface VitalsReading {
  vitals: WebVitals;
  capture: VitalsCapture;
  readAt: Date;
  /** The environment's name now; `undefined` when the key may not see it. */
  environmentName: string | undefined;
}

/** The four things an answer can mean. They are different, and so is what to do about them. */
export type VitalsOutcome = 'measured' | 'no_data' | 'capture_off' | 'query_failed';

/**
 * Asks for the web vitals of a path and whether the environment captures them.
 *
 * @throws PostHogError `missing-scope` before anything is sent when the key is known not to have `query:read`.
 */
export async function readVitals(
  connections: Connections,
  { connectionId, environment, path }: VitalsPlace,
  signal: AbortSignal,
): Promise<VitalsReading> {
  requireScope(connections, connectionId, 'query:read');
  const client = await connections.client(connectionId);
  // Together, so that an unknown server is probed once.
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
  const { autocapture_web_vitals_opt_in, autocapture_web_vitals_allowed_metrics } = detail?.raw ?? {};
  const optIn = v.safeParse(v.nullable(v.boolean()), autocapture_web_vitals_opt_in);
  const allowed = v.safeParse(v.array(v.unknown()), autocapture_web_vitals_allowed_metrics);
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

/** Web vitals need no access to the settings, so a key without it only leaves unsaid whether they are captured. */
function hiddenOnly(error: unknown): undefined {
  if (isPostHogError(error) && ['missing-scope', 'forbidden', 'key-restricted'].includes(error.kind)) {
    return undefined;
  }
  throw error;
}
