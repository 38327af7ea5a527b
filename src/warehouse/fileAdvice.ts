import { isBuiltInTable } from './tableNames';
import { lookOf } from './uploadFile';

/** How the text of a file is written, as far as it can be told. */
export type Encoding = 'utf-8' | 'utf-16' | 'other';

/** What is known about a file before it is sent. */
export interface FileFacts {
  fileName: string;
  /** Its first bytes, unpacked when the file is packed. */
  head: Uint8Array;
  encoding: Encoding;
  /** It is compressed with gzip. */
  isGzip: boolean;
}

/** What will probably go wrong, and which answer can mend it. */
export interface Advice {
  field: 'name' | 'format';
  text: string;
}

const separators: readonly (readonly [separator: string, name: string])[] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
];

/** What is better known before a file becomes a table. PostHog takes such files, and makes something else of them. */
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
            text: `PostHog has a table "${name}" of its own: queries would not tell the two apart. Choose another name.`,
          },
        ]
      : []),
  ];
}

/** The encoding of a whole file. UTF-16 is known by its mark, or by the zeros between its letters. */
export async function encodingOf(
  head: Uint8Array,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Encoding> {
  if (isUtf16(head)) {
    return 'utf-16';
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) {
    if (!decodes(() => decoder.decode(chunk, { stream: true }))) {
      return 'other';
    }
  }
  return decodes(() => decoder.decode()) ? 'utf-8' : 'other';
}

function textAdvice({ fileName, head, encoding, isGzip }: FileFacts, format: string): string[] {
  if (String.fromCharCode(...head.subarray(0, 2)) === 'PK') {
    return ['The file is a zip archive or an Excel workbook, which PostHog does not read. Save it as CSV.'];
  }
  const packed =
    isGzip && !/\.gz$/i.test(fileName)
      ? [
          'The file is compressed with gzip. PostHog unpacks such files only when their names end with .gz: rename it.',
        ]
      : [];
  if (encoding === 'utf-16') {
    return [...packed, 'The file is UTF-16, which PostHog does not read. Save it as UTF-8.'];
  }
  const broken =
    encoding === 'other'
      ? [
          'The file is not UTF-8, but probably Windows-1252 or Latin-1: letters such as é would arrive broken. Save it as UTF-8.',
        ]
      : [];
  const text = new TextDecoder('utf-8').decode(head);
  return [...packed, ...broken, ...(format === 'JSONEachRow' ? jsonAdvice(head) : csvAdvice(text, format))];
}

const jsonAdvice = (head: Uint8Array): string[] =>
  lookOf(head) === 'json-array'
    ? [
        'The file is one JSON list. PostHog asks for JSON Lines, one object per line, and may not read a list.',
      ]
    : [];

function csvAdvice(text: string, format: string): string[] {
  const advice: string[] = [];
  if (text.includes('\r') && !text.includes('\n')) {
    advice.push(
      'The lines end with a carriage return alone, which PostHog does not take for the end of a line: it would find no rows. Save the file with line feeds.',
    );
  }
  const header = /^[^\r\n]*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '""') ?? '';
  const count = (separator: string): number => header.split(separator).length - 1;
  const other = separators.find(([separator]) => count(separator) > count(','));
  if (other) {
    advice.push(
      `The columns seem to be separated by ${other[1]}. PostHog knows only commas, and would read every line as one column. Save the file with commas.`,
    );
  } else if (format === 'CSVWithNames') {
    const names = (/^[^\r\n]*/.exec(text)?.[0] ?? '')
      .split(',')
      .map((name) => name.replace(/^\s*"?|"?\s*$/g, ''));
    const double = names.find((name, index) => names.indexOf(name) !== index);
    if (double !== undefined) {
      advice.push(
        `Two columns are called "${double}", of which queries can read only one. Give them different names.`,
      );
    }
  }
  return advice;
}

function isUtf16(head: Uint8Array): boolean {
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

function decodes(decode: () => string): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) {
      return false;
    }
    throw error;
  }
}
