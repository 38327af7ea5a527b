import { isJsonObject, jsonEquals, own, type JsonValue } from '../json/json';
import type { JsonPath } from '../json/parse';
import { mergedLevels, type Generation, type SettingsField } from './catalogue';
import { maskSecretsAt } from './document';
import { portablePart, targetOf, type Bound } from './portable';
import { ruleOfPart } from './ruleBelow';
import type { FieldRule, Target } from './rules';

/** A part of a value that remains unchanged in the other environment, and why. */
export interface Kept {
  readonly path: JsonPath;
  /** What it points to; absent for a secret. */
  readonly pointsTo?: Target;
}

/**
 * A value of one environment as another one can have it: secrets, and what points to objects of an environment, stay as
 * they are in the other environment.
 *
 * @param kept receives the source's own parts, which aren't copied
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
  const pointsTo = rule && targetOf(rule, source);
  if (pointsTo !== undefined || (rule && target !== undefined && targetOf(rule, target) !== undefined)) {
    kept.push({ path, ...(pointsTo !== undefined && { pointsTo }) });
    return target;
  }
  if (Array.isArray(source)) {
    return listOf(place, source, Array.isArray(target) ? target : [], kept);
  }
  if (!isJsonObject(source)) {
    if (isSecret(path, source) || (target !== undefined && isSecret(path, target))) {
      kept.push({ path });
      return target;
    }
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
          ? withoutSource(below, theirs, merged > 0)
          : joined(below, mine, theirs, kept);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What happens to a value that only the target has. */
function withoutSource(
  { rule, path }: Place,
  theirs: JsonValue | undefined,
  isMerged: boolean,
): JsonValue | undefined {
  if (theirs === undefined) {
    return undefined;
  }
  const isOwn = isSecret(path, theirs) || (rule && targetOf(rule, theirs) !== undefined);
  return isOwn ? theirs : isMerged ? null : undefined;
}

/** The source's items that mean the same everywhere, followed by the target's own that don't. */
function listOf(
  { rule, path }: Place,
  source: readonly JsonValue[],
  target: readonly JsonValue[],
  kept: Kept[],
): JsonValue[] {
  const items = rule?.type === 'array' ? rule.items : undefined;
  const boundIn = (item: JsonValue, index: number): Kept | undefined => {
    const at = [...path, index];
    const found: Bound[] = [];
    if (items) {
      portablePart(items, item, at, found);
    }
    const [first] = found;
    return first ? { path: at, pointsTo: first.pointsTo } : isSecret(at, item) ? { path: at } : undefined;
  };
  return [
    ...source.filter((item, index) => {
      const bound = boundIn(item, index);
      if (bound) {
        kept.push(bound);
      }
      return !bound;
    }),
    ...target.filter((item, index) => boundIn(item, index)),
  ];
}

const isSecret = (path: JsonPath, value: JsonValue): boolean =>
  !jsonEquals(maskSecretsAt(path, value), value);
