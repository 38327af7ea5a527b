import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Action } from '../../src/operations/actions';
import { FailureNode } from '../../src/tree/failureNode';
import { DEVELOPMENT, HostBench, PRODUCTION, STAGING } from './support/bench';
import { eventually, labelOf } from './support/tree';
import { TreeWalk } from './support/treeWalk';

function idOf(table: { id?: unknown } | undefined): string {
  assert.ok(typeof table?.id === 'string');
  return table.id;
}

const COMPANY = 'Hedgehog Outfitters';

describe('the tree on a current server', () => {
  let bench: HostBench;
  let tree: TreeWalk;
  beforeEach(async () => {
    bench = await HostBench.start();
    tree = new TreeWalk(bench);
  });
  afterEach(() => bench.stop());

  it('leads from connection to organization, environment, settings and tables, and columns', async () => {
    assert.deepEqual(await tree.labels(), [COMPANY, 'Example Labs']);
    assert.deepEqual(await tree.labels(COMPANY), ['Development', 'Staging', 'Production']);
    assert.deepEqual(await tree.labels(COMPANY, 'Development'), ['Settings', 'Warehouse tables']);
    const groups = await tree.labels(COMPANY, 'Development', 'Settings');
    assert.equal(groups[0], 'General');
    assert.ok(groups.length > 10);
    assert.deepEqual(await tree.labels(COMPANY, 'Development', 'Warehouse tables'), [
      'orders',
      'products',
      'newsletter_signups',
      'price_list',
      'stripe_customer',
      'stripe_charge',
    ]);
    assert.deepEqual(await tree.labels(COMPANY, 'Development', 'Warehouse tables', 'price_list'), [
      'sku',
      'price',
      'valid_from',
    ]);
  });

  it('describes each row', async () => {
    const row = async (...path: string[]): Promise<vscode.TreeItem> => tree.item(...path);
    assert.equal((await row(COMPANY)).description, 'owner');
    assert.equal((await row(COMPANY, 'Development')).description, `${DEVELOPMENT} · Europe/Berlin`);
    const tables = [COMPANY, 'Development', 'Warehouse tables'];
    assert.equal((await row(...tables, 'orders')).description, 'Parquet · 7 columns');
    assert.equal(
      (await row(...tables, 'price_list')).description,
      'CSV with header · 3 columns · 1 unreadable',
    );
    assert.match(String((await row(...tables, 'stripe_charge')).description), /Stripe/);
    assert.match(
      String((await row(...tables, 'price_list', 'price')).description),
      /^integer · doesn't match/,
    );
  });

  it('gives each kind of row its context value', async () => {
    const value = async (...path: string[]): Promise<string | undefined> =>
      (await tree.item(...path)).contextValue;
    const tables = [COMPANY, 'Development', 'Warehouse tables'];
    assert.equal(await value(), 'connection refreshable server');
    assert.equal(await value(COMPANY), 'organization refreshable creatable');
    assert.equal(
      await value(COMPANY, 'Development'),
      'environment refreshable writable creatable unprotected',
    );
    assert.equal(await value(COMPANY, 'Development', 'Settings'), 'settings');
    assert.equal(await value(COMPANY, 'Development', 'Settings', 'General'), 'group');
    assert.equal(await value(...tables), 'tables refreshable writable');
    assert.equal(await value(...tables, 'orders'), 'table linked writable rereadable');
    assert.equal(await value(...tables, 'stripe_charge'), 'table managed writable rereadable');
    assert.equal(await value(...tables, 'orders', 'total'), 'column linked writable retypable');
    assert.equal(await value(...tables, 'price_list', 'price'), 'column linked invalid writable retypable');
    assert.equal(await value(...tables, 'stripe_charge', 'paid'), 'column managed writable');
  });

  it('has unique IDs, which stay the same after a refresh', async () => {
    const ids = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const path of [
        [],
        [COMPANY],
        [COMPANY, 'Development'],
        [COMPANY, 'Development', 'Settings'],
        [COMPANY, 'Development', 'Warehouse tables'],
        [COMPANY, 'Development', 'Warehouse tables', 'orders'],
      ]) {
        found.push(...(await tree.children(...path)).map(({ id }) => id));
      }
      return found;
    };
    const first = await ids();
    assert.equal(new Set(first).size, first.length);
    await bench.run('refresh');
    assert.deepEqual(await ids(), first);
  });

  it("sends nothing until it's expanded, then one request", async () => {
    await tree.children();
    assert.deepEqual(bench.calls(), ['GET /api/organizations/']);
    bench.clear();
    await tree.children();
    await tree.children(COMPANY, 'Development', 'Settings');
    const asked = bench.calls();
    await tree.children(COMPANY, 'Development', 'Settings');
    assert.deepEqual(bench.calls(), asked);
    assert.ok(!asked.some((call) => call.includes('warehouse_tables')));
  });

  it('loads all pages with one request each', async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    await tree.children(COMPANY);
    bench.clear();
    assert.equal((await tree.children(...path)).length, 101);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.equal((await tree.item(...path, 'Load more…')).description, '100 of 260');
    await tree.run('loadMore', ...path, 'Load more…');
    assert.equal((await tree.item(...path, 'Load more…')).description, '200 of 260');
    await tree.run('loadMore', ...path, 'Load more…');
    const labels = await tree.labels(...path);
    assert.equal(labels.length, 260);
    assert.equal(new Set(labels).size, 260);
    assert.deepEqual(
      bench.requests().map(({ query }) => query.offset),
      ['0', '99', '199'], // Each page starts with the last row of the previous one.
    );
  });

  it('a refresh while rows are loading delays them: VS Code would keep an empty answer', async () => {
    const tables = await tree.find(COMPANY, 'Staging', 'Warehouse tables');
    const { control } = bench.sandbox;
    control.addFault({
      route: { method: 'GET', path: '/api/projects/1202/warehouse_tables' },
      kind: 'latency',
      delayMs: 120_000,
      times: 1,
    });
    bench.clear();
    const rows = bench.services.provider.getChildren(tables);
    await eventually(() => bench.calls().length === 1, 'the request');
    await bench.run('refresh', tables);
    assert.ok((await rows).map(labelOf).includes('staging_export_12'));
    assert.equal(bench.calls().length, 2);
  });

  it('requests a page once, however often Load More is pressed', async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    const more = await tree.find(...path, 'Load more…');
    bench.clear();
    await Promise.all([bench.run('loadMore', more), bench.run('loadMore', more)]);
    assert.deepEqual(bench.methods(), ['GET']);
    assert.equal((await tree.labels(...path)).length, 201);
  });

  it('shows a row once if it moved to the next page meanwhile', async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    await tree.children(...path);
    const [first] = bench.control.tables(PRODUCTION);
    // A removed row moves all others up, so the next page would miss one, which a refresh finds.
    bench.control.patchTable(PRODUCTION, idOf(first), { deleted: true });
    await tree.run('loadMore', ...path, 'Load more…');
    await bench.run('refresh', await tree.find(...path));
    const labels = await tree.labels(...path);
    assert.equal(new Set(labels).size, labels.length);
  });

  it('B9: Load more skips no row if one above it was deleted meanwhile', async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    await tree.children(...path);
    const before = bench.control.tables(PRODUCTION).map(({ name }) => JSON.stringify(name));
    const [first] = bench.control.tables(PRODUCTION);
    bench.control.patchTable(PRODUCTION, idOf(first), { deleted: true });
    await tree.run('loadMore', ...path, 'Load more…');
    const labels = await tree.labels(...path);
    assert.deepEqual(
      before.slice(1, 101).filter((name) => !labels.map((label) => JSON.stringify(label)).includes(name)),
      [],
      'rows that a deletion moved to the previous page',
    );
    assert.ok(
      !labels.map((label) => JSON.stringify(label)).includes(before[0] ?? ''),
      'the deleted row is still there',
    );
  });

  it("C3: a server that keeps sending the same page doesn't keep the tree loading, and the list says so", async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    await tree.children(...path);
    bench.fail('GET', 'same-page', 10);
    await tree.run('loadMore', ...path, 'Load more…');
    const rows = await tree.children(...path);
    assert.match(rows.at(-1)?.item().description?.toString() ?? '', /May be incomplete/);
  });

  it('keeps as many rows as were loaded when it is refreshed', async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    await tree.children(...path);
    await tree.run('loadMore', ...path, 'Load more…');
    bench.clear();
    await bench.run('refresh', await tree.find(...path));
    assert.equal((await tree.labels(...path)).length, 201);
    assert.deepEqual(
      bench.requests().map(({ query }) => query.offset),
      ['0', '99'],
    );
  });

  it('keeps the rows if Load more fails, says why, and retries', async () => {
    const path = [COMPANY, 'Production', 'Warehouse tables'];
    await tree.children(...path);
    bench.fail('GET', 'status-500');
    await tree.run('loadMore', ...path, 'Load more…');
    const rows = await tree.children(...path);
    assert.equal(rows.length, 101);
    const last = rows.at(-1)?.item();
    assert.equal(last?.contextValue, 'failure');
    assert.match(labelOf(rows.at(-1)!), /HTTP 500/);
    await bench.run('retry', rows.at(-1));
    assert.equal((await tree.labels(...path)).length, 201);
  });

  it('shows why a row failed, with Retry, never as an empty list', async () => {
    await tree.children(COMPANY, 'Development');
    bench.fail('GET', 'html-502');
    const rows = await tree.children(COMPANY, 'Development', 'Warehouse tables');
    assert.equal(rows.length, 1);
    assert.match(labelOf(rows[0]!), /web page instead of data/);
    await bench.run('retry', rows[0]);
    assert.equal((await tree.labels(COMPANY, 'Development', 'Warehouse tables')).length, 6);
  });

  it('10.5: offers what helps with a failure, or nothing if nothing does', async () => {
    const [company] = await tree.children();
    const shown = (action?: Action) => {
      const item = new FailureNode(company!, 'It failed.', action).item();
      return [item.description, item.command?.command.split('.').at(-1), item.contextValue];
    };
    assert.deepEqual(shown({ kind: 'retry' }), ['Retry', 'retry', 'failure']);
    assert.deepEqual(shown({ kind: 'showLog' }), ['Show Log', 'showLog', 'note']);
    const replaceKey: Action = { kind: 'replaceKey', connectionId: bench.connectionId };
    assert.deepEqual(shown(replaceKey), ['Replace Key…', 'replaceKey', 'failure']);
    assert.deepEqual(shown(), [undefined, undefined, 'note']);
  });

  it('says so if there is nothing', async () => {
    for (const table of bench.control.tables(STAGING)) {
      bench.control.patchTable(STAGING, idOf(table), { deleted: true });
    }
    const [row, ...more] = await tree.children(COMPANY, 'Staging', 'Warehouse tables');
    assert.equal(row?.item().description, 'No warehouse tables');
    assert.deepEqual(more, []);
  });

  it('shows a renamed environment and table after a save, without a request', async () => {
    const client = await bench.services.connections.client(bench.connectionId);
    await tree.children(COMPANY, 'Development', 'Warehouse tables');
    const { signal } = new AbortController();
    const ref = { id: DEVELOPMENT, projectId: DEVELOPMENT };
    const detail = await client.patchEnvironment(ref, { name: 'Dev' }, signal);
    const { connectionId } = bench;
    bench.clear();
    bench.services.changes.fire({ kind: 'environment', connectionId, environment: ref, detail });
    await bench.services.provider.settled();
    assert.ok((await tree.labels(COMPANY)).includes('Dev'));
    assert.deepEqual(bench.calls(), []);
  });

  it('aborts its requests when the connection is removed', async () => {
    await tree.children(COMPANY, 'Development');
    bench.control.addFault({ route: { path: '/api/' }, times: 1, kind: 'latency', delayMs: 300 });
    const node = await tree.find(COMPANY, 'Development', 'Warehouse tables');
    bench.clear();
    const loading = bench.services.provider.getChildren(node);
    await bench.asked('GET');
    await bench.services.connections.remove(bench.connectionId);
    assert.equal((await loading).length, 0, "a canceled list isn't a failure");
  });
});

