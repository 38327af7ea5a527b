import type { PostHogErrorFacts, PostHogErrorKind } from './errors';

/** An answer that is not a success. */
export interface Refusal {
  status: number;
  /** The parsed body; undefined when there is none or it is no JSON. */
  json: unknown;
  isHtml: boolean;
  /** The beginning of what came instead of JSON: what is known of it is recognised, nothing of it is shown. */
  page: string;
  /** The header WWW-Authenticate; empty when there is none. */
  challenge: string;
  retryAfterSeconds: number | undefined;
  origin: string;
  /** The request could change something on the server. */
  isWrite: boolean;
  /** Only used to take it out of texts. */
  key: string;
}

/** What a refusal says, before it is an error. */
export type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'> & {
  scope?: string;
  /** What it is about, where the envelope does not say so. */
  attr?: string;
};

/** A refusal whose reason only the server knows. */
export function refusedBecause(
  kind: PostHogErrorKind,
  what: string,
  detail: string,
  remedy: string,
): Sentences {
  return { kind, what, why: isMeaningless(detail) ? '' : quoted(detail), remedy };
}

/** Texts that say no more than the status does. */
export const isMeaningless = (detail: string): boolean =>
  detail === '' || /^(a server error occurred|permission denied|error)\.?$/i.test(detail);

/** The server's own words. */
export const quoted = (detail: string): string =>
  `It says: ${/[.!?…]$/.test(detail) ? detail : `${detail}.`}`;
