/** Rejects as soon as the signal aborts, even if the work itself ignores it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new DOMException('Aborted', 'AbortError'));
    if (signal.aborted) {
      onAbort();
    }
    // Each request waits like this several times, and a controller that ends the listening would cost more than it.
    signal.addEventListener('abort', onAbort);
    work.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}

/** Waits in real time. Rejects when the signal aborts. */
export function wait(durationMs: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, durationMs);
  });
  return untilAborted(elapsed, signal).finally(() => clearTimeout(timer));
}

/** A signal for checking the outcome of a write: a user who canceled wants to know, but not wait long. */
export function afterWrite(signal: AbortSignal): AbortSignal {
  return signal.aborted ? AbortSignal.timeout(10_000) : signal;
}
