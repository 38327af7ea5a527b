import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDocument } from '../../../src/settings/document';
import { pathText } from '../../../src/json/merge/path';
import { tableFixes } from '../../../src/warehouse/tableFixes';
import { mergeTable } from '../../../src/warehouse/mergeTable';
import { tableDocument } from '../../../src/warehouse/tableDocument';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { parseDocument } from '../../../src/json/parse';
import { storageUrlProblem } from '../../../src/warehouse/storageUrl';
import {
  checkTable,
  columnTypes,
  compareTableAnswer,
  describeColumns,
  detectFormat,
  diffColumns,
  doubtfulColumnTypes,
  planTable,
  proposeTableName,
  readOnlyReason,
  tableFormats,
  tableNameProblem,
  type TableContext,
} from '../../../src/warehouse/table';

const column = (name: string, type: string, valid = true): JsonObject => ({
  key: name,
  name,
  type,
  schema_valid: valid,
  fields: null,
  table: null,
  chain: null,
});

const aTable: JsonObject = {
  id: '018f2c1e-0000-0000-0000-000000000001',
  deleted: false,
  name: 'orders',
  format: 'Parquet',
  url_pattern: 'https://example.com/orders/*.parquet',
  credential: { id: '018f2c1e-0000-0000-0000-0000000000aa' },
  columns: [column('id', 'integer'), column('total', 'string'), column('raw', 'unknown')],
  external_data_source: null,
  external_schema: null,
};
const base = tableDocument(aTable);

interface Found {
  code: string;
  severity: string;
  at: string;
  message: string;
}

function check(changes: JsonObject, context: Partial<TableContext> = {}): Found[] {
  const text = formatDocument({ ...base, ...changes });
  const document = parseDocument(text);
  assert.ok(document.ok);
  return checkTable(document, { base, generation: 'current', ...context }).map(
    ({ code, severity, offset, length, message }) => ({
      code,
      severity,
      message,
      at: text.slice(offset, offset + length),
    }),
  );
}

const retyped = (columns: JsonObject): JsonObject => ({ columns: { ...base.columns, ...columns } });

describe('table facts', () => {
  it("match the API's", () => {
    assert.deepEqual(columnTypes, [
      'integer',
      'float',
      'decimal',
      'string',
      'datetime',
      'date',
      'boolean',
      'array',
      'json',
    ]);
    assert.deepEqual(doubtfulColumnTypes, ['array', 'json']);
    assert.deepEqual(tableFormats, ['CSV', 'CSVWithNames', 'Parquet', 'JSONEachRow', 'Delta']);
  });
});

