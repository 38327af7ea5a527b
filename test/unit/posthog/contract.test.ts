import assert from 'node:assert/strict';
import { startSandbox } from '../../../src/sandbox';
import type { KeyName, Sandbox } from '../../../src/sandbox';
import type { PostHogClient } from '../../../src/posthog/client';
import type { ClientOptions } from '../../../src/posthog/client';
import type { EnvironmentRef, Page } from '../../../src/posthog/models';
import { clientOf, never, rejected, uploadFile } from './server';

/** Development has tables with rows and credentials; production has more tables than fit on a page. */
const DEVELOPMENT = 1201;
const PRODUCTION = 1203;

for (const generation of ['current', 'documented'] as const) {
  const isCurrent = generation === 'current';
  const refTo = (id: number): EnvironmentRef => ({ id, projectId: isCurrent ? id : 1201 });
  const development = refTo(DEVELOPMENT);
  const production = refTo(PRODUCTION);

  describe(`the client against the sandbox, ${generation} generation`, () => {
    let sandbox: Sandbox;
    let client: PostHogClient;

    const clientWith = (key: KeyName, options: Partial<Omit<ClientOptions, 'profile'>> = {}) =>
      clientOf({ origin: sandbox.url }, { profile: null, key: async () => sandbox.keys[key], ...options });

    beforeEach(async () => {
      sandbox = await startSandbox({ generation, fileUpload: true, allowKeyUpdateSchema: true });
      client = clientWith('admin');
    });
    afterEach(() => sandbox.close());

    it('sends no writes to an environment that is read-only here, but still reads it', async () => {
      client = clientWith('admin', {
        whyReadOnly: async (id) => (id === PRODUCTION ? { what: 'Read-only.', remedy: '' } : undefined),
      });
      await known(production);
      const body = { name: 'Example' };
      const { id: table } = sandbox.control.tables(PRODUCTION)[0] ?? {};
      assert.ok(typeof table === 'string');
      const writes: readonly (() => Promise<unknown>)[] = [
        () => client.patchEnvironment(production, body, never()),
        () => client.deleteEnvironment(production, never()),
        () => client.createTable(production, body, never()),
        () => client.patchTable(production, table, body, never()),
        () => client.deleteTable(production, table, never()),
        () => client.refreshSchema(production, table, never()),
        () => client.updateSchema(production, table, { id: 'string' }, never()),
      ];
      for (const write of writes) {
        assert.equal((await rejected(write())).kind, 'read-only');
      }
      assert.deepEqual(asked(), []);
      assert.equal((await client.getEnvironment(production, never())).id, PRODUCTION);
      assert.equal((await client.patchEnvironment(development, body, never())).name, 'Example');
    });

    /** Requests since the probes, as `METHOD path`. */
    const asked = () => sandbox.control.requests().map(({ method, path }) => `${method} ${path}`);

    async function known(ref = development): Promise<PostHogClient> {
      await client.detect({ projectId: ref.projectId, environmentId: ref.id }, never());
      sandbox.control.clearRequests();
      return client;
    }

    async function all<T>(
      load: (offset: number) => Promise<Page<T>>,
    ): Promise<{ items: T[]; pages: number }> {
      const items: T[] = [];
      let pages = 0;
      for (let offset: number | undefined = 0; offset !== undefined; pages += 1) {
        const page: Page<T> = await load(offset);
        assert.equal(page.unreadable, 0);
        items.push(...page.items);
        offset = page.nextOffset;
      }
      return { items, pages };
    }

    const tableNamed = async (ref: EnvironmentRef, name: string) => {
      const { items } = await client.listTables(ref, { offset: 0, limit: 100, search: name }, never());
      const found = items.find((table) => table.name === name);
      assert.ok(found, `there's no table ${name}`);
      return found;
    };

    it('detects the generation', async () => {
      const profile = await client.detect(
        { projectId: development.projectId, environmentId: development.id },
        never(),
      );
      assert.equal(profile.generation, generation);
      assert.equal(profile.settingsRoute, isCurrent ? 'projects' : 'nested');
    });

    it('reads keys, their owner and what they can access', async () => {
      assert.deepEqual((await client.getKeyInfo(never())).scopes, ['*']);
      assert.equal((await clientWith('projectScoped').getKeyInfo(never())).scoped_teams.length, 1);
      assert.equal(
        (await clientWith('organizationScoped').getKeyInfo(never())).scoped_organizations.length,
        1,
      );
      assert.ok((await client.getMe(never())).organizations.length > 0);
    });

    it('lists organizations, projects and environments', async () => {
      const { items } = await all((offset) => client.listOrganizations({ offset, limit: 1 }, never()));
      assert.equal(items.length, 2);
      const [shop] = items;
      assert.ok(shop);
      assert.equal(shop.membership_level, 15);
      const projects = await client.listProjects({ organizationId: shop.id, offset: 0, limit: 100 }, never());
      const list = isCurrent
        ? projects
        : await client.listEnvironments({ projectId: 1201, offset: 0, limit: 100 }, never());
      assert.deepEqual(list.items.map(({ id }) => id).toSorted(), [DEVELOPMENT, 1202, PRODUCTION]);
      assert.ok(list.items.every((item) => item.project_id === refTo(item.id).projectId));
    });

    it('reads an environment with one request, every setting included', async () => {
      await known();
      const detail = await client.getEnvironment(development, never());
      assert.equal(detail.name, 'Development');
      assert.equal(detail.raw.timezone, 'Europe/Berlin');
      assert.equal(detail.raw.base_currency, 'EUR');
      assert.equal(asked().length, 1);
    });

    it('changes settings with one request', async () => {
      await known();
      const changed = await client.patchEnvironment(development, { timezone: 'Asia/Tokyo' }, never());
      assert.equal(changed.raw.timezone, 'Asia/Tokyo');
      assert.equal(sandbox.control.environment(DEVELOPMENT).timezone, 'Asia/Tokyo');
      assert.equal(asked().length, 1);
    });

    it('reports which setting was wrong', async () => {
      const error = await rejected(
        client.patchEnvironment(development, { timezone: 'Mars/Base' }, never()),
        'validation',
      );
      assert.equal(error.attr, 'timezone');
      assert.match(error.message, /Mars\/Base/);
    });

    it('creates an environment and deletes it', async () => {
      const [shop] = (await client.listOrganizations({ offset: 0, limit: 5 }, never())).items;
      assert.ok(shop);
      const parent = { organizationId: shop.id, projectId: development.projectId };
      const created = await client.createEnvironment(parent, { name: 'Load test' }, never());
      assert.ok(sandbox.control.environmentIds().includes(created.id));
      const ref = { id: created.id, projectId: created.project_id };
      await client.deleteEnvironment(ref, never());
      await rejected(client.getEnvironment(ref, never()), 'not-found');
    });

    if (isCurrent) {
      it('deletes an environment with data later', async () => {
        const ref = refTo(1202);
        await client.deleteEnvironment(ref, never());
        assert.equal((await client.getEnvironment(ref, never())).is_pending_deletion, true);
        await rejected(client.deleteEnvironment(ref, never()), 'validation');
        sandbox.control.cancelDeletion(1202);
      });
    }

    it('reads all tables page by page, with one request each', async () => {
      await known();
      const { items, pages } = await all((offset) =>
        client.listTables(production, { offset, limit: 100 }, never()),
      );
      assert.equal(items.length, sandbox.control.tables(PRODUCTION).length);
      assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
      assert.equal(asked().length, pages);
      assert.ok(items.every((table) => table.unreadableColumns === 0));
    });

    it('reads, renames and deletes a table', async () => {
      const orders = await tableNamed(development, 'orders');
      assert.deepEqual(await client.getTable(development, orders.id, never()), orders);
      assert.ok(orders.credential);
      const renamed = await client.patchTable(development, orders.id, { name: 'orders_2026' }, never());
      assert.equal(renamed.name, 'orders_2026');
      await client.deleteTable(development, orders.id, never());
      await rejected(client.getTable(development, orders.id, never()), 'not-found');
    });

    it("reports that a name is taken, and that a synced table can't be deleted", async () => {
      const orders = await tableNamed(development, 'orders');
      const taken = await rejected(
        client.patchTable(development, orders.id, { name: 'products' }, never()),
        'validation',
      );
      assert.equal(taken.attr, 'name');
      const { items } = await client.listTables(development, { offset: 0, limit: 100 }, never());
      const synced = items.find((table) => table.external_data_source !== null);
      assert.ok(synced);
      const refused = await rejected(client.deleteTable(development, synced.id, never()), 'validation');
      assert.match(refused.message, /sourced table/);
    });

    it('links a table from storage and replaces one of its credentials', async () => {
      const created = await client.createTable(
        development,
        {
          name: 'returns',
          format: 'Parquet',
          url_pattern: 'https://hedgehog-data.s3.amazonaws.com/returns/*.parquet',
          credential: { access_key: 'sandbox-access-key', access_secret: 'sandbox-access-secret' },
        },
        never(),
      );
      assert.ok(created.columns.some(({ name }) => name === 'refunded'));
      const credential = { access_secret: 'another-secret' };
      await client.patchTable(development, created.id, { credential }, never());
      assert.deepEqual(sandbox.control.credential(DEVELOPMENT, created.id), {
        access_key: 'sandbox-access-key',
        access_secret: 'another-secret',
      });
    });

    it('changes a column type and reads the columns again, where keys can', async () => {
      const orders = await tableNamed(development, 'orders');
      const [column] = orders.columns;
      assert.ok(column);
      const update = client.updateSchema(development, orders.id, { [column.name]: 'string' }, never());
      if (!isCurrent) {
        await rejected(update, 'keys-not-supported');
        assert.equal(client.takesKeysFor('update_schema'), false);
        await rejected(client.refreshSchema(development, orders.id, never()), 'keys-not-supported');
        return;
      }
      await update;
      const changed = await client.getTable(development, orders.id, never());
      assert.equal(changed.columns[0]?.type, 'string');
      assert.equal(client.takesKeysFor('update_schema'), true);
      sandbox.control.setRefresh(DEVELOPMENT, orders.id, { columns: { only: 'integer' } });
      await client.refreshSchema(development, orders.id, never());
      const refreshed = await client.getTable(development, orders.id, never());
      assert.deepEqual(
        refreshed.columns.map(({ name, type }) => [name, type]),
        [['only', 'integer']],
      );
    });

    it('uploads a file as a table', async () => {
      const bytes = new TextEncoder().encode('id,name\n1,one\n');
      const progress: number[] = [];
      const table = await uploadFile(
        client,
        development,
        {
          name: 'uploaded',
          format: 'CSVWithNames',
          fileName: 'uploaded.csv',
          sizeBytes: bytes.byteLength,
          stream: () => new Blob([bytes]).stream(),
        },
        (sent) => progress.push(sent),
        never(),
      );
      assert.equal(table?.name, 'uploaded');
      assert.equal(progress.at(-1), bytes.byteLength);
    });

    it('distinguishes web vitals, no data, and a failed query', async () => {
      const good = await client.getWebVitals(production, '/checkout', never());
      assert.equal(good.metrics.LCP?.latest, 4600);
      assert.deepEqual([good.noData, good.queryFailed], [false, false]);
      assert.equal((await client.getWebVitals(production, '/nowhere', never())).noData, true);
      sandbox.control.setWebVitalsFailing(PRODUCTION, true);
      assert.equal((await client.getWebVitals(production, '/checkout', never())).queryFailed, true);
    });

    it('reads rows, and reports what is wrong with a query', async () => {
      const query = { sql: 'SELECT * FROM products LIMIT 2', clientQueryId: 'contract-1' };
      const result = await client.query(development, query, never());
      assert.equal(result.results.length, 2);
      assert.equal(result.columns.length, result.results[0]?.length);
      const bad = { sql: 'SELEKT nothing', clientQueryId: 'contract-2' };
      await rejected(client.query(development, bad, never()), 'validation');
      assert.equal(await client.cancelQuery(development, 'never-started', never()), false);
    });

    it('reads the activity log', async () => {
      await client.patchEnvironment(development, { timezone: 'Asia/Tokyo' }, never());
      const { items, unreadable } = await client.listActivityLog(development, undefined, never());
      assert.equal(unreadable, 0);
      assert.ok(items.some(({ changes }) => changes.some(({ field }) => field === 'timezone')));
    });

    it('names the missing scope, the invalid key and the wrong project', async () => {
      const scope = await rejected(
        clientWith('read').patchTable(development, 'x', { name: 'y' }, never()),
        'missing-scope',
      );
      assert.equal(scope.scope, 'warehouse_table:write');
      await rejected(clientWith('none').getEnvironment(development, never()), 'missing-scope');
      const bad = clientWith('admin', { key: async () => 'phx_revokedLongAgo000' });
      await rejected(bad.getEnvironment(development, never()), 'unauthorized');
      const scoped = clientWith('projectScoped');
      const [reach] = (await scoped.getKeyInfo(never())).scoped_teams;
      const other = [DEVELOPMENT, PRODUCTION].find((id) => id !== reach) ?? PRODUCTION;
      await rejected(scoped.listProjects({ offset: 0, limit: 5 }, never()), 'key-restricted');
      await rejected(scoped.listTables(refTo(other), { offset: 0, limit: 5 }, never()), 'key-restricted');
    });

    it('notices when the server is upgraded or downgraded', async () => {
      await known();
      sandbox.control.setGeneration(isCurrent ? 'documented' : 'current');
      const moved = { id: DEVELOPMENT, projectId: 1201 };
      const detail = await client.getEnvironment(moved, never());
      assert.equal(detail.raw.base_currency, 'EUR');
      assert.equal(client.profile?.generation, isCurrent ? 'documented' : 'current');
    });

    if (!isCurrent) {
      it('notices an upgrade when listing environments too', async () => {
        await known();
        sandbox.control.setGeneration('current');
        const list = client.listEnvironments({ projectId: 1201, offset: 0, limit: 5 }, never());
        await rejected(list, 'environments-gone');
        await client.getEnvironment(development, never());
        assert.equal(client.profile?.generation, 'current');
      });
    }

    describe('with faults', () => {
      const write = () => client.patchEnvironment(development, { timezone: 'Asia/Tokyo' }, never());
      const fault = (kind: Parameters<Sandbox['control']['addFault']>[0]['kind'], times = 1) =>
        sandbox.control.addFault({ route: { path: '/api/' }, kind, times, retryAfterSeconds: 2 });
      const timezone = () => sandbox.control.environment(DEVELOPMENT).timezone;
      beforeEach(() => known());

      it('retries a read on a busy server, but not a write', async () => {
        fault('status-429', 2);
        fault('status-503', 1);
        await rejected(client.getEnvironment(development, never()), 'server');
        assert.equal(asked().length, 3);
        fault('status-429');
        assert.equal((await client.getEnvironment(development, never())).name, 'Development');
        fault('status-429');
        assert.equal((await rejected(write(), 'throttled')).retryAfterSeconds, 2);
        assert.equal(timezone(), 'Europe/Berlin');
      });

      for (const [kind, expected, applied] of [
        ['status-500', 'server', false],
        ['status-500-after', 'server', true],
        ['drop-before', 'network', false],
        ['drop-after', 'network', true],
        ['html-502', 'html-answer', false],
      ] as const) {
        it(`${kind}: the outcome of a write is unknown`, async () => {
          fault(kind);
          const error = await rejected(write(), expected);
          assert.equal(error.mayHaveBeenApplied, true);
          assert.equal(timezone(), applied ? 'Asia/Tokyo' : 'Europe/Berlin');
        });
      }

      it('half-body: the outcome of a write is unknown', async () => {
        fault('half-body');
        const error = await rejected(write());
        assert.ok(['network', 'unexpected-answer'].includes(error.kind), error.kind);
        assert.equal(error.mayHaveBeenApplied, true);
        assert.equal(timezone(), 'Asia/Tokyo');
      });

      it('wrong-content-type: complete JSON is read, whatever its type', async () => {
        fault('wrong-content-type');
        assert.equal((await write()).raw.timezone, 'Asia/Tokyo');
      });

      it('a slow server causes a timeout', async () => {
        const hurried = clientWith('admin', { timeoutMs: 50 });
        sandbox.control.addFault({ route: { path: '/api/' }, kind: 'latency', delayMs: 2000 });
        await rejected(hurried.getEnvironment(development, never()), 'timeout');
      });
    });
  });
}

describe('the client during the brief redirect phase', () => {
  it('follows 307 with method, body and key', async () => {
    const sandbox = await startSandbox({ redirectEnvironments: true });
    try {
      const client = clientOf(
        { origin: sandbox.url },
        {
          key: async () => sandbox.keys.admin,
          profile: { generation: 'current', settingsRoute: 'environments' },
        },
      );
      const ref = { id: DEVELOPMENT, projectId: DEVELOPMENT };
      const changed = await client.patchEnvironment(ref, { timezone: 'Asia/Tokyo' }, never());
      assert.equal(changed.raw.timezone, 'Asia/Tokyo');
      assert.deepEqual(
        sandbox.control.requests().map(({ method, status }) => `${method} ${status}`),
        ['PATCH 307', 'PATCH 200'],
      );
    } finally {
      await sandbox.close();
    }
  });
});
