import { applyEdits, modify, type FormattingOptions } from 'jsonc-parser';
import type { JsonValue } from './json';
import type { JsonPath } from './parse';

/** A value that is to stand at a path of a text; `undefined` takes the key out. */
export interface TextEdit {
  readonly path: JsonPath;
  readonly value: JsonValue | undefined;
}

/**
 * A JSON text with other values. What is not edited stays as it was written, and what is new is indented as the rest.
 *
 * @param rank the place of a new key among its neighbours; the keys of the text stay in their order
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
