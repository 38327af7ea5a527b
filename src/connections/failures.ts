import { causesText, isOurCanceled, isStop } from '../posthog/errors';
import type { CancellationToken, Log } from './ports';

export { Canceled } from '../posthog/errors';

/** Whether a caught value means that the user canceled. */
export function isCanceled(error: unknown): boolean {
  return (
    isOurCanceled(error) ||
    // VS Code's own: its class isn't available here, but its name is documented.
    (error instanceof Error && error.name === 'Canceled')
  );
}

/** The sentences of a failure. Anything that isn't a PostHogError is a bug and goes to the log. */
export function failureText(error: unknown, log: Log): string {
  if (isStop(error)) {
    return error.message;
  }
  log.error(error instanceof Error ? error : String(error));
  const causes = causesText(error);
  if (causes !== undefined) {
    log.error(`Caused by: ${causes}`);
  }
  return 'Something went wrong in the extension. Nothing else is affected. See the log for details.';
}

/** The message of a failure, and details about its cause for the log. */
export function withTechnical(text: string, cause: unknown): string {
  const causes = isStop(cause) ? causesText(cause) : undefined;
  return causes === undefined ? text : `${text} (${causes})`;
}

/** What to say about a cancellation where something must be said. */
export const noteOf = (error: unknown): string | undefined => (isOurCanceled(error) ? error.note : undefined);

/** An AbortSignal that follows a cancellation token. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
