import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { isJsonObject, parseJson } from '../../../src/json/json';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { startSandbox } from '../../../src/sandbox/index';
import type { Sandbox } from '../../../src/sandbox/index';
import { DEVELOPMENT, assertError, callSandbox, tableId, textOf } from './support';

const CASES = 'test/unit/sandbox/cases';
const PROJECT = `/api/projects/${DEVELOPMENT}/`;

/** A parsed file: its columns, and its rows as the text of the response. */
interface Table {
  columns: string[];
  rows: string;
}

describe('sandbox: reading files', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ fileUpload: true });
  });
  after(() => sandbox.close());

  const upload = async (filename: string, content: Uint8Array, format: string): Promise<string> => {
    const form = new FormData();
    form.append('name', 'uploaded');
    form.append('format', format);
    form.append('file', new Blob([Buffer.from(content)]), filename);
    const answer = await callSandbox(sandbox, 'POST', `${PROJECT}warehouse_tables/file/`, { raw: form });
    return answer.status === 201 ? 'uploaded' : answer.text;
  };
  const query = async (sql: string): Promise<JsonObject & { text: string }> => {
    const body = { query: { kind: 'HogQLQuery', query: sql } };
    const answer = await callSandbox(sandbox, 'POST', `${PROJECT}query/`, { body });
    assert.equal(answer.status, 200, answer.text);
    const parsed = parseJson(answer.text);
    assert.ok(isJsonObject(parsed));
    return { ...parsed, text: answer.text };
  };
  const read = async (filename: string, content: Uint8Array, format: string): Promise<Table> => {
    assert.equal(await upload(filename, content, format), 'uploaded');
    const path = `${PROJECT}warehouse_tables/${tableId(sandbox, 'uploaded')}/`;
    const table = await callSandbox(sandbox, 'GET', path);
    const { columns } = table.body as { columns: JsonObject[] };
    const { columns: names, results } = await query('SELECT * FROM uploaded');
    assert.deepEqual(
      names,
      columns.map(({ name }) => name),
    );
    return {
      columns: columns.map(({ name, type }) => `${textOf(name)} ${textOf(type)}`),
      rows: JSON.stringify(results),
    };
  };
  const readCase = (name: string, format: string): Promise<Table> =>
    read(name, readFileSync(join(CASES, name)), format);
  const readText = (name: string, text: string, format: string): Promise<Table> =>
    read(name, Buffer.from(text), format);

  for (const [name, format, columns, rows] of [
    [
      'years.csv',
      'CSVWithNames',
      ['Country Name string', 'Country Code string', '2021 integer', '1960 integer'],
      '[["Aruba","ABW",5,4]]',
    ],
    ['bigids.csv', 'CSVWithNames', ['order_id integer'], '[[9007199254740993],[12345678901234567890]]'],
    ['bigids.jsonl', 'JSONEachRow', ['id integer'], '[[9007199254740993]]'],
    ['array.json', 'JSONEachRow', ['id integer', 'n string'], '[[1,"a"],[2,"b"]]'],
    ['pretty.json', 'JSONEachRow', ['id integer'], '[[1],[2]]'],
    ['bom.jsonl', 'JSONEachRow', ['id integer'], '[[1]]'],
    [
      'events.csv',
      'CSVWithNames',
      ['event string', 'timestamp datetime'],
      '[["click","2026-01-01 10:00:00"]]',
    ],
    ['semicolon.csv', 'CSV', ['c1 string', 'c2 string'], null],
    ['latin1.csv', 'CSVWithNames', ['name string', 'city string'], '[["Jos\ufffd","M\ufffdnchen"]]'],
  ] as const) {
    it(`D: ${name} keeps names, values and order`, async () => {
      if (rows === null) {
        assert.notEqual(await upload(name, readFileSync(join(CASES, name)), format), 'uploaded');
        return;
      }
      assert.deepEqual(await readCase(name, format), { columns, rows });
    });
  }

  it('D: semicolons separate nothing', async () => {
    assert.deepEqual(await readText('a.csv', 'id;name\n1;a\n', 'CSVWithNames'), {
      columns: ['id;name string'],
      rows: '[["1;a"]]',
    });
  });

  it("D: a byte order mark isn't part of the first name", async () => {
    assert.deepEqual(await readText('marked.csv', '\ufeffid,"name"\n1,a\n', 'CSVWithNames'), {
      columns: ['id integer', 'name string'],
      rows: '[[1,"a"]]',
    });
  });

  it('D: repeated column names are made unique (inferred)', async () => {
    assert.deepEqual(await readCase('duplicate-header.csv', 'CSVWithNames'), {
      columns: ['id integer', 'name string', 'id_1 integer'],
      rows: '[[1,"a",10]]',
    });
    assert.deepEqual((await readText('a.csv', 'a,a,a_1\n1,2,3\n', 'CSVWithNames')).columns, [
      'a integer',
      'a_2 integer',
      'a_1 integer',
    ]);
  });

  it('D: names that differ in case only are two columns', async () => {
    assert.deepEqual(await readText('a.csv', 'id,ID\n1,2\n', 'CSVWithNames'), {
      columns: ['id integer', 'ID integer'],
      rows: '[[1,2]]',
    });
  });

  it('D: compressed text is decompressed by its extension (inferred), however large it gets', async () => {
    const columns = ['id integer', 'name string'];
    const rows = (await readCase('orders.csv.gz', 'CSVWithNames')).rows;
    assert.notEqual(rows, '[]');
    const large = zlib.gzipSync(`id,name\n${'1,a\n'.repeat(3_000_000)}`);
    assert.deepEqual((await read('large.csv.gz', large, 'CSVWithNames')).columns, columns);
    const brotli = zlib.brotliCompressSync('id,name\n1,a\n');
    assert.deepEqual(await read('a.csv.br', brotli, 'CSVWithNames'), { columns, rows: '[[1,"a"]]' });
    assert.match(await upload('broken.csv.gz', Buffer.from('id\n'), 'CSVWithNames'), /Failed to upload file/);
  });

  it('D: keys of JSON objects keep the order of the file, wherever they first appear', async () => {
    const text = '{"Country": "Aruba", "2021": 5, "1960": 4}\n{"1950": 3, "Country": "Chad"}\n';
    assert.deepEqual(await readText('a.jsonl', text, 'JSONEachRow'), {
      columns: ['Country string', '2021 integer', '1960 integer', '1950 integer'],
      rows: '[["Aruba",5,4,null],["Chad",null,null,3]]',
    });
  });

  for (const [what, text, rows] of [
    ['an array on several lines', '\ufeff [\n {"a": "}{"},\n {"a": "\\"]"}\n]\n', '[["}{"],["\\"]"]]'],
    ['commas between objects', '{"a":"x"},{"a":"y"}', '[["x"],["y"]]'],
    ['objects inside', '{"a":{"b":[1,{"c":"}"}]}}', '[["{\\"b\\":[1,{\\"c\\":\\"}\\"}]}"]]'],
    ['an empty object among others', '{}\n{"a":"x"}', '[[null],["x"]]'],
  ] as const) {
    it(`D: JSON is read with ${what}`, async () => {
      assert.equal((await readText('a.json', text, 'JSONEachRow')).rows, rows);
    });
  }

  for (const text of [
    '[{"a":1}',
    '[{"a":1}] x',
    '{"a":1',
    '{"a" 1}',
    '{a:1}',
    '{"a":1,}',
    '[1]',
    '"a"',
    '[]',
    '{"a":tru}',
  ]) {
    it(`D: ${text} isn't readable JSON`, async () => {
      assert.match(await upload('a.json', Buffer.from(text), 'JSONEachRow'), /Failed to upload file/);
    });
  }

  it('D: a JSON array longer than the sample is read up to its last complete object', async () => {
    const text = `[${'{"a": 1, "b": "text"},\n'.repeat(120_000)}{"a": 1}]`;
    assert.deepEqual((await readText('a.json', text, 'JSONEachRow')).columns, ['a integer', 'b string']);
  });

  it("D: integers of up to 64 bits are integers, longer ones aren't", async () => {
    const text = 'a,b,c\n-9223372036854775808,18446744073709551615,18446744073709551616\n';
    assert.deepEqual(await readText('a.csv', text, 'CSVWithNames'), {
      columns: ['a integer', 'b integer', 'c float'],
      rows: '[[-9223372036854775808,18446744073709551615,18446744073709552000]]',
    });
    assert.equal((await readText('a.csv', 'a\n007\n-0\n', 'CSVWithNames')).rows, '[[7],[0]]');
  });

  it('D: queries calculate with long integers, and accept them as values', async () => {
    await readText('a.csv', 'id,n\n9007199254740993,1\n9007199254740992,2\n', 'CSVWithNames');
    const of = async (sql: string): Promise<string> => JSON.stringify((await query(sql)).results);
    assert.equal(
      await of('SELECT max(id), toString(max(id)), toInt(max(id)) FROM uploaded'),
      '[[9007199254740993,"9007199254740993",9007199254740993]]',
    );
    assert.equal(await of('SELECT n FROM uploaded WHERE id = 9007199254740993'), '[[1]]');
    const body =
      '{"query":{"kind":"HogQLQuery","query":"SELECT n FROM uploaded WHERE id = {id}","values":{"id":9007199254740993}}}';
    const answer = await callSandbox(sandbox, 'POST', `${PROJECT}query/`, {
      raw: body,
      headers: { 'Content-Type': 'application/json' },
    });
    assert.match(answer.text, /"results":\[\[1\]\]/);
    assert.equal(
      await of("SELECT toInt('x'), toInt('12'), toFloat('1.5') FROM uploaded LIMIT 1"),
      '[[null,12,1.5]]',
    );
  });

  it('D: columns of a join that share a name keep their own values', async () => {
    await readText('a.csv', 'order_id,total\n1001,7\n', 'CSVWithNames');
    const { columns, results } = await query(
      'SELECT u.total, o.total FROM uploaded u JOIN orders o ON u.order_id = o.order_id',
    );
    assert.deepEqual([columns, results], [['total', 'total'], [[7, 19.9]]]);
  });

  it('D: long integers in settings keep every digit', async () => {
    const raw = '{"extra_settings":{"id":9007199254740993,"list":[12345678901234567890]}}';
    const headers = { 'Content-Type': 'application/json' };
    const written = await callSandbox(sandbox, 'PATCH', PROJECT, { raw, headers });
    const again = await callSandbox(sandbox, 'GET', PROJECT);
    for (const { text } of [written, again]) {
      assert.match(text, /"extra_settings":\{"id":9007199254740993,"list":\[12345678901234567890\]\}/);
    }
    for (const [body, attr] of [
      [
        '{"session_recording_minimum_duration_milliseconds":9007199254740993}',
        'session_recording_minimum_duration_milliseconds',
      ],
      ['{"default_data_theme":9007199254740993}', 'default_data_theme'],
    ] as const) {
      const answer = await callSandbox(sandbox, 'PATCH', PROJECT, { raw: body, headers });
      const max = attr === 'default_data_theme' ? 2147483647 : 30000;
      assertError(answer, 400, 'max_value', `Ensure this value is less than or equal to ${max}.`, attr);
    }
    const flag = '{"session_recording_linked_flag":{"id":"9007199254740993","key":"a"}}';
    assert.match(
      (await callSandbox(sandbox, 'PATCH', PROJECT, { raw: flag, headers })).text,
      /"session_recording_linked_flag":\{"id":9007199254740993,"key":"a"\}/,
    );
  });

  describe('Parquet', () => {
    const data = (codec: 'LZ4' | 'LZ4_RAW', pack: (input: Uint8Array) => Uint8Array): ArrayBuffer =>
      parquetWriteBuffer({
        columnData: [
          { name: '2021', data: [1, 2], type: 'INT32' },
          { name: 'name', data: ['abcabcabcabcabcabc', 'b'], type: 'STRING' },
          { name: '1960', data: [9_007_199_254_740_993n, 1n], type: 'INT64' },
        ],
        codec,
        compressors: { [codec]: pack },
      });
    const expected = {
      columns: ['2021 integer', 'name string', '1960 integer'],
      rows: '[[1,"abcabcabcabcabcabc",9007199254740993],[2,"b",1]]',
    };

    for (const [what, codec, pack] of [
      ['a bare block', 'LZ4_RAW', packLz4],
      ['a bare block under the older name', 'LZ4', packLz4],
      ["Hadoop's frames", 'LZ4', framed],
    ] as const) {
      it(`D: LZ4 in ${what} is read, with columns in the order of the file`, async () => {
        assert.deepEqual(await read('a.parquet', new Uint8Array(data(codec, pack)), 'Parquet'), expected);
      });
    }

    it('D: a corrupt LZ4 block is unreadable', async () => {
      const broken = new Uint8Array(data('LZ4_RAW', (input) => packLz4(input).map((byte) => byte ^ 0x55)));
      assert.match(await upload('a.parquet', broken, 'Parquet'), /Failed to upload file/);
    });
  });
});

