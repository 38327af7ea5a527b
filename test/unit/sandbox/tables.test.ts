import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import { startSandbox } from '../../../src/sandbox/index';
import type { Sandbox } from '../../../src/sandbox/index';
import {
  DEVELOPMENT,
  assertError,
  callSandbox,
  inBothGenerations,
  objectOf,
  resultsOf,
  sandboxFor,
  tableId,
  textOf,
} from './support';
import type { Answer } from './support';

const BASE = `/api/environments/${DEVELOPMENT}/warehouse_tables/`;
const CREDENTIAL = { access_key: 'sandbox-access-key', access_secret: 'sandbox-access-secret' };
const TYPES = ['integer', 'float', 'decimal', 'string', 'datetime', 'date', 'boolean', 'array', 'json'];

function newTable(changes: JsonObject = {}): JsonObject {
  return {
    name: 'fresh',
    format: 'Parquet',
    url_pattern: 'https://example-bucket.s3.amazonaws.com/fresh/*.parquet',
    credential: CREDENTIAL,
    ...changes,
  };
}

function typesOf(table: JsonObject): Record<string, unknown> {
  const columns = table.columns as { name: string; type: string }[];
  return Object.fromEntries(columns.map((column) => [column.name, column.type]));
}

describe('sandbox: warehouse tables (API facts 2; section 6 rows 12, 15, 17, 18)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const taken =
      generation === 'current'
        ? 'A table or view with this name already exists. Choose a different name.'
        : 'A table with this name already exists.';
    const idOf = (name: string): string => tableId(harness.sandbox, name);
    const pathOf = (name: string): string => `${BASE}${idOf(name)}/`;

    it('list items equal what retrieve returns, newest first, without secrets', async () => {
      const list = await call('GET', BASE);
      const items = resultsOf(list);
      assert.deepEqual(
        items.map((item) => item.name),
        ['orders', 'products', 'newsletter_signups', 'price_list', 'stripe_customer', 'stripe_charge'],
      );
      for (const item of items) {
        assert.deepEqual(objectOf(await call('GET', `${BASE}${textOf(item.id)}/`)), item);
      }
      const [orders] = items;
      assert.deepEqual(Object.keys(orders?.credential as object), ['id', 'created_by', 'created_at']);
      assert.ok(!list.text.includes('sandbox-access-secret') && !list.text.includes('sandbox-access-key'));
      assert.deepEqual((orders?.columns as JsonObject[])[0], {
        key: 'order_id',
        name: 'order_id',
        type: 'integer',
        schema_valid: true,
        fields: null,
        table: null,
        chain: null,
      });
    });

    it('a synced table has a source and schema, a self-managed one neither', async () => {
      const synced = objectOf(await call('GET', pathOf('stripe_charge')));
      assert.equal((synced.external_data_source as JsonObject).source_type, 'Stripe');
      assert.equal((synced.external_schema as JsonObject).name, 'Charge');
      assert.equal(synced.credential, null);
      const own = objectOf(await call('GET', pathOf('orders')));
      assert.deepEqual([own.external_data_source, own.external_schema], [null, null]);
    });

    it('search matches names; include_columns=false leaves the columns out on newer servers', async () => {
      const found = resultsOf(await call('GET', `${BASE}?search=STRIPE`));
      assert.deepEqual(
        found.map((item) => item.name),
        ['stripe_customer', 'stripe_charge'],
      );
      const [first] = resultsOf(await call('GET', `${BASE}?include_columns=false&limit=1`));
      assert.equal((first?.columns as unknown[]).length, generation === 'current' ? 0 : 7);
    });

    it('an unknown table is 404 (inferred message)', async () => {
      for (const id of ['018f2c1e-0000-4000-8000-000000000000', 'nonsense']) {
        assertError(await call('GET', `${BASE}${id}/`), 404, 'not_found', 'Not found.');
      }
    });

    it('create returns 201 with the table and reads the columns', async () => {
      const body = newTable({
        name: 'returns',
        url_pattern: 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet',
      });
      const created = await call('POST', BASE, { body });
      assert.equal(created.status, 201, created.text);
      assert.equal(typesOf(objectOf(created)).refunded, 'boolean');
      assert.ok(!created.text.includes(CREDENTIAL.access_secret));
      assert.deepEqual(harness.sandbox.control.credential(DEVELOPMENT, idOf('returns')), CREDENTIAL);
    });

    for (const missing of ['name', 'format', 'url_pattern']) {
      it(`create without ${missing} is rejected`, async () => {
        const body = newTable();
        Reflect.deleteProperty(body, missing);
        assertError(await call('POST', BASE, { body }), 400, 'required', 'This field is required.', missing);
      });
    }

    for (const [what, body, code, detail, attr] of [
      ['a taken name', { name: 'orders' }, 'invalid_input', taken, 'name'],
      ['a built-in name', { name: 'events' }, 'invalid_input', taken, 'name'],
      [
        'a long name',
        { name: 'x'.repeat(129) },
        'max_length',
        'Ensure this field has no more than 128 characters.',
        'name',
      ],
      ['an unknown format', { format: 'XLSX' }, 'invalid_choice', '"XLSX" is not a valid choice.', 'format'],
      [
        'a long URL',
        { url_pattern: `https://a.example.com/${'x'.repeat(500)}` },
        'max_length',
        'Ensure this field has no more than 500 characters.',
        'url_pattern',
      ],
      [
        'an unknown access key',
        {
          url_pattern: 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet',
          credential: { access_key: 'wrong', access_secret: 'x' },
        },
        'invalid_input',
        'The Access Key you provided does not exist',
        null,
      ],
      [
        "files that it can't read",
        { url_pattern: 'https://hedgehog-data.s3.amazonaws.com/private/*.csv' },
        'invalid_input',
        'Access was denied when reading the provided file',
        null,
      ],
      [
        "a file that doesn't exist",
        { url_pattern: 'https://hedgehog-data.s3.amazonaws.com/nothing/*.csv' },
        'invalid_input',
        "The provided file doesn't exist in the bucket",
        null,
      ],
    ] as const) {
      it(`create rejects ${what}`, async () => {
        const count = objectOf(await call('GET', BASE)).count;
        assertError(await call('POST', BASE, { body: newTable(body) }), 400, code, detail, attr);
        assert.equal(objectOf(await call('GET', BASE)).count, count);
      });
    }

    it('PATCH ignores read-only and unknown fields', async () => {
      const before = objectOf(await call('GET', pathOf('orders')));
      const answer = await call('PATCH', pathOf('orders'), {
        body: { id: 'x', columns: [], nothing: 1, created_at: 'x' },
      });
      assert.deepEqual([answer.status, objectOf(answer)], [200, before]);
    });

    it("PATCH renames; a table can keep its name but not take another's", async () => {
      const path = pathOf('products');
      assert.equal((await call('PATCH', path, { body: { name: 'products' } })).status, 200);
      assertError(
        await call('PATCH', path, { body: { name: 'orders' } }),
        400,
        'invalid_input',
        taken,
        'name',
      );
      const renamed = objectOf(await call('PATCH', path, { body: { name: 'catalogue', format: 'CSV' } }));
      assert.deepEqual([renamed.name, renamed.format], ['catalogue', 'CSV']);
      await call('PATCH', path, { body: { name: 'products', format: 'JSONEachRow' } });
    });

    it('D: current servers accept any object as options, older ones ignore it', async () => {
      const path = pathOf('products');
      const options = { csv_allow_double_quotes: true };
      const answer = await call('PATCH', path, { body: { options } });
      assert.deepEqual(objectOf(answer).options, generation === 'current' ? options : undefined);
      if (generation === 'current') {
        const detail = 'Not a valid dictionary.';
        assertError(
          await call('PATCH', path, { body: { options: [] } }),
          400,
          'invalid_input',
          detail,
          'options',
        );
      }
    });

    it('a credential is merged; a null or blank part is rejected', async () => {
      const path = pathOf('orders');
      const stored = (): unknown => harness.sandbox.control.credential(DEVELOPMENT, idOf('orders'));
      const changed = await call('PATCH', path, { body: { credential: { access_secret: 'rotated' } } });
      assert.equal(changed.status, 200);
      assert.ok(!changed.text.includes('rotated'));
      const expected = { access_key: 'sandbox-access-key', access_secret: 'rotated' };
      assert.deepEqual(stored(), expected);
      assertError(
        await call('PATCH', path, { body: { credential: null } }),
        400,
        'null',
        'This field may not be null.',
        'credential',
      );
      assertError(
        await call('PATCH', path, { body: { name: 'changed', credential: { access_key: null } } }),
        400,
        'null',
        'This field may not be null.',
        'credential__access_key',
      );
      assertError(
        await call('PATCH', path, { body: { credential: { access_key: '   ' } } }),
        400,
        'blank',
        'This field may not be blank.',
        'credential__access_key',
      );
      assert.deepEqual(stored(), expected);
    });

    it('DELETE is 204, then the table is 404', async () => {
      const created = objectOf(await call('POST', BASE, { body: newTable({ name: 'short_lived' }) }));
      const path = `${BASE}${textOf(created.id)}/`;
      const gone = await call('DELETE', path);
      assert.deepEqual([gone.status, gone.text], [204, '']);
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        assert.equal((await call(method, path, method === 'PATCH' ? { body: {} } : {})).status, 404);
      }
      const names = resultsOf(await call('GET', BASE)).map((item) => item.name);
      assert.ok(!names.includes('short_lived'));
    });

    it("a sourced table can't be deleted: a message outside the envelope", async () => {
      const answer = await call('DELETE', pathOf('stripe_charge'));
      assert.deepEqual([answer.status, answer.body], [400, { message: "Can't delete a sourced table" }]);
    });

    it('PATCH of deleted skips that check (inferred)', async () => {
      const path = pathOf('stripe_customer');
      assert.equal((await call('PATCH', path, { body: { deleted: true } })).status, 200);
      assert.equal((await call('GET', path)).status, 404);
    });

    it("a new URL or format doesn't reread the columns; refresh_schema does", async () => {
      const body = newTable({ name: 'moved', url_pattern: 'https://old.example.com/*.parquet' });
      const created = objectOf(await call('POST', BASE, { body }));
      const path = `${BASE}${textOf(created.id)}/`;
      const changes = {
        format: 'CSV',
        url_pattern: 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet',
      };
      const patched = objectOf(await call('PATCH', path, { body: changes }));
      assert.deepEqual(
        [patched.columns, patched.format, patched.url_pattern],
        [created.columns, changes.format, changes.url_pattern],
      );
      if (generation === 'current') {
        assert.equal((await call('POST', `${path}refresh_schema/`)).status, 200);
        assert.equal(typesOf(objectOf(await call('GET', path))).refunded, 'boolean');
        await call('PATCH', path, {
          body: { url_pattern: 'https://hedgehog-data.s3.amazonaws.com/nothing/*.csv' },
        });
        assertError(
          await call('POST', `${path}refresh_schema/`),
          400,
          'invalid_input',
          "The provided file doesn't exist in the bucket",
        );
      }
    });

    it('PUT replaces the required fields and needs all of them', async () => {
      const body = { name: 'orders', format: 'Parquet', url_pattern: 'https://a.example.com/orders/*' };
      const replaced = objectOf(await call('PUT', pathOf('orders'), { body }));
      assert.equal(replaced.url_pattern, body.url_pattern);
      assertError(
        await call('PUT', pathOf('orders'), { body: {} }),
        400,
        'required',
        'This field is required.',
        'name',
      );
    });
  });
});

