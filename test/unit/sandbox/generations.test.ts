import assert from 'node:assert/strict';
import {
  DEVELOPMENT,
  PRODUCTION,
  SHOP,
  STAGING,
  assertError,
  inBothGenerations,
  objectOf,
  resultsOf,
  sandboxFor,
  textOf,
} from './support';

const NESTED_GONE =
  'Multiple environments per project are no longer available. Please contact support if you need assistance.';

/** Fields that only the environments serializer had before June 2026 (API facts 0, trap). */
const ENVIRONMENTS_ONLY = [
  'base_currency',
  'capture_dead_clicks',
  'cookieless_server_hash_mode',
  'default_data_theme',
  'default_evaluation_contexts_enabled',
  'experiment_recalculation_time',
  'feature_flag_confirmation_enabled',
  'feature_flag_confirmation_message',
  'human_friendly_comparison_periods',
  'managed_viewsets',
  'marketing_analytics_config',
  'onboarding_tasks',
  'project_id',
  'revenue_analytics_config',
  'session_recording_event_trigger_config',
  'session_recording_retention_period',
  'session_recording_trigger_match_type_config',
  'session_recording_url_blocklist_config',
  'session_recording_url_trigger_config',
  'user_access_level',
  'web_analytics_pre_aggregated_tables_enabled',
];

/** An item of a list (API facts 4.1). */
const BASIC = [
  'id',
  'uuid',
  'organization',
  'project_id',
  'api_token',
  'name',
  'completed_snippet_onboarding',
  'has_completed_onboarding_for',
  'ingested_event',
  'is_demo',
  'timezone',
  'access_control',
];

const SECRETS = ['secret_api_token', 'secret_api_token_backup', 'live_events_token'];

