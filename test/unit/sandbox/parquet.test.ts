import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';
import type { JsonObject } from '../../../src/json/json';
import type { callSandbox } from './support';
import { DEVELOPMENT, inBothGenerations, objectOf, sandboxFor } from './support';

const ALL_TYPES: ColumnSource[] = [
  { name: 'id', data: [1, 2], type: 'INT32' },
  { name: 'views', data: [3n, 9_007_199_254_740_993n], type: 'INT64' },
  { name: 'price', data: [1.5, null], type: 'DOUBLE', nullable: true },
  { name: 'city', data: ['Lisbon', 'Kraków'], type: 'STRING' },
  { name: 'open', data: [true, false], type: 'BOOLEAN' },
  { name: 'seen_at', data: [new Date('2026-01-05T10:20:30Z'), new Date(0)], type: 'TIMESTAMP' },
  { name: 'tags', data: [{ a: 1 }, { b: [2] }], type: 'JSON' },
];

const RICH_SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 6 },
  {
    name: 'day',
    type: 'INT32',
    repetition_type: 'REQUIRED',
    converted_type: 'DATE',
    logical_type: { type: 'DATE' },
  },
  {
    name: 'at',
    type: 'INT64',
    repetition_type: 'REQUIRED',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
  {
    name: 'price',
    type: 'INT32',
    repetition_type: 'REQUIRED',
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision: 9, scale: 2 },
    precision: 9,
    scale: 2,
  },
  { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
  { name: 'place', repetition_type: 'OPTIONAL', num_children: 1 },
  { name: 'city', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
  { name: 'weight', type: 'FLOAT', repetition_type: 'REQUIRED' },
];
const RICH_DATA: ColumnSource[] = [
  { name: 'day', data: [new Date('2026-01-31')] },
  { name: 'at', data: [1_769_853_600_250_000n] },
  { name: 'price', data: [12.5] },
  { name: 'tags', data: [['a', 'b']] },
  { name: 'place', data: [{ city: 'Lisbon' }] },
  { name: 'weight', data: [0.5] },
];

/** The compressions that this Node supports; Zstandard came with 22.15. */
const CODECS = [
  ['GZIP', zlib.gzipSync],
  ['BROTLI', zlib.brotliCompressSync],
  ...('zstdCompressSync' in zlib ? [['ZSTD', zlib.zstdCompressSync] as const] : []),
] as const;

/** A file in the format's own compression (Snappy), written by a library other than the reader's. */
function parquet(columnData: ColumnSource[]): Blob {
  return new Blob([parquetWriteBuffer({ columnData })]);
}

describe('sandbox: upload of a Parquet file (API facts 2.7)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation, fileUpload: true });

    const upload = (name: string, content: Blob): ReturnType<typeof callSandbox> => {
      const form = new FormData();
      form.append('name', name);
      form.append('format', 'Parquet');
      form.append('file', content, `${name}.parquet`);
      return harness.call('POST', `/api/environments/${DEVELOPMENT}/warehouse_tables/file/`, { raw: form });
    };
    const rowsOf = async (table: string): Promise<unknown> => {
      const answer = await harness.call('POST', `/api/environments/${DEVELOPMENT}/query/`, {
        body: { query: { kind: 'HogQLQuery', query: `SELECT * FROM ${table}` } },
      });
      assert.equal(answer.status, 200, answer.text);
      return objectOf(answer).results;
    };

    it('columns and types are those of the file', async () => {
      const answer = await upload('stores', parquet(ALL_TYPES));
      assert.equal(answer.status, 201, answer.text);
      const columns = objectOf(answer).columns as JsonObject[];
      assert.deepEqual(
        columns.map(({ name, type, schema_valid: valid }) => [name, type, valid]),
        [
          ['id', 'integer', true],
          ['views', 'integer', true],
          ['price', 'float', true],
          ['city', 'string', true],
          ['open', 'boolean', true],
          ['seen_at', 'datetime', true],
          ['tags', 'json', true],
        ],
      );
    });

    it('rows can be queried', async () => {
      await upload('stores', parquet(ALL_TYPES.filter(({ name }) => !['views', 'tags'].includes(name))));
      assert.deepEqual(await rowsOf('stores'), [
        [1, 1.5, 'Lisbon', true, '2026-01-05 10:20:30'],
        [2, null, 'Kraków', false, '1970-01-01 00:00:00'],
      ]);
    });

    it("dates, decimals, lists and structs have the API's types and values", async () => {
      const file = new Blob([parquetWriteBuffer({ columnData: RICH_DATA, schema: RICH_SCHEMA })]);
      const answer = await upload('rich', file);
      assert.equal(answer.status, 201, answer.text);
      const columns = objectOf(answer).columns as JsonObject[];
      assert.deepEqual(Object.fromEntries(columns.map(({ name, type }) => [name, type])), {
        day: 'date',
        at: 'datetime',
        price: 'decimal',
        tags: 'array',
        place: 'json',
        weight: 'float',
      });
      assert.deepEqual(await rowsOf('rich'), [
        ['2026-01-31', '2026-01-31 10:00:00.250', 12.5, '["a","b"]', '{"city":"Lisbon"}', 0.5],
      ]);
    });

    for (const [codec, compress] of CODECS) {
      it(`a file compressed with ${codec} is read`, async () => {
        const columnData: ColumnSource[] = [{ name: 'id', data: [7, 8], type: 'INT32' }];
        const compressors = { [codec]: (input: Uint8Array) => compress(input) };
        const answer = await upload(
          'packed',
          new Blob([parquetWriteBuffer({ columnData, codec, compressors })]),
        );
        assert.equal(answer.status, 201, answer.text);
        assert.deepEqual(await rowsOf('packed'), [[7], [8]]);
      });
    }

    it('a file without rows has columns', async () => {
      const answer = await upload('nothing', parquet([{ name: 'id', data: [], type: 'INT32' }]));
      assert.equal(answer.status, 201, answer.text);
      assert.deepEqual(await rowsOf('nothing'), []);
    });

    for (const [what, content] of [
      ['that is cut off in the middle', parquet(ALL_TYPES).slice(0, 60)],
      ['with a random footer', new Blob(['PAR1', 'x'.repeat(40), '\u0010\0\0\0PAR1'])],
    ] as const) {
      it(`D: a file ${what} fails like any unreadable file`, async () => {
        const answer = await upload('broken', content);
        assert.deepEqual([answer.status, answer.body], [400, { message: 'Failed to upload file' }]);
      });
    }

    it('D: a compressed file of another kind fails like any unreadable file', async () => {
      const answer = await upload('packed', new Blob([zlib.gzipSync('a,b\n1,2\n')]));
      assert.deepEqual([answer.status, answer.body], [400, { message: 'Failed to upload file' }]);
    });
  });
});
