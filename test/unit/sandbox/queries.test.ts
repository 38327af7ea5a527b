import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/json/json';
import {
  DEVELOPMENT,
  PRODUCTION,
  assertError,
  inBothGenerations,
  objectOf,
  sandboxFor,
  tableId,
} from './support';
import type { Answer } from './support';

interface Series {
  action: { custom_name: string; math: string; id: string };
  label: string;
  data: number[];
  days: string[];
}

function seriesOf(answer: Answer): Record<string, Series> {
  const { results } = objectOf(answer);
  assert.ok(Array.isArray(results));
  return Object.fromEntries((results as unknown as Series[]).map((item) => [item.action.custom_name, item]));
}

describe('sandbox: web vitals (API facts 3; section 6 row 25)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation, now: () => new Date('2026-03-18T12:00:00Z') });
    const { call } = harness;
    const path = `/api/environments/${PRODUCTION}/web_vitals/`;

    it('pathname is required, with the code invalid_input', async () => {
      for (const query of ['', '?pathname=']) {
        assertError(
          await call('GET', path + query),
          400,
          'invalid_input',
          'This field is required.',
          'pathname',
        );
      }
    });

    it('the body is a cached trends response with all its keys', async () => {
      const body = objectOf(await call('GET', `${path}?pathname=/`));
      assert.deepEqual(Object.keys(body).sort(), [
        'cache_key',
        'cache_target_age',
        'calculation_trigger',
        'error',
        'hasMore',
        'hogql',
        'is_cached',
        'last_refresh',
        'modifiers',
        'next_allowed_client_refresh',
        'query_metadata',
        'query_status',
        'resolved_date_range',
        'results',
        'timezone',
        'timings',
      ]);
      const [first] = body.results as JsonObject[];
      assert.deepEqual(first?.labels, ['8-Mar-2026', '15-Mar-2026']);
      assert.equal((first.action as JsonObject).math_property, '$web_vitals_INP_value');
      assert.equal(first.count, 310);
    });

    it('exists under both prefixes of a current server', async () => {
      const canonical = await call('GET', `/api/projects/${PRODUCTION}/web_vitals/?pathname=/`);
      assert.equal(canonical.status, generation === 'current' ? 200 : 404);
    });

    it('needs query:read', async () => {
      harness.sandbox.control.setKeyScopes('read', ['project:read']);
      assertError(
        await call('GET', `${path}?pathname=/`, { key: 'read' }),
        403,
        'permission_denied',
        "API key missing required scope 'query:read'",
      );
    });

    it('four p90 series by week, distinguished by custom_name; two points (inferred)', async () => {
      const answer = await call('GET', `${path}?pathname=/checkout`);
      const series = seriesOf(answer);
      assert.deepEqual(Object.keys(series).sort(), ['CLS', 'FCP', 'INP', 'LCP']);
      assert.deepEqual(series.LCP?.data, [4900, 4600]);
      assert.deepEqual(series.CLS?.data, [0.31, 0.29]);
      assert.deepEqual(series.INP?.days, ['2026-03-08', '2026-03-15']);
      assert.deepEqual([series.FCP?.action.math, series.FCP?.label], ['p90', '$web_vitals']);
      const body = objectOf(answer);
      assert.equal(body.is_cached, false);
      assert.equal(body.timezone, 'America/New_York');
      for (const key of ['cache_key', 'last_refresh', 'next_allowed_client_refresh']) {
        assert.equal(typeof body[key], 'string');
      }
    });

    it('path cleaning rules apply', async () => {
      const byAlias = seriesOf(await call('GET', `${path}?pathname=${encodeURIComponent('/products/<id>')}`));
      const byPath = seriesOf(await call('GET', `${path}?pathname=/products/999`));
      assert.deepEqual(byAlias.LCP?.data, [2900, 2700]);
      assert.deepEqual(byPath.LCP?.data, [2900, 2700]);
    });

    it('a path cleaning rule can use syntax that only RE2 has', async () => {
      const { control } = harness.sandbox;
      const before = control.environment(PRODUCTION).path_cleaning_filters ?? null;
      const rule = { regex: '(?i)^/PRODUCTS/(?P<id>\\d+)\\z', alias: '/one-$product' };
      control.patchEnvironment(PRODUCTION, { path_cleaning_filters: [rule] });
      const answer = await call('GET', `${path}?pathname=${encodeURIComponent('/one-$product')}`);
      control.patchEnvironment(PRODUCTION, { path_cleaning_filters: before });
      assert.deepEqual(seriesOf(answer).LCP?.data, [2900, 2700]);
    });

    it('path cleaning rules apply in the order of the list, whatever their order key says', async () => {
      const { control } = harness.sandbox;
      const before = control.environment(PRODUCTION).path_cleaning_filters ?? null;
      const rules = [
        { regex: '^/products/101$', alias: '/first', order: 1 },
        { regex: '^/first$', alias: '/second', order: 0 },
      ];
      control.patchEnvironment(PRODUCTION, { path_cleaning_filters: rules });
      const answer = await call('GET', `${path}?pathname=/second`);
      control.patchEnvironment(PRODUCTION, { path_cleaning_filters: before });
      assert.deepEqual(seriesOf(answer).LCP?.data, [2900, 2700]);
    });

    it('no data is 200 with zeros', async () => {
      const series = seriesOf(await call('GET', `${path}?pathname=/nobody-was-here`));
      assert.deepEqual(
        Object.values(series).map((item) => item.data),
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      );
    });

    it('a failed query responds as the generation does', async () => {
      harness.sandbox.control.setWebVitalsFailing(PRODUCTION, true);
      const answer = await call('GET', `${path}?pathname=/`);
      if (generation === 'documented') {
        assert.deepEqual([answer.status, answer.body], [500, { error: 'Failed to calculate web vitals' }]);
      } else {
        assert.deepEqual([answer.status, objectOf(answer).results], [200, []]);
      }
    });
  });
});

