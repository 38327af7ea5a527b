import { editText, type TextEdit } from '../../json/editText';
import { isJsonObject, jsonEquals, objectOf, own, type JsonObject, type JsonValue } from '../../json/json';
import type { JsonPath } from '../../json/parse';
import { pathName } from '../../json/pathName';
import { withArticle } from '../compare/difference';
import { settingsField, settingsFields, type SettingsField } from '../../settings/catalogue';
import { targetOfWhole } from '../../settings/portable';
import type { FieldRule, Target } from '../../settings/rules';
import { breachesOf, referencesIn, secretsIn, whyRefused } from './checkManaged';
import type { FileEnvironment, SettingsFile } from './settingsFile';
import { ruleOfPart } from '../../settings/ruleBelow';
import { hasParts, isSameSetting, isStored, wantedOf } from './wanted';

/** An environment whose settings are copied to the file. */
export interface Pulled {
  readonly target: FileEnvironment;
  /** Its settings document. */
  readonly settings: JsonObject;
}

/** Which settings to pull. */
export interface PullOptions {
  /** Includes settings that the file doesn't manage yet, except those without a value. */
  readonly all?: boolean;
  /** Only these; all of them if absent. */
  readonly keys?: ReadonlySet<string> | undefined;
}

/** A value that can't be in the file. */
export interface NotPulled {
  readonly environment: string;
  readonly path: JsonPath;
  /** To follow the path: "contains a secret". */
  readonly why: string;
}

/** The changed file. */
export interface PulledFile {
  readonly text: string;
  /** The settings that have changed in the file, by environment. */
  readonly taken: readonly { readonly environment: string; readonly path: JsonPath }[];
  readonly notPulled: readonly NotPulled[];
}

/**
 * Writes the current settings of environments to a settings file. Values that are the same in all of its environments
 * go to the common part. Unchanged values keep their formatting, and other environments stay as they are.
 */
export function pullInto(
  text: string,
  file: SettingsFile,
  pulled: readonly Pulled[],
  options: PullOptions = {},
): PulledFile {
  const notPulled: NotPulled[] = [];
  const before = new Map(file.environments.map((one) => [one.name, wantedOf(file, one)]));
  const after = new Map(before);
  for (const { target, settings } of pulled) {
    const wanted = before.get(target.name) ?? {};
    const skip = (path: JsonPath, why: string): void => {
      // A value that is updated and one that is filled in can lack the same part.
      const isKnown = notPulled.some(
        (one) => one.environment === target.name && pathName(one.path) === pathName(path),
      );
      if (!isKnown) {
        notPulled.push({ environment: target.name, path, why });
      }
    };
    after.set(target.name, takenFrom(wanted, settings, options, skip));
  }
  const keys = settingsFields.map(({ key }) => key).filter((key) => options.keys?.has(key) ?? true);
  const taken: { environment: string; path: JsonPath }[] = [];
  const next: SettingsFile = keys.reduce((made, key) => {
    const changed = file.environments.filter(
      ({ name }) => !jsonEquals(own(before.get(name) ?? {}, key), own(after.get(name) ?? {}, key)),
    );
    taken.push(...changed.map(({ name }) => ({ environment: name, path: [key] })));
    const values = new Map(file.environments.map(({ name }) => [name, own(after.get(name) ?? {}, key)]));
    return changed.length === 0 ? made : placed(made, key, values, new Set(changed.map(({ name }) => name)));
  }, file);
  return { text: editText(text, editsTo(file, next), rankOf), taken, notPulled };
}

/** What the file says about an environment afterwards. */
function takenFrom(
  wanted: JsonObject,
  settings: JsonObject,
  { all = false, keys }: PullOptions,
  skip: (path: JsonPath, why: string) => void,
): JsonObject {
  const result = new Map(Object.entries(wanted));
  for (const field of settingsFields) {
    const { key, rule } = field;
    const [was, now] = [own(wanted, key), own(settings, key)];
    if (keys?.has(key) === false || now === undefined || whyRefused(field, false) !== undefined) {
      continue;
    }
    const managed =
      was === undefined || isSameSetting(key, was, now) ? was : taken([key], rule, was, now, skip);
    // What belongs to one environment is managed only if someone has added it to the file.
    const isFilled = all && (was !== undefined || !field.staysBehind);
    const value = isFilled ? filled([key], rule, managed, now, skip) : managed;
    const writable = value === undefined || value === was ? value : acceptable(field, value, skip);
    if (writable !== undefined) {
      result.set(key, writable);
    }
  }
  return Object.fromEntries(result);
}

