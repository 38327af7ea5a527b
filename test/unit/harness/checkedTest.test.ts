import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { endWithCheck } from '../../ui/support/checkedTest';

/** Runs tests with checks at their end, like the UI tier's. Returns what happened to each. */
async function outcomes(
  bodies: Readonly<Record<string, () => Promise<void>>>,
  check: () => string | undefined,
): Promise<Record<string, string>> {
  const suite = new Mocha.Suite('tests with a check');
  suite.beforeEach(function () {
    if (this.currentTest) {
      endWithCheck(this.currentTest, check);
    }
  });
  for (const [title, body] of Object.entries(bodies)) {
    suite.addTest(new Mocha.Test(title, body));
  }
  const found: Record<string, string> = {};
  const runner = new Mocha.Runner(suite, { delay: false });
  runner.on(Mocha.Runner.constants.EVENT_TEST_PASS, (test) => (found[test.title] = 'passed'));
  runner.on(
    Mocha.Runner.constants.EVENT_TEST_FAIL,
    (test, error: unknown) => (found[test.title] = error instanceof Error ? error.message : String(error)),
  );
  await new Promise((resolve) => void runner.run(resolve));
  return found;
}

describe('UI tier: checks at the end of every test', () => {
  it('8: an unexpected error on the console fails the test it occurred in, and the following tests run', async () => {
    const errors: string[] = [];
    const found = await outcomes(
      {
        before: async () => undefined,
        loud: async () => void errors.push('Something went wrong'),
        'broken and loud': async () => {
          errors.push('Something else went wrong');
          await Promise.reject(new Error('The row is not there.'));
        },
        after: async () => undefined,
      },
      () => errors.splice(0)[0],
    );
    assert.deepEqual(found, {
      before: 'passed',
      loud: 'Something went wrong',
      'broken and loud': 'The row is not there.\nSomething else went wrong',
      after: 'passed',
    });
  });
});