describe('sandbox: rules of every server (API facts 1; section 6 rows 1, 2, 5, 11)', () => {
  inBothGenerations((generation) => {
    const { call } = sandboxFor({ generation });

    it('trailing slashes are optional for all methods, without a redirect', async () => {
      for (const path of ['/api/projects', '/api/organizations', `/api/environments/${DEVELOPMENT}`]) {
        assert.equal((await call('GET', path)).status, 200);
        assert.equal((await call('GET', `${path}/`)).status, 200);
      }
      const path = `/api/environments/${DEVELOPMENT}`;
      for (const slash of ['', '/']) {
        const answer = await call('PATCH', `${path}${slash}`, { body: { timezone: 'Asia/Tokyo' } });
        assert.deepEqual([answer.status, objectOf(answer).timezone], [200, 'Asia/Tokyo']);
      }
    });

    it('trailing slashes are optional where rows are created and deleted, too', async () => {
      const list = `/api/environments/${DEVELOPMENT}/warehouse_tables`;
      for (const slash of ['', '/']) {
        const created = await call('POST', `${list}${slash}`, {
          body: {
            name: 'slash',
            format: 'CSV',
            url_pattern: 'https://a.example.com/x.csv',
            credential: { access_key: 'a', access_secret: 'b' },
          },
        });
        assert.equal(created.status, 201, created.text);
        const one = `${list}/${textOf(objectOf(created).id)}${slash}`;
        assert.equal((await call('PUT', one, { body: {} })).status, 400);
        assert.equal((await call('DELETE', one)).status, 204);
      }
    });

    it('@current resolves everywhere', async () => {
      const project = objectOf(await call('GET', '/api/projects/@current/'));
      assert.equal(project.id, generation === 'current' ? DEVELOPMENT : SHOP);
      assert.equal(
        resultsOf(await call('GET', '/api/organizations/@current/projects/')).length,
        generation === 'current' ? 3 : 1,
      );
      assert.equal((await call('GET', '/api/environments/@current/web_vitals/?pathname=/')).status, 200);
    });

    it('@current resolves', async () => {
      assert.equal(objectOf(await call('GET', '/api/environments/@current/')).id, DEVELOPMENT);
      assert.equal(resultsOf(await call('GET', '/api/environments/@current/warehouse_tables/')).length, 6);
      assert.equal(objectOf(await call('GET', '/api/organizations/@current/')).name, 'Hedgehog Outfitters');
    });

    it('an ID that isn\'t an integer is 404 "Project not found.", an unknown path 404 "Endpoint not found."', async () => {
      for (const path of [
        '/api/environments/abc/',
        '/api/projects/abc/warehouse_tables/',
        '/api/projects/999999/',
      ]) {
        assertError(await call('GET', path), 404, 'not_found', 'Project not found.');
      }
      for (const path of ['/api/nothing/', `/api/environments/${DEVELOPMENT}/nothing/`, '/']) {
        const answer = await call('GET', path);
        assertError(answer, 404, 'not_found', 'Endpoint not found.');
        assert.equal(answer.headers.get('deprecation'), null);
      }
    });

    it('405 names the method', async () => {
      assertError(
        await call('PUT', '/api/projects/', { body: {} }),
        405,
        'method_not_allowed',
        'Method "PUT" not allowed.',
      );
    });

    it('rejects malformed JSON, a list and another media type', async () => {
      const path = `/api/environments/${DEVELOPMENT}/`;
      const headers = { 'Content-Type': 'application/json' };
      const malformed = await call('PATCH', path, { raw: '{"a":', headers });
      assert.equal(malformed.status, 400);
      assert.deepEqual(
        { ...objectOf(malformed), detail: '' },
        { type: 'invalid_request', code: 'parse_error', detail: '', attr: null },
      );
      assert.match(textOf(objectOf(malformed).detail), /^JSON parse error - /);
      assertError(
        await call('PATCH', path, { body: [] }),
        400,
        'invalid_input',
        'Invalid data. Expected a dictionary, but got list.',
      );
      assertError(
        await call('PATCH', path, { raw: 'x', headers: { 'Content-Type': 'text/csv' } }),
        415,
        'unsupported_media_type',
        'Unsupported media type "text/csv" in request.',
      );
    });

    it('accepts form and multipart bodies, with booleans as strings', async () => {
      const path = `/api/environments/${DEVELOPMENT}/`;
      const form = await call('PATCH', path, { raw: new URLSearchParams({ anonymize_ips: 'true' }) });
      assert.equal(objectOf(form).anonymize_ips, true);
      const parts = new FormData();
      parts.append('anonymize_ips', 'false');
      assert.equal(objectOf(await call('PATCH', path, { raw: parts })).anonymize_ips, false);
    });

    it('a body above 20 MB is 413 of type server_error (inferred status and wording)', async () => {
      const answer = await call('PATCH', `/api/environments/${DEVELOPMENT}/`, {
        body: { name: 'x'.repeat(20 * 1024 * 1024) },
      });
      const detail = 'Request body exceeded the maximum size.';
      assertError(answer, 413, 'error', detail, null, 'server_error');
    });

    it('concurrent PATCHes of different fields are both kept', async () => {
      const path = `/api/environments/${PRODUCTION}/`;
      await Promise.all([
        call('PATCH', path, { body: { timezone: 'Asia/Tokyo' } }),
        call('PATCH', path, { body: { base_currency: 'GBP' } }),
      ]);
      const { timezone, base_currency: currency } = objectOf(await call('GET', path));
      assert.deepEqual([timezone, currency], ['Asia/Tokyo', 'GBP']);
    });

    it('sending a whole GET document back fails for access_control alone; without it, nothing changes', async () => {
      const path = `/api/environments/${DEVELOPMENT}/`;
      const before = objectOf(await call('GET', path));
      assert.equal(before.access_control, false);
      const refused = await call('PATCH', path, { body: before });
      assert.deepEqual([refused.status, objectOf(refused).code], [400, 'invalid_input']);
      assert.match(textOf(objectOf(refused).detail), /'access_control' field has been deprecated/);
      const body = { ...before };
      delete body.access_control;
      const after = await call('PATCH', path, { body });
      assert.equal(after.status, 200, after.text);
      assert.deepEqual({ ...objectOf(after), updated_at: '' }, { ...before, updated_at: '' });
    });

    it('product intents, onboarding, and ingestion exclusions', async () => {
      const path = `/api/environments/${DEVELOPMENT}/`;
      const body = { product_type: 'surveys' };
      const added = await call('PATCH', `${path}add_product_intent/`, { key: 'read', body });
      assert.equal(added.status, 201);
      const done = await call('PATCH', `${path}complete_product_onboarding/`, { key: 'read', body });
      assert.equal(done.status, 200);
      const { has_completed_onboarding_for: completed, product_intents: intents } = objectOf(done);
      assert.equal((completed as Record<string, unknown>).surveys, true);
      assert.ok(Array.isArray(intents) && intents.length === 2);
      const restrictions = await call('GET', `${path}event_ingestion_restrictions/`, { key: 'read' });
      assert.deepEqual([restrictions.status, restrictions.body], [200, []]);
    });

    it('lists are paged by limit and offset with absolute links', async () => {
      const path = `/api/environments/${PRODUCTION}/warehouse_tables/`;
      const first = objectOf(await call('GET', path));
      assert.equal(first.count, 260);
      assert.equal(first.previous, null);
      assert.ok(Array.isArray(first.results));
      assert.equal(first.results.length, 100);
      const names = new Set<unknown>();
      let pages = 0;
      for (let next: unknown = path; typeof next === 'string'; pages += 1) {
        const relative = next.replace(/^https?:\/\/[^/]+/, '');
        const answer = await call('GET', relative);
        for (const item of resultsOf(answer)) {
          names.add(item.name);
        }
        next = objectOf(answer).next;
      }
      assert.deepEqual([pages, names.size], [3, 260]);
      const middle = objectOf(await call('GET', `${path}?limit=10&offset=20`));
      assert.match(textOf(middle.next), /^http:\/\/127\.0\.0\.1:\d+\/api\/.*offset=30/);
      assert.match(textOf(middle.previous), /offset=10/);
    });

    it("retrieve returns the secrets of an environment, lists don't", async () => {
      const one = objectOf(await call('GET', `/api/environments/${DEVELOPMENT}/`));
      for (const name of SECRETS) {
        assert.equal(typeof one[name], 'string');
      }
      const organizationId = textOf(one.organization);
      for (const path of [
        '/api/projects/',
        '/api/environments/',
        '/api/organizations/',
        `/api/organizations/${organizationId}/`,
        `/api/organizations/${organizationId}/projects/`,
        '/api/users/@me/',
      ]) {
        const { text } = await call('GET', path);
        for (const name of SECRETS) {
          assert.ok(!text.includes(name) && !text.includes(textOf(one[name])), `${path} shows ${name}`);
        }
      }
    });

    it('a successful PATCH changes updated_at and appears in the activity log with the client', async () => {
      const path = `/api/environments/${STAGING}/`;
      const before = objectOf(await call('GET', path)).updated_at;
      await call('PATCH', path, {
        body: { session_recording_sample_rate: 0.4 },
        headers: { 'X-PostHog-Client': 'vscode' },
      });
      assert.notEqual(objectOf(await call('GET', path)).updated_at, before);
      const [entry] = resultsOf(await call('GET', `${path}activity_log/?scope=Team&item_id=${STAGING}`));
      assert.deepEqual(Object.keys(entry ?? {}).sort(), [
        'activity',
        'client',
        'created_at',
        'detail',
        'id',
        'is_system',
        'item_id',
        'scope',
        'user',
        'was_impersonated',
      ]);
      assert.deepEqual(resultsOf(await call('GET', `${path}activity_log/?scope=Organization`)), []);
      assert.equal(entry?.client, 'vscode');
      assert.deepEqual((entry.detail as { changes: unknown }).changes, [
        {
          type: 'Team',
          action: 'changed',
          field: 'session_recording_sample_rate',
          before: '0.50',
          after: '0.40',
        },
      ]);
    });
  });
});

