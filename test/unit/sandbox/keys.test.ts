import assert from 'node:assert/strict';
import type { KeyName } from '../../../src/sandbox/index';
import {
  DEVELOPMENT,
  PLAYGROUND,
  PRODUCTION,
  assertError,
  inBothGenerations,
  objectOf,
  resultsOf,
  sandboxFor,
  textOf,
  tableId,
} from './support';

const INVALID = 'Personal API key found in request Authorization header is invalid.';

describe('sandbox: keys (API facts 1.3, 1.4; section 6 rows 7 to 10)', () => {
  inBothGenerations((generation) => {
    const harness = sandboxFor({ generation });
    const { call } = harness;
    const env = `/api/environments/${DEVELOPMENT}/`;

    it('a missing key is 401', async () => {
      assertError(
        await call('GET', env, { key: null }),
        401,
        'not_authenticated',
        'Authentication credentials were not provided.',
      );
    });

    for (const [what, header] of [
      ['an unknown key', 'Bearer phx_sandbox_unknown'],
      ['a project token', 'Bearer phc_sandbox_anything'],
    ] as const) {
      it(`${what} is 401`, async () => {
        const answer = await call('GET', env, { key: null, headers: { Authorization: header } });
        assertError(answer, 401, 'authentication_failed', INVALID);
      });
    }

    it('extra spaces after Bearer are tolerated', async () => {
      const headers = { Authorization: `Bearer    ${harness.sandbox.keys.admin}  ` };
      assert.equal((await call('GET', env, { key: null, headers })).status, 200);
    });

    it('the key is also read from body and query, as the messages say', async () => {
      const { admin } = harness.sandbox.keys;
      const query = `${env}?personal_api_key=`;
      assert.equal((await call('GET', query + admin, { key: null })).status, 200);
      assert.match(
        (await call('GET', `${query}x`, { key: null })).text,
        /found in request query string is invalid/,
      );
      const body = { personal_api_key: admin };
      assert.equal((await call('PATCH', env, { key: null, body })).status, 200);
      const wrong = await call('PATCH', env, { key: null, body: { personal_api_key: 'x' } });
      assert.match(wrong.text, /found in request body is invalid/);
    });

    it('an unknown token parameter is 401', async () => {
      assert.equal((await call('GET', `${env}?token=phc_unknown`)).status, 401);
    });

    it('a missing scope is named; write includes read; * has all scopes; an empty list has none', async () => {
      const { control } = harness.sandbox;
      const list = `${env}warehouse_tables/`;
      const body = { name: 'x' };
      const attempt = async (scopes: string[] | null, method: string, path: string): Promise<number> => {
        control.setKeyScopes('read', scopes);
        return (await call(method, path, { key: 'read', ...(method === 'GET' ? {} : { body }) })).status;
      };
      control.setKeyScopes('read', ['warehouse_table:read']);
      assertError(
        await call('POST', list, { key: 'read', body }),
        403,
        'permission_denied',
        "API key missing required scope 'warehouse_table:write'",
      );
      assert.equal(await attempt(['warehouse_table:write'], 'GET', list), 200);
      assert.equal(await attempt(['*'], 'GET', list), 200);
      assert.equal(await attempt(null, 'GET', list), 200, 'a legacy key has full access');
      assert.equal(await attempt(['project:read'], 'GET', list), 403);
      assert.equal(await attempt([], 'GET', list), 403);
      for (const path of [env, '/api/projects/', '/api/organizations/', '/api/users/@me/', list]) {
        assert.equal((await call('GET', path, { key: 'none' })).status, 403, path);
      }
    });

    it("a read-only key can't PATCH settings (current) or a name (both)", async () => {
      control(generation === 'documented' ? 200 : 403, await patch({ timezone: 'UTC' }));
      const named = await patch({ name: 'x' });
      assertError(named, 403, 'permission_denied', "API key missing required scope 'project:write'");

      function control(expected: number, answer: { status: number; text: string }): void {
        assert.equal(answer.status, expected, answer.text);
      }
      async function patch(body: object): ReturnType<typeof call> {
        harness.sandbox.control.setKeyScopes('read', ['project:read']);
        return call('PATCH', env, { key: 'read', body });
      }
    });

    it('a project-scoped key: lists 403, own project 200, other project 403', async () => {
      const key: KeyName = 'projectScoped';
      for (const path of ['/api/projects/', '/api/organizations/', '/api/environments/']) {
        assertError(
          await call('GET', path, { key }),
          403,
          'permission_denied',
          'API keys with scoped projects are only supported on project-based endpoints.',
        );
      }
      assert.equal((await call('GET', env, { key })).status, 200);
      assert.equal((await call('GET', `${env}warehouse_tables/`, { key })).status, 200);
      assertError(
        await call('GET', `/api/environments/${PRODUCTION}/`, { key }),
        403,
        'permission_denied',
        `API key does not have access to the requested project: ID ${PRODUCTION}.`,
      );
      const introspection = objectOf(await call('GET', '/api/personal_api_keys/@current/', { key }));
      assert.deepEqual(introspection.scoped_teams, [DEVELOPMENT]);
      assert.equal((await call('GET', '/api/users/@me/', { key })).status, 200, 'exempt');
    });

    it("an organization-scoped key lists its organization, not the user's current one", async () => {
      const key: KeyName = 'organizationScoped';
      const organizations = resultsOf(await call('GET', '/api/organizations/', { key }));
      assert.deepEqual(
        organizations.map((item) => item.name),
        ['Example Labs'],
      );
      assert.deepEqual(
        resultsOf(await call('GET', '/api/projects/', { key })).map((item) => item.id),
        [PLAYGROUND],
      );
      const other = resultsOf(await call('GET', '/api/organizations/'))[0]?.id;
      assertError(
        await call('GET', env, { key }),
        403,
        'permission_denied',
        `API key does not have access to the requested organization: ID ${textOf(other)}.`,
      );
      assert.equal((await call('GET', `/api/organizations/${textOf(other)}/`, { key })).status, 404);
    });

    it("key introspection works for a key without scopes; the key list and creation don't", async () => {
      const answer = await call('GET', '/api/personal_api_keys/@current/', { key: 'none' });
      assert.equal(answer.status, 200);
      assert.deepEqual(objectOf(answer).scopes, []);
      assert.equal(objectOf(answer).value, null);
      assert.ok(!answer.text.includes(harness.sandbox.keys.none));
      for (const method of ['GET', 'POST']) {
        const refused = await call(method, '/api/personal_api_keys/');
        assert.equal(refused.status, 403);
        assert.match(refused.text, /does not support personal api key access/i);
      }
    });

    it('actions without scopes reject every key', async () => {
      for (const [method, name] of [
        ['PATCH', 'reset_token'],
        ['PATCH', 'rotate_secret_token'],
        ['PATCH', 'delete_secret_token_backup'],
        ['POST', 'generate_conversations_public_token'],
        ['POST', 'change_organization'],
        ['GET', 'is_generating_demo_data'],
        ['GET', 'settings_as_of'],
        ['GET', 'logs_config'],
        ['GET', 'experiments_config'],
        ['GET', 'default_evaluation_contexts'],
        ['GET', 'activity'],
      ] as const) {
        const spelling = generation === 'current' ? 'personal API key access' : 'Personal API Key access';
        assertError(
          await call(method, `${env}${name}/`),
          403,
          'permission_denied',
          `This action does not support ${spelling}`,
        );
      }
    });

    it(`D: refresh_schema ${generation === 'current' ? 'accepts warehouse_table:write' : 'rejects every key'}, update_schema rejects every key`, async () => {
      const path = `${env}warehouse_tables/${tableId(harness.sandbox, 'orders')}/`;
      harness.sandbox.control.setKeyScopes('read', ['warehouse_table:read']);
      const spelling = generation === 'current' ? 'personal API key' : 'Personal API Key';
      const unsupported = `This action does not support ${spelling} access`;
      for (const key of ['admin', 'read'] as const) {
        const update = await call('POST', `${path}update_schema/`, { key, body: {} });
        assertError(update, 403, 'permission_denied', unsupported);
      }
      const full = await call('POST', `${path}refresh_schema/`, { body: {} });
      const read = await call('POST', `${path}refresh_schema/`, { key: 'read', body: {} });
      if (generation === 'current') {
        assert.deepEqual([full.status, full.text], [200, '']);
        assertError(read, 403, 'permission_denied', "API key missing required scope 'warehouse_table:write'");
      } else {
        assertError(full, 403, 'permission_denied', unsupported);
        assertError(read, 403, 'permission_denied', unsupported);
      }
    });

    it('D: update_schema accepts warehouse_table:write on the few current servers that declare it', async () => {
      const path = `${env}warehouse_tables/${tableId(harness.sandbox, 'orders')}/update_schema/`;
      harness.sandbox.control.setKeyUpdateSchema(true);
      const full = await call('POST', path, { body: { updates: { total: 'string' } } });
      const read = await call('POST', path, { key: 'read', body: {} });
      harness.sandbox.control.setKeyUpdateSchema(false);
      if (generation === 'current') {
        assert.deepEqual([full.status, full.text], [200, '']);
        assertError(read, 403, 'permission_denied', "API key missing required scope 'warehouse_table:write'");
      } else {
        assert.deepEqual([full.status, read.status], [403, 403]);
      }
    });

    it('a revoked key is 401', async () => {
      harness.sandbox.control.revokeKey('read');
      assertError(await call('GET', env, { key: 'read' }), 401, 'authentication_failed', INVALID);
    });
  });
});