describe('sandbox: HogQL (API facts 5.4)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const path = `/api/environments/${DEVELOPMENT}/query/`;
    const run = (query: string, more: JsonObject = {}): Promise<Answer> =>
      call('POST', path, { body: { query: { kind: 'HogQLQuery', query, ...more } } });
    const rows = async (query: string, more: JsonObject = {}): Promise<unknown> => {
      const answer = await run(query, more);
      assert.equal(answer.status, 200, answer.text);
      return objectOf(answer).results;
    };

    it('returns the rows of a table with names, types and limits', async () => {
      const answer = objectOf(
        await run('SELECT order_id, total, status FROM `orders` ORDER BY order_id LIMIT 2'),
      );
      assert.deepEqual(answer.results, [
        [1001, 19.9, 'paid'],
        [1002, 56.9, 'shipped'],
      ]);
      assert.deepEqual(answer.columns, ['order_id', 'total', 'status']);
      assert.deepEqual(answer.types, [
        ['order_id', 'Nullable(Int64)'],
        ['total', 'Nullable(Float64)'],
        ['status', 'Nullable(String)'],
      ]);
      assert.deepEqual([answer.limit, answer.offset, answer.hasMore], [2, 0, false]);
    });

    it('supports booleans, dotted names, joins, groups and placeholders', async () => {
      assert.deepEqual(await rows('SELECT in_stock FROM products ORDER BY product_id LIMIT 4'), [
        [true],
        [true],
        [true],
        [false],
      ]);
      assert.deepEqual(await rows('SELECT count() FROM stripe.charge'), [[3]]);
      assert.deepEqual(
        await rows('SELECT currency, count() AS n FROM stripe.charge AS c WHERE c.paid GROUP BY currency'),
        [['eur', 2]],
      );
      assert.deepEqual(
        await rows('SELECT name FROM products WHERE product_id = {id}', { values: { id: 102 } }),
        [['Hiking boots']],
      );
      assert.deepEqual(await rows(`SELECT 'it''s', if(1 = 1, 'yes', 'no'), toString(5)`), [
        ["it's", 'yes', '5'],
      ]);
    });

    it('a column whose data is unreadable is left out', async () => {
      assert.deepEqual(objectOf(await run('SELECT * FROM price_list')).columns, ['sku', 'valid_from']);
    });

    it('returns 100 rows without a LIMIT (inferred)', async () => {
      const answer = objectOf(await run('SELECT a.order_id FROM orders a, orders b'));
      assert.equal((answer.results as unknown[]).length, 100);
      assert.deepEqual([answer.limit, answer.hasMore], [100, true]);
    });

    for (const [query, detail] of [
      ['SELECT * FROM nowhere', 'Unknown table `nowhere`.'],
      ['SELECT nothing FROM orders', 'Unable to resolve field: nothing'],
      ['SELECT arrayJoin(customer) FROM orders', "Unsupported function call 'arrayJoin(...)'"],
      ['DELETE FROM orders', 'Only SELECT queries are supported.'],
      ['SELECT 1; SELECT 2', "Syntax error: unexpected ';'"],
      ['SELECT {x}', 'Placeholder {x} has no value'],
    ] as const) {
      it(`${query} is rejected in the envelope`, async () => {
        const code = generation === 'current' ? 'hogql_query_error' : 'invalid_input';
        assertError(await run(query), 400, code, detail);
      });
    }

    it('a query never changes anything', async () => {
      for (const query of [
        'WITH x AS (SELECT 1) DELETE FROM orders',
        "SELECT 1 FROM orders; ATTACH 'x' AS y",
        'WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count() FROM a',
      ]) {
        assert.equal((await run(query)).status, 400, query);
      }
      assert.deepEqual(await rows('SELECT count() FROM orders'), [[60]]);
    });

    it('a join that is too large is 512', async () => {
      const answer = await run('SELECT count() FROM orders a, orders b, orders c, orders d');
      assert.deepEqual([answer.status, objectOf(answer).type], [512, 'server_error']);
    });

    it('other kinds and shapes are rejected (inferred wording)', async () => {
      assertError(
        await call('POST', path, { body: {} }),
        400,
        'required',
        'This field is required.',
        'query',
      );
      assert.equal((await call('POST', path, { body: { query: { kind: 'EventsQuery' } } })).status, 400);
      assert.equal((await call('POST', path, { body: { query: 'SELECT 1' } })).status, 400);
      const refresh = await call('POST', path, {
        body: { query: { kind: 'HogQLQuery', query: 'SELECT 1' }, refresh: 'soon' },
      });
      assertError(refresh, 400, 'invalid_choice', '"soon" is not a valid choice.', 'refresh');
    });

    it('query:read is enough', async () => {
      harness.sandbox.control.setKeyScopes('read', ['query:read']);
      const body = { query: { kind: 'HogQLQuery', query: 'SELECT 1' } };
      assert.equal((await call('POST', path, { key: 'read', body })).status, 200);
      assert.equal((await call('POST', path, { key: 'none', body })).status, 403);
    });

    it('an async query is 202, then fetched; canceling ends a running one (inferred: its shape)', async () => {
      const body = {
        query: { kind: 'HogQLQuery', query: 'SELECT 1' },
        refresh: 'async',
        client_query_id: 'one',
      };
      harness.sandbox.control.setQueryDelay(60_000);
      const started = await call('POST', path, { body });
      assert.equal(started.status, 202);
      const { query_status: status } = objectOf(started) as { query_status: JsonObject };
      assert.deepEqual([status.id, status.complete], ['one', false]);
      assert.equal((await call('GET', `${path}one/`)).status, 202);
      assert.equal((await call('DELETE', `${path}one/`)).status, 204);
      assert.equal((await call('GET', `${path}one/`)).status, 404);

      harness.sandbox.control.setQueryDelay(0);
      await call('POST', path, { body: { ...body, client_query_id: 'two' } });
      let fetched = await call('GET', `${path}two/`);
      while (fetched.status === 202) {
        fetched = await call('GET', `${path}two/`);
      }
      const done = objectOf(fetched).query_status as JsonObject;
      assert.deepEqual([done.complete, (done.results as JsonObject).results], [true, [[1]]]);
    });

    it('an async query that fails says so in its status (inferred shape)', async () => {
      for (const refresh of ['async', 'lazy_async', 'force_async']) {
        const query = { kind: 'HogQLQuery', query: 'SELECT * FROM nowhere' };
        const started = await call('POST', path, { body: { query, refresh, client_query_id: refresh } });
        assert.equal(started.status, 202);
        let fetched = await call('GET', `${path}${refresh}/`);
        while (fetched.status === 202) {
          fetched = await call('GET', `${path}${refresh}/`);
        }
        const { query_status: status } = objectOf(fetched) as { query_status: JsonObject };
        assert.deepEqual(
          [status.complete, status.error, status.error_message],
          [true, true, 'Unknown table `nowhere`.'],
        );
      }
      for (const refresh of ['blocking', 'force_blocking', 'force_cache']) {
        const query = { kind: 'HogQLQuery', query: 'SELECT 1' };
        assert.equal((await call('POST', path, { body: { query, refresh } })).status, 200);
      }
    });

    it('fetching and canceling a query need query:read (inferred)', async () => {
      for (const method of ['GET', 'DELETE']) {
        assertError(
          await call(method, `${path}unknown/`, { key: 'none' }),
          403,
          'permission_denied',
          "API key missing required scope 'query:read'",
        );
        assert.equal((await call(method, `${path}unknown/`)).status, 404);
      }
    });

    it('canceling a blocking query from another request ends it with 400 (inferred)', async () => {
      harness.sandbox.control.setQueryDelay(60_000);
      const running = call('POST', path, {
        body: { query: { kind: 'HogQLQuery', query: 'SELECT 1' }, client_query_id: 'slow' },
      });
      let canceled = await call('DELETE', `${path}slow/`);
      while (canceled.status === 404) {
        canceled = await call('DELETE', `${path}slow/`);
      }
      assert.equal(canceled.status, 204);
      assert.equal((await running).status, 400);
      harness.sandbox.control.setQueryDelay(0);
    });

    it("a deleted table can't be queried", async () => {
      await call(
        'DELETE',
        `/api/environments/${DEVELOPMENT}/warehouse_tables/${tableId(harness.sandbox, 'products')}/`,
      );
      assert.equal((await run('SELECT * FROM products')).status, 400);
    });
  });
});
