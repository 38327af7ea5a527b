import assert from 'node:assert/strict';
import { changesOf, onBoth, PRODUCTION, STAGING } from './support';

describe('a plan of a settings file', () => {
  onBoth((bench) => {
    it("5: settings that aren't in the file are never changed", async () => {
      const before = [bench.document(STAGING), bench.document(PRODUCTION)];
      const plans = await bench.planned(bench.text({ timezone: 'Asia/Tokyo' }));
      bench.control.clearRequests();
      for (const plan of plans) {
        assert.equal((await bench.apply(plan)).kind, 'applied');
      }
      assert.deepEqual(bench.bodies(), [{ timezone: 'Asia/Tokyo' }, { timezone: 'Asia/Tokyo' }]);
      assert.deepEqual(
        [bench.document(STAGING), bench.document(PRODUCTION)],
        before.map((one) => ({ ...one, timezone: 'Asia/Tokyo' })),
      );
    });

    it('5: an environment takes one request, and only what differs is planned', async () => {
      bench.control.clearRequests();
      const [staging, production] = await bench.planned(
        bench.text(
          { timezone: 'UTC', session_recording_sample_rate: 0.5, autocapture_opt_out: null },
          { production: { timezone: 'Asia/Tokyo' } },
        ),
      );
      assert.equal(bench.methods().length, 2);
      assert.ok(staging && production);
      assert.ok(!changesOf(staging).some((one) => one.startsWith('session_recording_sample_rate')));
      assert.ok(changesOf(production).includes('timezone: "America/New_York" -> "Asia/Tokyo"'));
    });

    it('5: a part of an object is managed without the rest', async () => {
      const before = bench.document(PRODUCTION).survey_config;
      const text = bench.text({}, { production: { survey_config: { appearance: { position: 'center' } } } });
      const plan = (await bench.planned(text))[1];
      assert.ok(plan);
      assert.deepEqual(
        plan.set.changes.map(({ path, to }) => ({ path, to })),
        [{ path: ['survey_config', 'appearance', 'position'], to: 'center' }],
      );
      await bench.apply(plan);
      assert.deepEqual(bench.document(PRODUCTION).survey_config, {
        ...(before as object),
        appearance: { ...(before as { appearance: object }).appearance, position: 'center' },
      });
      assert.deepEqual((await bench.planned(text)).map(changesOf), [[], []]);
    });

    it('5: nothing is sent if someone changed the same setting since, and their value is shown', async () => {
      const plan = (await bench.planned(bench.text({ timezone: 'Asia/Tokyo' })))[1];
      assert.ok(plan);
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Rome' });
      bench.control.clearRequests();
      const outcome = await bench.apply(plan);
      assert.equal(outcome.kind, 'notApplied');
      assert.equal(outcome.what, 'Someone changed timezone in Production after this was planned.');
      assert.deepEqual(bench.bodies(), []);
    });

    it("5: an environment that can't be read doesn't count as one without differences", async () => {
      bench.control.addFault({ route: { method: 'GET', path: `/**/${STAGING}` }, kind: 'status-500' });
      const [staging, production] = await bench.plan(bench.text({ timezone: 'UTC' }));
      assert.equal(staging?.kind, 'unreadable');
      assert.equal(production?.kind, 'planned');
    });
  });
});
