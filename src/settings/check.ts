import { settingsField, type Generation, type SettingsField } from './catalogue';
import type { JsonObject } from '../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../json/parse';
import { meantBy, mostFixed, settingsFixes, withFixes } from './fixes';
import { namesText } from '../json/namesText';
import { planSettings } from './patch';
import { isOff } from './risk';
import { breaches } from './ruleCheck';
import { sameValue } from './values';
import { own } from '../json/json';

/** What a settings document is checked against. */
export interface SettingsContext {
  /** The settings document as last confirmed by the server. */
  readonly base: JsonObject;
  readonly generation: Generation;
  /** The caller's `effective_membership_level`: 1 member, 8 admin, 15 owner. Null or absent if unknown. */
  readonly membershipLevel?: number | null | undefined;
  /** The caller's `user_access_level` on the project: none, member or admin. Null or absent if unknown. */
  readonly userAccessLevel?: string | null | undefined;
  /** The time zone names PostHog knows, where available. Otherwise, the names this runtime knows. */
  readonly timezones?: ReadonlySet<string> | undefined;
}

const adminLevel = 8;

/**
 * The problems of the values that a document changes. Values the server itself returned are never reported. An `error`
 * is something PostHog certainly rejects or silently drops, so sending it can't succeed. Whatever depends on the plan,
 * the role or the server's version is a `warning`.
 *
 * @returns problems in document order
 */
export function checkSettings(document: ValidDocument, context: SettingsContext): DocumentProblem[] {
  const { base, generation } = context;
  const problems: DocumentProblem[] = [];
  const add = (
    path: JsonPath,
    severity: DocumentProblem['severity'],
    code: string,
    message: string,
    atKey = false,
  ): void => {
    const { offset, length } = (atKey ? document.locateKey : document.locate)(path);
    problems.push({ path, offset, length, severity, code, message });
  };
  for (const [key, value] of Object.entries(document.value)) {
    if (value === undefined || sameValue(key, own(base, key), value)) {
      continue;
    }
    const field = settingsField(key);
    if (!field) {
      add(
        [key],
        'warning',
        'unknown-key',
        `Unknown setting "${key}". PostHog ignores keys it doesn't know. Check the spelling.`,
        true,
      );
      continue;
    }
    if (field.access !== 'writable') {
      add([key], 'error', field.access, notWritable(field), true);
      continue;
    }
    const found = breaches(field, value, own(base, key), context);
    for (const { path, code, message, certain } of found) {
      add([key, ...path], certain ? 'error' : 'warning', code, message, code === 'unknown-key');
    }
    if (!Object.hasOwn(base, key)) {
      add([key], 'warning', 'not-in-response', notInResponse(field, generation), true);
    } else if (field.replacedBy !== undefined && found.length === 0 && value !== null && value !== '') {
      add([key], 'warning', 'replaced', field.replacedBy, true);
    }
    for (const needed of isOff(value) ? [] : unmetNeeds(field, document.value)) {
      const message = `"${key}" has no effect while "${needed}" is off.`;
      add([key], 'information', 'needs', message, true);
    }
    const refusal = roleRefusal(field, context);
    if (refusal !== undefined) {
      add([key], 'warning', 'role', refusal, true);
    }
  }
  const { problems: planned, missing } = planSettings(base, document.value, generation, document.locate);
  const meant = meantKeys(problems, document.value);
  const left = missing.filter((key) => !meant.has(key));
  if (left.length > 0) {
    add([], 'information', 'missing-key', notInDocument(left));
  }
  return withFixes(
    [...problems, ...planned].sort((one, other) => one.offset - other.offset),
    (problem) => settingsFixes(problem, { mine: document.value, base }),
  );
}

/** The keys that misspelled ones were meant to be: one mistake gets one mark. */
const meantKeys = (problems: readonly DocumentProblem[], mine: JsonObject): ReadonlySet<string> =>
  new Set(
    problems
      .filter(({ path, code }) => code === 'unknown-key' && path.length === 1)
      .slice(0, mostFixed)
      .flatMap(({ path }) => meantBy(path, mine).slice(0, 1)),
  );

/** What happens to keys that a document leaves out. */
export const notInDocument = (keys: readonly string[]): string =>
  keys.length === 1
    ? `"${String(keys[0])}" isn't in the document. PostHog keeps its value.`
    : `${keys.length} keys aren't in the document: ${namesText(keys)}. PostHog keeps their values.`;

/** The settings that a field needs and the document turns off. */
const unmetNeeds = ({ needs = [] }: SettingsField, document: JsonObject): readonly string[] =>
  needs.filter((needed) => Object.hasOwn(document, needed) && isOff(document[needed]));

function notWritable({ key, access }: SettingsField): string {
  switch (access) {
    case 'secret':
      return `"${key}" is a secret that only PostHog sets. Remove it. To rotate tokens, open the project settings in PostHog.`;
    case 'refused':
      return `PostHog no longer supports "${key}" and rejects every save that contains it. Remove it. To manage access, open the project settings in PostHog.`;
    default:
      return `"${key}" is read-only. PostHog would ignore this value. Remove it. To see the current value, use "Show Full Response".`;
  }
}

function notInResponse({ key, removedIn, renamedTo }: SettingsField, generation: Generation): string {
  if (renamedTo !== undefined) {
    return `This server doesn't return "${key}". It's now called "${renamedTo}". Change that instead.`;
  }
  return removedIn === generation
    ? `PostHog removed "${key}" from the environment settings and will probably ignore it. Remove it.`
    : `This server doesn't return "${key}" and may ignore it. The server may be too old, or your plan may not include it.`;
}

/** Why the caller's role isn't sufficient. A guess where PostHog decides by resource, so never an error. */
function roleRefusal(
  { key, writeAccess, writableByResource }: SettingsField,
  { membershipLevel, userAccessLevel }: SettingsContext,
): string | undefined {
  if (typeof membershipLevel !== 'number' || membershipLevel >= adminLevel || writeAccess === 'member') {
    return undefined;
  }
  if (writeAccess === 'organizationAdmin') {
    return `Only organization owners and admins can change "${key}". Your API key belongs to a member, so PostHog will reject the whole save. Ask an admin, or undo this change.`;
  }
  // Project admins can change everything (API facts 4.3).
  if (userAccessLevel === 'admin' || writableByResource) {
    return undefined;
  }
  return `Only project admins can change "${key}". Your API key belongs to a member, so PostHog will probably reject the whole save. Ask a project admin, or undo this change.`;
}
