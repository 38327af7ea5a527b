/** What of a running test of mocha is needed to add a check to it. */
interface RunningTest {
  fn?: ((this: Mocha.Context, done: Mocha.Done) => unknown) | undefined;
}

/**
 * Makes a check the end of a test, to be called before the test runs. In an `afterEach` the same check would fail the
 * hook, and mocha then leaves out every test of the `describe` that is still to come.
 * @param check Returns what is wrong, or nothing. It is asked too when the test failed on its own: what it says then
 * stands behind the test's own words.
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
