import type { JsonObject } from './json';

/** A text or null. */
export const text = (description?: string): JsonObject => ({
  type: ['string', 'null'],
  ...(description ? { description } : {}),
});
/** True, false or null. */
export const flag = (description?: string): JsonObject => ({
  type: ['boolean', 'null'],
  ...(description ? { description } : {}),
});
/** A list of texts, or null. */
export const texts = (description?: string): JsonObject => ({
  type: ['array', 'null'],
  items: { type: ['string', 'null'] },
  ...(description ? { description } : {}),
});
/** One of these values, or null. */
export const oneOf = (...values: (string | number | null)[]): JsonObject => ({ enum: [...values, null] });
/** The same shape for each of some keys, which blanks separate. */
export const allOf = (keys: string, shape: JsonObject): JsonObject =>
  Object.fromEntries(keys.split(' ').map((key) => [key, shape]));
/** An object with these properties, others allowed. */
export const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
/** No others allowed. */
export const closed = { additionalProperties: false } as const;
/** A proposal for a whole value; `${1:…}` is where the cursor goes. */
export const snippet = (label: string, body: JsonObject, description: string): JsonObject => ({
  label,
  body,
  description,
});
