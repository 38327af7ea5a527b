import assert from 'node:assert/strict';
import type { FaultKind } from '../../src/sandbox';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';
const patchOfDevelopment = { method: 'PATCH', path: '/api/projects/1201' };

describe('A save that is refused before anything is sent', () => {
  const ui = useWorkbench();

  async function refusedUnsent(text: string, reason: RegExp): Promise<void> {
    const { editor, sandbox } = ui();
    await editor.setText(text);
    sandbox.control.clearRequests();
    await ui().saveIsRefused(reason);
    assert.deepEqual(sandbox.control.requests(), []);
  }

  it('broken JSON: with a problem at its position', async () => {
    await ui().openSettings(shop, 'Development');
    const text = (await ui().editor.text()).replace('"timezone":', '"timezone"');
    await refusedUnsent(text, /Expected a colon[^]*Nothing was sent/);
    const line = text.slice(0, text.indexOf('"timezone"')).split('\n').length;
    await ui().editor.hasProblem(`Ln ${line},`);
  });

  it("a document that isn't an object", async () => {
    await ui().openSettings(shop, 'Development');
    await refusedUnsent('["timezone", "UTC"]\n', /must be a single JSON object|object[^]*Nothing was sent/i);
  });

  it('a value of the wrong type: marked while typing', async () => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Development');
    await editor.change({ anonymize_ips: 'perhaps' });
    await editor.hasProblem('"anonymize_ips"', 'true or false');
    await ui().saveIsRefused(/"anonymize_ips"[^]*(true or false|boolean)[^]*Nothing was sent/);
    assert.deepEqual(ui().writes(), []);
  });

  it('a secret, and a key that only PostHog sets', async () => {
    await ui().openSettings(shop, 'Development');
    await ui().editor.change({ secret_api_token: 'phs_mine', id: 5 });
    await ui().saveIsRefused(/secret_api_token[^]*Nothing was sent/);
    assert.deepEqual(ui().writes(), []);
  });
});

