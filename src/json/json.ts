/** An integer that a double would round, kept as digits. `JSON.stringify` writes it as a number. */
export interface BigNumber {
  readonly rawJSON: string;
}

/** Any JSON value, as {@link parseJson} returns it. */
export type JsonValue = string | number | boolean | null | BigNumber | JsonValue[] | JsonObject;

/** A JSON object. `undefined` means that a key is absent; it's never a stored value. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Whether a value from outside is a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isBigNumber(value);
}

/** Parts of `JSON` that TypeScript doesn't know yet. VS Code's Node.js has them; Node.js 20 doesn't, and rounds. */
interface Json {
  parse(
    text: string,
    reviver?: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  isRawJSON?(value: unknown): boolean;
  rawJSON?(text: string): BigNumber;
}

const json: Json = JSON;

/** Whether a value is an integer kept as digits. */
export function isBigNumber(value: unknown): value is BigNumber {
  return json.isRawJSON?.(value) ?? false;
}

/** The number of a JSON literal, kept as digits if a double would round it. */
export function readNumber(literal: string): number | BigNumber {
  const value = Number(literal);
  const isRounded = /^-?[1-9]\d*$/.test(literal) && String(value) !== literal;
  return isRounded ? (json.rawJSON?.(literal) ?? value) : value;
}

/** `JSON.parse` that keeps every digit of an integer. @throws SyntaxError */
export function parseJson(text: string): unknown {
  // Only if there can be one: a reviver makes parsing several times slower.
  return /\d{16}/.test(text)
    ? json.parse(text, (_key, value, context) =>
        typeof value === 'number' && context?.source ? readNumber(context.source) : value,
      )
    : json.parse(text);
}

/** Deep equality of JSON values. The order of keys doesn't matter, but the order of array items does. */
export function jsonEquals(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => jsonEquals(item, right[index]))
    );
  }
  if (!isJsonObject(left) || !isJsonObject(right)) {
    return isBigNumber(left) && isBigNumber(right) && left.rawJSON === right.rawJSON;
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && jsonEquals(left[key], right[key]))
  );
}

/** The value of an own key, never an inherited one. */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value if it's an object, or else an empty one. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
