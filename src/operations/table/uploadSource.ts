/** A file that can be uploaded, as the platform provides it. */
export interface UploadSource {
  fileName: string;
  sizeBytes: number;
  /** Its first bytes, at most `lookBytes`; decompressed if it is compressed. */
  head: Uint8Array;
  /** It is compressed with gzip. */
  isGzip: boolean;
  /** Reads the file from the start. A chunk's buffer may be reused once the third chunk after it is taken. */
  stream(): AsyncIterable<Uint8Array>;
}