/** A simple LZ4 encoder: literals, and copies from three bytes back. */
function packLz4(input: Uint8Array): Uint8Array {
  const output: number[] = [];
  const long = (value: number): number[] => {
    const bytes: number[] = [];
    for (let left = value - 15; value >= 15; left -= 255) {
      bytes.push(Math.min(left, 255));
      if (left < 255) {
        break;
      }
    }
    return bytes;
  };
  const matchAt = (at: number): number => {
    let length = 0;
    while (at >= 3 && at + length < input.length - 5 && input[at + length] === input[at + length - 3]) {
      length += 1;
    }
    return length >= 4 ? length : 0;
  };
  let start = 0;
  for (let at = 0; at <= input.length; at += 1) {
    const match = matchAt(at);
    if (match === 0 && at < input.length) {
      continue;
    }
    const literals = at - start;
    output.push((Math.min(literals, 15) << 4) | (match > 0 ? Math.min(match - 4, 15) : 0));
    output.push(...long(literals), ...input.subarray(start, at));
    if (match > 0) {
      output.push(3, 0, ...long(match - 4));
      at += match - 1;
      start = at + 1;
    }
  }
  return Uint8Array.from(output);
}

function framed(input: Uint8Array): Uint8Array {
  const half = Math.floor(input.length / 2);
  return Buffer.concat(
    [input.subarray(0, half), input.subarray(half)].flatMap((part) => {
      const packed = packLz4(part);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(part.length, 0);
      head.writeUInt32BE(packed.length, 4);
      return [head, packed];
    }),
  );
}

