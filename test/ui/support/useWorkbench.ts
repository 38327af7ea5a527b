import assert from 'node:assert/strict';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench';

/**
 * Gives the tests of a `describe` one workbench, which is tidied between them: opening one takes seconds. A test
 * fails on unexpected errors in the console; a failed one leaves a picture in test-results, and the next one gets a
 * new workbench: what is wrong with the old one is not its fault.
 * @returns A function that returns the workbench, to be called inside a test.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  beforeEach('a workbench opens', async function () {
    this.timeout(120_000);
    workbench ??= await openWorkbench(options);
  });
  afterEach('the workbench is tidied', async function () {
    this.timeout(60_000);
    const test = this.currentTest;
    if (!workbench || !test) {
      return;
    }
    const unexpected = workbench.console.take();
    if (test.state === 'failed' || unexpected.length > 0) {
      await workbench.screenshot(test.fullTitle());
      process.stdout.write(`The extension's log:\n${await workbench.log()}\n`);
    }
    if (test.state === 'failed') {
      const broken = workbench;
      workbench = undefined;
      await broken.close();
    } else {
      await workbench.tidy();
    }
    assert.deepEqual(unexpected, [], 'unexpected errors on the console');
  });
  after('the workbench closes', async function () {
    this.timeout(60_000);
    await workbench?.close();
    workbench = undefined;
  });
  return () => {
    assert.ok(workbench, 'the workbench is opened before the tests, not before the describe');
    return workbench;
  };
}
