import { nothingSent } from '../../posthog/outcomePhrases';
import { list, sentences } from './sentences';

export const canceled =
  'Save canceled. Nothing was sent to PostHog, and your changes are still in the editor.';

/** For the log. @param place what was being saved */
export const saveCanceledLog = (place: string): string => `Save canceled (${place}). ${nothingSent}`;

const saveToSend = 'Save to send your changes.';

/** For a document whose conflicts are all resolved. */
export const allResolved = `All conflicts are resolved. ${saveToSend}`;

/** For a document that was merged in VS Code's merge editor. */
export const mergedInEditor = (document: string): string =>
  `The merged version of ${document} is in the editor. ${saveToSend}`;

/** For a merge that was completed without a decision. @param names where neither side was chosen */
export const mergedWithConflicts = (document: string, names: readonly string[]): string =>
  `The merged version of ${document} is in the editor, but still has conflicts: neither side was chosen for ${list(names)}.`;

/** For a save that was stopped to look at its changes first. */
export const reviewFirst = 'Nothing was sent to PostHog. Review the changes, then save again to send them.';

export const autoSaveSendsNothing = `Auto-save never sends changes to PostHog. ${nothingSent} Save the document yourself.`;

/** For saving the draft of a proposal. */
export const proposalNotSaved =
  'A draft of a proposal is never saved to PostHog. Nothing was sent. Use Propose Change to write it to a file that someone else can apply.';

/** The same for a single value, next to it. */
export const keptItsOwnHere = (noun: 'value' | 'type'): string =>
  `PostHog accepted the save but kept its own ${noun}.`;

export const saveTheRest = 'Save again to send the rest.';

/** For a save with an unknown outcome, after a check. @param others what has neither the old value nor the new one */
export function stateAfterCheck(
  there: readonly string[],
  missing: readonly string[],
  others: readonly string[],
): string {
  if (missing.length === 0 && others.length === 0) {
    return there.length === 0
      ? 'Checked again: there is nothing left to save.'
      : `Checked again: PostHog has ${list(there)} as you saved it.`;
  }
  const states = [
    there.length === 0 ? '' : `PostHog has ${list(there)}.`,
    missing.length === 0 ? '' : `PostHog doesn't have ${list(missing)}.`,
    others.length === 0
      ? ''
      : `PostHog has ${others.length === 1 ? 'a different value' : 'different values'} for ${list(others)}.`,
  ];
  return sentences(`Checked again: ${sentences(...states)}`, saveTheRest);
}

/** For values that a check after a lost response didn't find. */
export const doesNotHave = (names: readonly string[]): string =>
  `Checked again: PostHog doesn't have ${list(names)}.`;

export const changedSinceOpened = (names: readonly string[], who: readonly string[] = ['Someone']): string =>
  `${list(who)} changed ${list(names)} in PostHog after you opened this document. ${nothingSent}`;

export const invalidMerge = "Your changes and someone else's can't be combined.";

export const changedMeanwhile = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Someone changed ${list(names)} in PostHog during this save.`;

/** At a value that someone else changed during the save. */
export const changedMeanwhileHere = 'Someone changed this in PostHog during the save.';

/** For values that the server stores in its own form. */
export const storedDifferently = (names: readonly string[]): string =>
  `${list(names)}: PostHog stores ${names.length === 1 ? 'this' : 'these'} in a different form, which the document now shows.`;

/** For settings that were removed from the document. */
export const keepsMissing = (names: readonly string[]): string =>
  `${list(names)}: not in the document, so PostHog keeps ${names.length === 1 ? 'its value' : 'their values'}. To clear a setting, set it to null instead of removing it.`;

/** For a save that was rejected because of some values. */
export const rejectedValues = (
  names: readonly string[],
): { readonly what: string; readonly remedy: string } => ({
  what: `PostHog rejected ${list(names)}.`,
  remedy: `Correct ${names.length === 1 ? 'it' : 'them'} and save again.`,
});

/** For column types that weren't sent because an earlier part of the save failed. @param types what they would be */
export const typesNotSent = (types: string): string => `Not sent: ${types}.`;

/** For the part of a save that was applied. */
export const appliedSoFar = (names: readonly string[]): string =>
  names.length > 0 ? `Applied: ${list(names)}.` : '';

/** For column types whose request has no response yet. @param types what they change to */
export const typesMayStillCome = (types: string): string =>
  `Checked again: PostHog doesn't have ${types} yet, but may still be working on it. Save again in a moment.`;

export const typesNotApplied = (types: string): string => `Not applied: ${types}.`;
