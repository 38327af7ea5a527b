import type * as vscode from 'vscode';
import type { Action } from '../operations/actions';
import { showFailure } from '../ui/failureNotification';
import { fileError } from '../ui/fileErrors';
import type { Prompts } from '../ui/prompts';
import type { Documents } from './documents';
import { outcomeUnknown } from '../posthog/outcomePhrases';

/** VS Code shows its own notification of a failed save above every other that is not later by this. */
const afterOwnMs = 300;

/** What VS Code's own notification says, where ours says what happened and what helps. */
const brief: Readonly<Record<Action['kind'] | 'nothing', string>> = {
  resolve: 'conflict',
  compare: 'not everything was saved',
  showProblems: 'problems in the document',
  replaceKey: 'API key not accepted',
  checkAgain: outcomeUnknown,
  retry: 'PostHog failed',
  openInPostHog: 'not possible with an API key',
  showLog: 'internal error',
  nothing: 'not accepted',
};

/**
 * Says why a document was not saved. VS Code's own notification names the file, and cannot be left out or given another
 * button: it says as little as it can, and ours stands above it with what happened and the one thing that helps.
 */
export class SaveRefusals {
  /** What is not shown yet. */
  private readonly waiting = new Map<string, AbortController>();

  constructor(
    private readonly documents: Documents,
    private readonly prompts: () => Prompts,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * @param better says more than the text, and comes a little later
   * @returns the error to throw
   */
  tell(
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

  /** Keeps back what is not shown yet: the document is being saved again. */
  withdraw(uri: vscode.Uri): void {
    const key = uri.toString();
    this.waiting.get(key)?.abort();
    this.waiting.delete(key);
  }

  private async show(uri: vscode.Uri, text: string, action: Action | undefined): Promise<void> {
    const [{ showWithAction }, { waysOf }] = await Promise.all([
      import('../ui/actionButtons'),
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
