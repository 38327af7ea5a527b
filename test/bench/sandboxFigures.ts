import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { repoRoot } from '../harness/paths';
import { type Figure, figure, median } from './figure';

const greeting = v.object({ url: v.string(), keys: v.object({ admin: v.string() }) });
const page = v.object({ count: v.number(), results: v.array(v.object({ id: v.string() })) });
const environments = v.object({ results: v.array(v.object({ id: v.number() })) });
const organizations = v.object({ results: v.array(v.object({ id: v.string() })) });

interface Started {
  child: ChildProcess;
  url: string;
  key: string;
  startMs: number;
}

/** How long the scenario `large` takes to start, and to return a page of its largest list of tables. */
export async function sandboxFigures(): Promise<Figure[]> {
  const startsMs: number[] = [];
  let pagesMs: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const sandbox = await startLarge();
    startsMs.push(sandbox.startMs);
    try {
      if (run === 2) {
        pagesMs = await pageTimes(sandbox);
      }
    } finally {
      sandbox.child.kill();
    }
  }
  return [
    figure('sandbox: start of "large", process included', median(startsMs), 'ms', 2_000, startsMs),
    figure('sandbox: page of 100 tables out of 10,000, median', median(pagesMs), 'ms', 20),
  ];
}

function startLarge(): Promise<Started> {
  const startedMs = performance.now();
  const cli = join(repoRoot, 'dist', 'sandboxCli.cjs');
  const child = spawn(process.execPath, [cli, '--port', '0', '--scenario', 'large'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The sandbox ended with exit code ${code ?? 'none'}.`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { url, keys } = v.parse(greeting, JSON.parse(line));
      resolve({ child, url, key: keys.admin, startMs: performance.now() - startedMs });
    });
  });
}

async function pageTimes({ url, key }: Started): Promise<number[]> {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) {
      throw new Error(`${path} answered ${response.status}.`);
    }
    return response.json();
  };
  const biggest = await biggestEnvironment(get);
  const times: number[] = [];
  for (let offset = 0; offset < biggest.count; offset += 100) {
    const startedMs = performance.now();
    await get(`/api/environments/${biggest.id}/warehouse_tables/?limit=100&offset=${offset}`);
    times.push(performance.now() - startedMs);
  }
  return times;
}

async function biggestEnvironment(
  get: (path: string) => Promise<unknown>,
): Promise<{ id: number; count: number }> {
  let biggest = { id: 0, count: 0 };
  for (const organization of v.parse(organizations, await get('/api/organizations/?limit=100')).results) {
    const list = v.parse(
      environments,
      await get(`/api/organizations/${organization.id}/projects/?limit=100`),
    );
    for (const { id } of list.results) {
      const { count } = v.parse(page, await get(`/api/environments/${id}/warehouse_tables/?limit=1`));
      biggest = count > biggest.count ? { id, count } : biggest;
    }
  }
  return biggest;
}
