import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/json/json';
import { startSandbox } from '../../../src/sandbox/index';
import type { Sandbox, SandboxOptions } from '../../../src/sandbox/index';
import {
  DEVELOPMENT,
  assertError,
  callSandbox,
  inBothGenerations,
  objectOf,
  resultsOf,
  sandboxFor,
  textOf,
} from './support';
import type { Answer, Harness } from './support';

const PREFIX = `/api/projects/${DEVELOPMENT}/warehouse_tables/`;
const ALIAS = `/api/environments/${DEVELOPMENT}/warehouse_tables/`;
const SALES = 'id,amount\n1,2.5\n2,3.5\n';
const BROKEN = 'id,amount\n1,2.5,extra\n';
const LIMIT = 52_428_800;

function formOf(fields: Record<string, string>, ...files: [name: string, content: BlobPart][]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, value);
  }
  for (const [name, content] of files) {
    form.append('file', new Blob([content]), name);
  }
  return form;
}

function columnsOf(table: JsonObject): string[] {
  return (table.columns as JsonObject[]).map(({ name, type }) => `${textOf(name)} ${textOf(type)}`);
}

function assertMessage(answer: Answer, status: number, message: string): void {
  assert.deepEqual([answer.status, answer.body], [status, { message }]);
}

describe('sandbox: upload_file and create_from_upload (API facts 9.2)', () => {
  const harness = sandboxFor({ fileUpload: false });
  const { call } = harness;
  const upload = (fields: Record<string, string>, ...files: [string, BlobPart][]): Promise<Answer> =>
    call('POST', `${PREFIX}upload_file/`, { raw: formOf(fields, ...files) });
  const create = (body: JsonObject): Promise<Answer> =>
    call('POST', `${PREFIX}create_from_upload/`, { body });
  const uploaded = async (name: string, content: BlobPart, fileFormat = 'csv'): Promise<JsonObject> => {
    const answer = await upload({ file_format: fileFormat }, [name, content]);
    assert.equal(answer.status, 201, answer.text);
    return objectOf(answer);
  };
  const wanted = (file: JsonObject, tableName: string): JsonObject => ({
    upload_id: file.upload_id ?? null,
    filename: file.filename ?? null,
    file_format: file.file_format ?? null,
    table_name: tableName,
  });
  const names = async (): Promise<unknown[]> => resultsOf(await call('GET', PREFIX)).map(({ name }) => name);

  it("D: both steps need no flag, and the table's URL contains the upload", async () => {
    const file = await uploaded('my sales (1).csv', SALES);
    assert.deepEqual(
      [file.filename, file.file_format, file.size_bytes],
      ['my_sales__1_.csv', 'csv', SALES.length],
    );
    const answer = await create(wanted(file, 'sales'));
    assert.equal(answer.status, 201, answer.text);
    const table = objectOf(answer);
    assert.equal(
      table.url_pattern,
      `https://objects.example.com/file_uploads/team_${DEVELOPMENT}/${textOf(file.upload_id)}/my_sales__1_.csv`,
    );
    assert.deepEqual(
      [table.name, table.format, table.credential, table.created_via],
      ['sales', 'CSVWithNames', null, 'api'],
    );
    assert.deepEqual(columnsOf(table), ['id integer', 'amount float']);
    assert.equal((await names())[0], 'sales');
  });

  it('D: several tables can share an upload, each with its own format', async () => {
    const file = await uploaded('lines.jsonl', '{"a": 1}\n{"a": 2}\n', 'json');
    assert.equal((await create(wanted(file, 'lines'))).status, 201);
    const second = await create({ ...wanted(file, 'lines_as_text'), file_format: 'csv' });
    assert.deepEqual([second.status, objectOf(second).format], [201, 'CSVWithNames']);
  });

  it('D: the file is removed with the last table that reads it', async () => {
    const file = await uploaded('shared.csv', SALES);
    const ids = [];
    for (const name of ['share_one', 'share_two']) {
      ids.push(textOf(objectOf(await create(wanted(file, name))).id));
    }
    await call('DELETE', `${PREFIX}${ids[0] ?? ''}/`);
    assert.equal((await create(wanted(file, 'share_three'))).status, 201);
    const third = resultsOf(await call('GET', `${PREFIX}?search=share_three`))[0];
    await call('DELETE', `${PREFIX}${ids[1] ?? ''}/`);
    await call('DELETE', `${PREFIX}${textOf(third?.id)}/`);
    assertMessage(
      await create(wanted(file, 'share_four')),
      400,
      'Uploaded file not found. Please upload the file again.',
    );
  });

  it('D: a taken name and a missing file are messages, and create no table', async () => {
    const file = await uploaded('late.csv', SALES);
    const before = await names();
    for (const name of ['orders', 'events']) {
      assertMessage(
        await create(wanted(file, name)),
        400,
        'A table or view with this name already exists. Choose a different name.',
      );
    }
    for (const changes of [
      { upload_id: '018f2c1e-0000-4000-8000-000000000000' },
      { filename: 'other.csv' },
    ]) {
      assertMessage(
        await create({ ...wanted(file, 'late'), ...changes }),
        400,
        'Uploaded file not found. Please upload the file again.',
      );
    }
    assert.deepEqual(await names(), before);
  });

  for (const [fileFormat, content, hint] of [
    [
      'csv',
      BROKEN,
      "Make sure it's a comma-separated CSV with a header row and the same number of columns in every row.",
    ],
    [
      'json',
      'a,b\n',
      "Make sure it's newline-delimited JSON, with one object per line rather than a single array.",
    ],
    ['parquet', 'a,b\n', "Make sure it's a valid Parquet file."],
  ] as const) {
    it(`D: an unreadable ${fileFormat} file gets a hint, and leaves no table`, async () => {
      const before = await names();
      const file = await uploaded(`broken.${fileFormat}`, content, fileFormat);
      assertMessage(
        await create(wanted(file, 'broken')),
        400,
        `Couldn't read the columns from your file. ${hint}`,
      );
      assert.deepEqual(await names(), before);
    });
  }

  it('D: the body of create_from_upload is checked field by field, in the envelope', async () => {
    const file = await uploaded('checked.csv', SALES);
    const right = wanted(file, 'checked');
    for (const [name, value, code, detail] of [
      ['upload_id', undefined, 'required', 'This field is required.'],
      ['upload_id', 'nonsense', 'invalid_input', 'Must be a valid UUID.'],
      ['filename', null, 'null', 'This field may not be null.'],
      ['file_format', 'xlsx', 'invalid_choice', '"xlsx" is not a valid choice.'],
      ['table_name', ' ', 'blank', 'This field may not be blank.'],
      [
        'table_name',
        '1st',
        'invalid_input',
        'Table names must start with a letter or underscore and contain only alphanumeric characters or underscores.',
      ],
    ] as const) {
      const body: JsonObject = { ...right, [name]: value };
      assertError(await create(body), 400, code, detail, name);
    }
  });

  for (const [what, fields, files, message] of [
    ['no file', { file_format: 'csv' }, [], 'No file provided'],
    [
      'two files',
      { file_format: 'csv' },
      [
        ['a.csv', SALES],
        ['b.csv', SALES],
      ],
      'Upload one file per request.',
    ],
    ['no format', {}, [['a.csv', SALES]], 'Invalid format. Must be one of: csv, json, parquet'],
    [
      'a format of tables',
      { file_format: 'CSVWithNames' },
      [['a.csv', SALES]],
      'Invalid format. Must be one of: csv, json, parquet',
    ],
    ['a leading dot', { file_format: 'csv' }, [['.a.csv', SALES]], 'Invalid filename'],
    [
      'a long name',
      { file_format: 'csv' },
      [[`${'a'.repeat(252)}.csv`, SALES]],
      'Filename must be at most 255 characters.',
    ],
  ] as const) {
    it(`D: upload_file rejects ${what}`, async () => {
      assertMessage(
        await upload(fields, ...files.map(([name, text]): [string, string] => [name, text])),
        400,
        message,
      );
    });
  }

  it('D: above 50 MB is 400, a body above 51 MB is 413, both with a message', async () => {
    const way = 'For larger files, connect the bucket they live in as a self-managed source instead.';
    assertMessage(
      await upload({ file_format: 'csv' }, ['a.csv', Buffer.alloc(LIMIT + 1)]),
      400,
      `File size exceeds the maximum of 50MB. ${way}`,
    );
    assertMessage(
      await upload({ file_format: 'csv' }, ['a.csv', Buffer.alloc(LIMIT + 1024 * 1024)]),
      413,
      `Upload exceeds the maximum of 50MB. ${way}`,
    );
  });

  it('D: JSON is 415, and both steps need warehouse_table:write', async () => {
    assert.equal((await call('POST', `${PREFIX}upload_file/`, { body: {} })).status, 415);
    const raw = formOf({ file_format: 'csv' }, ['a.csv', SALES]);
    for (const answer of [
      await call('POST', `${PREFIX}upload_file/`, { key: 'read', raw }),
      await call('POST', `${PREFIX}create_from_upload/`, { key: 'read', body: {} }),
    ]) {
      assertError(answer, 403, 'permission_denied', "API key missing required scope 'warehouse_table:write'");
    }
  });

  it('D: failing storage leaves nothing behind', async () => {
    const before = await names();
    await withFeature(harness, 'object_storage_failing', async () => {
      assertMessage(await upload({ file_format: 'csv' }, ['a.csv', SALES]), 400, 'Failed to upload file');
    });
    await withFeature(harness, 'object_storage_off', async () => {
      assertMessage(
        await upload({ file_format: 'csv' }, ['a.csv', SALES]),
        400,
        'Object storage must be available to upload files.',
      );
      assertMessage(await create({}), 400, 'Object storage must be available to create a table from a file.');
    });
    assert.deepEqual(await names(), before);
  });

  it("D: the older file action needs the organization's flag", async () => {
    assertMessage(
      await call('POST', `${PREFIX}file/`, { raw: formOf({ name: 'x' }, ['a.csv', SALES]) }),
      400,
      'Warehouse API is not enabled for this organization',
    );
  });
});

