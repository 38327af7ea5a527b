import { isJsonObject, type JsonObject, type JsonValue } from '../json/json';

import { decimalValue, itemForm, storedText, timeOfDay } from './values';
import type { FieldRule, ListRule, ObjectRule, TextRule } from './rules';

/**
 * The one form that all spellings of a value share: what the server changes, adds, ignores or stores unordered makes no
 * difference (API facts 9.1). Keys are in the catalogue's order, then by name; null inside an object is the same as a
 * missing key.
 */
export function normalForm(rule: FieldRule | undefined, value: JsonValue): JsonValue {
  switch (rule?.type) {
    case 'boolean':
      return value === null && rule.nullIsFalse ? false : value;
    case 'decimal':
      return decimalText(value) ?? value;
    case 'time':
      return timeOfDay(value) ?? value;
    case 'string':
      return typeof value === 'string' ? textForm(rule, value) : value;
    case 'array':
      return Array.isArray(value) ? listForm(rule, value) : value;
    case 'object':
      return isJsonObject(value) ? objectForm(rule, value) : value;
    case 'union':
      return normalForm(kindOf(rule.of, value), value);
    default:
      return Array.isArray(value)
        ? value.map((item) => normalForm(undefined, item))
        : isJsonObject(value)
          ? objectForm(undefined, value)
          : value;
  }
}

/** A string as some server would store it. */
function textForm(rule: TextRule, value: string): string | null {
  const text = storedText(rule, rule.trimmed ? value.trim() : value);
  return text === '' && rule.blankIsNull ? null : text;
}

/** `0.4` and `"0.40"` as the server writes them: with two decimal places, or more if needed. */
function decimalText(value: JsonValue): string | undefined {
  const number = decimalValue(value);
  if (number === undefined) {
    return undefined;
  }
  const text = number.toFixed(2);
  return Number(text) === number ? text : String(number);
}

function listForm(rule: ListRule, value: readonly JsonValue[]): JsonValue[] {
  const stored = itemForm(rule);
  const items = value
    .map((item) => normalForm(rule.items, stored(item)))
    .filter((item) => !((rule.dropsEmpty ?? rule.distinct) && (item === null || item === '')));
  if (!rule.unordered && !rule.anyOrder) {
    return items;
  }
  const byText = items.map((item) => [JSON.stringify(item), item] as const);
  const held = rule.unordered || rule.distinct ? [...new Map(byText)] : byText;
  return held.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, item]) => item);
}

function objectForm(rule: ObjectRule | undefined, value: JsonObject): JsonObject {
  const { keys = {}, each, kept = [], adds = [], hidden, dropsEmpty } = rule ?? {};
  const order = Object.keys(keys);
  const place = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries(
    Object.entries(value)
      .flatMap(([key, item]): [string, JsonValue][] => {
        const keyRule = Object.hasOwn(keys, key) ? keys[key] : each;
        const isLeftOut =
          kept.includes(key) || adds.includes(key) || keyRule?.ignored === true || hidden?.test(key) === true;
        if (item === undefined || isLeftOut) {
          return [];
        }
        const form = normalForm(keyRule, item);
        const isEmpty = dropsEmpty && isJsonObject(form) && Object.keys(form).length === 0;
        return form === null || isEmpty ? [] : [[key, form]];
      })
      .sort(([left], [right]) => place(left) - place(right) || (left < right ? -1 : 1)),
  );
}

/** The rule for a value's kind. */
const kindOf = (rules: readonly FieldRule[], value: JsonValue): FieldRule | undefined =>
  rules.find(({ type }) =>
    Array.isArray(value) ? type === 'array' : isJsonObject(value) ? type === 'object' : false,
  );
