import assert from 'node:assert/strict';
import type { ServerProfile } from '../../../src/posthog/models';
import {
  CURRENT,
  DOCUMENTED,
  KEY,
  ScriptedServer,
  clientOf,
  never,
  refuse,
  rejected,
  sendJson,
} from './server';
import type { Script } from './server';

const ref = { id: 71, projectId: 7 };
const GONE =
  'Multiple environments per project are no longer available. Please contact support if you need assistance.';
const environment = { id: 71, name: 'Staging', project_id: 7, organization: 'o1', base_currency: 'USD' };
const table = {
  id: 't1',
  name: 'orders',
  format: 'Parquet',
  url_pattern: 'https://bucket.example.com/*.parquet',
  columns: [{ key: 'id', name: 'id', type: 'integer', schema_valid: true }],
  credential: { id: 'c1', created_at: '2026-01-05T10:00:00Z' },
  external_data_source: null,
  external_schema: { id: '', name: '', should_sync: false },
};

/** Responds by path; anything else is an unknown endpoint. */
const byPath =
  (routes: Record<string, unknown>): Script =>
  (seen, response, request) => {
    const route = routes[`${seen.method} ${seen.path}`] ?? routes[seen.path];
    if (route === undefined) {
      return refuse(404, 'Endpoint not found.')(seen, response, request);
    }
    return typeof route === 'function' ? (route as Script)(seen, response, request) : route;
  };

