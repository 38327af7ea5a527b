import assert from 'node:assert/strict';
import fc from 'fast-check';
import { previewQuery, tableNameInQuery } from '../../../src/posthog/hogql';
import type { QueryResult, WarehouseTable } from '../../../src/posthog/models';
import { rowsDocument } from '../../../src/reports/rowsDocument';
import { rowsAsCsv, rowsAsJson } from '../../../src/reports/rowsExport';
import { displayWidth, layOutRows } from '../../../src/reports/rowsText';
import { parseJson, type JsonValue } from '../../../src/json/json';

describe('row preview: the query', () => {
  const cases: [string | undefined, string, string][] = [
    ['stripe.charge', 'stripe_charge', 'stripe.charge'],
    ['orders', 'orders', 'orders'],
    ['stripe.my-table', 'stripe_my-table', 'stripe.`my-table`'],
    ['order', 'order', '`order`'],
    [undefined, 'orders', '`orders`'],
    [undefined, 'odd`name\\', '`odd\\`name\\\\`'],
    ['', 'orders', '`orders`'],
  ];
  for (const [hogql_name, name, expected] of cases) {
    it(`calls ${hogql_name ?? 'nothing'} (${name}) ${expected}`, () => {
      assert.equal(tableNameInQuery({ hogql_name, name }), expected);
    });
  }

  it('reads all columns, up to a limit of rows', () => {
    assert.equal(
      previewQuery({ hogql_name: 'orders', name: 'orders' }, 100),
      'SELECT * FROM orders LIMIT 100',
    );
  });
});

describe('row preview: integers beyond a double', () => {
  const results = parseJson('[[9007199254740993, "a"], [-123456789012345678901234567890, "b"]]');
  const rows = Array.isArray(results) ? (results as JsonValue[][]) : [];
  const result: QueryResult = { columns: ['id', 'name'], types: [], results: rows, hasMore: false };

  it('are shown with every digit, right-aligned', () => {
    assert.deepEqual(layOutRows(result.columns, [], rows).lines.slice(2), [
      '               9007199254740993 │ a',
      '-123456789012345678901234567890 │ b',
    ]);
  });

  it('are copied with every digit', () => {
    assert.match(rowsAsCsv(result), /^9007199254740993,a\r$/m);
    assert.match(rowsAsJson(result), /"id": -123456789012345678901234567890,/);
  });

  it('text that a spreadsheet would run as a formula is copied as text, numbers as they are', () => {
    const row: JsonValue[] = ['=1+1', '@sum', '-3', -3, '+a'];
    const csv = rowsAsCsv({ columns: ['a', 'b', 'c', 'd', 'e'], types: [], results: [row], hasMore: false });
    assert.equal(csv.split('\r\n')[1], "'=1+1,'@sum,-3,-3,'+a");
  });
});

describe('row preview: the text', () => {
  it('aligns columns, numbers to the right, with names and types above', () => {
    const { lines } = layOutRows(
      ['id', 'name', 'total'],
      ['Nullable(Int64)', 'Nullable(String)', 'Nullable(Decimal(18, 2))'],
      [
        [1, 'short', 19.9],
        [1004, 'a longer name', null],
        [2, '', -3],
      ],
    );
    assert.deepEqual(lines, [
      '    id │ name          │           total',
      'Int64? │ String?       │ Decimal(18, 2)?',
      '───────┼───────────────┼────────────────',
      '     1 │ short         │            19.9',
      '  1004 │ a longer name │            null',
      '     2 │ ""            │              -3',
    ]);
  });

  it('keeps every row on one line and every column in its position', () => {
    const value: fc.Arbitrary<JsonValue> = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('a\nb', 'x\r\ny', '\t', 'a │ b', '日本語', '🎉', 'y'.repeat(200)),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer()),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 5 }), (rows) => {
        const { lines, cells } = layOutRows(['a', 'b', 'c'], ['String', 'Int64', 'Bool'], rows);
        assert.equal(lines.length, rows.length + 3);
        const starts = lines.map((line, index) =>
          (cells[index] ?? []).map(({ start }) => displayWidth(line.padEnd(start).slice(0, start))),
        );
        for (const [index, line] of lines.entries()) {
          assert.doesNotMatch(line, /[\n\r\u2028\u2029]/);
          if ((cells[index] ?? []).length > 0) {
            assert.deepEqual(starts[index], starts[0]);
          }
        }
      }),
    );
  });

  const table = (columns: WarehouseTable['columns']): WarehouseTable => ({
    id: 't',
    name: 'price_list',
    format: 'CSV',
    url_pattern: '',
    columns,
    unreadableColumns: 0,
    external_data_source: null,
    external_schema: null,
    credential: null,
    created_by: null,
    raw: {},
  });
  const document = (result: Partial<QueryResult>, columns: WarehouseTable['columns'] = []): string =>
    rowsDocument(
      {
        table: table(columns),
        sql: 'SELECT * FROM price_list LIMIT 100',
        result: { columns: ['sku'], types: ['String'], results: [], hasMore: false, ...result },
        readAt: new Date(0),
      },
      {
        connectionId: 'c',
        environment: { id: 7, projectId: 7 },
        environmentName: 'Staging',
        tableId: 't',
        name: 'price_list',
      },
      'Cloud',
    ).text;

  it('says how many rows there are, and whether there are more', () => {
    assert.match(
      document({}),
      /^price_list: no rows · Staging · Cloud\nSELECT \* FROM price_list LIMIT 100\n/,
    );
    assert.match(document({ results: [['a']] }), /^price_list: all 1 row ·/);
    assert.match(
      document({ results: [['a'], ['b']], hasMore: true }),
      /: the first 2 rows, there are more ·/,
    );
    assert.match(
      document({ results: Array.from({ length: 100 }, () => ['a']) }),
      /: the first 100 rows, there may be more ·/,
    );
  });

  it('lists the columns that queries leave out', () => {
    const text = document({}, [
      { name: 'sku', type: 'string', schema_valid: true },
      { name: 'price', type: 'integer', schema_valid: false },
    ]);
    assert.match(text, /Left out by PostHog: price \(integer\)\.\nIts type doesn't match the data/);
  });
});

describe('row preview: copies', () => {
  const rows: QueryResult = {
    columns: ['id', 'a "name"'],
    types: [],
    results: [
      [1, 'x, y'],
      [null, 'two\nlines'],
      [true, ''],
      [{ a: [1] }, ' space'],
    ],
    hasMore: false,
  };

  it('writes CSV that distinguishes an empty string from null', () => {
    assert.equal(
      rowsAsCsv(rows),
      'id,"a ""name"""\r\n1,"x, y"\r\n,"two\nlines"\r\ntrue,""\r\n"{""a"":[1]}"," space"\r\n',
    );
  });

  it('writes JSON with unchanged values', () => {
    const copied = JSON.parse(rowsAsJson(rows)) as object[];
    assert.deepEqual(copied[3], { id: { a: [1] }, 'a "name"': ' space' });
  });
});