describe('sandbox: a documented server (API facts 0, 4.1, 4.2, 4.6, 4.7)', () => {
  const harness = sandboxFor({ generation: 'documented' });
  const { call } = harness;
  const nested = `/api/projects/${SHOP}/environments/`;

  it('lists projects and the environments of each', async () => {
    const projects = resultsOf(await call('GET', '/api/projects/'));
    assert.deepEqual(
      projects.map((item) => item.id),
      [SHOP],
    );
    assert.ok(projects[0] && !('project_id' in projects[0]));
    const environments = resultsOf(await call('GET', nested));
    assert.deepEqual(
      environments.map((item) => [item.id, item.project_id]),
      [
        [DEVELOPMENT, SHOP],
        [STAGING, SHOP],
        [PRODUCTION, SHOP],
      ],
    );
    assert.deepEqual(Object.keys(environments[0] ?? {}), BASIC);
  });

  it('an environment is complete under both of its paths, and basic under /api/environments', async () => {
    const plain = await call('GET', `/api/environments/${STAGING}/`);
    assert.deepEqual(objectOf(await call('GET', `${nested}${STAGING}/`)), objectOf(plain));
    assert.equal(plain.headers.get('deprecation'), null);
    for (const name of ENVIRONMENTS_ONLY) {
      assert.ok(name in objectOf(plain), name);
    }
    assert.equal((await call('GET', `/api/projects/2100/environments/${STAGING}/`)).status, 404);
  });

  it('a project has fewer fields; others in a PATCH are ignored with 200', async () => {
    const path = `/api/projects/${SHOP}/`;
    const project = objectOf(await call('GET', path));
    for (const name of ENVIRONMENTS_ONLY) {
      assert.ok(!(name in project), name);
    }
    const answer = await call('PATCH', path, { body: { base_currency: 'GBP', timezone: 'Asia/Tokyo' } });
    assert.equal(answer.status, 200);
    const environment = objectOf(await call('GET', `/api/environments/${DEVELOPMENT}/`));
    assert.deepEqual([environment.base_currency, environment.timezone], ['EUR', 'Asia/Tokyo']);
  });

  it('has the old webhook and none of the newer fields', async () => {
    const environment = objectOf(await call('GET', `/api/environments/${DEVELOPMENT}/`));
    assert.ok('slack_incoming_webhook' in environment);
    for (const name of ['is_pending_deletion', 'session_recording_trigger_groups', 'workflows_config']) {
      assert.ok(!(name in environment), name);
    }
    const [table] = resultsOf(await call('GET', `/api/environments/${DEVELOPMENT}/warehouse_tables/`));
    assert.ok(table && !('hogql_name' in table));
  });

  it("doesn't validate what the seed era didn't", async () => {
    const path = `/api/environments/${DEVELOPMENT}/`;
    for (const body of [
      { test_account_filters: 'anything' },
      { path_cleaning_filters: [{ regex: '(' }] },
      { modifiers: { notAModifier: 1 } },
      { session_recording_linked_flag: { id: 'x', key: 'a' } },
      { app_urls: ['https://*.*.*.*.*.*.example.com'] },
    ]) {
      assert.equal((await call('PATCH', path, { body })).status, 200, JSON.stringify(body));
    }
  });

  it('tables are under the environment, under its project ID and under the project', async () => {
    for (const path of [
      `/api/environments/${DEVELOPMENT}/warehouse_tables/`,
      `/api/projects/${DEVELOPMENT}/warehouse_tables/`,
      `/api/projects/${SHOP}/warehouse_tables/`,
    ]) {
      assert.equal(objectOf(await call('GET', path)).count, 6, path);
    }
  });

  it('web vitals only under /api/environments', async () => {
    assert.equal((await call('GET', `/api/environments/${DEVELOPMENT}/web_vitals/?pathname=/`)).status, 200);
    assertError(
      await call('GET', `/api/projects/${DEVELOPMENT}/web_vitals/?pathname=/`),
      404,
      'not_found',
      'Endpoint not found.',
    );
  });

  it('creates an environment under a project, which POST /api/environments/ points to', async () => {
    const created = await call('POST', nested, { body: { name: 'Preview', timezone: 'UTC' } });
    assert.equal(created.status, 201, created.text);
    const { id, project_id: projectId, name, secret_api_token: secret } = objectOf(created);
    assert.deepEqual([projectId, name, typeof secret], [SHOP, 'Preview', 'string']);
    assert.equal((await call('GET', `${nested}${textOf(id)}/`)).status, 200);
    assertError(
      await call('POST', '/api/environments/', { body: { name: 'x' } }),
      400,
      'invalid_input',
      'Environments must be created under a specific project. Send the POST request to /api/projects/<project_id>/environments/ instead.',
    );
    assertError(
      await call('POST', nested, { body: { name: 'x', primary_dashboard: 12011 } }),
      400,
      'invalid_input',
      'Primary dashboard cannot be set on project creation.',
      'primary_dashboard',
    );
  });

  it("a plain member can't create environments (inferred message)", async () => {
    assert.equal((await call('POST', nested, { key: 'member', body: { name: 'Mine' } })).status, 403);
  });

  it('a new environment has a dashboard, a test user filter and a first day of the week', async () => {
    const created = objectOf(await call('POST', nested, { body: { name: 'Side effects' } }));
    assert.equal(typeof created.primary_dashboard, 'number');
    assert.ok(Array.isArray(created.test_account_filters) && created.test_account_filters.length === 1);
    assert.equal(typeof created.week_start_day, 'number');
    await call('DELETE', `${nested}${textOf(created.id)}/`);
  });

  it('deletes immediately', async () => {
    const { id } = objectOf(await call('POST', nested, { body: { name: 'Short-lived' } }));
    const gone = await call('DELETE', `${nested}${textOf(id)}/`);
    assert.deepEqual([gone.status, gone.text], [204, '']);
    assert.equal((await call('GET', `${nested}${textOf(id)}/`)).status, 404);
  });

  it('the plan limits the number of environments', async () => {
    for (let count = 0; count < 20; count += 1) {
      const answer = await call('POST', nested, { body: { name: `More ${count}` } });
      if (answer.status !== 201) {
        assertError(
          answer,
          403,
          'permission_denied',
          'You have reached the maximum limit of allowed environments for your current plan. Upgrade your plan to be able to create and manage more environments.',
        );
        return;
      }
    }
    assert.fail('the limit was never reached');
  });

  it("external sources don't accept keys", async () => {
    for (const name of ['external_data_sources', 'external_data_schemas']) {
      assert.equal((await call('GET', `/api/environments/${DEVELOPMENT}/${name}/`)).status, 403);
    }
  });
});

