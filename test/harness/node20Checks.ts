/** A program that a documented command runs, and how to tell whether it works. */
interface Check {
  readonly program: string;
  readonly args: readonly string[];
  /**
   * A line of output that means it has started; then it's stopped. Without this, it must end successfully on its own.
   */
  readonly until?: RegExp;
  /** What it says if it can't do its work here. It must load to say this, which is what Node 20 affects. */
  readonly orSays?: RegExp;
  /** The exit code that means it works: 0 if absent. */
  readonly exits?: number;
  /** Runs it with a sandbox, in a folder with a settings file that differs from the sandbox. */
  readonly besideSandbox?: true;
}

/** What must work on Node 20: every program in the documents and npm scripts starts. */
export const node20Checks: readonly Check[] = [
  { program: 'esbuild.mjs', args: [] },
  // Not all of them: those about numbers of any length need the Node that npm scripts run on.
  {
    program: 'node_modules/mocha/bin/mocha.js',
    args: ['--no-config', '--timeout', '20000', 'dist/test/unit/directory/*.test.js'],
  },
  { program: 'dist/cli.cjs', args: ['--help'] },
  { program: 'dist/cli.cjs', args: ['plan', '--out', 'change.json'], exits: 2, besideSandbox: true },
  {
    program: 'dist/cli.cjs',
    args: ['apply', '--yes', '--allow-risky', '--plan', 'change.json'],
    besideSandbox: true,
  },
  { program: 'dist/cli.cjs', args: ['plan'], besideSandbox: true },
  { program: 'dist/cli.cjs', args: ['pull', '--all'], besideSandbox: true },
  { program: 'dist/sandboxCli.cjs', args: ['--port', '0'], until: /^\{"url":/ },
  { program: 'dist/test/harness/start.js', args: [], until: /^http:/ },
  { program: 'dist/test/bench/run.js', args: ['--model', '--seed=1', '--steps=200'] },
  { program: 'dist/test/harness/runHost.js', args: ['manifest'] },
  { program: 'dist/test/harness/runUi.js', args: ['--grep', 'C6: opening can', 'cancel'] },
  { program: 'dist/test/harness/runDesktop.js', args: ['--nothing'], orSays: /Unknown option --nothing/ },
  { program: 'dist/test/harness/checkPackage.js', args: [], orSays: /npm run package/ },
];

/** Not run there, because it runs the others. */
export const node20Runners = ['dist/test/harness/runAll.js', 'dist/test/harness/runOnNode20.js'];
