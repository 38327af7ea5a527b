import { settingsField, type Generation, type SettingsField } from './catalogue';
import { isJsonObject, jsonEquals, readNumber, type JsonObject, type JsonValue } from './json';
import { mergedDeeper, sourcesMap } from './mergedParts';
import type { DocumentProblem, JsonPath, TextSpan } from './parse';
import { objectOf, own, sameValue } from './values';

/** What a save would do. */
export interface SettingsPlan {
  /** The body of the PATCH; empty when nothing is to be sent. */
  readonly body: JsonObject;
  /** Keys of the base that are not in the document: PostHog keeps their values. */
  readonly missing: readonly string[];
  readonly problems: readonly DocumentProblem[];
}

/** A value that the server did not take as it was sent. `hint` says why, where that is known. */
export interface Ignored {
  readonly key: string;
  /** The key, or `key.subKey` in an object of which only parts are compared. */
  readonly path: string;
  readonly sent: JsonValue;
  readonly answered: JsonValue | undefined;
  readonly hint?: string;
}

/**
 * Fields that every server merges: of them only the changed sub-keys are sent, so that a sub-key that somebody else
 * changed meanwhile, or that only the server writes, is not written back.
 *
 * `modifiers` and `conversations_settings` are sent whole: older servers replace them (API facts 4.4, "newest"), and
 * which of the two a server between the generations does cannot be seen from outside. Whole is right for both.
 */
const sentInParts = (field: SettingsField | undefined): boolean =>
  field?.patchMode('documented') === 'merge' && field.key !== 'conversations_settings';

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
    if (value === undefined || sameValue(key, before, now) || sameValue(key, now, value)) {
      return [];
    }
    const merges = settingsField(key)?.patchMode(generation) === 'merge';
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
    if (jsonEquals(was, is) || jsonEquals(is, wanted)) {
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

const hints: Readonly<Record<string, string>> = {
  default_data_theme:
    'PostHog answers with its global colour theme when the plan of the organization has no custom themes.',
};

/**
 * Whether the answer holds everything that was sent; what the server adds does not matter, nor do dropped nulls.
 *
 * @param before what was there before: what is left out of that must be gone, unless `merges` says that it stays
 */
function contains(
  answer: JsonValue | undefined,
  sent: JsonValue | undefined,
  before: JsonValue | undefined,
  merges = false,
): boolean {
  if (sent === null || sent === undefined) {
    return answer === null || answer === undefined;
  }
  if (Array.isArray(sent)) {
    const kept = sent.filter((item) => item !== null);
    return (
      Array.isArray(answer) &&
      (jsonEquals(sent, answer) ||
        (answer.length === kept.length &&
          kept.every((item, index) => contains(answer[index], item, undefined))))
    );
  }
  if (isJsonObject(sent)) {
    const removed = merges ? [] : Object.keys(objectOf(before)).filter((key) => !Object.hasOwn(sent, key));
    return (
      isJsonObject(answer) &&
      removed.every((key) => own(answer, key) === undefined || own(answer, key) === null) &&
      Object.entries(sent).every(([key, value]) =>
        contains(own(answer, key), value, own(objectOf(before), key)),
      )
    );
  }
  return jsonEquals(sent, answer);
}

/** An id, which may be written as a number or as a text. */
const idOf = (id: JsonValue | undefined): JsonValue | undefined =>
  typeof id === 'string' ? readNumber(id.trim()) : id;

function answeredAs(key: string, sent: JsonValue, answered: JsonValue | undefined): boolean {
  if (sameValue(key, sent, answered)) {
    return true;
  }
  const rule = settingsField(key)?.rule;
  // PostHog trims texts, and stores the id of a linked flag as a number.
  if (rule?.type === 'string') {
    return typeof sent === 'string' && sent.trim() === answered;
  }
  return (
    rule?.type === 'object' &&
    rule.keys?.id?.type === 'id' &&
    isJsonObject(sent) &&
    isJsonObject(answered) &&
    jsonEquals({ ...sent, id: idOf(sent.id) }, { ...answered, id: idOf(answered.id) })
  );
}

/**
 * What the server ignored or changed of a PATCH (API facts 4.4: unknown, read-only and plan-gated keys are ignored
 * with 200). Spellings that PostHog changes on its own are no difference: decimals as texts, seconds of a time,
 * dropped empty items, sub-keys that the server adds to a merged object.
 *
 * @param sent the body of the PATCH
 * @param answer the environment as the server answered it
 * @param base the document that the body was made from: tells what the body removes inside of sub-keys
 */
export function compareAnswer(
  sent: JsonObject,
  answer: JsonObject,
  generation: Generation,
  base: JsonObject = {},
): Ignored[] {
  return Object.entries(sent).flatMap(([key, value]): Ignored[] => {
    const answered = own(answer, key);
    if (value === undefined || answeredAs(key, value, answered)) {
      return [];
    }
    const field = settingsField(key);
    const hint = hints[key];
    const ignored = (path: string, part: JsonValue, got: JsonValue | undefined): Ignored => ({
      key,
      path,
      sent: part,
      answered: got,
      ...(hint === undefined ? {} : { hint }),
    });
    const kept = field?.rule.type === 'object' ? (field.rule.kept ?? []) : [];
    const merges = field?.patchMode(generation) === 'merge' || kept.length > 0;
    if (!merges || !isJsonObject(value) || !isJsonObject(answered)) {
      return [ignored(key, value, answered)];
    }
    const hidden = field?.rule.type === 'object' ? field.rule.hidden : undefined;
    return Object.entries(value).flatMap(([subKey, part]) =>
      part === undefined ||
      kept.includes(subKey) ||
      hidden?.test(subKey) ||
      contains(own(answered, subKey), part, own(objectOf(own(base, key)), subKey), key === mergedDeeper)
        ? []
        : [ignored(`${key}.${subKey}`, part, own(answered, subKey))],
    );
  });
}

/**
 * The base after a save of which a part was applied. Only what was sent moves on: what somebody else changed
 * meanwhile stays as it was, or the next save would take it for the person's own change and undo it.
 *
 * @param sent the body of the PATCH
 * @param answer the settings document as the server answered it
 */
export function baseAfter(
  base: JsonObject,
  sent: JsonObject,
  answer: JsonObject,
  generation: Generation,
): JsonObject {
  return advanced(base, sent, answer, (key) =>
    settingsField(key)?.patchMode(generation) !== 'merge' ? 0 : key === mergedDeeper ? 2 : 1,
  );
}

/** @param depth how many levels of an object are merged below a key */
function advanced(
  base: JsonObject,
  sent: JsonObject,
  answer: JsonObject,
  depth: (key: string) => number,
): JsonObject {
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(sent)) {
    const [was, is] = [own(base, key), own(answer, key)];
    if (is === undefined) {
      result.delete(key);
    } else if (depth(key) > 0 && isJsonObject(was) && isJsonObject(is) && isJsonObject(value)) {
      result.set(
        key,
        advanced(was, value, is, () => depth(key) - 1),
      );
    } else {
      result.set(key, is);
    }
  }
  return Object.fromEntries(result);
}
