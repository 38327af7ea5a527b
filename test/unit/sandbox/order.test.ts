import assert from 'node:assert/strict';
import type { Generation } from '../../../src/sandbox/index';
import {
  DEVELOPMENT,
  PLAYGROUND,
  PRODUCTION,
  SHOP,
  STAGING,
  assertError,
  inBothGenerations,
  objectOf,
  resultsOf,
  sandboxFor,
  tableId,
  textOf,
} from './support';

const INVALID_TOKEN =
  'Project API key invalid. You can find your project API key in your PostHog project settings.';

function unsupported(generation: Generation): string {
  return `This action does not support ${generation === 'current' ? 'personal API key' : 'Personal API Key'} access`;
}

describe('sandbox: order of checks (API facts 1.3, 1.4)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const env = `/api/environments/${DEVELOPMENT}/`;

    it('the header takes precedence over body and query', async () => {
      const wrong = { personal_api_key: 'phx_wrong' };
      const answer = await call('PATCH', `${env}?personal_api_key=phx_wrong`, { body: wrong });
      assert.equal(answer.status, 200);
    });

    it('the body takes precedence over the query, as JSON and as a form', async () => {
      const query = `${env}?personal_api_key=${harness.sandbox.keys.admin}`;
      for (const given of [
        { body: { personal_api_key: 'phx_wrong' } },
        { raw: new URLSearchParams({ personal_api_key: 'phx_wrong' }) },
      ]) {
        assertError(
          await call('PATCH', query, { key: null, ...given }),
          401,
          'authentication_failed',
          'Personal API key found in request body is invalid.',
        );
      }
      const raw = new URLSearchParams({ personal_api_key: harness.sandbox.keys.admin });
      assert.equal((await call('PATCH', env, { key: null, raw })).status, 200);
    });

    it("an unknown token in the body is 401 too; a known one isn't (inferred wording)", async () => {
      const token = textOf(harness.sandbox.control.environment(STAGING).api_token);
      assert.equal((await call('PATCH', env, { body: { token } })).status, 200);
      for (const given of [
        { body: { token: 'phc_unknown' } },
        { raw: new URLSearchParams({ token: 'phc_unknown' }) },
      ]) {
        assertError(await call('PATCH', env, given), 401, 'authentication_failed', INVALID_TOKEN);
      }
    });

    it("401 comes first, then the unsupported action, the key's project, the scope and the access", async () => {
      const { control } = harness.sandbox;
      const other = `/api/environments/${PRODUCTION}/`;
      assert.equal((await call('PATCH', `${other}reset_token/`, { key: null })).status, 401);
      control.setKeyScopes('projectScoped', []);
      assertError(
        await call('PATCH', `${other}reset_token/`, { key: 'projectScoped' }),
        403,
        'permission_denied',
        unsupported(generation),
      );
      assertError(
        await call('GET', `${other}warehouse_tables/`, { key: 'projectScoped' }),
        403,
        'permission_denied',
        `API key does not have access to the requested project: ID ${PRODUCTION}.`,
      );
      assertError(
        await call('GET', `${env}warehouse_tables/`, { key: 'projectScoped' }),
        403,
        'permission_denied',
        "API key missing required scope 'warehouse_table:read'",
      );
      control.setKeyScopes('member', ['project:read']);
      assertError(
        await call('GET', `/api/environments/${PLAYGROUND}/warehouse_tables/`, { key: 'member' }),
        403,
        'permission_denied',
        "API key missing required scope 'warehouse_table:read'",
      );
      control.setKeyScopes('member', ['warehouse_table:read']);
      assertError(
        await call('GET', `/api/environments/${PLAYGROUND}/warehouse_tables/`, { key: 'member' }),
        403,
        'permission_denied',
        "You don't have access to the project.",
      );
      control.setKeyScopes('member', ['*']);
      control.setKeyScopes('projectScoped', ['*']);
    });

    it('a forbidden write is rejected before its body is read (inferred)', async () => {
      const path = `${env}warehouse_tables/`;
      assertError(
        await call('POST', path, { key: 'read', body: { name: '' } }),
        403,
        'permission_denied',
        "API key missing required scope 'warehouse_table:write'",
      );
      assert.equal((await call('PUT', path, { key: null })).status, 401, 'even before 405');
    });

    it('the key comes first, then the user, then the organization', async () => {
      const introspection = objectOf(await call('GET', '/api/personal_api_keys/@current/'));
      assert.deepEqual(Object.keys(introspection).sort(), [
        'created_at',
        'id',
        'is_legacy_hashing',
        'label',
        'last_rolled_at',
        'last_used_at',
        'mask_value',
        'scoped_organizations',
        'scoped_teams',
        'scopes',
        'user_id',
        'value',
      ]);
      assert.deepEqual(introspection.scopes, ['*']);
      for (const method of ['PATCH', 'DELETE']) {
        assertError(
          await call(method, '/api/personal_api_keys/@current/'),
          403,
          'permission_denied',
          unsupported(generation),
        );
      }
      assert.equal((await call('GET', '/api/users/@me/', { key: 'organizationScoped' })).status, 200);
      assertError(
        await call('GET', '/api/users/@me/', { key: 'none' }),
        403,
        'permission_denied',
        "API key missing required scope 'user:read'",
      );
      const organizations = resultsOf(await call('GET', '/api/organizations/'));
      const labs = organizations.find((item) => item.name === 'Example Labs');
      const path = `/api/organizations/${textOf(labs?.id)}/`;
      assertError(await call('GET', path, { key: 'member' }), 404, 'not_found', 'Not found.');
      assertError(
        await call('GET', path, { key: 'projectScoped' }),
        403,
        'permission_denied',
        'API keys with scoped projects are only supported on project-based endpoints.',
      );
      assertError(
        await call('GET', `${path.replace(textOf(labs?.id), textOf(organizations[0]?.id))}projects/`, {
          key: 'organizationScoped',
        }),
        403,
        'permission_denied',
        `API key does not have access to the requested organization: ID ${textOf(organizations[0]?.id)}.`,
      );
    });

    it("a plain member can't delete", async () => {
      assertError(
        await call('DELETE', env, { key: 'member' }),
        403,
        'permission_denied',
        "You don't have sufficient permissions in the project.",
      );
    });

    it('OPTIONS requires the read scope and checks the key, but no object', async () => {
      const tables = `${env}warehouse_tables/`;
      const nobody = '018f0000-0000-0000-0000-000000000000';
      for (const path of [env, tables, `${tables}${nobody}/`, `${env}query/`, '/api/users/@me/']) {
        const answer = await call('OPTIONS', path, { key: 'read' });
        assert.equal(answer.status, 200, path);
        assert.ok(Array.isArray(objectOf(answer).parses), path);
        assert.equal((await call('OPTIONS', path, { key: null })).status, 401, path);
      }
      for (const [path, scope] of [
        [env, 'project:read'],
        [tables, 'warehouse_table:read'],
        [`${env}web_vitals/`, 'query:read'],
        [`${env}activity_log/`, 'activity_log:read'],
        ['/api/projects/', 'project:read'],
        ['/api/organizations/', 'organization:read'],
        ['/api/users/@me/', 'user:read'],
      ] as const) {
        assertError(
          await call('OPTIONS', path, { key: 'none' }),
          403,
          'permission_denied',
          `API key missing required scope '${scope}'`,
        );
      }
      assertError(await call('OPTIONS', '/api/environments/999999/'), 404, 'not_found', 'Project not found.');
      assertError(
        await call('OPTIONS', `/api/environments/${PRODUCTION}/warehouse_tables/`, { key: 'projectScoped' }),
        403,
        'permission_denied',
        `API key does not have access to the requested project: ID ${PRODUCTION}.`,
      );
    });

    it('OPTIONS of an action without scopes fails like the action (inferred)', async () => {
      const paths = [`${env}reset_token/`, '/api/personal_api_keys/'];
      const orders = `${env}warehouse_tables/${tableId(harness.sandbox, 'orders')}/`;
      paths.push(
        `${orders}update_schema/`,
        ...(generation === 'documented' ? [`${orders}refresh_schema/`] : []),
      );
      for (const path of paths) {
        assertError(await call('OPTIONS', path), 403, 'permission_denied', unsupported(generation));
      }
    });

    it('a missing scope is reported even if the JSON is malformed (inferred for current servers)', async () => {
      const given = { key: 'read', raw: '{', headers: { 'Content-Type': 'application/json' } } as const;
      const answer = await call('PATCH', env, given);
      if (generation === 'current') {
        const detail = "API key missing required scope 'project:write'";
        assertError(answer, 403, 'permission_denied', detail);
      } else {
        // Here the scope depends on the fields, so the body is read first.
        assert.equal(objectOf(answer).code, 'parse_error');
      }
    });

    it('session-only actions respond alike on every path', async () => {
      const paths = [`${env}reset_token/`, `/api/projects/@current/reset_token/`];
      if (generation === 'documented') {
        paths.push(`/api/projects/${SHOP}/environments/${DEVELOPMENT}/reset_token/`);
      }
      for (const path of paths) {
        assertError(await call('PATCH', path), 403, 'permission_denied', unsupported(generation));
      }
    });

    it("a viewer of tables can't create, upload or replace", async () => {
      const { organization } = harness.sandbox.control.environment(DEVELOPMENT);
      harness.sandbox.control.setFeature(textOf(organization), 'access_control', true);
      harness.sandbox.control.setAccess('member', DEVELOPMENT, { warehouse_table: 'viewer' });
      const list = `${env}warehouse_tables/`;
      const one = `${list}${tableId(harness.sandbox, 'orders')}/`;
      const form = new FormData();
      form.append('file', new Blob(['a\n1\n']), 'a.csv');
      for (const [method, path, given] of [
        ['POST', list, { body: {} }],
        ['PUT', one, { body: {} }],
        ['POST', `${list}file/`, { raw: form }],
      ] as const) {
        assertError(
          await call(method, path, { key: 'member', ...given }),
          403,
          'permission_denied',
          'You do not have editor access to this resource.',
        );
      }
    });
  });

  describe('keys in a scenario', () => {
    const { call } = sandboxFor({ keys: { admin: 'old-key-without-a-prefix' } });
    it('need no prefix', async () => {
      assert.equal((await call('GET', '/api/projects/')).status, 200);
    });
  });
});
