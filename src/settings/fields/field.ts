import { currencies } from '../currencies';
import type { SettingsGroupId } from '../groups';
import type { FieldRule, IntegerRule, ListRule, ObjectRule, Snippet, TextRule } from '../rules';

/** Which API a server speaks: the documentation's nested environments, or today's projects. */
export type Generation = 'documented' | 'current';

/** Who can change a field (API facts 4.3): any project member, a project admin, or an organization admin. */
export type WriteAccess = 'member' | 'admin' | 'organizationAdmin';

/** What PATCH does with an object: replace the whole object, or merge the keys that were sent. */
export type PatchMode = 'replace' | 'merge';

/**
 * Whether a field can be in a settings document: `writable`; `readonly`, which PATCH ignores; `secret`, which is
 * read-only and must not be shown; `refused`, which makes the whole PATCH fail (API facts 4.4).
 */
export type FieldAccess = 'writable' | 'readonly' | 'secret' | 'refused';

/**
 * What a change can do that can't be undone or that others will notice: data stops arriving or is deleted (`stops`),
 * data is collected or shown that wasn't before (`exposes`), or reports show different numbers (`reports`).
 */
export interface Risk {
  readonly kind: 'stops' | 'exposes' | 'reports';
  /** The kind of change that has this effect: turning it on or off, or lowering or raising it. Any change if absent. */
  readonly when?: 'on' | 'off' | 'lower' | 'higher';
  /** What happens, as a sentence that says which change causes it. */
  readonly reason: string;
}

/** What users read about a field in completion, on hover, and before a save. */
export interface FieldText {
  readonly title: string;
  /** What it does, in Markdown. Who can change it and how it's stored comes from the rest of the record. */
  readonly text: string;
  /** The default, if known. */
  readonly initial?: string;
  /** What else, besides the role, decides whether PostHog accepts a value. */
  readonly gate?: string;
  /** The risks of a change. Every writable field has them, even if they're just `harmless`. */
  readonly risk?: 'harmless' | readonly [Risk, ...Risk[]];
  /** Other names for it, such as the label on PostHog's settings page. */
  readonly synonyms?: readonly string[];
  /** The settings it has no effect without: each must be on, or not empty. */
  readonly needs?: readonly string[];
  /** The section of PostHog's settings page that shows it (API facts 4.10). */
  readonly section?: `environment-${string}`;
  /** The setting's anchor in that section. */
  readonly link?: string;
  /** How PostHog's Terraform provider accepts it, if it does (API facts 9.4). */
  readonly terraform?: TerraformForm;
  /** Why PostHog's settings page doesn't show it: the second half of a sentence. */
  readonly noSection?: string;
}

/** Everything known about one field of the environment object (API facts 4.5, 9.1). */
export interface SettingsField extends FieldText {
  readonly key: string;
  readonly group: SettingsGroupId;
  readonly access: FieldAccess;
  readonly writeAccess: WriteAccess;
  /** PostHog's access control can let members change it who don't have the role in `writeAccess`. */
  readonly writableByResource?: true;
  /** Whether PATCH accepts null. A field counts as not nullable if null does nothing. */
  readonly nullable: boolean;
  readonly rule: FieldRule;
  /** The generation that removed the field from the environment object. */
  readonly removedIn?: 'current';
  /** The generation that added the field; the documentation doesn't list it. */
  readonly addedIn?: 'current';
  /** The field's current name. */
  readonly renamedTo?: string;
  /** What replaces it, as a sentence. */
  readonly replacedBy?: string;
  /** How PATCH treats an object value (API facts 4.4). */
  readonly patchMode: (generation: Generation) => PatchMode;
  /** How many levels of a merged object are merged. Default: 1. */
  readonly mergeDepth?: 2;
  /** A merged object that is sent with all its keys, not only the changed ones. */
  readonly sentWhole?: true;
  /** Why it can't be set when an environment is created. */
  readonly notOnCreation?: string;
  /** An environment can't be created without it, so every copy needs its own: what it is, with its article. */
  readonly neededOnCreation?: string;
  /** It belongs to one environment only, so a copy doesn't get it. */
  readonly staysBehind?: true;
  /** Every environment has its own value, so a different one isn't a difference. */
  readonly meantToDiffer?: true;
  /** What it's read as, if its value can be read but not written. */
  readonly readAs?: string;
  /** Why PostHog may keep a different value than the one it was sent, as a sentence. */
  readonly whenIgnored?: string;
  /** A secret that can be written: masked wherever it is only shown. */
  readonly confidential?: true;
}

