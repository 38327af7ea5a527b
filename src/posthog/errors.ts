/** What went wrong, as a word that callers switch on. Sentences are in the error itself. */
export type PostHogErrorKind =
  | 'unauthorized'
  | 'missing-scope'
  | 'keys-not-supported'
  /** The person made the environment read-only on this computer: the write was not sent. */
  | 'read-only'
  /** A key limited to some projects or organizations was used outside of them. */
  | 'key-restricted'
  | 'forbidden'
  | 'not-found'
  /** The server does not know the route or method at all: another version of PostHog, or no PostHog. */
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
  /** The proxy between this computer and the server: not there, or it does not let the request through. */
  | 'proxy'
  /** Something in front of PostHog wants a sign-in of its own; the API key is of no use there. */
  | 'gateway'
  | 'certificate'
  | 'timeout'
  | 'cancelled'
  | 'foreign-origin'
  /** A redirect on the same origin that must not be followed with a body, or too many of them. */
  | 'redirected'
  | 'bad-address'
  | 'environments-gone'
  /** The local file of an upload could not be read, or changed while it was sent. */
  | 'file-unreadable'
  /** A query reached the server and failed there. */
  | 'query-failed';

/** The facts of a failure. */
export interface PostHogErrorFacts {
  kind: PostHogErrorKind;
  /** Sentence: what happened. */
  what: string;
  /** Sentence: why, as far as it is known; may be empty. */
  why: string;
  /** Sentence: what the person can do about it. */
  remedy: string;
  /** HTTP status, when there was an answer. */
  status?: number | undefined;
  /** The envelope's `code`, or the connection's error code (API facts 1.5). */
  code?: string | undefined;
  /** The envelope's `attr`: a field path joined with `__` (API facts 1.5). */
  attr?: string | undefined;
  /** The server's own words, shortened and without secrets. */
  detail?: string | undefined;
  /** The scope that the key lacks, for example `project:write`. */
  scope?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** A write whose outcome is unknown: the server may have done it. */
  mayHaveBeenApplied?: boolean;
  /** The connection that was spoken to, so that whoever shows the failure can offer to mend it. */
  connectionId?: string | undefined;
  /** For the log: names, codes and addresses of the connection's own errors, or the server's words; no secrets. */
  technical?: string | undefined;
}

/** Known to every bundle of the extension, so that an error crosses from one to another. */
const brand = Symbol.for('posthog-environments.PostHogError');

/**
 * The one family of failures of everything that talks to PostHog. Its message is made of sentences for people;
 * it never holds the key, a raw body or another error's stack.
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
  readonly technical: string | undefined;

  constructor(facts: PostHogErrorFacts) {
    super([facts.what, facts.why, facts.remedy].filter((sentence) => sentence !== '').join(' '));
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
    this.technical = facts.technical;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a caught value is a {@link PostHogError}, also one made by another bundle's copy of the class. */
export function isPostHogError(error: unknown): error is PostHogError {
  return error instanceof Error && brand in error;
}

/** The same failure in other words, for a caller who knows more of it. */
export function restate(
  error: PostHogError,
  changes: Partial<Pick<PostHogErrorFacts, 'what' | 'why' | 'remedy' | 'connectionId'>>,
): PostHogError {
  const { kind, what, why, remedy, status, code, attr, detail, scope } = error;
  const { retryAfterSeconds, mayHaveBeenApplied, connectionId, technical } = error;
  return new PostHogError({
    ...{ kind, what, why, remedy, status, code, attr, detail, scope },
    ...{ retryAfterSeconds, mayHaveBeenApplied, connectionId, technical },
    ...changes,
  });
}