/** A managed value, updated with the parts of the server's that differ. */
function taken(
  path: JsonPath,
  rule: FieldRule | undefined,
  was: JsonValue,
  now: JsonValue | undefined,
  skip: (path: JsonPath, why: string) => void,
): JsonValue {
  if (isStored(rule, was, now)) {
    return was;
  }
  if (!hasParts(rule, was) || !isJsonObject(now)) {
    const value = storable(path, rule, now ?? null, skip);
    return value === undefined ? was : value;
  }
  if (isBound(path, rule, now, skip)) {
    return was;
  }
  return Object.fromEntries(
    Object.entries(was).flatMap(([key, part]) =>
      part === undefined
        ? []
        : [[key, taken([...path, key], ruleOfPart(rule, key), part, own(now, key), skip)]],
    ),
  );
}

/** A value with everything else that the server has. */
function filled(
  path: JsonPath,
  rule: FieldRule | undefined,
  managed: JsonValue | undefined,
  now: JsonValue,
  skip: (path: JsonPath, why: string) => void,
): JsonValue | undefined {
  if (managed === undefined) {
    return now === null ? undefined : storable(path, rule, now, skip);
  }
  if (!hasParts(rule, managed) || !isJsonObject(now) || isBound(path, rule, now, skip)) {
    return managed;
  }
  const more = Object.entries(now).flatMap(([key, part]) => {
    const value =
      part === undefined || isSetByServer(path, rule, key, part, skip)
        ? undefined
        : filled([...path, key], ruleOfPart(rule, key), own(managed, key), part, skip);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...managed, ...Object.fromEntries(more) };
}

/** A value without what can't be in a file; `undefined` if nothing is left. Arrays are kept whole or not at all. */
function storable(
  path: JsonPath,
  rule: FieldRule | undefined,
  value: JsonValue,
  skip: (path: JsonPath, why: string) => void,
): JsonValue | undefined {
  const [reference] = rule ? referencesIn(rule, value) : [];
  const [secret] = secretsIn(path, value);
  if (!reference && !secret && !hasKept(rule, value)) {
    return value;
  }
  // Without its cohort, an event would count something else, so the kinds of a union are whole, too.
  const isWhole = !hasParts(rule, value) || reference?.path.length === 0 || rule?.type === 'union';
  if (isWhole || secret?.length === path.length) {
    skip(path, secret || !reference ? 'contains a secret' : pointsTo(reference.pointsTo));
    return undefined;
  }
  const parts = Object.entries(value).flatMap(([key, part]) => {
    const left =
      part === undefined || isSetByServer(path, rule, key, part, skip)
        ? undefined
        : storable([...path, key], ruleOfPart(rule, key), part, skip);
    return left === undefined ? [] : [[key, left] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** A value without what every server refuses, even if some return it. */
function acceptable(
  field: SettingsField,
  value: JsonValue,
  skip: (path: JsonPath, why: string) => void,
): JsonValue | undefined {
  const refused = breachesOf(field, value).find(({ certain }) => certain);
  if (!refused) {
    return value;
  }
  const index = refused.path.findIndex((part) => typeof part === 'number');
  const path = index < 0 ? refused.path : refused.path.slice(0, index);
  if (path.reduce<JsonValue | undefined>((at, key) => own(objectOf(at), String(key)), value) !== null) {
    skip([field.key, ...path], 'has a value that PostHog would reject');
  }
  const left = path.length === 0 ? undefined : pruned(objectOf(value), path);
  return left === undefined ? undefined : acceptable(field, left, skip);
}

function pruned(object: JsonObject, [key, ...rest]: JsonPath): JsonObject {
  const name = String(key);
  return rest.length === 0
    ? without(object, name)
    : { ...object, [name]: pruned(objectOf(own(object, name)), rest) };
}

const pointsTo = (target: Target): string => `points to ${withArticle(target)} in its environment`;

/** Whether PostHog's value points to an object of its environment itself, so that its parts mean nothing elsewhere. */
function isBound(
  path: JsonPath,
  rule: FieldRule | undefined,
  now: JsonValue,
  skip: (path: JsonPath, why: string) => void,
): boolean {
  const target = rule && targetOfWhole(rule, now);
  if (target !== undefined) {
    skip(path, pointsTo(target));
  }
  return target !== undefined;
}

/** Whether only the server writes a key, so that it can't be in a file. */
function isSetByServer(
  path: JsonPath,
  rule: FieldRule | undefined,
  key: string,
  part: JsonValue,
  skip: (path: JsonPath, why: string) => void,
): boolean {
  const found = isKept(rule, key);
  if (found && part !== null) {
    skip([...path, key], 'is set by PostHog');
  }
  return found;
}

const isKept = (rule: FieldRule | undefined, key: string): boolean =>
  rule?.type === 'object' && (rule.kept?.includes(key) ?? false);

/** Whether an object has keys that only the server writes, at any depth. */
const hasKept = (rule: FieldRule | undefined, value: JsonValue): boolean =>
  isJsonObject(value) &&
  Object.entries(value).some(
    ([key, part]) => part !== undefined && (isKept(rule, key) || hasKept(ruleOfPart(rule, key), part)),
  );

/** The file with a setting written such that each environment has its value. */
function placed(
  file: SettingsFile,
  key: string,
  values: ReadonlyMap<string, JsonValue | undefined>,
  changed: ReadonlySet<string>,
): SettingsFile {
  const field = settingsField(key);
  const common = own(file.settings, key);
  const [first, ...others] = [...values.values()];
  const isEqual = first !== undefined && others.every((value) => jsonEquals(value, first));
  const mayBeCommon = !!field && whyRefused(field, true) === undefined;
  if (isEqual && mayBeCommon && (values.size > 1 || common !== undefined)) {
    return {
      settings: { ...file.settings, [key]: first },
      environments: file.environments.map((one) => ({ ...one, settings: without(one.settings, key) })),
    };
  }
  return {
    settings: file.settings,
    environments: file.environments.map((one) => {
      const value = values.get(one.name);
      if (!changed.has(one.name) || value === undefined) {
        return one;
      }
      const override = overriding(field?.rule, common, value);
      return {
        ...one,
        settings: override === undefined ? without(one.settings, key) : { ...one.settings, [key]: override },
      };
    }),
  };
}

const without = (object: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

/** What must override a common value to turn it into another one; `undefined` if nothing must. */
function overriding(
  rule: FieldRule | undefined,
  common: JsonValue | undefined,
  value: JsonValue,
): JsonValue | undefined {
  if (common === undefined || !hasParts(rule, common) || !hasParts(rule, value)) {
    return jsonEquals(common, value) ? undefined : value;
  }
  const keys = new Set([...Object.keys(value), ...Object.keys(common)]);
  const parts = [...keys].flatMap((key) => {
    // A missing key counts as null.
    const above = overriding(ruleOfPart(rule, key), own(common, key), own(value, key) ?? null);
    return above === undefined ? [] : [[key, above] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** The edits that turn the text of one file into another. */
function editsTo(before: SettingsFile, after: SettingsFile): readonly TextEdit[] {
  return [
    ...settingsEdits(['settings'], before.settings, after.settings),
    ...after.environments.flatMap(({ name, settings }) => {
      const was = before.environments.find((one) => one.name === name)?.settings ?? {};
      return settingsEdits(['environments', name, 'settings'], was, settings);
    }),
  ];
}

function settingsEdits(path: JsonPath, before: JsonObject, after: JsonObject): readonly TextEdit[] {
  if (Object.keys(before).length === 0) {
    const ordered = Object.entries(after).sort(([left], [right]) => rankOf(left) - rankOf(right));
    return ordered.length === 0 ? [] : [{ path, value: Object.fromEntries(ordered) }];
  }
  return partEdits(path, before, after);
}

function partEdits(path: JsonPath, before: JsonObject, after: JsonObject): readonly TextEdit[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key): readonly TextEdit[] => {
    const [was, is] = [own(before, key), own(after, key)];
    if (jsonEquals(was, is)) {
      return [];
    }
    return isJsonObject(was) && isJsonObject(is) && Object.keys(was).length > 0
      ? partEdits([...path, key], was, is)
      : [{ path: [...path, key], value: is }];
  });
}

/** The position of a key among others: settings are in catalogue order, their parts in the order they come. */
const ranks: ReadonlyMap<string, number> = new Map(settingsFields.map(({ key }, index) => [key, index]));
const rankOf = (key: string): number => ranks.get(key) ?? Infinity;
