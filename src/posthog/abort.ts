/** Rejects as soon as the signal aborts, even if the work itself ignores it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const listening = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(new DOMException('Aborted', 'AbortError'));
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { signal: listening.signal });
  });
  return Promise.race([aborted, work]).finally(() => listening.abort());
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
