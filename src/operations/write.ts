import { Cancelled } from '../connections/failures';
import { isPostHogError, type PostHogError } from '../posthog/errors';

/** One request that changes something, and how to find out what became of it. */
export interface Write<S> {
  /** Sends it. Resolves to what PostHog has now, or to `undefined` where its answer does not say that. */
  send(): Promise<S | undefined>;
  /**
   * Asks PostHog what it has. Give it a signal that lives on when the person cancels (`afterWrite`): they want to know.
   */
  look(): Promise<S>;
  /** Whether a state that was looked at has at least a part of what was sent. */
  tookSome(state: S): boolean;
  /** Whether another request of the same operation was sent before: canceled now, it is not as if nothing happened. */
  readonly isSecond?: boolean;
}

/** What became of one request that changes something. */
export type Written<S> =
  /** PostHog has at least a part of it. With `doubt`, the request itself had no usable answer, and PostHog was asked. */
  | { readonly kind: 'there'; readonly state: S; readonly doubt?: PostHogError }
  /** PostHog refused it: it has what it had. */
  | { readonly kind: 'refused'; readonly error: PostHogError }
  /** The request had no usable answer, and PostHog, when it was asked, had nothing of it. */
  | { readonly kind: 'absent'; readonly state: S; readonly doubt: PostHogError }
  /**
   * Nobody knows what PostHog has. With `doubt`, the request had no usable answer either; without one, PostHog
   * accepted it.
   */
  | { readonly kind: 'unknown'; readonly error: PostHogError; readonly doubt?: PostHogError };

/**
 * The one protocol of a write: send; when nobody knows what became of it, ask; say what is left. Nothing is ever sent
 * twice.
 *
 * @throws Cancelled when the person canceled before anything was sent
 */
export async function write<S>({ send, look, tookSome, isSecond = false }: Write<S>): Promise<Written<S>> {
  let doubt: PostHogError | undefined;
  try {
    const state = await send();
    if (state !== undefined) {
      return { kind: 'there', state };
    }
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      if (!isSecond) {
        throwIfCancelled(error);
      }
      return { kind: 'refused', error };
    }
    doubt = error;
  }
  return ask({ look, tookSome }, doubt);
}

/**
 * Asks what became of something that was sent.
 *
 * @param doubt the error that left it open; without one, PostHog accepted it
 */
export async function ask<S>(
  { look, tookSome }: Pick<Write<S>, 'look' | 'tookSome'>,
  doubt: PostHogError | undefined,
): Promise<Written<S>> {
  let state: S;
  try {
    state = await look();
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    return { kind: 'unknown', error, ...(doubt && { doubt }) };
  }
  if (!doubt) {
    return { kind: 'there', state };
  }
  return tookSome(state) ? { kind: 'there', state, doubt } : { kind: 'absent', state, doubt };
}

/** Canceled before anything was sent is no failure. @throws Cancelled */
export function throwIfCancelled(error: unknown): void {
  if (isPostHogError(error) && error.kind === 'cancelled' && !error.mayHaveBeenApplied) {
    throw new Cancelled();
  }
}
