import { isBuiltInTable } from './tableNames';
import { isUtf16, lookOf } from './uploadFile';
import { Utf8Check } from './utf8Check';

/** The encoding of a text file, as far as it can be detected. */
export type Encoding = 'utf-8' | 'utf-16' | 'other';

/** What is known about a file before the upload. */
export interface FileFacts {
  fileName: string;
  /** Its first bytes, decompressed if the file is compressed. */
  head: Uint8Array;
  encoding: Encoding;
  /** It is compressed with gzip. */
  isGzip: boolean;
}

/** What will probably go wrong, and which input can fix it. */
export interface Advice {
  field: 'name' | 'format';
  text: string;
}

const separators: readonly (readonly [separator: string, name: string])[] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
];

/** Warnings before a file becomes a table. PostHog accepts such files but reads them differently than expected. */
export function adviceFor(facts: FileFacts, format: string, name: string): readonly Advice[] {
  return [
    ...(format === 'Parquet' ? [] : textAdvice(facts, format)).map((text) => ({
      field: 'format' as const,
      text,
    })),
    ...(isBuiltInTable(name)
      ? [
          {
            field: 'name' as const,
            text: `PostHog has a built-in table "${name}", and queries can't tell the two apart. Choose another name.`,
          },
        ]
      : []),
  ];
}

/**
 * The encoding of a whole file.
 *
 * @param chunks absent if only the beginning is known, as with a compressed file
 */
export async function encodingOf(
  head: Uint8Array,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array> | undefined,
  signal?: AbortSignal,
): Promise<Encoding> {
  if (isUtf16(head)) {
    return 'utf-16';
  }
  const check = new Utf8Check();
  if (chunks === undefined) {
    return check.takes(head) ? 'utf-8' : 'other';
  }
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    if (!check.takes(chunk)) {
      return 'other';
    }
  }
  return check.isComplete ? 'utf-8' : 'other';
}

function textAdvice({ fileName, head, encoding, isGzip }: FileFacts, format: string): string[] {
  if (String.fromCharCode(...head.subarray(0, 2)) === 'PK') {
    return ["PostHog can't read ZIP archives or Excel workbooks. Save the file as CSV."];
  }
  const packed =
    isGzip && !/\.gz$/i.test(fileName)
      ? ['PostHog only decompresses gzip files whose names end with .gz. Rename the file.']
      : [];
  if (encoding === 'utf-16') {
    return [...packed, "PostHog can't read UTF-16. Save the file as UTF-8."];
  }
  const broken =
    encoding === 'other'
      ? [
          "The file isn't UTF-8 but probably Windows-1252 or Latin-1. Letters such as é would be garbled. Save it as UTF-8.",
        ]
      : [];
  const text = new TextDecoder('utf-8').decode(head);
  return [...packed, ...broken, ...(format === 'JSONEachRow' ? jsonAdvice(head) : csvAdvice(text, format))];
}

const jsonAdvice = (head: Uint8Array): string[] =>
  lookOf(head) === 'json-array'
    ? [
        'The file is a JSON array. PostHog expects JSON Lines, one object per line, and may not read an array.',
      ]
    : [];

function csvAdvice(text: string, format: string): string[] {
  const advice: string[] = [];
  if (text.includes('\r') && !text.includes('\n')) {
    advice.push(
      'Lines end with a carriage return only. PostHog would find no rows. Save the file with line feeds.',
    );
  }
  const header = /^[^\r\n]*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '""') ?? '';
  const count = (separator: string): number => header.split(separator).length - 1;
  const other = separators.find(([separator]) => count(separator) > count(','));
  if (other) {
    advice.push(
      `Columns seem to be separated by ${other[1]}. PostHog only supports commas and would read each line as one column. Save the file with commas.`,
    );
  } else if (format === 'CSVWithNames') {
    const names = (/^[^\r\n]*/.exec(text)?.[0] ?? '')
      .split(',')
      .map((name) => name.replace(/^\s*"?|"?\s*$/g, ''));
    const double = names.find((name, index) => names.indexOf(name) !== index);
    if (double !== undefined) {
      advice.push(`Two columns are named "${double}". Queries can only read one of them. Rename one.`);
    }
  }
  return advice;
}
