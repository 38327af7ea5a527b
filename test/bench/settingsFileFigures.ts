import { planFile } from '../../src/operations/settingsFile/planEnvironment';
import { readSettingsFile } from '../../src/operations/settingsFile/settingsFile';
import { PostHogClient } from '../../src/posthog/client';
import { fetchTransport } from '../../src/posthog/http';
import { startSandbox } from '../../src/sandbox/index';
import { type Figure, figure } from './figure';

const environmentCount = 20;

/** A plan of a settings file with 20 environments: requests, and milliseconds relative to the same requests alone. */
export async function settingsFileFigures(): Promise<Figure[]> {
  const sandbox = await startSandbox({ scenario: 'large' });
  try {
    const ids = sandbox.control.environmentIds().slice(0, environmentCount);
    const places = ids.map((id) => [`environment-${id}`, { host: sandbox.url, id }] as const);
    const text = JSON.stringify({
      environments: Object.fromEntries(places),
      settings: { timezone: 'UTC', anonymize_ips: true, session_recording_sample_rate: '0.10' },
    });
    const { file } = readSettingsFile(text);
    if (file?.environments.length !== environmentCount) {
      throw new Error('The file that is measured has not all of its environments.');
    }
    const client = new PostHogClient({
      origin: sandbox.url,
      key: async () => sandbox.keys.admin,
      transport: fetchTransport,
      userAgent: 'bench/1.0',
      profile: { generation: 'current', settingsRoute: 'projects' },
    });
    const { signal } = new AbortController();
    const plan = async (): Promise<void> => {
      const plans = await planFile(file, file.environments, async () => client, { signal });
      if (plans.some(({ kind }) => kind !== 'planned')) {
        throw new Error('An environment could not be planned.');
      }
    };
    const byHand = async (): Promise<void> => {
      for (let start = 0; start < ids.length; start += 6) {
        await Promise.all(
          ids.slice(start, start + 6).map(async (id) => {
            const headers = { authorization: `Bearer ${sandbox.keys.admin}` };
            await (await fetch(`${sandbox.url}/api/projects/${id}/`, { headers })).json();
          }),
        );
      }
    };
    await plan();
    sandbox.control.clearRequests();
    await plan();
    const requests = sandbox.control.requests().length;
    const [plansMs, handMs]: [number[], number[]] = [[], []];
    for (let run = 0; run < 9; run += 1) {
      plansMs.push(await timed(plan));
      handMs.push(await timed(byHand));
    }
    return [
      figure(
        'plan of a settings file with 20 environments: requests',
        requests,
        'requests',
        environmentCount,
      ),
      figure(
        'plan of a settings file with 20 environments, against the same requests by hand, fastest',
        Math.min(...plansMs) / Math.min(...handMs),
        'times',
        3,
        [...plansMs, 'by hand', ...handMs],
      ),
    ];
  } finally {
    await sandbox.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
