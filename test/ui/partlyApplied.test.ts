import assert from 'node:assert/strict';
import { isJsonObject, objectOf } from '../../src/json/json';
import { eventually } from './support/eventually';
import { tableId } from './support/workbench';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('A partly applied save', () => {
  const ui = useWorkbench();

  /** The bodies sent since the last call. */
  const bodies = (): unknown[] => ui().bodies();

  it("A9: if the name was applied but a type wasn't, Revert shows the new name, and the next save sends nothing old", async () => {
    const { editor, sandbox, toasts, tree } = ui();
    const id = tableId(ui(), 1201, 'orders');
    await ui().openTable(shop, 'Development', 'orders');
    const { columns } = await editor.json();
    assert.ok(isJsonObject(columns));
    await editor.change({ name: 'sales', columns: { ...columns, total: 'string' } });
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/Not applied: total → string\. Applied: name\./);
    await tree.row('Warehouse tables', 'sales');
    await tree.gone('Warehouse tables', 'orders');

    const requests = sandbox.control.requests().length;
    await toasts.button('Revert');
    await editor.isClean();
    const shown = await editor.json();
    assert.equal(shown.name, 'sales');
    assert.equal(objectOf(isJsonObject(shown.columns) ? shown.columns : {}).total, 'float');
    assert.equal(sandbox.control.requests().length, requests, "the extension already has PostHog's version");

    await toasts.clear();
    sandbox.control.clearRequests();
    const url = 'https://hedgehog-data.s3.amazonaws.com/sales/*.parquet';
    await editor.change({ url_pattern: url });
    await editor.save();
    assert.deepEqual(bodies(), [{ url_pattern: url }]);
    assert.equal(sandbox.control.table(1201, id).name, 'sales');
  });

  it('A9: once a refusal is known, types are marked in advance, and nothing is sent until they are reverted', async () => {
    const { editor, sandbox } = ui();
    const id = tableId(ui(), 1201, 'products');
    await ui().openTable(shop, 'Development', 'products');
    const { columns, ...rest } = await editor.json();
    assert.ok(isJsonObject(columns));
    await editor.change({ ...rest, name: 'goods', columns: { ...columns, price: 'string' } });
    await editor.hasProblem("PostHog doesn't allow API keys to change column types");
    sandbox.control.clearRequests();
    await ui().saveIsRefused(/doesn't allow API keys to change column types[^]*Nothing was sent/);
    assert.deepEqual(sandbox.control.requests(), []);
    await editor.change({ columns });
    await editor.save();
    assert.deepEqual(bodies(), [{ name: 'goods' }]);
    assert.equal(sandbox.control.table(1201, id).name, 'goods');
  });

  it('A9: undoing instead of reverting shows what PostHog has too', async () => {
    const { editor, page, sandbox, toasts, tree } = ui();
    await ui().openSettings(shop, 'Development');
    const weekStartDay = 1 - Number(sandbox.control.environment(1201).week_start_day);
    await editor.change({ name: 'Dev', default_data_theme: 7, week_start_day: weekStartDay });
    await ui().saveIsRefused(/kept its own value for default_data_theme[^]*did apply/);
    await tree.row(shop, 'Dev');
    await toasts.clear();
    await editor.focus();
    await page.keyboard.press('Control+z');
    await editor.isClean();
    const shown = await eventually(async () => {
      const document = await editor.json();
      assert.equal(document.name, 'Dev');
      return document;
    });
    assert.equal(shown.week_start_day, weekStartDay);
    sandbox.control.clearRequests();
    await editor.change({ anonymize_ips: shown.anonymize_ips !== true });
    await editor.save();
    assert.deepEqual(bodies(), [{ anonymize_ips: shown.anonymize_ips !== true }]);
  });

  it('A5: a value that someone changes during the save is shown at its line', async () => {
    const { console, editor, sandbox, toasts } = ui();
    const mine = {
      timezone: 'Asia/Tokyo',
      anonymize_ips: sandbox.control.environment(1203).anonymize_ips !== true,
    };
    await ui().openSettings(shop, 'Production');
    await editor.change(mine);
    // Equal when the save looks, and different when it has sent the rest.
    sandbox.control.patchEnvironment(1203, { timezone: mine.timezone });
    sandbox.control.clearRequests();
    const route = { method: 'PATCH', path: '/api/projects/1203' };
    sandbox.control.addFault({ route, kind: 'latency', delayMs: 2_000, times: 1 });
    console.expect(/Unable to write file 'posthog-env:|Someone changed timezone/);
    await editor.pressSave();
    await eventually(() => assert.ok(sandbox.control.requests().some(({ method }) => method === 'PATCH')));
    sandbox.control.patchEnvironment(1203, { timezone: 'Europe/Oslo' });
    await toasts.says(
      /^Someone changed timezone in PostHog during this save\. PostHog did apply anonymize_ips\.$/,
    );
    await editor.cursorAfter(await editor.text(), '"timezone"');
    // Decorations are the content of a pseudo-element.
    await eventually(async () => {
      const line = editor.content.locator('.view-line', { hasText: '"timezone"' });
      const shown = await line.evaluate((element) =>
        [...element.querySelectorAll('span')]
          .map((span) => getComputedStyle(span, '::after').content)
          .join(''),
      );
      assert.match(shown, /PostHog has .*Europe\/Oslo/);
    });
    assert.deepEqual(bodies(), [{ anonymize_ips: mine.anonymize_ips }]);
  });

  it('B2: a refused value is named, and marked exactly where it is', async () => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.change({ anonymize_ips: true, person_display_name_properties: ['', 'x'] });
    await ui().saveIsRefused(/PostHog rejected person_display_name_properties\[0\][^]*may not be blank/);
    const line = text.slice(0, text.indexOf('""', text.indexOf('person_display_name'))).split('\n').length;
    await editor.hasProblem('may not be blank', `Ln ${line},`);
  });
});
