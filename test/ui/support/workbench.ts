import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Dialog, Page } from 'playwright-core';
import { startSandbox, type KeyName, type Sandbox, type SandboxOptions } from '../../../src/sandbox';
import { installExtension } from '../../harness/extensionFolder';
import { testResultsDir, vscodeTestDir } from '../../harness/paths';
import { quietSettings } from '../../harness/quietSettings';
import { ensureVsCodeServer, newestVsCode, startVsCodeServer } from '../../harness/vscodeServer';
import { ConsoleWatch, hostKilled } from './consoleWatch';
import { Editor } from './editor';
import { eventually, patienceMs } from './eventually';
import { Modal, StatusBar, Toasts } from './messages';
import { QuickInput } from './quickInput';
import { sharedBrowser } from './sharedBrowser';
import { Tree } from './tree';

export interface WorkbenchOptions {
  sandbox?: SandboxOptions;
  /**
   * Whether the sandbox is connected from the start, as with `npm start`. Default true; otherwise the view is empty.
   */
  connected?: boolean;
  /** The sandbox key to connect with. Default `admin`. */
  keyName?: KeyName;
  /** Whether the environments view is opened. Default true; otherwise, a new profile shows the Explorer. */
  viewOpened?: boolean;
  /** User settings, in addition to those that keep VS Code quiet. */
  userSettings?: Readonly<Record<string, unknown>>;
}

/** The sandbox's response to a request from someone else. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Settings for stable tests: no preview tabs that replace each other, no sticky rows over those to click. */
const steadySettings = {
  'workbench.tree.enableStickyScroll': false,
  'workbench.editor.enablePreview': false,
  'workbench.list.smoothScrolling': false,
  'workbench.reduceMotion': 'on',
  'editor.minimap.enabled': false,
};

