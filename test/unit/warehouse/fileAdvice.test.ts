import assert from 'node:assert/strict';
import { adviceFor, encodingOf } from '../../../src/warehouse/fileAdvice';
import { isBuiltInTable, proposeTableName, tableNameWarning } from '../../../src/warehouse/tableNames';

/** The advice about a file before it's sent. */
async function advised(
  content: string | Uint8Array,
  { format = 'CSVWithNames', name = 'orders', fileName = 'orders.csv', isGzip = false } = {},
): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const head = bytes.subarray(0, 4096);
  const encoding = await encodingOf(head, [bytes]);
  return adviceFor({ fileName, head, encoding, isGzip }, format, name)
    .map(({ text }) => text)
    .join('\n');
}

describe('D: advice about files to upload', () => {
  for (const [what, content, advice] of [
    ['semicolons', 'id;price\n1;2,5\n', /semicolons/],
    ['tabs', 'id\tprice\n1\t2\n', /tabs/],
    ['vertical bars', 'id|price\n1|2\n', /vertical bars/],
    ['Latin-1', Buffer.from('id,city\n1,Zürich\n', 'latin1'), /isn't UTF-8.*Save it as UTF-8/],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffid,city\n1,Lisbon\n', 'utf16le'), /UTF-16/],
    ['UTF-16 without', Buffer.from('id,city\n1,Lisbon\n', 'utf16le'), /UTF-16/],
    ['only carriage returns', 'id,city\r1,Lisbon\r', /carriage return only.*line feeds/],
    ['a duplicate header', 'id,name,id\n1,a,2\n', /Two columns are named "id"/],
    ['a workbook', 'PK\u0003\u0004', /Excel workbook/],
  ] as const) {
    it(`D: ${what}`, async () => {
      assert.match(await advised(content), advice);
    });
  }

  it('D: for a JSON array, but not for lines, multi-line objects or a byte order mark', async () => {
    const json = { format: 'JSONEachRow' };
    assert.match(await advised('[{"a":1}]', json), /is a JSON array/);
    for (const fine of ['{"a":1}\n{"a":2}\n', '{\n"a": 1\n}\n', '\ufeff{"a":1}\n', '{"a":"x;y;z"}\n']) {
      assert.equal(await advised(fine, json), '', fine);
    }
  });

  it('D: finds an invalid character after the first bytes too, but not one split between chunks', async () => {
    const late = Buffer.concat([
      Buffer.from(`id,city\n${'1,Lisbon\n'.repeat(1000)}`),
      Buffer.from([0xe9, 0x0a]),
    ]);
    assert.match(await advised(late), /isn't UTF-8/);
    const whole = new TextEncoder().encode('id,city\n1,Zürich\n');
    const cut = whole.indexOf(0xc3) + 1;
    assert.equal(await encodingOf(whole, [whole.subarray(0, cut), whole.subarray(cut)]), 'utf-8');
    assert.equal(await encodingOf(whole, [whole.subarray(0, cut)]), 'other');
  });

  it('D: compressed files are fine if their name says so', async () => {
    assert.equal(await advised('id,a\n', { isGzip: true, fileName: 'orders.csv.gz' }), '');
    assert.match(await advised('id,a\n', { isGzip: true, fileName: 'orders.csv' }), /Rename the file/);
  });

  it('D: Latin-1 is detected at the start of a compressed file, even if that ends within a character', async () => {
    const latin = Buffer.from('id,city\n1,Z\u00fcrich\n', 'latin1');
    assert.equal(await encodingOf(latin, undefined), 'other');
    const whole = new TextEncoder().encode('id,city\n1,Z\u00fcrich\n');
    assert.equal(await encodingOf(whole.subarray(0, whole.indexOf(0xc3) + 1), undefined), 'utf-8');
  });

  it('D: none for ordinary files', async () => {
    for (const fine of ['id,price\n1,"2;5"\n', '"a;b;c",d\n1,2\n', 'id\n1\n', 'id,a\r\n1,2\r\n']) {
      assert.equal(await advised(fine), '', fine);
    }
    assert.equal(await advised('1,1\n2,2\n', { format: 'CSV' }), '');
    assert.equal(await advised(Buffer.from([0x50, 0x41, 0x52, 0x31, 0xff]), { format: 'Parquet' }), '');
  });

  it('D: names that PostHog uses itself get an alternative and a warning wherever a table is named', async () => {
    for (const name of ['events', 'persons', 'groups', 'sessions', 'Events']) {
      assert.ok(isBuiltInTable(name), name);
      assert.match(await advised('id,a\n', { name }), new RegExp(`built-in table "${name}"`));
      assert.match(tableNameWarning(name) ?? '', /built-in table/);
      assert.equal(proposeTableName(`${name}.csv`), `uploaded_${name}`);
    }
    assert.equal(proposeTableName('orders.csv.gz'), 'orders');
    assert.equal(proposeTableName('event.csv'), 'event');
  });

  it('C6: checking a long file can be canceled', async () => {
    const controller = new AbortController();
    const read: number[] = [];
    const chunks = function* (): Generator<Uint8Array> {
      for (let index = 0; index < 9; index += 1) {
        read.push(index);
        if (index === 2) {
          controller.abort();
        }
        yield Buffer.from('a');
      }
    };
    await assert.rejects(encodingOf(Buffer.from('a'), chunks(), controller.signal), { name: 'AbortError' });
    assert.deepEqual(read, [0, 1, 2]);
  });
});
