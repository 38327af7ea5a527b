import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Generation } from '../../src/sandbox/index';
import { demoScenario } from '../../src/sandbox/scenario/demo';
import { HostBench, PRODUCTION, SHOP, until } from './support/bench';
import { setText, valueOf } from './support/documents';
import { pick } from './support/prompts';
import { eventually, labelsAt, rowAt, textOf } from './support/tree';

const company = 'Hedgehog Outfitters';
const labs = 'Example Labs';

/** The parents of the shop's environments in the tree. */
const shopPath = (generation: Generation): string[] =>
  generation === 'current' ? [company] : [company, 'Online shop'];

function activeDocument(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document, "there's no open editor");
  return document;
}

const isDraft = ({ path }: vscode.Uri): boolean => path.endsWith('.posthog-new.json');

function openDrafts(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputText && isDraft(input.uri) ? [input.uri.path] : [],
    );
}

/** Saves a draft and waits until its environment's settings document replaces it. */
async function saveToSettings(draft: vscode.TextDocument): Promise<vscode.TextDocument> {
  assert.equal(await draft.save(), true, "the draft wasn't saved");
  const ready = (): boolean =>
    openDrafts().length === 0 &&
    vscode.window.activeTextEditor?.document.uri.path.endsWith('.posthog-settings.json') === true;
  await until(vscode.window.tabGroups.onDidChangeTabs, ready, 'the settings document');
  return activeDocument();
}