describe('the tree on a documented server', () => {
  let bench: HostBench;
  let tree: TreeWalk;
  beforeEach(async () => {
    bench = await HostBench.start({ generation: 'documented' });
    tree = new TreeWalk(bench);
  });
  afterEach(() => bench.stop());

  it('shows a project only if it has more than one environment', async () => {
    assert.deepEqual(await tree.labels(COMPANY), ['Online shop']);
    assert.equal((await tree.item(COMPANY, 'Online shop')).contextValue, 'project refreshable creatable');
    assert.deepEqual(await tree.labels(COMPANY, 'Online shop'), ['Development', 'Staging', 'Production']);
    assert.deepEqual(await tree.labels('Example Labs'), ['Playground']);
    assert.match((await tree.item('Example Labs', 'Playground')).contextValue ?? '', /^environment/);
    assert.equal((await tree.labels(COMPANY, 'Online shop', 'Production', 'Warehouse tables')).length, 101);
  });

  it('shows the second environment of a project after the organization is refreshed', async () => {
    assert.deepEqual(await tree.labels('Example Labs'), ['Playground']);
    const client = await bench.services.connections.client(bench.connectionId);
    const organization = await tree.find('Example Labs');
    assert.ok(organization.entry?.kind === 'organization');
    await client.createEnvironment(
      { organizationId: organization.entry.organizationId, projectId: 2100 },
      { name: 'Second' },
      new AbortController().signal,
    );
    await bench.run('refresh', organization);
    assert.deepEqual(await tree.labels('Example Labs', 'Playground'), ['Playground', 'Second']);
  });
});

