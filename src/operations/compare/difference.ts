import type { JsonValue } from '../../json/json';
import type { JsonPath } from '../../json/parse';
import type { Target } from '../../settings/rules';

/**
 * What can be said about a place in two states: one vocabulary for differences, shared by every view and format. What
 * wasn't compared is always listed, never left out as if it were equal.
 *
 * - `changed`: both have a value, and the values differ.
 * - `onlyHere`, `onlyThere`: only the first, or only the second, has it.
 * - `masked`: it holds a secret, so the values are neither shown nor compared.
 * - `unmanaged`: it is meant to differ, or one side doesn't include it.
 * - `unreadable`: a side couldn't be read.
 * - `notCompared`: it points to an object of its own environment.
 */
export type DifferenceKind =
  'changed' | 'onlyHere' | 'onlyThere' | 'masked' | 'unmanaged' | 'unreadable' | 'notCompared';

/** The kinds that mean that two states differ. The others mean that they weren't compared. */
export const isDifferent = (kind: DifferenceKind | 'equal'): boolean =>
  kind === 'changed' || kind === 'onlyHere' || kind === 'onlyThere';

/** A place where two states aren't known to be equal. */
export interface Difference {
  readonly path: JsonPath;
  readonly kind: DifferenceKind;
  /** The values; absent if there is none or it isn't compared. Secrets are dots. */
  readonly here?: JsonValue | undefined;
  readonly there?: JsonValue | undefined;
  /** What it points to, if that's why it isn't compared. */
  readonly pointsTo?: Target | undefined;
}

/**
 * The meaning of a kind, in words.
 *
 * @param here the names of the two states
 */
export function kindText(
  { kind, pointsTo }: Pick<Difference, 'kind' | 'pointsTo'>,
  here: string,
  there: string,
): string {
  switch (kind) {
    case 'changed':
      return 'Differs';
    case 'onlyHere':
      return `Only in ${here}`;
    case 'onlyThere':
      return `Only in ${there}`;
    case 'masked':
      return 'Secret, not compared';
    case 'unmanaged':
      return 'Meant to differ';
    case 'unreadable':
      return "Couldn't be read";
    case 'notCompared':
      return pointsTo === undefined
        ? 'Not compared'
        : `Points to ${withArticle(pointsTo)} in its own environment, not compared`;
  }
}

/** `an action`, `a cohort` */
export const withArticle = (noun: string): string => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
