import { ApiError } from './errors';
import type { State } from './state';

const MINUTE_MS = 60_000;

/** Counts requests per key in fixed windows, as the real server does (API facts 1.6). */
export class Throttle {
  private readonly seen = new Map<string, number[]>();

  /** @throws 429 with `Retry-After` once a limit is used up; rejected requests don't count */
  count(state: State, keyValue: string): void {
    const nowMs = state.now().getTime();
    const windows = [
      { limit: state.throttle.perMinute, lengthMs: MINUTE_MS },
      { limit: state.throttle.perHour, lengthMs: 60 * MINUTE_MS },
    ];
    const times = (this.seen.get(keyValue) ?? []).filter((time) => nowMs - time < 60 * MINUTE_MS);
    for (const { limit, lengthMs } of windows) {
      const recent = times.filter((time) => nowMs - time < lengthMs);
      const [first] = recent;
      if (limit !== undefined && first !== undefined && recent.length >= limit) {
        throw throttled(Math.max(1, Math.ceil((first + lengthMs - nowMs) / 1000)));
      }
    }
    if (windows.some((item) => item.limit !== undefined)) {
      times.push(nowMs);
      this.seen.set(keyValue, times);
    }
  }
}

function throttled(seconds: number): ApiError {
  return new ApiError(
    429,
    'throttled_error',
    'throttled',
    `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`,
    null,
    { 'Retry-After': String(seconds) },
  );
}
