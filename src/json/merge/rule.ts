import type { JsonValue } from '../json';

/** A value of one version of a document; `undefined`: it is not there, which is a value like any other. */
export type Version = JsonValue | undefined;

/** One place of a document in its three versions. */
export interface Versions {
  /** What both sides began with. */
  readonly base: Version;
  readonly mine: Version;
  readonly theirs: Version;
}

/** What is known of the values at one place of a document, beyond their being JSON. */
export interface MergeRule {
  /** Whether two values that differ mean the same. */
  readonly same?: (left: Version, right: Version) => boolean;
  /** Whether a stored value is what becomes of a written one, so that both sides want the same. */
  readonly becomes?: (written: Version, stored: Version, base: Version) => boolean;
  /** The parts only make sense together: all of them come from one side. */
  readonly whole?: true;
  /** It is written by the server alone, so that theirs is right whatever mine is. */
  readonly serverOnly?: true;
  /** The order of the items means nothing. */
  readonly anyOrder?: true;
  /** An item of such an array as it is told from the others. */
  readonly itemForm?: (item: JsonValue) => JsonValue;
  /** The keys that can tell the items from each other, the better ones first. */
  readonly identity?: readonly string[];
  /** The rule of a key of the object. */
  readonly at?: (key: string) => MergeRule | undefined;
  /** The rule of the items of the array. */
  readonly items?: MergeRule | undefined;
}
