import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ScenarioError, startSandbox } from '../../../src/sandbox/index';
import type { SandboxOptions } from '../../../src/sandbox/index';
import { build } from 'esbuild';
import { callSandbox, objectOf, resultsOf, sandboxFor } from './support';

const SMALL = {
  organizations: [
    {
      name: 'Example',
      projects: [
        { id: 7, name: 'Only', environments: [{ id: 7, name: 'Only', settings: { timezone: 'UTC' } }] },
      ],
    },
  ],
  users: [
    { id: 1, first_name: 'A', email: 'a@example.com', memberships: [{ organization: 'Example', level: 15 }] },
  ],
};

function changed(change: (scenario: typeof SMALL & Record<string, unknown>) => void): unknown {
  const copy = structuredClone(SMALL);
  change(copy);
  return copy;
}

describe('sandbox: scenarios', () => {
  for (const [what, scenario, path] of [
    ["a scenario that isn't an object", [], ''],
    ['a scenario without organizations', { users: SMALL.users }, ''],
    [
      'a misspelled key',
      changed((it) => Object.assign(it.organizations[0] ?? {}, { projcts: [] })),
      '/organizations/0/projcts',
    ],
    [
      'a nested value of the wrong type',
      changed((it) =>
        Object.assign(it.organizations[0]?.projects[0]?.environments[0] ?? {}, { id: 'seven' }),
      ),
      '/organizations/0/projects/0/environments/0/id',
    ],
    [
      'an unknown column type',
      changed((it) =>
        Object.assign(it.organizations[0]?.projects[0]?.environments[0] ?? {}, {
          tables: [{ name: 't', columns: [{ name: 'c', type: 'string', data_type: 'text' }] }],
        }),
      ),
      '/organizations/0/projects/0/environments/0/tables/0/columns/0/data_type',
    ],
    [
      'a membership in an unknown organization',
      changed((it) => Object.assign(it.users[0]?.memberships[0] ?? {}, { organization: 'Other' })),
      '/users/0/memberships/0/organization',
    ],
    ['a duplicate user', changed((it) => it.users.push(...structuredClone(SMALL.users))), '/users/1/id'],
    [
      'an unknown fault',
      changed((it) => Object.assign(it, { faults: [{ route: { path: '/' }, kind: 'flood' }] })),
      '/faults/0/kind',
    ],
    [
      'a key of an unknown user',
      changed((it) => Object.assign(it, { keys: [{ name: 'admin', user: 9, scopes: null }] })),
      '/keys/0/user',
    ],
  ] as const) {
    it(`${what} is rejected with its path`, async () => {
      await assert.rejects(startSandbox({ scenario }), (error: unknown) => {
        assert.ok(error instanceof ScenarioError);
        assert.equal(error.path, path);
        return true;
      });
    });
  }

  it('the server has what a scenario describes', async () => {
    const sandbox = await startSandbox({
      scenario: {
        ...SMALL,
        generation: 'documented',
        keys: [{ name: 'admin', value: 'phx_sandbox_fixed', user: 1, scopes: ['project:read'] }],
        faults: [{ route: { path: '/api/users/' }, kind: 'status-503' }],
        limits: { perMinute: 2 },
      },
    });
    try {
      assert.equal(sandbox.generation, 'documented');
      assert.equal(sandbox.keys.admin, 'phx_sandbox_fixed');
      assert.equal((await callSandbox(sandbox, 'GET', '/api/users/@me/')).status, 503);
      assert.equal(objectOf(await callSandbox(sandbox, 'GET', '/api/environments/7/')).timezone, 'UTC');
      assert.equal((await callSandbox(sandbox, 'GET', '/api/environments/7/warehouse_tables/')).status, 403);
      assert.equal((await callSandbox(sandbox, 'GET', '/api/environments/7/')).status, 429);
    } finally {
      await sandbox.close();
    }
  });

  for (const [what, field, option, status] of [
    ['nothing says otherwise', undefined, undefined, 403],
    ['the scenario says so', true, undefined, 200],
    ['the option says so', undefined, true, 200],
    ['the option contradicts the scenario', true, false, 403],
  ] as const) {
    it(`D: update_schema answers a key with ${status} if ${what}`, async () => {
      const table = { id: '018f2c1e-0000-4000-8000-000000000001', name: 'sales', columns: [] };
      const sandbox = await startSandbox({
        scenario: changed((it) => {
          Object.assign(it.organizations[0]?.projects[0]?.environments[0] ?? {}, { tables: [table] });
          Object.assign(it, field === undefined ? {} : { allow_key_update_schema: field });
        }),
        ...(option === undefined ? {} : { allowKeyUpdateSchema: option }),
      });
      try {
        const path = `/api/projects/7/warehouse_tables/${table.id}/update_schema/`;
        assert.equal((await callSandbox(sandbox, 'POST', path, { body: {} })).status, status);
      } finally {
        await sandbox.close();
      }
    });
  }

  describe('demo', () => {
    const { call } = sandboxFor();
    it('has two organizations, and the features of the first environment', async () => {
      const organizations = resultsOf(await call('GET', '/api/organizations/'));
      assert.deepEqual(
        organizations.map((item) => item.name),
        ['Hedgehog Outfitters', 'Example Labs'],
      );
      const [first] = organizations[0]?.teams as { id: number }[];
      const tables = resultsOf(await call('GET', `/api/projects/${first?.id ?? 0}/warehouse_tables/`));
      assert.ok(tables.some((item) => item.credential !== null));
      assert.ok(tables.some((item) => item.external_data_source !== null));
      assert.ok(
        tables.some((item) =>
          (item.columns as { schema_valid: boolean }[]).some((column) => !column.schema_valid),
        ),
      );
    });
    it('1: lacks the flag for the older upload, as most accounts do, unless it is requested', async () => {
      const upload = async (fileUpload: boolean | undefined): Promise<number> => {
        const sandbox = await startSandbox(fileUpload === undefined ? {} : { fileUpload });
        const form = new FormData();
        form.append('name', 'sales');
        form.append('file', new Blob(['id\n1\n']), 'sales.csv');
        const path = '/api/projects/1201/warehouse_tables/file/';
        const { status } = await callSandbox(sandbox, 'POST', path, { raw: form });
        await sandbox.close();
        return status;
      };
      assert.deepEqual([await upload(undefined), await upload(false), await upload(true)], [400, 400, 201]);
    });
    it('has stable IDs and tokens, and new keys each time', async () => {
      const [one, two] = await Promise.all([startSandbox(), startSandbox()]);
      assert.deepEqual(one.control.environment(1201), two.control.environment(1201));
      assert.notEqual(one.keys.admin, two.keys.admin);
      await Promise.all([one.close(), two.close()]);
    });
  });

  describe('large', () => {
    const { call } = sandboxFor({ scenario: 'large' });
    it('has 20 organizations, 200 environments and 10,000 tables in one', async () => {
      const organizations = resultsOf(await call('GET', '/api/organizations/'));
      assert.equal(organizations.length, 20);
      assert.equal(organizations.flatMap((item) => item.teams).length, 200);
      const tables = objectOf(await call('GET', '/api/projects/101/warehouse_tables/?offset=9900'));
      assert.deepEqual(
        [tables.count, (tables.results as unknown[]).length, tables.next],
        [10_000, 100, null],
      );
    });
  });

  describe('empty', () => {
    const { call } = sandboxFor({ scenario: 'empty' });
    it('has an organization and nothing in it, and accepts a first project', async () => {
      const [organization] = resultsOf(await call('GET', '/api/organizations/'));
      assert.deepEqual(resultsOf(await call('GET', '/api/projects/')), []);
      assert.equal(objectOf(await call('GET', '/api/users/@me/')).team, null);
      const path = `/api/organizations/${(organization as { id: string }).id}/projects/`;
      const created = await call('POST', path, { body: { name: 'First' } });
      assert.equal(created.status, 201, created.text);
      assert.equal(resultsOf(await call('GET', '/api/projects/')).length, 1);
    });
  });
});

