import type * as vscode from 'vscode';
import { failureText, isCancelled, withTechnical } from '../connections/failures';
import { actionFor, type Action } from '../operations/actions';
import type { Outcome } from '../operations/outcome';
import { isPostHogError } from '../posthog/errors';
import { runCommand } from './commandIds';
import type { Prompts } from './prompts';

interface FailureServices {
  prompts: Prompts;
  log: vscode.LogOutputChannel;
}

/** Shows a failure with the one action that helps. */
export async function showFailure(error: unknown, services: FailureServices): Promise<void> {
  if (!isCancelled(error)) {
    await show(failureText(error, services.log), error, actionFor(error), services);
  }
}

/** Shows an unsuccessful outcome with the one action that helps. */
export async function showOutcome(
  outcome: Exclude<Outcome<unknown>, { kind: 'applied' }>,
  services: FailureServices,
): Promise<void> {
  const { outcomeText } = await import('../operations/outcome');
  await show(outcomeText(outcome), outcome.cause, outcome.action, services);
}

async function show(
  text: string,
  cause: unknown,
  action: Action | undefined,
  { prompts, log }: FailureServices,
): Promise<void> {
  if (isPostHogError(cause)) {
    log.warn(withTechnical(text, cause));
  }
  if (action?.kind === 'replaceKey') {
    await showKeyRefused(text, action.connectionId, prompts);
  } else if ((await prompts.notify('error', text, 'Show Log')) === 'Show Log') {
    log.show();
  }
}

/** Shows a failure that another key would mend. */
export async function showKeyRefused(text: string, connectionId: string, prompts: Prompts): Promise<void> {
  if ((await prompts.notify('error', text, 'Replace Key…')) === 'Replace Key…') {
    await runCommand('replaceKey', { connectionId });
  }
}
