import assert from 'node:assert/strict';
import { Canceled } from '../../../../src/connections/failures';
import type { JsonObject } from '../../../../src/json/json';
import { createEnvironment, type Created } from '../../../../src/operations/environment/createEnvironment';
import { outcomeText, type Outcome } from '../../../../src/operations/outcome';
import {
  Bench,
  canceledBefore,
  doubt,
  environmentWith,
  never,
  pageOf,
  refusal,
  unreachable,
} from '../table/tableSupport';

const place = { connectionId: 'c1', organizationId: 'o1' };
const made = environmentWith({ id: 9, project_id: 9, name: 'QA' });
const nothing = () => pageOf([]);
const withIt = () => pageOf([{ id: 3, project_id: 3, name: 'Other' }, made]);

/** Creates QA on a scripted server. */
async function play(
  bench: Bench,
  progress: JsonObject = {},
  settings: JsonObject = { name: 'QA' },
): Promise<{ outcome: Outcome<Created>; kept: JsonObject[] }> {
  const kept: JsonObject[] = [];
  const remember = async (next: JsonObject): Promise<void> => void kept.push(next);
  const outcome = await createEnvironment(bench, place, { settings, progress, signal: never(), remember });
  return { outcome, kept };
}

const attempt = { attempt: { name: 'QA', knownIds: [] } };
const created = { created: { id: 9, projectId: 9 } };

