import assert from 'node:assert/strict';
import { describeDifference } from '../../../src/warehouse/columnText';
import { diffColumns } from '../../../src/warehouse/columns';
import { storageUrlProblem } from '../../../src/warehouse/storageUrl';
import {
  fileNameProblem,
  fileSizeProblem,
  formatDoubt,
  formatOfLook,
  formatProblem,
  freeFileName,
  isHostedUpload,
  lookOf,
  readsUpload,
} from '../../../src/warehouse/uploadFile';

const look = (text: string) => lookOf(new TextEncoder().encode(text));

describe("detecting a file's format", () => {
  it('Parquet by its signature, JSON by its first character, otherwise text', () => {
    assert.equal(look('PAR1\u0015\u0004'), 'parquet');
    assert.equal(look('{"a":1}\n'), 'json-lines');
    assert.equal(look('\uFEFF  {"a":1}'), 'json-lines');
    assert.equal(look('[{"a":1}]'), 'json-array');
    assert.equal(look('id,name\n1,PAR1'), 'text');
    assert.equal(look('\u0000\u0001'), 'binary');
    assert.equal(look(''), 'text');
  });

  it("a character split at the end doesn't matter", () => {
    assert.equal(lookOf(new TextEncoder().encode('name\né').subarray(0, 6)), 'text');
  });

  it('only Parquet is certain; the rest is doubtful', () => {
    assert.match(formatProblem('Parquet', 'text') ?? '', /isn't a Parquet file/);
    assert.match(formatProblem('CSV', 'parquet') ?? '', /is a Parquet file/);
    assert.equal(formatProblem('Parquet', 'parquet'), undefined);
    assert.equal(formatProblem('CSV', 'json-lines'), undefined);
    assert.match(formatDoubt('CSV', 'json-lines') ?? '', /looks like JSON/);
    assert.match(formatDoubt('JSONEachRow', 'json-array') ?? '', /one object per line/);
    assert.equal(formatDoubt('JSONEachRow', 'json-lines'), undefined);
    assert.equal(formatDoubt('CSVWithNames', 'text'), undefined);
    assert.deepEqual((['parquet', 'json-array', 'text', 'binary'] as const).map(formatOfLook), [
      'Parquet',
      'JSONEachRow',
      'CSVWithNames',
      undefined,
    ]);
  });

  it('D: UTF-16 counts as text and is named', () => {
    for (const text of ['\ufeffid,city\n1,Lisbon\n', 'id,city\n1,Lisbon\n']) {
      const found = lookOf(Buffer.from(text, 'utf16le'));
      assert.equal(found, 'utf-16');
      assert.equal(formatOfLook(found), 'CSVWithNames');
      assert.equal(formatDoubt('CSVWithNames', found), 'the file is UTF-16');
    }
  });

  it("D: a JSON array doesn't look like CSV either", () => {
    assert.equal(formatDoubt('CSVWithNames', 'json-array'), 'the file looks like JSON');
  });

  it('E: warnings about a format are phrases, like the hints next to them', () => {
    for (const format of ['CSVWithNames', 'CSV', 'JSONEachRow', 'Parquet']) {
      for (const found of ['parquet', 'json-lines', 'json-array', 'text', 'utf-16', 'binary'] as const) {
        assert.match(formatDoubt(format, found) ?? 'the same', /^the [^.]*$/, `${format}, ${found}`);
      }
    }
  });
});

describe('the limits of an upload (API facts 2.7)', () => {
  it("0 bytes and 52,428,801 bytes are rejected, 1 and 52,428,800 aren't", () => {
    assert.match(fileSizeProblem(0) ?? '', /empty/);
    assert.equal(fileSizeProblem(1), undefined);
    assert.equal(fileSizeProblem(52_428_800), undefined);
    assert.match(fileSizeProblem(52_428_801) ?? '', /limit is 50 MB/);
  });

  it('a name that starts with a dot is rejected', () => {
    assert.ok(fileNameProblem('.env.csv'));
    assert.equal(fileNameProblem('a.csv'), undefined);
  });

  it('a stored file is recognized by its cleaned name in its own environment', () => {
    const url = 'https://objects.example.com/managed/team_7/my_file.csv';
    assert.ok(readsUpload(url, 7, 'my file.csv'));
    assert.ok(!readsUpload(url, 8, 'my file.csv'));
    assert.ok(!readsUpload(url, 7, 'file.csv'));
    assert.ok(!readsUpload('https://bucket.example.com/my_file.csv', 7, 'my_file.csv'));
    assert.ok(isHostedUpload(url));
    assert.ok(!isHostedUpload('https://bucket.example.com/orders/*.csv'));
  });

  it('an unused name counts up from 2 before the extension', () => {
    const taken = new Set(['a.tar_2.csv', 'plain_2']);
    assert.equal(
      freeFileName('a.tar.csv', (name) => taken.has(name)),
      'a.tar_3.csv',
    );
    assert.equal(
      freeFileName('plain', (name) => taken.has(name)),
      'plain_3',
    );
  });
});

describe('the address of files (API facts 2.2)', () => {
  const problem = (url: string, generation: 'current' | 'documented' = 'current') =>
    storageUrlProblem(url, generation);

  it('accepts what the server accepts', () => {
    for (const url of [
      'https://bucket.s3.amazonaws.com/orders/*.parquet',
      ' https://storage.googleapis.com/bucket/{a,b}.csv ',
      'https://s3.eu-central-1.amazonaws.com/bucket/**',
      'HTTPS://account.blob.core.windows.net/container/x?.csv',
      'https://203.0.113.10/a.csv',
      'https://[2001:db8::1]:9000/a.csv',
    ]) {
      assert.equal(problem(url), undefined, url);
    }
  });

  it('says what is wrong with anything else', () => {
    for (const [url, reason] of [
      ['', /Enter the URL/],
      ['bucket/path', /full URL/],
      ['http://bucket.example.com/a.csv', /https/],
      ['s3://bucket/a.csv', /support s3:\/\/ URLs/],
      ['https:///a.csv', /Enter a host/],
      ['https://*.s3.amazonaws.com/a.csv', /can't contain wildcards/],
      ['https://s3.amazonaws.com/buck*/a.csv', /can't contain wildcards/],
      ['https://localhost/a.csv', /internal addresses/],
      ['https://minio.internal/a.csv', /internal addresses/],
      ['https://10.1.2.3/a.csv', /internal addresses/],
      ['https://172.20.0.1/a.csv', /internal addresses/],
      ['https://-host-/a.csv', /isn't a valid host name/],
      [`https://host.example.com/${'a'.repeat(480)}`, /up to 500/],
    ] as const) {
      assert.match(problem(url) ?? '', reason, url);
    }
  });

  it('older servers have hardly any rules', () => {
    assert.equal(problem('http://minio.internal:9000/a.csv', 'documented'), undefined);
    assert.ok(problem('s3://bucket/a.csv', 'documented'));
    assert.ok(problem('', 'documented'));
  });
});

describe('a difference of columns in words', () => {
  const table = (...columns: [name: string, type: string, valid?: boolean][]) => ({
    columns: columns.map(([name, type, valid = true]) => ({ key: name, name, type, schema_valid: valid })),
  });
  const described = (before: ReturnType<typeof table>, after: ReturnType<typeof table>) =>
    describeDifference(diffColumns(before, after));

  it('lists what was added, removed, retyped and became unreadable', () => {
    assert.equal(
      described(
        table(['a', 'integer'], ['b', 'string'], ['c', 'date']),
        table(['a', 'float'], ['c', 'date', false], ['d', 'json']),
      ),
      'added d (json); removed b; retyped a (integer → float); now unreadable c',
    );
  });

  it('is nothing if nothing differs, and long lists are shortened', () => {
    assert.equal(described(table(['a', 'date', false]), table(['a', 'date', false])), undefined);
    const many = Array.from({ length: 40 }, (_, index): [string, string] => [`c${index}`, 'string']);
    assert.equal(
      described(table(), table(...many)),
      'added c0 (string), c1 (string), c2 (string), c3 (string), c4 (string), c5 (string) and 34 more',
    );
  });
});
