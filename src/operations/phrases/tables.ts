import { namesText } from '../../json/namesText';
import { columnsText } from './sentences';

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

/** For something that no longer exists. */
export const isDeleted = (name: string): string => `${name} was deleted.`;

export const maybeDeletedSoon = (name: string): string =>
  `Canceled. PostHog still has ${name}, but may be about to delete it.`;

export const mayStillRetype = (table: string): string =>
  `Canceled. PostHog may still change the types in ${table}.`;
