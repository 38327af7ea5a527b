import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ApiError, invalid } from '../errors';
import { readNumber } from '../json';
import type { JsonValue } from '../json';
import { inferType } from './columns';
import { MAX_ROWS, unreadable, withDifferentNames } from './fileContent';
import type { FileContent } from './fileContent';
import { jsonRecords } from './jsonRecords';
import { parseParquet } from './parquet';

/** How much of a file is parsed; a longer one is read up to the last complete line before that. */
const MAX_PARSED_BYTES = 2 * 1024 * 1024;

/** Compressed text is decompressed by file extension (inferred: ClickHouse does so). */
const UNPACKERS: readonly [ending: RegExp, unpack: () => Transform][] = [
  [/\.gz$/i, zlib.createGunzip],
  [/\.br$/i, zlib.createBrotliDecompress],
];

/**
 * Columns and rows of an uploaded file. A Delta table is a folder, so a single file of it says nothing: it is accepted
 * without parsing, and its table has no columns.
 *
 * @param filename its extension says how the file is compressed
 * @throws 400 with the bucket's error if the file doesn't match its format
 */
export async function parseFile(content: Buffer, format: string, filename: string): Promise<FileContent> {
  try {
    switch (format) {
      case 'CSV':
      case 'CSVWithNames':
        return parseCsv((await headOf(content, filename)).text, format === 'CSVWithNames');
      case 'JSONEachRow':
        return parseJsonRecords(await headOf(content, filename));
      case 'Parquet':
        return await parseParquet(content);
      default:
        return { columns: [], rows: [] };
    }
  } catch (error) {
    throw error instanceof ApiError ? error : unreadable();
  }
}

/** The beginning of a text file, without a byte order mark. */
async function headOf(content: Buffer, filename: string): Promise<{ text: string; isCut: boolean }> {
  const unpack = UNPACKERS.find(([ending]) => ending.test(filename))?.[1];
  const plain = unpack ? await unpackedHead(content, unpack()) : content;
  const head = plain.subarray(0, MAX_PARSED_BYTES);
  const isCut = head.length < plain.length;
  const end = isCut ? head.lastIndexOf('\n') + 1 : 0;
  const text = head.subarray(0, end > 0 ? end : head.length).toString('utf8');
  return { text: text.replace(/^\uFEFF/, ''), isCut };
}

/** Decompresses no more than is parsed: a small file can hold a very large one. */
async function unpackedHead(content: Buffer, unpacking: Transform): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of Readable.from([content]).pipe(unpacking) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_PARSED_BYTES) {
      break;
    }
  }
  return Buffer.concat(chunks);
}

function parseCsv(text: string, withNames: boolean): FileContent {
  const records = csvRecords(text);
  const [first] = records;
  if (!first) {
    throw invalid('The provided file contains no data');
  }
  const names = withNames ? withDifferentNames(first) : first.map((_, index) => `c${index + 1}`);
  const data = withNames ? records.slice(1) : records;
  if (data.some((record) => record.length !== names.length)) {
    throw invalid('The provided file has rows with different amount of values');
  }
  const types = names.map((_, index) => inferType(data.map((record) => record[index] ?? null)));
  return {
    columns: names.map((name, index) => ({ name, type: types[index] ?? 'string' })),
    rows: data
      .slice(0, MAX_ROWS)
      .map((record) => record.map((value, index) => csvValue(value, types[index] ?? 'string'))),
  };
}

function csvValue(value: string, type: string): JsonValue {
  if (value === '' && type !== 'string') {
    return null;
  }
  switch (type) {
    case 'integer':
      return readNumber(String(BigInt(value)));
    case 'float':
      return Number(value);
    case 'boolean':
      return value.toLowerCase() === 'true';
    default:
      return value;
  }
}

function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character === '"' && text[at + 1] === '"') {
        value += '"';
        at += 1;
      } else if (character === '"') {
        quoted = false;
      } else {
        value += character;
      }
    } else if (character === '"' && value === '') {
      quoted = true;
    } else if (character === ',') {
      record.push(value);
      value = '';
    } else if (character === '\n') {
      record.push(value.replace(/\r$/, ''));
      records.push(record);
      record = [];
      value = '';
    } else {
      value += character;
    }
  }
  if (value !== '' || record.length > 0) {
    record.push(value.replace(/\r$/, ''));
    records.push(record);
  }
  return records.filter((items) => items.length > 1 || items[0] !== '');
}

function parseJsonRecords({ text, isCut }: { text: string; isCut: boolean }): FileContent {
  const records = jsonRecords(text, isCut);
  if (records.length === 0) {
    throw invalid('The provided file contains no data');
  }
  const names = [...new Set(records.flatMap((item) => [...item.keys()]))];
  return {
    columns: names.map((name) => ({
      name,
      type: inferType(records.map((item) => item.get(name) ?? null)),
    })),
    rows: records.slice(0, MAX_ROWS).map((item) => names.map((name) => item.get(name) ?? null)),
  };
}