describe('sandbox: roles (API facts 4.3, 2.8; section 6 row 22)', () => {
  const harness = sandboxFor();
  const { call } = harness;
  const path = `/api/projects/${DEVELOPMENT}/`;

  it('a member can write the member fields', async () => {
    for (const body of [
      { completed_snippet_onboarding: true },
      { has_completed_onboarding_for: { a: true } },
      { onboarding_tasks: {} },
      { session_recording_opt_in: true },
      { autocapture_exceptions_opt_in: true },
      { autocapture_web_vitals_opt_in: true },
      { autocapture_web_vitals_allowed_metrics: ['CLS'] },
      { surveys_opt_in: true },
      { primary_dashboard: 12011 },
    ]) {
      const answer = await call('PATCH', path, { key: 'member', body });
      assert.equal(answer.status, 200, answer.text);
    }
  });

  it('a mixed body is rejected whole, naming the admin fields', async () => {
    const before = harness.sandbox.control.environment(DEVELOPMENT);
    assertError(
      await call('PATCH', path, {
        key: 'member',
        body: { surveys_opt_in: false, timezone: 'Asia/Tokyo', anonymize_ips: true },
      }),
      403,
      'permission_denied',
      'Only project admins can modify these settings: anonymize_ips, timezone',
    );
    assert.deepEqual(harness.sandbox.control.environment(DEVELOPMENT), before);
  });

  it('callers get their access levels', async () => {
    const member = objectOf(await call('GET', path, { key: 'member' }));
    assert.deepEqual([member.effective_membership_level, member.user_access_level], [1, 'member']);
    const owner = objectOf(await call('GET', path));
    assert.deepEqual([owner.effective_membership_level, owner.user_access_level], [15, 'admin']);
    harness.sandbox.control.setMembership('member', DEVELOPMENT, 8);
    const admin = objectOf(await call('GET', path, { key: 'member' }));
    assert.deepEqual([admin.effective_membership_level, admin.user_access_level], [8, 'admin']);
    assert.equal((await call('PATCH', path, { key: 'member', body: { timezone: 'UTC' } })).status, 200);
    harness.sandbox.control.setMembership('member', DEVELOPMENT, 1);
  });

  it("a member can't delete or create a project", async () => {
    assert.equal((await call('DELETE', path, { key: 'member' })).status, 403);
    const [organization] = resultsOf(await call('GET', '/api/organizations/'));
    assertError(
      await call('POST', `/api/organizations/${textOf(organization?.id)}/projects/`, {
        key: 'member',
        body: { name: 'X' },
      }),
      403,
      'permission_denied',
      'You need to be an organization admin or above to create new projects.',
    );
  });

  it('someone outside the organization has no access', async () => {
    assertError(
      await call('GET', `/api/projects/${PLAYGROUND}/warehouse_tables/`, { key: 'member' }),
      403,
      'permission_denied',
      "You don't have access to the project.",
    );
  });

  it('an organization can ban keys', async () => {
    const { control } = harness.sandbox;
    const organizations = resultsOf(await call('GET', '/api/organizations/'));
    const labs = organizations.find((item) => item.name === 'Example Labs');
    control.setPersonalApiKeysAllowed(textOf(labs?.id), false);
    const answer = await call('GET', `/api/projects/${PLAYGROUND}/`);
    assert.equal(answer.status, 403);
    assert.match(
      textOf(objectOf(answer).detail),
      /^Organization 'Example Labs' does not allow using personal API keys\. Contact an admin to enable/,
    );
    control.setPersonalApiKeysAllowed(textOf(labs?.id), true);
  });

  it('the list of projects is 403 too if the current organization bans keys (inferred)', async () => {
    const { control } = harness.sandbox;
    const organization = textOf(control.environment(DEVELOPMENT).organization);
    control.setPersonalApiKeysAllowed(organization, false);
    const answer = await call('GET', '/api/projects/');
    control.setPersonalApiKeysAllowed(organization, true);
    assert.equal(answer.status, 403);
    assert.match(textOf(objectOf(answer).detail), /does not allow using personal API keys/);
    assert.equal((await call('GET', '/api/projects/')).status, 200);
  });

  describe('with access control', () => {
    const tables = `/api/projects/${DEVELOPMENT}/warehouse_tables/`;
    before(() => {
      const organizationId = textOf(harness.sandbox.control.environment(DEVELOPMENT).organization);
      harness.sandbox.control.setFeature(organizationId, 'access_control', true);
    });

    it('a project-level admin can write admin fields', async () => {
      harness.sandbox.control.setAccess('member', DEVELOPMENT, { project: 'admin' });
      assert.equal((await call('PATCH', path, { key: 'member', body: { timezone: 'UTC' } })).status, 200);
      assertError(
        await call('PATCH', path, { key: 'member', body: { receive_org_level_activity_logs: true } }),
        403,
        'permission_denied',
        'Only organization owners and admins can modify the receive_org_level_activity_logs setting.',
      );
    });

    it('app_urls belongs to web analytics', async () => {
      const body = { app_urls: ['https://a.example.com'] };
      harness.sandbox.control.setAccess('member', DEVELOPMENT, {});
      assert.equal((await call('PATCH', path, { key: 'member', body })).status, 200);
      harness.sandbox.control.setAccess('member', DEVELOPMENT, { web_analytics: 'viewer' });
      assertError(
        await call('PATCH', path, { key: 'member', body }),
        400,
        'invalid_input',
        'You need editor access to web_analytics to modify this field.',
        'app_urls',
      );
    });

    it('tables: viewers read, editors write, none sees nothing', async () => {
      const one = `${tables}${tableId(harness.sandbox, 'orders')}/`;
      for (const [level, read, write] of [
        ['viewer', 200, 403],
        ['none', 403, 403],
        ['editor', 200, 200],
      ] as const) {
        harness.sandbox.control.setAccess('member', DEVELOPMENT, { warehouse_table: level });
        assert.equal((await call('GET', tables, { key: 'member' })).status, read);
        assert.equal((await call('GET', one, { key: 'member' })).status, read);
        assert.equal((await call('PATCH', one, { key: 'member', body: {} })).status, write);
        if (read === 200) {
          assert.equal(objectOf(await call('GET', one, { key: 'member' })).user_access_level, level);
        }
      }
      harness.sandbox.control.setAccess('member', DEVELOPMENT, { warehouse_table: 'viewer' });
      assertError(
        await call('DELETE', one, { key: 'member' }),
        403,
        'permission_denied',
        'You do not have editor access to this resource.',
      );
    });

    it('a project that someone has no access to', async () => {
      harness.sandbox.control.setAccess('member', DEVELOPMENT, { project: 'none' });
      assertError(
        await call('GET', path, { key: 'member' }),
        403,
        'permission_denied',
        "You don't have access to the project.",
      );
    });
  });
});
