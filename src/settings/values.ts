import { settingsField } from './catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../json/json';
import type { FieldRule, ListRule, TextRule } from './rules';

const decimalPattern = /^\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*$/;

/** The value of a decimal, written as a number or a string. Undefined if it isn't one. */
export function decimalValue(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  return typeof value === 'string' && decimalPattern.test(value) ? Number(value) : undefined;
}

const timePattern = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,6})?)?Z?$/;

/** A time of day as `HH:MM:SS`. Undefined if the value isn't one. */
export function timeOfDay(value: JsonValue | undefined): string | undefined {
  const match = typeof value === 'string' ? timePattern.exec(value.trim()) : null;
  if (!match) {
    return undefined;
  }
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part || 0));
  return hours < 24 && minutes < 60 && seconds < 60
    ? [hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':')
    : undefined;
}

/** A string as every server would store it. */
export function storedText({ trimmed, lowerCase }: TextRule, text: string): string {
  const kept = trimmed === true ? text.trim() : text;
  return lowerCase ? kept.toLowerCase() : kept;
}

/** An item of an array as every server would store it. */
export const itemForm =
  ({ items }: ListRule) =>
  (item: JsonValue): JsonValue =>
    typeof item === 'string' && items?.type === 'string' ? storedText(items, item) : item;

/** The items of an array that PostHog keeps as a set, as it would store them, sorted. */
function asSet(list: readonly JsonValue[], rule: ListRule): JsonValue[] {
  const stored = itemForm(rule);
  const byText = new Map(list.map((item) => [JSON.stringify(stored(item)), stored(item)]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
}

/** A value in one of the spellings that PostHog treats alike. */
function normalized(rule: FieldRule | undefined, value: JsonValue | undefined): JsonValue | undefined {
  switch (rule?.type) {
    case 'decimal':
      return decimalValue(value) ?? value;
    case 'time':
      return timeOfDay(value) ?? value;
    case 'array':
      if (rule.unordered && Array.isArray(value)) {
        return asSet(value, rule);
      }
      return rule.dropsEmpty && Array.isArray(value)
        ? value.map(itemForm(rule)).filter((item) => item !== null && item !== '')
        : value;
    default:
      return value;
  }
}

/**
 * Whether two values of a settings field mean the same to PostHog: `"0.40"`, `"0.4"` and `0.4` are the same decimal,
 * `"09:00"` and `"09:00:00"` the same time. Arrays are compared without the empty items PostHog drops, and as sets if
 * PostHog keeps sets (API facts 4.5, 9.1). Leaving out a key that the server sets itself is no change.
 */
export function sameValue(key: string, left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (jsonEquals(left, right)) {
    return true;
  }
  const rule = settingsField(key)?.rule;
  if (rule?.type === 'object' && rule.kept && isJsonObject(left) && isJsonObject(right)) {
    return jsonEquals(withoutAbsent(left, right, rule.kept), withoutAbsent(right, left, rule.kept));
  }
  return jsonEquals(normalized(rule, left), normalized(rule, right));
}

/** An object without the server's own keys that the other version doesn't have. */
function withoutAbsent(object: JsonObject, other: JsonObject, kept: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => !kept.includes(key) || Object.hasOwn(other, key)),
  );
}