describe('creating an environment', () => {
  it('10.1: a response that contains the result needs no check, and is announced once', async () => {
    const bench = new Bench({
      listProjects: [nothing()],
      createEnvironment: [made],
      getEnvironment: [made],
    });
    const { outcome, kept } = await play(bench);
    assert.equal(outcome.kind, 'applied');
    assert.equal(outcomeText(outcome), 'Created "QA".');
    assert.deepEqual(kept, [attempt, created]);
    assert.deepEqual(bench.bodies, [{ name: 'QA' }]);
    assert.deepEqual(bench.told, [{ kind: 'environments', connectionId: 'c1', organizationId: 'o1' }]);
    assert.deepEqual(bench.written, [{ done: 'Created', connectionId: 'c1', environmentId: 9, name: 'QA' }]);
  });

  it('10.1: no response, but created: PostHog is asked, and the request is sent once', async () => {
    const bench = new Bench({
      listProjects: [nothing(), withIt()],
      createEnvironment: [doubt({ what: 'It broke.' })],
      getEnvironment: [made],
    });
    const { outcome, kept } = await play(bench);
    assert.equal(outcomeText(outcome), 'Created "QA". It broke. Checked again: PostHog has the environment.');
    assert.deepEqual(kept, [attempt, created]);
    assert.equal(bench.written.length, 1);
  });

  it('10.1: no response, and not created: it is looked up again before anything is sent', async () => {
    const bench = new Bench({
      listProjects: [nothing(), nothing()],
      createEnvironment: [doubt({ what: 'It broke.' })],
    });
    const { outcome, kept } = await play(bench);
    assert.equal(outcome.kind, 'notApplied');
    assert.match(
      outcomeText(outcome),
      /^It broke\. Checked again: there is no new environment "QA" yet\. Save again in a moment:/,
    );
    assert.deepEqual(kept, [attempt]);
    assert.deepEqual([bench.told, bench.written], [[], []]);

    const next = new Bench({ listProjects: [withIt()], getEnvironment: [made] });
    const found = await play(next, attempt);
    assert.match(outcomeText(found.outcome), /at the first attempt, so nothing was sent again\.$/);
    assert.deepEqual(next.bodies, []);
    assert.equal(next.written.length, 1);
  });

  it("10.1: no response, and PostHog can't be asked: unknown", async () => {
    const bench = new Bench({
      listProjects: [nothing(), unreachable()],
      createEnvironment: [doubt()],
    });
    const { outcome, kept } = await play(bench);
    assert.equal(outcome.kind, 'unknown');
    assert.match(outcomeText(outcome), /Couldn't confirm whether "QA" was created/);
    assert.deepEqual(kept, [attempt]);
    const again = await play(new Bench({ listProjects: [unreachable()] }), attempt);
    assert.equal(again.outcome.kind, 'unknown');
  });

  it('10.1: created but not read: unknown, announced once, and found by the next attempt', async () => {
    const bench = new Bench({
      listProjects: [nothing(), withIt()],
      createEnvironment: [doubt()],
      getEnvironment: [unreachable()],
    });
    const { outcome } = await play(bench);
    assert.equal(outcome.kind, 'unknown');
    assert.match(outcomeText(outcome), /Environment 9 was created but couldn't be read\./);
    assert.equal(bench.written.length, 1);
    const next = new Bench({ getEnvironment: [made] });
    assert.equal((await play(next, created)).outcome.kind, 'applied');
    assert.deepEqual([next.bodies, next.told, next.written], [[], [], []]);
  });

  it('10.1: values that PostHog ignored make the outcome partial', async () => {
    const bench = new Bench({
      listProjects: [nothing()],
      createEnvironment: [made],
      getEnvironment: [made],
    });
    const { outcome } = await play(bench, {}, { name: 'QA', timezone: 'Asia/Tokyo' });
    assert.ok(outcome.kind === 'partly', outcomeText(outcome));
    assert.deepEqual(outcome.result.differing, { timezone: 'Asia/Tokyo' });
    assert.deepEqual(outcome.changed, ['name']);
    assert.match(outcome.what, /the new environment "QA".*timezone/);
  });

  for (const [facts, says, path] of [
    [
      { kind: 'conflict', attr: 'name' },
      /already has an environment called .*Nothing was created\. Choose another name\.$/,
      ['name'],
    ],
    [
      { kind: 'forbidden', detail: 'You have reached the maximum limit of allowed projects.' },
      /allows no more projects\. Nothing was created\. Upgrade the plan/,
      undefined,
    ],
    [
      {
        kind: 'forbidden',
        detail: 'Only organization admins can set these settings on project creation: timezone',
      },
      /^Only organization admins can set timezone when creating an environment\..* Remove it, or ask an organization admin\./,
      ['timezone'],
    ],
  ] as const) {
    it(`10.1: refused: ${facts.kind}, with its position, and nothing is in progress anymore`, async () => {
      const bench = new Bench({ listProjects: [nothing()], createEnvironment: [refusal(facts)] });
      const { outcome, kept } = await play(bench);
      assert.equal(outcome.kind, 'notApplied');
      assert.match(outcomeText(outcome), says);
      assert.deepEqual(outcome.spots[0]?.path, path);
      assert.deepEqual(kept, [attempt, {}]);
      assert.deepEqual([bench.told, bench.written], [[], []]);
    });
  }

  it('B2: a rejection that marks a value in the draft offers to show it, as saves do', async () => {
    const actionOf = async (facts: Parameters<typeof refusal>[0]): Promise<unknown> => {
      const bench = new Bench({ listProjects: [nothing()], createEnvironment: [refusal(facts)] });
      const { outcome } = await play(bench);
      return outcome.kind === 'notApplied' ? outcome.action?.kind : outcome;
    };
    assert.equal(await actionOf({ kind: 'conflict', attr: 'name' }), 'showProblems');
    assert.equal(
      await actionOf({
        kind: 'forbidden',
        detail: 'You have reached the maximum limit of allowed projects.',
      }),
      undefined,
    );
  });

  it("10.5: canceling before anything was sent isn't an outcome", async () => {
    await assert.rejects(play(new Bench({ listProjects: [canceledBefore()] })), Canceled);
    const kept: JsonObject[] = [];
    const sending = createEnvironment(
      new Bench({ listProjects: [nothing()], createEnvironment: [canceledBefore()] }),
      place,
      {
        settings: { name: 'QA' },
        progress: {},
        signal: never(),
        remember: async (next) => void kept.push(next),
      },
    );
    await assert.rejects(sending, Canceled);
    assert.deepEqual(kept, [attempt, {}]);
  });
});
