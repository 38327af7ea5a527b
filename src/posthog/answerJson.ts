import { isBigNumber, isJsonObject, parseJson } from '../json/json';
import { formsOf, withoutKey } from './redact';

/** Settings with filters inside filters stay below twenty levels. */
const MAX_DEPTH = 100;
/** Objects and arrays in one response: each takes memory, however short its text. */
const MAX_CONTAINERS = 500_000;

/** Anything shorter isn't a PostHog key and could occur in texts by chance. */
const SHORTEST_KEY = 8;

/** A text as JSON; `problem` is a sentence. */
export type AnswerJson = { json: unknown; problem?: undefined } | { json: undefined; problem: string };

/**
 * Reads the JSON of a response. Rejects JSON that would take far more memory than its text, or that is nested too
 * deeply for code that walks through it later. Masks the key if the server repeats it.
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
    return { json: undefined, problem: "It isn't complete JSON." };
  }
  // The key may contain escapes, which are visible only before parsing.
  const mayHoldKey =
    key.length >= SHORTEST_KEY &&
    (/\\(u00|\/)/.test(text) || formsOf(key).some((form) => text.includes(form)));
  return { json: mayHoldKey ? masked(json, key) : json };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts opening brackets without building anything. */
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
          return `It's nested more than ${MAX_DEPTH} levels deep.`;
        }
        if (containers > MAX_CONTAINERS) {
          return `It has more than ${MAX_CONTAINERS.toLocaleString('en')} objects and arrays.`;
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