/** User settings with which a workspace opens in Restricted Mode, without asking. */
export const restrictedMode = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * Starts a sandbox, a VS Code server with the built extension installed, and a page with its workbench, all on free
 * ports.
 * @throws Error if any of it doesn't start, after stopping the rest
 */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  await ensureVsCodeServer(newestVsCode);
  await mkdir(vscodeTestDir, { recursive: true });
  const dataDir = await mkdtemp(join(vscodeTestDir, 'ui-'));
  const endings: (() => Promise<void>)[] = [
    () => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }),
  ];
  try {
    const extensionsDir = join(dataDir, 'extensions');
    const folder = join(dataDir, 'workspace');
    await mkdir(folder);
    await installExtension(extensionsDir);
    const sandbox = await startSandbox(options.sandbox);
    endings.unshift(() => sandbox.close());
    const server = await startVsCodeServer({
      dataDir,
      extensionsDir,
      userSettings: { ...quietSettings, ...steadySettings, ...options.userSettings },
      env:
        options.connected === false
          ? {}
          : {
              POSTHOG_ENVIRONMENTS_SANDBOX_URL: sandbox.url,
              POSTHOG_ENVIRONMENTS_SANDBOX_KEY: sandbox.keys[options.keyName ?? 'admin'],
            },
    });
    endings.unshift(() => server.stop());
    const context = await (
      await sharedBrowser()
    ).newContext({
      viewport: { width: 1280, height: 960 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    endings.unshift(() => context.close());
    const page = await context.newPage();
    const workbench = new Workbench(page, context, sandbox, folder, dataDir, () => runAll(endings));
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    if (options.viewOpened === false) {
      await page.locator('.explorer-folders-view').waitFor();
    } else {
      await workbench.tree.open();
    }
    return workbench;
  } catch (error) {
    await runAll(endings);
    throw error;
  }
}

/** A running VS Code, as its user sees it. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly tree: Tree;
  readonly history: Tree;
  readonly editor: Editor;
  readonly toasts: Toasts;
  readonly modal: Modal;
  readonly statusBar: StatusBar;

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly sandbox: Sandbox,
    /** Absolute path of the open folder. */
    readonly folder: string,
    private readonly dataDir: string,
    /** Stops everything that belongs to this workbench. */
    readonly close: () => Promise<void>,
    readonly console = new ConsoleWatch(),
  ) {
    console.watch(page);
    this.quickInput = new QuickInput(page);
    this.tree = new Tree(page);
    this.history = new Tree(page, 'History');
    this.editor = new Editor(page, this.quickInput);
    this.toasts = new Toasts(page);
    this.modal = new Modal(page);
    this.statusBar = new StatusBar(page);
  }

  /** Runs a command of the extension from the palette, by its title. */
  async command(title: string): Promise<void> {
    await this.quickInput.run(`PostHog Environments: ${title}`);
  }

  /** Opens the settings document of an environment by clicking its row. */
  async openSettings(organization: string, environment: string): Promise<void> {
    // Rows that are just loading move the others away from a click.
    await eventually(async () => {
      await this.tree.expand('Sandbox', organization, environment);
      await this.tree.click(environment, 'Settings');
      await this.editor.shows(`${environment}.posthog-settings.json`, 15_000);
    }, 30_000);
  }

  /** Opens the document of a warehouse table with its row's action. */
  async openTable(organization: string, environment: string, table: string): Promise<void> {
    await this.tree.expand('Sandbox', organization, environment, 'Warehouse tables');
    await this.tree.action([environment, 'Warehouse tables', table], 'Open Warehouse Table');
    await this.editor.shows(`${table}.posthog-table.json`);
  }

  /**
   * Presses Ctrl+S and expects the save to be refused: a notification says why, and the editor stays unsaved with its
   * text.
   * @returns the text of the notification
   */
  async saveIsRefused(reason: RegExp): Promise<string> {
    // VS Code logs every failed save as an error, twice.
    this.console.expect(/Unable to write file 'posthog-env:/);
    // As well as every error notification.
    this.console.expect(reason);
    const text = await this.editor.text();
    await this.editor.pressSave();
    const said = await this.toasts.says(reason);
    await this.editor.isDirty();
    assert.equal(await this.editor.text(), text);
    return said;
  }

  /**
   * Reloads the window and waits for the workbench. While VS Code asks whether to leave, because it hasn't backed up
   * unsaved text yet, the answer is no.
   */
  async reload(): Promise<void> {
    this.console.expectEndOfPage();
    const loaded = this.page.waitForEvent('domcontentloaded', { timeout: patienceMs });
    const stays = (dialog: Dialog): void => {
      void dialog.dismiss().then(reload);
    };
    const reload = (): Promise<void> => this.page.evaluate(() => void setTimeout(() => location.reload()));
    this.page.on('dialog', stays);
    try {
      await Promise.all([loaded, reload()]);
    } finally {
      this.page.off('dialog', stays);
    }
    await this.tree.open();
  }

  /** Kills the extension host while it's working, as a system does that is out of memory. */
  async killHost(): Promise<void> {
    const log = await readFile(join(this.dataDir, 'server.log'), 'utf8');
    const pid = [...log.matchAll(/<(\d+)> Launched Extension Host Process/g)].at(-1)?.[1];
    assert.ok(pid !== undefined, `there's no extension host in\n${log}`);
    this.console.expect(hostKilled);
    process.kill(Number(pid), 'SIGKILL');
  }

  /** Opens another window of the same profile, whose console messages count as this one's. */
  async anotherWindow(): Promise<Workbench> {
    const page = await this.context.newPage();
    const { context, sandbox, folder, dataDir, console } = this;
    const close = (): Promise<void> => {
      console.expectEndOfPage();
      return page.close();
    };
    const other = new Workbench(page, context, sandbox, folder, dataDir, close, console);
    await page.goto(this.page.url());
    await other.tree.open();
    return other;
  }

  /**
   * Switches to this window from the others of its profile. A browser without a desktop gives every page the focus
   * forever, so the pages are told what a browser would tell them; keys and clicks are real.
   */
  async goTo(): Promise<void> {
    await this.page.bringToFront();
    for (const page of [...this.context.pages().filter((other) => other !== this.page), this.page]) {
      await page.evaluate((isFocused) => {
        if (document.hasFocus() !== isFocused) {
          document.hasFocus = (): boolean => isFocused;
          window.dispatchEvent(new Event(isFocused ? 'focus' : 'blur'));
        }
      }, page === this.page);
    }
  }

  /** Opens a file of the folder by its name, as any user would. */
  async openFile(name: string): Promise<void> {
    // A window that just opened doesn't accept keys yet, and may not have found a new file.
    await eventually(async () => {
      await this.page.keyboard.press('Control+P');
      await this.quickInput.input.fill(name, { timeout: 2_000 });
      await this.quickInput.row(name).first().click({ timeout: 5_000 });
      await this.quickInput.closed(3_000);
    });
    await this.editor.shows(name);
  }

  /** The bodies of {@link writes}. */
  bodies(): unknown[] {
    return this.writes().map(({ body }) => body);
  }

  /** What the extension sent since the last call: method, path and body, without reads. */
  writes(): { method: string; path: string; body: unknown }[] {
    const writes = this.sandbox.control
      .requests()
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path, body }) => ({ method, path, body }));
    this.sandbox.control.clearRequests();
    return writes;
  }

  /** Sends a request to the sandbox, as another program would. */
  async ask(method: string, path: string, body?: unknown, keyName: KeyName = 'admin'): Promise<Answer> {
    const response = await fetch(this.sandbox.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.sandbox.keys[keyName]}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, body: json };
  }

  /** Takes a picture into test-results. */
  async screenshot(name: string): Promise<string> {
    await mkdir(testResultsDir, { recursive: true });
    const path = join(testResultsDir, `${name.replace(/[^\w.-]+/g, '-').slice(0, 120)}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** The last lines of the extension's log, which is often the only place that says why a test failed. */
  async log(lines = 40): Promise<string> {
    const home = join(this.dataDir, 'data', 'logs');
    const files = (await readdir(home, { recursive: true }))
      .filter((file) => file.includes('posthog-environments') && file.endsWith('.log'))
      .sort();
    const texts = await Promise.all(files.map((file) => readFile(join(home, file), 'utf8')));
    return texts.join('').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Restores an ordinary window between two tests of a workbench: no editors, no notifications, no faults. */
  async tidy(): Promise<void> {
    this.sandbox.control.clearFaults();
    await this.page.keyboard.press('Escape');
    await this.editor.closeAll();
    await this.toasts.clear();
    this.sandbox.control.clearRequests();
  }
}

/** Runs all of them in order, even after a failure; throws the first failure at the end. */
async function runAll(endings: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of endings.splice(0)) {
    await end().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) {
    throw failures[0] instanceof Error ? failures[0] : new Error(String(failures[0]));
  }
}

/** The ID of a warehouse table in the sandbox. @throws Error if there is none with this name */
export function tableId({ sandbox }: Workbench, environmentId: number, name: string): string {
  const id = sandbox.control.tables(environmentId).find((table) => table.name === name)?.id;
  if (typeof id !== 'string') {
    throw new Error(`Environment ${environmentId} has no table ${name}.`);
  }
  return id;
}