describe('sandbox: table checks on newer servers only (API facts 2.2, 2.3)', () => {
  const harness = sandboxFor({
    resolveHost: async (name) =>
      ({ 'internal.example.com': ['10.0.0.7'], 'nowhere.example.com': [] })[name] ?? ['203.0.113.9'],
  });
  const { call } = harness;

  for (const [url, detail] of [
    ['http://a.example.com/x.csv', 'URL pattern must use https.'],
    ['s3://bucket/x.csv', 'URL pattern must use https.'],
    ['x.csv', 'URL pattern must use https.'],
    ['https:///x.csv', 'URL pattern must include a valid hostname.'],
    ['https://localhost/x.csv', 'URL pattern hostname is not allowed.'],
    ['https://metadata.google.internal/x.csv', 'URL pattern hostname is not allowed.'],
    ['https://127.0.0.1/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://169.254.169.254/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://[::1]/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://10.0.0.1?x', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://10.0.0.1#x', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://[fe80::1%25eth0]/x', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://0x7f.1/x', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://2130706433/x', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://[::ffff:10.0.0.7]/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://[2002:0a00:0007::]/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://[2002:7f00:1::1]/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://internal.example.com/x.csv', 'URL pattern hostname must not resolve to internal IP ranges.'],
    ['https://nowhere.example.com/x.csv', 'URL pattern hostname could not be resolved.'],
    [
      'https://bucket-*.s3.amazonaws.com/x.csv',
      'The bucket name in a URL pattern must be exact. Wildcards belong in the file path.',
    ],
    [
      'https://s3.amazonaws.com/bucket-*/x.csv',
      'The bucket name in a URL pattern must be exact. Wildcards belong in the file path.',
    ],
    [
      'https://objects.example.com/x.csv',
      "This URL points to PostHog's internal storage and can't be used as a source. Enter the location of your own bucket instead.",
    ],
    ['https://s3.amazonaws.com/a%2Fb/x.csv', 'The bucket name in a URL pattern must not be percent-encoded.'],
  ] as const) {
    it(`D: ${url} is rejected by create and by PATCH (inferred attr)`, async () => {
      const created = await call('POST', BASE, { body: newTable({ url_pattern: url }) });
      assertError(created, 400, 'invalid_input', detail, 'url_pattern');
      const path = `${BASE}${tableId(harness.sandbox, 'orders')}/`;
      assertError(
        await call('PATCH', path, { body: { url_pattern: url } }),
        400,
        'invalid_input',
        detail,
        'url_pattern',
      );
    });
  }

  for (const url of [
    'https://100.64.0.1/x.csv',
    'https://[2002:0808:0808::]/x.csv',
    'https://[::ffff:8.8.8.8]/x.csv',
    'https://[2a00::1]/x.csv',
  ]) {
    it(`D: ${url} is a public address`, async () => {
      const name = url.replace(/\W/g, '_');
      assert.equal((await call('POST', BASE, { body: newTable({ name, url_pattern: url }) })).status, 201);
    });
  }

  for (const [what, credential, code, detail, attr] of [
    ['no credential', undefined, 'required', 'This field is required.', 'credential'],
    ['null', null, 'null', 'This field may not be null.', 'credential'],
    [
      'half a credential',
      { access_key: 'x' },
      'required',
      'This field is required.',
      'credential__access_secret',
    ],
    [
      'a blank secret',
      { access_key: 'x', access_secret: ' ' },
      'blank',
      'This field may not be blank.',
      'credential__access_secret',
    ],
  ] as const) {
    it(`D: create with ${what} as its credential is rejected`, async () => {
      const body = newTable();
      Reflect.deleteProperty(body, 'credential');
      const answer = await call('POST', BASE, {
        body: { ...body, ...(credential === undefined ? {} : { credential }) },
      });
      assertError(answer, 400, code, detail, attr);
    });
  }

  it('a table that PostHog manages accepts neither a credential nor another URL', async () => {
    const path = `${BASE}${tableId(harness.sandbox, 'newsletter_signups')}/`;
    const credential = await call('PATCH', path, { body: { credential: CREDENTIAL } });
    assert.equal(credential.status, 400);
    assert.match(
      textOf(objectOf(credential).detail),
      /^PostHog manages where this table reads from, so it doesn't take an access key or secret\./,
    );
    const url = await call('PATCH', path, { body: { url_pattern: 'https://a.example.com/x.csv' } });
    assert.equal(url.status, 400);
    assert.match(textOf(objectOf(url).detail), /so its URL can't be changed\.$/);
    assert.equal((await call('PATCH', path, { body: { name: 'signups' } })).status, 200);
  });
});

describe('sandbox: tables of a documented server', () => {
  const harness = sandboxFor({ generation: 'documented' });
  const { call } = harness;

  it('a credential for a table without one is 500 (inferred)', async () => {
    const path = `${BASE}${tableId(harness.sandbox, 'newsletter_signups')}/`;
    assertError(
      await call('PATCH', path, { body: { credential: CREDENTIAL } }),
      500,
      'error',
      'A server error occurred.',
    );
    assert.equal(objectOf(await call('GET', path)).credential, null);
  });

  it("create works without a credential and over http, but not with PostHog's own bucket", async () => {
    const body = newTable({ name: 'open', url_pattern: 'http://a.example.com/x.csv' });
    Reflect.deleteProperty(body, 'credential');
    const created = await call('POST', BASE, { body });
    assert.deepEqual([created.status, objectOf(created).credential], [201, null]);
    assertError(
      await call('POST', BASE, { body: newTable({ url_pattern: 'https://objects.example.com/x.csv' }) }),
      400,
      'invalid_input',
      'Cant use this bucket',
      'url_pattern',
    );
  });
});

describe('sandbox: the columns of a new table are checked a little later (API facts 2.2)', () => {
  let nowMs = Date.UTC(2026, 4, 1);
  const { call } = sandboxFor({ now: () => new Date(nowMs) });

  it('schema_valid starts true and turns false if the data is unreadable', async () => {
    const url = 'https://hedgehog-data.s3.amazonaws.com/parcels/*.csv';
    const body = { name: 'parcels', format: 'CSV', url_pattern: url, credential: CREDENTIAL };
    const created = objectOf(await call('POST', BASE, { body }));
    const valid = (table: JsonObject): JsonValue =>
      Array.isArray(table.columns)
        ? table.columns.map((column) =>
            typeof column === 'object' && column !== null && 'schema_valid' in column
              ? (column.schema_valid ?? null)
              : null,
          )
        : null;
    assert.deepEqual(valid(created), [true, true]);
    const path = `${BASE}${textOf(created.id)}/`;
    nowMs += 1000;
    assert.deepEqual(valid(objectOf(await call('GET', path))), [true, true]);
    nowMs += 1000;
    assert.deepEqual(valid(objectOf(await call('GET', path))), [true, false]);
  });
});

describe('sandbox: update_schema and refresh_schema (API facts 2.5, 2.6; section 6 rows 13, 14)', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ allowKeyUpdateSchema: true });
  });
  afterEach(() => sandbox.close());
  const call = (method: string, path: string, body?: unknown): ReturnType<typeof callSandbox> =>
    callSandbox(sandbox, method, path, body === undefined ? {} : { body });
  const path = (name: string): string => `${BASE}${tableId(sandbox, name)}/`;
  const update = (name: string, updates: unknown): ReturnType<typeof callSandbox> =>
    call('POST', `${path(name)}update_schema/`, { updates });

  for (const type of TYPES) {
    it(`accepts ${type} and returns 200 with no body`, async () => {
      const answer = await update('orders', { customer: type });
      assert.deepEqual([answer.status, answer.text], [200, '']);
      assert.equal(typesOf(objectOf(await call('GET', path('orders')))).customer, type);
    });
  }

  it('checks whether the data can be read as the new type', async () => {
    const valid = async (name: string, column: string): Promise<unknown> =>
      (objectOf(await call('GET', path(name))).columns as JsonObject[]).find((item) => item.name === column)
        ?.schema_valid;
    assert.equal(await valid('price_list', 'price'), false);
    await update('price_list', { price: 'string' });
    assert.equal(await valid('price_list', 'price'), true);
    await update('orders', { customer: 'integer' });
    assert.equal(await valid('orders', 'customer'), false);
    await update('orders', { order_id: 'string' });
    assert.equal(await valid('orders', 'order_id'), true);
  });

  it('array, json and decimal are never readable (inferred)', async () => {
    await update('orders', { customer: 'array', country: 'json', status: 'decimal' });
    const columns = objectOf(await call('GET', path('orders'))).columns as JsonObject[];
    assert.deepEqual(
      columns.filter((column) => column.schema_valid === false).map((column) => column.name),
      ['customer', 'status', 'country'],
    );
  });

  it("updates that aren't an object are rejected (inferred)", async () => {
    assert.equal((await update('orders', ['customer'])).status, 400);
  });

  it('no changes is 200 with no body', async () => {
    for (const body of [{}, { updates: {} }, { updates: null }, { name: 'ignored', format: 'CSV' }]) {
      const answer = await call('POST', `${path('orders')}update_schema/`, body);
      assert.deepEqual([answer.status, answer.text], [200, '']);
    }
    assert.equal(objectOf(await call('GET', path('orders'))).format, 'Parquet');
  });

  it('the three rejections are messages, and nothing is saved', async () => {
    const before = typesOf(objectOf(await call('GET', path('orders'))));
    for (const [name, updates, message] of [
      ['stripe_charge', { amount: 'string' }, 'The table must be a manually linked table'],
      ['orders', { customer: 'integer', nope: 'string' }, 'Column nope does not exist on table'],
      [
        'orders',
        { customer: 'integer', status: 'text' },
        'Can not parse type text for column status - type does not exist',
      ],
    ] as const) {
      const answer = await update(name, updates);
      assert.deepEqual([answer.status, answer.body], [400, { message }]);
    }
    assert.deepEqual(typesOf(objectOf(await call('GET', path('orders')))), before);
  });

  for (const type of ['FLOAT', 'String', 'view', 'unknown']) {
    it(`${type} passes the name check and then fails with 500 (inferred)`, async () => {
      assertError(await update('orders', { customer: type }), 500, 'error', 'A server error occurred.');
    });
  }

  it('refresh rereads the columns from the files and loses declared types (inferred)', async () => {
    await update('orders', { customer: 'integer' });
    const answer = await call('POST', `${path('orders')}refresh_schema/`);
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assert.equal(typesOf(objectOf(await call('GET', path('orders')))).customer, 'string');
  });

  it('refresh works on synced tables and finds new columns', async () => {
    assert.equal((await call('POST', `${path('stripe_charge')}refresh_schema/`)).status, 200);
    sandbox.control.setRefresh(DEVELOPMENT, tableId(sandbox, 'orders'), {
      columns: { order_id: 'integer', discount: 'float' },
    });
    await call('POST', `${path('orders')}refresh_schema/`);
    assert.deepEqual(typesOf(objectOf(await call('GET', path('orders')))), {
      order_id: 'integer',
      discount: 'float',
    });
  });

  it('refresh fails on request', async () => {
    sandbox.control.setRefresh(DEVELOPMENT, tableId(sandbox, 'orders'), {
      delayMs: 1,
      failure: "The provided file or bucket doesn't exist",
    });
    assertError(
      await call('POST', `${path('orders')}refresh_schema/`),
      400,
      'invalid_input',
      "The provided file or bucket doesn't exist",
    );
  });
});