describe('checking a table', () => {
  it('finds nothing wrong with an unchanged table, including unusual column types', () => {
    assert.deepEqual(check({}), []);
  });

  const cases: [
    name: string,
    changes: JsonObject,
    code: string,
    at: string,
    says?: RegExp,
    severity?: string,
  ][] = [
    ['an empty name', { name: ' ' }, 'blank', '" "'],
    ["a name that's too long", { name: 'x'.repeat(129) }, 'limit', `"${'x'.repeat(129)}"`, /128.*129/],
    ["a name that isn't a string", { name: 5 }, 'type', '5'],
    [
      'a name that must be quoted in queries',
      { name: 'my.orders' },
      'name',
      '"my.orders"',
      /in backticks/,
      'warning',
    ],
    ['a missing name', { name: null }, 'type', 'null'],
    ['an unknown format', { format: 'XML' }, 'enum', '"XML"', /CSVWithNames/],
    ['a format in a different case', { format: 'parquet' }, 'enum', '"parquet"', /Use "Parquet"\.$/],
    ['no address', { url_pattern: '' }, 'blank', '""'],
    [
      "a URL that's too long",
      { url_pattern: `https://example.com/${'x'.repeat(500)}` },
      'limit',
      `"https://example.com/${'x'.repeat(500)}"`,
    ],
    ['a URL without https', { url_pattern: 's3://bucket/a' }, 'url', '"s3://bucket/a"', /https/],
    [
      'a wildcard in the host',
      { url_pattern: 'https://*.example.com/a' },
      'url',
      '"https://*.example.com/a"',
      /path/,
    ],
    [
      'a URL without a host',
      { url_pattern: 'https:///a.csv' },
      'url',
      '"https:///a.csv"',
      /Enter a host after/,
    ],
    ["options that aren't an object", { options: null }, 'type', 'null'],
    [
      'an option of the wrong type',
      { options: { csv_allow_double_quotes: 'yes' } },
      'type',
      '"yes"',
      /true or/,
    ],
    ["an option that isn't used", { options: { quotes: 1 } }, 'unknown-key', '"quotes"', /only/, 'warning'],
    ['columns as an array', { columns: [] }, 'type', '[]'],
    [
      "a column that doesn't exist",
      retyped({ more: 'string' }),
      'unknown-column',
      '"more"',
      /Refresh Schema/,
    ],
    ['a type in uppercase', retyped({ total: 'Float' }), 'column-type', '"Float"', /lowercase: "float"\.$/],
    [
      'a ClickHouse type',
      retyped({ total: 'Nullable(Int64)' }),
      'column-type',
      '"Nullable(Int64)"',
      /integer, float/,
    ],
    ["a kind that isn't a type", retyped({ total: 'view' }), 'column-type', '"view"'],
    ["a type that isn't a string", retyped({ total: null }), 'column-type', 'null'],
    [
      'a type that may not match',
      retyped({ total: 'json' }),
      'doubtful-type',
      '"json"',
      /"string" is the safe choice/,
      'warning',
    ],
    ['deleted', { deleted: true }, 'deleted', '"deleted"', /Delete Warehouse Table…/],
    ['credential', { credential: {} }, 'credential', '"credential"', /Replace Storage Credentials…/],
    ['any other key', { id: 'x' }, 'unknown-key', '"id"', /would ignore/],
  ];
  for (const [name, changes, code, at, says, severity = 'error'] of cases) {
    it(`finds ${name}`, () => {
      const [problem, ...more] = check(changes);
      assert.deepEqual(more, []);
      assert.equal(problem?.code, code);
      assert.equal(problem.severity, severity);
      assert.equal(problem.at, at);
      assert.match(problem.message, says ?? /\.$/);
    });
  }

  it('reports a removed and a renamed column at "columns"', () => {
    const [removed, ...more] = check({ columns: { id: 'integer', raw: 'unknown' } });
    assert.deepEqual(more, []);
    assert.equal(removed?.code, 'removed-column');
    assert.equal(removed.at, '"columns"');
    const renamed = check({ columns: { id: 'integer', sum: 'string', raw: 'unknown' } });
    assert.deepEqual(
      renamed.map(({ code }) => code),
      ['unknown-column', 'removed-column'],
    );
  });

  it('accepts every type and format', () => {
    for (const type of columnTypes.filter((one) => !doubtfulColumnTypes.includes(one))) {
      assert.deepEqual(check(retyped({ raw: type })), []);
    }
    for (const format of tableFormats) {
      assert.deepEqual(check({ format }), []);
    }
  });

  it('D: checks addresses as strictly as Link Table', () => {
    for (const url of [
      's3://bucket/a.csv',
      'https://localhost/a.csv',
      'https://172.20.0.1/a.csv',
      'https://[::ffff:10.0.0.1]/a.csv',
      'https://[2002:7f00:1::]/a.csv',
      'https://s3.amazonaws.com/buck*/a.csv',
      'https://s3.amazonaws.com/my%20bucket/a.csv',
      'https://-host-/a.csv',
    ]) {
      for (const generation of ['current', 'documented'] as const) {
        const refused = storageUrlProblem(url, generation);
        const [problem, ...more] = check({ url_pattern: url }, { generation });
        assert.deepEqual(more, []);
        assert.equal(problem?.severity, refused === undefined ? 'warning' : 'error', url);
        assert.equal(problem.message, refused ?? storageUrlProblem(url, 'current'));
      }
    }
    assert.equal(storageUrlProblem('https://100.64.0.1/a.csv', 'current'), undefined);
  });

  it('D: never allows choosing DeltaS3Wrapper, and accepts a table that already has it', () => {
    const [problem, ...more] = check({ format: 'DeltaS3Wrapper' });
    assert.deepEqual(more, []);
    assert.match(problem?.message ?? '', /use "Delta"/);
    const wrapped = { ...base, format: 'DeltaS3Wrapper' };
    assert.deepEqual(check({ ...wrapped, name: 'sales' }, { base: wrapped }), []);
  });

  it('only warns about addresses on servers that may accept them', () => {
    assert.equal(
      check({ url_pattern: 'http://minio:9000/a' }, { generation: 'documented' })[0]?.severity,
      'warning',
    );
    assert.equal(
      check({ url_pattern: 'http://minio:9000/a' }, { generation: undefined })[0]?.severity,
      'warning',
    );
  });

  it("B9: marks a column whose declared type doesn't match the data, until it gets another type", () => {
    const unreadable = { total: 'string' };
    const [mark] = check({}, { unreadable });
    assert.deepEqual([mark?.code, mark?.severity], ['unreadable-column', 'warning']);
    assert.match(mark?.message ?? '', /"total" is declared as string, which doesn't match the data/);
    const columns = { id: 'integer', total: 'float', raw: 'unknown' };
    assert.deepEqual(check({ columns }, { unreadable }), []);
  });

  it('says what leaving a key out does', () => {
    const document = parseDocument('{"name": "orders"}');
    assert.ok(document.ok);
    const found = checkTable(document, { base });
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [['missing-key', 'information']],
    );
    assert.match(found[0]?.message ?? '', /^3 keys aren't in the document: format, url_pattern, columns\./);
  });

  it('rejects any change of a table that a source syncs, naming the source', () => {
    const table = { ...aTable, external_data_source: { id: 'x', source_type: 'Stripe' } };
    assert.deepEqual(check({}, { table }), []);
    const [problem] = check({ name: 'b' }, { table });
    assert.equal(problem?.code, 'read-only');
    assert.match(problem.message, /Stripe source/);
  });
});

describe('saving a table', () => {
  it('sends what PATCH accepts and the changed types, and nothing for an unchanged table', () => {
    assert.deepEqual(planTable(base, { ...base }), { patch: {}, updates: {}, missing: [] });
    const mine = { ...base, ...retyped({ total: 'float' }), name: 'sales' };
    assert.deepEqual(planTable(base, mine), {
      patch: { name: 'sales' },
      updates: { total: 'float' },
      missing: [],
    });
  });

  it('never sends deleted, credential, unknown keys or columns that the table lacks', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (changes) => {
        const mine = { ...base, deleted: true, credential: {}, ...changes } as JsonObject;
        const { patch, updates } = planTable(base, mine);
        assert.ok(Object.keys(patch).every((key) => ['name', 'format', 'url_pattern'].includes(key)));
        assert.ok(Object.keys(updates).every((name) => Object.hasOwn(base.columns, name)));
      }),
    );
  });

  it('names the omitted settings', () => {
    assert.deepEqual(planTable(base, { name: 'orders', columns: base.columns }).missing, [
      'format',
      'url_pattern',
    ]);
  });

  it('stops if someone else changed the same value differently', () => {
    const mine = { ...base, ...retyped({ total: 'float' }), name: 'sales' };
    const theirs = (changes: JsonObject): string[] =>
      mergeTable({ base, mine, theirs: { ...base, ...changes } }).conflicts.map(({ path }) => pathText(path));
    assert.deepEqual(theirs({}), []);
    assert.deepEqual(theirs({ format: 'CSV' }), []);
    assert.deepEqual(theirs({ name: 'sales' }), []);
    assert.deepEqual(theirs(retyped({ id: 'float' })), []);
    assert.deepEqual(theirs({ name: 'x' }), ['name']);
    assert.deepEqual(theirs(retyped({ total: 'integer' })), ['columns.total']);
    assert.deepEqual(theirs({ columns: { id: 'integer', raw: 'unknown' } }), ['columns.total']);
  });

  it('reports what the server ignored', () => {
    const compare = (patch: JsonObject, updates: Record<string, string>, answer: JsonObject): unknown =>
      compareTableAnswer({ patch, updates }, { ...aTable, ...answer });
    assert.deepEqual(compare({ name: ' orders ' }, { total: 'string' }, {}), []);
    assert.deepEqual(compare({ name: 'sales' }, { total: 'float', gone: 'string' }, {}), [
      { path: 'name', sent: 'sales', answered: 'orders' },
      { path: 'columns.total', sent: 'float', answered: 'string' },
      { path: 'columns.gone', sent: 'string', answered: undefined },
    ]);
  });
});