describe("detecting a server's API", () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  function learning() {
    const learned: ServerProfile[] = [];
    const client = clientOf(server, { profile: null, onProfile: (news) => learned.push(news) });
    return { learned, client };
  }

  const current = byPath({
    '/api/projects/7/environments/': refuse(403, GONE),
    '/api/projects/71/': environment,
    '/api/projects/71/warehouse_tables/': { count: 0, next: null, results: [] },
  });
  const documented = byPath({
    '/api/projects/7/environments/': { count: 1, next: null, results: [environment] },
    '/api/projects/7/environments/71/': environment,
    '/api/environments/71/warehouse_tables/': { count: 0, next: null, results: [] },
  });
  const between = byPath({
    '/api/projects/7/environments/': refuse(403, GONE),
    '/api/projects/71/': { id: 71, name: 'Staging' },
    '/api/environments/71/': environment,
  });

  it('today: projects have all settings', async () => {
    server.play(current);
    const { client, learned } = learning();
    assert.deepEqual(await client.detect({ projectId: 7, environmentId: 71 }, never()), CURRENT);
    assert.deepEqual(learned, [CURRENT]);
    assert.deepEqual(client.profile, CURRENT);
  });

  it('the documented API: environments are below projects', async () => {
    server.play(documented);
    const { client } = learning();
    const profile = await client.detect({ projectId: 7, environmentId: 71 }, never());
    assert.equal(profile.generation, 'documented');
    assert.equal(profile.settingsRoute, 'nested');
  });

  it('in between: nested environments are gone, but projects have only some settings', async () => {
    server.play(between);
    const { client } = learning();
    const detail = await client.getEnvironment(ref, never());
    assert.deepEqual(client.profile, { generation: 'current', settingsRoute: 'environments' });
    assert.equal(detail.raw.base_currency, 'USD');
  });

  it('a key without project:read is distinguished from a missing route', async () => {
    server.play(
      byPath({
        '/api/projects/7/environments/': refuse(403, "API key missing required scope 'project:read'"),
      }),
    );
    const { client } = learning();
    const profile = await client.detect({ projectId: 7, environmentId: 71 }, never());
    assert.equal(profile.generation, 'documented');
  });

  it('a failure decides nothing', async () => {
    server.play(refuse(500, 'A server error occurred.'));
    const { client, learned } = learning();
    await rejected(client.getEnvironment(ref, never()), 'server');
    assert.deepEqual(learned, []);
    server.play(current);
    await client.getEnvironment(ref, never());
    assert.deepEqual(learned, [CURRENT]);
  });

  it('is done once for all callers, and not again', async () => {
    server.play(current);
    const { client } = learning();
    await Promise.all([
      client.getEnvironment(ref, never()),
      client.listTables(ref, { offset: 0, limit: 1 }, never()),
    ]);
    const probes = server.calls.filter((call) => call === 'GET /api/projects/7/environments/');
    assert.equal(probes.length, 1);
    server.seen.length = 0;
    await client.getEnvironment(ref, never());
    assert.deepEqual(server.calls, ['GET /api/projects/71/']);
  });

  it('continues for the other callers if one cancels', async () => {
    const stop = new AbortController();
    const { client } = learning();
    server.play((seen, response, request) => {
      stop.abort();
      return current(seen, response, request);
    });
    const given = client.getEnvironment(ref, stop.signal);
    const waited = client.getEnvironment(ref, never());
    await rejected(given, 'canceled');
    assert.equal((await waited).name, 'Staging');
  });

  it("doesn't stop because someone else’s environment is gone", async () => {
    server.play(
      byPath({
        '/api/projects/7/environments/': refuse(403, GONE),
        '/api/projects/404/environments/': refuse(403, GONE),
        '/api/projects/404/': refuse(404, 'Not found.'),
        '/api/projects/71/': environment,
      }),
    );
    const { client } = learning();
    const gone = client.getEnvironment({ id: 404, projectId: 404 }, never());
    const here = client.getEnvironment(ref, never());
    await rejected(gone, 'not-found');
    assert.equal((await here).name, 'Staging');
  });

  it('notices an upgrade and continues, even during a write', async () => {
    server.play(documented);
    const { client, learned } = learning();
    await client.getEnvironment(ref, never());
    server.play(
      byPath({
        'GET /api/projects/7/environments/': refuse(403, GONE),
        'PATCH /api/projects/7/environments/71/': refuse(403, GONE),
        '/api/projects/71/': environment,
      }),
    );
    await client.patchEnvironment(ref, { name: 'Staging' }, never());
    assert.deepEqual(server.calls, [
      'PATCH /api/projects/7/environments/71/',
      'GET /api/projects/7/environments/',
      'GET /api/projects/71/',
      'PATCH /api/projects/71/',
    ]);
    assert.deepEqual(learned.at(-1), CURRENT);
  });

  it('if a list of environments is gone, the next call detects what the server is now', async () => {
    server.play(documented);
    const { client, learned } = learning();
    await client.listEnvironments({ projectId: 7, offset: 0, limit: 5 }, never());
    await client.getEnvironment(ref, never());
    const upgraded = byPath({
      '/api/projects/7/environments/': refuse(403, GONE),
      '/api/projects/71/environments/': refuse(403, GONE),
      '/api/projects/7/': refuse(404, 'Not found.'),
      '/api/projects/71/': environment,
    });
    server.play(upgraded);
    const list = client.listEnvironments({ projectId: 7, offset: 0, limit: 5 }, never());
    await rejected(list, 'environments-gone');
    assert.equal(client.profile, undefined);
    await client.getEnvironment({ id: 71, projectId: 71 }, never());
    assert.deepEqual(learned.at(-1), CURRENT);
    server.play(upgraded);
    await rejected(client.listEnvironments({ projectId: 7, offset: 0, limit: 5 }, never()));
    assert.deepEqual(client.profile, CURRENT, "a newer server isn't forgotten");
  });

  it('notices an upgrade even after a second check that changed nothing', async () => {
    server.play(documented);
    const { client } = learning();
    await rejected(client.getTable(ref, 't1', never()), 'endpoint-missing');
    await rejected(client.getTable(ref, 't1', never()), 'endpoint-missing');
    server.play(
      byPath({
        '/api/projects/7/environments/': refuse(403, GONE),
        '/api/projects/7/environments/71/': refuse(403, GONE),
        '/api/projects/71/': environment,
      }),
    );
    assert.equal((await client.getEnvironment(ref, never())).name, 'Staging');
    assert.deepEqual(client.profile, CURRENT);
  });

  it('recognizes a downgraded server by its missing settings', async () => {
    server.play(current);
    const { client } = learning();
    await client.getEnvironment(ref, never());
    server.play(
      byPath({
        '/api/projects/71/': { id: 71, name: 'Staging' },
        '/api/projects/7/environments/': { count: 1, next: null, results: [environment] },
        '/api/projects/7/environments/71/': environment,
      }),
    );
    assert.equal((await client.getEnvironment(ref, never())).raw.base_currency, 'USD');
    assert.equal(client.profile?.generation, 'documented');
  });

  it("doesn't keep probing for a route that doesn't exist", async () => {
    server.play(current);
    const { client } = learning();
    await rejected(client.getTable(ref, 't1', never()), 'endpoint-missing');
    server.seen.length = 0;
    await rejected(client.getTable(ref, 't1', never()), 'endpoint-missing');
    assert.deepEqual(server.calls, ['GET /api/projects/71/warehouse_tables/t1/']);
  });
});

