import { namesText } from '../json/namesText';
import type { Stop } from '../posthog/errors';
import { nothingSent } from '../posthog/outcomePhrases';

/**
 * The sentences about outcomes, each written once: a lint rule keeps them out of all other files. Names in them come
 * from the server or the user: always show the sentences as plain text.
 */

/** `a`, `a and b`, `a, b, and c`. */
export function list(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}

/** Joins sentences, leaving out the empty ones. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** How to repeat what failed. */
export type Again = 'Save again' | 'Apply again' | 'Try again' | 'Refresh the table' | 'Refresh the list';

export { nothingSent };

export const cantBeUndone = "This can't be undone.";

export const nothingSentYet = 'Nothing has been sent yet.';

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

export const nothingChanged = 'Nothing was changed.';

/** For all environments of a plan. */
export const allApplied = 'All planned changes were applied.';

/** For a response that differs from the rehearsal. */
export const rehearsalDiffered = {
  accepted: 'PostHog accepted this, although the rehearsal rejected it.',
  refused: 'In the rehearsal, PostHog would have accepted this.',
} as const;

/** For an environment to which nothing is copied. @param where the environment */
export const nothingCopied = (where: string): string => `${where}: nothing is copied to it.`;

/** For an environment that already has everything that would be copied. */
export const needsNoChanges = (where: string): string => `${where} doesn't need any changes.`;

/** For changes that were planned or proposed, but can't be applied. */
export const cantBeChangedAs = (name: string, how: 'planned' | 'proposed'): string =>
  `${name} can't be changed as ${how}.`;

/** For changes that were planned before someone else changed the same settings. */
export const changedSincePlanned = (names: readonly string[], environment: string): string =>
  `Someone changed ${list(names)} in ${environment} after this was planned.`;

export const planAgain = 'Plan again to see the current values.';

/** For settings that a settings file makes read-only. */
export const readOnlyInFile = (name: string): string => `The settings file says that ${name} is read-only.`;

/** For several items. @param verb the past-tense verb that starts a sentence: `Deleted` */
export const doneOf = (verb: string, done: number, all: number): string => `${verb} ${done} of ${all}.`;

/** For items not started before the user canceled. */
export const canceledBefore = (names: readonly string[]): string => `Not started: ${names.join(', ')}.`;

/** For columns that have their new types. */
export function areNow(table: string, updates: Readonly<Record<string, string>>): string {
  const names = Object.keys(updates);
  const types = [...new Set(Object.values(updates))];
  return `${table}: ${namesText(names)} ${names.length === 1 ? 'is' : 'are'} now ${types.join(', ')}.`;
}

/** The types of columns. */
export const typesAre = (table: string, columns: readonly { name: string; type: string }[]): string =>
  `${table}: ${namesText(columns.map(({ name, type }) => `${name} is ${type}`))}.`;

/** For columns whose declared type doesn't match the data. */
export const typesDoNotMatch = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `${namesText(names)}: the new type doesn't match the data, so queries leave the column${names.length === 1 ? '' : 's'} out. Choose another type.`,
      ];

/** For types that PostHog accepted but didn't apply. */
export const didNotChange = (names: readonly string[], table: string): string =>
  `PostHog accepted the change but kept its own ${names.length === 1 ? 'type' : 'types'} for ${namesText(names)} of ${table}. Refresh the table's schema and try again.`;

/** For a table's columns after its files were read again. @param difference in words; undefined if there is none */
export const columnsChanged = (table: string, difference: string | undefined, columns: number): string =>
  difference === undefined ? `${table}: no changes (${columnsText(columns)}).` : `${table}: ${difference}.`;

/** For files that may have been read again, if the columns don't show it. */
export const columnsAsTheyWere = "Checked again: the columns haven't changed. Check the files and try again.";

export const mayStillRefresh = (table: string): string =>
  `Canceled. PostHog may still be reading the files of ${table}, and its columns may change in the next few minutes.`;

