import { setTimeout as pause } from 'node:timers/promises';

/** How long a user would wait before calling it broken, with some margin for a busy machine. */
export const patienceMs = 20_000;
const pollMs = 60;

/**
 * Calls `attempt` until it doesn't throw, and returns its result: for conditions without an event on the page.
 * @throws what the last attempt threw
 */
export async function eventually<T>(attempt: () => T | Promise<T>, limitMs = patienceMs): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= endMs) {
        throw error;
      }
      await pause(pollMs);
    }
  }
}
