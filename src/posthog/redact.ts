import { maskSecretText } from '../settings/secrets';

/** How much of a server's text a message may carry, in characters. */
const MAX_TEXT_LENGTH = 300;

/** What stands in the place of a secret. */
const MASK = '•••';

/**
 * Takes the key, and anything that looks like a secret, out of a text.
 *
 * @param text any text that is about to leave this layer.
 * @param key the key in use; empty when none was read.
 */
export function redact(text: string, key: string): string {
  return maskSecretText(withoutKey(text, key), MASK);
}

/** Takes only the key itself out of a text. */
export function withoutKey(text: string, key: string): string {
  let clean = text;
  for (const form of formsOf(key)) {
    clean = clean.replaceAll(form, MASK);
  }
  return clean;
}

/** How a key is written in a text. */
export const formsOf = (key: string): string[] =>
  key === '' ? [] : [...new Set([key, encodeURIComponent(key)])];

/**
 * Makes a server's text fit for a message: one line, no control or direction characters, no secrets, and short.
 * Secrets go first: a cut through the middle of a key would hide it from the search.
 */
export function tidy(text: string, key: string): string {
  const clean = redact(text, key)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]+/gu, '')
    .trim();
  // A key split by an invisible character is whole again now.
  const safe = redact(clean, key);
  return safe.length > MAX_TEXT_LENGTH ? `${safe.slice(0, MAX_TEXT_LENGTH - 1)}…` : safe;
}
