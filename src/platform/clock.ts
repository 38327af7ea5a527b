import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../connections/ports';

/** The clock of this computer. */
export const clock: Clock = {
  delay: (durationMs, signal) => delay(durationMs, undefined, { signal, ref: false }),
};
