import assert from 'node:assert/strict';
import { Canceled } from '../../../src/connections/failures';
import { write, type Write, type Written } from '../../../src/operations/write';
import { PostHogError, type PostHogErrorKind } from '../../../src/posthog/errors';

const failure = (kind: PostHogErrorKind, mayHaveBeenApplied: boolean): PostHogError =>
  new PostHogError({ kind, what: `${kind}.`, why: '', remedy: '', mayHaveBeenApplied });

/** Runs a write with scripted steps: a state, an error, or no result. */
async function play(
  sent: string | Error | undefined,
  looked: string | Error = new Error('PostHog was asked'),
): Promise<{ written: Written<string>; steps: string[] }> {
  const steps: string[] = [];
  const script: Write<string> = {
    send: async () => {
      steps.push('send');
      if (sent instanceof Error) {
        throw sent;
      }
      return sent;
    },
    look: async () => {
      steps.push('look');
      if (looked instanceof Error) {
        throw looked;
      }
      return looked;
    },
    tookSome: (state) => state === 'new',
  };
  return { written: await write(script), steps };
}

describe('the write protocol', () => {
  it('10.1: a response that contains the result needs no check', async () => {
    const { written, steps } = await play('new');
    assert.deepEqual(written, { kind: 'there', state: 'new' });
    assert.deepEqual(steps, ['send']);
  });

  it('10.1: an empty response is verified', async () => {
    const { written, steps } = await play(undefined, 'new');
    assert.deepEqual(written, { kind: 'there', state: 'new' });
    assert.deepEqual(steps, ['send', 'look']);
  });

  it("10.1: a refusal isn't checked", async () => {
    const error = failure('validation', false);
    const { written, steps } = await play(error);
    assert.deepEqual(written, { kind: 'refused', error });
    assert.deepEqual(steps, ['send']);
  });

  for (const doubt of [
    ...(['server', 'timeout', 'network'] as const).map((kind) => failure(kind, true)),
    new Canceled({ mayHaveBeenApplied: true }),
  ]) {
    it(`10.1: ${doubt.kind} after sending: PostHog is asked, and nothing is sent twice`, async () => {
      assert.deepEqual(await play(doubt, 'new'), {
        written: { kind: 'there', state: 'new', doubt },
        steps: ['send', 'look'],
      });
      assert.deepEqual(await play(doubt, 'old'), {
        written: { kind: 'absent', state: 'old', doubt },
        steps: ['send', 'look'],
      });
    });
  }

  it("10.1: what can't be checked is unknown, with both failures", async () => {
    const [doubt, error] = [failure('server', true), failure('network', false)];
    assert.deepEqual((await play(doubt, error)).written, { kind: 'unknown', error, doubt });
    assert.deepEqual((await play(undefined, error)).written, { kind: 'unknown', error });
  });

  it('10.5: canceling before anything was sent is neither an outcome nor an error of PostHog', async () => {
    await assert.rejects(play(new Canceled()), Canceled);
  });

  it("10.1: a bug in the extension isn't reported as an outcome", async () => {
    await assert.rejects(play(new TypeError('ours')), TypeError);
    await assert.rejects(play(failure('server', true), new TypeError('ours')), TypeError);
  });
});
