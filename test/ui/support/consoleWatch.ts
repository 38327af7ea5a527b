import type { Page } from 'playwright-core';

/**
 * At a save, VS Code waits 1,750 ms for the extension host to respond, and then saves without it. No listener is slow,
 * because the host itself would abandon one after 1,500 ms, with a different message. The host just had no turn on a
 * busy machine (stopped with SIGSTOP, it causes exactly this line), and none of our saves depend on that event.
 */
export const hostSilentAtSave =
  /^%c  ERR color: #f33 Error: Aborted onWillSaveTextDocument-event after 1750ms\n[^]*\/workbench\.js/;

/** VS Code's own errors on the console, each with its reason. */
const known: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    hostSilentAtSave,
    "a save, even of VS Code's own settings, while a busy machine leaves the extension host no time",
  ],
  [/Cannot find module[^]*native-watchdog/, "native modules aren't built, because that takes a compiler"],
  [
    /status of 404[^]*\/vsda(_bg)?\.(js|wasm)/,
    "signs connections in Microsoft's builds; open builds don't have it",
  ],
  [
    /status of 404[^]*\/update\/check\b/,
    "routes of the login page in front of the server, which isn't started",
  ],
  [
    /Timed out waiting for authentication provider 'github'/,
    'VS Code itself asks who is signed in: no one is',
  ],
  [
    /Long running operations during shutdown[^]*\(id: (join|workbench)\./,
    'parts of VS Code, during a reload',
  ],
  [/vscode-log:[^]*IndexedDB database 'vscode-web-db' is closed/, "VS Code's own log, during a reload"],
  [
    /'abort' on 'IDBTransaction': The transaction has finished\.\n[^]*\/workbench\.js/,
    "VS Code's own storage, which a reload closes",
  ],
  [/Canceled: Canceled\n[^]*\/workbench\.js/, 'parts of VS Code that a reload interrupts'],
  [
    /status of 404[^]*\/media\/templates\.png/,
    "an image of VS Code's welcome page that its server doesn't have",
  ],
  [/Model is disposed![^]*setDiffModel[^]*\/workbench\.js/, "VS Code's diff editor, closed while it opens"],
  [/404\) was received when fetching the script/, 'the service worker of the same login page'],
];

/**
 * VS Code stores a copy of the settings on its server. The connection ends with the page, even if it's still being
 * written.
 */
export const settingsCopyAtEnd =
  /Unable to write file 'vscode-remote:[^']*\/CachedConfigurations\/[^']*' \(Canceled: Canceled\)/;

/**
 * VS Code reads its own files from its server at startup. The connection ends with the page, even if there's no response
 * yet.
 */
export const ownFilesAtEnd =
  /Unable to read file 'vscode-remote:[^']*\/(data\/User|workspace\/\.vscode)\/\w+\.json' \(Canceled: Canceled\)\n[^]*\/workbench\.js/;

/** VS Code starts a second extension host in the page itself, which ends with it. */
const webHostAtEnd = /Error received from starting extension host \(kind: LocalWebWorker\)/;

/** VS Code's messages about a killed extension host, its connection, and a save that ended with it. */
export const hostKilled =
  /^%c  ERR color: #f33 CloseEvent|Unknown reconnection token|\[remote-connection\]\[ExtensionHost\]|Extension host \(Remote\) terminated unexpectedly|Unable to write file 'posthog-env:[^']*' \(Canceled: Canceled\)/;

/** VS Code's messages about its own extensions when a workspace becomes trusted. */
export const ownExtensionsAtTrust =
  /Extension `vscode\.[\w-]+` is already registered|Activating extension 'vscode\.[\w-]+' failed: Not Found\./;

/** Collects errors on the console of a workbench's pages: an unexpected error fails the test it occurs in. */
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

  /** Expects errors that the current test causes on purpose. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Expects what VS Code logs when one of its pages is reloaded or closed. */
  expectEndOfPage(): void {
    this.expect(settingsCopyAtEnd);
    this.expect(ownFilesAtEnd);
    this.expect(webHostAtEnd);
  }

  /** The unexpected errors since the last call. Clears them and all expectations. */
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
