import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { JsonObject, JsonValue } from '../settings/json';

export type { JsonObject, JsonValue };

/** Whether a value is a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A deep copy, so that an answer never shares structure with the stored state. */
export function cloneJson<T extends JsonValue | undefined>(value: T): T {
  return structuredClone(value);
}

/** Deep equality of JSON values: key order does not matter, array order does. */
export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) {
    return false;
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}

/**
 * Sets a key that may come from outside. Plain assignment would change the prototype for `__proto__`.
 */
export function setKey(target: JsonObject, key: string, value: JsonValue | undefined): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The value as Python's `str()` prints it, because the real messages contain it. */
export function pythonString(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

function pythonRepr(value: JsonValue | undefined): string {
  if (value === null || value === undefined) {
    return 'None';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  if (typeof value === 'string') {
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((item: JsonValue) => pythonRepr(item)).join(', ')}]`;
  }
  const entries = Object.entries<JsonValue | undefined>({ ...value });
  return `{${entries.map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
}

/** The Python type name of a JSON value, as the real messages say it. */
export function pythonTypeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) {
    return 'NoneType';
  }
  if (Array.isArray(value)) {
    return 'list';
  }
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'string':
      return 'str';
    default:
      return 'dict';
  }
}

/** The text of a value that is known to be text or a number; empty for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Whether the number at a path of a JSON text is written with a fraction or an exponent. */
export function isFloatIn(text: string | undefined, path: readonly string[]): boolean {
  const tree = text === undefined ? undefined : parseTree(text);
  const node = tree && findNodeAtLocation(tree, [...path]);
  return node?.type === 'number' && /[.e]/i.test(text?.slice(node.offset, node.offset + node.length) ?? '');
}
