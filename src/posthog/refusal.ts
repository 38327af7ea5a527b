import type { PostHogErrorFacts, PostHogErrorKind } from './errors';

/** A response without success. */
export interface Refusal {
  status: number;
  /** The parsed body; undefined if there is none or it isn't JSON. */
  json: unknown;
  isHtml: boolean;
  /** The beginning of what came instead of JSON, to recognize known pages; never shown. */
  page: string;
  /** The `WWW-Authenticate` header; empty if there is none. */
  challenge: string;
  retryAfterSeconds: number | undefined;
  origin: string;
  /** Whether the request could have changed something on the server. */
  isWrite: boolean;
  /** Used only to remove it from texts. */
  key: string;
}

/** The sentences of a refusal, for its error. */
export type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'> & {
  scope?: string;
  /** What it's about, if the server doesn't say. */
  attr?: string;
};

/** A refusal for a reason that only the server knows. */
export function refusedBecause(
  kind: PostHogErrorKind,
  what: string,
  detail: string,
  remedy: string,
): Sentences {
  return { kind, what, why: isMeaningless(detail) ? '' : quoted(detail), remedy };
}

/** Texts that say no more than the status. */
export const isMeaningless = (detail: string): boolean =>
  detail === '' || /^(a server error occurred|permission denied|error)\.?$/i.test(detail);

/** Why API keys are refused. */
export const onlySignedIn = 'Only people who are signed in to its web interface can.';

/** The server's own message. */
export const quoted = (detail: string): string =>
  `It says: ${/[.!?…]$/.test(detail) ? detail : `${detail}.`}`;
