import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { runMain } from './main';
import { node20Checks } from './node20Checks';
import { ensureNode, nodeFor } from './nodeRuntime';
import { repoRoot } from './paths';

/**
 * Usage: node dist/test/harness/runOnNode20.js
 *
 * Runs what the documented commands run on Node 20, the oldest supported version: the machine's own Node if it is that
 * version, or else one from the npm registry. npm scripts run on the Node in node_modules/.bin, so they prove nothing
 * about it.
 */
runMain(async () => {
  const node = await findNode20();
  process.stdout.write(`Node ${versionOf(node) ?? '?'}\n`);
  let passed = 0;
  const beside = await besideSandbox(node);
  try {
    for (const check of node20Checks) {
      const problem = await run(node, check, check.besideSandbox ? beside : { folder: repoRoot, env: {} });
      passed += problem === undefined ? 1 : 0;
      const name = [check.program, ...check.args].join(' ');
      process.stdout.write(problem === undefined ? `ok     ${name}\n` : `FAILED ${name}\n${problem}\n`);
    }
  } finally {
    await beside.end();
  }
  const failed = node20Checks.length - passed;
  process.stdout.write(`node20: ${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});

async function findNode20(): Promise<string> {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && versionOf(path)?.startsWith('20.'));
  if (own !== undefined) {
    return own;
  }
  await ensureNode('20', (line) => process.stderr.write(`${line}\n`));
  return nodeFor('20');
}

function versionOf(node: string): string | undefined {
  const { status, stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Where a program runs, and its additional environment variables. */
interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A sandbox on that Node, and a folder with a settings file that differs from it. */
async function besideSandbox(node: string): Promise<Place & { end(): Promise<void> }> {
  const sandbox = spawn(node, [join(repoRoot, 'dist', 'sandboxCli.cjs'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: sandbox.stdout }).once('line', resolve);
    sandbox.once('close', () => reject(new Error('The sandbox ended before it was up.')));
  });
  const { url, keys } = JSON.parse(line) as { url: string; keys: { admin: string } };
  const folder = await mkdtemp(join(tmpdir(), 'posthog-node20-'));
  const file = {
    environments: { staging: { host: url, id: 1202 } },
    settings: { week_start_day: 0 },
  };
  await writeFile(join(folder, 'posthog.environments.json'), JSON.stringify(file));
  return {
    folder,
    env: { POSTHOG_PERSONAL_API_KEY: keys.admin },
    end: async () => {
      sandbox.removeAllListeners('close');
      sandbox.kill('SIGTERM');
      await rm(folder, { recursive: true });
    },
  };
}

/** @returns what the program said if it doesn't work */
async function run(
  node: string,
  { program, args, until, orSays, exits = 0 }: (typeof node20Checks)[number],
  { folder, env }: Place,
): Promise<string | undefined> {
  const child = spawn(node, [join(repoRoot, program), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let isUp = false;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (!isUp && until?.test(line)) {
        isUp = true;
        child.kill('SIGTERM');
      }
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const works = until ? isUp : code === exits || (orSays?.test(lines.join('\n')) ?? false);
  return works ? undefined : lines.slice(-20).join('\n');
}
