import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import { startSandbox } from '../../../src/sandbox/index';
import type { Generation, Sandbox } from '../../../src/sandbox/index';
import { FIELDS } from './fieldNames';
import { DEVELOPMENT, SHOP, callSandbox, tableId, textOf } from './support';
import type { Answer } from './support';

const RUNS = 120;

/**
 * 500s that the facts name: an uppercase or unmapped column type, malformed revenue events, and a plan without
 * retention (not in the demo).
 */
const UPPER_CASE_OR_UNMAPPED =
  /^(?:integer|float|decimal|string|datetime|date|boolean|array|json|lazy_table|virtual_table|field_traverser|expression|view|materialized_view|unknown)$/i;

const SECRET_KEYS = ['access_secret', 'access_key', 'personal_api_key', 'password'];

/** Nearly valid values, which reach the deeper rules too. */
const near = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<JsonValue>(
    null,
    true,
    '',
    '  ',
    'UTC',
    'USD',
    '30d',
    '5y',
    'all',
    0,
    1,
    -1,
    0.5,
    1e21,
    -0,
    '0.4',
    '__proto__',
    [],
    [null],
    [''],
    {},
    { id: 1, key: 'a' },
    { __proto__: null, constructor: 1 },
    { ai_config: { opt_in: true } },
    { retention_days: 14 },
    { sources_map: { a: null } },
    [{ key: 'a', value: 1 }],
    [{ regex: '(' }],
    { events: [1] },
    { events: [{ eventName: 'a', revenueProperty: 'b' }] },
    { ai_reply_modes: { widget: 5 } },
    { version: 2, groups: [{ id: 'a', sampleRate: 1, conditions: { matchType: 'any' } }] },
    [{ key: 'id', value: 1, type: 'cohort' }],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double({ noNaN: true }),
) as fc.Arbitrary<JsonValue>;

const settingsBody = fc.dictionary(
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...FIELDS) }, { weight: 1, arbitrary: fc.string() }),
  near,
  { maxKeys: 6 },
);

const tableValue = fc.oneof(
  near,
  fc.constantFrom<JsonValue>('CSV', 'orders', 'fresh', 'https://a.example.com/x.csv', 'https://10.0.0.1/'),
);

