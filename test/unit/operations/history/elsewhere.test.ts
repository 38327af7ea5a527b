import assert from 'node:assert/strict';
import { readElsewhere } from '../../../../src/operations/history/elsewhere';
import type { EnvironmentDetail } from '../../../../src/posthog/models';
import { PRODUCTION, never, onBothGenerations } from '../support';

const at = (id: number) => ({
  connectionId: 'one',
  environment: { id, projectId: id },
  name: `Environment ${id}`,
});
const whyNot = (error: unknown): string => String(error);

describe('a setting in other environments', () => {
  it('9: is read from at most six of them at a time, once each', async () => {
    const places = Array.from({ length: 20 }, (_, index) => at(index));
    const asked: number[] = [];
    let open = 0;
    let most = 0;
    const client = {
      getEnvironment: async ({ id }: { id: number }): Promise<EnvironmentDetail> => {
        asked.push(id);
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        if (id === 3) {
          throw new Error('not reachable');
        }
        const timezone = id === 7 ? 'UTC' : 'Asia/Tokyo';
        return { id, name: '', project_id: id, raw: id === 5 ? {} : { timezone } };
      },
    };
    const services = { connections: { client: async () => client }, whyNot };
    const found = await readElsewhere(services, 'timezone', 'Asia/Tokyo', places, never());
    assert.equal(most, 6);
    assert.deepEqual(
      asked.toSorted((left, right) => left - right),
      places.map(({ environment }) => environment.id),
    );
    const kinds = found.map(({ kind }) => kind);
    assert.deepEqual([kinds[0], kinds.at(-2), kinds.at(-1)], ['differs', 'absent', 'failed']);
    assert.equal(kinds.filter((kind) => kind === 'same').length, 17);
    assert.equal(found[0]?.text, '"UTC", differs');
    assert.match(found.at(-1)?.text ?? '', /not reachable/);
  });

  onBothGenerations((bench) => {
    it('9: is the same in another spelling, and nothing is written', async () => {
      bench.control.patchEnvironment(PRODUCTION, { session_recording_sample_rate: '0.50' });
      bench.control.clearRequests();
      const place = { ...at(PRODUCTION), environment: bench.ref(PRODUCTION) };
      const services = { connections: { client: async () => bench.client() }, whyNot };
      const found = await readElsewhere(services, 'session_recording_sample_rate', 0.5, [place], never());
      assert.deepEqual(
        found.map(({ text }) => text),
        ['"0.50", the same'],
      );
      assert.deepEqual(bench.methods(), ['GET']);
    });
  });
});