describe('calls', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  it('an environment is read with one request on either generation', async () => {
    server.play(() => environment);
    const detail = await clientOf(server).getEnvironment(ref, never());
    await clientOf(server, { profile: DOCUMENTED }).getEnvironment(ref, never());
    assert.deepEqual(server.calls, ['GET /api/projects/71/', 'GET /api/projects/7/environments/71/']);
    assert.deepEqual([detail.id, detail.project_id, detail.organization], [71, 7, 'o1']);
    assert.deepEqual(detail.raw, environment);
  });

  it('environments are created where the generation has them', async () => {
    server.play((_seen, response) => sendJson(response, 201, environment));
    const parent = { organizationId: 'o1', projectId: 7 };
    await clientOf(server).createEnvironment(parent, { name: 'Staging' }, never());
    await clientOf(server, { profile: DOCUMENTED }).createEnvironment(parent, { name: 'Staging' }, never());
    await clientOf(server).createEnvironment({ organizationId: 'o1' }, { name: 'Staging' }, never());
    const inOrganization = 'POST /api/organizations/o1/projects/';
    assert.deepEqual(server.calls, [inOrganization, 'POST /api/projects/7/environments/', inOrganization]);
  });

  it('a table is read with its columns, and malformed parts are counted', async () => {
    server.play(() => ({ ...table, columns: [...table.columns, { nonsense: true }], created_by: 'odd' }));
    const read = await clientOf(server).getTable(ref, 't1', never());
    assert.deepEqual(read.columns, [{ name: 'id', type: 'integer', schema_valid: true }]);
    assert.equal(read.unreadableColumns, 1);
    assert.equal(read.external_schema, null, "an object with blank values isn't a schema");
    assert.deepEqual(read.credential, { id: 'c1', created_at: '2026-01-05T10:00:00Z' });
    assert.equal(read.created_by, null);
  });

  it('a key reports what it can do; null and empty restrictions mean none', async () => {
    server.play(() => ({
      label: 'k',
      scopes: ['*'],
      scoped_teams: null,
      scoped_organizations: [],
      user_id: 3,
    }));
    const info = await clientOf(server).getKeyInfo(never());
    assert.deepEqual([info.scopes, info.scoped_teams, info.scoped_organizations], [['*'], [], []]);
    server.play(() => ({ scopes: null }));
    assert.equal((await clientOf(server).getKeyInfo(never())).scopes, null);
  });

  it("an old server that can't report it still validates the key", async () => {
    const me = { id: 3, uuid: 'u', organizations: [{ id: 'o1', name: 'Example' }] };
    server.play(byPath({ '/api/users/@me/': me }));
    assert.deepEqual(await clientOf(server).getKeyInfo(never()), {
      scopes: undefined,
      scoped_teams: [],
      scoped_organizations: [],
      user_id: 3,
    });
    server.play(byPath({ '/api/users/@me/': refuse(403, "API key missing required scope 'user:read'") }));
    assert.equal((await clientOf(server).getKeyInfo(never())).scopes, undefined);
    server.play(byPath({ '/api/users/@me/': refuse(401, 'Invalid.') }));
    await rejected(clientOf(server).getKeyInfo(never()), 'unauthorized');
  });

  it('B4: a refused schema action is remembered for that action only and reported, and so is a successful one', async () => {
    const learned: ServerProfile[] = [];
    const client = clientOf(server, { onProfile: (profile) => learned.push(profile) });
    server.play(refuse(403, 'This action does not support Personal API Key access'));
    const error = await rejected(
      client.updateSchema(ref, 't1', { id: 'string' }, never()),
      'keys-not-supported',
    );
    assert.equal(
      error.message,
      "PostHog doesn't allow API keys to change column types. Only people who are signed in to its web interface can. " +
        'Change the type in PostHog.',
    );
    assert.deepEqual(learned, [{ ...CURRENT, schemaActions: { update_schema: false } }]);
    assert.equal(client.takesKeysFor('refresh_schema'), undefined);
    server.play((_seen, response) => void response.writeHead(200).end());
    await client.refreshSchema(ref, 't1', never());
    assert.equal(client.takesKeysFor('update_schema'), false);
    assert.equal(client.takesKeysFor('refresh_schema'), true);
    assert.deepEqual(server.calls, ['POST /api/projects/71/warehouse_tables/t1/refresh_schema/']);
  });

  it('forgets a cached refusal on request, and nothing else', async () => {
    const learned: ServerProfile[] = [];
    const profile: ServerProfile = {
      ...CURRENT,
      webVitalsRoute: 'projects',
      schemaActions: { update_schema: false },
    };
    const client = clientOf(server, { profile, onProfile: (known) => learned.push(known) });
    client.forgetRefusals();
    client.forgetRefusals();
    assert.deepEqual(learned, [{ ...CURRENT, webVitalsRoute: 'projects' }]);
    const works = clientOf(server, {
      profile: { ...CURRENT, schemaActions: { update_schema: false, refresh_schema: true } },
    });
    works.forgetRefusals();
    assert.deepEqual(works.profile?.schemaActions, { refresh_schema: true });
  });

  it("column types are sent in the server's format", async () => {
    server.play((_seen, response) => void response.writeHead(200).end());
    await clientOf(server, { profile: DOCUMENTED }).updateSchema(ref, 't1', { id: 'string' }, never());
    assert.deepEqual(server.calls, ['POST /api/environments/71/warehouse_tables/t1/update_schema/']);
    assert.equal(server.seen[0]?.body.toString(), '{"updates":{"id":"string"}}');
  });

  it("the activity log is paged by cursor, on the connection's own origin", async () => {
    const entry = { id: 'a', activity: 'updated', scope: 'Team', created_at: '2026-01-01T00:00:00Z' };
    const changes = [
      { type: 'Team', action: 'changed', field: 'timezone', before: 'UTC', after: 'Europe/Berlin' },
    ];
    server.play(() => ({
      next: 'http://elsewhere.example.com/api/?cursor=abc%3D',
      results: [{ ...entry, detail: { changes } }, { odd: true }],
    }));
    const page = await clientOf(server).listActivityLog({ id: 7, projectId: 7 }, undefined, never());
    assert.equal(page.nextCursor, 'abc=');
    assert.equal(page.unreadable, 1);
    assert.deepEqual(page.items[0]?.changes[0], {
      action: 'changed',
      field: 'timezone',
      before: 'UTC',
      after: 'Europe/Berlin',
    });
    await clientOf(server).listActivityLog({ id: 7, projectId: 7 }, page.nextCursor, never());
    assert.equal(server.seen[1]?.path, '/api/projects/7/activity_log/');
    assert.equal(server.seen[1].query.get('cursor'), 'abc=');
  });
});

