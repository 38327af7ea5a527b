import type { Action } from '../actions';
import { notApplied, unknown, type NotApplied, type Unknown } from '../outcome';
import { sentences } from '../phrases/sentences';
import { notThereYet, type Again } from '../phrases/writes';
import { mayStillApply, type Written } from '../write';

/**
 * The outcome of a request without a usable response, if PostHog was asked and doesn't have the change.
 *
 * @param again how to repeat it; or a sentence about what PostHog has instead
 * @param also what to say about the rest
 */
export function absentOutcome(
  { doubt }: Pick<Extract<Written<unknown>, { kind: 'absent' }>, 'doubt'>,
  again: Again | { readonly instead: string },
  also = '',
): NotApplied {
  const state = typeof again === 'string' ? notThereYet(doubt, again) : again.instead;
  return notApplied(doubt.what, {
    why: sentences(doubt.why, state, also),
    action: { kind: 'retry' },
    isOpen: mayStillApply(doubt),
    cause: doubt,
  });
}

/**
 * The outcome of a request with an unknown effect.
 *
 * @param what a sentence
 * @param also what to say about the rest
 */
export function unknownOutcome(
  { error, doubt }: Pick<Extract<Written<unknown>, { kind: 'unknown' }>, 'error' | 'doubt'>,
  what: string,
  { also = '', action }: { readonly also?: string; readonly action?: Action | undefined } = {},
): Unknown {
  const cause = doubt ?? error;
  return unknown(what, { why: sentences(cause.what, cause.why, also), action, cause });
}
