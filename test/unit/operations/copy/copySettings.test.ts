import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareStates, differences } from '../../../../src/operations/compare/compare';
import { isDifferent } from '../../../../src/operations/compare/difference';
import { applyPlannedSettings } from '../../../../src/operations/save/applyPlannedSettings';
import { CopyRequest } from '../../../../src/operations/copy/copyRequest';
import { copyDoubts, copyPlan, planCopy, type CopyPlan } from '../../../../src/operations/copy/planCopy';
import { runBatch } from '../../../../src/operations/batch';
import type { EnvironmentAt } from '../../../../src/operations/services';
import type { PostHogClient } from '../../../../src/posthog/client';
import { settingsDocument } from '../../../../src/settings/document';
import type { JsonObject } from '../../../../src/json/json';
import { DEVELOPMENT, never, onBothGenerations, PRODUCTION } from '../support';

const STAGING = 1202;
const ids = { Development: DEVELOPMENT, Staging: STAGING, Production: PRODUCTION };

const planned = (source: JsonObject, target: JsonObject, paths: string[][], isNamed = true): CopyPlan =>
  copyPlan(
    { settings: source, paths, isNamed },
    { connectionId: 'connection', environment: { id: 1, projectId: 1 }, name: 'Target' },
    { raw: target },
    'current',
  );

describe('copying settings', () => {
  it('12.3: sends only what differs', () => {
    const { set } = planned(
      { timezone: 'UTC', surveys_opt_in: true, session_recording_sample_rate: '0.40' },
      { timezone: 'Asia/Tokyo', surveys_opt_in: true, session_recording_sample_rate: 0.4 },
      [['timezone'], ['surveys_opt_in'], ['session_recording_sample_rate']],
    );
    assert.deepEqual(set.body, { timezone: 'UTC' });
  });

  it('12.3: copies part of an object and keeps the rest', () => {
    const { set } = planned(
      { session_replay_config: { record_canvas: true, ai_config: { opt_in: true } } },
      { session_replay_config: { record_canvas: false, ai_config: { opt_in: false } } },
      [['session_replay_config', 'record_canvas']],
    );
    assert.deepEqual(set.body, { session_replay_config: { record_canvas: true } });
  });

  it('12.3: references to objects of the environment stay as the target has them, and are listed', () => {
    const cohort = (value: number): JsonObject => ({ key: 'id', type: 'cohort', value, operator: 'in' });
    const email = { key: 'email', value: 'x', operator: 'exact', type: 'person' };
    const plan = planned(
      { test_account_filters: [cohort(31), email], primary_dashboard: 12 },
      { test_account_filters: [cohort(99)], primary_dashboard: 7 },
      [['test_account_filters'], ['primary_dashboard']],
    );
    assert.deepEqual(plan.set.body, { test_account_filters: [email, cohort(99)] });
    assert.deepEqual(copyDoubts(plan), [
      'Not copied: test_account_filters[0]. It points to a cohort in its own environment.',
      'Not copied: primary_dashboard. It points to a dashboard in its own environment.',
    ]);
  });

  it('12.3: never copies a secret, and never clears one', () => {
    const plan = planned(
      { survey_config: { appearance: { a: 1 }, webhook: 'https://hooks.example.com/source' } },
      { survey_config: { appearance: { a: 2 }, webhook: 'https://hooks.example.com/target' } },
      [['survey_config']],
    );
    assert.deepEqual(plan.set.body, { survey_config: { appearance: { a: 1 } } });
    const replaced = planned(
      { extra_settings: { a: 1, token: 'of the source' } },
      { extra_settings: { a: 2, token: 'of the target' } },
      [['extra_settings']],
    );
    assert.deepEqual(replaced.set.body, { extra_settings: { a: 1, token: 'of the target' } });
    assert.match(copyDoubts(plan).join(), /Not copied: survey_config\.webhook\. It contains a secret\./);
    const both = planned(
      { survey_config: { webhook: 'https://a.example.com' }, extra_settings: { token: 'a' } },
      { survey_config: { webhook: 'https://b.example.com' }, extra_settings: { token: 'b' } },
      [['survey_config'], ['extra_settings']],
    );
    assert.match(copyDoubts(both).join(), /: survey_config\.webhook, extra_settings\.token\. They contain /);
  });

  it('12.3: copying all settings leaves out those meant to differ; settings chosen by name are copied', () => {
    const [source, target] = [
      { name: 'A', app_urls: ['https://a.example.com'] },
      { name: 'B', app_urls: ['https://b.example.com'] },
    ];
    const paths = [['name'], ['app_urls']];
    assert.deepEqual(planned(source, target, paths, false).set.body, {});
    assert.deepEqual(planned(source, target, paths).set.body, { app_urls: ['https://a.example.com'] });
  });

  it("12.3: leaves out and lists what the target's role, server or plan doesn't allow", () => {
    const plan = copyPlan(
      {
        settings: { timezone: 'UTC', anonymize_ips: true, tags: ['a'] },
        paths: [['timezone'], ['anonymize_ips'], ['tags']],
        isNamed: true,
      },
      { connectionId: 'connection', environment: { id: 1, projectId: 1 }, name: 'Target' },
      {
        raw: { timezone: 'Asia/Tokyo', anonymize_ips: false },
        effective_membership_level: 1,
        user_access_level: 'member',
      },
      'current',
    );
    assert.deepEqual(plan.set.body, {});
    const doubts = copyDoubts(plan).join('\n');
    assert.match(doubts, /tags\. The target's server doesn't have it\./);
    assert.match(doubts, /timezone\. Only project admins can change "timezone"/);
  });

  it('12.3: copied settings no longer differ, whatever the two environments had', () => {
    const leaf = fc.oneof(fc.boolean(), fc.nat(2), fc.constantFrom('a', 'b'));
    const filter = fc.constantFrom<JsonObject>(
      { key: 'id', type: 'cohort', value: 1, operator: 'in' },
      { key: 'id', type: 'cohort', value: 2, operator: 'in' },
      { key: 'email', type: 'person', value: 'a', operator: 'exact' },
      { key: 'plan', type: 'event', value: 'b', operator: 'exact' },
    );
    const settings = fc.record({
      timezone: fc.constantFrom('UTC', 'Asia/Tokyo'),
      primary_dashboard: fc.constantFrom(1, 2, null),
      survey_config: fc.oneof(fc.constant(null), fc.dictionary(fc.constantFrom('a', 'b', 'secret'), leaf)),
      modifiers: fc.oneof(fc.constant({}), fc.record({ debug: fc.boolean() })),
      test_account_filters: fc.uniqueArray(filter, { maxLength: 3, selector: (one) => JSON.stringify(one) }),
    });
    fc.assert(
      fc.property(settings, settings, (source, target) => {
        const { set } = planned(
          source,
          target,
          Object.keys(source).map((key) => [key]),
        );
        const after = set.mine;
        const comparison = compareStates([
          { label: 'a', settings: source },
          { label: 'b', settings: after },
        ]);
        const left = differences(comparison).filter(
          (one) => isDifferent(one.kind) && !JSON.stringify(one).includes('secret'),
        );
        assert.deepEqual(left, []);
      }),
    );
  });
});