describe('web vitals', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());
  const metric = (name: string, data: number[]) => ({
    action: { custom_name: name, math: 'p90' },
    data,
    days: ['2026-01-04', '2026-01-11'],
  });
  const ask = () => clientOf(server).getWebVitals(ref, '/pricing', never());

  it('are identified by name, whatever their order; a last zero of CLS counts', async () => {
    server.play(() => ({
      results: [
        metric('CLS', [0.3, 0]),
        metric('LCP', [4150, 0]),
        metric('INP', [0, 365]),
        metric('FCP', [1, 2]),
      ],
    }));
    const { metrics, noData, queryFailed } = await ask();
    assert.deepEqual(
      [metrics.CLS?.latest, metrics.LCP?.latest, metrics.INP?.latest, metrics.FCP?.latest],
      [0, 4150, 365, 2],
    );
    assert.deepEqual(metrics.LCP?.days, ['2026-01-04', '2026-01-11']);
    assert.deepEqual([noData, queryFailed], [false, false]);
    assert.equal(server.seen[0]?.query.get('pathname'), '/pricing');
  });

  it('distinguishes no data, a failure, and a failure in the old format', async () => {
    server.play(() => ({ results: ['INP', 'LCP', 'CLS', 'FCP'].map((name) => metric(name, [0, 0])) }));
    const none = await ask();
    assert.deepEqual([none.noData, none.queryFailed], [true, false]);
    server.play(() => ({ results: [] }));
    const failed = await ask();
    assert.deepEqual([failed.noData, failed.queryFailed], [false, true]);
    server.play((_seen, response) => sendJson(response, 500, { error: 'Failed to calculate web vitals' }));
    const old = await ask();
    assert.deepEqual([old.noData, old.queryFailed], [false, true]);
    server.play((_seen, response) =>
      sendJson(response, 400, { error: 'No web vitals data found for this path' }),
    );
    assert.equal((await ask()).noData, true);
  });

  it("a server that failed as a whole isn't a failed query", async () => {
    server.play(refuse(500, 'A server error occurred.', { code: 'error' }));
    await rejected(ask(), 'server');
  });

  it('are found under environments on servers that have them only there, which is remembered', async () => {
    server.play(byPath({ '/api/environments/71/web_vitals/': { results: [metric('INP', [1, 2])] } }));
    const client = clientOf(server);
    await client.getWebVitals(ref, '/', never());
    server.seen.length = 0;
    await client.getWebVitals(ref, '/', never());
    assert.deepEqual(server.calls, ['GET /api/environments/71/web_vitals/']);
    assert.equal(client.profile?.webVitalsRoute, 'environments');
  });

  it("another kind of response isn't mistaken for a failed query", async () => {
    server.play(() => ({ results: [{ action: { custom_name: 'TTFB' }, data: [1] }] }));
    await rejected(ask(), 'unexpected-answer');
  });
});

