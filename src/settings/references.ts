import { isJsonObject, type JsonValue } from '../json/json';
import type { JsonPath } from '../json/parse';
import { ruleBelow } from './ruleBelow';
import type { FieldRule, Target } from './rules';

/** A part of a value that points to an object of its own environment. */
export interface Reference {
  /** Relative to the value. */
  readonly path: JsonPath;
  readonly pointsTo: Target;
}

/** The parts of a value that mean nothing, or something else, in another environment. */
export function referencesIn(rule: FieldRule, value: JsonValue, path: JsonPath = []): readonly Reference[] {
  const pointsTo = isNothing(value)
    ? undefined
    : typeof rule.pointsTo === 'function'
      ? rule.pointsTo(value)
      : rule.pointsTo;
  if (pointsTo !== undefined) {
    return [{ path, pointsTo }];
  }
  if (rule.type === 'union') {
    return rule.of.map((one) => referencesIn(one, value, path)).find(({ length }) => length > 0) ?? [];
  }
  const below = (key: string | number, part: JsonValue, kind: 'object' | 'array'): readonly Reference[] => {
    const spot = ruleBelow(rule, key, kind);
    return spot ? referencesIn(spot.rule, part, [...path, key]) : [];
  };
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => below(index, item, 'array'));
  }
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : below(key, part, 'object')))
    : [];
}

const isNothing = (value: JsonValue): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);
