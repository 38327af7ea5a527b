/**
 * What PostHog checks before it takes a value. Only rules that a server surely enforces live here; shapes that
 * it merely expects are in `shapes.ts`, which only the JSON schema needs.
 */
interface RuleBase {
  /** Only servers of the current generation enforce this rule; older ones take the value. */
  readonly since?: 'current';
}

export interface BooleanRule extends RuleBase {
  readonly type: 'boolean';
}

export interface IntegerRule extends RuleBase {
  readonly type: 'integer';
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly number[];
  /** The server takes fractions too. */
  readonly fractions?: true;
}

/** A decimal that PostHog answers as a string with two places; it takes numbers and strings. */
export interface DecimalRule extends RuleBase {
  readonly type: 'decimal';
  readonly min?: number;
  readonly max?: number;
}

export interface TextRule extends RuleBase {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly values?: readonly string[];
  /** PostHog stores it in lower case. */
  readonly lowerCase?: true;
}

/** `HH:MM` or `HH:MM:SS`, in UTC. */
export interface TimeRule extends RuleBase {
  readonly type: 'time';
}

/** An IANA time zone name. The list grows with the server, so an unknown name is only warned about. */
export interface TimezoneRule extends RuleBase {
  readonly type: 'timezone';
}

export interface ListRule extends RuleBase {
  readonly type: 'array';
  /** The rule of an item; absent when PostHog checks nothing. */
  readonly items?: FieldRule;
  /** PostHog stores null items. */
  readonly nullItems?: boolean;
  /** PostHog drops null and empty items before it stores the list. */
  readonly dropsEmpty?: boolean;
  /** PostHog keeps a set and answers it in an order of its own. */
  readonly unordered?: true;
  /** The list as JSON must be shorter than this many characters. */
  readonly jsonShorterThan?: number;
  /** At most this many `*` in one item. */
  readonly maxWildcards?: number;
}

export interface ObjectRule extends RuleBase {
  readonly type: 'object';
  /** The only keys PostHog allows; absent when it allows any. */
  readonly only?: readonly string[];
  readonly required?: readonly string[];
  /** The rules of some keys; a key without one may hold anything. Null is taken unless it is required. */
  readonly keys?: Readonly<Record<string, FieldRule>>;
  /** Keys that the server alone writes. They are never shown in a settings document. */
  readonly hidden?: RegExp;
  /** Keys that the server alone writes, shown because the object is replaced whole. */
  readonly kept?: readonly string[];
}

/** An integer id, or the same id in digits. */
export interface IdRule extends RuleBase {
  readonly type: 'id';
}

export type FieldRule =
  | BooleanRule
  | IntegerRule
  | DecimalRule
  | TextRule
  | TimeRule
  | TimezoneRule
  | ListRule
  | ObjectRule
  | IdRule;