describe('options of a table', () => {
  const csv = { ...aTable, format: 'CSVWithNames', options: {} };

  it('D: csv_allow_double_quotes is in the document of a CSV table, is planned, sent and compared', () => {
    const before = tableDocument(csv);
    assert.deepEqual(Object.keys(before), ['name', 'format', 'url_pattern', 'options', 'columns']);
    const options = { csv_allow_double_quotes: true };
    const mine = { ...before, options };
    assert.deepEqual(check(mine, { base: before }), []);
    assert.deepEqual(planTable(before, mine), { patch: { options }, updates: {}, missing: [] });
    const plan = { patch: { options }, updates: {} };
    const theirs = { ...before, options: { other: 1 } };
    assert.deepEqual(mergeTable({ base: before, mine, theirs }).merged.options, { ...options, other: 1 });
    assert.deepEqual(compareTableAnswer(plan, { ...csv, options: { ...options, other: 1 } }), []);
    assert.deepEqual(
      compareTableAnswer(plan, csv).map(({ path }) => path),
      ['options.csv_allow_double_quotes'],
    );
  });

  it("9.A: an option that is removed is reported, because removing isn't sent", () => {
    const before = { ...tableDocument(csv), options: { csv_allow_double_quotes: true, other: 1 } };
    const found = (options: JsonObject): readonly unknown[] => {
      const mine = { ...before, options };
      const spot = { mine, base: before, formats: tableFormats, types: columnTypes };
      return check(mine, { base: before }).map(({ severity, code, message }) => [
        ...[severity, code, message],
        ...tableFixes({ path: ['options', /"(.*?)"/.exec(message)?.[1] ?? ''], code }, spot).map(
          ({ title }) => title,
        ),
      ]);
    };
    assert.deepEqual(found({ other: 1 }), [
      [
        'error',
        'removed-option',
        'Removing "csv_allow_double_quotes" has no effect. To turn it off, set it to false.',
        'Change to false',
        'Undo my change to "csv_allow_double_quotes"',
      ],
    ]);
    assert.deepEqual(found({ csv_allow_double_quotes: false }), [
      [
        'error',
        'removed-option',
        'Removing "other" has no effect. Put it back.',
        'Undo my change to "other"',
      ],
    ]);
    // A misspelled option has one mark.
    assert.deepEqual(
      check({ ...before, options: { csv_alow_double_quotes: true, other: 1 } }, { base: before }).map(
        ({ code }) => code,
      ),
      ['unknown-key'],
    );
  });

  it('9.A: undoing the change that added an option turns it off', () => {
    const [off, on] = [{}, { csv_allow_double_quotes: true }].map((options) =>
      tableDocument({ ...csv, options }),
    );
    assert.ok(off && on);
    const { patch } = planTable(on, off);
    assert.deepEqual(patch, { options: { csv_allow_double_quotes: false } });
    assert.equal(compareTableAnswer({ patch, updates: {} }, { ...csv, options: on.options }).length, 1);
    assert.deepEqual(
      compareTableAnswer({ patch, updates: {} }, { ...csv, options: { csv_allow_double_quotes: false } }),
      [],
    );
  });

  it("D: aren't shown if they have no effect", () => {
    assert.deepEqual(tableDocument({ ...aTable, options: {} }), base);
    assert.deepEqual(tableDocument({ ...csv, options: undefined }).options, undefined);
  });

  it("D: may be ignored by a server that doesn't return them", () => {
    const [problem, ...more] = check(
      { format: 'CSV', options: { csv_allow_double_quotes: true } },
      { generation: 'documented' },
    );
    assert.deepEqual(more, []);
    assert.equal(problem?.code, 'not-in-response');
  });
});