describe('A save that the server refuses', () => {
  const ui = useWorkbench({ userSettings: { 'posthogEnvironments.network.timeoutSeconds': 5 } });
  let weekStartDay = 0;

  /** Changes a setting to a value that the server doesn't have. */
  async function changeSomething(): Promise<void> {
    await ui().openSettings(shop, 'Development');
    weekStartDay = 1 - Number(ui().sandbox.control.environment(1201).week_start_day);
    await ui().editor.change({ week_start_day: weekStartDay });
  }

  it('500: the editor stays unsaved with its text, until a retry succeeds', async () => {
    const { sandbox, toasts, editor } = ui();
    await changeSomething();
    sandbox.control.addFault({ route: patchOfDevelopment, kind: 'status-500' });
    await ui().saveIsRefused(/PostHog failed to process the request \(HTTP 500\)[^]*wasn't applied/);
    assert.notEqual(sandbox.control.environment(1201).week_start_day, weekStartDay);
    sandbox.control.clearFaults();
    await toasts.button('Retry');
    await editor.isClean();
    assert.equal(sandbox.control.environment(1201).week_start_day, weekStartDay);
  });

  it('500 although the change was made: PostHog is asked, and the save succeeds', async () => {
    const { sandbox, toasts, editor } = ui();
    await changeSomething();
    sandbox.control.addFault({ route: patchOfDevelopment, kind: 'status-500-after' });
    await editor.save();
    await toasts.says(/Checked again: PostHog has the change/);
    assert.equal(sandbox.control.environment(1201).week_start_day, weekStartDay);
  });

  for (const [name, kind, reason] of [
    ['429', 'status-429', /Rate limit reached[^]*Try again in 40 seconds/],
    ['a web page', 'html-502', /responded with a web page instead of data \(HTTP 502\)/],
    ['a dropped connection', 'drop-before', /The connection to http:\/\/127\.0\.0\.1:\d+ failed/],
  ] satisfies readonly (readonly [string, FaultKind, RegExp])[]) {
    it(`${name}: with its own message, and nothing is lost`, async () => {
      const { sandbox, editor } = ui();
      await changeSomething();
      sandbox.control.addFault({ route: patchOfDevelopment, kind, retryAfterSeconds: 40 });
      await ui().saveIsRefused(reason);
      sandbox.control.clearFaults();
      await editor.save();
      assert.equal(sandbox.control.environment(1201).week_start_day, weekStartDay);
    });
  }

  it("a server that doesn't respond in time", async () => {
    const { sandbox } = ui();
    await changeSomething();
    sandbox.control.addFault({ route: { path: '/api/projects/1201' }, kind: 'latency', delayMs: 8_000 });
    await ui().saveIsRefused(/didn't respond in time\. The time limit is 5 seconds/);
  });

  it("a value that PostHog doesn't accept", async () => {
    await ui().openSettings(shop, 'Development');
    await ui().editor.change({ primary_dashboard: 999_999 });
    await ui().saveIsRefused(/PostHog rejected primary_dashboard\. It says: Invalid pk "999999"/);
  });

  it('403: the missing scope is named, or the insufficient role', async () => {
    const { sandbox, toasts, quickInput } = ui();
    await changeSomething();
    sandbox.control.setKeyScopes('admin', ['project:read', 'organization:read', 'warehouse_table:read']);
    await ui().saveIsRefused(/missing the scope project:write/);
    await toasts.button('Replace Key…');
    await quickInput.asks('phx_…');
    await quickInput.fill(sandbox.keys.member);
    await quickInput.accept();
    await quickInput.closed();
    await toasts.clear();
    await ui().saveIsRefused(/Only project admins can modify these settings: week_start_day/);
  });

  it('401: a revoked key can be replaced from the message, which then saves the same text', async () => {
    const { sandbox, editor, toasts, quickInput } = ui();
    await changeSomething();
    sandbox.control.revokeKey('member');
    await ui().saveIsRefused(/PostHog rejected the API key/);
    sandbox.control.setKeyScopes('admin', ['*']);
    await toasts.button('Replace Key…');
    await quickInput.asks('phx_…');
    await quickInput.fill(sandbox.keys.admin);
    await quickInput.accept();
    await quickInput.closed();
    await editor.save();
    assert.equal(sandbox.control.environment(1201).week_start_day, weekStartDay);
  });

  it('404: the environment is gone', async () => {
    await ui().openSettings(shop, 'Staging');
    await ui().editor.change({ timezone: 'Europe/Rome' });
    ui().sandbox.control.removeEnvironment(1202);
    await ui().saveIsRefused(/PostHog doesn't have this/);
  });

  it('11.2: Show Problems opens the Problems view, and no text contains a UUID or an error class', async () => {
    const { editor, page, toasts } = ui();
    const tables = ['Sandbox', 'Hedgehog Outfitters', 'Development', 'Warehouse tables'];
    await ui().tree.expand(...tables);
    await ui().openTable('Hedgehog Outfitters', 'Development', 'orders');
    await editor.change({ name: '' });
    await ui().saveIsRefused(/Nothing was sent/);
    await page.locator('.tab.active').hover();
    await page.locator('.monaco-hover:visible', { hasText: 'orders' }).first().waitFor();
    const shown = await page.evaluate(() => [
      document.title,
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label], [title]')].flatMap((element) => [
        element.getAttribute('aria-label') ?? '',
        element.getAttribute('title') ?? '',
      ]),
    ]);
    for (const text of shown) {
      assert.doesNotMatch(text, /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|FileSystemError/);
    }
    await toasts.button('Show Problems');
    await page.locator('.markers-panel .monaco-list-row').first().waitFor();
    await page.keyboard.press('Control+j');
  });

  it('11.2: Compare shows what PostHog kept next to the wanted value', async () => {
    const { editor, toasts } = ui();
    await ui().openSettings('Hedgehog Outfitters', 'Development');
    await editor.change({ default_data_theme: 7, timezone: 'Europe/Vienna' });
    await ui().saveIsRefused(/kept its own value for default_data_theme\./);
    await toasts.button('Compare');
    await editor.showsDiff(
      'Development · Hedgehog Outfitters · Sandbox: PostHog ↔ Mine',
      '"default_data_theme"',
      '"default_data_theme": 7',
    );
  });
});

describe('A failure whose details are only in the log', () => {
  const ui = useWorkbench();

  it('11.2: Show Log opens the log of the extension', async () => {
    const { console, page, sandbox, toasts, tree } = ui();
    await tree.expand('Sandbox', shop, 'Development');
    sandbox.control.addFault({ route: { method: 'GET', path: '/api/projects/1201' }, kind: 'status-500' });
    console.expect(/PostHog failed to process the request/);
    await tree.click('Development', 'Settings');
    await toasts.says(/PostHog failed to process the request \(HTTP 500\)/);
    assert.deepEqual(await toasts.buttons(), ['Show Log']);
    await toasts.button('Show Log');
    // VS Code's server of these tests writes no logs: what stands in it is looked at in the host.
    const channel = page.locator('.part.panel option:checked', { hasText: 'PostHog Environments' });
    await channel.first().waitFor({ state: 'attached' });
    await page.locator('.part.panel .output-view').waitFor();
    assert.deepEqual(await toasts.texts(), []);
  });
});
