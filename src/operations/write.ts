import { isStop, type Stop } from '../posthog/errors';

/** A request that changes something, and how to find out what happened to it. */
export interface Write<S> {
  /** Sends it. Resolves to what PostHog has now, or to `undefined` if the response doesn't include that. */
  send(): Promise<S | undefined>;
  /**
   * Asks PostHog what it has. Pass a signal that isn't aborted when the user cancels (`afterWrite`): they want to know.
   */
  look(): Promise<S>;
  /** Whether a state has at least a part of what was sent. */
  tookSome(state: S): boolean;
  /** Whether this operation has already sent another request, so that canceling now doesn't mean nothing happened. */
  readonly isSecond?: boolean;
}

/** The outcome of a request that changes something. */
export type Written<S> =
  /**
   * PostHog has at least a part of it. With `doubt`, the request itself got no usable response, and PostHog was asked.
   */
  | { readonly kind: 'there'; readonly state: S; readonly doubt?: Stop }
  /** PostHog refused it and changed nothing. */
  | { readonly kind: 'refused'; readonly error: Stop }
  /** The request got no usable response, and PostHog was asked and had nothing of it. */
  | { readonly kind: 'absent'; readonly state: S; readonly doubt: Stop }
  /**
   * Unknown what PostHog has. With `doubt`, the request got no usable response either; without, PostHog accepted it.
   */
  | { readonly kind: 'unknown'; readonly error: Stop; readonly doubt?: Stop };

/**
 * The one protocol for writes: send; if the outcome is unknown, ask; report what is left. Nothing is ever sent twice.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function write<S>({ send, look, tookSome, isSecond = false }: Write<S>): Promise<Written<S>> {
  let doubt: Stop | undefined;
  try {
    const state = await send();
    if (state !== undefined) {
      return { kind: 'there', state };
    }
  } catch (error) {
    if (!isStop(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      if (!isSecond) {
        throwIfCanceled(error);
      }
      return { kind: 'refused', error };
    }
    doubt = error;
  }
  return ask({ look, tookSome }, doubt);
}

/**
 * Asks what happened to something that was sent.
 *
 * @param doubt the error that left it open; without it, PostHog accepted it
 */
export async function ask<S>(
  { look, tookSome }: Pick<Write<S>, 'look' | 'tookSome'>,
  doubt: Stop | undefined,
): Promise<Written<S>> {
  let state: S;
  try {
    state = await look();
  } catch (error) {
    if (!isStop(error)) {
      throw error;
    }
    return { kind: 'unknown', error, ...(doubt && { doubt }) };
  }
  if (!doubt) {
    return { kind: 'there', state };
  }
  return tookSome(state) ? { kind: 'there', state, doubt } : { kind: 'absent', state, doubt };
}

/** Whether PostHog may still be working on a request without a response that a check didn't find applied. */
export const mayStillApply = ({ kind }: Stop): boolean => kind === 'timeout' || kind === 'canceled';

/** Canceling before anything was sent isn't a failure. @throws Canceled */
export function throwIfCanceled(error: unknown): void {
  if (isStop(error) && error.kind === 'canceled' && !error.mayHaveBeenApplied) {
    throw error;
  }
}