/** For storage credentials, which aren't used until the files are read. */
export const hasNewCredentials = (table: string): string =>
  `Replaced the storage credentials of ${table}. PostHog will use them when it next reads the files.`;

export const mayHaveNewCredentials = (table: string): string =>
  `Canceled. PostHog may already have the new storage credentials of ${table}.`;

const columnsText = (count: number): string => `${count} ${count === 1 ? 'column' : 'columns'}`;

export const isLinked = (table: string, columns: number): string =>
  `Linked ${table} with ${columnsText(columns)}.`;

export const createdBeforeCancel = (table: string): string =>
  `Canceled too late. PostHog had already created ${table}.`;

/** @param asked PostHog was asked, and doesn't have the table */
export const maybeCreatedSoon = (table: string, asked: boolean): string =>
  `Canceled. ${asked ? `PostHog has no table ${table} yet.` : "Couldn't check the progress in PostHog."} It may still be reading the files and creating the table. Refresh the list to check again.`;

/** For a table that wasn't found after a request without a usable response. */
export const thereIsNoTable = (table: string): string =>
  `Checked again: there is no table ${table}. Try again in a moment.`;

/** For a file that became a table. @param existed the table already existed */
export const isUploaded = (file: string, table: string, columns: number, existed: boolean): string =>
  existed
    ? `${file} replaced the content of ${table}, which now has ${columnsText(columns)}.`
    : `Uploaded ${file} as ${table} with ${columnsText(columns)}.`;

const uploadAgain = 'You can safely upload the file again.';

/** For a file that didn't arrive. */
export const noTableTouched = `No table was created or changed. ${uploadAgain}`;

/** For a failed upload that left something behind. */
export const hasLeftEmptyTable = (table: string): string =>
  `The upload left an empty table ${table} without columns.`;

export const leftoverRemoved = (table: string): string => `Removed ${table}. Nothing is left of the upload.`;

/** @param why the sentences of the outcome */
export const notRemoved = (table: string, why: string): string =>
  `${table} wasn't removed. ${why} Use Delete Table… to try again.`;

/** For a file that PostHog accepted without listing its table. */
export const tookWithoutListing = (file: string, table: string): string =>
  `PostHog accepted ${file}, but doesn't list the table ${table} yet. It may still be creating it. Refresh the list in a moment.`;

export const couldNotConfirmUpload = (file: string, table: string): string =>
  `Couldn't confirm what happened to ${file}. Refresh the list when PostHog is reachable to see whether the table ${table} exists.`;

/** For the table of an upload, if a check found nothing of the file. */
export function stateAfterUpload(
  table: string,
  existed: boolean,
  now: { readonly columns: readonly unknown[] } | undefined,
): string {
  const state = !existed
    ? `there is no table ${table}. ${uploadAgain}`
    : !now
      ? `the table ${table} no longer exists. Upload the file again to create it.`
      : now.columns.length === 0
        ? `${table} no longer has any columns. Upload a file that PostHog can read.`
        : `the columns of ${table} haven't changed, but its file may have been replaced. Check its rows.`;
  return `Checked again: ${state}`;
}

/** For an upload that was canceled before the whole file was sent. @param sent how much was */
export const uploadCanceled = (file: string, sent: string): string =>
  `Canceled after ${sent} of ${file}. Nothing has changed in PostHog.`;

/** For an upload that was canceled later. */
export function uploadCanceledLate(
  file: string,
  table: string,
  state: 'stored' | 'overwriting' | 'made' | 'absent' | 'unknown',
): string {
  const states = {
    stored: "PostHog won't create a table from it, but may keep the file.",
    overwriting: `${table} may already have the new content.`,
    made: `PostHog has created the table ${table} from it.`,
    absent: `There is no table ${table} yet, but PostHog may still create it.`,
    unknown: `Couldn't check whether the table ${table} exists.`,
  };
  return `Canceled after all of ${file} was sent. ${states[state]}`;
}