describe('copying settings to servers', () => {
  onBothGenerations((bench) => {
    const at = (name: keyof typeof ids): EnvironmentAt => ({
      ...{ connectionId: 'connection', environment: bench.ref(ids[name]), name },
    });
    const services = {
      connections: { client: async (): Promise<PostHogClient> => bench.client() },
      changes: { fire: (): void => undefined },
      receipts: { add: (): void => undefined },
    };
    const copied = { settings: { timezone: 'Asia/Tokyo' }, paths: [['timezone']], isNamed: true };

    it('12.3, 11.10: planning only reads', async () => {
      await planCopy(services, copied, at('Production'), never());
      assert.deepEqual(bench.methods(), ['GET']);
    });

    it('12.3: applies to each target with one GET and one PATCH; failed ones can be retried, the others are done', async () => {
      const plans = await Promise.all(
        (['Development', 'Production'] as const).map((name) => planCopy(services, copied, at(name), never())),
      );
      bench.control.clearRequests();
      bench.fail('PATCH', 'status-503');
      const run = (
        items: { label: string; value: CopyPlan }[],
      ): ReturnType<typeof runBatch<CopyPlan, unknown>> =>
        runBatch<CopyPlan, unknown>(
          items,
          (plan, signal) => applyPlannedSettings(services, 'copy', plan, { signal }),
          {
            signal: never(),
            report: () => undefined,
            log: {
              debug: () => undefined,
              info: () => undefined,
              warn: () => undefined,
              error: () => undefined,
            },
          },
        );
      const result = await run(plans.map((value) => ({ label: value.at.name, value })));
      assert.deepEqual(
        [result.done.map(({ item }) => item.label), result.failed.map(({ item }) => item.label)],
        [['Production'], ['Development']],
      );
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Asia/Tokyo');
      const again = await run(result.failed.map(({ item }) => item));
      assert.equal(again.done.length, 1);
      assert.equal(bench.control.environment(DEVELOPMENT).timezone, 'Asia/Tokyo');
    });

    it('12.3: stops if someone changed the same setting after the review', async () => {
      const plan = await planCopy(services, copied, at('Production'), never());
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome' });
      const outcome = await applyPlannedSettings(services, 'copy', plan, { signal: never() });
      assert.equal(outcome.kind, 'notApplied');
      assert.equal(bench.control.environment(PRODUCTION).timezone, 'Europe/Rome');
    });

    it('12.3: makes a whole environment match another one', async () => {
      const source = settingsDocument(bench.control.environment(PRODUCTION));
      const request = new CopyRequest(at('Production'), 'all');
      const all = { settings: source, paths: request.pathsIn(source), isNamed: request.isNamed };
      const outcome = await applyPlannedSettings(
        services,
        'copy',
        await planCopy(services, all, at('Staging'), never()),
        {
          signal: never(),
        },
      );
      assert.equal(outcome.kind, 'applied', JSON.stringify(outcome));
      const comparison = compareStates([
        { label: 'a', settings: source },
        { label: 'b', settings: settingsDocument(bench.control.environment(STAGING)) },
      ]);
      assert.deepEqual(
        differences(comparison).filter(({ kind }) => isDifferent(kind)),
        [],
      );
      assert.equal(bench.control.environment(STAGING).name, 'Staging');
    });
  });
});
