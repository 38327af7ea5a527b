import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { retries, runWithSecondTries } from '../../harness/secondTries';

class Silent extends Mocha.reporters.Base {}

/** Runs tests that fail a number of times before they pass. */
async function run(
  failures: readonly number[],
): Promise<{ passed: number; failed: number; lines: string[] }> {
  const mocha = new Mocha({ reporter: Silent, retries });
  failures.forEach((times, index) => {
    let left = times;
    mocha.suite.addTest(
      new Mocha.Test(`test ${index}`, () => {
        left -= 1;
        assert.ok(left < 0, `failed at first\nand so on`);
      }),
    );
  });
  const lines: string[] = [];
  const stats = await runWithSecondTries(mocha, (line) => lines.push(line));
  return { ...stats, lines };
}

describe('tests that are retried', () => {
  it('pass at the second attempt, and are listed with their failure', async () => {
    assert.deepEqual(await run([0, 1]), {
      passed: 2,
      failed: 0,
      lines: ['at the second try: test 1: failed at first'],
    });
  });

  it('fail if they fail twice, and are listed with their first failure', async () => {
    assert.deepEqual(await run([2, 0]), {
      passed: 1,
      failed: 1,
      lines: ['failed before its second try: test 0: failed at first'],
    });
  });

  it('fail the run if there are more than three', async () => {
    assert.equal((await run([1, 1, 1])).failed, 0);
    assert.equal((await run([1, 1, 1, 1])).failed, 1);
  });
});
