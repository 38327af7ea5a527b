import { notDeleted } from './environments';
import { list } from './sentences';

/** For writes of an earlier session, whose responses no one received. */
export const stateOfLostWrite = {
  unknowable: 'There is no way to check whether it was applied.',
  gone: 'What it changed no longer exists.',
  deleted: 'Checked again: it was deleted, or is being deleted.',
  notDeleted,
  applied: 'Checked again: PostHog has the change.',
  notApplied: "Checked again: PostHog doesn't have the change.",
  partly: (there: readonly string[], missing: readonly string[]): string =>
    `Checked again: PostHog has ${list(there)}, but not ${list(missing)}.`,
} as const;

/** For a write whose response no one received. @param title names the change */
export const unconfirmedAtExit = (environment: string, title: string): string =>
  `VS Code closed before PostHog confirmed a change to ${environment} (${title}).`;

/** For a change that was taken back. @param verb the past participle that starts the sentence */
export const takenBack = (
  verb: 'Undone' | 'Restored',
  names: readonly string[],
  environment: string,
  table: string | undefined,
): string => `${verb}: ${list(names)}${table === undefined ? '' : ` of ${table}`} in ${environment}.`;

/** For a change that can't be taken back. */
export const changeCantBeUndone = "This change can't be undone.";

export const cantBeRestored = "This can't be restored.";

export const nothingAppliedToUndo = "PostHog didn't apply this change, so there is nothing to undo.";

export const nothingToUndo = 'There is nothing to undo: everything is as it was before.';

export const nothingToRestore = 'There is nothing to restore: PostHog already has this value.';

/** For the query behind a report that was canceled. */
export const queryStates = {
  canceled: 'PostHog canceled the query, too.',
  ended: 'PostHog is no longer running the query.',
  unconfirmed: "Couldn't confirm that PostHog canceled the query, too. It will end on its own.",
} as const;
