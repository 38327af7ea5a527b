import { isJsonObject, type JsonValue } from '../json/json';
import type { JsonPath } from '../json/parse';
import type { FieldRule, Target } from './rules';

/** A part of a value that belongs to its environment only: in another one, it means nothing or something else. */
export interface Bound {
  readonly path: JsonPath;
  readonly value: JsonValue;
  /** What it points to. */
  readonly pointsTo: Target;
}

/** How {@link portablePart} treats the items of an array that are only partly bound. */
interface Treatment {
  /** An item is bound as a whole if a part of it is. Otherwise, only that part is left out. */
  readonly wholeItems: boolean;
}

/**
 * A value without the parts that point to objects of its environment, and without keys that only the server writes.
 *
 * @param bound receives the parts that are left out
 * @returns `undefined` if the value itself is one
 */
export function portablePart(
  rule: FieldRule,
  value: JsonValue,
  path: JsonPath,
  bound: Bound[],
  treatment: Treatment = { wholeItems: true },
): JsonValue | undefined {
  const pointsTo = targetOf(rule, value);
  if (pointsTo !== undefined) {
    bound.push({ path, value, pointsTo });
    return undefined;
  }
  if (rule.type === 'union') {
    return rule.of.reduce<JsonValue | undefined>(
      (left, one) => (left === undefined ? undefined : portablePart(one, left, path, bound, treatment)),
      value,
    );
  }
  if (rule.type === 'array' && rule.items && Array.isArray(value)) {
    const { items } = rule;
    return value.flatMap((item, index) => portableItem(items, item, [...path, index], bound, treatment));
  }
  if (rule.type === 'object' && isJsonObject(value)) {
    const { keys = {}, each, kept = [] } = rule;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const keyRule = Object.hasOwn(keys, key) ? keys[key] : each;
        const part =
          keyRule && item !== undefined
            ? portablePart(keyRule, item, [...path, key], bound, treatment)
            : item;
        return part === undefined || kept.includes(key) ? [] : [[key, part]];
      }),
    );
  }
  return value;
}

function portableItem(
  rule: FieldRule,
  item: JsonValue,
  path: JsonPath,
  bound: Bound[],
  treatment: Treatment,
): JsonValue[] {
  const found: Bound[] = [];
  const part = portablePart(rule, item, path, found, treatment);
  const [first] = found;
  if (first && treatment.wholeItems) {
    bound.push({ path, value: item, pointsTo: first.pointsTo });
    return [];
  }
  bound.push(...found);
  return part === undefined ? [] : [part];
}

/** Whether a value says nothing: null, false, or empty. */
export const isNothing = (value: JsonValue): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

/** What a value points to, if that is an object of its environment. */
export function targetOf({ pointsTo }: FieldRule, value: JsonValue): Target | undefined {
  return isNothing(value) ? undefined : typeof pointsTo === 'function' ? pointsTo(value) : pointsTo;
}

/** What a value or any part of it points to, if that is an object of its environment. */
export function boundIn(rule: FieldRule, value: JsonValue): Target | undefined {
  const bound: Bound[] = [];
  portablePart(rule, value, [], bound);
  return bound[0]?.pointsTo;
}

/** What a value itself points to, whatever its kind: a part of it may, too. */
export function targetOfWhole(rule: FieldRule, value: JsonValue): Target | undefined {
  const kinds = rule.type === 'union' ? [rule, ...rule.of] : [rule];
  return kinds.map((one) => targetOf(one, value)).find((target) => target !== undefined);
}
