/** The largest file PostHog takes: 50 MB (API facts 2.7). */
const maxUploadBytes = 52_428_800;

/**
 * The formats of an uploaded file. `Delta` and `DeltaS3Wrapper` are folders of files, so that no single file has them.
 */
export const fileFormats: readonly string[] = ['CSVWithNames', 'CSV', 'JSONEachRow', 'Parquet'];

/** What the beginning of a file looks like. */
export type FileLook = 'parquet' | 'json-lines' | 'json-array' | 'text' | 'binary';

/** How many bytes of a file {@link lookOf} wants to see. */
export const lookBytes = 4096;

/** Tells from the first bytes what a file is: Parquet files begin with `PAR1`. */
export function lookOf(head: Uint8Array): FileLook {
  if (String.fromCharCode(...head.subarray(0, 4)) === 'PAR1') {
    return 'parquet';
  }
  const text = new TextDecoder('utf-8').decode(head);
  if (text.includes('\u0000')) {
    return 'binary';
  }
  const first = text.trimStart().at(0);
  return first === '{' ? 'json-lines' : first === '[' ? 'json-array' : 'text';
}

/** The format that a file has by its looks, or undefined when they do not tell. */
export function formatOfLook(look: FileLook): string | undefined {
  switch (look) {
    case 'parquet':
      return 'Parquet';
    case 'json-lines':
    case 'json-array':
      return 'JSONEachRow';
    case 'text':
      return 'CSVWithNames';
    case 'binary':
      return undefined;
  }
}

/** Why a file cannot have a format, or undefined when it can: only Parquet has a mark that is certain. */
export function formatProblem(format: string, look: FileLook): string | undefined {
  if (format === 'Parquet' && look !== 'parquet') {
    return 'The file is no Parquet file: those begin with the letters PAR1.';
  }
  return format !== 'Parquet' && look === 'parquet' ? 'The file is a Parquet file.' : undefined;
}

/** What is doubtful about a format for a file, or undefined. */
export function formatDoubt(format: string, look: FileLook): string | undefined {
  if (format === 'JSONEachRow') {
    return look === 'json-array'
      ? 'the file is one list; PostHog asks for one object per line'
      : look === 'json-lines'
        ? undefined
        : 'the file does not begin like JSON';
  }
  return look === 'json-lines'
    ? 'the file begins like JSON'
    : look === 'binary'
      ? 'the file is no text'
      : undefined;
}

/** The file name as PostHog stores it (API facts 2.7). */
export function storedFileName(fileName: string): string {
  return fileName.replace(/[^A-Za-z0-9._-]/g, '_');
}

/** Why a file cannot be uploaded under its name, or undefined when it can (API facts 2.7). */
export function fileNameProblem(fileName: string): string | undefined {
  return fileName.startsWith('.')
    ? `PostHog takes no file whose name begins with a dot. Rename ${fileName} and try again.`
    : undefined;
}

/** Whether a table reads an uploaded file of this name: the second upload of a name overwrites the first one's file. */
export function readsUpload(urlPattern: string, environmentId: number, fileName: string): boolean {
  return urlPattern.endsWith(`/managed/team_${environmentId}/${storedFileName(fileName)}`);
}

/** Whether PostHog itself keeps the files of a table, because they were uploaded. */
export function isHostedUpload(urlPattern: string): boolean {
  return /\/(?:managed\/team_\d+\/[^/]*|file_uploads\/team_\d+\/[^/]+\/[^/]*)$/.test(urlPattern);
}

/** A file name like the given one that is not taken: `orders.csv` → `orders_2.csv`. */
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

/** A size for people: `51.0 MB`. One MB is 1 048 576 bytes, as PostHog counts. */
export function sizeText(sizeBytes: number): string {
  return sizeBytes < 1024 * 1024
    ? `${Math.ceil(sizeBytes / 1024)} kB`
    : `${(sizeBytes / (1024 * 1024)).toFixed(1)} MB`;
}

/** Why a file of this size cannot be uploaded, or undefined when it can. */
export function fileSizeProblem(sizeBytes: number): string | undefined {
  if (sizeBytes === 0) {
    return 'It is empty (0 bytes), so there are no columns to make a table of.';
  }
  return sizeBytes > maxUploadBytes
    ? `It has ${sizeText(sizeBytes)} (${sizeBytes} bytes); PostHog takes at most 50 MB (${maxUploadBytes} bytes). Put it into object storage and link it instead.`
    : undefined;
}
