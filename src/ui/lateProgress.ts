import * as vscode from 'vscode';
import { Canceled } from '../connections/failures';
import { untilAborted } from '../posthog/abort';
import { asText } from '../json/visibleText';
import { withProgress } from './progress';

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

/**
 * Runs something that changes nothing, with a message in the status bar. If it takes long, it can be canceled, whether
 * or not what it waits for listens to the signal.
 *
 * @throws Canceled
 */
export async function withLateCancel<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withStatus(title, () => untilCanceled(title, run));
}

/** Like {@link withLateCancel}, with a progress bar over the Environments view. */
export async function withViewProgress<T>(
  title: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: 'posthogEnvironments.environments' } }, () =>
    untilCanceled(title, run),
  );
}

const withStatus = async <T>(title: string, run: () => Promise<T>): Promise<T> =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: asText(title) }, run);

const untilCanceled = <T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  lateProgress(title, async (signal) => {
    try {
      return await untilAborted(run(signal), signal);
    } catch (error) {
      throw signal.aborted ? new Canceled() : error;
    }
  });

/**
 * Runs something that may change something, like {@link withLateCancel}. What a cancel means is up to `run`, which
 * knows whether anything was sent.
 */
export async function writeWithLateCancel<T>(
  title: string,
  run: (signal: AbortSignal, hold: Hold) => Promise<T>,
): Promise<T> {
  return withStatus(title, () => lateProgress(title, run));
}
