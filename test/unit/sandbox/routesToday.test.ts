import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/json/json';
import { startSandbox } from '../../../src/sandbox/index';
import {
  DEVELOPMENT,
  PLAYGROUND,
  PRODUCTION,
  SHOP,
  STAGING,
  assertError,
  callSandbox,
  inBothGenerations,
  objectOf,
  resultsOf,
  sandboxFor,
  textOf,
} from './support';

describe("sandbox: today's routes (API facts 9.3)", () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const organizationOf = (id: number): string =>
      textOf(harness.sandbox.control.environment(id).organization);

    it('D: a project exists under its own organization only', async () => {
      const shop = organizationOf(DEVELOPMENT);
      const one = await call('GET', `/api/organizations/${shop}/projects/${SHOP}/`);
      assert.deepEqual(objectOf(one), objectOf(await call('GET', `/api/projects/${SHOP}/`)));
      const other = organizationOf(PLAYGROUND);
      assertError(
        await call('GET', `/api/organizations/${other}/projects/${SHOP}/`),
        404,
        'not_found',
        'Project not found.',
      );
    });

    it('D: a key exists under its own ID, read-only', async () => {
      const current = objectOf(await call('GET', '/api/personal_api_keys/@current/'));
      const path = `/api/personal_api_keys/${textOf(current.id)}/`;
      assert.equal(objectOf(await call('GET', path)).id, current.id);
      for (const [method, key] of [
        ['GET', 'member'],
        ['POST', 'admin'],
        ['PATCH', 'admin'],
        ['DELETE', 'admin'],
      ] as const) {
        assert.equal((await call(method, path, { key })).status, 403, method);
      }
    });

    it('D: ?search= matches the names of projects', async () => {
      const shop = organizationOf(DEVELOPMENT);
      for (const path of ['/api/projects/', `/api/organizations/${shop}/projects/`]) {
        const wanted = generation === 'current' ? 'TAG' : 'SHOP';
        const found = resultsOf(await call('GET', `${path}?search=${wanted}`)).map(({ name }) => name);
        assert.deepEqual(found, [generation === 'current' ? 'Staging' : 'Online shop']);
        assert.deepEqual(resultsOf(await call('GET', `${path}?search=nowhere`)), []);
      }
    });

    it('D: @current outside the key is 404', async () => {
      const key = 'organizationScoped';
      for (const [path, detail] of [
        ['/api/organizations/@current/', 'Organization not found.'],
        ['/api/projects/@current/', 'Project not found.'],
        ['/api/environments/@current/warehouse_tables/', 'Project not found.'],
      ] as const) {
        assertError(await call('GET', path, { key }), 404, 'not_found', detail);
        assert.equal((await call('GET', path)).status, 200);
      }
    });

    it('D: an access rule of "none" hides nothing from an admin of the organization', async () => {
      for (const [key, status] of [
        ['admin', 200],
        ['member', 403],
      ] as const) {
        harness.sandbox.control.setAccess(key, STAGING, { project: 'none' });
        assert.equal((await call('GET', `/api/environments/${STAGING}/`, { key })).status, status);
      }
    });

    it('D: the display node around a query is removed', async () => {
      const source = { kind: 'HogQLQuery', query: 'SELECT count() FROM orders' };
      const path = `/api/environments/${DEVELOPMENT}/query/`;
      const ask = (query: JsonObject): ReturnType<typeof call> => call('POST', path, { body: { query } });
      const drawn = await ask({ kind: 'DataVisualizationNode', display: 'ActionsTable', source });
      assert.deepEqual(objectOf(drawn).results, objectOf(await ask(source)).results);
      assert.equal((await ask({ kind: 'DataVisualizationNode' })).status, 400);
    });

    it('D: any origin can send requests, with a key and a JSON body', async () => {
      const headers = { Origin: 'https://app.example.com' };
      const path = `/api/environments/${DEVELOPMENT}/`;
      const preflight = await call('OPTIONS', path, {
        key: null,
        headers: { ...headers, 'Access-Control-Request-Method': 'PATCH' },
      });
      assert.equal(preflight.status, 200);
      assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PATCH/);
      assert.match(
        preflight.headers.get('access-control-allow-headers') ?? '',
        /authorization.*content-type/,
      );
      for (const answer of [
        preflight,
        await call('GET', path, { headers }),
        await call('GET', path, { headers, key: null }),
      ]) {
        assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      }
      assert.equal((await call('GET', path)).headers.get('access-control-allow-origin'), null);
    });

    it('D: reload, resync and cancel of a schema accept a key that can write sources, on newer servers only', async () => {
      const tables = harness.sandbox.control.tables(DEVELOPMENT);
      const { external_schema: schema } = tables.find(({ name }) => name === 'stripe_charge') ?? {};
      const base = `/api/environments/${DEVELOPMENT}/external_data_schemas/`;
      for (const action of ['reload', 'resync', 'cancel']) {
        const path = `${base}${textOf((schema as JsonObject).id)}/${action}/`;
        assert.equal((await call('POST', path)).status, generation === 'current' ? 200 : 403);
        assert.equal((await call('POST', path, { key: 'read' })).status, 403);
        if (generation === 'current') {
          assert.equal((await call('POST', `${base}nothing/${action}/`)).status, 404);
        }
      }
    });

    it('D: data health needs two scopes', async () => {
      const path = `/api/environments/${DEVELOPMENT}/data_health_issues/`;
      if (generation === 'documented') {
        assert.equal((await call('GET', path)).status, 404);
        return;
      }
      assert.deepEqual(resultsOf(await call('GET', path)), []);
      for (const [has, lacks] of [
        ['external_data_source:read', 'warehouse_view:read'],
        ['warehouse_view:read', 'external_data_source:read'],
      ] as const) {
        harness.sandbox.control.setKeyScopes('read', [has]);
        assertError(
          await call('GET', path, { key: 'read' }),
          403,
          'permission_denied',
          `API key missing required scope '${lacks}'`,
        );
      }
    });
  });

  it("D: on a documented server the demo's first environment has the ID of its project", async () => {
    const sandbox = await startSandbox({ generation: 'documented' });
    try {
      const list = await callSandbox(sandbox, 'GET', `/api/projects/${SHOP}/environments/`);
      assert.deepEqual(
        resultsOf(list).map(({ id, project_id: project }) => [id, project]),
        [SHOP, STAGING, PRODUCTION].map((id) => [id, SHOP]),
      );
      assert.equal(SHOP, DEVELOPMENT);
    } finally {
      await sandbox.close();
    }
  });

  it("D: an ID isn't reused after its project is deleted", async () => {
    const sandbox = await startSandbox();
    try {
      const { organization } = sandbox.control.environment(DEVELOPMENT);
      const path = `/api/organizations/${textOf(organization)}/projects/`;
      const create = async (name: string): Promise<number> =>
        Number(objectOf(await callSandbox(sandbox, 'POST', path, { body: { name } })).id);
      const first = await create('One');
      sandbox.control.removeEnvironment(first);
      assert.ok((await create('Two')) > first);
    } finally {
      await sandbox.close();
    }
  });

  for (const [alias, code, detail] of [
    [404, 'not_found', 'Endpoint not found.'],
    [410, 'gone', 'This endpoint is no longer available.'],
  ] as const) {
    it(`D: the alias can respond with ${alias} (inferred)`, async () => {
      const sandbox = await startSandbox({ environmentsAlias: alias });
      try {
        const path = `environments/${DEVELOPMENT}/`;
        for (const rest of ['', 'warehouse_tables/']) {
          assertError(
            await callSandbox(sandbox, 'GET', `/api/${path}${rest}`),
            alias,
            code,
            detail,
            null,
            'invalid_request',
          );
        }
        assert.equal((await callSandbox(sandbox, 'GET', `/api/projects/${DEVELOPMENT}/`)).status, 200);
        sandbox.control.setEnvironmentsAlias('served');
        assert.equal((await callSandbox(sandbox, 'GET', `/api/${path}`)).status, 200);
        sandbox.control.setEnvironmentsAlias(alias);
        sandbox.control.setGeneration('documented');
        assert.equal((await callSandbox(sandbox, 'GET', `/api/${path}`)).status, 200);
      } finally {
        await sandbox.close();
      }
    });
  }
});
