/**
 * Text for places where VS Code shows more than text: `[Sign in](command:…)` becomes a link that runs a command in
 * notifications, under input boxes, and in failed saves, and `$(name)` becomes an icon in picks, input boxes, and the
 * status bar. Names come from a server, so none of this may work in them. A zero-width space separates the two
 * characters, and the text looks the same.
 *
 * Applied to text that is shown, never to text that is sent or stored. Applying it twice changes nothing.
 */
export function asText(text: string): string {
  return visible(text).replace(/(?<=\])(?=\()|(?<=\$)(?=\()/g, '\u200b');
}

/**
 * A name for comparison with what someone typed: characters that no keyboard has can be typed the way they are shown,
 * spaces of any kind as a space, and letters with accents in either form.
 */
export function typedAs(text: string): string {
  return asText(text.normalize('NFC').replace(/\p{Zs}/gu, ' '));
}

/** Like {@link asText}, for several lines of the extension's own text. */
export function asLines(text: string | readonly string[]): string {
  return (typeof text === 'string' ? text.split('\n') : text).map(asText).join('\n');
}

/**
 * Shows invisible and direction characters by their number, as editors do. Keeps what emoji and scripts need:
 * variation selectors, and joiners between emoji or joining letters.
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

/** A text that ends in a script with joining letters. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]$/u;

function hex(codePoint: number): string {
  return codePoint.toString(16).toUpperCase().padStart(4, '0');
}
