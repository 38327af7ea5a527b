import { asLines } from '../json/visibleText';

/** HTML that is safe to insert into a page: our own markup, with everything else escaped. */
export class Html {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * Builds HTML. Interpolated values are escaped unless they are {@link Html}, and show hidden and direction characters;
 * undefined and false are left out.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.reduce((text, string, index) => text + string + textOf(parts[index]), '').replace(/^\n\s*/, ''),
  );
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => escapes[character] ?? character);

/** A value that the page sends back, exactly as it is. */
export const exactly = (value: string): Html => new Html(escapeHtml(value));

function textOf(part: Part): string {
  if (part === undefined || part === false) {
    return '';
  }
  if (part instanceof Html) {
    return part.toString();
  }
  return typeof part === 'object' ? part.map(textOf).join('') : escapeHtml(asLines(String(part)));
}
