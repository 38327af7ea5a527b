import { nothingSent } from './outcomePhrases';

/** The kind of failure, for callers to switch on. The error itself carries the sentences. */
export type PostHogErrorKind =
  | 'unauthorized'
  | 'missing-scope'
  | 'keys-not-supported'
  /** The user or a settings file made the environment read-only, so the write wasn't sent. */
  | 'read-only'
  /** A key limited to certain projects or organizations was used outside them. */
  | 'key-restricted'
  | 'forbidden'
  | 'not-found'
  /** The server doesn't know the route or method: a different version of PostHog, or not PostHog at all. */
  | 'endpoint-missing'
  | 'validation'
  | 'conflict'
  | 'throttled'
  | 'payment-required'
  | 'unsupported-media-type'
  | 'too-large'
  | 'server'
  | 'html-answer'
  | 'unexpected-answer'
  | 'network'
  | 'proxy-auth'
  /** The proxy between this computer and the server is unreachable or blocks the request. */
  | 'proxy'
  /** Something in front of PostHog requires its own sign-in and doesn't accept the API key. */
  | 'gateway'
  | 'certificate'
  | 'timeout'
  | 'foreign-origin'
  /** A redirect within the origin that must not be followed with a body, or too many redirects. */
  | 'redirected'
  | 'bad-address'
  | 'environments-gone'
  /** The local file of an upload couldn't be read, or changed while it was being sent. */
  | 'file-unreadable'
  /** A query reached the server, but failed there. */
  | 'query-failed';

/** The facts of a failure. */
export interface PostHogErrorFacts {
  kind: PostHogErrorKind;
  /** Sentence: what happened. */
  what: string;
  /** Sentence: why, as far as known; may be empty. */
  why: string;
  /** Sentence: what the user can do about it. */
  remedy: string;
  /** The HTTP status, if there was a response. */
  status?: number | undefined;
  /** The envelope's `code`, or the connection's error code (API facts 1.5). */
  code?: string | undefined;
  /** The envelope's `attr`: a field path joined with `__` (API facts 1.5). */
  attr?: string | undefined;
  /** The server's own message, shortened and without secrets. */
  detail?: string | undefined;
  /** The scope that the key is missing, for example `project:write`. */
  scope?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** A write with an unknown outcome: the server may have applied it. */
  mayHaveBeenApplied?: boolean;
  /** The connection that was used, so that the failure can be shown with a way to fix it. */
  connectionId?: string | undefined;
  /** The redacted cause, for the log only. Create it with `safeCause`: a caught error may contain headers, and so the key. */
  cause?: Error | undefined;
}

/** Shared by all bundles of the extension, so that they recognize each other's errors. */
const brand = Symbol.for('posthog-environments.PostHogError');
const canceledBrand = Symbol.for('posthog-environments.Canceled');

/**
 * The one family of errors for everything that talks to PostHog. Its message consists of sentences for the user
 * and never contains the key, a raw body, or another error's stack.
 */
export class PostHogError extends Error {
  readonly kind: PostHogErrorKind;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly attr: string | undefined;
  readonly detail: string | undefined;
  readonly scope: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly mayHaveBeenApplied: boolean;
  readonly connectionId: string | undefined;

  constructor(facts: PostHogErrorFacts) {
    super(
      [facts.what, facts.why, facts.remedy].filter((sentence) => sentence !== '').join(' '),
      facts.cause && { cause: facts.cause },
    );
    this.name = 'PostHogError';
    this.kind = facts.kind;
    this.what = facts.what;
    this.why = facts.why;
    this.remedy = facts.remedy;
    this.status = facts.status;
    this.code = facts.code;
    this.attr = facts.attr;
    this.detail = facts.detail;
    this.scope = facts.scope;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.mayHaveBeenApplied = facts.mayHaveBeenApplied ?? false;
    this.connectionId = facts.connectionId;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** For a write to a read-only environment. @param reason sentences */
export const readOnlyError = ({ what, remedy }: { what: string; remedy: string }): PostHogError =>
  new PostHogError({ kind: 'read-only', what: `${what} ${nothingSent}`, why: '', remedy });

/** Whether a caught value is a {@link PostHogError}, even one created by another bundle's copy of the class. */
export function isPostHogError(error: unknown): error is PostHogError {
  return error instanceof Error && brand in error;
}

/**
 * Someone canceled. This is the only kind of cancellation, wherever it was noticed: neither a success nor a failure, and
 * never shown as one.
 */
export class Canceled extends Error {
  readonly kind = 'canceled';
  readonly what = 'The request was canceled.';
  readonly why = '';
  /** PostHog wasn't asked, or hasn't answered. */
  readonly detail = undefined;
  readonly attr = undefined;
  readonly remedy: string;
  /** A write had already been sent: the server may have applied it. */
  readonly mayHaveBeenApplied: boolean;
  /** The text for a surface that can't stay silent, such as an editor that keeps its changes. */
  readonly note: string | undefined;

  constructor({ note, mayHaveBeenApplied = false, remedy = '' }: CanceledFacts = {}) {
    super(note ?? 'Canceled');
    this.name = 'Canceled';
    this.note = note;
    this.mayHaveBeenApplied = mayHaveBeenApplied;
    this.remedy = remedy;
    Object.defineProperty(this, canceledBrand, { value: true });
  }
}

interface CanceledFacts {
  note?: string;
  mayHaveBeenApplied?: boolean;
  remedy?: string;
}

/** Whether a caught value is a {@link Canceled}, including one from another bundle's copy of the class. */
export const isOurCanceled = (error: unknown): error is Canceled =>
  error instanceof Error && canceledBrand in error;

/** The causes of an error as one line for the log, outermost first; undefined if there are none. */
export function causesText(error: unknown): string | undefined {
  const words: string[] = [];
  for (let cause = causeOf(error); cause instanceof Error; cause = causeOf(cause)) {
    words.push(cause.message);
  }
  return words.length === 0 ? undefined : words.join(' ← ');
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** What ends a call without a result: a failure or a cancellation. */
export type Stop = PostHogError | Canceled;

/** Whether a caught value is an expected end of a call rather than a bug. */
export const isStop = (error: unknown): error is Stop => isPostHogError(error) || isOurCanceled(error);

/** The same failure in different words, for a caller who knows more about it. */
export function restate(
  error: PostHogError,
  changes: Partial<Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy' | 'connectionId'>>,
): PostHogError {
  const { kind, what, why, remedy, status, code, attr, detail, scope } = error;
  const { retryAfterSeconds, mayHaveBeenApplied, connectionId, cause } = error;
  return new PostHogError({
    ...{ kind, what, why, remedy, status, code, attr, detail, scope },
    ...{ retryAfterSeconds, mayHaveBeenApplied, connectionId },
    cause: cause instanceof Error ? cause : undefined,
    ...changes,
  });
}