describe('sandbox: a current server (API facts 0, 4.6, 4.7; section 6 rows 3, 4, 24)', () => {
  const harness = sandboxFor();
  const { call } = harness;
  const path = `/api/projects/${STAGING}/`;

  it('nested environments are 403 before authentication, for every method', async () => {
    for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']) {
      for (const url of [`/api/projects/${SHOP}/environments/`, `/api/projects/1/environments/${STAGING}`]) {
        assertError(await call(method, url, { key: null }), 403, 'permission_denied', NESTED_GONE);
      }
    }
  });

  it('a project is an environment, with all fields', async () => {
    const project = objectOf(await call('GET', path));
    assert.deepEqual([project.id, project.project_id], [STAGING, STAGING]);
    const gone = [
      'slack_incoming_webhook',
      'experiment_recalculation_time',
      'default_experiment_confidence_level',
    ];
    for (const name of [...ENVIRONMENTS_ONLY, ...gone, 'is_pending_deletion']) {
      assert.equal(name in project, !gone.includes(name), name);
    }
  });

  it('/api/environments is an alias whose responses name its successor', async () => {
    const alias = await call('GET', `/api/environments/${STAGING}/?a=1`);
    assert.deepEqual(objectOf(alias), objectOf(await call('GET', path)));
    assert.equal(alias.headers.get('deprecation'), 'true');
    assert.equal(alias.headers.get('sunset'), 'Fri, 31 Jul 2026 00:00:00 GMT');
    assert.equal(alias.headers.get('link'), `</api/projects/${STAGING}/?a=1>; rel="successor-version"`);
    const list = await call('GET', '/api/environments/@current/warehouse_tables/?search=a/b');
    assert.equal(
      list.headers.get('link'),
      '</api/projects/@current/warehouse_tables/?search=a/b>; rel="successor-version"',
    );
    assert.deepEqual(
      resultsOf(await call('GET', '/api/environments/')),
      resultsOf(await call('GET', '/api/projects/')),
    );
    const refused = await call('GET', `/api/environments/${STAGING}/`, { key: null });
    assert.deepEqual([refused.status, refused.headers.get('deprecation')], [401, 'true']);
  });

  it("a duplicate name is 409, ignoring case; keeping one's own name isn't", async () => {
    assertError(
      await call('PATCH', path, { body: { name: 'PRODUCTION' } }),
      409,
      'conflict',
      'There is already a project called "PRODUCTION" in this organization. Choose a different name.',
    );
    assert.equal((await call('PATCH', path, { body: { name: 'Staging' } })).status, 200);
  });

  it('creates a project in an organization', async () => {
    const organizationId = textOf(objectOf(await call('GET', path)).organization);
    const url = `/api/organizations/${organizationId}/projects/`;
    const created = await call('POST', url, { body: { name: 'Preview' } });
    assert.equal(created.status, 201, created.text);
    assert.equal((await call('GET', `/api/projects/${textOf(objectOf(created).id)}/`)).status, 200);
    assert.equal((await call('POST', url, { body: { name: 'preview' } })).status, 409);
    assert.equal((await call('POST', url, { body: { name: 'Bad', timezone: 'x' } })).status, 400);
    const names = resultsOf(await call('GET', url)).map((item) => item.name);
    assert.ok(names.includes('Preview') && !names.includes('Bad'));
  });

  it('D: the plan limits the number of projects, not counting demo projects', async () => {
    const organizationId = textOf(harness.sandbox.control.environment(2100).organization);
    const url = `/api/organizations/${organizationId}/projects/`;
    // The plan allows one, and the existing one is a demo.
    assert.equal((await call('POST', url, { body: { name: 'First' } })).status, 201);
    const refused = await call('POST', url, { body: { name: 'Second' } });
    assert.equal(refused.status, 403);
    assert.match(
      textOf(objectOf(refused).detail),
      /^You have reached the maximum limit of allowed projects for your current plan/,
    );
  });

  it('members can create environments if the organization allows it, but not set admin fields', async () => {
    const organizationId = textOf(objectOf(await call('GET', path)).organization);
    harness.sandbox.control.setFeature(organizationId, 'members_can_create_projects', true);
    const url = `/api/organizations/${organizationId}/projects/`;
    assertError(
      await call('POST', url, { key: 'member', body: { name: 'M', timezone: 'UTC', app_urls: [] } }),
      403,
      'permission_denied',
      'Only organization admins can set these settings on project creation: app_urls, timezone',
    );
    assert.equal((await call('POST', url, { key: 'member', body: { name: 'M' } })).status, 201);
  });

  it('D: a deletion is scheduled 48 hours ahead, and can be canceled', async () => {
    const url = `/api/projects/${STAGING}/`;
    const first = await call('DELETE', url);
    assert.deepEqual([first.status, first.text], [204, '']);
    const pending = objectOf(await call('GET', url));
    assert.equal(pending.is_pending_deletion, true);
    const hours = (Date.parse(textOf(pending.deletion_scheduled_at)) - Date.now()) / 3_600_000;
    assert.ok(hours > 47.9 && hours <= 48, `${hours} hours`);
    assertError(await call('DELETE', url), 400, 'invalid_input', 'This project is already being deleted.');
    harness.sandbox.control.cancelDeletion(STAGING);
    const kept = objectOf(await call('GET', url));
    assert.deepEqual([kept.is_pending_deletion, kept.deletion_scheduled_at], [false, null]);
  });

  for (const prefix of ['projects', 'environments']) {
    it(`D: a project without data is deleted immediately through /api/${prefix}/, and its ID is never reused`, async () => {
      const organizationId = textOf(objectOf(await call('GET', path)).organization);
      const url = `/api/organizations/${organizationId}/projects/`;
      const created = await call('POST', url, { body: { name: `Gone from ${prefix}` } });
      const id = Number(objectOf(created).id);
      const gone = await call('DELETE', `/api/${prefix}/${id}/`);
      assert.equal(gone.status, 204);
      assert.equal(gone.headers.get('deprecation'), prefix === 'environments' ? 'true' : null);
      assert.equal((await call('GET', `/api/projects/${id}/`)).status, 404);
      const next = await call('POST', url, { body: { name: `After ${prefix}` } });
      assert.ok(Number(objectOf(next).id) > id);
    });
  }

  it('a deletion is rejected during a migration and with a managed warehouse (inferred message)', async () => {
    const organizationId = textOf(objectOf(await call('GET', path)).organization);
    for (const [feature, detail] of [
      [
        'deletion_disabled',
        'Team deletion is temporarily disabled during database migration. Please try again later.',
      ],
      ['managed_warehouse', 'This project has a managed warehouse attached. Remove it first.'],
    ] as const) {
      harness.sandbox.control.setFeature(organizationId, feature, true);
      assertError(await call('DELETE', path), 400, 'invalid_input', detail);
      harness.sandbox.control.setFeature(organizationId, feature, false);
    }
    assert.equal(objectOf(await call('GET', path)).is_pending_deletion, false);
  });

  it('a create rejects a dashboard, and lists are basic', async () => {
    const organizationId = textOf(objectOf(await call('GET', path)).organization);
    assertError(
      await call('POST', `/api/organizations/${organizationId}/projects/`, {
        body: { name: 'x', primary_dashboard: 12011 },
      }),
      400,
      'invalid_input',
      'Primary dashboard cannot be set on project creation.',
      'primary_dashboard',
    );
    const [first] = resultsOf(await call('GET', '/api/projects/'));
    assert.deepEqual(Object.keys(first ?? {}), BASIC);
  });

  it("the last project of an organization with a subscription can't be deleted", async () => {
    const { organization } = harness.sandbox.control.environment(2100);
    for (const environment of [...harness.sandbox.control.environmentIds()]) {
      if (
        environment !== 2100 &&
        harness.sandbox.control.environment(environment).organization === organization
      ) {
        harness.sandbox.control.removeEnvironment(environment);
      }
    }
    harness.sandbox.control.setFeature(textOf(organization), 'active_subscription', true);
    assertError(
      await call('DELETE', '/api/projects/2100/'),
      400,
      'invalid_input',
      'Cannot delete the last project in an organization with an active subscription. Please cancel your subscription first in the billing page.',
    );
  });

  it('add_product_intent returns 201', async () => {
    assert.equal(
      (await call('PATCH', `${path}add_product_intent/`, { body: { product_type: 'surveys' } })).status,
      201,
    );
  });

  it('the audit log is a paid feature: 402 without it', async () => {
    const answer = await call('GET', '/api/projects/2100/activity_log/');
    assert.deepEqual(
      [answer.status, objectOf(answer).code, objectOf(answer).type],
      [402, 'payment_required', 'server_error'],
    );
  });

  it('the audit log is paged by cursor, or by number on request', async () => {
    for (const rate of ['0.1', '0.2', '0.3']) {
      await call('PATCH', path, { body: { session_recording_sample_rate: rate } });
    }
    const first = objectOf(await call('GET', `${path}activity_log/?page_size=2`));
    assert.ok(!('count' in first));
    assert.match(textOf(first.next), /cursor=/);
    const second = await call('GET', textOf(first.next).replace(/^https?:\/\/[^/]+/, ''));
    assert.ok(resultsOf(second).length > 0);
    const numbered = objectOf(await call('GET', `${path}activity_log/?page=1&page_size=2`));
    assert.equal(typeof numbered.count, 'number');
  });

  it('external sources accept external_data_source:read', async () => {
    const [source] = resultsOf(await call('GET', `/api/projects/${DEVELOPMENT}/external_data_sources/`));
    assert.equal(source?.source_type, 'Stripe');
  });
});

