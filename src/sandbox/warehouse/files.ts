import { isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { invalid } from '../errors';
import { inferType } from './columns';
import { MAX_ROWS, unreadable } from './fileContent';
import type { FileContent } from './fileContent';
import { parseParquet } from './parquet';

/** How far a file is looked into; a longer one is read up to its last whole line before that. */
const MAX_PARSED_BYTES = 2 * 1024 * 1024;

/**
 * Columns and rows of an uploaded file. Delta tables are folders, so one file of them tells nothing: it is
 * taken without a look inside, and its table has no columns.
 *
 * @throws 400 in the words of the bucket for a file that is not what its format says
 */
export async function parseFile(content: Buffer, format: string): Promise<FileContent> {
  if (format === 'CSV' || format === 'CSVWithNames') {
    return parseCsv(headOf(content), format === 'CSVWithNames');
  }
  if (format === 'JSONEachRow') {
    return parseJsonLines(headOf(content));
  }
  if (format === 'Parquet') {
    return parseParquet(content);
  }
  return { columns: {}, rows: [] };
}

function headOf(content: Buffer): string {
  const head = content.subarray(0, MAX_PARSED_BYTES);
  const end = head.length < content.length ? head.lastIndexOf('\n') + 1 : 0;
  return head.subarray(0, end > 0 ? end : head.length).toString('utf8');
}

function parseCsv(text: string, withNames: boolean): FileContent {
  const records = csvRecords(text.replace(/^\uFEFF/, ''));
  const [first] = records;
  if (!first) {
    throw invalid('The provided file contains no data');
  }
  const names = withNames ? first : first.map((_, index) => `c${index + 1}`);
  const data = withNames ? records.slice(1) : records;
  if (data.some((record) => record.length !== names.length)) {
    throw invalid('The provided file has rows with different amount of values');
  }
  const types = names.map((_, index) => inferType(data.map((record) => record[index] ?? null)));
  return {
    columns: Object.fromEntries(names.map((name, index) => [name, types[index] ?? 'string'])),
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

function parseJsonLines(text: string): FileContent {
  const objects: JsonObject[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      continue;
    }
    const value = parseLine(line);
    if (!isJsonObject(value)) {
      throw unreadable();
    }
    objects.push(value);
  }
  if (objects.length === 0) {
    throw invalid('The provided file contains no data');
  }
  const names = [...new Set(objects.flatMap((item) => Object.keys(item)))];
  return {
    columns: Object.fromEntries(
      names.map((name) => [name, inferType(objects.map((item) => item[name] ?? null))]),
    ),
    rows: objects.slice(0, MAX_ROWS).map((item) => names.map((name) => item[name] ?? null)),
  };
}

function parseLine(line: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch (error) {
    throw error instanceof SyntaxError ? unreadable() : error;
  }
}
