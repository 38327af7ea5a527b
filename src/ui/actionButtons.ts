import * as vscode from 'vscode';
import { actionLabels, type Action } from '../operations/actions';
import { runCommand } from './commandIds';
import type { Prompts, Severity } from './prompts';

/** What showing a failure needs. */
export interface FailureServices {
  prompts: Prompts;
  log: vscode.LogOutputChannel;
}

/** How a surface performs the actions that only it can. Actions that it can't perform aren't offered. */
export interface Ways {
  /** The address of what it's about. */
  readonly uri?: vscode.Uri | undefined;
  /** How to retry, and the title of the button, which names what is written to. */
  readonly retry?: { readonly label: string; run(): Promise<void> } | undefined;
  checkAgain?(): Promise<void>;
  /** For a surface that first has to ask which key. */
  replaceKey?(): Promise<void>;
  /** Whether to offer the log if nothing else helps. */
  readonly showLog?: boolean;
}

interface Button {
  readonly label: string;
  run(): PromiseLike<unknown>;
}

/** Shows what happened with the one helpful action as a button, and runs it when pressed. */
export async function showWithAction(
  severity: Severity,
  text: string,
  action: Action | undefined,
  ways: Ways,
  services: FailureServices,
): Promise<void> {
  const button =
    (action && buttonOf(action, ways, services)) ??
    (ways.showLog ? buttonOf({ kind: 'showLog' }, ways, services) : undefined);
  const buttons = button ? [button.label] : [];
  const answer = await services.prompts.notify(severity, text, ...buttons);
  if (button && answer === button.label) {
    await button.run();
  }
}

/** The button for an action; `undefined` if the surface can't perform it. */
export function buttonOf(
  action: Action,
  { uri, retry, checkAgain, replaceKey }: Ways,
  { log }: FailureServices,
): Button | undefined {
  const label = actionLabels[action.kind];
  switch (action.kind) {
    case 'replaceKey': {
      const { connectionId } = action;
      return { label, run: replaceKey ?? (() => runCommand('replaceKey', { connectionId })) };
    }
    case 'retry':
      return retry;
    case 'checkAgain':
      return checkAgain && { label, run: checkAgain };
    case 'resolve':
      return uri && { label, run: () => runCommand('nextConflict', uri) };
    case 'compare':
      return uri && { label, run: () => runCommand('compare', uri) };
    case 'openInPostHog':
      return uri && { label, run: () => runCommand('openInPostHog', uri) };
    case 'propose':
      return uri && { label, run: () => runCommand('proposeChange', uri) };
    case 'showProblems':
      return { label, run: () => vscode.commands.executeCommand('workbench.actions.view.problems') };
    case 'showLog':
      return { label, run: async () => log.show() };
  }
}
