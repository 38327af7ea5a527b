import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format } from 'node:util';
import { retries, runWithSecondTries } from '../harness/secondTries';
import { openReport } from './report';

/**
 * Run by VS Code's extension host as "extension tests": mocha with every *.test.cjs next to this file. VS Code treats a
 * rejection as a failure.
 *
 * The environment variable HOST_TESTS, a JSON object set by the runner, selects tests and says where the output goes;
 * without it (desktop VS Code), all tests run and mocha prints to the console.
 */
export async function run(): Promise<void> {
  const options = readOptions();
  const report = options.reportPort === undefined ? undefined : await openReport(options.reportPort);
  // mocha is an ES module, and not every Node that VS Code runs on gives require() its default export.
  const { default: MochaClass } = await import('mocha');
  if (report !== undefined) {
    MochaClass.reporters.Base.consoleLog = (...parts: unknown[]) => report.send(format(...parts));
  }
  const mocha = new MochaClass({
    ui: 'bdd',
    reporter: 'spec',
    color: false,
    timeout: 60_000,
    slow: 2_000,
    retries,
    forbidOnly: true,
    forbidPending: true,
    ...(options.grep === undefined ? {} : { grep: options.grep }),
  });
  const files = globSync('**/*.test.cjs', { cwd: __dirname })
    .filter((file) => options.files === undefined || options.files.some((part) => file.includes(part)))
    .sort();
  for (const file of files) {
    mocha.addFile(join(__dirname, file));
  }
  const print = report === undefined ? console.log : (line: string) => report.send(line);
  const stats = await runWithSecondTries(mocha, print);
  if (report === undefined) {
    console.log(`host: ${stats.passed} passed, ${stats.failed} failed`);
  } else {
    await report.close(stats);
  }
  if (stats.failed > 0) {
    throw new Error(`${stats.failed} of the host tests failed.`);
  }
  if (stats.passed === 0) {
    throw new Error(`No host test ran (${files.length} files under ${relative('.', __dirname)}).`);
  }
}

interface HostTestOptions {
  /** Loopback port of the runner. */
  reportPort?: number;
  /** Only tests whose full title matches. */
  grep?: string;
  /** Only files whose path contains one of these. */
  files?: string[];
}

function readOptions(): HostTestOptions {
  const options: unknown = JSON.parse(process.env.HOST_TESTS ?? '{}');
  const value = (key: string): unknown =>
    typeof options === 'object' && options !== null ? Reflect.get(options, key) : undefined;
  const [reportPort, grep, files] = [value('reportPort'), value('grep'), value('files')];
  return {
    ...(typeof reportPort === 'number' ? { reportPort } : {}),
    ...(typeof grep === 'string' ? { grep } : {}),
    ...(Array.isArray(files) ? { files: files.map(String) } : {}),
  };
}
