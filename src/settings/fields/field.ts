import { currencies } from '../currencies';
import type { SettingsGroupId } from '../groups';
import type { FieldRule, IntegerRule, ListRule, ObjectRule, Snippet, TextRule } from '../rules';

/** Which API a server speaks: the nested environments of the documentation, or today's projects. */
export type Generation = 'documented' | 'current';

/** Who may write a field (API facts 4.3): any project member, a project admin, an organization admin. */
export type WriteAccess = 'member' | 'admin' | 'organizationAdmin';

/** What PATCH does with an object: replace it whole, or merge the sent sub-keys into the stored one. */
export type PatchMode = 'replace' | 'merge';

/**
 * Whether a field can be in a settings document: `writable`; `readonly`, which PATCH ignores; `secret`, which is
 * read-only and must not be shown; `refused`, whose presence makes PATCH fail whole (API facts 4.4).
 */
export type FieldAccess = 'writable' | 'readonly' | 'secret' | 'refused';

/** What a person reads about a field: in completion, on hover, in the documentation. */
export interface FieldText {
  readonly title: string;
  /** Its meaning, in Markdown. Who may write it and how it is stored come from the rest of the record. */
  readonly text: string;
  /** What PostHog starts with, where that is known. */
  readonly initial?: string;
  /** What besides the role decides whether PostHog takes a value. */
  readonly gate?: string;
}

/** Everything that is known of one field of the environment object (API facts 4.5, 9.1). */
export interface SettingsField extends FieldText {
  readonly key: string;
  readonly group: SettingsGroupId;
  readonly access: FieldAccess;
  readonly writeAccess: WriteAccess;
  /** Members without the role of `writeAccess` may be let in by a resource of PostHog's access control. */
  readonly writableByResource?: true;
  /** Whether PATCH takes null. Fields on which null does nothing count as not nullable. */
  readonly nullable: boolean;
  readonly rule: FieldRule;
  /** The generation from which on the field is gone from the environment object. */
  readonly removedIn?: 'current';
  /** The generation that brought the field; the documentation does not list it. */
  readonly addedIn?: 'current';
  /** The name that the field has today. */
  readonly renamedTo?: string;
  /** What has taken its place, as a sentence. */
  readonly replacedBy?: string;
  /** How PATCH treats an object value (API facts 4.4). */
  readonly patchMode: (generation: Generation) => PatchMode;
  /** How many levels of an object are merged, where it is merged; 1 unless said otherwise. */
  readonly mergeDepth?: 2;
  /** A merged object that is sent with all its keys, not only with those that changed. */
  readonly sentWhole?: true;
  /** It cannot be set when an environment is created, and why. */
  readonly notOnCreation?: string;
  /** It says something about one environment alone: another that is made like it does not get it. */
  readonly staysBehind?: true;
  /** The value as it can be read, but not written. */
  readonly readAs?: string;
  /** Why PostHog may keep another value than the one that was sent, as a sentence. */
  readonly whenIgnored?: string;
  /** The value is a secret although it can be written: masked in whatever only shows it. */
  readonly confidential?: true;
}

interface FieldOptions extends Partial<Omit<SettingsField, 'key' | 'group' | 'rule' | keyof FieldText>> {
  readonly key?: never;
}

const alwaysReplaced = (): PatchMode => 'replace';
const alwaysMerged = (): PatchMode => 'merge';

/** Null allowed, project admins only, replaced: what most fields are. */
export const field = (
  group: SettingsGroupId,
  key: string,
  about: FieldText,
  rule: FieldRule,
  options: FieldOptions = {},
): SettingsField => ({
  key,
  group,
  ...about,
  rule,
  access: 'writable',
  writeAccess: 'admin',
  nullable: true,
  patchMode: alwaysReplaced,
  ...options,
});

export const member: FieldOptions = { writeAccess: 'member' };
export const notNull: FieldOptions = { nullable: false };
export const memberNotNull: FieldOptions = { ...member, ...notNull };
export const added: FieldOptions = { addedIn: 'current' };
export const removed: FieldOptions = { removedIn: 'current' };
export const merged: FieldOptions = { patchMode: alwaysMerged };
export const mergedNotNull: FieldOptions = { ...merged, ...notNull };
export const readonly: FieldOptions = { access: 'readonly' };
export const secret: FieldOptions = { access: 'secret' };

export const flag: FieldRule = { type: 'boolean' };
export const integer: IntegerRule = { type: 'integer' };
export const text: TextRule = { type: 'string' };
export const object: ObjectRule = { type: 'object' };
export const time: FieldRule = { type: 'time' };
export const any: FieldRule = { type: 'any' };
export const anyList: ListRule = { type: 'array' };
export const textList: ListRule = { type: 'array', items: text };
export const upTo = (maxLength: number): TextRule => ({ type: 'string', maxLength });
export const oneOf = (...values: string[]): TextRule => ({ type: 'string', values });
export const currency: TextRule = { type: 'string', values: currencies };

/** The rules of a part, and what it means. */
export const described = <Rule extends FieldRule>(rule: Rule, meaning: string): Rule => ({
  ...rule,
  text: meaning,
});
/** What PostHog expects but may not check. */
export const expected = <Rule extends FieldRule>(rule: Rule): Rule => ({ ...rule, expected: true });
/** What only current servers check. */
export const newer = <Rule extends FieldRule>(rule: Rule): Rule => ({ ...rule, since: 'current' });
/** The same rule for each of some keys, which blanks separate. */
export const allOf = <Rule extends FieldRule>(keys: string, rule: Rule): Record<string, Rule> =>
  Object.fromEntries(keys.split(' ').map((key) => [key, rule]));
/** Texts that PostHog expects in a list. */
export const expectedTexts: ListRule = {
  type: 'array',
  items: expected(text),
  nullItems: true,
  expected: true,
};

export const snippet = (label: string, body: Snippet['body'], description: string): Snippet => ({
  label,
  body,
  description,
});
