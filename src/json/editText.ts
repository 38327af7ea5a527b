import { applyEdits, modify, type FormattingOptions } from 'jsonc-parser';
import type { JsonValue } from './json';
import type { JsonPath } from './parse';

/** A value to set at a path in a text; `undefined` removes the key. */
export interface TextEdit {
  readonly path: JsonPath;
  readonly value: JsonValue | undefined;
}

/**
 * A JSON text with other values. What isn't edited keeps its formatting, and what is new is indented like the rest.
 *
 * @param rank the position of a new key among its siblings; existing keys keep their order
 */
export function editText(
  text: string,
  edits: readonly TextEdit[],
  rank: (key: string) => number = () => Infinity,
): string {
  const formattingOptions = formattingOf(text);
  return edits.reduce((edited, { path, value }) => {
    const place = rank(String(path.at(-1)));
    const getInsertionIndex = (keys: string[]): number => {
      const index = keys.findIndex((key) => rank(key) > place);
      return index < 0 ? keys.length : index;
    };
    return applyEdits(edited, modify(edited, [...path], value, { formattingOptions, getInsertionIndex }));
  }, text);
}

function formattingOf(text: string): FormattingOptions {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