describe('the tree of a server that is upgraded meanwhile', () => {
  for (const key of ['admin', 'read'] as const) {
    it(`works again after a refresh, ${key === 'admin' ? '' : 'also '}for the key ${key}`, async () => {
      const bench = await HostBench.start({ generation: 'documented', key });
      try {
        const tree = new TreeWalk(bench);
        if (key === 'read') {
          bench.control.setKeyScopes('read', ['project:read', 'warehouse_table:read']);
        }
        await bench.services.connections.refreshAccess(bench.connectionId, new AbortController().signal);
        const path = key === 'read' ? [] : [COMPANY];
        assert.equal((await tree.labels(...path, 'Online shop'))[0], 'Development');
        bench.control.setGeneration('current');
        await bench.run('refresh', await tree.find(...path, 'Online shop'));
        const [failure] = await tree.children(...path, 'Online shop');
        assert.ok(failure);
        assert.match(labelOf(failure), /Refresh the connection/);
        await tree.run('refresh');
        assert.deepEqual(await tree.labels(...path), ['Development', 'Staging', 'Production']);
        assert.equal((await tree.labels(...path, 'Development', 'Warehouse tables'))[0], 'orders');
        assert.equal(bench.connection.profile?.generation, 'current');
      } finally {
        await bench.stop();
      }
    });
  }
});

