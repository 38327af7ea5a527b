import { failureText, isCanceled, withTechnical } from '../connections/failures';
import type { Action } from '../operations/actions';
import type { Outcome } from '../operations/outcome';
import { isPostHogError } from '../posthog/errors';
import type { FailureServices, Ways } from './actionButtons';

/** Shows a failure with the one action that helps. */
export async function showFailure(error: unknown, services: FailureServices): Promise<void> {
  if (!isCanceled(error)) {
    const { actionFor } = await import('../operations/actions');
    await show(failureText(error, services.log), error, actionFor(error), services);
  }
}

/** Shows an unsuccessful outcome with the one action that helps. */
export async function showOutcome(
  outcome: Exclude<Outcome<unknown>, { kind: 'applied' }>,
  services: FailureServices,
  ways: Ways = {},
): Promise<void> {
  const { outcomeText } = await import('../operations/outcome');
  await show(outcomeText(outcome), outcome.cause, outcome.action, services, ways);
}

async function show(
  text: string,
  cause: unknown,
  action: Action | undefined,
  services: FailureServices,
  ways: Ways = {},
): Promise<void> {
  if (isPostHogError(cause)) {
    services.log.warn(withTechnical(text, cause));
  }
  const { showWithAction } = await import('./actionButtons');
  await showWithAction('error', text, action, { showLog: true, ...ways }, services);
}
