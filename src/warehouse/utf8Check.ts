/**
 * Checks whether bytes are UTF-8 without decoding them to a string, which would double the memory for a 50 MB file.
 */
export class Utf8Check {
  /** How many bytes the current character still needs, and the range of the next one. */
  #missing = 0;
  #lowest = 0x80;
  #highest = 0xbf;

  /** Whether the bytes so far end with a complete character. */
  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Reads more bytes. @returns false for a byte that UTF-8 doesn't allow there */
  takes(chunk: Uint8Array): boolean {
    // Not for…of: until it's compiled, its iterator creates an object for every byte.
    return chunk.every((byte) =>
      this.#missing === 0 ? byte < 0x80 || this.#begins(byte) : this.#goesOn(byte),
    );
  }

  #goesOn(byte: number): boolean {
    if (byte < this.#lowest || byte > this.#highest) {
      return false;
    }
    this.#expect(this.#missing - 1);
    return true;
  }

  /** The first byte of a character; not for overlong forms, surrogates, or anything beyond Unicode. */
  #begins(byte: number): boolean {
    if (byte >= 0xc2 && byte <= 0xdf) {
      this.#expect(1);
    } else if (byte >= 0xe0 && byte <= 0xef) {
      this.#expect(2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf);
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      this.#expect(3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf);
    } else {
      return false;
    }
    return true;
  }

  #expect(missing: number, lowest = 0x80, highest = 0xbf): void {
    this.#missing = missing;
    this.#lowest = lowest;
    this.#highest = highest;
  }
}