/** For an environment that was created. */
export const isCreated = (name: string): string => `Created "${name}".`;

/** For an environment that was deleted. */
export const isDeletedEnvironment = (name: string): string => `"${name}" was deleted.`;

/** For an environment that stays. */
export const isDeletionCanceled = (name: string): string =>
  `The deletion of "${name}" was canceled in PostHog.`;

/** For an environment that was already gone. */
export const isGoneAlready = (name: string): string => `"${name}" no longer exists. Someone deleted it.`;

export const isNotDeleted = (name: string): string => `"${name}" wasn't deleted.`;

const notDeleted = 'Checked again: PostHog still has it.';

export const couldNotConfirmDeletion = (name: string): string =>
  `Couldn't confirm whether "${name}" is being deleted.`;

/** For an environment that, when checked, PostHog had not started to delete. */
export const stillThere = `${notDeleted} Try again.`;

export const refreshToSee = 'Refresh the list when PostHog is reachable.';

/** For documents of something that is gone. */
export const unsavedTextStays = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Unsaved changes stay open in ${list(names)}, but can no longer be saved.`;

const cancelUntilThen = 'Until then, you can cancel the deletion in PostHog.';

/** For an environment whose deletion PostHog has scheduled. */
export const willBeDeleted = (name: string, when: string): string =>
  `PostHog will delete "${name}" on ${when}. ${cancelUntilThen}`;

/** Whether a deletion can still be canceled. */
export const finalityText: Readonly<Record<'final' | 'scheduled' | 'perhaps', string>> = {
  final: cantBeUndone,
  scheduled: `PostHog waits 48 hours before it deletes a project that has data. ${cancelUntilThen}`,
  perhaps:
    "If this server schedules deletions, you can cancel in PostHog until then. Otherwise, this can't be undone.",
};

export const nothingCreated = 'Nothing was created.';

/** For an environment that an earlier attempt turned out to have created. */
export const createdAtFirst = (name: string): string =>
  `PostHog had already created "${name}" at the first attempt, so nothing was sent again.`;

export const createdUnread = (id: number): string =>
  `Environment ${id} was created but couldn't be read. Save again when PostHog is reachable.`;

/** For a creation without a usable response, if a check found nothing. */
export const noNewEnvironment = (name: string, doubt?: Stop): string =>
  `${sentences(doubt?.what ?? '', 'Checked again:')} there is no new environment "${name}" yet. Save again in a moment: PostHog is checked first, so it won't be created twice.`;

export const couldNotConfirmCreation = (name: string): string =>
  `Couldn't confirm whether "${name}" was created. Save again when PostHog is reachable: PostHog is checked first, so it won't be created twice.`;

/** If something was renamed after the user was asked about it. */
export const renamedMeanwhile =
  'Someone renamed it in the meantime. Press Esc and refresh the list to see its current name.';

/** For something that no longer exists. */
export const isDeleted = (name: string): string => `${name} was deleted.`;

export const maybeDeletedSoon = (name: string): string =>
  `Canceled. PostHog still has ${name}, but may be about to delete it.`;

export const mayStillRetype = (table: string): string =>
  `Canceled. PostHog may still change the types in ${table}.`;

/** For a write without a usable response that turned out to be applied. @param has what follows "PostHog" */
export const confirmedAfterAll = ({ what }: Stop, has = 'has the change'): string =>
  sentences(what, `Checked again: PostHog ${has}.`);

/** For a write without a usable response that a check didn't find. A slow server may still be working on it. */
export const notThereYet = ({ kind }: Stop, again: Again): string =>
  kind === 'timeout' || kind === 'canceled'
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

/** For values that a check after a lost response didn't find. */
export const doesNotHave = (names: readonly string[]): string =>
  `Checked again: PostHog doesn't have ${list(names)}.`;

export const didApply = (names: readonly string[]): string =>
  names.length === 0 ? '' : `It did apply ${list(names)}.`;

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

export const typesNotApplied = (types: string): string => `Not applied: ${types}.`;
