/** An integer that a double would round, as its digits; `JSON.stringify` writes them as the number they are. */
export interface BigNumber {
  readonly rawJSON: string;
}

/** Any JSON value, as {@link parseJson} returns it. */
export type JsonValue = string | number | boolean | null | BigNumber | JsonValue[] | JsonObject;

/** A JSON object. `undefined` stands for an absent key and never for a stored value. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Whether a value from outside is a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isBigNumber(value);
}

/** What TypeScript does not know yet of JSON; VS Code's Node has it, Node 20 does not and rounds. */
interface Json {
  parse(
    text: string,
    reviver?: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  isRawJSON?(value: unknown): boolean;
  rawJSON?(text: string): BigNumber;
}

const json: Json = JSON;

/** Whether a value is an integer kept as its digits. */
export function isBigNumber(value: unknown): value is BigNumber {
  return json.isRawJSON?.(value) ?? false;
}

/** The number of a JSON literal, as its digits where a double would round it. */
export function readNumber(literal: string): number | BigNumber {
  const value = Number(literal);
  const isRounded = /^-?[1-9]\d*$/.test(literal) && String(value) !== literal;
  return isRounded ? (json.rawJSON?.(literal) ?? value) : value;
}

/** `JSON.parse` that keeps every digit of an integer. @throws SyntaxError */
export function parseJson(text: string): unknown {
  // Only where there can be one: a reviver makes reading several times slower.
  return /\d{16}/.test(text)
    ? json.parse(text, (_key, value, context) =>
        typeof value === 'number' && context?.source ? readNumber(context.source) : value,
      )
    : json.parse(text);
}

/** Deep equality of JSON values: key order does not matter, array order does. */
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

/** The own value of a key, whatever the key is called. */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value if it is an object, else an empty one. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