async function withFeature(harness: Harness, feature: string, run: () => Promise<void>): Promise<void> {
  const { control } = harness.sandbox;
  const organization = textOf(control.environment(DEVELOPMENT).organization);
  control.setFeature(organization, feature, true);
  await run();
  control.setFeature(organization, feature, false);
}

describe('sandbox: servers without the two steps', () => {
  const table = { organizations: [], users: [] };
  for (const [what, options] of [
    ['a documented server', { generation: 'documented' }],
    ['a current server whose option says so', { uploadRoutes: false }],
  ] as const satisfies [string, SandboxOptions][]) {
    it(`D: ${what} responds 404 to both and has the older action`, async () => {
      const sandbox = await startSandbox({ ...options, fileUpload: true });
      try {
        const raw = formOf({ file_format: 'csv', name: 'sales' }, ['a.csv', SALES]);
        for (const action of ['upload_file', 'create_from_upload']) {
          const answer = await callSandbox(sandbox, 'POST', `${ALIAS}${action}/`, { raw });
          assert.ok([404, 405].includes(answer.status), `${action}: ${answer.status}`);
        }
        assert.equal((await callSandbox(sandbox, 'POST', `${ALIAS}file/`, { raw })).status, 201);
      } finally {
        await sandbox.close();
      }
    });
  }

  it('D: a scenario can leave them out too', async () => {
    const environments = [{ id: 7, name: 'Only' }];
    const sandbox = await startSandbox({
      scenario: {
        ...table,
        upload_routes: false,
        organizations: [
          { name: 'A', features: ['warehouse_api'], projects: [{ id: 7, name: 'Only', environments }] },
        ],
        users: [
          { id: 1, first_name: 'A', email: 'a@example.com', memberships: [{ organization: 'A', level: 15 }] },
        ],
      },
    });
    try {
      const path = '/api/projects/7/warehouse_tables/';
      const raw = formOf({ file_format: 'csv', name: 'sales' }, ['a.csv', SALES]);
      assert.notEqual((await callSandbox(sandbox, 'POST', `${path}upload_file/`, { raw })).status, 201);
      assert.equal((await callSandbox(sandbox, 'POST', `${path}file/`, { raw })).status, 201);
    } finally {
      await sandbox.close();
    }
  });
});

