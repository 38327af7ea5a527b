import { namesText } from '../json/namesText';

/** For the columns of a table that can't be read; `undefined` if there are none. */
export const queriesLeaveOut = (names: readonly string[]): string | undefined =>
  names.length === 0
    ? undefined
    : `Queries leave out ${namesText(names)}: the declared type doesn't match the data.`;

/** For a column that can't be read. @param type the declared one */
export const leftOutOfQueries = (name: string, type: string): string =>
  `"${name}" is declared as ${type}, which doesn't match the data: queries leave the column out.`;
