import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Connection, KeyAccess } from '../../../src/connections/connection';
import type { TestApi } from '../../../src/extension';
import { startSandbox } from '../../../src/sandbox/index';
import type {
  KeyName,
  LoggedRequest,
  Sandbox,
  SandboxControl,
  SandboxOptions,
} from '../../../src/sandbox/index';
import { ScriptedPrompts } from './prompts';

/** Environments of the demo scenario. */
export const DEVELOPMENT = 1201;
export const STAGING = 1202;
export const PRODUCTION = 1203;
/** The project of all three on a documented server. */
export const SHOP = 1201;

/** The extension's API for its tests. */
export async function activated(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi | undefined>(
    'posthog-environments.posthog-environments',
  );
  assert.ok(extension, "VS Code doesn't have the extension");
  const api = await extension.activate();
  assert.ok(api, "the extension isn't in test mode");
  return api;
}

/** Hides the environments view, which opens by itself, because tests count requests. */
async function hideView({ services: { tree } }: TestApi): Promise<void> {
  if (tree.visible) {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until(tree.onDidChangeVisibility, () => !tree.visible, 'the view to be hidden');
  }
}

/** A sandbox with a connection to it, in the host that all test files share. */
export class HostBench {
  #prompts = new ScriptedPrompts();

  private constructor(
    readonly api: TestApi,
    readonly sandbox: Sandbox,
    readonly connectionId: string,
  ) {}

  /**
   * Starts a sandbox and connects to it with one of its keys.
   *
   * @param options `protect`: whether saves to Production ask first, as they do for users
   */
  static async start(
    options: SandboxOptions & { key?: KeyName; protect?: boolean } = {},
  ): Promise<HostBench> {
    const { key = 'admin', protect = false, ...sandboxOptions } = options;
    const api = await activated();
    const sandbox = await startSandbox(sandboxOptions);
    const id = randomUUID();
    const bench = new HostBench(api, sandbox, id);
    bench.script();
    await hideView(api);
    await api.services.connections.add(
      { id, label: `Test ${key}`, kind: 'server', origin: sandbox.url },
      sandbox.keys[key],
    );
    await api.services.connections.refreshAccess(id, new AbortController().signal);
    if (!protect) {
      await api.services.marks.mark(id, PRODUCTION, { protect: false });
    }
    bench.control.clearRequests();
    return bench;
  }

  get services(): TestApi['services'] {
    return this.api.services;
  }

  get control(): SandboxControl {
    return this.sandbox.control;
  }

  get connection(): Connection {
    const connection = this.services.connections.get(this.connectionId);
    assert.ok(connection, 'the connection is gone');
    return connection;
  }

  get access(): KeyAccess | undefined {
    return this.connection.access;
  }

  get prompts(): ScriptedPrompts {
    return this.#prompts;
  }

  /** Answers prompts from now on. */
  script(...steps: ConstructorParameters<typeof ScriptedPrompts>): ScriptedPrompts {
    this.#prompts = new ScriptedPrompts(...steps);
    const { connections } = this.api.services;
    this.#prompts.labels = () => connections.list().map(({ label }) => label);
    this.api.setPrompts(this.#prompts);
    return this.#prompts;
  }

  /** Runs a command as the palette, a row or a button does. */
  async run(command: string, ...parameters: unknown[]): Promise<void> {
    await vscode.commands.executeCommand(`posthogEnvironments.${command}`, ...parameters);
  }

  /** The requests since the last {@link clear}. */
  requests(accept: (request: LoggedRequest) => boolean = () => true): readonly LoggedRequest[] {
    return this.control.requests().filter(accept);
  }

  /** The requests as `METHOD path`. */
  calls(): string[] {
    return this.requests().map(({ method, path }) => `${method} ${path}`);
  }

  methods(): string[] {
    return this.requests().map(({ method }) => method);
  }

  /** Resolves once the sandbox has received a request. */
  async asked(method: string): Promise<void> {
    while (!this.methods().includes(method)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The requests as `METHOD path`, and clears them. */
  taken(): string[] {
    const calls = this.calls();
    this.clear();
    return calls;
  }

  clear(): void {
    this.control.clearRequests();
  }

  /** Makes the next request with a method fail. */
  fail(method: string, kind: Parameters<SandboxControl['addFault']>[0]['kind'], times = 1): void {
    this.control.addFault({ route: { method, path: '/api/' }, times, kind });
  }

  /** Delays the next request for longer than a test runs, so that it can be canceled. */
  stall(method: string): void {
    this.control.addFault({ route: { method, path: '/api/' }, kind: 'latency', delayMs: 60_000, times: 1 });
  }

  /** Closes what is open, removes what was added, stops the sandbox; fails if the script wasn't followed. */
  async stop(): Promise<void> {
    await closeEditors();
    this.api.setPrompts(new ScriptedPrompts());
    const connection = this.services.connections.get(this.connectionId);
    if (connection) {
      await this.services.connections.remove(this.connectionId);
      await this.services.marks.forget(connection);
    }
    await this.sandbox.close();
    this.#prompts.finish();
  }
}

/**
 * Closes every editor without saving. A document that was opened through VS Code's API lives on for some minutes; one
 * that only an editor showed is gone afterwards.
 */
export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(
    ({ uri, isDirty }) => isDirty && uri.scheme === 'posthog-env',
  )) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  const { tabGroups } = vscode.window;
  const closeAll = (): Thenable<unknown> =>
    vscode.commands.executeCommand('workbench.action.closeAllEditors');
  // A panel may have been requested, but not be there yet.
  const late = tabGroups.onDidChangeTabs(({ opened }) => opened.length > 0 && closeAll());
  try {
    await closeAll();
    const tabs = (): number => tabGroups.all.flatMap(({ tabs: open }) => open).length;
    await until(tabGroups.onDidChangeTabs, () => tabs() === 0, 'no tabs');
  } finally {
    late.dispose();
  }
}

/** Waits for an event until a condition holds. @throws Error after ten seconds */
export async function until<T>(event: vscode.Event<T>, holds: () => boolean, what = 'that'): Promise<void> {
  if (holds()) {
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`waited in vain for ${what}: ${holds.toString()}`));
    }, 10_000);
    const subscription = event(() => {
      if (holds()) {
        clearTimeout(timer);
        subscription.dispose();
        resolve();
      }
    });
  });
}
