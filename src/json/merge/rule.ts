import type { JsonValue } from '../json';

/** A value in one version of a document. `undefined` means absent, and is a value like any other. */
export type Version = JsonValue | undefined;

/** The three versions of a place in a document. */
export interface Versions {
  /** What both sides started with. */
  readonly base: Version;
  readonly mine: Version;
  readonly theirs: Version;
}

/** What is known about the values at a place in a document, other than that they're JSON. */
export interface MergeRule {
  /** Whether two different values are equivalent. */
  readonly same?: (left: Version, right: Version) => boolean;
  /** Whether the server turns the written value into the stored one, so that both sides agree. */
  readonly becomes?: (written: Version, stored: Version, base: Version) => boolean;
  /** The parts only make sense together, so all of them come from one side. */
  readonly whole?: true;
  /** Only the server writes it, so theirs always wins. */
  readonly serverOnly?: true;
  /** The order of the items is irrelevant. */
  readonly anyOrder?: true;
  /** What identifies an item of such an array. */
  readonly itemForm?: (item: JsonValue) => JsonValue;
  /** The keys that can identify items, the best ones first. */
  readonly identity?: readonly string[];
  /** The rule for a key of the object. */
  readonly at?: (key: string) => MergeRule | undefined;
  /** The rule for the items of the array. */
  readonly items?: MergeRule | undefined;
}
