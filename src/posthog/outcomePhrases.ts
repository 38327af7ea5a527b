/**
 * The sentences about the outcome of a request, for errors of the layers below `operations`. Sentences about what an
 * operation did are in `operations/phrases`; a lint rule keeps them out of all other files.
 */

export const nothingSent = 'Nothing was sent.';

export const nothingUploaded = 'Nothing was uploaded.';

/** A short label. */
export const outcomeUnknown = 'outcome unknown';

export const readOnlyHere = 'The environment is read-only on this computer.';

export const allowSaving = 'To make changes, choose Allow Saving from its context menu.';

/** Like {@link readOnlyHere}, if a settings file says so: this computer can't allow what the file doesn't. */
export const fileSaysReadOnly = (file: string): { what: string; remedy: string } => ({
  what: `The settings file ${file} makes the environment read-only.`,
  remedy: `To make changes, remove "readOnly" from ${file}.`,
});

/** For a write without a usable response. @param next what to do after that */
export const refreshToConfirm = (next = ''): string =>
  `Couldn't confirm whether the change was made. Refresh to see the current state${next && `, ${next}`}.`;

/** For a write that PostHog accepted, but with a response that can't be read. */
export const probablyChanged = 'The change was probably made. Refresh to see the current state.';