describe('columns', () => {
  it("are listed in the server's order", () => {
    assert.deepEqual(describeColumns({ columns: [column('b', 'date', false), column('a', 'json')] }), [
      { name: 'b', type: 'date', valid: false },
      { name: 'a', type: 'json', valid: true },
    ]);
  });

  it('are none for a response without usable columns', () => {
    for (const columns of [undefined, null, 'string', [], [null, 1, {}]] as (JsonValue | undefined)[]) {
      assert.deepEqual(describeColumns({ columns }), []);
    }
  });

  it('show what was added, removed, retyped and became unreadable', () => {
    const before = {
      columns: [
        column('a', 'string'),
        column('b', 'string'),
        column('c', 'string', false),
        column('d', 'date'),
      ],
    };
    const after = {
      columns: [
        column('a', 'integer'),
        column('c', 'string', false),
        column('d', 'date', false),
        column('e', 'json', false),
      ],
    };
    assert.deepEqual(diffColumns(before, after), {
      added: [{ name: 'e', type: 'json', valid: false }],
      removed: [{ name: 'b', type: 'string', valid: true }],
      retyped: [{ name: 'a', from: 'string', to: 'integer' }],
      nowInvalid: ['d', 'e'],
    });
    assert.deepEqual(diffColumns(before, before), { added: [], removed: [], retyped: [], nowInvalid: [] });
  });
});

