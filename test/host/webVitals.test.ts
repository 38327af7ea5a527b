import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/documents/uris/uri';
import type { PanelView } from '../../src/webVitals/model';
import type { WebVitalsPanel } from '../../src/webVitals/panel';
import { closeEditors, HostBench, PRODUCTION, STAGING } from './support/bench';
import { settingsOf, tableOf } from './support/documents';
import { firstRow, pick, search } from './support/prompts';

for (const generation of ['current', 'documented'] as const) {
  describe(`web vitals, ${generation} server`, () => {
    let bench: HostBench;

    before(async () => {
      bench = await HostBench.start({ generation });
    });

    afterEach(async () => {
      bench.control.clearFaults();
      await closeEditors();
      bench.taken();
      bench.prompts.finish();
      bench.script();
    });

    after(() => bench.stop());

    const show = async (environment: number, path: string): Promise<WebVitalsPanel> => {
      bench.script(search(path, firstRow));
      const name = environment === STAGING ? 'Staging' : 'Production';
      await bench.run('showWebVitals', documentUri(settingsOf(bench, environment, name)));
      const panel = (await bench.services.webVitals()).list().at(-1);
      assert.ok(panel, 'no panel opened');
      return panel;
    };

    const shown = ({ view }: WebVitalsPanel): (string | undefined)[] =>
      (view.sides[0]?.metrics ?? []).map(
        ({ name, value }) => `${name} ${value?.shown ?? '-'} ${value?.bandTitle ?? '-'}`,
      );

    const messageOf = ({ view }: { view: PanelView }) => view.sides[0]?.message;

    it('shows the four metrics of a path', async () => {
      const panel = await show(PRODUCTION, '/checkout');
      assert.deepEqual(shown(panel), [
        'INP 580 ms Poor',
        'LCP 4.60 s Poor',
        'CLS 0.29 Poor',
        'FCP 3.20 s Poor',
      ]);
      assert.equal(panel.panel.title, 'Web vitals of /checkout in Production · Test admin');
      assert.equal(panel.view.sides[0]?.environment, 'Production');
      const [asked] = bench.control.requests().filter(({ path }) => path.includes('web_vitals'));
      assert.equal(
        asked?.path,
        `/api/${generation === 'current' ? 'projects' : 'environments'}/1203/web_vitals/`,
      );
      assert.deepEqual(asked.query, { pathname: '/checkout' });
    });

    it("suggests recent paths and those of the environment's URLs, and corrects typed ones", async () => {
      await show(PRODUCTION, '/blog');
      const panel = await show(PRODUCTION, 'https://hedgehog-outfitters.example.com/blog?ref=mail');
      assert.equal(panel.places[0]?.path, '/blog');
      await show(PRODUCTION, 'checkout');
      assert.deepEqual(
        [bench.prompts.offered.at(-1), bench.prompts.descriptions],
        [['/checkout'], ['recent']],
      );
      await show(PRODUCTION, '');
      const labels = bench.prompts.offered.at(-1) ?? [];
      assert.equal(labels[0], '/checkout');
      assert.ok(labels.includes('/blog'));
      assert.equal(bench.prompts.descriptions[labels.indexOf('/')], 'home page');
    });

    it("suggests the environment's URLs even if the first letter is replaced immediately", async () => {
      const before = bench.control.environment(PRODUCTION).app_urls ?? null;
      bench.control.patchEnvironment(PRODUCTION, { app_urls: ['https://shop.example.com/catalogue'] });
      const prompts = bench.script(search('', firstRow));
      const find = prompts.search.bind(prompts);
      prompts.search = (source, options) =>
        find(async (text, signal, ...rest) => {
          await source('x', AbortSignal.abort(), ...rest);
          return source(text, signal, ...rest);
        }, options);
      await bench.run('showWebVitals', documentUri(settingsOf(bench, PRODUCTION, 'Production')));
      bench.control.patchEnvironment(PRODUCTION, { app_urls: before });
      assert.ok(prompts.descriptions.includes("from this environment's URLs"), prompts.descriptions.join());
    });

    it('reveals an open panel of the same path instead of opening a second one', async () => {
      const first = await show(STAGING, '/');
      bench.taken();
      const second = await show(STAGING, '/');
      assert.equal(second, first);
      assert.ok(
        bench.taken().some((request) => request.endsWith('web_vitals/')),
        'and requests them again',
      );
    });

    it('distinguishes no data, a failed query, and capture that is off', async () => {
      const { control } = bench.sandbox;
      const nothing = await show(STAGING, '/nothing/here');
      assert.equal(messageOf(nothing)?.kind, 'no_data');
      assert.match(messageOf(nothing)?.text ?? '', /Staging has no web vitals for \/nothing\/here/);

      control.setWebVitalsFailing(STAGING, true);
      await nothing.refresh();
      assert.equal(messageOf(nothing)?.kind, 'query_failed');
      assert.deepEqual(messageOf(nothing)?.actions, [{ action: 'refresh', label: 'Retry' }]);
      control.setWebVitalsFailing(STAGING, false);

      control.patchEnvironment(STAGING, { autocapture_web_vitals_opt_in: false });
      await nothing.refresh();
      assert.equal(messageOf(nothing)?.kind, 'capture_off');
      await bench.run('openWebVitalsSetting', { panel: nothing, side: 0, connectionId: bench.connectionId });
      const editor = vscode.window.activeTextEditor;
      assert.match(editor?.document.uri.path ?? '', /Staging\.posthog-settings\.json$/);
      assert.match(editor?.document.getText(editor.selection) ?? '', /autocapture_web_vitals_opt_in/);
      control.patchEnvironment(STAGING, { autocapture_web_vitals_opt_in: true });
    });

    it('updates after a changed setting without new requests', async () => {
      const { services } = bench.api;
      const { control } = bench.sandbox;
      const panel = await show(STAGING, '/nothing/here');
      control.patchEnvironment(STAGING, { autocapture_web_vitals_opt_in: false });
      const client = await services.connections.client(bench.connectionId);
      const environment = panel.places[0]?.environment;
      assert.ok(environment);
      const detail = await client.getEnvironment(environment, new AbortController().signal);
      bench.taken();
      services.changes.fire({
        kind: 'environment',
        connectionId: bench.connectionId,
        environment,
        detail,
      });
      assert.equal(messageOf(panel)?.kind, 'capture_off');
      assert.deepEqual(bench.taken(), []);
      control.patchEnvironment(STAGING, { autocapture_web_vitals_opt_in: true });
    });

    it('shows a failure in the panel, keeps the previous response, and recovers', async () => {
      const { control } = bench.sandbox;
      const panel = await show(PRODUCTION, '/');
      control.addFault({ route: { path: '/api/**/web_vitals/' }, kind: 'html-502' });
      await panel.refresh();
      assert.equal(shown(panel).length, 4);
      assert.match(panel.view.sides[0]?.notes[0]?.text ?? '', /^These are earlier values\. /);
      await panel.show([{ ...panel.places[0]!, path: '/blog' }]);
      assert.equal(messageOf(panel)?.kind, 'failed');
      assert.equal(messageOf(panel)?.actions[0]?.label, 'Retry');
      control.clearFaults();
      await panel.refresh();
      assert.equal(messageOf(panel), undefined);
      assert.equal(shown(panel)[0], 'INP 80 ms Good');
    });

    it('stops waiting when canceled', async () => {
      const { control } = bench.sandbox;
      control.addFault({ route: { path: '/api/**/web_vitals/' }, kind: 'latency', delayMs: 60_000 });
      bench.script(search('/products/101', firstRow));
      const opened = bench.run('showWebVitals', documentUri(settingsOf(bench, PRODUCTION, 'Production')));
      const panels = await bench.services.webVitals();
      const loading = await until(() =>
        panels.list().find((panel) => panel.places[0]?.path === '/products/101'),
      );
      assert.equal(loading.view.sides[0]?.loading, true);
      loading.cancel();
      await opened;
      assert.equal(messageOf(loading)?.kind, 'canceled');
      assert.equal(loading.view.sides[0].loading, false);
    });

    it('names the environment of a table document as the server does', async () => {
      bench.script(search('/checkout', firstRow));
      await bench.run('showWebVitals', documentUri(tableOf(bench, 'orders')));
      const panel = (await bench.services.webVitals()).list().at(-1);
      assert.equal(panel?.places[0]?.name, 'Development');
    });

    it('compares two paths, and two environments', async () => {
      const panel = await show(PRODUCTION, '/checkout');
      const target = { panel, side: 0, connectionId: bench.connectionId };
      bench.script(search('/', firstRow));
      await bench.run('compareWebVitalsWithPath', target);
      assert.deepEqual(
        panel.view.sides.map(({ path }) => path),
        ['/checkout', '/'],
      );
      assert.equal(panel.view.differences?.INP?.text, '430 ms lower than /checkout (580 ms): better.');

      const prompts = bench.script(pick('Staging'));
      await bench.run('compareWebVitalsWithEnvironment', target);
      assert.match(prompts.titles[0] ?? '', /: Production · (Hedgehog Outfitters · )?Test admin$/);
      assert.ok(!prompts.offered[0]?.includes('Production'), "it isn't compared with itself");
      assert.deepEqual(
        panel.view.sides.map(({ path, environment }) => `${path} ${environment}`),
        ['/checkout Production', '/checkout Staging'],
      );
      assert.equal(panel.view.differences.LCP?.text, '1.30 s lower than Production (4.60 s): better.');
      bench.taken();
      await panel.show([panel.places[1]!, panel.places[0]!]);
      assert.equal(panel.view.differences.LCP.verdict, 'worse');
      assert.deepEqual(bench.taken(), [], "what's known isn't requested again");
    });

    it("isn't loaded again if it was closed meanwhile", async () => {
      const panel = await show(STAGING, '/checkout');
      panel.panel.dispose();
      bench.taken();
      await panel.refresh();
      assert.deepEqual(bench.taken(), []);
    });

    it('is restored after a window reload, and closes if it is unknown what it showed', async () => {
      const panels = await bench.services.webVitals();
      const made = (): vscode.WebviewPanel =>
        vscode.window.createWebviewPanel('posthogEnvironments.webVitals', '', vscode.ViewColumn.One);
      const [place] = (await show(STAGING, '/checkout')).places;
      await closeEditors();
      await panels.restore(made(), { places: [place] });
      const restored = panels.list().at(-1);
      assert.ok(restored);
      assert.equal(shown(restored)[1], 'LCP 3.30 s Needs improvements');
      const empty = made();
      let disposed = false;
      empty.onDidDispose(() => (disposed = true));
      await panels.restore(empty, { places: [{ connectionId: 7 }] });
      assert.equal(disposed, true);
    });

    it('allows nothing in the page but its own script and style', async () => {
      const { panel } = await show(PRODUCTION, '/');
      const { options } = panel.webview;
      const html = panel.webview.html.replaceAll('&#39;', "'");
      assert.match(
        html,
        /default-src 'none'; script-src 'nonce-[A-Za-z0-9+/=]{32}'; style-src [^;]+; base-uri 'none'/,
      );
      assert.doesNotMatch(html, /unsafe-|<style|\son\w+=/);
      assert.equal(html.match(/<script/g)?.length, 1);
      assert.equal(options.localResourceRoots?.length, 2);
    });

    it('opens the same as a read-only JSON document, which is reloaded with the window', async () => {
      bench.script(search('/checkout', firstRow));
      await bench.run('showWebVitalsJson', documentUri(settingsOf(bench, PRODUCTION, 'Production')));
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      const { document } = editor;
      assert.equal(document.languageId, 'posthog-json');
      const json = JSON.parse(document.getText()) as Record<string, unknown>;
      assert.equal(json.pathname, '/checkout');
      assert.equal(json.outcome, 'measured');
      assert.deepEqual(json.environment, { id: PRODUCTION, project_id: project(), name: 'Production' });
      const { INP } = json.metrics as Record<string, Record<string, unknown>>;
      assert.equal(INP?.value, 580);
      assert.equal(INP.band, 'poor');
      await assert.rejects(
        async () => vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode('{}')),
        /NoPermissions|read-?only|can't be edited/i,
      );

      await closeEditors();
      (await bench.services.reports()).forget(document.uri);
      bench.taken();
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(document.uri));
      assert.equal((JSON.parse(text) as Record<string, unknown>).pathname, '/checkout');
      assert.ok(bench.taken().some((request) => request.endsWith('web_vitals/')));
    });

    it("opens the JSON of the active panel from the panel's title, without a question", async () => {
      await show(PRODUCTION, '/checkout');
      bench.script();
      await bench.run('showWebVitalsJson', vscode.Uri.parse('webview-panel:webview-panel-1'));
      const text = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.equal((JSON.parse(text) as Record<string, unknown>).pathname, '/checkout');
    });

    function project(): number {
      return Number(bench.control.environment(PRODUCTION).project_id ?? PRODUCTION);
    }
  });
}

