import assert from 'node:assert/strict';
import {
  columnEntries,
  environmentRef,
  tablesEntry,
  type EnvironmentEntry,
} from '../../../src/directory/entries';
import {
  environmentById,
  environmentsByName,
  environmentsOf,
  organizationsOf,
  placeOf,
} from '../../../src/directory/lookup';
import { allTables, tableNamed } from '../../../src/directory/tableLookup';
import { PendingDeletions } from '../../../src/directory/pendingDeletions';
import { mayCreate } from '../../../src/directory/rules';
import { isPostHogError } from '../../../src/posthog/errors';
import type { SandboxOptions, KeyName } from '../../../src/sandbox/index';
import { DEVELOPMENT, inBothGenerations, PLAYGROUND, PRODUCTION, STAGING } from '../sandbox/support';
import { CONNECTION, DirectoryBench, nameOf, never } from './support';

const COMPANY = 'Hedgehog Outfitters';

inBothGenerations((generation) => {
  describe('10.2: the directory', () => {
    let bench: DirectoryBench;
    const start = async (
      options: SandboxOptions & { key?: KeyName; pageSize?: number } = {},
    ): Promise<void> => {
      bench = await DirectoryBench.start({ generation, ...options });
    };
    afterEach(() => bench.stop());
    /** The parents of the three environments. */
    const shop = generation === 'current' ? [COMPANY] : [COMPANY, 'Online shop'];

    async function environment(name: string, ...path: string[]): Promise<EnvironmentEntry> {
      const entry = await bench.at(...(path.length > 0 ? path : shop), name);
      assert.ok(entry.kind === 'environment');
      return entry;
    }

    it('10.2: lists the contents of a place, with IDs that start with the place’s', async () => {
      await start();
      const organizations = await bench.below(bench.root);
      assert.deepEqual(organizations.map(nameOf), [COMPANY, 'Example Labs']);
      const found = await environment('Development');
      const projects = generation === 'current' ? '' : '/p:1201';
      assert.equal(found.id, `${organizations[0]?.id ?? ''}${projects}/e:1201`);
      const ref = environmentRef(found);
      assert.deepEqual([ref.id, ref.projectId], [DEVELOPMENT, 1201]);
      assert.ok(ref.organizationId);
      const [table] = await bench.below(tablesEntry(found));
      assert.ok(table?.kind === 'table');
      assert.equal(table.id, `${found.id}/tables/t:${table.table.id}`);
      const columns = columnEntries(table);
      assert.deepEqual(
        columns.map(({ id }) => id),
        table.table.columns.map(({ name }) => `${table.id}/c:${name}`),
      );
      assert.equal(columns.length, 7);
      assert.equal(nameOf(await bench.at('Example Labs', 'Playground')), 'Playground');
    });

    it("10.2: sends nothing until it's expanded, then one request per page", async () => {
      await start();
      bench.directory.connections();
      bench.directory.list(bench.root);
      assert.deepEqual(bench.taken(), []);
      const found = await environment('Production');
      const place = tablesEntry(found);
      bench.clear();
      await bench.below(place);
      await bench.below(place);
      assert.equal(bench.taken().length, 1);
      await bench.directory.list(place).loadAll();
      assert.equal(bench.taken().length, 2);
      assert.equal(bench.directory.list(place).items.length, 260);
    });

    it('10.2: finds environments by name and by ID, loading lists to their end', async () => {
      await start({ pageSize: 1 });
      const counts: number[] = [];
      const all = await environmentsOf(bench.directory, CONNECTION, {
        onProgress: (count) => counts.push(count),
        onCut: () => assert.fail('the list is complete'),
      });
      assert.deepEqual(all.map(nameOf), ['Development', 'Staging', 'Production', 'Playground']);
      assert.deepEqual(counts, [1, 2, 3, 4]);
      assert.deepEqual(all.map(placeOf), [...Array<string>(3).fill(shop.join(' › ')), 'Example Labs']);
      bench.clear();
      const [staging, ...more] = await environmentsByName(bench.directory, CONNECTION, 'Staging');
      assert.deepEqual([staging?.environmentId, more.length], [STAGING, 0]);
      assert.equal(
        (await environmentById(bench.directory, CONNECTION, PLAYGROUND))?.basic.name,
        'Playground',
      );
      assert.equal(await environmentById(bench.directory, CONNECTION, 9999), undefined);
      assert.deepEqual(bench.taken(), [], "what was read isn't read again");
      assert.deepEqual((await organizationsOf(bench.directory, CONNECTION)).map(nameOf), [
        COMPANY,
        'Example Labs',
      ]);
      assert.deepEqual(await environmentsOf(bench.directory, 'nobody'), []);
    });

    it('10.2: searches an ID on first pages only, if requested', async () => {
      await start({ pageSize: 1 });
      assert.equal(await environmentById(bench.directory, CONNECTION, PRODUCTION, 'first'), undefined);
      assert.ok(await environmentById(bench.directory, CONNECTION, PRODUCTION));
    });

    it('10.2: finds tables by name, on any page', async () => {
      await start();
      const client = await bench.connections.client(CONNECTION);
      const ref = environmentRef(await environment('Production'));
      const names: string[] = [];
      for await (const { name } of allTables(client, ref, never())) {
        names.push(name);
      }
      assert.equal(names.length, 260);
      const last = names.at(-1) ?? '';
      assert.equal((await tableNamed(client, ref, last, never()))?.name, last);
      assert.equal(await tableNamed(client, ref, 'no_such_table', never()), undefined);
    });

    it("10.2: lists the environments of a project-scoped key, and reports those it can't access", async () => {
      await start({ key: 'projectScoped' });
      assert.deepEqual((await bench.below(bench.root)).map(nameOf), ['Development']);
      assert.equal(
        mayCreate(bench.connections, CONNECTION),
        generation === 'documented',
        'such a key can only create in projects that hold several environments',
      );
      await bench.limitTo('projectScoped', { scopedTeams: [STAGING, DEVELOPMENT, 9999, PRODUCTION] });
      assert.deepEqual((await bench.below(bench.root)).map(nameOf), ['Development']);
      const list = bench.directory.list(bench.root);
      assert.deepEqual([...list.refused].sort(), [STAGING, PRODUCTION]);
      assert.deepEqual([list.left, list.hasMore], [0, false]);
      await bench.limitTo('projectScoped', { scopedTeams: [STAGING] });
      await assert.rejects(
        bench.below(bench.root),
        (error) => isPostHogError(error) && error.kind === 'key-restricted',
      );
    });

    it("10.2: reports how many environments of a scoped key weren't requested", async () => {
      await start({ key: 'projectScoped' });
      const scopedTeams = [DEVELOPMENT, ...Array.from({ length: 204 }, (_, index) => 90_000 + index)];
      await bench.limitTo('projectScoped', { scopedTeams });
      assert.deepEqual((await bench.below(bench.root)).map(nameOf), ['Development']);
      assert.equal(bench.directory.list(bench.root).left, 5);
    });

    it('10.2: lists the organization of an organization-scoped key', async () => {
      await start({ key: 'organizationScoped' });
      const [only, ...more] = await bench.below(bench.root);
      assert.ok(only?.kind === 'organization');
      assert.deepEqual(more, []);
      assert.ok((await bench.below(only)).length > 0);
    });

    it("10.2: lists projects, or environments, for a key that can't list organizations", async () => {
      await start({ key: 'read' });
      bench.control.setKeyScopes('read', ['project:read', 'warehouse_table:read']);
      await bench.connections.refreshAccess(CONNECTION, never());
      const kinds = new Set((await bench.below(bench.root)).map(({ kind }) => kind));
      assert.deepEqual([...kinds], [generation === 'current' ? 'environment' : 'project']);
      assert.deepEqual(await organizationsOf(bench.directory, CONNECTION), []);
      const [found] = await environmentsByName(bench.directory, CONNECTION, 'Staging');
      assert.equal(found?.environmentId, STAGING);
    });

    it('10.2: reports a missing scope, and retries afterwards', async () => {
      await start({ key: 'none' });
      await assert.rejects(
        bench.below(bench.root),
        (error) => isPostHogError(error) && error.kind === 'missing-scope',
      );
      assert.deepEqual(bench.directory.list(bench.root).items, []);
      await bench.limitTo('admin', {});
      assert.equal((await bench.below(bench.root)).length, 2);
    });

    it('10.2: shows a renamed environment and table without a request, including below them', async () => {
      await start();
      const found = await environment('Development');
      const [table] = await bench.below(tablesEntry(found));
      assert.ok(table?.kind === 'table');
      const ref = environmentRef(found);
      const client = await bench.connections.client(CONNECTION);
      const detail = await client.getEnvironment(ref, never());
      bench.clear();
      bench.changes.fire({
        kind: 'environment',
        connectionId: CONNECTION,
        environment: ref,
        detail: { ...detail, name: 'Dev' },
      });
      bench.changes.fire({
        kind: 'table',
        connectionId: CONNECTION,
        environment: ref,
        table: { ...table.table, name: 'renamed' },
      });
      await bench.directory.settled();
      assert.deepEqual(bench.changed, [found.id, table.id]);
      assert.equal(table.parent.parent.basic.name, 'Dev');
      assert.equal(bench.marks.nameOf(CONNECTION, DEVELOPMENT), 'Dev');
      assert.equal(table.table.name, 'renamed');
      assert.deepEqual(bench.taken(), []);
    });

    it('10.2: reloads only the lists that a change makes outdated', async () => {
      await start();
      const found = await environment('Development');
      const place = tablesEntry(found);
      const other = tablesEntry(await environment('Staging'));
      await bench.below(place);
      await bench.below(other);
      bench.clear();
      bench.changes.fire({ kind: 'tables', connectionId: CONNECTION, environment: environmentRef(found) });
      await bench.directory.settled();
      assert.deepEqual(bench.changed, [place.id]);
      await bench.below(place);
      await bench.below(other);
      assert.equal(bench.taken().length, 1);
      bench.changes.fire({ kind: 'environments', connectionId: CONNECTION });
      await bench.directory.settled();
      assert.deepEqual(bench.changed, [bench.root.id]);
      await environment('Development');
      await bench.below(other);
      assert.ok(bench.taken().length >= 3, 'children are read again, too');
    });

    it("10.2: a change announced while a list is loading isn't lost", async () => {
      await start();
      const found = await environment('Development');
      const ref = environmentRef(found);
      const client = await bench.connections.client(CONNECTION);
      const detail = await client.getEnvironment(ref, never());
      bench.directory.refresh(bench.root);
      const listed = environmentsOf(bench.directory, CONNECTION);
      await listed;
      bench.directory.refresh(found.parent);
      const list = bench.directory.list(found.parent);
      const loading = list.load();
      bench.changes.fire({
        kind: 'environment',
        connectionId: CONNECTION,
        environment: ref,
        detail: { ...detail, name: 'Told' },
      });
      await Promise.all([loading, bench.directory.settled()]);
      assert.ok(list.items.map(nameOf).includes('Told'));
    });

    it('10.2: aborts the requests of a removed connection, and forgets what only an old key could see', async () => {
      await start();
      await environment('Development');
      const list = bench.directory.list(bench.root);
      const { signal } = list;
      await bench.limitTo('read', { scopes: ['organization:read', 'project:read'] });
      assert.ok(signal.aborted);
      const after = bench.directory.list(bench.root).signal;
      bench.clear();
      await bench.connections.remove(CONNECTION);
      assert.ok(after.aborted);
      assert.deepEqual(bench.changed, [undefined]);
      assert.deepEqual(bench.directory.connections(), []);
    });

    it('10.2: refreshing everything reloads everything when it is next shown', async () => {
      await start();
      const before = await environment('Development');
      bench.clear();
      bench.directory.refresh();
      assert.deepEqual(bench.changed, [undefined]);
      assert.deepEqual(bench.taken(), []);
      const after = await environment('Development');
      assert.ok(bench.taken().length > 0);
      assert.equal(after.id, before.id);
    });

    it('10.2: a list that answers after everything was refreshed leaves the rows of today alone', async () => {
      await start();
      bench.control.addFault({
        route: { method: 'GET', path: '/api/organizations' },
        kind: 'latency',
        delayMs: 500,
        times: 1,
      });
      const late = bench.below(bench.root);
      await bench.requested('GET /api/organizations/');
      bench.directory.refresh();
      const found = await environment('Development');
      const { signal } = bench.directory.list(found.parent);
      assert.equal((await late).length, 2);
      assert.ok(!signal.aborted, 'requests for rows of today continue');
      assert.ok(bench.directory.known(CONNECTION).includes(found), 'changes still reach the row');
    });

    it('10.2: redraws what a changed protection affects', async () => {
      await start();
      const found = await environment('Development');
      bench.clear();
      await bench.marks.mark(CONNECTION, DEVELOPMENT, { protect: true });
      assert.deepEqual(bench.changed, [found.id]);
    });

    it('11.3: redraws an environment that another window deletes, once this window has the focus', async () => {
      await start();
      const found = await environment('Development');
      const other = new PendingDeletions(bench.memento);
      const { basic, connectionId } = found;
      const detail = { ...basic, is_pending_deletion: true, raw: {} };
      const { id, project_id: projectId } = basic;
      await other.adopt({ kind: 'environment', connectionId, environment: { id, projectId }, detail });
      bench.clear();
      bench.returned.fire();
      bench.returned.fire();
      assert.deepEqual(bench.changed, [found.id]);
      assert.ok(bench.directory.pendingDeletions.get(CONNECTION, DEVELOPMENT));
    });
  });
});

describe('10.2: the directory of a documented server', () => {
  it('10.2: shows the second environment of a project after its organization is refreshed', async () => {
    const bench = await DirectoryBench.start({ generation: 'documented' });
    try {
      const organization = await bench.at('Example Labs');
      assert.ok(organization.kind === 'organization');
      assert.deepEqual(
        (await bench.below(organization)).map(({ kind }) => kind),
        ['environment'],
      );
      const client = await bench.connections.client(CONNECTION);
      const { organizationId } = organization;
      await client.createEnvironment({ organizationId, projectId: PLAYGROUND }, { name: 'Second' }, never());
      bench.directory.refresh(organization);
      const [project] = await bench.below(organization);
      assert.ok(project?.kind === 'project');
      assert.deepEqual((await bench.below(project)).map(nameOf), ['Playground', 'Second']);
    } finally {
      await bench.stop();
    }
  });
});