for (const generation of ['current', 'documented'] as const) {
  describe(`creating environments (${generation})`, () => {
    let bench: HostBench;

    beforeEach(async () => {
      bench = await HostBench.start({ generation });
    });
    afterEach(() => bench.stop());

    const posts = (): unknown[] => bench.requests(({ method }) => method === 'POST').map(({ body }) => body);
    const namesOnServer = (): unknown[] =>
      bench.control.environmentIds().map((id) => bench.control.environment(id).name);

    async function newDraft(organization = company): Promise<vscode.TextDocument> {
      await bench.run('createEnvironment', await rowAt(bench, organization));
      const draft = activeDocument();
      assert.ok(isDraft(draft.uri), draft.uri.path);
      return draft;
    }

    it('starts with only the name, and becomes the settings document of the environment that one POST creates', async () => {
      const draft = await newDraft();
      assert.deepEqual(valueOf(draft), { name: '' });
      await setText(
        draft,
        '{ "name": "Testing", "timezone": "Europe/Berlin", "session_recording_sample_rate": 0.4 }',
      );
      bench.clear();
      const settings = await saveToSettings(draft);
      assert.deepEqual(posts(), [
        { name: 'Testing', timezone: 'Europe/Berlin', session_recording_sample_rate: 0.4 },
      ]);
      const id = bench.control.environmentIds().at(-1) ?? 0;
      const stored = bench.control.environment(id);
      assert.equal(stored.name, 'Testing');
      assert.equal(stored.timezone, 'Europe/Berlin');
      assert.equal(stored.project_id, generation === 'current' ? id : SHOP);
      assert.equal(valueOf(settings).name, 'Testing');
      assert.equal(settings.isDirty, false);
      assert.ok((await labelsAt(bench, ...shopPath(generation))).includes('Testing'));
    });

    it('saves the settings document of a new environment with PATCH like any other', async () => {
      const draft = await newDraft();
      await setText(draft, '{ "name": "Testing" }');
      const settings = await saveToSettings(draft);
      await setText(settings, settings.getText().replace('"anonymize_ips": false', '"anonymize_ips": true'));
      bench.clear();
      assert.equal(await settings.save(), true);
      assert.deepEqual(bench.methods(), ['GET', 'PATCH']);
      assert.equal(bench.control.environment(bench.control.environmentIds().at(-1) ?? 0).anonymize_ips, true);
    });

    for (const [what, text] of [
      ['an empty name', '{ "name": "  " }'],
      ['no name', '{ "timezone": "UTC" }'],
      ["a name that's too long", JSON.stringify({ name: 'x'.repeat(201) })],
      ['a primary dashboard', '{ "name": "Testing", "primary_dashboard": 5 }'],
      ['broken JSON', '{ "name": "Testing" '],
    ] as const) {
      it(`sends nothing for ${what}, and keeps the text`, async () => {
        const draft = await newDraft();
        await setText(draft, text);
        const before = namesOnServer();
        bench.clear();
        assert.equal(await draft.save(), false);
        assert.deepEqual(posts(), []);
        assert.equal(draft.isDirty, true);
        assert.equal(draft.getText(), text);
        const problems = vscode.languages.getDiagnostics(draft.uri);
        assert.ok(problems.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
        assert.deepEqual(namesOnServer(), before);
      });
    }

    it('accepts a name with dots', async () => {
      const draft = await newDraft();
      await setText(draft, '{ "name": "shop.example.com v2.0" }');
      await saveToSettings(draft);
      assert.ok(namesOnServer().includes('shop.example.com v2.0'));
    });

    it("marks the position of the server's refusal, and the corrected draft can be saved", async () => {
      const draft = await newDraft();
      await setText(draft, '{\n  "name": "Testing",\n  "timezone": "Moon/Base"\n}');
      assert.equal(await draft.save(), false);
      const [problem] = vscode.languages.getDiagnostics(draft.uri);
      assert.equal(problem && draft.getText(problem.range), '"Moon/Base"');
      assert.match(problem?.message ?? '', /not a valid choice/);
      await setText(draft, '{ "name": "Testing", "timezone": "UTC" }');
      await saveToSettings(draft);
      assert.equal(namesOnServer().filter((name) => name === 'Testing').length, 1);
    });

    it('says that the plan allows no more', async () => {
      const first = await newDraft(labs);
      await setText(first, '{ "name": "Field test" }');
      await saveToSettings(first);
      const second = await newDraft(labs);
      await setText(second, '{ "name": "Field test 2" }');
      await assert.rejects(async () =>
        vscode.workspace.fs.writeFile(second.uri, new TextEncoder().encode(second.getText())),
      );
      await bench.prompts.tells(
        /organization's plan allows no more (projects|environments)\. Nothing was created\. Upgrade the plan /,
      );
      assert.ok(!namesOnServer().includes('Field test 2'));
    });

    for (const kind of ['drop-after', 'status-500-after', 'half-body'] as const) {
      it(`creates one environment if its creation is answered with ${kind}`, async () => {
        const draft = await newDraft();
        await setText(draft, '{ "name": "Testing" }');
        bench.control.addFault({ route: { method: 'POST', path: '/api/' }, times: 1, kind });
        const settings = await saveToSettings(draft);
        assert.equal(valueOf(settings).name, 'Testing');
        assert.equal(namesOnServer().filter((name) => name === 'Testing').length, 1);
        assert.equal(posts().length, 1);
      });
    }

    it('after a lost response, looks for the environment before sending again', async () => {
      const draft = await newDraft();
      await setText(draft, '{ "name": "Testing" }');
      bench.control.addFault({ route: { method: 'POST', path: '/api/' }, times: 1, kind: 'drop-after' });
      // The list is read once before the creation, and can't be read after it.
      const list =
        generation === 'current' ? '/api/organizations/*/projects' : `/api/projects/${SHOP}/environments`;
      const encoded = new TextEncoder().encode(draft.getText());
      const listed = bench.requests(({ method }) => method === 'GET').length;
      const blocked = blockListAfterPost(bench, list);
      await assert.rejects(async () => vscode.workspace.fs.writeFile(draft.uri, encoded));
      await bench.prompts.tells(/Couldn't confirm whether "Testing" was created/);
      blocked();
      assert.ok(bench.requests(({ method }) => method === 'GET').length > listed);
      bench.control.clearFaults();
      bench.clear();
      // A different name in the meantime: it's the same draft, and its first attempt has created an environment.
      await setText(draft, '{ "name": "QA 2" }');
      assert.equal(await draft.save(), true);
      const settled = (): boolean =>
        vscode.workspace.textDocuments.some((one) => one.isDirty && one.getText().includes('"name": "QA 2"'));
      await until(vscode.workspace.onDidChangeTextDocument, settled, 'the changed name in the settings');
      assert.deepEqual(posts(), []);
      assert.equal(namesOnServer().filter((name) => String(name).startsWith('Testing')).length, 1);
      await bench.prompts.tells(/at the first attempt/);
    });

    it("turns what the server didn't apply into unsaved changes in the settings document", async () => {
      const draft = await newDraft();
      await setText(draft, '{ "name": "Testing", "unheard_of": 1 }');
      const settings = await saveToSettings(draft);
      assert.equal(settings.isDirty, true);
      assert.equal(valueOf(settings).unheard_of, 1);
      await eventually(() => bench.prompts.told.length > 0, 'the message');
      assert.match(
        bench.prompts.told[0]?.message ?? '',
        /^PostHog accepted the new environment ".*" but kept its own value for unheard_of\. Your values/,
      );
    });

    it('duplicates settings without secrets and without what belongs to the source alone', async () => {
      const source = bench.control.environment(PRODUCTION);
      await bench.run('duplicateEnvironment', await rowAt(bench, ...shopPath(generation), 'Production'));
      const draft = activeDocument();
      assert.equal(draft.isDirty, true);
      const text = draft.getText();
      assert.equal(valueOf(draft).name, 'Copy of Production');
      for (const key of [
        'secret_api_token',
        'api_token',
        'primary_dashboard',
        'session_recording_linked_flag',
      ]) {
        assert.ok(!text.includes(`"${key}"`), key);
      }
      assert.ok(!text.includes(textOf(source.secret_api_token)));
      assert.match(bench.prompts.told[0]?.message ?? '', /session_recording_linked_flag/);
      bench.clear();
      const settings = await saveToSettings(draft);
      assert.equal(settings.isDirty, false, bench.prompts.allText);
      const copy = bench.control.environment(bench.control.environmentIds().at(-1) ?? 0);
      for (const key of [
        'timezone',
        'app_urls',
        'session_replay_config',
        'test_account_filters',
        'modifiers',
      ]) {
        assert.deepEqual(copy[key], source[key], key);
      }
      assert.notEqual(copy.api_token, source.api_token);
      assert.equal(posts().length, 1);
    });

    it("says before sending that the key can't create environments", async () => {
      bench.control.setKeyScopes('admin', ['organization:read', 'project:read']);
      await bench.services.connections.refreshAccess(bench.connectionId, new AbortController().signal);
      const row = await rowAt(bench, company);
      assert.doesNotMatch(row.item().contextValue ?? '', /creatable/);
      const environment = await rowAt(bench, ...shopPath(generation), 'Staging');
      assert.doesNotMatch(environment.item().contextValue ?? '', /creatable|writable/);
      bench.clear();
      await bench.run('createEnvironment', row);
      await bench.run('duplicateEnvironment', environment);
      await bench.run('deleteEnvironment', environment);
      await bench.run('rename', environment);
      assert.deepEqual(bench.calls(), []);
      assert.equal(bench.prompts.told.length, 4);
      for (const { message } of bench.prompts.told) {
        assert.match(message, /project:write/);
      }
    });
  });
}

/** Makes a list fail once a creation has reached the server. */
function blockListAfterPost(bench: HostBench, list: string): () => void {
  const timer = setInterval(() => {
    if (bench.requests(({ method }) => method === 'POST').length > 0) {
      clearInterval(timer);
      bench.control.addFault({ route: { method: 'GET', path: list }, kind: 'drop-before' });
    }
  }, 1);
  return () => clearInterval(timer);
}

describe('creating environments in one of several projects', () => {
  it('asks which project gets it on documented servers', async () => {
    const scenario = demoScenario();
    scenario.organizations[0]?.projects.push({
      id: 1300,
      name: 'Back office',
      environments: [{ id: 1300, name: 'Back office' }],
    });
    const bench = await HostBench.start({ generation: 'documented', scenario });
    bench.script(pick(company), pick('Back office'));
    await bench.run('createEnvironment');
    const draft = activeDocument();
    await setText(draft, '{ "name": "Back office QA" }');
    await saveToSettings(draft);
    const id = bench.control.environmentIds().at(-1) ?? 0;
    assert.equal(bench.control.environment(id).project_id, 1300);
    await bench.stop();
  });
});

describe('creating environments as a member', () => {
  let bench: HostBench;
  beforeEach(async () => {
    bench = await HostBench.start({ key: 'member' });
  });
  afterEach(() => bench.stop());

  async function isRefused(text: string, reason: RegExp): Promise<void> {
    await bench.run('createEnvironment', await rowAt(bench, company));
    const draft = activeDocument();
    await setText(draft, text);
    await assert.rejects(async () =>
      vscode.workspace.fs.writeFile(draft.uri, new TextEncoder().encode(text)),
    );
    await bench.prompts.tells(reason);
  }

  it('says that only admins can', async () => {
    await isRefused('{ "name": "Testing" }', /can't create environments\..*Ask an organization admin/);
  });

  it('marks the settings that only admins can set', async () => {
    const { organization } = bench.control.environment(PRODUCTION);
    bench.control.setFeature(textOf(organization), 'members_can_create_projects', true);
    await isRefused(
      '{ "name": "Testing", "timezone": "UTC", "anonymize_ips": true }',
      /can set anonymize_ips and timezone when creating an environment\. Nothing was created\. Remove them/,
    );
    const draft = activeDocument();
    const marked = vscode.languages.getDiagnostics(draft.uri).map(({ range }) => draft.getText(range));
    assert.deepEqual(marked.sort(), ['"UTC"', 'true']);
  });

  it('reports a taken name at the name step', async () => {
    const { organization } = bench.control.environment(PRODUCTION);
    bench.control.setFeature(textOf(organization), 'members_can_create_projects', true);
    await isRefused('{ "name": "production" }', /Choose another name/);
    const draft = activeDocument();
    const [problem] = vscode.languages.getDiagnostics(draft.uri);
    assert.equal(problem && draft.getText(problem.range), '"production"');
  });
});
