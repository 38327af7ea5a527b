import type Mocha from 'mocha';

/**
 * Host and UI tests drive a real workbench, which occasionally closes a menu or moves the focus by itself, more often
 * on a loaded machine. There, a failed test is retried once. This hides nothing: each such test is listed at the end
 * with the failure of its first attempt, and a run with more than three of them has failed.
 */
const maxSecondTries = 3;

/** mocha's option. */
export const retries = 1;

/**
 * Runs a suite.
 *
 * @param print receives a line for each test that needed a second attempt, with the failure of the first
 * @returns the numbers for a runner's last line
 * @throws Error if mocha can't run
 */
export async function runWithSecondTries(
  mocha: Mocha,
  print: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  const firstTries = new Map<string, string>();
  const secondTries: string[] = [];
  const failedTwice: string[] = [];
  const stats = await new Promise<{ passed: number; failed: number }>((resolve, reject) => {
    try {
      const runner = mocha.run((failed) => resolve({ passed: runner.stats?.passes ?? 0, failed }));
      runner.on('retry', (test: Mocha.Test, error: Error) => {
        firstTries.set(test.fullTitle(), error.message.split('\n')[0] ?? '');
      });
      const list = (lines: string[], says: string, title: string): void => {
        const why = firstTries.get(title);
        if (why !== undefined) {
          lines.push(`${says}: ${title}: ${why}`);
        }
      };
      runner.on('pass', (test) => list(secondTries, 'at the second try', test.fullTitle()));
      runner.on('fail', (test) => list(failedTwice, 'failed before its second try', test.fullTitle()));
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
  [...secondTries, ...failedTwice].forEach(print);
  return { ...stats, failed: stats.failed + Math.max(0, secondTries.length - maxSecondTries) };
}
