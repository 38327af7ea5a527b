import * as vscode from 'vscode';
import { signalOf } from '../connections/failures';
import { asText } from '../json/visibleText';

/** Reports what an operation is doing. `percent` is the share of the whole done so far, 0 to 100. */
export type Report = (message: string, percent?: number) => void;

/**
 * Runs something that takes a while, with progress and a Cancel button. After cancelling, `run` decides what to
 * tell about what has and has not happened on the server.
 */
export async function withProgress<T>(
  title: string,
  run: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: asText(title), cancellable: true },
    (progress, token) => {
      let shown = 0;
      return run((message, percent = shown) => {
        progress.report({ message: asText(message), increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      }, signalOf(token));
    },
  );
}

/** Runs something short: the status bar says what, and there is nothing to cancel. */
export async function withStatus<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: asText(title) },
    (_progress, token) => run(signalOf(token)),
  );
}

/** Runs something that the view of environments waits for: a bar runs over it. */
export async function withViewProgress<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return vscode.window.withProgress(
    { location: { viewId: 'posthogEnvironments.environments' } },
    (_progress, token) => run(signalOf(token)),
  );
}
