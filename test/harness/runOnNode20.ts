import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { runMain } from './main';
import { node20Checks } from './node20Checks';
import { ensureNode, nodeFor } from './nodeRuntime';
import { repoRoot } from './paths';

/**
 * Usage: node dist/test/harness/runOnNode20.js
 *
 * Runs what the documented commands run on Node 20, the oldest one that is promised: the machine's own where it is
 * that, else one of the npm registry. npm scripts run on the Node of node_modules/.bin, which proves nothing of it.
 */
runMain(async () => {
  const node = await findNode20();
  process.stdout.write(`Node ${versionOf(node) ?? '?'}\n`);
  let passed = 0;
  for (const check of node20Checks) {
    const problem = await run(node, check);
    passed += problem === undefined ? 1 : 0;
    const name = [check.program, ...check.args].join(' ');
    process.stdout.write(problem === undefined ? `ok     ${name}\n` : `FAILED ${name}\n${problem}\n`);
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

/** @returns what the program said where it does not work */
async function run(
  node: string,
  { program, args, until, orSays }: (typeof node20Checks)[number],
): Promise<string | undefined> {
  const child = spawn(node, [program, ...args], { cwd: repoRoot, stdio: ['ignore', 'pipe', 'pipe'] });
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
  const works = until ? isUp : code === 0 || (orSays?.test(lines.join('\n')) ?? false);
  return works ? undefined : lines.slice(-20).join('\n');
}
