import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  /** Uncompressed size. */
  sizeBytes: number;
  content(): Buffer;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/**
 * Lists a zip file through its central directory. Enough for a .vsix: no encryption, no zip64.
 * @throws Error if the file isn't a zip file
 */
export function readZip(path: string): ZipEntry[] {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || zip.readUInt32LE(end) !== endSignature) {
    throw new Error(`${path} is not a zip file.`);
  }
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === entrySignature) {
    const header = at;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(header + offset),
    );
    const nameEnd = header + 46 + (nameLength ?? 0);
    entries.push({
      name: zip.toString('utf8', header + 46, nameEnd),
      sizeBytes: zip.readUInt32LE(header + 24),
      content: () => contentOf(zip, header),
    });
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return entries;
}

function contentOf(zip: Buffer, header: number): Buffer {
  const method = zip.readUInt16LE(header + 10);
  const compressedBytes = zip.readUInt32LE(header + 20);
  const local = zip.readUInt32LE(header + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const data = zip.subarray(start, start + compressedBytes);
  return method === 0 ? data : inflateRawSync(data);
}
