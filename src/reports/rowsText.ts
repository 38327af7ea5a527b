import { isBigNumber, type JsonValue } from '../json/json';

/** The position of a cell in its line, for hovers: in UTF-16 code units. */
export interface CellSpan {
  start: number;
  end: number;
}

/** Rows as an aligned table. */
export interface RowsTable {
  lines: readonly string[];
  /** Cell ranges for each of the {@link lines}, in column order; none for the ruler. */
  cells: readonly (readonly CellSpan[])[];
}

/** Cells are truncated at this many screen columns; hovers and copies have the full value. */
const widestCell = 48;
const separator = ' │ ';

/**
 * Formats rows as text: names, types, a ruler, rows. Numbers are right-aligned. `null` and the string "null" look the
 * same, but an empty string is shown as `""`.
 */
export function layOutRows(
  columns: readonly string[],
  types: readonly string[],
  rows: readonly (readonly JsonValue[])[],
): RowsTable {
  const cells = rows.map((row) => columns.map((_, index) => cellText(row[index])));
  const heads = [
    columns.map((name) => cut(oneLine(name))),
    ...(types.length > 0 ? [columns.map((_, index) => cut(shortType(types[index] ?? '')))] : []),
  ];
  const widths = columns.map((_, index) =>
    Math.max(1, ...[...heads, ...cells].map((line) => displayWidth(line[index] ?? ''))),
  );
  const right = columns.map((_, index) => {
    const values = rows.map((row) => row[index] ?? null).filter((value) => value !== null);
    return values.length > 0 && values.every((value) => typeof value === 'number' || isBigNumber(value));
  });
  const drawn = (line: readonly string[]): { text: string; spans: CellSpan[] } => {
    let text = '';
    const spans = line.map((cell, index) => {
      const padding = ' '.repeat((widths[index] ?? 0) - displayWidth(cell));
      text += index === 0 ? '' : separator;
      const start = text.length;
      text += right[index] ? padding + cell : cell + padding;
      return { start, end: text.length };
    });
    return { text: text.trimEnd(), spans };
  };
  const ruler = { text: widths.map((width) => '─'.repeat(width)).join('─┼─'), spans: [] };
  const all = [...heads.map(drawn), ruler, ...cells.map(drawn)];
  return { lines: all.map(({ text }) => text), cells: all.map(({ spans }) => spans) };
}

/** A value on one line, truncated to fit. */
function cellText(value: JsonValue | undefined): string {
  return cut(value === '' ? '""' : oneLine(valueText(value ?? null)));
}

/** A full value as text. */
export function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `Nullable(Int64)` as `Int64?`: every column read from files is nullable, and the long form hides the type. */
export function shortType(type: string): string {
  return type.replace(/\bNullable\(((?:[^()]|\([^()]*\))*)\)/g, '$1?');
}

function oneLine(text: string): string {
  // Control characters and the separator would break the table.
  return text
    .replace(/\r\n|[\n\r\u2028\u2029]/g, '⏎')
    .replace(/\t/g, '⇥')
    .replace(/\p{Cc}/gu, '·')
    .replace(/│/g, '|');
}

function cut(text: string): string {
  if (displayWidth(text) <= widestCell) {
    return text;
  }
  let kept = '';
  let width = 1;
  for (const character of text) {
    width += characterWidth(character);
    if (width > widestCell) {
      break;
    }
    kept += character;
  }
  return `${kept}…`;
}

/** How many screen columns a text takes in a monospace font. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
  }
  return width;
}

const wide = /[ᄀ-ᅟ⺀-〾ぁ-㏿㐀-䶿一-鿿ꀀ-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]|\p{Emoji_Presentation}/u;

function characterWidth(character: string): number {
  return /\p{Mn}|\p{Me}|\p{Cf}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
}
