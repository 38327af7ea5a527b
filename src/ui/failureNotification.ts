import type * as vscode from 'vscode';
import { failureText, isCancelled } from '../connections/failures';
import { actionFor } from '../operations/actions';
import { isPostHogError } from '../posthog/errors';
import { runCommand } from './commandIds';
import type { Prompts } from './prompts';

/** Shows a failure with the one action that helps. */
export async function tellFailure(
  error: unknown,
  { prompts, log }: { prompts: Prompts; log: vscode.LogOutputChannel },
): Promise<void> {
  if (isCancelled(error)) {
    return;
  }
  const text = failureText(error, log);
  if (isPostHogError(error)) {
    log.warn(error.technical === undefined ? text : `${text} (${error.technical})`);
  }
  const action = actionFor(error);
  if (action?.kind === 'replaceKey') {
    if ((await prompts.tell('error', text, 'Replace Key…')) === 'Replace Key…') {
      await runCommand('replaceKey', { connectionId: action.connectionId });
    }
  } else if ((await prompts.tell('error', text, 'Show Log')) === 'Show Log') {
    log.show();
  }
}
