import { isJsonObject, jsonEquals, own, type JsonValue } from '../json/json';
import type { JsonPath } from '../json/parse';
import { mergedLevels, type Generation, type SettingsField } from './catalogue';
import { maskSecretsAt } from './document';
import { boundIn, targetOf } from './portable';
import { ruleOfPart } from './ruleBelow';
import type { FieldRule, Target } from './rules';

/** Why a value can't be copied or replaced. */
interface Binding {
  /** What it points to; absent for a secret. */
  readonly pointsTo?: Target;
}

/** A part of a value that remains unchanged in the other environment, and why. */
export interface Kept extends Binding {
  readonly path: JsonPath;
  /** Only the other environment's value is the reason. */
  readonly isTheirs?: true;
}

/**
 * A value of one environment as another one can have it: secrets, and what points to objects of an environment, stay as
 * they are in the other environment.
 *
 * @param kept receives the parts that aren't copied
 * @returns `undefined` if there is nothing to set
 */
export function transplanted(
  field: SettingsField,
  generation: Generation,
  source: JsonValue,
  target: JsonValue | undefined,
  kept: Kept[],
): JsonValue | undefined {
  const merged = mergedLevels(field, generation);
  return joined({ rule: field.rule, path: [field.key], merged }, source, target, kept);
}

interface Place {
  readonly rule: FieldRule | undefined;
  readonly path: JsonPath;
  /** How many levels the server merges: there, only null removes a key. */
  readonly merged: number;
}

function joined(
  place: Place,
  source: JsonValue,
  target: JsonValue | undefined,
  kept: Kept[],
): JsonValue | undefined {
  const { rule, path, merged } = place;
  const isList = Array.isArray(source);
  const isJoined = isList ? Array.isArray(target) : isJsonObject(source) && isJsonObject(target);
  // The kinds of a union only make sense as a whole, and a value of another kind would replace everything.
  const isUnion = rule?.type === 'union';
  const mine = bindingOf(place, source, isUnion || !(isList || isJsonObject(source)));
  const theirs = bindingOf(place, target, isUnion || !isJoined);
  if (mine || theirs) {
    kept.push({ path, ...(mine ?? { ...theirs, isTheirs: true }) });
    return target;
  }
  if (isList) {
    return listOf(place, source, Array.isArray(target) ? target : [], kept);
  }
  if (!isJsonObject(source)) {
    return source;
  }
  const before = isJsonObject(target) ? target : {};
  const serverOnly = rule?.type === 'object' ? (rule.kept ?? []) : [];
  const keys = [...new Set([...Object.keys(source), ...Object.keys(before)])];
  return Object.fromEntries(
    keys.flatMap((key): [string, JsonValue][] => {
      const [mine, theirs] = [own(source, key), own(before, key)];
      const below: Place = { rule: ruleOfPart(rule, key), path: [...path, key], merged: merged - 1 };
      const value = serverOnly.includes(key)
        ? theirs
        : mine === undefined
          ? withoutSource(below, theirs, merged > 0, kept)
          : joined(below, mine, theirs, kept);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What happens to a value that only the target has. */
function withoutSource(
  place: Place,
  theirs: JsonValue | undefined,
  isMerged: boolean,
  kept: Kept[],
): JsonValue | undefined {
  const binding = bindingOf(place, theirs, true);
  if (binding) {
    kept.push({ path: place.path, ...binding, isTheirs: true });
    return theirs;
  }
  return theirs !== undefined && isMerged ? null : undefined;
}

/** The source's items that mean the same everywhere, followed by the target's own that don't. */
function listOf(
  { rule, path, merged }: Place,
  source: readonly JsonValue[],
  target: readonly JsonValue[],
  kept: Kept[],
): JsonValue[] {
  const items = rule?.type === 'array' ? rule.items : undefined;
  const placeOf = (index: number): Place => ({ rule: items, path: [...path, index], merged });
  return [
    ...source.filter((item, index) => {
      const place = placeOf(index);
      const binding = bindingOf(place, item, true);
      if (binding) {
        kept.push({ path: place.path, ...binding });
      }
      return !binding;
    }),
    ...target.filter((item, index) => bindingOf(placeOf(index), item, true)),
  ];
}

/**
 * Why a value can't be copied or replaced, if it can't.
 *
 * @param isWhole whether that is the case if only a part of it can't
 */
function bindingOf(
  { rule, path }: Place,
  value: JsonValue | undefined,
  isWhole: boolean,
): Binding | undefined {
  if (value === undefined) {
    return undefined;
  }
  const pointsTo = rule && (isWhole ? boundIn(rule, value) : targetOf(rule, value));
  return pointsTo !== undefined ? { pointsTo } : isWhole && isSecret(path, value) ? {} : undefined;
}

const isSecret = (path: JsonPath, value: JsonValue): boolean =>
  !jsonEquals(maskSecretsAt(path, value), value);
