import { applyEdits, modify } from 'jsonc-parser';
import type { JsonValue } from './json';
import { parseDocument, type FixStep, type JsonPath, type TextSpan, type ValidDocument } from './parse';

/** A range of a text and its replacement. */
interface SpotEdit extends TextSpan {
  readonly text: string;
}

const formattingOptions = { insertSpaces: true, tabSize: 2 };

/**
 * What the steps change in a text: the range from the first to the last difference.
 *
 * @returns `undefined` if nothing changes, for example because the text has changed since
 */
export function fixEdit(text: string, steps: readonly FixStep[]): SpotEdit | undefined {
  const fixed = steps.reduce(applied, text);
  if (fixed === text) {
    return undefined;
  }
  const most = Math.min(text.length, fixed.length);
  let start = 0;
  while (start < most && text[start] === fixed[start]) {
    start += 1;
  }
  let end = 0;
  while (end < most - start && text.at(-1 - end) === fixed.at(-1 - end)) {
    end += 1;
  }
  // Half a character in UTF-16 can't be replaced.
  if (start > 0 && (isLow(text.charCodeAt(start)) || isLow(fixed.charCodeAt(start)))) {
    start -= 1;
  }
  if (isLow(text.charCodeAt(text.length - end)) || isLow(fixed.charCodeAt(fixed.length - end))) {
    end -= 1;
  }
  return { offset: start, length: text.length - start - end, text: fixed.slice(start, fixed.length - end) };
}

/** Whether a UTF-16 code unit is the second half of a character. */
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function applied(text: string, step: FixStep): string {
  if (step.kind === 'text') {
    return text.slice(0, step.offset) + step.text + text.slice(step.offset + step.length);
  }
  const document = parseDocument(text);
  if (!document.ok) {
    return text;
  }
  switch (step.kind) {
    case 'set':
      return set(text, step.path, step.value);
    case 'remove':
      return has(document, step.path) ? set(text, step.path, undefined) : text;
    case 'rename': {
      if (!has(document, step.path)) {
        return text;
      }
      const { offset, length } = document.locateKey(step.path);
      return text.slice(0, offset) + JSON.stringify(step.to) + text.slice(offset + length);
    }
  }
}

const set = (text: string, path: JsonPath, value: JsonValue | undefined): string =>
  applyEdits(text, modify(text, [...path], value, { formattingOptions }));

function has({ value }: ValidDocument, path: JsonPath): boolean {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) {
      return false;
    }
    at = Reflect.get(at, key);
  }
  return path.length > 0;
}
