import { isJsonObject, own, type JsonObject, type JsonValue } from './json';
import type { JsonPath } from './parse';

/** The value at a path; `undefined` if there is none. */
export function valueAt(document: JsonObject, path: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const key of path) {
    if (typeof key === 'number') {
      value = Array.isArray(value) ? value[key] : undefined;
    } else {
      value = isJsonObject(value) ? own(value, key) : undefined;
    }
  }
  return value;
}
