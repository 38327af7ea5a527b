/**
 * Text for the places where VS Code shows more than text: `[Sign in](command:…)` becomes a link that runs a command in
 * notifications, in the line under an input box and in failed saves, and `$(name)` an icon in picks, input boxes and the
 * status bar. Names come from a server, so nothing of it may work. A zero-width space keeps the two characters apart:
 * the text still reads as it was written.
 *
 * Applied where text is shown, never to what is sent or stored. Applying it twice changes nothing.
 */
export function asText(text: string): string {
  return visible(text).replace(/(?<=\])(?=\()|(?<=\$)(?=\()/g, '\u200b');
}

/** Like {@link asText}, for a text of several lines of our own. */
export function asLines(text: string | readonly string[]): string {
  return (typeof text === 'string' ? text.split('\n') : text).map(asText).join('\n');
}

/**
 * Everything that cannot be seen or that turns the direction of reading, by its number, as editors show it. What emoji
 * and scripts are made of stays: variation selectors, and joiners between emoji or letters that join.
 */
function visible(text: string): string {
  return text.replace(
    /(?![\ufe00-\ufe0f])[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu,
    (character, at: number) =>
      isKept(text, at, character) ? character : `[U+${hex(character.codePointAt(0) ?? 0)}]`,
  );
}

function isKept(text: string, at: number, character: string): boolean {
  const before = text.slice(0, at);
  const after = text.slice(at + character.length);
  switch (character) {
    case '\u200b':
      return /[\]$]$/.test(before) && after.startsWith('(');
    case '\u200c':
      return joining.test(before.slice(-2));
    case '\u200d':
      return (
        joining.test(before.slice(-2)) ||
        (/[\p{Emoji}\ufe0f]$/u.test(before) && /^\p{Extended_Pictographic}/u.test(after))
      );
    default:
      return false;
  }
}

/** The end of a text in a script whose letters take joiners. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]$/u;

function hex(codePoint: number): string {
  return codePoint.toString(16).toUpperCase().padStart(4, '0');
}