describe('web vitals, keys', () => {
  it('reports in advance that the key lacks query:read', async () => {
    const bench = await HostBench.start({ generation: 'current' });
    try {
      bench.control.setKeyScopes('admin', ['project:read', 'organization:read']);
      const { connections } = bench.services;
      await connections.refreshAccess(bench.connectionId, new AbortController().signal);
      bench.taken();
      await bench.run('showWebVitals', documentUri(settingsOf(bench, STAGING, 'Staging')));
      assert.match(
        bench.prompts.told[0]?.message ?? '',
        /doesn't have the scope query:read\. Nothing was sent\./,
      );
      assert.deepEqual(bench.taken(), []);
    } finally {
      await bench.stop();
    }
  });

  it('offers another key if the server refuses this one', async () => {
    const bench = await HostBench.start({ generation: 'current' });
    try {
      bench.script(search('/', firstRow));
      await bench.run('showWebVitals', documentUri(settingsOf(bench, STAGING, 'Staging')));
      const panel = (await bench.services.webVitals()).list().at(-1);
      assert.ok(panel);
      bench.control.revokeKey('admin');
      await panel.refresh();
      assert.equal(panel.view.sides[0]?.notes[0]?.action?.action, 'replaceKey');
    } finally {
      await bench.stop();
    }
  });
});

/** Waits for something whose event this test can't see, such as a panel being created. */
async function until<T>(get: () => T | undefined): Promise<T> {
  for (;;) {
    const value = get();
    if (value !== undefined) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
