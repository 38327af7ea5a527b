import type * as vscode from 'vscode';
import type { Action } from '../../operations/actions';
import type { CheckedHistory } from '../../operations/history/recordCheck';
import { showFailure } from '../../ui/failureNotification';
import { fileError } from '../../ui/fileErrors';
import type { Prompts } from '../../ui/prompts';
import type { Documents } from '../documents';
import { isInActiveTab } from './activeTab';
import type { SaveTurn } from '../documentSlots';
import { outcomeUnknown } from '../../posthog/outcomePhrases';

/** VS Code's own notification of a failed save stays below notifications that appear later by this. */
const afterOwnMs = 300;

/** The text of VS Code's own notification. The extension's explains what happened and what to do. */
const brief: Readonly<Record<Action['kind'] | 'nothing', string>> = {
  resolve: 'conflict',
  compare: 'only partly saved',
  propose: 'a proposal is never sent',
  showProblems: 'problems in the document',
  replaceKey: 'API key rejected',
  checkAgain: outcomeUnknown,
  // Or a proxy, the network, or the user, who canceled it.
  retry: 'the request failed',
  openInPostHog: 'not allowed with an API key',
  showLog: 'internal error',
  nothing: 'rejected',
};

/**
 * Shows why a document wasn't saved. VS Code's own notification names the file and can't be suppressed or get another
 * button, so it says as little as possible. The extension's appears above it and says what happened and what to do.
 */
export class SaveRefusals {
  constructor(
    private readonly documents: Documents,
    private readonly services: { prompts(): Prompts; history(): Promise<CheckedHistory> },
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * @param turn the save that was refused
   * @param better a text that says more, but takes a little longer
   * @returns the error to throw
   */
  report(
    turn: SaveTurn,
    uri: vscode.Uri,
    text: string,
    action: Action | undefined,
    better?: Promise<string | undefined>,
  ): vscode.FileSystemError {
    turn.refuse(async (again) => {
      await new Promise((resolve) => setTimeout(resolve, afterOwnMs));
      const said = (await better) ?? text;
      if (!again.aborted) {
        // With Save All, several may be refused.
        const about = isInActiveTab(uri) ? '' : `${this.documents.textOf(uri)}: `;
        void this.show(uri, about + said, action);
      }
    });
    return fileError('Unavailable', brief[action?.kind ?? 'nothing']);
  }

  private async show(uri: vscode.Uri, text: string, action: Action | undefined): Promise<void> {
    const [{ showWithAction }, { waysOf }] = await Promise.all([
      import('../../ui/actionButtons'),
      import('./refusalActions'),
    ]);
    const services = {
      prompts: this.services.prompts(),
      log: this.log,
      history: () => this.services.history(),
    };
    try {
      await showWithAction('error', text, action, waysOf(uri, this.documents, services), services);
    } catch (error) {
      await showFailure(error, services);
    }
  }
}
