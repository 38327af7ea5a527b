import { mergedLevels, settingsField, type Generation, type SettingsField } from './catalogue';
import { isJsonObject, jsonEquals, type JsonObject, own } from '../json/json';
import { nowhere, type DocumentProblem, type JsonPath, type TextSpan } from '../json/parse';
import { nullRemoves, ruleOfKey, type FieldRule } from './rules';
import { sameValue } from './values';

/** What a save would send. */
export interface SettingsPlan {
  /** The body of the PATCH; empty if there is nothing to send. */
  readonly body: JsonObject;
  /** Keys of the base that aren't in the document. PostHog keeps their values. */
  readonly missing: readonly string[];
  readonly problems: readonly DocumentProblem[];
}

/**
 * Fields that every server merges. Only their changed keys are sent, so a key that someone else changed in the
 * meantime, or that only the server writes, isn't written back.
 *
 * For older servers, which replace the object, all of it is sent: it's impossible to tell which of the two a server
 * between the generations does, and the whole object is right for both (API facts 4.4).
 */
const sentInParts = (field: SettingsField | undefined): boolean =>
  field?.patchMode('documented') === 'merge' && !field.sentWhole;

type Unplaced = Omit<DocumentProblem, keyof TextSpan>;

function removal(path: JsonPath, rule: FieldRule | undefined): Unplaced {
  const key = String(path.at(-1));
  const remedy =
    rule?.notNull === true
      ? "It can't be null. Put it back, and change its value instead."
      : 'To clear it, set it to null.';
  return {
    path,
    severity: 'error',
    code: 'merged-removal',
    message: `Removing "${key}" has no effect: PostHog merges "${String(path[0])}" and would keep it. ${remedy}`,
  };
}

/** What PostHog merges: the rule of an object, and how many of its levels. */
interface Merged {
  readonly path: JsonPath;
  readonly rule: FieldRule | undefined;
  readonly levels: number;
  readonly generation: Generation;
}

function changedParts(merged: Merged, base: JsonObject, mine: JsonObject, problems: Unplaced[]): JsonObject {
  const { path, levels, generation } = merged;
  const parts: JsonObject = {};
  for (const [key, value] of Object.entries(mine)) {
    const before = own(base, key);
    if (value === undefined || jsonEquals(before, value)) {
      continue;
    }
    const rule = ruleOfKey(merged.rule, key);
    if (levels > 1 && isJsonObject(before) && isJsonObject(value)) {
      const part: Merged = { path: [...path, key], rule, levels: levels - 1, generation };
      const deeper = changedParts(part, before, value, problems);
      // With only removals inside, an empty object would change nothing. The problem says so.
      if (Object.keys(deeper).length > 0) {
        parts[key] = deeper;
      }
    } else if (nullRemoves(rule) && generation === 'current' && isJsonObject(before) && isJsonObject(value)) {
      const gone = Object.keys(before).filter((source) => !Object.hasOwn(value, source));
      parts[key] = { ...value, ...Object.fromEntries(gone.map((source) => [source, null])) };
    } else {
      parts[key] = value;
    }
  }
  problems.push(
    ...Object.keys(base)
      .filter((key) => !Object.hasOwn(mine, key))
      .map((key) => removal([...path, key], ruleOfKey(merged.rule, key))),
  );
  return parts;
}

/**
 * The PATCH that sends only what changed.
 *
 * @param base the settings document as last confirmed by the server
 * @param mine the settings document as edited
 * @param locate the position of a path in the document's text; without it, problems are at the start
 */
export function planSettings(
  base: JsonObject,
  mine: JsonObject,
  generation: Generation,
  locate: (path: JsonPath) => TextSpan = nowhere,
): SettingsPlan {
  const body: JsonObject = {};
  const problems: Unplaced[] = [];
  for (const [key, value] of Object.entries(mine)) {
    const field = settingsField(key);
    const before = own(base, key);
    if (value === undefined || (field && field.access !== 'writable') || sameValue(key, before, value)) {
      continue;
    }
    const levels = mergedLevels(field, generation);
    if (!isJsonObject(before) || !isJsonObject(value) || levels === 0) {
      body[key] = value;
    } else if (sentInParts(field)) {
      const parts = changedParts(
        { path: [key], rule: field?.rule, levels, generation },
        before,
        value,
        problems,
      );
      if (Object.keys(parts).length > 0) {
        body[key] = parts;
      }
    } else {
      const gone = Object.keys(before).filter((subKey) => !Object.hasOwn(value, subKey));
      problems.push(...gone.map((subKey) => removal([key, subKey], ruleOfKey(field?.rule, subKey))));
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