describe('sandbox: loopback only', () => {
  for (const host of ['0.0.0.0', '::', '192.168.0.1', 'example.com']) {
    it(`${host} is rejected`, async () => {
      await assert.rejects(
        startSandbox({ host: host as NonNullable<SandboxOptions['host']> }),
        /loopback only/,
      );
    });
  }
  it('localhost is accepted', async () => {
    const sandbox = await startSandbox({ host: 'localhost', scenario: 'empty' });
    assert.match(sandbox.url, /^http:\/\/localhost:\d+$/);
    assert.equal((await callSandbox(sandbox, 'GET', '/api/organizations/')).status, 200);
    await sandbox.close();
  });
  it('reports a port that is already in use', async () => {
    const first = await startSandbox({ scenario: 'empty' });
    const port = Number(new URL(first.url).port);
    await assert.rejects(startSandbox({ scenario: 'empty', port }), /EADDRINUSE/);
    await first.close();
  });
});

describe('sandbox: command line', function () {
  let folder = '';
  let program = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-cli-'));
    program = join(folder, 'cli.cjs');
    await build({
      entryPoints: ['src/sandbox/cli.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints one line of JSON, serves, and exits on ${signal}`, async () => {
      const child = spawn(process.execPath, [program, '--port', '0', '--generation', 'documented'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines: string[] = [];
      const reader = createInterface(child.stdout);
      reader.on('line', (line) => lines.push(line));
      await once(reader, 'line');
      const printed = JSON.parse(lines[0] ?? '') as {
        url: string;
        keys: Record<string, string>;
        generation: string;
      };
      assert.deepEqual(Object.keys(printed), ['url', 'keys', 'generation']);
      assert.deepEqual(Object.keys(printed.keys), [
        'admin',
        'read',
        'member',
        'projectScoped',
        'organizationScoped',
        'none',
      ]);
      assert.equal(printed.generation, 'documented');
      const response = await fetch(`${printed.url}/api/projects/`, {
        headers: { Authorization: `Bearer ${printed.keys.admin ?? ''}` },
      });
      assert.equal(response.status, 200);
      await response.text();
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0);
      assert.equal(lines.length, 1);
    });
  }

  for (const [what, options, message] of [
    ['a host other than loopback', ['--host', '0.0.0.0'], /--host must be 127\.0\.0\.1/],
    ['an invalid port', ['--port', 'many'], /--port must be an integer/],
    ['an unknown generation', ['--generation', 'next'], /--generation must be documented or current/],
    [
      'a missing scenario file',
      ['--scenario', 'nowhere.json'],
      /Couldn't read nowhere\.json: file not found/,
    ],
    ['a folder as the scenario', ['--scenario', '.'], /Couldn't read \.: it's a folder/],
    ['an unknown option', ['--color'], /usage/],
  ] as const) {
    it(`rejects ${what} on standard error`, async () => {
      const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      let errors = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      assert.deepEqual([code, output], [1, '']);
      assert.match(errors, message);
    });
  }

  it('says that a port is in use', async () => {
    const first = await startSandbox({ scenario: 'empty' });
    const { port } = new URL(first.url);
    const child = spawn(process.execPath, [program, '--port', port], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    await first.close();
    assert.equal(code, 1);
    assert.match(errors, new RegExp(`Couldn't listen on port ${port}: it's already in use`));
  });

  it('exits with the npm that started it, which only signals its shell', async () => {
    const environment = { ...process.env, npm_lifecycle_event: 'sandbox' };
    const shell = spawn('sh', ['-c', `'${process.execPath}' '${program}'; true`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment,
    });
    const [line] = (await once(createInterface(shell.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    assert.equal((await fetch(url)).status, 404);
    shell.kill('SIGTERM');
    // The pipe closes once the last process holding it has exited: the sandbox, not the shell.
    await once(shell, 'close');
    await assert.rejects(fetch(url));
  });

  it('rejects an invalid scenario file with the path of the error', async () => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, JSON.stringify({ ...SMALL, users: [] }));
    const child = spawn(process.execPath, [program, '--scenario', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 1);
    assert.match(errors, /\/users/);
  });
});
