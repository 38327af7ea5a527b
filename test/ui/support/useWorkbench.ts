import assert from 'node:assert/strict';
import { endWithCheck } from './checkedTest';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench';

/**
 * Gives the tests of a `describe` one workbench, which is tidied up between them, because opening one takes seconds. A
 * test fails on unexpected errors on the console. A failed test leaves a picture in test-results, and the next one, or its
 * second attempt, gets a new workbench, so that it isn't affected. The same happens after a workbench that couldn't be tidied up, in which
 * case the `describe` fails once all its tests have run.
 * @returns a function that returns the workbench, to call inside a test
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const untidied: string[] = [];
  beforeEach('a workbench opens', async function () {
    this.timeout(120_000);
    const opened = (workbench ??= await openWorkbench(options));
    if (this.currentTest) {
      endWithCheck(this.currentTest, () => unexpectedErrors(opened));
    }
  });
  afterEach('the workbench is tidied', async function () {
    this.timeout(60_000);
    const test = this.currentTest;
    if (!workbench || !test) {
      return;
    }
    // A test that is about to have its second attempt has no state yet. It needs a new workbench most.
    if (test.state === 'passed') {
      try {
        await workbench.tidy();
        return;
      } catch (error) {
        untidied.push(`after ${test.fullTitle()}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    const broken = workbench;
    workbench = undefined;
    await broken.screenshot(test.fullTitle());
    process.stdout.write(`The extension's log:\n${await broken.log()}\n`);
    await broken.close();
  });
  after('the workbench closes', async function () {
    this.timeout(60_000);
    const late = workbench && unexpectedErrors(workbench);
    await workbench?.close();
    workbench = undefined;
    assert.deepEqual(untidied, [], "a workbench couldn't be cleaned up");
    assert.equal(late, undefined);
  });
  return () => {
    assert.ok(workbench, 'the workbench opens before the tests, not before the describe');
    return workbench;
  };
}

/** The unexpected messages on a workbench's console since the last call, in words. */
function unexpectedErrors(workbench: Workbench): string | undefined {
  const errors = workbench.console.take();
  return errors.length === 0 ? undefined : `unexpected errors on the console:\n${errors.join('\n')}`;
}
