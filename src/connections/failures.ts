import { isPostHogError } from '../posthog/errors';
import type { CancellationToken, Log } from './ports';

/** The user canceled. Neither a success nor a failure, and never a message. */
export class Cancelled extends Error {
  constructor(message = 'Cancelled') {
    super(message);
    this.name = 'Cancelled';
  }
}

/** Whether a caught value means that the user canceled. */
export function isCancelled(error: unknown): boolean {
  return (
    error instanceof Cancelled ||
    // VS Code's own: its class isn't available here, but its name is documented.
    (error instanceof Error && error.name === 'Canceled') ||
    (isPostHogError(error) && error.kind === 'cancelled')
  );
}

/** The sentences of a failure. Anything that isn't a PostHogError is a bug and goes to the log. */
export function failureText(error: unknown, log: Log): string {
  if (isPostHogError(error)) {
    return error.message;
  }
  log.error(error instanceof Error ? error : String(error));
  return 'Something went wrong in the extension. Nothing else is affected. See the log for details.';
}

/** The message of a failure, and details about its cause for the log. */
export const withTechnical = (text: string, cause: unknown): string =>
  isPostHogError(cause) && cause.technical !== undefined ? `${text} (${cause.technical})` : text;

/** An AbortSignal that follows a cancellation token. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
