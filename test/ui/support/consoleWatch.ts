import type { Page } from 'playwright-core';

/** Errors on the console that are VS Code's own, each with its reason. */
const known: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/Could not locate the bindings file[^]*spdlog/, 'native modules are not built: they need a compiler'],
  [/Cannot find module[^]*native-watchdog/, 'native modules are not built: they need a compiler'],
  [/status of 404[^]*\/vsda(_bg)?\.(js|wasm)/, 'signs connections in Microsoft builds; no open build has it'],
  [/status of 404[^]*\/update\/check\b/, 'routes of the login page around the server, which is not started'],
  [
    /Timed out waiting for authentication provider 'github'/,
    'VS Code itself asks who is signed in: nobody is',
  ],
  [/Long running operations during shutdown[^]*\(id: (join|workbench)\./, "VS Code's own parts, at a reload"],
  [/vscode-log:[^]*IndexedDB database 'vscode-web-db' is closed/, "VS Code's own log, at a reload"],
  [
    /'abort' on 'IDBTransaction': The transaction has finished\.\n[^]*\/workbench\.js/,
    "VS Code's own storage, which a reload closes",
  ],
  [/Canceled: Canceled\n[^]*\/workbench\.js/, "VS Code's own parts, whose work a reload ends"],
  [
    /status of 404[^]*\/media\/templates\.png/,
    "a picture of VS Code's own welcome page, which its server lacks",
  ],
  [
    /Model is disposed![^]*setDiffModel[^]*\/workbench\.js/,
    "VS Code's own diff editor, closed while it opens",
  ],
  [/404\) was received when fetching the script/, 'the service worker of the same login page'],
];

/**
 * At a save, VS Code waits 1,750 ms for the extension host to answer, and then saves without. No listener is slow: one
 * of those would be given up by the host itself after 1,500 ms, in other words. The host has had no turn on a busy
 * machine (stopped with SIGSTOP, it gives just this line), and no save of ours rests on that event.
 */
export const hostSilentAtSave =
  /^%c  ERR color: #f33 Error: Aborted onWillSaveTextDocument-event after 1750ms\n[^]*\/workbench\.js/;

/**
 * VS Code keeps a copy of the settings at its server, and a reload ends the connection in the middle of writing it.
 */
export const settingsCopyAtReload =
  /Unable to write file 'vscode-remote:[^']*\/CachedConfigurations\/[^']*' \(Canceled: Canceled\)/;

/** VS Code reads files of its own from its server at a start, and a reload ends the connection before the answer. */
export const ownFilesAtReload =
  /Unable to read file 'vscode-remote:[^']*\/(data\/User|workspace\/\.vscode)\/\w+\.json' \(Canceled: Canceled\)\n[^]*\/workbench\.js/;

/** What VS Code says of an extension host that was killed, of the connection to it, and of a save that ended with it. */
export const hostKilled =
  /^%c  ERR color: #f33 CloseEvent|Unknown reconnection token|\[remote-connection\]\[ExtensionHost\]|Extension host \(Remote\) terminated unexpectedly|Unable to write file 'posthog-env:[^']*' \(Canceled: Canceled\)/;

/** What VS Code says of extensions of its own when a workspace becomes trusted. */
export const ownExtensionsAtTrust =
  /Extension `vscode\.[\w-]+` is already registered|Activating extension 'vscode\.[\w-]+' failed: Not Found\./;

/** Collects errors on the console of the pages of a workbench: an error that no one expects fails the test it happens in. */
export class ConsoleWatch {
  private errors: string[] = [];
  private expected: RegExp[] = [];

  watch(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.note(`${message.text()} (${message.location().url})`);
      }
    });
    page.on('pageerror', (error) => this.note(error.stack ?? error.message));
  }

  /** Errors that the current test provokes on purpose. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** The unexpected errors since the last call, which are then forgotten, and so is what was expected. */
  take(): readonly string[] {
    const unexpected = this.errors.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
    this.errors = [];
    this.expected = [];
    return unexpected;
  }

  private note(text: string): void {
    if (!known.some(([pattern]) => pattern.test(text))) {
      this.errors.push(text);
    }
  }
}
