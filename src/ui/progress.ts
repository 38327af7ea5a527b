import * as vscode from 'vscode';
import { signalOf } from '../connections/failures';
import { asText } from '../json/visibleText';

/** Reports progress. `percent` is the total so far, from 0 to 100. */
export type Report = (message: string, percent?: number) => void;

/**
 * Runs something with progress and a Cancel button. After a cancel, `run` decides what to report about changes on the
 * server.
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
