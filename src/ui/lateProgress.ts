import { withProgress, withStatus } from './progress';

/** Stops the clock while the user is asked something. */
export type Hold = <R>(question: () => Promise<R>) => Promise<R>;

/**
 * Runs something for which VS Code itself shows progress, such as a save. If it takes long, a notification with a
 * Cancel button appears.
 *
 * @param afterMs the delay before the notification
 */
export async function lateProgress<T>(
  title: string,
  run: (signal: AbortSignal, hold: Hold) => Promise<T>,
  afterMs = 2_000,
): Promise<T> {
  const controller = new AbortController();
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let isShown = false;
  const show = (): void => {
    isShown = true;
    void withProgress(title, (_report, signal) => {
      signal.addEventListener('abort', () => controller.abort());
      return over;
    });
  };
  let timer = setTimeout(show, afterMs);
  try {
    return await run(controller.signal, async (question) => {
      clearTimeout(timer);
      try {
        return await question();
      } finally {
        if (!isShown) {
          timer = setTimeout(show, afterMs);
        }
      }
    });
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** Runs something that changes nothing, with a message in the status bar. If it takes long, it can be canceled. */
export async function withLateCancel<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withStatus(title, () => lateProgress(title, run));
}
