import { settingsField, type Generation, type SettingsField } from './catalogue';
import type { JsonObject } from '../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../json/parse';
import { planSettings } from './patch';
import { breaches } from './ruleCheck';
import { sameValue } from './values';
import { own } from '../json/json';

/** What a settings document is checked against. */
export interface SettingsContext {
  /** The settings document as the server last confirmed it. */
  readonly base: JsonObject;
  readonly generation: Generation;
  /** The caller's `effective_membership_level`: 1 member, 8 admin, 15 owner; null or absent when unknown. */
  readonly membershipLevel?: number | null | undefined;
  /** The caller's `user_access_level` on the project: none, member, admin; null or absent when unknown. */
  readonly userAccessLevel?: string | null | undefined;
  /** The time zone names known to PostHog, where they are at hand; else the names this runtime knows. */
  readonly timezones?: ReadonlySet<string> | undefined;
}

const adminLevel = 8;

/**
 * What is wrong, or will probably be refused, about the values that a document changes. Values that are as the
 * server gave them are never complained about. An `error` is what PostHog surely refuses or silently drops, so
 * sending it cannot succeed; what depends on the plan, the role or the server's version is a `warning`.
 *
 * @returns problems in the order of the document
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
        `"${key}" is not a setting this extension knows. PostHog ignores keys it does not know; check the spelling.`,
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
      add([key, ...path], certain ? 'error' : 'warning', code, message);
    }
    if (!Object.hasOwn(base, key)) {
      add([key], 'warning', 'not-in-response', notInResponse(field, generation), true);
    } else if (field.replacedBy !== undefined && found.length === 0 && value !== null && value !== '') {
      add([key], 'warning', 'replaced', field.replacedBy, true);
    }
    const refusal = roleRefusal(field, context);
    if (refusal !== undefined) {
      add([key], 'warning', 'role', refusal, true);
    }
  }
  const { problems: planned, missing } = planSettings(base, document.value, generation, document.locate);
  for (const key of missing) {
    add([], 'information', 'missing-key', `"${key}" is left out of the document: PostHog keeps its value.`);
  }
  return [...problems, ...planned].sort((left, right) => left.offset - right.offset);
}

function notWritable({ key, access }: SettingsField): string {
  switch (access) {
    case 'secret':
      return `"${key}" is a secret that only PostHog writes. Remove it; tokens are rotated in PostHog's own project settings.`;
    case 'refused':
      return `PostHog has withdrawn "${key}" and refuses every save that contains it. Remove it; access is managed in PostHog's own project settings.`;
    default:
      return `"${key}" is read-only: PostHog sets it and would ignore this value. Remove it; "Show full response" shows what it is.`;
  }
}

function notInResponse({ key, removedIn, renamedTo }: SettingsField, generation: Generation): string {
  if (renamedTo !== undefined) {
    return `This server did not answer "${key}". It is called "${renamedTo}" now; change that one instead.`;
  }
  return removedIn === generation
    ? `PostHog has taken "${key}" out of the environment settings and will probably ignore it. Remove it.`
    : `This server did not answer "${key}", so it may not know it, or your plan may not include it; then it ignores the value.`;
}

/** Why the caller's role will not do. A guess where PostHog decides by resource, hence never an error. */
function roleRefusal(
  { key, writeAccess, writableByResource }: SettingsField,
  { membershipLevel, userAccessLevel }: SettingsContext,
): string | undefined {
  if (typeof membershipLevel !== 'number' || membershipLevel >= adminLevel || writeAccess === 'member') {
    return undefined;
  }
  if (writeAccess === 'organizationAdmin') {
    return `Only organization owners and admins can change "${key}", and this key belongs to a member: PostHog will refuse the whole save. Ask an admin.`;
  }
  // A project admin may write everything (API facts 4.3).
  if (userAccessLevel === 'admin' || writableByResource) {
    return undefined;
  }
  return `Only project admins can change "${key}", and this key belongs to a member: PostHog will probably refuse the whole save. Ask a project admin, or undo this change.`;
}
