import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Choice, Prompts } from '../../../src/connections/prompts';
import { documentUri } from '../../../src/documents/uri';
import type { TestApi } from '../../../src/extension';
import { startSandbox, type Generation, type KeyName, type Sandbox } from '../../../src/sandbox/index';

/** What the extension said and asked, with the answers given to it. */
export class ScriptedPrompts implements Prompts {
  /** Notifications, oldest first. */
  readonly told: string[] = [];
  /** Rows of the last pick. */
  offered: readonly Choice<unknown>[] = [];
  /** What is typed into the next searches, and which row is taken: the first whose label this is, or the first. */
  private readonly searches: string[] = [];
  private readonly picks: string[] = [];

  /** Types this into the next search and presses Enter. */
  willSearch(text: string): void {
    this.searches.push(text);
  }

  /** Takes the row with this label of the next pick. */
  willPick(label: string): void {
    this.picks.push(label);
  }

  assertUsedUp(): void {
    assert.deepEqual([...this.searches, ...this.picks], [], 'answers that nobody asked for');
  }

  readonly search: Prompts['search'] = async (find) => {
    const text = this.searches.shift();
    assert.ok(text !== undefined, 'an unexpected search');
    const rows = await find(text, new AbortController().signal);
    this.offered = rows;
    return rows[0]?.value;
  };

  readonly pick: Prompts['pick'] = async (choices) => {
    const label = this.picks.shift();
    assert.ok(label !== undefined, 'an unexpected pick');
    const rows = await choices;
    this.offered = rows;
    const row = rows.find((choice) => choice.label === label);
    assert.ok(row, `no row ${label} among ${rows.map((choice) => choice.label).join(', ')}`);
    return row.value;
  };

  readonly tell: Prompts['tell'] = async (_severity, message) => {
    this.told.push(message);
    return undefined;
  };

  readonly pickMany: Prompts['pickMany'] = async () => assert.fail('an unexpected pick');
  readonly ask: Prompts['ask'] = async () => assert.fail('an unexpected question');
  readonly confirm: Prompts['confirm'] = async () => assert.fail('an unexpected dialog');
  readonly openFile: Prompts['openFile'] = async () => assert.fail('an unexpected dialog');
}

/** A sandbox with a connection to it in the extension under test. */
export interface ConnectedSandbox {
  api: TestApi;
  sandbox: Sandbox;
  prompts: ScriptedPrompts;
  connectionId: string;
  /** The address of an environment's settings document: what commands take as their target. */
  settingsUri(environmentId: number, name: string): vscode.Uri;
  /** The address of a table's document. */
  tableUri(environmentId: number, name: string): vscode.Uri;
  /** What was asked since the last call, as "GET /path". */
  asked(): string[];
  close(): Promise<void>;
}

/** Starts a sandbox and connects the extension with one of its keys, whose scopes it then knows. */
export async function connectSandbox(
  generation: Generation,
  keyName: KeyName = 'admin',
): Promise<ConnectedSandbox> {
  const extension = vscode.extensions.getExtension<TestApi>('posthog-environments.posthog-environments');
  const api = await extension?.activate();
  assert.ok(api, 'the extension gives its test interface only under test');
  const { connections } = api.services;
  const sandbox = await startSandbox({ generation });
  const connectionId = `test-${generation}-${sandbox.url.split(':').at(-1) ?? ''}`;
  await connections.add(
    { id: connectionId, label: 'Test', kind: 'server', origin: sandbox.url },
    sandbox.keys[keyName],
  );
  await connections.refreshAccess(connectionId, new AbortController().signal);
  const prompts = new ScriptedPrompts();
  api.setPrompts(prompts);
  sandbox.control.clearRequests();
  const environment = (id: number) => ({
    id,
    projectId: Number(sandbox.control.environment(id).project_id ?? id),
  });
  return {
    api,
    sandbox,
    prompts,
    connectionId,
    settingsUri: (id, name) =>
      documentUri({ kind: 'settings', connectionId, environment: environment(id), name }),
    tableUri: (id, name) => {
      const table = sandbox.control.tables(id).find((candidate) => candidate.name === name);
      assert.ok(table, `no table ${name}`);
      return documentUri({
        kind: 'table',
        connectionId,
        environment: environment(id),
        tableId: typeof table.id === 'string' ? table.id : '',
        name,
      });
    },
    asked: () => {
      const requests = sandbox.control.requests().map(({ method, path }) => `${method} ${path}`);
      sandbox.control.clearRequests();
      return requests;
    },
    close: async () => {
      prompts.assertUsedUp();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await connections.remove(connectionId);
      await sandbox.close();
    },
  };
}
