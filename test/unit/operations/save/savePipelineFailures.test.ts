import assert from 'node:assert/strict';
import { PRODUCTION, edited, onBothGenerations, refused, type SaveBench } from '../support';

const change = { timezone: 'Europe/Paris' };

/** A save whose failure leaves the server unchanged; the next one succeeds with the same text and base. */
async function failsAndSucceedsLater(bench: SaveBench, message: RegExp, remedy: string): Promise<void> {
  const mine = edited(await bench.openSettings(), change);
  const refusal = await refused(bench.saveSettings(mine));
  assert.match(refusal.message, message);
  assert.equal(refusal.action?.kind, remedy);
  assert.equal(refusal.base, undefined);
  assert.equal(bench.settings().timezone, 'America/New_York');
  bench.control.clearFaults();
  await bench.saveSettings(mine);
  assert.equal(bench.settings().timezone, 'Europe/Paris');
}

/** A save that the server carried out although its response was lost. */
async function isConfirmed(bench: SaveBench): Promise<void> {
  const mine = edited(await bench.openSettings(), change);
  const saved = await bench.saveSettings(mine);
  assert.deepEqual(bench.methods(), ['GET', 'PATCH', 'GET']);
  assert.match(saved.notices.join(' '), /Checked again: PostHog has the change/);
  assert.equal(bench.settings().timezone, 'Europe/Paris');
  assert.equal(saved.text, mine.text);
  assert.deepEqual(saved.sentKeys, ['timezone']);
}

describe('failing saves of settings', () => {
  onBothGenerations((bench) => {
    it('500 before the write: checked, not applied', async () => {
      bench.fail('PATCH', 'status-500');
      await failsAndSucceedsLater(bench, /HTTP 500.*wasn't applied/, 'retry');
    });

    it('500 after the write: checked, confirmed', async () => {
      bench.fail('PATCH', 'status-500-after');
      await isConfirmed(bench);
    });

    it('connection dropped before the write: checked, not applied', async () => {
      bench.fail('PATCH', 'drop-before');
      await failsAndSucceedsLater(bench, /connection .* failed.*wasn't applied/, 'retry');
    });

    it('connection dropped after the write: checked, confirmed', async () => {
      bench.fail('PATCH', 'drop-after');
      await isConfirmed(bench);
    });

    it('half a body: checked, confirmed', async () => {
      bench.fail('PATCH', 'half-body');
      await isConfirmed(bench);
    });

    it('an HTML page instead of a response: checked, not applied', async () => {
      bench.fail('PATCH', 'html-502');
      await failsAndSucceedsLater(bench, /web page instead of data.*wasn't applied/, 'retry');
    });

    it("429: says how long to wait, and doesn't check", async () => {
      bench.fail('PATCH', 'status-429', { retryAfterSeconds: 13 });
      const mine = edited(await bench.openSettings(), change);
      const refusal = await refused(bench.saveSettings(mine));
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
      assert.match(refusal.message, /Rate limit reached.*13 seconds/);
      assert.equal(refusal.action?.kind, 'retry');
    });

    it("a timeout: checked; what may still be in progress isn't reported as lost", async () => {
      // PostHog works on it until the sandbox is closed, and only the PATCH has a short limit, so a busy machine
      // doesn't matter.
      bench.fail('PATCH', 'latency', { delayMs: 600_000 });
      const mine = edited(await bench.openSettings(), change);
      const client = bench.client();
      const hasty = bench.client({ timeoutMs: 300 });
      client.patchEnvironment = hasty.patchEnvironment.bind(hasty);
      const refusal = await refused(bench.saveSettings(mine, client));
      assert.match(refusal.message, /didn't respond in time.*doesn't have the change yet/);
      assert.equal(refusal.action?.kind, 'retry');
    });

    it('an unknown outcome and an unreachable server: reported as unknown', async () => {
      const mine = edited(await bench.openSettings(), change);
      bench.fail('PATCH', 'drop-after');
      const client = bench.client();
      const patch = client.patchEnvironment.bind(client);
      client.patchEnvironment = (...call) => {
        bench.fail('GET', 'status-500', { times: 5 });
        return patch(...call);
      };
      const refusal = await refused(bench.saveSettings(mine, client));
      assert.match(refusal.message, /Couldn't confirm whether the change was saved/);
      assert.equal(refusal.action?.kind, 'checkAgain');
      bench.control.clearFaults();
      bench.control.clearRequests();
      await bench.saveSettings(mine);
      assert.deepEqual(bench.methods(), ['GET'], 'it was applied, so nothing is sent again');
    });

    for (const kind of ['status-500', 'drop-before', 'html-502', 'half-body'] as const) {
      it(`${kind} when reading the current state: nothing is sent`, async () => {
        const mine = edited(await bench.openSettings(), change);
        bench.fail('GET', kind, { times: 5 });
        const refusal = await refused(bench.saveSettings(mine));
        assert.match(refusal.message, /Nothing was sent/);
        assert.deepEqual(
          bench.methods().filter((method) => method !== 'GET'),
          [],
        );
      });
    }

    it('401: a revoked key can be replaced', async () => {
      const mine = edited(await bench.openSettings(), change);
      bench.control.revokeKey('admin');
      const refusal = await refused(bench.saveSettings(mine));
      assert.match(refusal.message, /rejected the API key/);
      assert.equal(refusal.action?.kind, 'replaceKey');
    });

    it('403: the missing scope is named', async () => {
      const mine = edited(await bench.openSettings(), { name: 'Production 2' });
      const refusal = await refused(bench.saveSettings(mine, bench.client({ key: 'read' })));
      assert.match(refusal.message, /project:write/);
      assert.equal(refusal.action?.kind, 'replaceKey');
      assert.equal(bench.settings().name, 'Production');
    });

    it("403: PostHog's message is shown to a member", async () => {
      const mine = edited(await bench.openSettings(), { name: 'Production 2' });
      const refusal = await refused(bench.saveSettings(mine, bench.client({ key: 'member' })));
      assert.match(refusal.message, /didn't allow/);
      assert.equal(bench.settings().name, 'Production');
    });

    it('404: the environment is gone', async () => {
      const mine = edited(await bench.openSettings(), change);
      bench.control.removeEnvironment(PRODUCTION);
      const refusal = await refused(bench.saveSettings(mine));
      assert.match(refusal.message, /PostHog doesn't have this/);
    });

    it("400: the server's message about a value is shown, and nothing else of the body was applied", async () => {
      const mine = edited(await bench.openSettings(), { primary_dashboard: 99_999, week_start_day: 0 });
      const refusal = await refused(bench.saveSettings(mine));
      assert.match(refusal.message, /object does not exist/);
      assert.equal(refusal.base, undefined);
      assert.equal(bench.settings().week_start_day, 1);
    });

    it('error messages never contain the key', async () => {
      const mine = edited(await bench.openSettings(), change);
      for (const kind of ['status-500', 'drop-before', 'html-502', 'status-429'] as const) {
        bench.control.clearFaults();
        bench.fail('PATCH', kind);
        const refusal = await refused(bench.saveSettings(mine));
        assert.ok(!`${refusal.message} ${String(refusal.cause)}`.includes(bench.sandbox.keys.admin));
      }
    });
  });
});
