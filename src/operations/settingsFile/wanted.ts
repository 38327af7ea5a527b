import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../json/json';
import type { JsonPath } from '../../json/parse';
import { settingsField } from '../../settings/catalogue';
import { ruleOfPart } from '../../settings/ruleBelow';
import { normalForm } from '../../settings/normalForm';
import type { FieldRule } from '../../settings/rules';
import { isTaken } from '../../settings/taken';
import { sameValue } from '../../settings/values';
import type { FileEnvironment, SettingsFile } from './settingsFile';

/** The rule of the object that settings are in. */
const settingsRule = (key: string): FieldRule | undefined => settingsField(key)?.rule;

/** Whether the keys of a value are managed one by one. Parts that only make sense together are one value. */
export const hasParts = (rule: FieldRule | undefined, value: JsonValue | undefined): value is JsonObject =>
  isJsonObject(value) && !(rule?.type === 'object' && rule.whole);

/** What an environment is meant to have: what holds for all, with its own on top, path by path. */
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

/** Where in the file it says what an environment has at a path; the nearest place above, where nothing does. */
export function placeInFile(
  { settings }: Pick<SettingsFile, 'settings'>,
  environment: Pick<FileEnvironment, 'name' | 'settings'>,
  path: JsonPath,
): JsonPath {
  const isOwn = reach(environment.settings, path) >= reach(settings, path);
  return isOwn ? ['environments', environment.name, 'settings', ...path] : ['settings', ...path];
}

/** How far a path leads into a value: the number of its keys that are there. A value that has no keys ends it. */
function reach(settings: JsonObject, path: JsonPath): number {
  let value: JsonValue | undefined = settings;
  for (const [depth, key] of path.entries()) {
    const next: JsonValue | undefined = Array.isArray(value)
      ? value[Number(key)]
      : isJsonObject(value)
        ? own(value, String(key))
        : undefined;
    if (next === undefined) {
      // A value that is no object stands for everything below it.
      return value === settings || isJsonObject(value) ? depth : path.length;
    }
    value = next;
  }
  return path.length;
}

/** A document with the wanted values put in. What means the same to PostHog, and all the rest, stays as it is. */
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
        hasParts(rule, value) && isJsonObject(before)
          ? withParts(before, value, (part) => ruleOfPart(rule, part))
          : value,
      );
    }
  }
  return Object.fromEntries(entries);
}

/** Whether a setting is as it is meant to be. */
export const isSameSetting = (
  key: string,
  wanted: JsonValue | undefined,
  now: JsonValue | undefined,
): boolean => sameValue(key, wanted, now) || isStored(settingsRule(key), wanted, now);

/** Whether the server has a value, as it stores it. A key that is not there is null. */
export function isStored(
  rule: FieldRule | undefined,
  wanted: JsonValue | undefined,
  now: JsonValue | undefined,
): boolean {
  const [left, right] = [wanted ?? null, now ?? null];
  return (
    jsonEquals(left, right) ||
    isTaken(wanted, now, { rule, before: now, unsent: true }) ||
    jsonEquals(normalForm(rule, left), normalForm(rule, right))
  );
}
