import type { JsonObject, JsonValue } from '../json/json';

/** An object of one environment. Its id, or its name, means nothing, or something else, in another environment. */
export type Target =
  | 'action'
  | 'cohort'
  | 'color theme'
  | 'dashboard'
  | 'data source'
  | 'feature flag'
  | 'group type'
  | 'Slack channel'
  | 'warehouse table';

/** A proposal for a whole value; `${1:…}` in its texts is where the cursor goes. */
export interface Snippet {
  readonly label: string;
  readonly body: JsonValue;
  readonly description: string;
}

/** A key of an object that does not go with the others, or the object itself. `code` is that of the problem. */
export interface Misfit {
  readonly key?: string;
  readonly code: string;
  readonly message: string;
}

/** What PostHog takes as a value, what the value means, and what it points to. */
interface RuleBase {
  /** Only servers of the current generation enforce this rule; older ones take the value. */
  readonly since?: 'current';
  /** PostHog expects this but does not surely check it: breaking it is a warning. */
  readonly expected?: true;
  /** What a part of a setting means, in Markdown. */
  readonly text?: string;
  /** A part that does not take null; a whole setting says so in its record. */
  readonly notNull?: true;
  /** What the value points to, where that is an object of its own environment. */
  readonly pointsTo?: Target | ((value: JsonValue) => Target | undefined);
  readonly snippets?: readonly Snippet[];
}

/** Anything at all. */
export interface AnyRule extends RuleBase {
  readonly type: 'any';
}

export interface BooleanRule extends RuleBase {
  readonly type: 'boolean';
}

export interface IntegerRule extends RuleBase {
  readonly type: 'integer';
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly number[];
  /** What the values mean. */
  readonly meanings?: Readonly<Record<string, string>>;
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
  /** What the values mean. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** PostHog stores it in lower case. */
  readonly lowerCase?: true;
  /** What it begins with. */
  readonly startsWith?: string;
  /** A regular expression, which PostHog compiles. */
  readonly regex?: true;
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
  readonly maxItems?: number;
  /** The list as JSON, written as Python does, can have at most this many characters. */
  readonly maxJsonLength?: number;
  /** At most this many `*` in one item. */
  readonly maxWildcards?: number;
}

export interface ObjectRule extends RuleBase {
  readonly type: 'object';
  /** The rules of some keys. Null is taken unless the key is required or its rule says so. */
  readonly keys?: Readonly<Record<string, FieldRule>>;
  /** Whether PostHog allows other keys: not at all, or not on current servers. */
  readonly closed?: true | 'current';
  readonly required?: readonly string[];
  /** The rule of every other key's value. */
  readonly each?: FieldRule;
  /** What PostHog wants of several keys together. */
  readonly together?: (object: JsonObject) => Misfit | undefined;
  /** Keys that the server alone writes. They are never shown in a settings document. */
  readonly hidden?: RegExp;
  /** Each key is an entry of its own: servers from this generation on merge them, and null removes one. */
  readonly nullRemoves?: 'current';
  /** Keys that the server adds to what it is sent. */
  readonly adds?: readonly string[];
  /** Keys that the server alone writes, shown because the object is replaced whole. */
  readonly kept?: readonly string[];
}

/** An integer id, or the same id in digits. */
export interface IdRule extends RuleBase {
  readonly type: 'id';
}

/** A value that may be of several kinds. */
export interface UnionRule extends RuleBase {
  readonly type: 'union';
  readonly of: readonly FieldRule[];
  /** What it is, after "must be". */
  readonly wanted: string;
}

export type FieldRule =
  | AnyRule
  | BooleanRule
  | IntegerRule
  | DecimalRule
  | TextRule
  | TimeRule
  | TimezoneRule
  | ListRule
  | ObjectRule
  | IdRule
  | UnionRule;

/** The rule of one key of an object, where there is one of its own. */
export function ruleOfKey(rule: FieldRule | undefined, key: string): FieldRule | undefined {
  return rule?.type === 'object' && rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : undefined;
}

/** Whether null removes entries of an object with this rule on some servers. */
export const nullRemoves = (rule: FieldRule | undefined): boolean =>
  rule?.type === 'object' && rule.nullRemoves !== undefined;
