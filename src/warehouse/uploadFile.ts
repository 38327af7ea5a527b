/** The largest file PostHog accepts: 50 MB (API facts 2.7). */
const maxUploadBytes = 52_428_800;

/**
 * The formats of an uploaded file. `Delta` and `DeltaS3Wrapper` are folders, so a single file can't have them.
 */
export const fileFormats: readonly string[] = ['CSVWithNames', 'CSV', 'JSONEachRow', 'Parquet'];

/** What the beginning of a file looks like. */
export type FileLook = 'parquet' | 'json-lines' | 'json-array' | 'text' | 'utf-16' | 'binary';

/** How many bytes {@link lookOf} needs. */
export const lookBytes = 4096;

/** What a file looks like from its first bytes. Parquet files start with `PAR1`. */
export function lookOf(head: Uint8Array): FileLook {
  if (String.fromCharCode(...head.subarray(0, 4)) === 'PAR1') {
    return 'parquet';
  }
  if (isUtf16(head)) {
    return 'utf-16';
  }
  const text = new TextDecoder('utf-8').decode(head);
  if (text.includes('\u0000')) {
    return 'binary';
  }
  const first = text.trimStart().at(0);
  return first === '{' ? 'json-lines' : first === '[' ? 'json-array' : 'text';
}

/** UTF-16 is recognized by its byte order mark, or by the zeros between its letters. */
export function isUtf16(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return true;
  }
  const pairs = Math.min(64, Math.floor(head.length / 2));
  const zeros = (offset: number): number =>
    Array.from({ length: pairs }, (_, index) => head[2 * index + offset]).filter((byte) => byte === 0).length;
  return (
    pairs >= 4 && [0, 1].some((offset) => zeros(offset) > 0.7 * pairs && zeros(1 - offset) < 0.3 * pairs)
  );
}

/** The format a file seems to have; `undefined` if that's unclear. */
export function formatOfLook(look: FileLook): string | undefined {
  switch (look) {
    case 'parquet':
      return 'Parquet';
    case 'json-lines':
    case 'json-array':
      return 'JSONEachRow';
    case 'text':
    case 'utf-16':
      return 'CSVWithNames';
    case 'binary':
      return undefined;
  }
}

/** Why a file can't have a format, or undefined if it can. Only Parquet can be detected for certain. */
export function formatProblem(format: string, look: FileLook): string | undefined {
  if (format === 'Parquet' && look !== 'parquet') {
    return "The file isn't a Parquet file.";
  }
  return format !== 'Parquet' && look === 'parquet' ? 'The file is a Parquet file.' : undefined;
}

/** Why a format may be wrong for a file, as a phrase beside its name; undefined if it may be right. */
export function formatDoubt(format: string, look: FileLook): string | undefined {
  if (formatProblem(format, look) !== undefined) {
    return look === 'parquet' ? 'the file is a Parquet file' : "the file isn't a Parquet file";
  }
  if (look === 'utf-16') {
    return 'the file is UTF-16';
  }
  if (format === 'JSONEachRow') {
    return look === 'json-array'
      ? 'the file is a JSON array; PostHog expects one object per line'
      : look === 'json-lines'
        ? undefined
        : "the file doesn't look like JSON";
  }
  return look === 'json-lines' || look === 'json-array'
    ? 'the file looks like JSON'
    : look === 'binary'
      ? "the file isn't text"
      : undefined;
}

/** The file name as PostHog stores it (API facts 2.7). */
export function storedFileName(fileName: string): string {
  return fileName.replace(/[^A-Za-z0-9._-]/g, '_');
}

/** Why a file can't be uploaded under its name, or undefined if it can (API facts 2.7). */
export function fileNameProblem(fileName: string): string | undefined {
  return fileName.startsWith('.')
    ? `PostHog doesn't accept files whose names start with a dot. Rename ${fileName} and try again.`
    : undefined;
}

/** Whether a table reads an uploaded file of this name: uploading the same name again overwrites the file. */
export function readsUpload(urlPattern: string, environmentId: number, fileName: string): boolean {
  return urlPattern.endsWith(`/managed/team_${environmentId}/${storedFileName(fileName)}`);
}

/** Whether PostHog hosts the files of a table because they were uploaded. */
export function isHostedUpload(urlPattern: string): boolean {
  return /\/(?:managed\/team_\d+\/[^/]*|file_uploads\/team_\d+\/[^/]+\/[^/]*)$/.test(urlPattern);
}

/** A similar file name that isn't taken: `orders.csv` → `orders_2.csv`. */
export function freeFileName(fileName: string, isTaken: (candidate: string) => boolean): string {
  const dot = fileName.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [fileName.slice(0, dot), fileName.slice(dot)] : [fileName, ''];
  for (let number = 2; ; number += 1) {
    const candidate = `${stem}_${number}${extension}`;
    if (!isTaken(candidate)) {
      return candidate;
    }
  }
}

/** A readable size: `51.0 MB`. One MB is 1,048,576 bytes, as PostHog counts. */
export function sizeText(sizeBytes: number): string {
  return sizeBytes < 1024 * 1024
    ? `${Math.ceil(sizeBytes / 1024)} kB`
    : `${(sizeBytes / (1024 * 1024)).toFixed(1)} MB`;
}

/** Why a file of this size can't be uploaded, or undefined if it can. */
export function fileSizeProblem(sizeBytes: number): string | undefined {
  if (sizeBytes === 0) {
    return 'The file is empty (0 bytes).';
  }
  return sizeBytes > maxUploadBytes
    ? `The file has ${sizeText(sizeBytes)} (${sizeBytes} bytes). The limit is 50 MB (${maxUploadBytes} bytes). Put it in object storage and link it instead.`
    : undefined;
}
