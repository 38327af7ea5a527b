import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../harness/browser';

let running: Promise<Browser> | undefined;

/**
 * One browser for the whole run, in which every workbench has its own context. If it crashes, another one starts, so
 * that only the current test fails.
 */
export async function sharedBrowser(): Promise<Browser> {
  running ??= launchBrowser();
  if (!(await running).isConnected()) {
    running = launchBrowser();
  }
  return running;
}

// Loaded by a test file, so this is a hook of the root suite: it runs once, after all files.
after('the browser ends', async function () {
  this.timeout(30_000);
  await (await running)?.close();
  running = undefined;
});
