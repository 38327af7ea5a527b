/** A file that can be uploaded, as the platform gives it. */
export interface UploadSource {
  fileName: string;
  sizeBytes: number;
  /** Its first bytes, at most `lookBytes`; those of its content when it is packed. */
  head: Uint8Array;
  /** It is compressed with gzip. */
  isGzip: boolean;
  /** Opens the file from its start. A chunk may be written over when the third one after it is taken. */
  stream(): AsyncIterable<Uint8Array>;
}