const tableBody = fc.record(
  {
    name: tableValue,
    format: tableValue,
    url_pattern: tableValue,
    credential: fc.oneof(
      near,
      fc.record(
        {
          access_key: fc.oneof(near, fc.constant('probe-key')),
          access_secret: fc.oneof(near, fc.constant('probe-secret')),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<JsonValue>,
    ),
    deleted: near,
    columns: near,
    id: near,
    options: near,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const updatesBody = fc.record({
  updates: fc.oneof(
    near,
    fc.dictionary(
      fc.constantFrom('order_id', 'customer', 'total', 'nope', '__proto__'),
      fc.oneof(near, fc.constantFrom<JsonValue>('string', 'integer', 'FLOAT', 'view', 'text')),
    ) as fc.Arbitrary<JsonValue>,
  ),
}) as fc.Arbitrary<JsonObject>;

const queryBody = fc.record(
  {
    query: fc.oneof(
      near,
      fc.record({
        kind: fc.oneof(near, fc.constant<JsonValue>('HogQLQuery')),
        query: fc.oneof(
          near,
          fc.constantFrom<JsonValue>(
            'SELECT 1',
            'SELECT * FROM orders',
            'SELECT {a} FROM `orders` o',
            "SELECT '",
          ),
          fc
            .array(
              fc.constantFrom(
                'SELECT',
                '*',
                'FROM',
                'orders',
                'stripe.charge',
                '(',
                ')',
                ',',
                'WHERE',
                '1',
                "'a'",
                '{a}',
                'count',
                '`',
                '.',
                ';',
                'LIMIT',
                'JOIN',
                'WITH',
                'AS',
              ),
              { maxLength: 12 },
            )
            .map((words): JsonValue => words.join(' ')),
        ),
        values: near,
      }) as fc.Arbitrary<JsonValue>,
    ),
    refresh: fc.constantFrom<JsonValue>('blocking', 'force_cache', 'soon', 7),
    client_query_id: near,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

for (const generation of ['documented', 'current'] as Generation[]) {
  describe(`sandbox: arbitrary JSON on a ${generation} server`, () => {
    let sandbox: Sandbox;
    const mistakes: string[] = [];
    const originalWrite = process.stderr.write.bind(process.stderr);

    before(async () => {
      sandbox = await startSandbox({ generation, fileUpload: true, allowKeyUpdateSchema: true });
      process.stderr.write = (chunk: string | Uint8Array, ...rest: never[]) => {
        if (String(chunk).startsWith('Internal error in the sandbox')) {
          mistakes.push(String(chunk));
          return true;
        }
        return originalWrite(chunk, ...rest);
      };
    });
    after(async () => {
      process.stderr.write = originalWrite;
      await sandbox.close();
    });
    beforeEach(() => {
      mistakes.length = 0;
    });

    let orders = '';
    before(() => {
      orders = tableId(sandbox, 'orders');
    });
    const ordersPath = (): string => `/api/environments/${DEVELOPMENT}/warehouse_tables/${orders}/`;

    /** What holds for every response, whatever was sent. */
    function judge(answer: Answer, sent: JsonValue): void {
      const named500 = isNamed500(sent);
      assert.ok(answer.status < 500 || named500 || answer.status === 512, `${answer.status} ${answer.text}`);
      assert.deepEqual(mistakes, [], 'the sandbox itself failed');
      if (answer.status >= 400) {
        assert.ok(typeof answer.body === 'object' && answer.body !== null, answer.text);
        const keys = Object.keys(answer.body).join();
        assert.ok(['type,code,detail,attr', 'message', 'error'].includes(keys), keys);
      }
      for (const secret of [...Object.values(sandbox.keys), 'sandbox-access-secret', 'probe-secret']) {
        assert.ok(!answer.text.includes(secret), 'a secret is in the response');
      }
      assertNoSecretKeys(answer.body);
    }

    it('PATCH of an environment: an error changes nothing, a success only what was sent', async () => {
      const path = `/api/environments/${DEVELOPMENT}/`;
      let refusals = 0;
      await fc.assert(
        fc.asyncProperty(settingsBody, async (body) => {
          const before = sandbox.control.environment(DEVELOPMENT);
          const answer = await callSandbox(sandbox, 'PATCH', path, { body });
          assert.ok(answer.status < 500 || isNamed500(body), `${answer.status} ${answer.text}`);
          assert.deepEqual(mistakes, []);
          const after = sandbox.control.environment(DEVELOPMENT);
          if (answer.status !== 200) {
            refusals += 1;
            assert.deepEqual(after, before);
            return;
          }
          assert.deepEqual(answer.body, after, "the response is what's stored");
          for (const name of Object.keys(after)) {
            const related =
              name === 'updated_at' || (name === 'conversations_settings' && 'conversations_enabled' in body);
            if (!(name in body) && !related) {
              assert.deepEqual(after[name], before[name], `${name} wasn't sent`);
            }
          }
        }),
        { numRuns: RUNS * 4 },
      );
      assert.ok(refusals > 0, 'no value was rejected');
    });

    it('PATCH by a member or a read-only key changes nothing beyond their permissions', async () => {
      const path = `/api/projects/${generation === 'current' ? DEVELOPMENT : SHOP}/`;
      await fc.assert(
        fc.asyncProperty(settingsBody, async (body) => {
          const before = sandbox.control.environment(DEVELOPMENT);
          const none = await callSandbox(sandbox, 'PATCH', path, { body, key: 'none' });
          assert.equal(none.status, 403);
          const member = await callSandbox(sandbox, 'PATCH', path, { body, key: 'member' });
          assert.ok(member.status < 500 || isNamed500(body), member.text);
          if (member.status !== 200) {
            assert.deepEqual(sandbox.control.environment(DEVELOPMENT), before);
          }
        }),
        { numRuns: RUNS },
      );
    });

    it('creating an environment or a project is all or nothing', async () => {
      const organizationId = textOf(sandbox.control.environment(DEVELOPMENT).organization);
      const paths = [
        `/api/organizations/${organizationId}/projects/`,
        '/api/environments/',
        '/api/projects/',
        `/api/projects/${SHOP}/environments/`,
      ];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...paths), settingsBody, async (path, body) => {
          const before = sandbox.control.environmentIds();
          const answer = await callSandbox(sandbox, 'POST', path, { body });
          assert.ok(answer.status < 500 || isNamed500(body), `${answer.status} ${answer.text}`);
          assert.deepEqual(mistakes, []);
          const added = sandbox.control.environmentIds().filter((id) => !before.includes(id));
          assert.equal(added.length, answer.status === 201 ? 1 : 0);
          added.forEach((id) => sandbox.control.removeEnvironment(id));
        }),
        { numRuns: RUNS },
      );
    });

    it('PATCH of a table: an error changes nothing, and secrets are never returned', async () => {
      const path = ordersPath();
      await fc.assert(
        fc.asyncProperty(tableBody, async (body) => {
          sandbox.control.patchTable(DEVELOPMENT, orders, { deleted: false });
          const state = (): unknown => [
            sandbox.control.table(DEVELOPMENT, orders),
            sandbox.control.credential(DEVELOPMENT, orders),
          ];
          const before = state();
          const answer = await callSandbox(sandbox, 'PATCH', path, { body });
          judge(answer, null);
          if (answer.status !== 200) {
            assert.deepEqual(state(), before);
          }
        }),
        { numRuns: RUNS * 2 },
      );
      sandbox.control.patchTable(DEVELOPMENT, orders, { name: 'orders', deleted: false });
    });

    it('creating a table is all or nothing', async () => {
      const path = `/api/environments/${DEVELOPMENT}/warehouse_tables/`;
      await fc.assert(
        fc.asyncProperty(tableBody, async (body) => {
          const before = sandbox.control.tables(DEVELOPMENT).length;
          const answer = await callSandbox(sandbox, 'POST', path, { body });
          judge(answer, null);
          const added = sandbox.control.tables(DEVELOPMENT).length - before;
          const hidden = answer.status === 201 && (answer.body as JsonObject).deleted === true;
          assert.equal(added, answer.status === 201 && !hidden ? 1 : 0);
        }),
        { numRuns: RUNS },
      );
    });

    it('update_schema: an error changes no column', async () => {
      const path = `${ordersPath()}update_schema/`;
      await fc.assert(
        fc.asyncProperty(updatesBody, async (body) => {
          const before = sandbox.control.table(DEVELOPMENT, orders).columns;
          const answer = await callSandbox(sandbox, 'POST', path, { body });
          judge(answer, body);
          if (answer.status !== 200) {
            assert.deepEqual(sandbox.control.table(DEVELOPMENT, orders).columns, before);
          }
        }),
        { numRuns: RUNS * 2 },
      );
    });

    it('query: errors are in the envelope, and no row ever changes', async () => {
      const path = `/api/environments/${DEVELOPMENT}/query/`;
      await fc.assert(
        fc.asyncProperty(queryBody, async (body) => {
          judge(await callSandbox(sandbox, 'POST', path, { body }), null);
        }),
        { numRuns: RUNS },
      );
    });

    it('the other writing endpoints accept or reject any JSON and any bytes', async () => {
      const paths = [
        ['POST', `${ordersPath()}refresh_schema/`],
        ['PATCH', `/api/environments/${DEVELOPMENT}/add_product_intent/`],
        ['POST', `/api/environments/${DEVELOPMENT}/warehouse_tables/file/`],
        ['PUT', ordersPath()],
        ['PATCH', `/api/environments/${DEVELOPMENT}/`],
      ] as const;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...paths),
          fc.oneof(fc.json(), fc.string({ unit: 'binary' })),
          fc.constantFrom(
            'application/json',
            'multipart/form-data; boundary=x',
            'application/x-www-form-urlencoded',
            'text/plain',
          ),
          async ([method, path], raw, contentType) => {
            const answer = await callSandbox(sandbox, method, path, {
              raw,
              headers: { 'Content-Type': contentType },
            });
            assert.ok(answer.status < 500, `${method} ${path} ${answer.status} ${answer.text}`);
            assert.deepEqual(mistakes, []);
          },
        ),
        { numRuns: RUNS },
      );
    });

    it('lists and other responses never contain the secrets of an environment', async () => {
      const { secret_api_token: secret, live_events_token: live } = sandbox.control.environment(DEVELOPMENT);
      for (const path of [
        '/api/projects/',
        '/api/organizations/',
        '/api/environments/',
        '/api/users/@me/',
        '/api/personal_api_keys/@current/',
        `/api/environments/${DEVELOPMENT}/warehouse_tables/`,
        `/api/environments/${DEVELOPMENT}/activity_log/`,
      ]) {
        const { text, status } = await callSandbox(sandbox, 'GET', path);
        assert.equal(status, 200, path);
        assert.ok(!text.includes(secret as string) && !text.includes(live as string), path);
      }
    });
  });
}

function isNamed500(sent: JsonValue): boolean {
  const { updates, revenue_analytics_config: revenue } = fieldsOf(sent);
  const namesType = Object.values(fieldsOf(updates)).some(
    (type) => typeof type === 'string' && UPPER_CASE_OR_UNMAPPED.test(type),
  );
  const { events } = fieldsOf(revenue);
  return namesType || (Array.isArray(events) && events.some((event) => !fieldsOf(event).revenueProperty));
}

function fieldsOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function assertNoSecretKeys(value: JsonValue | undefined): void {
  if (Array.isArray(value)) {
    value.forEach(assertNoSecretKeys);
    return;
  }
  for (const [key, item] of isJsonObject(value) ? Object.entries(value) : []) {
    assert.ok(!SECRET_KEYS.includes(key), `${key} is in the response`);
    assertNoSecretKeys(item);
  }
}
