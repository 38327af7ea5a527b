import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import type { JsonPath } from '../../../src/json/parse';
import { settingsFields, type SettingsField } from '../../../src/settings/catalogue';
import { isNothing } from '../../../src/settings/portable';
import type { FieldRule } from '../../../src/settings/rules';
import { rulesBelow, valuesOfField } from './valuesOfRules';

/** A part of a value. */
export interface Part {
  readonly path: JsonPath;
  readonly value: JsonValue;
}

const targetOfRule = ({ pointsTo }: FieldRule, value: JsonValue): string | undefined =>
  isNothing(value) ? undefined : typeof pointsTo === 'function' ? pointsTo(value) : pointsTo;

/** The parts of a value that belong to its environment, wherever a rule says so. */
export function boundParts(rule: FieldRule, value: JsonValue, path: JsonPath = []): Part[] {
  if (targetOfRule(rule, value) !== undefined) {
    return [{ path, value }];
  }
  if (rule.type === 'union') {
    const found = rule.of.flatMap((one) => boundParts(one, value, path));
    return [...new Map(found.map((part) => [part.path.join('\n'), part])).values()];
  }
  if (rule.type === 'array' && Array.isArray(value)) {
    const { items } = rule;
    return items ? value.flatMap((item, index) => boundParts(items, item, [...path, index])) : [];
  }
  if (rule.type === 'object' && isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      const below = rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : rule.each;
      return below && item !== undefined ? boundParts(below, item, [...path, key]) : [];
    });
  }
  return [];
}

/** Parts in a comparable form. */
export const textsOf = (parts: readonly Part[]): string[] =>
  parts.map(({ value }) => JSON.stringify(value)).sort();
/** What makes a value point to an object, where that depends on the value. */
const pointing = (id: number): JsonObject[] => [
  { key: 'id', type: 'cohort', value: id, operator: 'in' },
  { kind: 'ActionsNode', id },
  { conditions: { flag: `flag-${id}` } },
];

/** A value of which some parts point to objects, as decided by the bits. */
function bent(rule: FieldRule, value: JsonValue, id: number, bits: boolean[]): JsonValue {
  if (rule.type === 'union') {
    return rule.of.reduce<JsonValue>((result, one) => bent(one, result, id, bits), value);
  }
  if (rule.type === 'array' && Array.isArray(value)) {
    const { items } = rule;
    return items ? value.map((item) => bent(items, item, id, bits)) : value;
  }
  if (rule.type !== 'object' || !isJsonObject(value)) {
    return value;
  }
  const parts = Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const below = rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : rule.each;
      return [key, below && item !== undefined ? bent(below, item, id, bits) : item];
    }),
  );
  const made = pointing(id)
    .map((one): JsonObject => ({ ...parts, ...one }))
    .find((one) => typeof rule.pointsTo === 'function' && targetOfRule(rule, one) !== undefined);
  return made && bits.pop() ? made : parts;
}

const bits = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
/** Values of a setting, many of which point to objects of their environment. */
export const boundValuesOf = (field: SettingsField, id: number): fc.Arbitrary<JsonValue> =>
  fc.tuple(valuesOfField(field), bits).map(([value, some]) => bent(field.rule, value, id, [...some]));

/** The settings whose values can point to objects of their environment, at any depth. */
export const boundFields = settingsFields.filter(
  ({ access, rule }) => access === 'writable' && rulesBelow(rule).some(({ pointsTo }) => pointsTo),
);