describe('a query', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());
  const query = { sql: 'SELECT 1', clientQueryId: 'q1' };
  const rows = {
    columns: ['a', 'b'],
    types: [
      ['a', 'Int64'],
      ['b', 'String'],
    ],
    results: [[1, null]],
    hasMore: true,
  };

  it('returns rows immediately', async () => {
    server.play(() => rows);
    const result = await clientOf(server).query(ref, { ...query, values: { x: 1 } }, never());
    assert.deepEqual(result, {
      columns: ['a', 'b'],
      types: ['Int64', 'String'],
      results: [[1, null]],
      hasMore: true,
    });
    assert.deepEqual(JSON.parse(server.seen[0]?.body.toString() ?? ''), {
      query: { kind: 'HogQLQuery', query: 'SELECT 1', values: { x: 1 } },
      refresh: 'blocking',
      client_query_id: 'q1',
      name: 'vscode preview',
    });
  });

  it('keeps every digit of a long ID', async () => {
    const results = '[[9007199254740993,-9007199254740993,0.5,1e30]]';
    server.play((_seen, response) => {
      response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify(rows).replace('[[1,null]]', results));
    });
    const result = await clientOf(server).query(ref, query, never());
    assert.equal(JSON.stringify(result.results), results.replace('1e30', '1e+30'));
  });

  it('is polled while it runs', async () => {
    const waits: number[] = [];
    const running: Script = (_seen, response) =>
      sendJson(response, 202, { query_status: { id: 'q1', complete: false } });
    server.playInTurn(running, running, () => ({ query_status: { complete: true, results: rows } }));
    const client = clientOf(server, { sleep: async (durationMs) => void waits.push(durationMs) });
    assert.deepEqual((await client.query(ref, query, never())).results, [[1, null]]);
    const poll = 'GET /api/projects/71/query/q1/';
    assert.deepEqual(server.calls, ['POST /api/projects/71/query/', poll, poll]);
    assert.deepEqual(waits, [250, 500]);
  });

  it('times out if it never ends', async () => {
    server.play((_seen, response) => sendJson(response, 202, { query_status: { complete: false } }));
    await rejected(clientOf(server).query(ref, query, never()), 'timeout');
  });

  it('reports why it failed, without the key', async () => {
    server.play(() => ({ query_status: { complete: true, error: true, error_message: `No table ${KEY}` } }));
    const error = await rejected(clientOf(server).query(ref, query, never()), 'query-failed');
    assert.match(error.message, /No table/);
    server.play(() => ({ error: 'Out of memory', results: null }));
    await rejected(clientOf(server).query(ref, query, never()), 'query-failed');
  });

  it('has no unknown outcome, because it changes nothing', async () => {
    server.play((_seen, _response, request) => void request.socket.destroy());
    const error = await rejected(clientOf(server).query(ref, query, never()), 'network');
    assert.equal(error.mayHaveBeenApplied, false);
  });

  it('can be canceled on the server', async () => {
    server.play((_seen, response) => void response.writeHead(204).end());
    assert.equal(await clientOf(server).cancelQuery(ref, 'q1', never()), true);
    server.play(refuse(404, 'Query not found.'));
    assert.equal(await clientOf(server).cancelQuery(ref, 'q1', never()), false);
  });
});
