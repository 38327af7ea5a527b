import type * as vscode from 'vscode';
import { failureText } from '../connections/failures';
import { isPostHogError, type PostHogErrorKind } from '../posthog/errors';
import type { Documents } from './documents';

/** How long a response counts as current. */
const freshMs = 3_000;

/**
 * Reloads open documents when the window gets focus, because another window or person may have changed them. Documents
 * with unsaved changes, and those loaded a moment ago, are left alone.
 */
export class FocusRefresh implements vscode.Disposable {
  private isFocused = true;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly log: vscode.LogOutputChannel,
    onDidChangeWindowState: vscode.Event<Pick<vscode.WindowState, 'focused'>>,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.subscription = onDidChangeWindowState(({ focused }) => {
      const isBack = focused && !this.isFocused;
      this.isFocused = focused;
      if (isBack) {
        void this.refresh();
      }
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async refresh(): Promise<void> {
    const unreachable = new Set<string>();
    for (const state of this.documents.shownInTabs()) {
      const { uri, target, view } = state;
      if (
        view !== 'edit' ||
        target.kind === 'new' ||
        unreachable.has(target.connectionId) ||
        this.documents.hasEdits(state) ||
        this.nowMs() - state.askedAtMs < freshMs
      ) {
        continue;
      }
      state.askedAtMs = this.nowMs();
      try {
        await this.documents.refresh(uri);
      } catch (error) {
        if (concernsConnection(error)) {
          unreachable.add(target.connectionId);
        }
        this.log.info(`An open document may be out of date: ${failureText(error, this.log)}`);
      }
    }
  }
}

/** Kinds of failures that other documents of the connection would have, too. */
const ofConnection: ReadonlySet<PostHogErrorKind> = new Set([
  'unauthorized',
  'throttled',
  'html-answer',
  'network',
  'proxy-auth',
  'proxy',
  'gateway',
  'certificate',
  'timeout',
  'foreign-origin',
  'redirected',
  'bad-address',
]);

/** A document can be gone, forbidden, or too much for the server, while others are fine. */
function concernsConnection(error: unknown): boolean {
  return (
    isPostHogError(error) &&
    (ofConnection.has(error.kind) || (error.kind === 'server' && error.status !== 500))
  );
}
