import { settingsField, type Generation, type SettingsField } from './catalogue';
import { isJsonObject, jsonEquals, type JsonObject, own } from '../json/json';
import { mergedDeeper, sourcesMap } from './mergedParts';
import type { DocumentProblem, JsonPath, TextSpan } from '../json/parse';
import { isTaken } from './taken';
import { sameValue } from './values';

/** What a save would do. */
export interface SettingsPlan {
  /** The body of the PATCH; empty when nothing is to be sent. */
  readonly body: JsonObject;
  /** Keys of the base that are not in the document: PostHog keeps their values. */
  readonly missing: readonly string[];
  readonly problems: readonly DocumentProblem[];
}

/**
 * Fields that every server merges: of them only the changed sub-keys are sent, so that a sub-key that somebody else
 * changed meanwhile, or that only the server writes, is not written back.
 *
 * `modifiers` and `conversations_settings` are sent whole: older servers replace them (API facts 4.4, "newest"), and
 * which of the two a server between the generations does cannot be seen from outside. Whole is right for both.
 */
const sentInParts = (field: SettingsField | undefined): boolean =>
  field?.patchMode('documented') === 'merge' && !field.sentWhole;

type Unplaced = Omit<DocumentProblem, keyof TextSpan>;

function removal(path: JsonPath): Unplaced {
  const key = String(path.at(-1));
  return {
    path,
    severity: 'error',
    code: 'merged-removal',
    message: `Removing "${key}" has no effect: PostHog merges ${String(path[0])} and would keep the stored "${key}". Put it back with the value null to clear it.`,
  };
}

function changedParts(
  path: JsonPath,
  base: JsonObject,
  mine: JsonObject,
  generation: Generation,
  problems: Unplaced[],
): JsonObject {
  const parts: JsonObject = {};
  for (const [key, value] of Object.entries(mine)) {
    const before = own(base, key);
    if (value === undefined || jsonEquals(before, value)) {
      continue;
    }
    if (path.length === 1 && path[0] === mergedDeeper && isJsonObject(before) && isJsonObject(value)) {
      const deeper = changedParts([...path, key], before, value, generation, problems);
      // Only removals inside: the problem says so, and an empty object would change nothing.
      if (Object.keys(deeper).length > 0) {
        parts[key] = deeper;
      }
    } else if (
      key === sourcesMap &&
      generation === 'current' &&
      isJsonObject(before) &&
      isJsonObject(value)
    ) {
      const gone = Object.keys(before).filter((source) => !Object.hasOwn(value, source));
      parts[key] = { ...value, ...Object.fromEntries(gone.map((source) => [source, null])) };
    } else {
      parts[key] = value;
    }
  }
  problems.push(
    ...Object.keys(base)
      .filter((key) => !Object.hasOwn(mine, key))
      .map((key) => removal([...path, key])),
  );
  return parts;
}

/**
 * The smallest PATCH that turns the settings of the base into those of the document.
 *
 * @param base the settings document as the server last confirmed it
 * @param mine the settings document as the person wants it
 * @param locate where a path is in the document's text; without it, problems are at its start
 */
export function planSettings(
  base: JsonObject,
  mine: JsonObject,
  generation: Generation,
  locate: (path: JsonPath) => TextSpan = () => ({ offset: 0, length: 0 }),
): SettingsPlan {
  const body: JsonObject = {};
  const problems: Unplaced[] = [];
  for (const [key, value] of Object.entries(mine)) {
    const field = settingsField(key);
    const before = own(base, key);
    if (value === undefined || (field && field.access !== 'writable') || sameValue(key, before, value)) {
      continue;
    }
    if (!isJsonObject(before) || !isJsonObject(value) || field?.patchMode(generation) !== 'merge') {
      body[key] = value;
    } else if (sentInParts(field)) {
      const parts = changedParts([key], before, value, generation, problems);
      if (Object.keys(parts).length > 0) {
        body[key] = parts;
      }
    } else {
      const gone = Object.keys(before).filter((subKey) => !Object.hasOwn(value, subKey));
      problems.push(...gone.map((subKey) => removal([key, subKey])));
      if (Object.entries(value).some(([subKey, item]) => !jsonEquals(own(before, subKey), item))) {
        body[key] = value;
      }
    }
  }
  const missing = Object.keys(base).filter(
    (key) => settingsField(key)?.access === 'writable' && !Object.hasOwn(mine, key),
  );
  return { body, missing, problems: problems.map((one) => ({ ...one, ...locate(one.path) })) };
}

/**
 * The top-level keys that somebody else changed since the base and that this body would change to something else.
 *
 * @param theirs the settings document as the server answers it now
 * @param body the body of a plan made from the base
 * @param generation without it, an object whose merging depends on the server counts as replaced
 */
export function conflictingKeys(
  base: JsonObject,
  theirs: JsonObject,
  body: JsonObject,
  generation: Generation = 'documented',
): string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const before = own(base, key);
    const now = own(theirs, key);
    const field = settingsField(key);
    const look = { rule: field?.rule, before };
    if (value === undefined || sameValue(key, before, now) || isTaken(value, now, look)) {
      return [];
    }
    const merges = field?.patchMode(generation) === 'merge';
    if (!merges || !isJsonObject(before) || !isJsonObject(now) || !isJsonObject(value)) {
      return [key];
    }
    return partsConflict(before, now, value, key === mergedDeeper) ? [key] : [];
  });
}

function partsConflict(before: JsonObject, now: JsonObject, sent: JsonObject, deeper: boolean): boolean {
  return Object.entries(sent).some(([key, value]) => {
    const [was, is] = [own(before, key), own(now, key)];
    const wanted = key === sourcesMap && isJsonObject(value) ? withoutNulls(value) : value;
    if (jsonEquals(was, is) || isTaken(wanted, is, { before: was })) {
      return false;
    }
    return deeper && isJsonObject(was) && isJsonObject(is) && isJsonObject(value)
      ? partsConflict(was, is, value, false)
      : true;
  });
}

/** What a merge that removes on null leaves of an object. */
const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
