/** What is needed of a running mocha test to add a check to it. */
interface RunningTest {
  fn?: ((this: Mocha.Context, done: Mocha.Done) => unknown) | undefined;
}

/**
 * Adds a check to the end of a test; call this before the test runs. In an `afterEach`, the same check would fail the
 * hook, and mocha would then skip the remaining tests of the `describe`.
 * @param check returns what is wrong, or nothing. Also called if the test itself failed; its result is then appended to
 * the test's error.
 */
export function endWithCheck(test: RunningTest, check: () => string | undefined): void {
  const body = test.fn;
  if (!body) {
    return;
  }
  test.fn = async function (this: Mocha.Context) {
    try {
      await body.call(this, () => undefined);
    } catch (error) {
      const wrong = check();
      if (wrong !== undefined && error instanceof Error) {
        error.message += `\n${wrong}`;
      }
      throw error;
    }
    const wrong = check();
    if (wrong !== undefined) {
      throw new Error(wrong);
    }
  };
}