/**
 * How PostHog's Terraform provider accepts a setting: as an attribute, as JSON in a string, as an object with keys in
 * snake case, or in a different resource than the other settings.
 */
export type TerraformForm = 'attribute' | 'json' | 'object' | 'posthog_project';

interface FieldOptions extends Partial<Omit<SettingsField, 'key' | 'group' | 'rule' | keyof FieldText>> {
  readonly key?: never;
}

const alwaysReplaced = (): PatchMode => 'replace';
const alwaysMerged = (): PatchMode => 'merge';

/** A field like most: nullable, for project admins, replaced as a whole. */
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

/** A risk of data that stops arriving or is deleted. */
export const stops = (reason: string, when?: Risk['when']): Risk => ({
  kind: 'stops',
  reason,
  ...(when && { when }),
});
/** A risk of data that is collected or shown although it wasn't before. */
export const exposes = (reason: string, when?: Risk['when']): Risk => ({
  kind: 'exposes',
  reason,
  ...(when && { when }),
});
/** A risk of reports that show different numbers. */
export const altersReports = (reason: string): Risk => ({ kind: 'reports', reason });

export const flag: FieldRule = { type: 'boolean' };
export const integer: IntegerRule = { type: 'integer' };
export const text: TextRule = { type: 'string' };
export const object: ObjectRule = { type: 'object' };
export const time: FieldRule = { type: 'time' };
export const any: FieldRule = { type: 'any' };
export const anyList: ListRule = { type: 'array' };
/** A string that PostHog strips of the white space around it. */
export const trimmed = (rule: TextRule): TextRule => ({ ...rule, trimmed: true });
export const upTo = (maxLength: number): TextRule => ({ type: 'string', maxLength });
export const oneOf = (...values: string[]): TextRule => ({ type: 'string', values });
export const currency: TextRule = { type: 'string', values: currencies };

/** A rule with a description. */
export const described = <Rule extends FieldRule>(rule: Rule, meaning: string): Rule => ({
  ...rule,
  text: meaning,
});
/** A rule that PostHog expects but may not enforce. */
export const expected = <Rule extends FieldRule>(rule: Rule): Rule => ({ ...rule, expected: true });
/** A rule that only current servers enforce. */
export const newer = <Rule extends FieldRule>(rule: Rule): Rule => ({ ...rule, since: 'current' });
/** The same rule for several keys, separated by spaces. */
export const allOf = <Rule extends FieldRule>(keys: string, rule: Rule): Record<string, Rule> =>
  Object.fromEntries(keys.split(' ').map((key) => [key, rule]));
/** A rule with an example of what to write. */
export const like = (rule: TextRule, example: string): TextRule => ({ ...rule, example });
/** An array of strings such as this one. */
export const textsLike = (example: string): ListRule => ({
  type: 'array',
  items: trimmed(like(text, example)),
});
/** An array in which PostHog expects strings such as this one, in any order. */
export const expectedTexts = (example: string): ListRule => ({
  type: 'array',
  items: like(expected(text), example),
  nullItems: true,
  expected: true,
  anyOrder: true,
});

export const snippet = (label: string, body: Snippet['body'], description: string): Snippet => ({
  label,
  body,
  description,
});
