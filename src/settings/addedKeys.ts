import { isJsonObject, type JsonValue } from '../json/json';
import { settingsFields } from './catalogue';
import type { FieldRule } from './rules';

/** The keys that the server adds to objects in settings, such as names that it looks up (API facts 9.1). */
const addedKeys: ReadonlySet<string> = new Set(settingsFields.flatMap(({ rule }) => addedIn(rule)));

/** A value without the keys that the server adds, at any depth. */
export function withoutAdded(value: JsonValue): JsonValue;
export function withoutAdded(value: JsonValue | undefined): JsonValue | undefined;
export function withoutAdded(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => withoutAdded(item));
  }
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !addedKeys.has(key))
          .map(([key, part]) => [key, withoutAdded(part)]),
      )
    : value;
}

function addedIn(rule: FieldRule | undefined): readonly string[] {
  switch (rule?.type) {
    case 'object':
      return [...(rule.adds ?? []), ...[...Object.values(rule.keys ?? {}), rule.each].flatMap(addedIn)];
    case 'array':
      return addedIn(rule.items);
    case 'union':
      return rule.of.flatMap(addedIn);
    default:
      return [];
  }
}