describe('sandbox: the redirect phase of June 2026 (API facts 0)', () => {
  const { call } = sandboxFor({ redirectEnvironments: true });

  it('responds 307 with the location and the headers, and following it carries out the write', async () => {
    const body = { timezone: 'Asia/Tokyo' };
    const answer = await call('PATCH', `/api/environments/${STAGING}/?x=1`, { body });
    assert.equal(answer.status, 307);
    assert.equal(answer.headers.get('deprecation'), 'true');
    const location = answer.headers.get('location') ?? '';
    assert.equal(location, `/api/projects/${STAGING}/?x=1`);
    assert.equal(objectOf(await call('PATCH', location, { body })).timezone, 'Asia/Tokyo');
  });
});

describe('sandbox: deletions complete on their own', () => {
  let nowMs = Date.UTC(2026, 2, 1);
  const scenario = {
    organizations: [
      {
        name: 'A',
        projects: [
          { id: 7, name: 'Soon', environments: [{ id: 7, name: 'Soon', deletion_seconds: 30 }] },
          { id: 8, name: 'Later', environments: [{ id: 8, name: 'Later' }] },
        ],
      },
    ],
    users: [
      { id: 1, first_name: 'A', email: 'a@example.com', memberships: [{ organization: 'A', level: 15 }] },
    ],
  };
  const { call } = sandboxFor({ scenario, now: () => new Date(nowMs) });

  for (const [what, url, afterMs] of [
    ['after deletion_seconds', '/api/projects/7/', 30_000],
    ['D: after 48 hours by default', '/api/projects/8/', 48 * 3_600_000],
  ] as const) {
    it(what, async () => {
      assert.equal((await call('DELETE', url)).status, 204);
      nowMs += afterMs - 1000;
      assert.equal(objectOf(await call('GET', url)).is_pending_deletion, true);
      nowMs += 1000;
      assert.equal((await call('GET', url)).status, 404);
    });
  }
});