describe('sandbox: columns keep the order in which they are given', () => {
  const columns: JsonValue = [
    { name: 'Country', type: 'string' },
    { name: '2021', type: 'integer' },
    { name: '1960', type: 'integer' },
  ];

  it("D: in a scenario's bucket, and in a refresh through the control API", async () => {
    const url = 'https://years.example.com/years.csv';
    const storage = [{ url_pattern: url, columns, rows: [['Aruba', 5, 4]] }];
    const sandbox = await startSandbox({
      scenario: {
        organizations: [
          {
            name: 'A',
            projects: [{ id: 7, name: 'Only', environments: [{ id: 7, name: 'Only', storage }] }],
          },
        ],
        users: [
          { id: 1, first_name: 'A', email: 'a@example.com', memberships: [{ organization: 'A', level: 15 }] },
        ],
      },
    });
    try {
      const path = '/api/projects/7/warehouse_tables/';
      const body = {
        name: 'years',
        format: 'CSVWithNames',
        url_pattern: url,
        credential: { access_key: 'a', access_secret: 'b' },
      };
      const created = await callSandbox(sandbox, 'POST', path, { body });
      const names = (text: string): string[] =>
        [...text.matchAll(/"key":"([^"]*)"/g)].map(([, name]) => name ?? '');
      assert.deepEqual(names(created.text), ['Country', '2021', '1960']);
      const id = tableId(sandbox, 'years', 7);
      sandbox.control.setRefresh(7, id, {
        columns: [
          { name: '1960', type: 'integer' },
          { name: 'Country', type: 'string' },
          { name: '1950', type: 'integer' },
        ],
      });
      await callSandbox(sandbox, 'POST', `${path}${id}/refresh_schema/`);
      assert.deepEqual(names((await callSandbox(sandbox, 'GET', `${path}${id}/`)).text), [
        '1960',
        'Country',
        '1950',
      ]);
    } finally {
      await sandbox.close();
    }
  });
});