describe('sandbox: upload of a file (API facts 2.7; section 6 row 16)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation, fileUpload: true });
    const { call } = harness;
    const path = `${BASE}file/`;

    const upload = (
      fields: Record<string, string>,
      file?: { name: string; content: string | Blob },
    ): ReturnType<typeof call> => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) {
        form.append(name, value);
      }
      if (file) {
        form.append(
          'file',
          typeof file.content === 'string' ? new Blob([file.content]) : file.content,
          file.name,
        );
      }
      return call('POST', path, { raw: form });
    };
    const csv = (name: string, content = 'id,when\n1,2026-01-01\n'): { name: string; content: string } => ({
      name,
      content,
    });

    it('201 with the whole table; the file name is cleaned and part of the URL', async () => {
      const answer = await upload({ name: 'uploaded' }, csv('my file (1).csv'));
      assert.equal(answer.status, 201, answer.text);
      const table = objectOf(answer);
      assert.deepEqual([table.name, table.format, table.credential], ['uploaded', 'CSVWithNames', null]);
      assert.equal(
        table.url_pattern,
        `https://objects.example.com/managed/team_${DEVELOPMENT}/my_file__1_.csv`,
      );
      assert.deepEqual(typesOf(table), { id: 'integer', when: 'date' });
    });

    it('the same table name overwrites the table, again with 201', async () => {
      const first = objectOf(await upload({ name: 'twice' }, csv('one.csv')));
      const second = await upload({ name: 'twice' }, csv('two.csv', 'a,b,c\n1,2,x\n'));
      assert.deepEqual([second.status, objectOf(second).id], [201, first.id]);
      assert.deepEqual(typesOf(objectOf(second)), { a: 'integer', b: 'integer', c: 'string' });
    });

    it("the same file name for a second table overwrites the first one's object (inferred)", async () => {
      const first = objectOf(await upload({ name: 'first_owner' }, csv('shared.csv')));
      const second = objectOf(await upload({ name: 'second_owner' }, csv('shared.csv', 'other\nx\ny\n')));
      assert.equal(second.url_pattern, first.url_pattern);
      const answer = await call('POST', `/api/environments/${DEVELOPMENT}/query/`, {
        body: { query: { kind: 'HogQLQuery', query: 'SELECT count() FROM first_owner' } },
      });
      assert.deepEqual(objectOf(answer).results, [[2]]);
      if (generation === 'current') {
        await call('POST', `${BASE}${textOf(first.id)}/refresh_schema/`);
        assert.deepEqual(typesOf(objectOf(await call('GET', `${BASE}${textOf(first.id)}/`))), {
          other: 'string',
        });
      }
    });

    for (const [what, fields, file, message] of [
      ['no file', { name: 'x' }, undefined, 'No file provided'],
      ['a file name with a leading dot', { name: 'x' }, csv('.hidden'), 'Invalid filename'],
      [
        'a default name, which has a dot',
        {},
        csv('data.csv'),
        'Table names must start with a letter or underscore and contain only alphanumeric characters or underscores.',
      ],
      [
        'a name that starts with a digit',
        { name: '1st' },
        csv('data.csv'),
        'Table names must start with a letter or underscore and contain only alphanumeric characters or underscores.',
      ],
    ] as const) {
      it(`rejects ${what}`, async () => {
        const answer = await upload(fields, file);
        assert.deepEqual([answer.status, answer.body], [400, { message }]);
      });
    }

    if (generation === 'current') {
      it('rejects an unknown format before the name', async () => {
        const answer = await upload({ format: 'XLSX', name: '1st' }, csv('data.csv'));
        assert.deepEqual(
          [answer.status, answer.body],
          [
            400,
            {
              message:
                'Invalid format. Must be one of: CSV, CSVWithNames, Delta, DeltaS3Wrapper, JSONEachRow, Parquet',
            },
          ],
        );
      });
    }

    it("50 MB are accepted, one byte more isn't", async () => {
      const limit = 52_428_800;
      const line = Buffer.alloc(limit, 'x');
      line.write('a\n');
      // The limit is the same in both generations; sending that much once is enough.
      if (generation === 'current') {
        const fits = await upload({ name: 'big' }, { name: 'big.csv', content: new Blob([line]) });
        assert.equal(fits.status, 201, fits.text.slice(0, 200));
      }
      const tooBig = await upload({ name: 'bigger' }, { name: 'bigger.csv', content: new Blob([line, 'x']) });
      assert.deepEqual(
        [tooBig.status, tooBig.body],
        [400, { message: 'File size exceeds maximum allowed size of 50MB' }],
      );
    });

    it('JSON is 415', async () => {
      assertError(
        await call('POST', path, { body: { name: 'x' } }),
        415,
        'unsupported_media_type',
        'Unsupported media type "application/json" in request.',
      );
    });

    it('needs warehouse_table:write', async () => {
      const form = new FormData();
      form.append('file', new Blob(['a\n1\n']), 'a.csv');
      assert.equal((await call('POST', path, { raw: form, key: 'read' })).status, 403);
    });

    it('the feature must be on, before anything else is checked', async () => {
      const organizationId = textOf(harness.sandbox.control.environment(DEVELOPMENT).organization);
      harness.sandbox.control.setFeature(organizationId, 'warehouse_api', false);
      const answer = await upload({});
      assert.deepEqual(
        [answer.status, answer.body],
        [400, { message: 'Warehouse API is not enabled for this organization' }],
      );
      harness.sandbox.control.setFeature(organizationId, 'warehouse_api', true);
    });

    it('fails without object storage', async () => {
      const organizationId = textOf(harness.sandbox.control.environment(DEVELOPMENT).organization);
      harness.sandbox.control.setFeature(organizationId, 'object_storage_off', true);
      const answer = await upload({ name: 'x' }, csv('data.csv'));
      assert.deepEqual(
        [answer.status, answer.body],
        generation === 'current'
          ? [400, { message: 'Object storage must be available to upload files.' }]
          : [500, { message: 'An unexpected error occurred. Please try again later.' }],
      );
    });
  });
});

