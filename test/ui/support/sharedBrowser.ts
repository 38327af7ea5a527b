import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../harness/browser';

let running: Promise<Browser> | undefined;

/** One browser for the whole run; every workbench has a context of its own in it. */
export function sharedBrowser(): Promise<Browser> {
  running ??= launchBrowser();
  return running;
}

// Loaded by a test file, so this is a hook of the root suite: it runs once, after all files.
after('the browser ends', async function () {
  this.timeout(30_000);
  await (await running)?.close();
  running = undefined;
});
