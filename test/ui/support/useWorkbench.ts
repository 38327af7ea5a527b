import assert from 'node:assert/strict';
import { endWithCheck } from './checkedTest';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench';

/**
 * Gives the tests of a `describe` one workbench, which is tidied between them: opening one takes seconds. A test
 * fails on unexpected errors in the console; a failed one leaves a picture in test-results, and the next one gets a
 * new workbench: what is wrong with the old one is not its fault. So does the test after one that could not be tidied
 * up, and the `describe` fails at its end, when all its tests have run.
 * @returns A function that returns the workbench, to be called inside a test.
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
    if (test.state !== 'failed') {
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
    assert.deepEqual(untidied, [], 'a workbench could not be tidied');
    assert.equal(late, undefined);
  });
  return () => {
    assert.ok(workbench, 'the workbench is opened before the tests, not before the describe');
    return workbench;
  };
}

/** What the console of a workbench said since it was asked last and no one expected, in words. */
function unexpectedErrors(workbench: Workbench): string | undefined {
  const errors = workbench.console.take();
  return errors.length === 0 ? undefined : `unexpected errors on the console:\n${errors.join('\n')}`;
}
