import { createScanner } from 'jsonc-parser';

type Plain = string | number | boolean;

/** The plain values of an object, by key. In a text that isn't valid JSON, a key may have several. */
type LooseObject = ReadonlyMap<string, readonly Plain[]>;

/** The scanner's token numbers that matter here (jsonc-parser `SyntaxKind`, which can't be imported). */
const token = {
  openBrace: 1,
  closeBrace: 2,
  comma: 5,
  colon: 6,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  end: 17,
} as const;

/** Lines that Git adds at conflicts. What follows the signs can contain anything, even braces. */
const conflictMarkers = /^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$/gm;

/**
 * All objects in a text with errors, whatever they are part of: a comma, colon, brace, or quote too many or too few
 * hides as little as possible. A parser that recovers from errors instead skips what follows them, up to a brace.
 */
export function looseObjects(text: string): readonly LooseObject[] {
  const scanner = createScanner(text.replaceAll(conflictMarkers, ''), true);
  const all = [new Map<string, Plain[]>()];
  const around = [...all];
  /** The last string, which is a key if a colon or a value without quotes follows. */
  let last: string | undefined;
  let key: string | undefined;
  const add = (to: string | undefined, value: Plain): void => {
    if (to !== undefined) {
      const object = around.at(-1);
      const values = object?.get(to);
      if (values) {
        values.push(value);
      } else {
        object?.set(to, [value]);
      }
    }
    key = undefined;
  };
  for (let kind: number = scanner.scan(); kind !== token.end; kind = scanner.scan()) {
    switch (kind) {
      case token.openBrace: {
        const object = new Map<string, Plain[]>();
        all.push(object);
        around.push(object);
        last = key = undefined;
        break;
      }
      case token.closeBrace:
        // One too many doesn't end the outermost object.
        if (around.length > 1) {
          around.pop();
        }
        last = key = undefined;
        break;
      case token.comma:
        last = key = undefined;
        break;
      case token.colon:
        key = last;
        break;
      case token.string:
        last = scanner.getTokenValue();
        add(key, last);
        break;
      case token.true:
      case token.false:
        add(key ?? last, kind === token.true);
        last = undefined;
        break;
      case token.number:
        add(key ?? last, Number(scanner.getTokenValue()));
        last = undefined;
        break;
      default:
    }
  }
  return all;
}
