import { isPostHogError, type PostHogErrorKind } from '../posthog/errors';

/** The one thing a person can do about an outcome or a failure. A surface shows those that it can run. */
export type Action =
  | { readonly kind: 'replaceKey'; readonly connectionId: string }
  /** Do the same again: it may go well without anything else having changed. */
  | { readonly kind: 'retry' }
  /** Ask PostHog what became of a write. */
  | { readonly kind: 'checkAgain' }
  /** Show what somebody else changed beside what the person wants. */
  | { readonly kind: 'compare' }
  /** Do it in PostHog's own web interface. */
  | { readonly kind: 'openInPostHog' }
  /** Show the values that were refused, where they stand. */
  | { readonly kind: 'showProblems' }
  | { readonly kind: 'showLog' };

/**
 * What helps against each kind of failure. `correct`: nothing but correcting what the failure names, after which the
 * same may go well.
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
  cancelled: 'correct',
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
 * The action that a failure offers: this is the one place that knows. A mistake of ours offers the log.
 *
 * @param connectionId the connection that was spoken to, for failures that do not say it
 */
export function actionFor(error: unknown, connectionId?: string): Action | undefined {
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

/** The action that all of several failures offer, if they agree. */
export function commonAction(errors: readonly unknown[], connectionId?: string): Action | undefined {
  const [first, ...others] = errors.map((error) => actionFor(error, connectionId));
  return others.every((one) => one?.kind === first?.kind) ? first : undefined;
}

/** Whether the same may go well when it is sent again with the same key, perhaps after something was corrected. */
export function retryHelps(error: unknown): boolean {
  return isPostHogError(error) && (help[error.kind] === 'retry' || help[error.kind] === 'correct');
}
