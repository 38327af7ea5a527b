import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { BigNumber, JsonObject, JsonValue } from '../json/json';

export type { BigNumber, JsonObject, JsonValue };

/** Parts of JSON that TypeScript doesn't declare yet. Node 20 lacks them and rounds long integers. */
interface Json {
  parse(
    text: string,
    reviver?: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  isRawJSON?(value: unknown): boolean;
  rawJSON?(text: string): BigNumber;
}

const json: Json = JSON;

/** Whether a value is an integer kept as a string of digits. */
export function isBigNumber(value: unknown): value is BigNumber {
  return json.isRawJSON?.(value) ?? false;
}

/** The number for a literal; a string of digits if a double would round it. */
export function readNumber(literal: string): number | BigNumber {
  const value = Number(literal);
  const isRounded = /^-?[1-9]\d*$/.test(literal) && String(value) !== literal;
  return isRounded ? (json.rawJSON?.(literal) ?? value) : value;
}

/** `JSON.parse` that keeps every digit of an integer. @throws SyntaxError */
export function parseJson(text: string): unknown {
  // A reviver makes parsing several times slower, so use one only if there can be a long number.
  return /\d{16}/.test(text)
    ? json.parse(text, (_, value, context) =>
        typeof value === 'number' && context?.source !== undefined ? readNumber(context.source) : value,
      )
    : json.parse(text);
}

/** Whether a value is a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isBigNumber(value);
}

/** A deep copy, so that a response never shares structure with the stored state. */
export function cloneJson<T extends JsonValue | undefined>(value: T): T;
export function cloneJson(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => cloneJson(item));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    setKey(copy, key, cloneJson(value[key]));
  }
  return copy;
}

/** Deep equality of JSON values: the order of keys doesn't matter, the order of items does. */
export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) {
    return isBigNumber(left) && isBigNumber(right) && left.rawJSON === right.rawJSON;
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}

/** Whether a value is a number, of any length. */
export function isNumber(value: JsonValue | undefined): value is number | BigNumber {
  return typeof value === 'number' || isBigNumber(value);
}

/** The digits of a number. */
export function digitsOf(value: number | BigNumber): string {
  return typeof value === 'number' ? String(value) : value.rawJSON;
}

/** Sets a key that can come from outside: plain assignment of `__proto__` would change the prototype. */
export function setKey(target: JsonObject, key: string, value: JsonValue | undefined): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The value as Python's `str()` prints it, because the real messages include it. */
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
  if (isNumber(value)) {
    return digitsOf(value);
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

/** The Python type name of a JSON value, as the real messages name it. */
export function pythonTypeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) {
    return 'NoneType';
  }
  if (Array.isArray(value)) {
    return 'list';
  }
  if (isBigNumber(value)) {
    return 'int';
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

/** A string or number as a string; empty for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : isNumber(value) ? digitsOf(value) : '';
}

/** Whether the number at a path of a JSON text has a fraction or an exponent. */
export function isFloatIn(text: string | undefined, path: readonly string[]): boolean {
  const tree = text === undefined ? undefined : parseTree(text);
  const node = tree && findNodeAtLocation(tree, [...path]);
  return node?.type === 'number' && /[.e]/i.test(text?.slice(node.offset, node.offset + node.length) ?? '');
}
