import { rehearse, startSandbox } from '../../src/sandbox';
import { rehearsedNotes } from '../../src/operations/review/rehearsal';
import { type Figure, figure, median } from './figure';

/** Rehearsing a change of a demo environment, as a review does. */
export async function rehearsalFigures(): Promise<Figure[]> {
  const sandbox = await startSandbox();
  const [id = 0] = sandbox.control.environmentIds();
  const environment = sandbox.control.environment(id);
  await sandbox.close();
  const times: number[] = [];
  for (let run = 0; run < 21; run += 1) {
    const startedMs = performance.now();
    const body = { timezone: run % 2 === 0 ? 'Asia/Tokyo' : 'UTC', anonymize_ips: run % 2 === 0 };
    const rehearsal = {
      kind: 'settings',
      generation: 'current',
      environment,
      membershipLevel: 15,
      body,
    } as const;
    const { refuses } = rehearsedNotes(rehearsal, await rehearse(rehearsal));
    times.push(performance.now() - startedMs);
    if (refuses) {
      throw new Error('The change that is rehearsed is refused.');
    }
  }
  return [figure('rehearsal of a change of one environment, median', median(times), 'ms', 100)];
}
