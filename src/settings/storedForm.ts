import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../json/json';
import type { FieldRule, ListRule, ObjectRule } from './rules';
import { decimalValue, storedText, timeOfDay } from './values';

/**
 * Whether every server is known to store a wanted value in the form of another one, so that sending it would change
 * nothing: the catalogue says so for this field (API facts 4.5, 9.1). Most JSON is stored as it is, spaces and empty
 * items included. If in doubt, the value must be sent: sending what is already there does no harm, but leaving out what
 * isn't there loses a change.
 */
export function isStoredAs(
  rule: FieldRule | undefined,
  wanted: JsonValue | undefined,
  stored: JsonValue | undefined,
): boolean {
  if (jsonEquals(wanted, stored)) {
    return true;
  }
  switch (rule?.type) {
    case 'decimal': {
      const value = decimalValue(wanted);
      return value !== undefined && value === decimalValue(stored);
    }
    case 'time': {
      const value = timeOfDay(wanted);
      return value !== undefined && value === timeOfDay(stored);
    }
    case 'string':
      return typeof wanted === 'string' && storedText(rule, wanted) === stored;
    case 'array':
      return Array.isArray(wanted) && Array.isArray(stored) && isListStoredAs(rule, wanted, stored);
    case 'object':
      return isJsonObject(wanted) && isJsonObject(stored) && isObjectStoredAs(rule, wanted, stored);
    case 'union': {
      const kind = Array.isArray(wanted) ? 'array' : isJsonObject(wanted) ? 'object' : undefined;
      return rule.of.some((one) => one.type === kind && isStoredAs(one, wanted, stored));
    }
    default:
      return false;
  }
}

function isListStoredAs(rule: ListRule, wanted: readonly JsonValue[], stored: readonly JsonValue[]): boolean {
  const { items } = rule;
  const isDropped = (item: JsonValue): boolean =>
    item === null || (items?.type === 'string' && typeof item === 'string' && storedText(items, item) === '');
  const kept = rule.dropsEmpty ? wanted.filter((item) => !isDropped(item)) : wanted;
  if (rule.unordered) {
    return (
      kept.every((item) => stored.some((one) => isStoredAs(items, item, one))) &&
      stored.every((one) => kept.some((item) => isStoredAs(items, item, one)))
    );
  }
  return kept.length === stored.length && kept.every((item, index) => isStoredAs(items, item, stored[index]));
}

function isObjectStoredAs(rule: ObjectRule, wanted: JsonObject, stored: JsonObject): boolean {
  const { keys = {}, each, kept = [], adds = [], dropsEmpty } = rule;
  return (
    Object.entries(wanted).every(([key, value]) =>
      value === undefined || kept.includes(key)
        ? true
        : Object.hasOwn(stored, key)
          ? isStoredAs(Object.hasOwn(keys, key) ? keys[key] : each, value, own(stored, key))
          : dropsEmpty === true && isJsonObject(value) && Object.keys(value).length === 0,
    ) &&
    Object.keys(stored).every((key) => Object.hasOwn(wanted, key) || kept.includes(key) || adds.includes(key))
  );
}
