import type { PostHogError } from '../posthog/errors';

/**
 * The sentences about outcomes, each written once. Names in them are text of a server or of a person: whoever shows a
 * sentence shows it as text.
 */

/** `a`, `a and b`, `a, b, and c`. */
export function list(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}

/** Joins sentences, leaving out the empty ones. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** How a person repeats what did not work. */
export type Again = 'Save again' | 'Try again';

export const nothingSent = 'Nothing was sent.';

export const canceled = 'Nothing was sent to PostHog: you canceled. Your changes are still in the editor.';

/** Of a write without a usable answer that was found on the server. @param has what follows "PostHog was asked again and" */
export const confirmedAfterAll = ({ what }: PostHogError, has = 'has the change'): string =>
  sentences(what, `PostHog was asked again and ${has}.`);

/** Of a write without a usable answer that was not found on the server: it may still be at it where it was slow. */
export const notThereYet = ({ kind }: PostHogError, again: Again): string =>
  kind === 'timeout' || kind === 'cancelled'
    ? `PostHog was asked again: it does not have the change yet, but may still be working on it. ${again} in a moment.`
    : `PostHog was asked again: the change was not applied. ${again} to send it once more.`;

/** Of a write that nobody knows the outcome of. */
export const couldNotConfirm = (again: Again, whether = 'the change was saved'): string =>
  `Couldn't confirm whether ${whether}. ${again} when PostHog is reachable.`;

/** Of a write that PostHog accepted with an answer that does not say what it has. */
export const acceptedUnconfirmed = (again: Again, change: string): string =>
  `PostHog accepted ${change}, but couldn't be asked to confirm it. ${again} when PostHog is reachable.`;

/** Of values that PostHog answered success to and did not take. */
export const keptItsOwn = (names: readonly string[]): string =>
  `PostHog accepted the save but kept its own value for ${list(names)}.`;

/** Why it may have, where nothing more is known. */
export const mayBeOverridden = 'Your plan or another setting may override it.';

/** Of values without an answer to the write, which were looked for afterwards. */
export const doesNotHave = (names: readonly string[]): string =>
  `PostHog was asked again: it does not have ${list(names)}.`;

export const didApply = (names: readonly string[]): string =>
  names.length === 0 ? '' : `It did apply ${list(names)}.`;

export const changedSinceOpened = (names: readonly string[]): string =>
  `Someone changed ${list(names)} in PostHog after you opened this document. ${nothingSent}`;

export const changedMeanwhile = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Someone changed ${list(names)} in PostHog during this save.`;
