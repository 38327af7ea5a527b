import { isPostHogError } from '../posthog/errors';
import type { CancellationToken, Log } from './ports';

/** What the person did was cancelled by them: neither a success nor a failure, and never a message. */
export class Cancelled extends Error {
  constructor(message = 'Cancelled') {
    super(message);
    this.name = 'Cancelled';
  }
}

/** Whether a caught value stands for the person having cancelled. */
export function isCancelled(error: unknown): boolean {
  return (
    error instanceof Cancelled ||
    // VS Code's own: its class is out of reach here, its name is documented.
    (error instanceof Error && error.name === 'Canceled') ||
    (isPostHogError(error) && error.kind === 'cancelled')
  );
}

/** The sentences of a failure. Anything that is not of the family is a mistake of ours and goes to the log. */
export function failureText(error: unknown, log: Log): string {
  if (isPostHogError(error)) {
    return error.message;
  }
  log.error(error instanceof Error ? error : String(error));
  return 'Something went wrong inside the extension. Nothing else is affected; the log has the details.';
}

/** What is said of a failure, with what only the log is told of its cause. */
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
