/** A program that a documented command runs, and how to tell that it works. */
interface Check {
  readonly program: string;
  readonly args: readonly string[];
  /** A line of its output that means that it is up; then it is ended. Without it, it has to end well on its own. */
  readonly until?: RegExp;
  /** What it says where it cannot do its work here. It has to load for that, which is what Node 20 decides. */
  readonly orSays?: RegExp;
  /** The exit code that means that it works: 0 where it is absent. */
  readonly exits?: number;
  /** Runs beside a sandbox, in a folder with a settings file from which the sandbox differs. */
  readonly besideSandbox?: true;
}

/** What has to work on Node 20: every program that the documents and npm scripts name runs, if only for a little. */
export const node20Checks: readonly Check[] = [
  { program: 'esbuild.mjs', args: [] },
  // Not all of them: what concerns numbers of any length needs the Node that npm scripts run on.
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

/** What is not run there: it runs the others. */
export const node20Runners = ['dist/test/harness/runAll.js', 'dist/test/harness/runOnNode20.js'];