for (const generation of ['current', 'documented'] as const) {
  describe(`the tree with limited keys on a ${generation} server`, () => {
    let bench: HostBench;
    let tree: TreeWalk;
    afterEach(() => bench.stop());
    const start = async (options: Parameters<typeof HostBench.start>[0]): Promise<void> => {
      bench = await HostBench.start({ generation, ...options });
      tree = new TreeWalk(bench);
    };
    const shop = generation === 'current' ? [] : ['Online shop'];

    it('lists the environments of a project-scoped key', async () => {
      await start({ key: 'projectScoped' });
      const ids = bench.access?.scopedTeams ?? [];
      assert.ok(ids.length > 0);
      const rows = await tree.children();
      assert.deepEqual(
        rows.map((row) => row.item().label),
        ['Development'],
      );
      assert.equal((await tree.labels('Development', 'Warehouse tables'))[0], 'orders');
    });

    it("says which environments such a key can't access, and shows the others", async () => {
      await start({ key: 'projectScoped' });
      const limitedTo = async (...ids: number[]): Promise<void> => {
        const access = { scopes: ['*'], scopedTeams: ids, scopedOrganizations: [] };
        await bench.services.connections.replaceKey(
          bench.connectionId,
          bench.sandbox.keys.projectScoped,
          access,
        );
      };
      await limitedTo(STAGING, DEVELOPMENT, 9999, PRODUCTION);
      const rows = (await tree.children()).map((row) => row.item());
      assert.equal(rows[0]?.label, 'Development');
      assert.match(String(rows[1]?.description), /^This key can't access environments 1202.* 1203$/);
      assert.equal(rows.length, 2);
      await limitedTo(STAGING);
      const [row] = await tree.children();
      assert.equal(row?.item().contextValue, 'failure');
      assert.match(labelOf(row), /limited to other projects/);
    });

    it('lists the organization of an organization-scoped key', async () => {
      await start({ key: 'organizationScoped' });
      const labels = await tree.labels();
      assert.equal(labels.length, 1);
      assert.ok((await tree.labels(String(labels[0]))).length > 0);
    });

    it('lists environments for a key without organization:read', async () => {
      await start({ key: 'read' });
      bench.control.setKeyScopes('read', ['project:read', 'warehouse_table:read']);
      await bench.services.connections.refreshAccess(bench.connectionId, new AbortController().signal);
      assert.deepEqual(await tree.labels(...shop), ['Development', 'Staging', 'Production']);
      assert.equal((await tree.labels(...shop, 'Development', 'Warehouse tables'))[0], 'orders');
    });

    it('names the missing scope', async () => {
      await start({ key: 'none' });
      const [row] = await tree.children();
      assert.equal(row?.item().contextValue, 'failure');
      assert.match(labelOf(row), /project:read|organization:read/);
    });

    it('B8: offers another key if the key is the reason, and retrying otherwise', async () => {
      await start({ key: 'none' });
      const [refused] = await tree.children();
      const item = refused?.item();
      assert.equal(item?.description, 'Replace Key…');
      assert.deepEqual(item.command?.arguments, [{ connectionId: bench.connectionId }]);
      bench.fail('GET', 'html-502', 9);
      const [failed] = await tree.children();
      assert.equal(failed?.item().description, 'Retry');
    });

    it('marks nothing as writable for a read-only key', async () => {
      await start({ key: 'read' });
      assert.equal((await tree.item(COMPANY)).contextValue, 'organization refreshable');
      const value = (await tree.item(COMPANY, ...shop, 'Development')).contextValue ?? '';
      assert.ok(!value.includes('writable') || generation === 'documented', value);
    });
  });
}
