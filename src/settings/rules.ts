import type { JsonObject, JsonValue } from '../json/json';

/** An object of one environment. In another one, its ID or name means nothing or something else. */
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

/** A suggestion for a whole value. `${1:…}` is where the cursor goes. */
export interface Snippet {
  readonly label: string;
  readonly body: JsonValue;
  readonly description: string;
}

/** A key that doesn't fit the other keys of an object, or the object itself. `code` is the problem's code. */
export interface Misfit {
  readonly key?: string;
  readonly code: string;
  readonly message: string;
  /** PostHog expects the fit but may not enforce it, so this is a warning. */
  readonly expected?: true;
}

/** What values PostHog accepts, what they mean, and what they point to. */
interface RuleBase {
  /** Only servers of the current generation enforce this rule. Older ones accept the value. */
  readonly since?: 'current';
  /** PostHog expects this but may not enforce it, so breaking it is a warning. */
  readonly expected?: true;
  /** A description of this part of a setting, in Markdown. */
  readonly text?: string;
  /** This part doesn't accept null. A whole setting says so in its record. */
  readonly notNull?: true;
  /** What the value points to, if that's an object of its own environment. */
  readonly pointsTo?: Target | ((value: JsonValue) => Target | undefined);
  readonly snippets?: readonly Snippet[];
  /** Servers ignore the value, so a different one isn't a difference. */
  readonly ignored?: true;
}

/** Anything at all. */
export interface AnyRule extends RuleBase {
  readonly type: 'any';
}

export interface BooleanRule extends RuleBase {
  readonly type: 'boolean';
  /** PostHog stores null as false. */
  readonly nullIsFalse?: true;
}

export interface IntegerRule extends RuleBase {
  readonly type: 'integer';
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly number[];
  /** The meaning of each value. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** The server also accepts fractions. */
  readonly fractions?: true;
  /** What the number counts, if that reads better in other words. */
  readonly unit?: Unit;
}

/** Milliseconds, seconds, bytes, or a share of a whole from 0 to 1. */
export type Unit = 'ms' | 's' | 'bytes' | 'share';

/** A decimal. PostHog accepts numbers and strings and returns a string with two decimal places. */
export interface DecimalRule extends RuleBase {
  readonly type: 'decimal';
  readonly min?: number;
  readonly max?: number;
  readonly unit?: Unit;
}

export interface TextRule extends RuleBase {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly values?: readonly string[];
  /** The meaning of each value. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** Servers, or only those of this generation, remove the white space around it. Other strings are stored as they are. */
  readonly trimmed?: true | 'current';
  /** Servers of this generation store a blank string as null. */
  readonly blankIsNull?: 'current';
  /** PostHog stores it in lowercase. */
  readonly lowerCase?: true;
  /** The required prefix. */
  readonly startsWith?: string;
  /** A regular expression that PostHog compiles. */
  readonly regex?: true;
  /** What someone might write. Items of arrays have one unless there are suggested values. */
  readonly example?: string;
}

/** `HH:MM` or `HH:MM:SS`, in UTC. */
export interface TimeRule extends RuleBase {
  readonly type: 'time';
}

/** An IANA time zone name. Newer servers know more, so an unknown name is only a warning. */
export interface TimezoneRule extends RuleBase {
  readonly type: 'timezone';
}

export interface ListRule extends RuleBase {
  readonly type: 'array';
  /** The rule of each item. Absent if PostHog checks nothing. */
  readonly items?: FieldRule;
  /** PostHog stores null items. */
  readonly nullItems?: boolean;
  /** PostHog drops null and empty items before it stores the array. */
  readonly dropsEmpty?: boolean;
  /** Servers of this generation drop empty items and repeated ones before they store the array. */
  readonly distinct?: 'current';
  /** PostHog keeps a set and returns it in its own order. */
  readonly unordered?: true;
  /** PostHog keeps the order of the items, but it means nothing. */
  readonly anyOrder?: true;
  /** The keys that identify items, the best ones first. */
  readonly identity?: readonly string[];
  readonly maxItems?: number;
  /** The maximum length of the array as JSON written by Python. */
  readonly maxJsonLength?: number;
  /** The maximum number of `*` in one item. */
  readonly maxWildcards?: number;
}

export interface ObjectRule extends RuleBase {
  readonly type: 'object';
  /** The rules of some keys. They accept null unless the key is required or its rule says otherwise. */
  readonly keys?: Readonly<Record<string, FieldRule>>;
  /** PostHog rejects other keys: always, or only on current servers. */
  readonly closed?: true | 'current';
  readonly required?: readonly string[];
  /** The rule of every other key's value. */
  readonly each?: FieldRule;
  /** Checks that several keys fit together. */
  readonly together?: (object: JsonObject) => Misfit | undefined;
  /** Keys that only the server writes. A settings document never shows them. */
  readonly hidden?: RegExp;
  /** Servers from this generation on merge the keys of the object, and null removes a key. */
  readonly nullRemoves?: 'current';
  /** The keys only make sense together: a merge takes all of them from one side. */
  readonly whole?: true;
  /** PostHog drops keys whose value is an object that says nothing. */
  readonly dropsEmpty?: true;
  /** Keys that the server adds to what was sent. */
  readonly adds?: readonly string[];
  /** Keys that only the server writes, shown because the whole object is replaced. */
  readonly kept?: readonly string[];
}

/** An integer ID, or a string of its digits. */
export interface IdRule extends RuleBase {
  readonly type: 'id';
}

/** A value of one of several kinds. */
export interface UnionRule extends RuleBase {
  readonly type: 'union';
  readonly of: readonly FieldRule[];
  /** The kinds in words, to follow "must be". */
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

/** The rule of one key of an object, if it has its own. */
export function ruleOfKey(rule: FieldRule | undefined, key: string): FieldRule | undefined {
  return rule?.type === 'object' && rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : undefined;
}

/** Whether null removes keys of an object with this rule on some servers. */
export const nullRemoves = (rule: FieldRule | undefined): boolean =>
  rule?.type === 'object' && rule.nullRemoves !== undefined;
