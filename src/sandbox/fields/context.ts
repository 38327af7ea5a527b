import type { JsonObject } from '../json';
import type { Generation } from '../types';

/** What a field rule can depend on besides the value. */
export interface FieldContext {
  generation: Generation;
  /** The stored values before the write. */
  stored: JsonObject;
  /** Names of this environment's cohorts, by ID. */
  cohorts: ReadonlyMap<number, string>;
  /** Dashboards of this environment, and of all others. */
  dashboards: readonly number[];
  otherDashboards: readonly number[];
  /** The longest replay retention the plan allows; null without an entitlement. */
  longestRetention: string | null;
  /** Whether the organization is in the trial of proactive tasks. */
  proactiveTasks: boolean;
  /** Whether the plan allows Logs retention of 30 days. */
  longLogsRetention: boolean;
  now: Date;
  /** Whether a number was written with a fraction or an exponent (`1.0`), which JavaScript can't tell from 1. */
  writtenAsFloat?: (path: readonly string[]) => boolean;
}
