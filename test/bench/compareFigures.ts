import { compareStates } from '../../src/operations/compare/compare';
import { readStates, type LabeledEnvironment } from '../../src/operations/compare/readStates';
import { comparisonOf, matrixView, type Column } from '../../src/matrix/model';
import { renderMatrix } from '../../src/matrix/render';
import { inParallel } from '../../src/operations/inParallel';
import { PostHogClient } from '../../src/posthog/client';
import { fetchTransport } from '../../src/posthog/http';
import { startSandbox } from '../../src/sandbox/index';
import { type Figure, figure, median } from './figure';

const runs = 5;

/** Requests and time for comparing 2 and 50 environments, relative to the same requests alone. */
export async function compareFigures(): Promise<Figure[]> {
  const sandbox = await startSandbox({ scenario: 'large' });
  try {
    const client = new PostHogClient({
      origin: sandbox.url,
      key: async () => sandbox.keys.admin,
      transport: fetchTransport,
      userAgent: 'bench/1.0',
      timeoutMs: 30_000,
      connectionId: 'bench',
      profile: { generation: 'current', settingsRoute: 'projects' },
    });
    const services = { connections: { client: async (): Promise<PostHogClient> => client } };
    // Ten environments in each of the first five organizations.
    const environments = Array.from({ length: 50 }, (_, index): LabeledEnvironment => {
      const id = (Math.floor(index / 10) + 1) * 100 + (index % 10) + 1;
      const name = `Environment ${id}`;
      return { connectionId: 'bench', environment: { id, projectId: id }, name, label: name };
    });
    const columns = environments.map(({ label, environment }): Column => ({
      ...{ label, around: 'Bench', environmentId: environment.id, isProtected: false, status: 'ready' },
    }));
    const { signal } = new AbortController();
    const requests = async (count: number): Promise<number> => {
      sandbox.control.clearRequests();
      compareStates(await readStates(services, environments.slice(0, count), { signal }));
      return sandbox.control.requests().length;
    };
    const [two, fifty] = [await requests(2), await requests(50)];
    const shares: number[] = [];
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const byHandMs = await timed(() =>
        inParallel(environments, async ({ environment }) => {
          const response = await fetch(`${sandbox.url}/api/projects/${environment.id}/`, {
            headers: { authorization: `Bearer ${sandbox.keys.admin}` },
          });
          await response.json();
        }),
      );
      const matrixMs = await timed(async () => {
        const comparison = comparisonOf(columns, await readStates(services, environments, { signal }), []);
        renderMatrix(matrixView(columns, comparison, { showsAll: true, sort: 'group' })).toString();
      });
      times.push(matrixMs);
      shares.push(matrixMs / byHandMs);
    }
    return [
      figure('compare: requests of two environments', two, 'requests', 2),
      figure('compare: requests of a table of 50 environments', fifty, 'requests', 50),
      figure(
        'compare: table of 50 environments, read, compared and drawn',
        median(times),
        'ms',
        2_000,
        times,
      ),
      figure('compare: the same against its requests by hand', median(shares), 'times', 3, shares),
    ];
  } finally {
    await sandbox.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
