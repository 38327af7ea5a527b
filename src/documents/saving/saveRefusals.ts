import type * as vscode from 'vscode';
import type { Action } from '../../operations/actions';
import { showFailure } from '../../ui/failureNotification';
import { fileError } from '../../ui/fileErrors';
import type { Prompts } from '../../ui/prompts';
import type { Documents } from '../documents';
import { outcomeUnknown } from '../../posthog/outcomePhrases';

/** VS Code's own notification of a failed save stays below notifications that appear later by this. */
const afterOwnMs = 300;

/** The text of VS Code's own notification. The extension's explains what happened and what to do. */
const brief: Readonly<Record<Action['kind'] | 'nothing', string>> = {
  resolve: 'conflict',
  compare: 'only partly saved',
  showProblems: 'problems in the document',
  replaceKey: 'API key rejected',
  checkAgain: outcomeUnknown,
  retry: 'PostHog failed',
  openInPostHog: 'not allowed with an API key',
  showLog: 'internal error',
  nothing: 'rejected',
};

/**
 * Shows why a document wasn't saved. VS Code's own notification names the file and can't be suppressed or get another
 * button, so it says as little as possible. The extension's appears above it and says what happened and what to do.
 */
export class SaveRefusals {
  /** Notifications that aren't shown yet. */
  private readonly waiting = new Map<string, AbortController>();

  constructor(
    private readonly documents: Documents,
    private readonly prompts: () => Prompts,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * @param better a text that says more, but takes a little longer
   * @returns the error to throw
   */
  report(
    uri: vscode.Uri,
    text: string,
    action: Action | undefined,
    better?: Promise<string | undefined>,
  ): vscode.FileSystemError {
    this.withdraw(uri);
    const key = uri.toString();
    const withdrawn = new AbortController();
    this.waiting.set(key, withdrawn);
    setTimeout(() => {
      void Promise.resolve(better).then((said = text) => {
        if (!withdrawn.signal.aborted) {
          this.waiting.delete(key);
          void this.show(uri, said, action);
        }
      });
    }, afterOwnMs);
    return fileError('Unavailable', brief[action?.kind ?? 'nothing']);
  }

  /** Withdraws what isn't shown yet, because the document is being saved again. */
  withdraw(uri: vscode.Uri): void {
    const key = uri.toString();
    this.waiting.get(key)?.abort();
    this.waiting.delete(key);
  }

  private async show(uri: vscode.Uri, text: string, action: Action | undefined): Promise<void> {
    const [{ showWithAction }, { waysOf }] = await Promise.all([
      import('../../ui/actionButtons'),
      import('./refusalActions'),
    ]);
    const services = { prompts: this.prompts(), log: this.log };
    try {
      await showWithAction('error', text, action, waysOf(uri, this.documents, services), services);
    } catch (error) {
      await showFailure(error, services);
    }
  }
}
