import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/json/json';
import {
  changeFileText,
  planProposal,
  readChangeFile,
} from '../../../src/operations/settingsFile/changeFile';
import { readNow } from '../../../src/operations/settingsFile/planEnvironment';
import { proposeChanges } from '../../../src/operations/settingsFile/propose';
import { DEVELOPMENT } from '../operations/support';
import { PRODUCTION, STAGING } from '../operations/settingsFile/support';
import { CliBench } from './support';

/** Settings that aren't risky to change. */
const harmless: JsonObject = { week_start_day: 0, heatmaps_opt_in: true };
const allowed = ['--yes', '--allow-risky', '--allow-protected', 'production'];

describe('the command line', () => {
  for (const generation of ['current', 'documented'] as const) {
    describe(`on a ${generation} server`, () => {
      const bench = new CliBench(generation);
      beforeEach(() => bench.start());
      afterEach(() => bench.stop());

      it('7: plan exits with 2 for drift and 0 for none', async () => {
        await bench.write(bench.text({ timezone: 'Asia/Tokyo' }));
        const drift = await bench.run(['plan']);
        assert.equal(drift.code, 2, drift.err);
        assert.match(drift.out, /staging \(Staging, 1202 on http:[^)]*\): 1 difference/);
        assert.match(drift.out, /timezone: "America\/New_York" → "Asia\/Tokyo"/);
        assert.match(drift.out, /2 environments have drifted\./);
        for (const id of [STAGING, PRODUCTION]) {
          bench.control.patchEnvironment(id, { timezone: 'Asia/Tokyo' });
        }
        const none = await bench.run(['plan']);
        assert.equal(none.code, 0);
        assert.match(none.out, /No drift: PostHog matches the settings file\./);
        assert.deepEqual(bench.bodies(), []);
      });

      it('7: plan --json has a version, and paths as arrays', async () => {
        await bench.write(
          bench.text({}, { production: { survey_config: { appearance: { position: 'center' } } } }),
        );
        const { code, value } = await bench.json(['plan', '--environment', 'production']);
        assert.equal(code, 2);
        const [environment] = value.environments as JsonObject[];
        assert.equal(value.formatVersion, 1);
        assert.equal(environment?.status, 'drift');
        assert.deepEqual(environment.changes, [
          {
            path: ['survey_config', 'appearance', 'position'],
            kind: 'changed',
            from: 'left',
            to: 'center',
            risks: [],
          },
        ]);
      });

      it('7: apply makes the planned changes, and reports them', async () => {
        await bench.write(bench.text({ timezone: 'Asia/Tokyo' }));
        const { code, out, err } = await bench.run(['apply', ...allowed]);
        assert.equal(code, 0, err);
        assert.match(out, /staging: applied\.\nproduction: applied\.\nAll planned changes were applied\.\n$/);
        assert.deepEqual(bench.bodies(), [{ timezone: 'Asia/Tokyo' }, { timezone: 'Asia/Tokyo' }]);
        assert.equal((await bench.run(['plan'])).code, 0);
        bench.control.clearRequests();
        assert.equal((await bench.run(['apply', ...allowed])).code, 0);
        assert.deepEqual(bench.bodies(), []);
      });

      it('7: apply stops if someone changes a value after it was planned', async () => {
        await bench.write(bench.text({}, { staging: { timezone: 'Asia/Tokyo' } }));
        await bench.run(['plan', '--out', 'a.posthog-change.json']);
        bench.control.patchEnvironment(STAGING, { timezone: 'Europe/Rome' });
        bench.control.clearRequests();
        const { code, err } = await bench.run(['apply', '--plan', 'a.posthog-change.json', ...allowed]);
        assert.equal(code, 1);
        assert.equal(
          err,
          'staging: timezone has changed in PostHog since the plan was made. Nothing was sent. Make a new plan.\n',
        );
        assert.deepEqual(bench.bodies(), []);
      });
    });
  }

  describe('as a process', () => {
    const bench = new CliBench('current');
    beforeEach(() => bench.start());
    afterEach(() => bench.stop());

    it('7: apply asks, and --yes covers ordinary changes only', async () => {
      await bench.write(bench.text({}, { staging: { business_model: 'b2b' } }));
      const no = await bench.run(['apply'], { input: 'n\n' });
      assert.equal(no.code, 2);
      assert.match(no.err, /Apply this to staging\? \[y\/N\]/);
      assert.match(no.out, /Nothing was sent\./);
      assert.equal((await bench.run(['apply'])).code, 2, "the end of the input isn't an answer");
      assert.deepEqual(bench.bodies(), []);
      assert.equal((await bench.run(['apply'], { input: 'y\n' })).code, 0);
      assert.deepEqual(bench.bodies(), [{ business_model: 'b2b' }]);

      await bench.write(bench.text({ timezone: 'Asia/Tokyo' }));
      bench.control.clearRequests();
      const missing = await bench.run(['apply', '--yes']);
      assert.equal(missing.code, 1);
      assert.equal(
        missing.err,
        'staging: changing timezone is risky. To allow it, add --allow-risky.\n' +
          'production: changing timezone is risky. To allow it, add --allow-risky.\n' +
          'production is protected. To allow changes, add --allow-protected production.\n' +
          'Nothing was sent.\n',
      );
      assert.deepEqual(bench.bodies(), []);
    });

    it('7: a rejected key is reported with its host, and nothing is sent', async () => {
      await bench.write(bench.text(harmless));
      const { code, err } = await bench.run(['apply', ...allowed], {
        env: { POSTHOG_PERSONAL_API_KEY: 'phx_wrong_key_of_nobody' },
      });
      assert.equal(code, 1);
      assert.match(err, /staging: .*key/i);
      assert.match(err, /Couldn't read staging and production\. Nothing was sent\.\n$/);
      assert.doesNotMatch(err, /wrong_key/);
      const none = await bench.run(['plan'], { env: {} });
      assert.equal(none.code, 1);
      assert.match(
        none.err,
        /There is no API key for http:\/\/127\.0\.0\.1:\d+\. Set POSTHOG_PERSONAL_API_KEY_127_0_0_1_PORT_\d+ or POSTHOG_PERSONAL_API_KEY to a personal API key\./,
      );
    });

    it('10.5: the remedy for a failure is worded for a terminal', async () => {
      await bench.write(bench.text({}, { staging: { business_model: 'b2b' } }));
      const variable = `POSTHOG_PERSONAL_API_KEY_127_0_0_1_PORT_${new URL(bench.sandbox.url).port}`;
      const advice = new RegExp(`^staging: .* To use another key, set ${variable}\\.$`, 'm');
      const wrong = { env: { POSTHOG_PERSONAL_API_KEY: 'phx_wrong_key_of_nobody' } };
      const { code } = await bench.run(['plan', '--out', 'plan.json', '--environment', 'staging']);
      assert.equal(code, 2);
      for (const args of [['plan'], ['apply', ...allowed], ['apply', ...allowed, '--plan', 'plan.json']]) {
        const { err } = await bench.run(args, wrong);
        assert.match(err, /^staging: PostHog rejected the API key\./m, args.join(' '));
        assert.match(err, advice, args.join(' '));
      }
      const unwritable = await bench.run(['apply', ...allowed], {
        env: { POSTHOG_PERSONAL_API_KEY: bench.sandbox.keys.read },
      });
      assert.match(
        unwritable.err,
        /missing the scope project:write\. Add the scope project:write to the key/,
      );
      assert.match(unwritable.err, new RegExp(`^To use another key, set ${variable}\\.$`, 'm'));
      assert.doesNotMatch(unwritable.err, /apply again|connection/);
      const unset = await bench.run(['plan'], { env: {} });
      assert.doesNotMatch(unset.err, /another key/);
    });

    it("7: a read-only key is refused with PostHog's own message", async () => {
      await bench.write(bench.text({}, { staging: { business_model: 'b2b' } }));
      const { code, err } = await bench.run(['apply', '--yes'], {
        env: { POSTHOG_PERSONAL_API_KEY: bench.sandbox.keys.read },
      });
      assert.equal(code, 1);
      assert.match(err, /project:write/);
    });

    it('7: a key without a host in its name is used for neither of two hosts', async () => {
      const text = bench.text(harmless).replace(/"http:[^"]*"/, '"https://eu.posthog.com"');
      await bench.write(text);
      bench.control.clearRequests();
      const { code, err } = await bench.run(['plan']);
      assert.equal(code, 1);
      assert.match(err, /The environments are on 2 hosts, and POSTHOG_PERSONAL_API_KEY doesn't say which/);
      assert.deepEqual(bench.methods(), []);
      const port = new URL(bench.sandbox.url).port;
      const own = await bench.run(['plan', '--environment', 'production'], {
        env: { [`POSTHOG_PERSONAL_API_KEY_127_0_0_1_PORT_${port}`]: bench.sandbox.keys.admin },
      });
      assert.notEqual(own.code, 1, own.err);
    });

    it('7: a partial apply says what to do next, which sends only the rest', async () => {
      await bench.write(bench.text({ week_start_day: 0 }));
      bench.control.addFault({
        route: { method: 'PATCH', path: `/**/${PRODUCTION}` },
        times: 1,
        kind: 'status-500',
      });
      const half = await bench.run(['apply', ...allowed]);
      assert.equal(half.code, 1);
      assert.match(half.out, /staging: applied\./);
      assert.match(half.err, /Applied 1 of 2\. production: /);
      assert.match(half.err, /Run apply again to send only the missing changes\.\n$/);
      bench.control.clearRequests();
      assert.equal((await bench.run(['apply', ...allowed])).code, 0);
      assert.deepEqual(
        bench.control.requests().flatMap(({ method, path }) => (method === 'PATCH' ? [path] : [])),
        [`/api/projects/${PRODUCTION}/`],
      );
    });

    it('7: if the first run is killed, a second one finds the rest', async () => {
      await bench.write(bench.text({ week_start_day: 0 }));
      bench.control.addFault({
        route: { method: 'PATCH', path: `/**/${PRODUCTION}` },
        times: 1,
        kind: 'latency',
        delayMs: 60_000,
      });
      const { child, ended } = bench.spawn(['apply', ...allowed]);
      child.stdout?.on('data', (data: Buffer) => {
        if (data.toString().includes('staging: applied.')) {
          child.kill('SIGKILL');
        }
      });
      assert.equal((await ended).code, null);
      bench.control.clearFaults();
      assert.equal(bench.document(STAGING).week_start_day, 0);
      const again = await bench.run(['apply', ...allowed]);
      assert.equal(again.code, 0, again.err);
      assert.equal(bench.document(PRODUCTION).week_start_day, 0);
    });

    it("7: when interrupted, it checks what happened to the request, and says what wasn't started", async () => {
      await bench.write(bench.text({ week_start_day: 0 }));
      bench.control.addFault({
        route: { method: 'PATCH', path: `/**/${STAGING}` },
        times: 1,
        kind: 'latency',
        delayMs: 60_000,
      });
      const { child, ended } = bench.spawn(['apply', ...allowed]);
      while (!bench.methods().includes('PATCH')) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      child.kill('SIGINT');
      const { code, err } = await ended;
      assert.equal(code, 1);
      assert.match(err, /Applied 0 of 2\./);
      assert.match(err, /Not started: production\./);
      assert.match(err, /Run apply again/);
    });

    it('7: unknown options and commands are errors', async () => {
      for (const [args, message] of [
        [['plan', '--jsno'], "Unknown option '--jsno'."],
        [['aply'], 'Unknown command "aply". Use plan, apply, or pull.'],
        [[], 'Enter a command: plan, apply, or pull.'],
        [['plan', 'production'], '"production" isn\'t an option. Options start with --.'],
        [['plan', '--allow-risky'], '--allow-risky is an option of apply, not of plan.'],
        [['apply', '--out', 'a'], '--out is an option of plan, not of apply.'],
        [['plan', '--file'], "Option '--file <value>' argument missing."],
      ] as const) {
        const { code, err } = await bench.run(args);
        assert.equal(code, 1, args.join(' '));
        assert.equal(err, `${message}\nUse --help to see the commands and options.\n`);
      }
      const help = await bench.run(['--help']);
      assert.equal(help.code, 0);
      assert.match(help.out, /^Usage: cli\.cjs <command> \[options\]/);
    });

    it('7: errors in the file are reported with their lines, without any requests', async () => {
      await bench.write(
        bench.text({ timeZone: 'UTC', slack_incoming_webhook: 'https://hooks.slack.com/services/a/b/c' }),
      );
      bench.control.clearRequests();
      const { code, err } = await bench.run(['plan']);
      assert.equal(code, 1);
      assert.match(
        err,
        /^posthog\.environments\.json:\d+:5: error: Unknown setting "timeZone"\. Did you mean "timezone"\?\n/,
      );
      assert.doesNotMatch(err, /hooks\.slack\.com/);
      assert.deepEqual(bench.methods(), []);
      const missing = await bench.run(['plan', '--file', 'none.json']);
      assert.equal(missing.err, "The file none.json doesn't exist.\n");
    });

    it('7: an environment that the file makes read-only is never written to', async () => {
      await bench.write(bench.text(harmless).replace('"id": 1202', '"id": 1202, "readOnly": true'));
      const { code, err } = await bench.run(['apply', ...allowed]);
      assert.equal(code, 1);
      assert.match(err, /staging is read-only according to the file\.\nNothing was sent\.\n$/);
      assert.deepEqual(bench.bodies(), []);
    });

    it('7: a plan is applied exactly, even by someone else, and does nothing the second time', async () => {
      await bench.write(bench.text({ timezone: 'Asia/Tokyo' }));
      const made = await bench.run(['plan', '--out', 'tokyo.posthog-change.json', '--why', 'We moved']);
      assert.equal(made.code, 2, made.err);
      const file = JSON.parse(await bench.file('tokyo.posthog-change.json')) as JsonObject;
      assert.equal(file.formatVersion, 1);
      assert.equal(file.why, 'We moved');
      // The settings file may have changed by now.
      await bench.write(bench.text({ timezone: 'Europe/Rome', week_start_day: 0 }));
      const args = ['apply', '--plan', 'tokyo.posthog-change.json', ...allowed];
      const done = await bench.run(args);
      assert.equal(done.code, 0, done.err);
      assert.deepEqual(bench.bodies(), [{ timezone: 'Asia/Tokyo' }, { timezone: 'Asia/Tokyo' }]);
      bench.control.clearRequests();
      assert.equal((await bench.run(args)).code, 0);
      assert.deepEqual(bench.bodies(), []);
    });

    it('7: plan --json --out prints one document, even for an error', async () => {
      await bench.write(bench.text({ timezone: 'Asia/Tokyo' }));
      const toFile = ['plan', '--out', 'a.posthog-change.json'];
      const drift = await bench.json(toFile);
      assert.equal(drift.code, 2);
      assert.equal((drift.value.environments as JsonObject[]).length, 2);
      const written = await bench.file('a.posthog-change.json');

      const nowhere = ['plan', '--out', 'none/a.posthog-change.json'];
      const unwritten = await bench.json(nowhere);
      assert.equal(unwritten.code, 1);
      const why = "Couldn't write none/a.posthog-change.json (ENOENT).";
      assert.deepEqual(unwritten.value, { formatVersion: 1, command: 'plan', error: { message: why } });
      assert.equal((await bench.run(nowhere)).err, `${why}\n`);

      const text = bench.text({ timezone: 'Asia/Tokyo' });
      await bench.write(text.replace(`"id": ${PRODUCTION}`, '"id": 999999'));
      const unread = await bench.json(toFile);
      assert.equal(unread.code, 1);
      const { message } = unread.value.error as { message: string };
      assert.match(message, /^production: .*\nCouldn't read production\. No plan was written\./);
      assert.equal((await bench.run(toFile)).err, `${message}\n`);
      assert.equal(await bench.file('a.posthog-change.json'), written);
      const plain = await bench.json(['plan']);
      assert.equal(plain.code, 1);
      assert.deepEqual(
        (plain.value.environments as JsonObject[]).map(({ status }) => status),
        ['drift', 'unreadable'],
      );
    });

    it("12.8: a plan of the command line can be applied by the editor's code", async () => {
      await bench.write(bench.text({}, { staging: { timezone: 'Asia/Tokyo' } }));
      await bench.run(['plan', '--out', 'a.posthog-change.json', '--by', 'Ada Example']);
      const read = readChangeFile(await bench.file('a.posthog-change.json'));
      assert.ok('file' in read, JSON.stringify(read));
      assert.equal(read.file.by, 'Ada Example');
      const [proposed] = read.file.environments;
      assert.ok(proposed);
      const now = await readNow(bench.client(), proposed.target, new AbortController().signal);
      const found = planProposal(proposed, now);
      assert.equal(found.kind, 'planned');
      assert.equal((await bench.apply(found.plan)).kind, 'applied');
      assert.equal(bench.control.environment(STAGING).timezone, 'Asia/Tokyo');
    });

    it('12.8: a file written by the editor can be applied by the command line, which names author and reason', async () => {
      const ref = bench.ref(STAGING);
      const base = bench.document(STAGING);
      const found = proposeChanges(
        {
          ...{ name: 'Staging', host: bench.sandbox.url, id: ref.id, projectId: ref.projectId },
          ...{ isProtected: undefined, isReadOnly: false, settings: {} },
        },
        {
          ...{ environment: ref, generation: 'current', base, role: {} },
          text: JSON.stringify({ ...base, timezone: 'Asia/Tokyo' }),
        },
      );
      assert.equal(found.kind, 'proposed');
      const facts = { by: 'Ada Example', why: 'We moved', createdAt: '2026-01-02T03:04:05.000Z' };
      await bench.write(
        changeFileText({ ...facts, environments: [found.proposed] }),
        'a.posthog-change.json',
      );
      const args = ['apply', '--plan', 'a.posthog-change.json', '--yes', '--allow-risky'];
      const { code, out, err } = await bench.run(args);
      assert.equal(code, 0, err);
      assert.match(out, /^Proposed by Ada Example on 2026-01-02T03:04:05\.000Z: "We moved"\.\n/);
      assert.deepEqual(bench.bodies(), [{ timezone: 'Asia/Tokyo' }]);
    });

    it("7: pull writes PostHog's values, after which a plan is empty", async () => {
      await bench.write(bench.text({ timezone: 'Asia/Tokyo' }));
      const { code, out } = await bench.run(['pull']);
      assert.equal(code, 0);
      assert.match(
        out,
        /staging: updated timezone\nproduction: updated timezone\nWrote posthog\.environments\.json\.\n$/,
      );
      assert.equal((await bench.run(['plan'])).code, 0);
      await bench.run(['pull', '--all']);
      assert.match(await bench.file(), /"base_currency": "EUR"/);
      assert.equal((await bench.run(['plan'])).code, 0);
      assert.match((await bench.run(['pull', '--all'])).out, /is already up to date/);
    });

    it('7: apply --json reports the outcome of each environment', async () => {
      await bench.write(bench.text({}, { staging: { business_model: 'b2b' } }));
      const { code, value } = await bench.json(['apply', '--yes']);
      assert.equal(code, 0);
      assert.deepEqual(
        (value.environments as JsonObject[]).map(({ name, outcome, applied }) => ({
          name,
          outcome,
          applied,
        })),
        [
          { name: 'staging', outcome: 'applied', applied: ['business_model'] },
          { name: 'production', outcome: 'inLine', applied: undefined },
        ],
      );
    });

    it('7: the editor and the command line plan the same', async () => {
      bench.control.patchEnvironment(DEVELOPMENT, { timezone: 'Asia/Tokyo' });
      const text = bench.text(
        { timezone: 'UTC', app_urls: [], survey_config: { appearance: { theme: 'dark' } } },
        { production: { session_recording_sample_rate: 0.25, modifiers: { debug: true } } },
      );
      await bench.write(text);
      const { value } = await bench.json(['plan']);
      const told = (value.environments as JsonObject[]).map(({ name, changes }) => ({
        name,
        changes: (changes as JsonObject[]).map(({ path, from, to }) => ({ path, from, to })),
      }));
      const planned = (await bench.planned(text)).map(({ target, set }) => ({
        name: target.name,
        changes: set.changes.map(({ path, from, to }) => ({ path, from, to })),
      }));
      assert.deepEqual(told, planned);
      assert.ok(planned.every(({ changes }) => changes.length > 0));
    });
  });
});
