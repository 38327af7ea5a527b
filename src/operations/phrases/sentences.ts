/**
 * The sentences about outcomes are in this folder, each written once, in a file for each subject: a lint rule keeps them
 * out of all other files. Names in them come from the server or the user: always show the sentences as plain text.
 */

/** `a`, `a and b`, `a, b, and c`. */
export function list(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}

/** Joins sentences, leaving out the empty ones. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

export const columnsText = (count: number): string => `${count} ${count === 1 ? 'column' : 'columns'}`;
