import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PanelView } from '../../src/views/webVitals/model';
import type { WebVitalsPanel } from '../../src/views/webVitals/panel';
import { connectSandbox, type ConnectedSandbox } from './support/connectedSandbox';

const staging = 1202;
const production = 1203;

for (const generation of ['current', 'documented'] as const) {
  describe(`web vitals, ${generation} server`, () => {
    let connected: ConnectedSandbox;

    before(async () => {
      connected = await connectSandbox(generation);
    });

    afterEach(async () => {
      connected.sandbox.control.clearFaults();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      connected.asked();
      connected.prompts.told.length = 0;
    });

    after(() => connected.close());

    const run = async (command: string, ...parameters: unknown[]): Promise<void> => {
      await vscode.commands.executeCommand(`posthogEnvironments.${command}`, ...parameters);
    };

    const show = async (environment: number, path: string): Promise<WebVitalsPanel> => {
      connected.prompts.willSearch(path);
      const name = environment === staging ? 'Staging' : 'Production';
      await run('showWebVitals', connected.settingsUri(environment, name));
      const panel = (await connected.api.services.webVitals()).list().at(-1);
      assert.ok(panel, 'no panel was opened');
      return panel;
    };

    const shown = ({ view }: WebVitalsPanel): (string | undefined)[] =>
      (view.sides[0]?.metrics ?? []).map(
        ({ name, value }) => `${name} ${value?.shown ?? '-'} ${value?.bandTitle ?? '-'}`,
      );

    const messageOf = ({ view }: { view: PanelView }) => view.sides[0]?.message;

    it('shows the four metrics of a path', async () => {
      const panel = await show(production, '/checkout');
      assert.deepEqual(shown(panel), [
        'INP 580 ms Poor',
        'LCP 4.60 s Poor',
        'CLS 0.29 Poor',
        'FCP 3.20 s Poor',
      ]);
      assert.equal(panel.panel.title, 'Web vitals of /checkout');
      assert.equal(panel.view.sides[0]?.environment, 'Production');
      const [asked] = connected.sandbox.control.requests().filter(({ path }) => path.includes('web_vitals'));
      assert.equal(
        asked?.path,
        `/api/${generation === 'current' ? 'projects' : 'environments'}/1203/web_vitals/`,
      );
      assert.deepEqual(asked.query, { pathname: '/checkout' });
    });

    it('proposes paths looked at before and those of own URLs, and corrects what is typed', async () => {
      await show(production, '/blog');
      const panel = await show(production, 'https://hedgehog-outfitters.example.com/blog?ref=mail');
      assert.equal(panel.places[0]?.path, '/blog');
      await show(production, 'checkout');
      assert.deepEqual(
        connected.prompts.offered.map(({ label, description }) => [label, description]),
        [['/checkout', 'looked at before']],
      );
      await show(production, '');
      const labels = connected.prompts.offered.map(({ label }) => label);
      assert.equal(labels[0], '/checkout');
      assert.ok(labels.includes('/blog'));
      assert.equal(connected.prompts.offered.find(({ label }) => label === '/')?.description, 'start page');
    });

    it('brings an open panel of the same path to the front instead of a second one', async () => {
      const first = await show(staging, '/');
      connected.asked();
      const second = await show(staging, '/');
      assert.equal(second, first);
      assert.ok(
        connected.asked().some((request) => request.endsWith('web_vitals/')),
        'and reads again',
      );
    });

    it('tells no data, a failed query and capture that is off apart', async () => {
      const { control } = connected.sandbox;
      const nothing = await show(staging, '/nothing/here');
      assert.equal(messageOf(nothing)?.kind, 'no_data');
      assert.match(messageOf(nothing)?.text ?? '', /Staging has no web vitals of \/nothing\/here/);

      control.setWebVitalsFailing(staging, true);
      await nothing.refresh();
      assert.equal(messageOf(nothing)?.kind, 'query_failed');
      assert.deepEqual(messageOf(nothing)?.actions, [{ action: 'refresh', label: 'Retry' }]);
      control.setWebVitalsFailing(staging, false);

      control.patchEnvironment(staging, { autocapture_web_vitals_opt_in: false });
      await nothing.refresh();
      assert.equal(messageOf(nothing)?.kind, 'capture_off');
      await run('openWebVitalsSetting', { panel: nothing, side: 0, connectionId: connected.connectionId });
      const editor = vscode.window.activeTextEditor;
      assert.match(editor?.document.uri.path ?? '', /Staging\.posthog-settings\.json$/);
      assert.match(editor?.document.getText(editor.selection) ?? '', /autocapture_web_vitals_opt_in/);
      control.patchEnvironment(staging, { autocapture_web_vitals_opt_in: true });
    });

    it('takes over a changed setting without asking again', async () => {
      const { services } = connected.api;
      const { control } = connected.sandbox;
      const panel = await show(staging, '/nothing/here');
      control.patchEnvironment(staging, { autocapture_web_vitals_opt_in: false });
      const client = await services.connections.client(connected.connectionId);
      const environment = panel.places[0]?.environment;
      assert.ok(environment);
      const detail = await client.getEnvironment(environment, new AbortController().signal);
      connected.asked();
      services.changes.tell({
        kind: 'environment',
        connectionId: connected.connectionId,
        environment,
        detail,
      });
      assert.equal(messageOf(panel)?.kind, 'capture_off');
      assert.deepEqual(connected.asked(), []);
      control.patchEnvironment(staging, { autocapture_web_vitals_opt_in: true });
    });

    it('shows a failure in the panel, keeps the answer from before, and recovers', async () => {
      const { control } = connected.sandbox;
      const panel = await show(production, '/');
      control.addFault({ route: { path: '/api/**/web_vitals/' }, kind: 'html-502' });
      await panel.refresh();
      assert.equal(shown(panel).length, 4);
      assert.match(panel.view.sides[0]?.notes[0]?.text ?? '', /^This is the answer from before\. /);
      await panel.show([{ ...panel.places[0]!, path: '/blog' }]);
      assert.equal(messageOf(panel)?.kind, 'failed');
      assert.equal(messageOf(panel)?.actions[0]?.label, 'Retry');
      control.clearFaults();
      await panel.refresh();
      assert.equal(messageOf(panel), undefined);
      assert.equal(shown(panel)[0], 'INP 80 ms Good');
    });

    it('stops waiting when cancelled', async () => {
      const { control } = connected.sandbox;
      control.addFault({ route: { path: '/api/**/web_vitals/' }, kind: 'latency', delayMs: 60_000 });
      connected.prompts.willSearch('/products/101');
      const opened = run('showWebVitals', connected.settingsUri(production, 'Production'));
      const panels = await connected.api.services.webVitals();
      const loading = await until(() =>
        panels.list().find((panel) => panel.places[0]?.path === '/products/101'),
      );
      assert.equal(loading.view.sides[0]?.loading, true);
      loading.cancel();
      await opened;
      assert.equal(messageOf(loading)?.kind, 'cancelled');
      assert.equal(loading.view.sides[0].loading, false);
    });

    it('compares two paths, and two environments', async () => {
      const panel = await show(production, '/checkout');
      const target = { panel, side: 0, connectionId: connected.connectionId };
      connected.prompts.willSearch('/');
      await run('compareWebVitalsWithPath', target);
      assert.deepEqual(
        panel.view.sides.map(({ path }) => path),
        ['/checkout', '/'],
      );
      assert.equal(panel.view.differences?.INP?.text, '430 ms lower than /checkout (580 ms): better.');

      if (connected.api.services.connections.list().length > 1) {
        connected.prompts.willPick('Test');
      }
      connected.prompts.willPick('Staging');
      await run('compareWebVitalsWithEnvironment', target);
      assert.deepEqual(
        panel.view.sides.map(({ path, environment }) => `${path} ${environment}`),
        ['/checkout Production', '/checkout Staging'],
      );
      assert.equal(panel.view.differences.LCP?.text, '1.30 s lower than Production (4.60 s): better.');
      connected.asked();
      await panel.show([panel.places[1]!, panel.places[0]!]);
      assert.equal(panel.view.differences.LCP.verdict, 'worse');
      assert.deepEqual(connected.asked(), [], 'what is known is not asked for again');
    });

    it('comes back after a reload of the window, and closes when nothing says what it showed', async () => {
      const panels = await connected.api.services.webVitals();
      const made = (): vscode.WebviewPanel =>
        vscode.window.createWebviewPanel('posthogEnvironments.webVitals', '', vscode.ViewColumn.One);
      const [place] = (await show(staging, '/checkout')).places;
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
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

    it('lets nothing into the page but its own script and style', async () => {
      const { panel } = await show(production, '/');
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

    it('opens the same as a read-only JSON document, which a reload reads again', async () => {
      connected.prompts.willSearch('/checkout');
      await run('showWebVitalsJson', connected.settingsUri(production, 'Production'));
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      const { document } = editor;
      assert.equal(document.languageId, 'json');
      const json = JSON.parse(document.getText()) as Record<string, unknown>;
      assert.equal(json.pathname, '/checkout');
      assert.equal(json.outcome, 'measured');
      assert.deepEqual(json.environment, { id: production, project_id: project(), name: 'Production' });
      const { INP } = json.metrics as Record<string, Record<string, unknown>>;
      assert.equal(INP?.value, 580);
      assert.equal(INP.band, 'poor');
      await assert.rejects(
        async () => vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode('{}')),
        /NoPermissions|read-?only|cannot be changed/i,
      );

      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      (await connected.api.services.reports()).forget(document.uri);
      connected.asked();
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(document.uri));
      assert.equal((JSON.parse(text) as Record<string, unknown>).pathname, '/checkout');
      assert.ok(connected.asked().some((request) => request.endsWith('web_vitals/')));
    });

    function project(): number {
      return Number(connected.sandbox.control.environment(production).project_id ?? production);
    }
  });
}

describe('web vitals, keys', () => {
  it('says before it asks that the key lacks query:read', async () => {
    const connected = await connectSandbox('current');
    try {
      connected.sandbox.control.setKeyScopes('admin', ['project:read', 'organization:read']);
      const { connections } = connected.api.services;
      await connections.refreshAccess(connected.connectionId, new AbortController().signal);
      connected.asked();
      await vscode.commands.executeCommand(
        'posthogEnvironments.showWebVitals',
        connected.settingsUri(staging, 'Staging'),
      );
      assert.match(
        connected.prompts.told[0] ?? '',
        /does not have the scope query:read\. Nothing was sent\./,
      );
      assert.deepEqual(connected.asked(), []);
    } finally {
      await connected.close();
    }
  });

  it('offers another key when the server refuses this one', async () => {
    const connected = await connectSandbox('current');
    try {
      connected.prompts.willSearch('/');
      const opened = vscode.commands.executeCommand(
        'posthogEnvironments.showWebVitals',
        connected.settingsUri(staging, 'Staging'),
      );
      await opened;
      const panel = (await connected.api.services.webVitals()).list().at(-1);
      assert.ok(panel);
      connected.sandbox.control.revokeKey('admin');
      await panel.refresh();
      assert.equal(panel.view.sides[0]?.notes[0]?.action?.action, 'replaceKey');
    } finally {
      await connected.close();
    }
  });
});

/** Waits for something that comes with an event this test cannot see, such as a panel being made. */
async function until<T>(get: () => T | undefined): Promise<T> {
  for (;;) {
    const value = get();
    if (value !== undefined) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
