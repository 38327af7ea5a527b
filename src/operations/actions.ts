import { isCanceled } from '../connections/failures';
import { isPostHogError, type PostHogErrorKind } from '../posthog/errors';

/** The one thing a user can do about an outcome or a failure. Each surface shows the actions it can run. */
export type Action =
  | { readonly kind: 'replaceKey'; readonly connectionId: string }
  /** Retry. This may succeed even if nothing else has changed. */
  | { readonly kind: 'retry' }
  /** Ask PostHog what happened to a write. */
  | { readonly kind: 'checkAgain' }
  /** Show someone else's change next to the user's version. */
  | { readonly kind: 'compare' }
  /** Decide between someone else's changes and the user's: nothing was sent. */
  | { readonly kind: 'resolve' }
  /** Do it in PostHog's web interface. */
  | { readonly kind: 'openInPostHog' }
  /** Let someone else make the change. */
  | { readonly kind: 'propose' }
  /** Show the rejected values in the document. */
  | { readonly kind: 'showProblems' }
  | { readonly kind: 'showLog' };

/** What a button for each action says. Only a retry may say more: what it writes to. */
export const actionLabels: Readonly<Record<Action['kind'], string>> = {
  replaceKey: 'Replace Key…',
  retry: 'Retry',
  checkAgain: 'Check Again',
  compare: 'Compare',
  resolve: 'Resolve…',
  openInPostHog: 'Open in PostHog',
  propose: 'Propose Change…',
  showProblems: 'Show Problems',
  showLog: 'Show Log',
};

/** The same in a panel, where buttons are in sentence case: `Replace key…`. */
export const panelLabel = (kind: 'replaceKey' | 'retry' | 'showLog'): string =>
  actionLabels[kind].charAt(0) + actionLabels[kind].slice(1).toLowerCase();

/**
 * The remedy for each kind of failure. `correct`: only correcting what the failure names helps; the request may succeed
 * then.
 */
const help: Readonly<
  Record<PostHogErrorKind, 'replaceKey' | 'openInPostHog' | 'retry' | 'correct' | 'nothing'>
> = {
  unauthorized: 'replaceKey',
  'missing-scope': 'replaceKey',
  'key-restricted': 'replaceKey',
  'keys-not-supported': 'openInPostHog',
  server: 'retry',
  throttled: 'retry',
  network: 'retry',
  timeout: 'retry',
  'html-answer': 'retry',
  validation: 'correct',
  conflict: 'correct',
  'unexpected-answer': 'correct',
  'proxy-auth': 'correct',
  proxy: 'correct',
  gateway: 'correct',
  certificate: 'correct',
  'file-unreadable': 'correct',
  'query-failed': 'correct',
  forbidden: 'nothing',
  'not-found': 'nothing',
  'endpoint-missing': 'nothing',
  'environments-gone': 'nothing',
  'payment-required': 'nothing',
  'unsupported-media-type': 'nothing',
  'too-large': 'nothing',
  'foreign-origin': 'nothing',
  redirected: 'nothing',
  'bad-address': 'nothing',
  'read-only': 'nothing',
};

/**
 * The action that a failure offers; decided here and nowhere else. A bug in the extension offers the log.
 *
 * @param connectionId the connection that was used, for failures that don't include it
 */
export function actionFor(error: unknown, connectionId?: string): Action | undefined {
  if (isCanceled(error)) {
    return undefined;
  }
  if (!isPostHogError(error)) {
    return { kind: 'showLog' };
  }
  const kind = help[error.kind];
  switch (kind) {
    case 'replaceKey': {
      const id = error.connectionId ?? connectionId;
      return id === undefined ? undefined : { kind, connectionId: id };
    }
    case 'openInPostHog':
    case 'retry':
      return { kind };
    default:
      return undefined;
  }
}

/**
 * The action on a surface that stays, such as a row or a panel. Retrying is offered there after the user corrected
 * something, too, but not after what no retry changes.
 */
export function lastingActionFor(error: unknown, connectionId?: string): Action | undefined {
  return actionFor(error, connectionId) ?? (retryHelps(error) ? { kind: 'retry' } : undefined);
}

/** The action that all of the failures offer, if they agree. */
export function commonAction(errors: readonly unknown[], connectionId?: string): Action | undefined {
  const [first, ...others] = errors.map((error) => actionFor(error, connectionId));
  return others.every((one) => one?.kind === first?.kind) ? first : undefined;
}

/** Whether the same request may succeed with the same key, perhaps after something was corrected. */
export function retryHelps(error: unknown): boolean {
  return (
    isCanceled(error) ||
    (isPostHogError(error) && (help[error.kind] === 'retry' || help[error.kind] === 'correct'))
  );
}
