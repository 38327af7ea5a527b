import { namesText } from '../json/namesText';
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
export type Again = 'Save again' | 'Try again' | 'Refresh the table' | 'Refresh the list';

export const nothingSent = 'Nothing was sent.';

export const canceled = 'Nothing was sent to PostHog: you canceled. Your changes are still in the editor.';

export const nothingChanged = 'Nothing has changed.';

/** Of several things that the same is done to. @param verb as it begins a sentence: `Deleted` */
export const doneOf = (verb: string, done: number, all: number): string => `${verb} ${done} of ${all}.`;

/** Of what was not begun when the person canceled. */
export const cancelledBefore = (names: readonly string[]): string => `Canceled before: ${names.join(', ')}.`;

/** Of columns that have the types they were to get. */
export function areNow(table: string, updates: Readonly<Record<string, string>>): string {
  const names = Object.keys(updates);
  const types = [...new Set(Object.values(updates))];
  return `${table}: ${namesText(names)} ${names.length === 1 ? 'is' : 'are'} ${types.join(', ')} now.`;
}

/** Of the types that columns have. */
export const typesAre = (table: string, columns: readonly { name: string; type: string }[]): string =>
  `${table}: ${namesText(columns.map(({ name, type }) => `${name} is ${type}`))}.`;

/** Of columns whose declared type doesn't match the data. */
export const typesDoNotMatch = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `${namesText(names)}: the new type doesn't match the data, so queries leave the column${names.length === 1 ? '' : 's'} out. Choose another type.`,
      ];

/** Of types that PostHog accepted without taking them. */
export const didNotChange = (names: readonly string[], table: string): string =>
  `PostHog accepted the change but kept its own ${names.length === 1 ? 'type' : 'types'} for ${namesText(names)} of ${table}. Refresh the schema of the table and try again.`;

/** Of the columns of a table whose files were read again. @param difference in words; undefined: none */
export const columnsChanged = (table: string, difference: string | undefined, columns: number): string =>
  difference === undefined ? `${table}: no changes (${columnsText(columns)}).` : `${table}: ${difference}.`;

/** Of files that may have been read again, when the columns do not show it. */
export const columnsAsTheyWere =
  'PostHog was asked again: the columns are as they were. Check the files and try again.';

/** Of columns that cannot be read. */
export const queriesLeaveOut = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `Queries leave out ${namesText(names)}: the declared type doesn't match the data.`;

export const mayStillRefresh = (table: string): string =>
  `Canceled: PostHog may still be reading the files of ${table}, and can change its columns in the next minutes.`;

/** Of storage credentials, which are first used when the files are read. */
export const hasNewCredentials = (table: string): string =>
  `PostHog has the new storage credentials of ${table}. It tries them when it next reads the files.`;

export const mayHaveNewCredentials = (table: string): string =>
  `Canceled: PostHog may have the new storage credentials of ${table} already.`;

const columnsText = (count: number): string => `${count} ${count === 1 ? 'column' : 'columns'}`;

export const isLinked = (table: string, columns: number): string =>
  `${table} is linked, with ${columnsText(columns)}.`;

export const createdBeforeCancel = (table: string): string =>
  `Canceled too late: PostHog had created ${table} already.`;

/** @param asked PostHog could be asked, and has no such table */
export const maybeCreatedSoon = (table: string, asked: boolean): string =>
  `Canceled: ${asked ? `PostHog has no table ${table} so far.` : 'PostHog could not be asked how far it had come.'} It may still be reading the files and create it; refresh the list to look again.`;

/** Of a table that was looked for after a request without a usable answer. */
export const thereIsNoTable = (table: string): string =>
  `PostHog was asked again: there is no table ${table}. Try again in a moment.`;

/** Of a file that became a table. @param existed a table of the name was there before */
export const isUploaded = (file: string, table: string, columns: number, existed: boolean): string =>
  existed
    ? `${file} has replaced the content of ${table}, which has ${columnsText(columns)} now.`
    : `${file} is uploaded as ${table}, with ${columnsText(columns)}.`;

/** Of a file that did not arrive. */
export const noTableTouched = 'No table has been made or changed. Uploading once more does no harm.';

/** Of an upload that failed and has left something. */
export const hasLeftEmptyTable = (table: string): string => `It has left a table ${table} without columns.`;

export const leftoverRemoved = (table: string): string =>
  `${table} is removed; nothing is left of the upload.`;

/** @param why the sentences of the outcome */
export const notRemoved = (table: string, why: string): string =>
  `${table} was not removed. ${why} Use Delete Table… to try again.`;

/** Of a file that PostHog accepted without listing a table of it. */
export const tookWithoutListing = (file: string, table: string): string =>
  `PostHog took ${file}, but does not list a table ${table}. It may still be making it. Refresh the list in a moment.`;

