/** The shortest copy LZ4 can encode. */
const MIN_MATCH = 4;

/** Length of the two numbers before each block in Hadoop's framing. */
const HEADER_BYTES = 8;

class BrokenLz4 extends Error {
  override readonly name = 'BrokenLz4';
}

/**
 * Decompresses one LZ4 block, as used by Parquet's `LZ4_RAW`.
 *
 * @param length of the decompressed bytes
 * @throws Error for a corrupt block
 */
export function unpackLz4(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let from = 0;
  let to = 0;
  const byte = (): number => {
    const value = input[from];
    if (value === undefined) {
      throw new BrokenLz4('The block ends too early.');
    }
    from += 1;
    return value;
  };
  const longer = (start: number): number => {
    let total = start;
    if (start === 15) {
      let more: number;
      do {
        more = byte();
        total += more;
      } while (more === 255);
    }
    return total;
  };
  while (from < input.length) {
    const token = byte();
    const literals = longer(token >> 4);
    if (from + literals > input.length || to + literals > length) {
      throw new BrokenLz4('The literals do not fit.');
    }
    output.set(input.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === input.length) {
      break;
    }
    const offset = byte() | (byte() << 8);
    const end = to + longer(token & 15) + MIN_MATCH;
    if (offset === 0 || offset > to || end > length) {
      throw new BrokenLz4('A copy reaches out of the block.');
    }
    // Byte by byte, because a copy can overlap its own output.
    for (; to < end; to += 1) {
      output[to] = output[to - offset] ?? 0;
    }
  }
  if (to !== length) {
    throw new BrokenLz4('The block is too short.');
  }
  return output;
}

/**
 * Decompresses Parquet's older `LZ4`: blocks in Hadoop's framing or, from other writers, a single bare block.
 *
 * @throws Error if it is neither
 */
export function unpackLz4Blocks(input: Uint8Array, length: number): Uint8Array {
  try {
    return unpackFramed(input, length);
  } catch (error) {
    if (!(error instanceof BrokenLz4)) {
      throw error;
    }
    return unpackLz4(input, length);
  }
}

function unpackFramed(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const output = new Uint8Array(length);
  let from = 0;
  let to = 0;
  while (from < input.length) {
    if (from + HEADER_BYTES > input.length) {
      throw new BrokenLz4('The frame ends too early.');
    }
    const unpackedBytes = view.getUint32(from);
    const packedBytes = view.getUint32(from + 4);
    from += HEADER_BYTES;
    if (from + packedBytes > input.length || to + unpackedBytes > length) {
      throw new BrokenLz4('The frame does not fit.');
    }
    output.set(unpackLz4(input.subarray(from, from + packedBytes), unpackedBytes), to);
    from += packedBytes;
    to += unpackedBytes;
  }
  if (to !== length) {
    throw new BrokenLz4('The frame is too short.');
  }
  return output;
}
