import { parseJson } from '../json';
import type { JsonValue } from '../json';

/** An object of a file: its values by name, in the order of the file, which a JavaScript object wouldn't preserve. */
export type JsonRecord = Map<string, JsonValue>;

const SPACE = /\s*/y;
const SEPARATORS = /[\s,;]*/y;
const TEXT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const SCALAR = /[^\s,\]}]+/y;

/**
 * The objects in a text, as ClickHouse reads `JSONEachRow`: one after another, on one line or several, or all of them
 * in one array.
 *
 * @param isCut whether the text is the beginning of a longer one, so that its last object can be incomplete
 * @throws SyntaxError for anything else
 */
export function jsonRecords(text: string, isCut: boolean): JsonRecord[] {
  const reader = new Reader(text);
  const records: JsonRecord[] = [];
  reader.skip(SPACE);
  const isList = reader.take('[');
  try {
    for (reader.skip(SEPARATORS); !reader.atEnd(); reader.skip(SEPARATORS)) {
      if (isList && reader.take(']')) {
        reader.skip(SEPARATORS);
        reader.expectEnd();
        return records;
      }
      records.push(reader.record());
    }
    if (isList && !isCut) {
      throw reader.unexpected();
    }
  } catch (error) {
    if (!isCut || records.length === 0 || !(error instanceof SyntaxError)) {
      throw error;
    }
  }
  return records;
}

class Reader {
  #at = 0;

  constructor(readonly text: string) {}

  atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  expectEnd(): void {
    if (!this.atEnd()) {
      throw this.unexpected();
    }
  }

  unexpected(): SyntaxError {
    return new SyntaxError(`Unexpected input at position ${this.#at}`);
  }

  /** Consumes a character if it is next. */
  take(character: string): boolean {
    const found = this.text[this.#at] === character;
    this.#at += found ? 1 : 0;
    return found;
  }

  /** Consumes a match and returns it. */
  skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) {
      throw this.unexpected();
    }
    this.#at += found.length;
    return found;
  }

  record(): JsonRecord {
    const record: JsonRecord = new Map();
    if (!this.take('{')) {
      throw this.unexpected();
    }
    this.skip(SPACE);
    if (this.take('}')) {
      return record;
    }
    do {
      this.skip(SPACE);
      const name = parseJson(this.skip(TEXT)) as string;
      this.skip(SPACE);
      if (!this.take(':')) {
        throw this.unexpected();
      }
      this.skip(SPACE);
      record.set(name, parseJson(this.#value()) as JsonValue);
      this.skip(SPACE);
    } while (this.take(','));
    if (!this.take('}')) {
      throw this.unexpected();
    }
    return record;
  }

  /** The source text of the next value. */
  #value(): string {
    const first = this.text[this.#at];
    if (first === '"') {
      return this.skip(TEXT);
    }
    if (first !== '{' && first !== '[') {
      return this.skip(SCALAR);
    }
    const start = this.#at;
    let depth = 0;
    do {
      const character = this.text[this.#at];
      if (character === undefined) {
        throw this.unexpected();
      }
      if (character === '"') {
        this.skip(TEXT);
        continue;
      }
      depth += character === '{' || character === '[' ? 1 : character === '}' || character === ']' ? -1 : 0;
      this.#at += 1;
    } while (depth > 0);
    return this.text.slice(start, this.#at);
  }
}
