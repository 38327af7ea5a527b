import assert from 'node:assert/strict';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

describe('Editing settings', () => {
  const ui = useWorkbench();

  it('opens them as JSON with one request, in the order of the groups and without secrets', async () => {
    const { tree, editor, sandbox, statusBar } = ui();
    await tree.expand('Sandbox', shop, 'Staging');
    sandbox.control.clearRequests();
    await tree.click('Staging', 'Settings');
    await editor.shows('Staging.posthog-settings.json');
    assert.deepEqual(
      sandbox.control.requests().map(({ method, path }) => `${method} ${path}`),
      ['GET /api/projects/1202/'],
    );
    const settings = await editor.json();
    assert.deepEqual(Object.keys(settings).slice(0, 4), [
      'name',
      'product_description',
      'timezone',
      'week_start_day',
    ]);
    for (const key of [
      'secret_api_token',
      'secret_api_token_backup',
      'live_events_token',
      'api_token',
      'id',
    ]) {
      assert.ok(!Object.hasOwn(settings, key), `${key} is in the document`);
    }
    await statusBar.says('Sandbox › Hedgehog Outfitters › Staging');
  });

  it('opens them at the first field of a group', async () => {
    const { tree, editor } = ui();
    await tree.expand('Sandbox', shop, 'Staging', 'Settings');
    await tree.click('Staging', 'Settings', 'Session replay');
    await editor.shows('Staging.posthog-settings.json');
    await eventually(async () => assert.equal(await editor.selection(), '"session_recording_opt_in"'));
    await tree.click('Staging', 'Settings', 'Surveys');
    await eventually(async () => assert.equal(await editor.selection(), '"surveys_opt_in"'));
  });

  it('completes and explains names and values from the schema', async () => {
    const { editor } = ui();
    await ui().openSettings(shop, 'Staging');
    const text = await editor.text();
    await editor.cursorAfter(text, '"week_start');
    await eventually(async () => assert.match(await editor.hover(), /week/i));

    const skeleton = '{\n  \n}\n';
    await editor.setText(skeleton);
    await editor.cursorAfter(skeleton, '{\n  ');
    await ui().page.keyboard.type('"session_recording_opt');
    await editor.complete('session_recording_opt_in');
    assert.match(await editor.text(), /"session_recording_opt_in": ?(true|false)?/);

    const valued = '{\n  "business_model": \n}\n';
    await editor.setText(valued);
    await editor.cursorAfter(valued, '"business_model": ');
    await editor.offers('"b2b"');
    await editor.offers('"b2c"');
  });

  it('saves the changed keys in one PATCH, and the tree follows', async () => {
    const { editor, tree } = ui();
    await ui().openSettings(shop, 'Staging');
    await editor.change({ timezone: 'Europe/Madrid', session_recording_sample_rate: '0.4' });
    ui().sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(
      ui()
        .sandbox.control.requests()
        .map(({ method }) => method),
      ['GET', 'PATCH'],
    );
    assert.deepEqual(ui().writes(), [
      {
        method: 'PATCH',
        path: '/api/projects/1202/',
        body: { timezone: 'Europe/Madrid', session_recording_sample_rate: '0.4' },
      },
    ]);
    const { body } = await ui().ask('GET', '/api/projects/1202/');
    assert.ok(typeof body === 'object' && body !== null && 'timezone' in body);
    assert.equal(body.timezone, 'Europe/Madrid');
    await eventually(async () => assert.match((await tree.row('Staging')).description, /Europe\/Madrid/));
  });

  it('sends nothing if nothing was changed, whatever the formatting', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings(shop, 'Staging');
    const compact = JSON.stringify(await editor.json());
    await editor.setText(compact);
    await editor.isDirty();
    sandbox.control.clearRequests();
    await editor.save();
    assert.deepEqual(sandbox.control.requests(), []);
    assert.equal(await editor.text(), compact);
  });

  it('clears a setting with null, and says that a missing one keeps its value', async () => {
    const { editor, sandbox, toasts } = ui();
    await ui().openSettings(shop, 'Production');
    const settings = await editor.json();
    delete settings.app_urls;
    await editor.setText(
      JSON.stringify({ ...settings, session_recording_minimum_duration_milliseconds: null }, null, 2),
    );
    await editor.pressSave();
    await toasts.says(/app_urls: not in the document, so PostHog keeps its value/);
    await editor.isClean();
    assert.deepEqual(ui().bodies(), [{ session_recording_minimum_duration_milliseconds: null }]);
    const { app_urls } = sandbox.control.environment(1203);
    assert.notDeepEqual(app_urls, []);
    // The document then shows it again, with its current value.
    await eventually(async () => assert.deepEqual((await editor.json()).app_urls, app_urls));
    await editor.isClean();
  });

  it('names the key that the server ignored, and stays unsaved', async () => {
    const { editor, sandbox } = ui();
    await ui().openSettings(shop, 'Development');
    await editor.change({ default_data_theme: 7, timezone: 'Europe/Vienna' });
    await ui().saveIsRefused(
      /PostHog[^]*kept its own value for default_data_theme\.[^]*PostHog did apply timezone/,
    );
    assert.equal(sandbox.control.environment(1201).timezone, 'Europe/Vienna');
  });

  it('shows the full response read-only, with secrets masked', async () => {
    const { tree, editor, sandbox, page } = ui();
    await tree.expand('Sandbox', shop, 'Staging');
    await tree.menu(['Staging'], 'Show Full Response');
    await editor.shows('Staging.posthog-response.json');
    const shown = await editor.text();
    const { secret_api_token: secret } = sandbox.control.environment(1202);
    assert.ok(typeof secret === 'string' && secret.length > 10);
    assert.ok(!shown.includes(secret));
    assert.equal((await editor.json()).id, 1202);
    assert.match(String((await editor.json()).secret_api_token), /[*•…]/);
    await editor.focus();
    await page.keyboard.type('x');
    assert.equal(await editor.text(), shown);
    await editor.lens(/PostHog's current version/);
  });
});
