import * as zlib from 'node:zlib';
import type { Compressors, ParquetParsers, SchemaTree } from 'hyparquet';
import { invalid } from '../errors';
import type { JsonObject, JsonValue } from '../json';
import { readNumber, setKey } from '../json';
import { MAX_ROWS, unreadable } from './fileContent';
import { unpackLz4, unpackLz4Blocks } from './lz4';
import type { FileContent } from './fileContent';

const MAGIC = 'PAR1';

/** Microseconds and nanoseconds in a millisecond. */
const MICROS = 1_000n;
const NANOS = 1_000_000n;
const DAY_MS = 86_400_000;

/** Dates and times in the sandbox's format: `2026-01-31` and `2026-01-31 10:00:00`. */
const PARSERS: Partial<ParquetParsers> = {
  dateFromDays: (days: number) => new Date(days * DAY_MS).toISOString().slice(0, 10),
  timestampFromMilliseconds: (millis: bigint) => dateTime(millis),
  timestampFromMicroseconds: (micros: bigint) => dateTime(micros / MICROS),
  timestampFromNanoseconds: (nanos: bigint) => dateTime(nanos / NANOS),
};

/** Compressions besides Snappy, which the library supports itself. */
const COMPRESSORS: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  LZ4: unpackLz4Blocks,
  LZ4_RAW: unpackLz4,
  // Not every Node version that the sandbox runs on has it; without it the file counts as unreadable.
  ...(typeof zlib.zstdDecompressSync === 'function'
    ? { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) }
    : {}),
};

/**
 * Columns and first rows of a Parquet file.
 *
 * @throws 400 with the bucket's error for another kind of file or a corrupt one
 */
export async function parseParquet(content: Buffer): Promise<FileContent> {
  if (content.subarray(0, 4).toString('latin1') !== MAGIC) {
    throw invalid('The provided file is not in Parquet format');
  }
  const { fields, rows } = await read(content);
  return {
    columns: fields.map((field) => ({ name: field.element.name, type: columnType(field) })),
    rows: rows.map((row) => fields.map(({ element }) => jsonValue(row[element.name]))),
  };
}

async function read(content: Buffer): Promise<{ fields: SchemaTree[]; rows: Record<string, unknown>[] }> {
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import('hyparquet');
  // Copied, because a Buffer can be a slice of a larger one.
  const file = new Uint8Array(content).buffer;
  try {
    const metadata = parquetMetadata(file);
    const options = { parsers: PARSERS, compressors: COMPRESSORS, rowEnd: MAX_ROWS };
    return {
      fields: parquetSchema(metadata).children,
      rows: await parquetReadObjects({ file, metadata, ...options }),
    };
  } catch {
    // PostHog has one message for every kind of corrupt file.
    throw unreadable();
  }
}

/** PostHog's column type for a Parquet field (the type ClickHouse would read it as). */
function columnType({ element, children }: SchemaTree): string {
  const kind = element.logical_type?.type ?? element.converted_type;
  if (kind === 'LIST' || element.repetition_type === 'REPEATED') {
    return 'array';
  }
  if (children.length > 0 || kind === 'JSON' || kind === 'VARIANT') {
    return 'json';
  }
  switch (kind) {
    case 'DATE':
      return 'date';
    case 'TIMESTAMP':
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
      return 'datetime';
    case 'DECIMAL':
      return 'decimal';
    case 'FLOAT16':
      return 'float';
  }
  switch (element.type) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
    case 'INT64':
      return 'integer';
    case 'INT96':
      return 'datetime';
    case 'FLOAT':
    case 'DOUBLE':
      return 'float';
    default:
      return 'string';
  }
}

function jsonValue(value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return readNumber(String(value));
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) {
    return null;
  }
  if (Array.isArray(value)) {
    return value.map(jsonValue);
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('base64');
  }
  const object: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    setKey(object, key, jsonValue(item));
  }
  return object;
}

function dateTime(millis: bigint): string {
  const text = new Date(Number(millis)).toISOString();
  return text.slice(0, text.endsWith('.000Z') ? 19 : 23).replace('T', ' ');
}
