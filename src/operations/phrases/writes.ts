import type { Stop } from '../../posthog/errors';
import { mayStillApply } from '../write';
import { list, sentences } from './sentences';

/** How to repeat what failed. */
export type Again = 'Save again' | 'Apply again' | 'Try again' | 'Refresh the table' | 'Refresh the list';

export const cantBeUndone = "This can't be undone.";

export const nothingSentYet = 'Nothing has been sent yet.';

export const nothingChanged = 'Nothing was changed.';

/** For several items. @param verb the past-tense verb that starts a sentence: `Deleted` */
export const doneOf = (verb: string, done: number, all: number): string => `${verb} ${done} of ${all}.`;

/** For items not started before the user canceled. */
export const canceledBefore = (names: readonly string[]): string => `Not started: ${names.join(', ')}.`;

/** For a write without a usable response that turned out to be applied. @param has what follows "PostHog" */
export const confirmedAfterAll = ({ what }: Stop, has = 'has the change'): string =>
  sentences(what, `Checked again: PostHog ${has}.`);

/** For a write without a usable response that a check didn't find. A slow server may still be working on it. */
export const notThereYet = (doubt: Stop, again: Again): string =>
  mayStillApply(doubt)
    ? `Checked again: PostHog doesn't have the change yet, but may still be working on it. ${again} in a moment.`
    : `Checked again: the change wasn't applied. ${again}.`;

/** For `couldNotConfirm`: what may have happened to something. */
export const whether = {
  saved: (change: string): string => `${change} was saved`,
  created: (name: string): string => `${name} was created`,
  deleted: (name: string): string => `${name} was deleted`,
  applied: (change: string): string => `PostHog applied ${change}`,
} as const;

/** For a write with an unknown outcome. @param what a clause of `whether` */
export const couldNotConfirm = (again: Again, what = whether.saved('the change')): string =>
  `Couldn't confirm whether ${what}. ${again} when PostHog is reachable.`;

/** For a write that PostHog accepted without returning what it has. */
export const acceptedUnconfirmed = (again: Again, change: string): string =>
  `PostHog accepted ${change}, but this couldn't be confirmed. ${again} when PostHog is reachable.`;

/** For values that PostHog accepted but didn't apply. @param accepted what it accepted */
export const keptItsOwn = (names: readonly string[], accepted = 'the save'): string =>
  `PostHog accepted ${accepted} but kept its own ${names.length === 1 ? 'value' : 'values'} for ${list(names)}.`;

/** The likely reason, if nothing more is known. */
export const mayBeOverridden = 'Your plan or another setting may override it.';

export const didApply = (names: readonly string[]): string =>
  names.length === 0 ? '' : `PostHog did apply ${list(names)}.`;