describe('sandbox: what a failed file upload leaves behind (API facts 9.2)', () => {
  inBothGenerations((generation) => {
    let sandbox: Sandbox;
    beforeEach(async () => {
      sandbox = await startSandbox({ generation, fileUpload: true });
    });
    afterEach(() => sandbox.close());
    const upload = (name: string, file: string, content: string, format = 'CSVWithNames'): Promise<Answer> =>
      callSandbox(sandbox, 'POST', `${ALIAS}file/`, { raw: formOf({ name, format }, [file, content]) });
    const found = (name: string): JsonObject | undefined =>
      sandbox.control.tables(DEVELOPMENT).find((item) => item.name === name);
    const rows = (name: string): Promise<Answer> =>
      callSandbox(sandbox, 'POST', `/api/environments/${DEVELOPMENT}/query/`, {
        body: { query: { kind: 'HogQLQuery', query: `SELECT * FROM ${name}` } },
      });
    const feature = (name: string): void =>
      sandbox.control.setFeature(textOf(sandbox.control.environment(DEVELOPMENT).organization), name, true);

    for (const [format, content] of [
      ['CSVWithNames', ''],
      ['CSVWithNames', BROKEN],
      ['Parquet', 'a,b\n'],
      ['JSONEachRow', 'a,b\n'],
    ] as const) {
      it(`D: a new table stays as a row without columns after ${JSON.stringify(content)} as ${format}`, async () => {
        assertMessage(await upload('half', 'half.csv', content, format), 400, 'Failed to upload file');
        const table = found('half');
        assert.deepEqual(
          [table?.columns, table?.url_pattern, table?.format, table?.credential],
          [[], '', format, null],
        );
        assert.match((await rows('half')).text, /Could not read the files from your storage bucket/);
        const path = `${ALIAS}${textOf(table?.id)}/`;
        assert.equal((await callSandbox(sandbox, 'DELETE', path)).status, 204);
        assert.equal(found('half'), undefined);
      });
    }

    it('D: the next valid file fills the row that was left behind', async () => {
      await upload('half', 'half.csv', BROKEN);
      const id = found('half')?.id;
      const answer = await upload('half', 'half.csv', SALES);
      assert.deepEqual([answer.status, objectOf(answer).id], [201, id]);
      assert.deepEqual(objectOf(await rows('half')).results, [
        [1, 2.5],
        [2, 3.5],
      ]);
    });

    it("D: the stored file of an existing table is replaced, its row isn't", async () => {
      const before = objectOf(await upload('sales', 'sales.csv', SALES));
      assertMessage(await upload('sales', 'sales.csv', BROKEN), 400, 'Failed to upload file');
      const { columns, url_pattern: url, format } = found('sales') ?? {};
      assert.deepEqual([columns, url, format], [before.columns, before.url_pattern, before.format]);
      assert.equal((await rows('sales')).status, 400, 'the rows are gone with the file');
    });

    it('D: a file of another name leaves an existing table unchanged', async () => {
      await upload('sales', 'sales.csv', SALES);
      await upload('sales', 'other.csv', BROKEN);
      assert.deepEqual(objectOf(await rows('sales')).results, [
        [1, 2.5],
        [2, 3.5],
      ]);
    });

    it('D: failing storage leaves a new row, and replaces no file', async () => {
      await upload('sales', 'sales.csv', SALES);
      feature('object_storage_failing');
      for (const name of ['sales', 'fresh']) {
        assertMessage(await upload(name, 'sales.csv', BROKEN), 400, 'Failed to upload file');
      }
      assert.deepEqual(found('fresh')?.columns, []);
      assert.equal((await rows('sales')).status, 200);
    });

    it("D: without a bucket a new row doesn't stay", async () => {
      feature('object_storage_off');
      const answer = await upload('fresh', 'sales.csv', SALES);
      assert.equal(answer.status, generation === 'current' ? 400 : 500);
      assert.equal(found('fresh'), undefined);
    });

    if (generation === 'current') {
      it('D: without a bucket a table is removed as well, unless it has a credential', async () => {
        feature('object_storage_off');
        await upload('orders', 'orders.csv', SALES);
        assert.notEqual(found('orders'), undefined);
        await upload('newsletter_signups', 'signups.csv', SALES);
        assert.equal(found('newsletter_signups'), undefined);
      });
    }

    it('D: a table keeps its credential if a file replaces its storage', async () => {
      const answer = objectOf(await upload('orders', 'orders.csv', SALES));
      assert.notEqual(answer.credential, null);
      assert.deepEqual(columnsOf(answer), ['id integer', 'amount float']);
    });
  });
});