describe('sandbox: tables and views share a namespace (API facts 2.2)', () => {
  const scenario = {
    organizations: [
      {
        name: 'Example',
        projects: [{ id: 7, name: 'Only', environments: [{ id: 7, name: 'Only', views: ['revenue'] }] }],
      },
    ],
    users: [
      {
        id: 1,
        first_name: 'A',
        email: 'a@example.com',
        memberships: [{ organization: 'Example', level: 15 }],
      },
    ],
  };
  const { call } = sandboxFor({ scenario });

  it("a table can't have the name of a view", async () => {
    assertError(
      await call('POST', '/api/projects/7/warehouse_tables/', { body: newTable({ name: 'revenue' }) }),
      400,
      'invalid_input',
      'A table or view with this name already exists. Choose a different name.',
      'name',
    );
  });
});

describe('sandbox: hosts that files can be read from (API facts 9.2)', () => {
  const FAILS =
    'Could not read the files from your storage bucket. Check that the files URL pattern, file format, and credentials are correct, then try again.';
  const link = (sandbox: Sandbox, name: string, host: string): Promise<Answer> =>
    callSandbox(sandbox, 'POST', BASE, {
      body: newTable({ name, url_pattern: `https://${host}/files/*.parquet` }),
    });

  it('2: every host is allowed by default, and only the given ones otherwise, as on Cloud', async () => {
    const open = await startSandbox();
    assert.equal((await link(open, 'somewhere', 't3.storage.example.com')).status, 201);
    await open.close();

    const cloud = await startSandbox({ storageHosts: ['*.amazonaws.com', 'storage.example.com'] });
    for (const [name, host, status] of [
      ['in_s3', 'example-bucket.s3.amazonaws.com', 201],
      ['named', 'storage.example.com', 201],
      ['below', 't3.storage.example.com', 400],
      ['alike', 'notamazonaws.com', 400],
    ] as const) {
      const answer = await link(cloud, name, host);
      assert.equal(answer.status, status, host);
      if (status === 400) {
        assertError(answer, 400, 'invalid_input', FAILS);
      }
    }
    await cloud.close();
  });

  it('2: a refresh is limited to them too, and a scenario can name them', async () => {
    const environments = [
      {
        id: 7,
        name: 'Only',
        tables: [
          {
            name: 'old',
            format: 'Parquet',
            url_pattern: 'https://storage.example.com/a/*.parquet',
            credential: CREDENTIAL,
            columns: [{ name: 'id', type: 'integer' }],
          },
        ],
      },
    ];
    const scenario = {
      storage_hosts: ['storage.example.com'],
      organizations: [{ name: 'A', projects: [{ id: 7, name: 'Only', environments }] }],
      users: [
        { id: 1, first_name: 'A', email: 'a@example.com', memberships: [{ organization: 'A', level: 15 }] },
      ],
    };
    const sandbox = await startSandbox({ scenario });
    const [table] = sandbox.control.tables(7);
    const path = `/api/projects/7/warehouse_tables/${textOf(table?.id)}/`;
    const url_pattern = 'https://other.example.com/a/*.parquet';
    assert.equal((await callSandbox(sandbox, 'PATCH', path, { body: { url_pattern } })).status, 200);
    assertError(await callSandbox(sandbox, 'POST', `${path}refresh_schema/`), 400, 'invalid_input', FAILS);
    await sandbox.close();
  });
});