describe('read-only tables', () => {
  it('say which source manages them', () => {
    assert.equal(readOnlyReason(aTable), undefined);
    assert.match(
      readOnlyReason({ ...aTable, external_data_source: { source_type: 'Ashby' } }) ?? '',
      /Ashby source/,
    );
    assert.match(readOnlyReason({ ...aTable, external_data_source: {} }) ?? '', /a data source/);
  });
});

describe('names for new tables', () => {
  it('follow the rule for uploads', () => {
    for (const name of ['orders', '_orders', 'Orders_2024', 'x'.repeat(128)]) {
      assert.equal(tableNameProblem(name), undefined, name);
    }
    for (const name of ['', '2024', 'my.orders', 'my orders', 'größe', 'a-b', ' a', 'a\n', 'x'.repeat(129)]) {
      assert.match(tableNameProblem(name) ?? '', /\.$/, name);
    }
  });

  const proposals: [fileName: string, name: string, format: string | undefined][] = [
    ['orders.csv', 'orders', 'CSVWithNames'],
    ['/data/my orders.CSV', 'my_orders', 'CSVWithNames'],
    ['C:\\data\\2024-01.parquet', '_2024_01', 'Parquet'],
    ['Café.json', 'Cafe', 'JSONEachRow'],
    ['events.v2.jsonl', 'events_v2', 'JSONEachRow'],
    ['events.ndjson', 'uploaded_events', 'JSONEachRow'],
    ['.hidden.csv', 'hidden', 'CSVWithNames'],
    ['日本.csv', 'table', 'CSVWithNames'],
    ['notes.txt', 'notes', undefined],
    ['README', 'README', undefined],
    ['a.constructor', 'a', undefined],
  ];
  for (const [fileName, name, format] of proposals) {
    it(`default to ${name} for ${fileName}`, () => {
      assert.equal(proposeTableName(fileName), name);
      assert.equal(detectFormat(fileName), format);
    });
  }

  it('are always allowed if suggested', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 120, maxLength: 300 })),
        (fileName) => {
          assert.equal(tableNameProblem(proposeTableName(fileName)), undefined);
        },
      ),
    );
  });
});
