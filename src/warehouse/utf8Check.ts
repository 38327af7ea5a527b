/**
 * Tells whether bytes are UTF-8, without making a text of them: for a file of 50 MB, that would be its size in memory
 * once more.
 */
export class Utf8Check {
  /** Bytes that the character under way still needs, and what the next one may be. */
  #missing = 0;
  #lowest = 0x80;
  #highest = 0xbf;

  /** Whether the bytes so far end with a whole character. */
  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Reads on. @returns false for a byte that no UTF-8 text has there */
  takes(chunk: Uint8Array): boolean {
    // Not for…of: until it is compiled, its iterator makes an object of every byte.
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

  /** The first byte of a character; overlong forms, surrogates and what is beyond Unicode are none. */
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