export const couldNotConfirmUpload = (file: string, table: string): string =>
  `Couldn't confirm what PostHog made of ${file}. Refresh the list when PostHog is reachable to see whether there is a table ${table}.`;

/** Of the table that an upload was to make, when it was looked for and had nothing of the file. */
export function stateAfterUpload(
  table: string,
  existed: boolean,
  now: { readonly columns: readonly unknown[] } | undefined,
): string {
  const state = !existed
    ? `there is no table ${table}. Uploading once more does no harm.`
    : !now
      ? `the table ${table} is gone. Upload the file again to have one.`
      : now.columns.length === 0
        ? `${table} has no columns any more. Upload a file that PostHog can read to fill it again.`
        : `${table} has the columns it had, but the file it reads may have been replaced. Look at its rows.`;
  return `PostHog was asked again: ${state}`;
}

/** Of an upload that was canceled before all of the file was sent. @param sent how much was */
export const uploadCanceled = (file: string, sent: string): string =>
  `Canceled, and nothing has changed in PostHog: ${sent} of ${file} had been sent.`;

/** Of an upload that was canceled later. */
export function uploadCanceledLate(
  file: string,
  table: string,
  state: 'stored' | 'overwriting' | 'made' | 'absent' | 'unknown',
): string {
  const states = {
    stored: 'PostHog makes no table of it, but may keep the file.',
    overwriting: `${table} may have the new content already.`,
    made: `PostHog has made the table ${table} of it.`,
    absent: `there is no table ${table} so far, but PostHog may still make it.`,
    unknown: `PostHog could not be asked whether there is a table ${table}.`,
  };
  return `Canceled when ${file} had been sent in whole: ${states[state]}`;
}

/** Of an environment that was created. */
export const isCreated = (name: string): string => `"${name}" was created.`;

/** Of an environment that a deletion has ended. */
export const isDeletedEnvironment = (name: string): string => `"${name}" was deleted.`;

/** Of one that was not there any more when it was to be deleted. */
export const isGoneAlready = (name: string): string => `"${name}" no longer exists. Someone deleted it.`;

export const isNotDeleted = (name: string): string => `"${name}" was not deleted.`;

export const couldNotConfirmDeletion = (name: string): string =>
  `Couldn't confirm whether "${name}" is being deleted.`;

/** Of an environment that PostHog, when it was asked, had not begun to delete. */
export const stillThere = 'PostHog was asked again and still has it. Try again.';

export const refreshToSee = 'Refresh the list when PostHog is reachable.';

/** Of documents of something that is gone. */
export const unsavedTextStays = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Unsaved changes stay open in ${list(names)}, but can no longer be saved.`;

/** What a deletion can still be called back from. */
export const finalityText: Readonly<Record<'final' | 'scheduled' | 'perhaps', string>> = {
  final: "This can't be undone.",
  scheduled:
    'PostHog waits 48 hours before it deletes a project that has data. Until then, you can cancel the deletion in PostHog.',
  perhaps:
    "If this server schedules deletions, you can cancel in PostHog until then. Otherwise, this can't be undone.",
};

export const nothingCreated = 'Nothing was created.';

/** Of an environment that an earlier attempt had created, as it turned out. */
export const createdAtFirst = (name: string): string =>
  `PostHog had created "${name}" at the first attempt, so nothing was sent again.`;

export const createdUnread = (id: number): string =>
  `Save again when PostHog answers: the environment ${id} was created, but it cannot be read.`;

/** Of a creation without a usable answer that PostHog, when it was asked, had nothing of. */
export const noNewEnvironment = (name: string, doubt?: PostHogError): string =>
  `Save again in a moment: ${sentences(doubt?.what ?? '', 'PostHog was asked,')} and there is no new environment "${name}" yet. It will be looked for again before anything is sent, so that it is not created twice.`;

export const couldNotConfirmCreation = (name: string): string =>
  `Save again when PostHog can be reached: whether it has created "${name}" is unknown, and it could not be asked. It will be asked before anything is sent again.`;

/** Of a name that is another one by now than the person was asked about. */
export const renamedMeanwhile =
  'Someone renamed it in the meantime. Press Esc and refresh the list to see its current name.';

/** Of something that is no longer there. */
export const isDeleted = (name: string): string => `${name} is deleted.`;

export const maybeDeletedSoon = (name: string): string =>
  `Canceled: PostHog still has ${name}, but may be about to delete it.`;

export const mayStillRetype = (table: string): string =>
  `Canceled: PostHog may still change the types in ${table}.`;

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

/** Of values that PostHog answered success to and did not take. @param accepted what it answered so */
export const keptItsOwn = (names: readonly string[], accepted = 'the save'): string =>
  `PostHog accepted ${accepted} but kept its own ${names.length === 1 ? 'value' : 'values'} for ${list(names)}.`;

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
