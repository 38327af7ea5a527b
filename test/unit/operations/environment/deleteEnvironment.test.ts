import assert from 'node:assert/strict';
import { deleteEnvironment, type Deleted } from '../../../../src/operations/environment/deleteEnvironment';
import type { RemoteChange } from '../../../../src/directory/remoteChanges';
import type { Receipt } from '../../../../src/operations/services';
import { outcomeText, type Outcome } from '../../../../src/operations/outcome';
import type { EnvironmentDetail } from '../../../../src/posthog/models';
import { PostHogError, type PostHogErrorFacts } from '../../../../src/posthog/errors';
import { readEnvironmentDetail } from '../../../../src/posthog/readers';

const ref = { id: 7, projectId: 7 };

const failure = (facts: Partial<PostHogErrorFacts>): PostHogError =>
  new PostHogError({ kind: 'server', what: 'PostHog failed.', why: '', remedy: 'Advice.', ...facts });

const lost = failure({ mayHaveBeenApplied: true });
const gone = failure({ kind: 'not-found' });

function detail(more: object = {}): EnvironmentDetail {
  const read = readEnvironmentDetail({ id: 7, project_id: 7, name: 'Staging', ...more });
  assert.ok(read, 'not an environment');
  return read;
}

/** Deletes on a scripted server. */
async function play(
  sent: PostHogError | undefined,
  seen: PostHogError | EnvironmentDetail = new PostHogError({
    kind: 'unexpected-answer',
    what: 'PostHog was asked.',
    why: '',
    remedy: '',
  }),
  { signal } = new AbortController(),
): Promise<{ outcome: Outcome<Deleted>; calls: string[]; told: RemoteChange[]; written: Receipt[] }> {
  const calls: string[] = [];
  const told: RemoteChange[] = [];
  const written: Receipt[] = [];
  const client = {
    deleteEnvironment: async () => {
      calls.push('DELETE');
      if (sent) {
        throw sent;
      }
    },
    getEnvironment: async () => {
      calls.push('GET');
      if (seen instanceof PostHogError) {
        throw seen;
      }
      return seen;
    },
  };
  const services = {
    connections: { client: async () => client },
    changes: { fire: (change: RemoteChange) => void told.push(change) },
    receipts: { add: (receipt: Receipt) => void written.push(receipt) },
  };
  const at = { connectionId: 'c1', environment: ref, name: 'Staging' };
  return { outcome: await deleteEnvironment(services, at, signal), calls, told, written };
}

describe('deleting an environment', () => {
  const ends: [title: string, Parameters<typeof play>, expected: Deleted, calls: string[]][] = [
    ['accepted', [undefined], { state: 'underWay', isOurs: true }, ['DELETE']],
    ['already gone', [gone], { state: 'gone', isOurs: false }, ['DELETE']],
    [
      'already being deleted',
      [failure({ kind: 'validation', detail: 'Project is already being deleted.' })],
      { state: 'underWay', isOurs: false },
      ['DELETE'],
    ],
    ['no response, and gone', [lost, gone], { state: 'gone', isOurs: true }, ['DELETE', 'GET']],
    [
      'no response, and being deleted',
      [lost, detail({ is_pending_deletion: true })],
      { state: 'underWay', isOurs: true },
      ['DELETE', 'GET'],
    ],
  ];
  for (const [title, script, expected, calls] of ends) {
    it(`10.1: ${title}`, async () => {
      const played = await play(...script);
      assert.ok(played.outcome.kind === 'applied', outcomeText(played.outcome));
      assert.deepEqual(played.outcome.result, expected);
      assert.deepEqual(played.calls, calls);
      assert.deepEqual(
        played.written.map(({ done, name }) => [done, name]),
        expected.isOurs ? [['Started deleting', 'Staging']] : [],
      );
      assert.deepEqual(
        played.told.map(({ kind }) => kind),
        expected.state === 'gone' ? ['environments'] : [],
      );
    });
  }

  it('10.1: no response, and still there: not deleted, with the underlying failure', async () => {
    const { outcome, calls } = await play(lost, detail());
    assert.equal(outcome.kind, 'notApplied');
    assert.match(outcomeText(outcome), /^"Staging" wasn't deleted\. PostHog failed\..*still has it/);
    assert.equal(outcome.cause, lost);
    assert.deepEqual(calls, ['DELETE', 'GET']);
  });

  it("10.1: no response, and PostHog can't be asked: unknown, and sent once", async () => {
    const { outcome, calls } = await play(lost, failure({ kind: 'network' }));
    assert.equal(outcome.kind, 'unknown');
    assert.match(outcomeText(outcome), /^Couldn't confirm whether "Staging" is being deleted\./);
    assert.deepEqual(calls, ['DELETE', 'GET']);
  });

  it('10.5: a refusal says what to do, and offers to replace the key if that helps', async () => {
    const disabled = failure({ kind: 'validation', detail: 'Deletion is temporarily disabled.' });
    const { outcome } = await play(disabled);
    assert.match(outcomeText(outcome), /^"Staging" wasn't deleted\..*Try again later\.$/);
    const refused = (await play(failure({ kind: 'missing-scope', connectionId: 'a' }))).outcome;
    assert.deepEqual(refused.action, { kind: 'replaceKey', connectionId: 'a' });
  });
});
