/** Waits without keeping the process alive. */
export function pause(delayMs: number): Promise<void> {
  return delayMs <= 0
    ? Promise.resolve()
    : new Promise((resolve) => {
        setTimeout(resolve, delayMs).unref();
      });
}
