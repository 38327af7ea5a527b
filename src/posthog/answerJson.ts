import { isBigNumber, isJsonObject, parseJson } from '../json/json';
import { formsOf, withoutKey } from './redact';

/** Settings with filters inside of filters stay below twenty levels. */
const MAX_DEPTH = 100;
/** Objects and lists in one answer: each costs memory, however short its text. */
const MAX_CONTAINERS = 500_000;

/** What is shorter is no key of any PostHog, and is found in texts by chance. */
const SHORTEST_KEY = 8;

/** What a text is as JSON; `problem` is a sentence. */
export type AnswerJson = { json: unknown; problem?: undefined } | { json: undefined; problem: string };

/**
 * Reads the JSON of an answer. What would need far more memory than its text, or is nested too deep for everything
 * that walks through it later, is not read; a key that the server repeats does not get further than here.
 */
export function readAnswerJson(text: string, key: string): AnswerJson {
  const problem = problemOf(text);
  if (problem !== undefined) {
    return { json: undefined, problem };
  }
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return { json: undefined, problem: 'It is no complete JSON.' };
  }
  // The key may be written with escapes, which only exist before the text is parsed.
  const mayHoldKey =
    key.length >= SHORTEST_KEY &&
    (/\\(u00|\/)/.test(text) || formsOf(key).some((form) => text.includes(form)));
  return { json: mayHoldKey ? masked(json, key) : json };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts what opens, without building anything. */
function problemOf(text: string): string | undefined {
  let depth = 0;
  let containers = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        containers += 1;
        if (depth > MAX_DEPTH) {
          return `It is nested deeper than ${MAX_DEPTH} levels.`;
        }
        if (containers > MAX_CONTAINERS) {
          return `It holds more than ${MAX_CONTAINERS.toLocaleString('en')} objects and lists.`;
        }
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
  return text.length;
}

function masked(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    return withoutKey(value, key);
  }
  if (Array.isArray(value)) {
    return value.map((item) => masked(item, key));
  }
  if (!isJsonObject(value) || isBigNumber(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [withoutKey(name, key), masked(inner, key)]),
  );
}
