import { maskSecretText } from '../settings/secrets';

/** How much of a server's text a message may contain, in characters. */
const MAX_TEXT_LENGTH = 300;

/** Replaces secrets. */
const MASK = '•••';

/**
 * Removes the key, and anything that looks like a secret, from a text.
 *
 * @param text any text that is about to leave this layer
 * @param key the key in use; empty if none was read
 */
export function redact(text: string, key: string): string {
  return maskSecretText(withoutKey(text, key), MASK);
}

/** Removes only the key itself from a text. */
export function withoutKey(text: string, key: string): string {
  let clean = text;
  for (const form of formsOf(key)) {
    clean = clean.replaceAll(form, MASK);
  }
  return clean;
}

/** The ways in which a key can appear in a text. */
export const formsOf = (key: string): string[] =>
  key === '' ? [] : [...new Set([key, encodeURIComponent(key)])];

/**
 * Prepares a server's text for a message: one line, no control or direction characters, no secrets, and short.
 * Secrets are removed first: if the cut went through the middle of a key, it would no longer be found.
 */
export function tidy(text: string, key: string): string {
  const clean = redact(text, key)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]+/gu, '')
    .trim();
  // A key that was split by an invisible character is complete now.
  const safe = redact(clean, key);
  return safe.length > MAX_TEXT_LENGTH ? `${safe.slice(0, MAX_TEXT_LENGTH - 1)}…` : safe;
}
