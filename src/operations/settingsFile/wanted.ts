import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../json/json';
import type { JsonPath } from '../../json/parse';
import { settingsField } from '../../settings/catalogue';
import { ruleOfPart } from '../../settings/ruleBelow';
import { normalForm } from '../../settings/normalForm';
import { targetOfWhole } from '../../settings/portable';
import type { FieldRule } from '../../settings/rules';
import { isStoredAs } from '../../settings/storedForm';
import { sameValue } from '../../settings/values';
import type { FileEnvironment, SettingsFile } from './settingsFile';

/** The rule of the object that a setting is in. */
const settingsRule = (key: string): FieldRule | undefined => settingsField(key)?.rule;

/** Whether the keys of a value are managed one by one. Parts that only make sense together count as one value. */
export const hasParts = (rule: FieldRule | undefined, value: JsonValue | undefined): value is JsonObject =>
  isJsonObject(value) && !(rule?.type === 'object' && rule.whole);

/** The intended settings of an environment: the common ones, overridden by its own path by path. */
export const wantedOf = (
  { settings }: Pick<SettingsFile, 'settings'>,
  environment: Pick<FileEnvironment, 'settings'>,
): JsonObject => overlaid(settings, environment.settings, settingsRule);

function overlaid(
  common: JsonObject,
  overriding: JsonObject,
  ruleFor: (key: string) => FieldRule | undefined,
): JsonObject {
  const keys = new Set([...Object.keys(common), ...Object.keys(overriding)]);
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      const [below, above, rule] = [own(common, key), own(overriding, key), ruleFor(key)];
      const value =
        hasParts(rule, below) && hasParts(rule, above)
          ? overlaid(below, above, (part) => ruleOfPart(rule, part))
          : above === undefined
            ? below
            : above;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** The place in the file that defines an environment's value at a path, or else its nearest ancestor. */
export function placeInFile(
  { settings }: Pick<SettingsFile, 'settings'>,
  environment: Pick<FileEnvironment, 'name' | 'settings'>,
  path: JsonPath,
): JsonPath {
  const isOwn = reach(environment.settings, path) >= reach(settings, path);
  return isOwn ? ['environments', environment.name, 'settings', ...path] : ['settings', ...path];
}

/** How far a path leads into a value: the number of its keys that exist. A value without keys ends it. */
function reach(settings: JsonObject, path: JsonPath): number {
  let value: JsonValue | undefined = settings;
  for (const [depth, key] of path.entries()) {
    const next: JsonValue | undefined = Array.isArray(value)
      ? value[Number(key)]
      : isJsonObject(value)
        ? own(value, String(key))
        : undefined;
    if (next === undefined) {
      // A value that isn't an object stands for everything below it.
      return value === settings || isJsonObject(value) ? depth : path.length;
    }
    value = next;
  }
  return path.length;
}

/** A document with the wanted values. Whatever is equivalent to PostHog, and everything else, stays as it is. */
export function withWanted(now: JsonObject, wanted: JsonObject): JsonObject {
  return withParts(now, wanted, settingsRule, true);
}

function withParts(
  now: JsonObject,
  wanted: JsonObject,
  ruleFor: (key: string) => FieldRule | undefined,
  isTop = false,
): JsonObject {
  const entries = new Map(Object.entries(now));
  for (const [key, value] of Object.entries(wanted)) {
    const before = own(now, key);
    const rule = ruleFor(key);
    const isSame = isTop ? isSameSetting(key, value, before) : isStored(rule, value, before);
    if (value !== undefined && !isSame) {
      entries.set(
        key,
        // An event isn't a part of an action: what the action points to means nothing in it.
        hasParts(rule, value) &&
          isJsonObject(before) &&
          (rule === undefined || targetOfWhole(rule, before) === undefined)
          ? withParts(before, value, (part) => ruleOfPart(rule, part))
          : value,
      );
    }
  }
  return Object.fromEntries(entries);
}

/** Whether a setting has its intended value. */
export const isSameSetting = (
  key: string,
  wanted: JsonValue | undefined,
  now: JsonValue | undefined,
): boolean => sameValue(key, wanted, now) || isStored(settingsRule(key), wanted, now);

/** Whether the server has a value, in the form it stores. A missing key counts as null. */
export function isStored(
  rule: FieldRule | undefined,
  wanted: JsonValue | undefined,
  now: JsonValue | undefined,
): boolean {
  const [left, right] = [wanted ?? null, now ?? null];
  return (
    jsonEquals(left, right) ||
    isStoredAs(rule, wanted, now) ||
    jsonEquals(normalForm(rule, left), normalForm(rule, right))
  );
}
