import type { JsonObject, JsonValue } from '../json/json';
import type { FieldRule, ObjectRule, TextRule } from './rules';

/** An item that a rule accepts, with everything that PostHog requires. */
export const exampleItem = (rule: FieldRule): JsonValue => valueOf(rule, 'name', true);

/** @param key a placeholder for a string without a better example */
function valueOf(rule: FieldRule | undefined, key: string, isItem = false): JsonValue {
  switch (rule?.type) {
    case 'boolean':
      return true;
    case 'integer':
      return rule.values?.[0] ?? Math.min(rule.max ?? Infinity, Math.max(rule.min ?? 0, 1));
    case 'decimal':
      return 1;
    case 'string':
      return rule.values?.[0] ?? textOf(rule, key);
    case 'time':
      return '02:00:00';
    case 'timezone':
      return 'UTC';
    case 'array':
      return [];
    case 'object':
      return objectExample(rule, isItem);
    case 'id':
      return 1;
    case 'union': {
      const [first] = rule.of;
      return first ? valueOf(first, key, isItem) : key;
    }
    case 'any':
    case undefined:
      return key;
  }
}

function textOf({ example, regex, startsWith }: TextRule, key: string): string {
  return example ?? (regex ? 'https://example\\.com/.*' : `${startsWith ?? ''}${key}`);
}

/** The required keys of an object. If there are none: the keys that people usually write, only for the item itself. */
function objectExample(rule: ObjectRule, isItem: boolean): JsonObject {
  const { keys = {}, required = [], hidden, kept = [] } = rule;
  const known = Object.keys(keys).filter((key) => !hidden?.test(key) && !kept.includes(key));
  const needed = required.length > 0 ? required : isItem ? known : [];
  const example = fill(needed, keys);
  return rule.together?.(example) ? fill([...new Set([...needed, ...known])], keys) : example;
}

const fill = (names: readonly string[], keys: Readonly<Record<string, FieldRule>>): JsonObject =>
  Object.fromEntries(names.map((key) => [key, Object.hasOwn(keys, key) ? valueOf(keys[key], key) : key]));

/** An example as the body of a snippet: Tab moves between its strings. */
export function snippetBody(example: JsonValue): JsonValue {
  let stop = 0;
  const stopped = (value: JsonValue | undefined): JsonValue | undefined => {
    if (typeof value === 'string') {
      stop += 1;
      return `\${${stop}:${value.replace(/[\\$}]/g, '\\$&')}}`;
    }
    if (Array.isArray(value)) {
      return value.map((item) => stopped(item) ?? null);
    }
    return typeof value === 'object' && value !== null && !('rawJSON' in value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stopped(item)]))
      : value;
  };
  return stopped(example) ?? null;
}
