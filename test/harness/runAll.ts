import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fail } from './main';
import { repoRoot } from './paths';
import { stopOnSignal } from './processes';

/**
 * npm test: all checks, in this order; a failure doesn't keep the rest from running. Each tier ends with a line
 * "<tier>: N passed, N failed". A tier in which no test ran has failed.
 */
const steps: readonly Step[] = [
  { name: 'build', args: ['esbuild.mjs'] },
  { name: 'typecheck', args: [bin('typescript', 'bin/tsc'), '--noEmit'] },
  { name: 'lint', args: [bin('eslint', 'bin/eslint.js'), '.'] },
  { name: 'format', args: [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'unused', args: [bin('knip', 'bin/knip.js'), '--no-progress'] },
  {
    name: 'unit',
    args: [
      bin('c8', 'bin/c8.js'),
      ...['--exclude-after-remap', '--include', 'src/**', '--reporter', 'text-summary'],
      ...['--temp-directory', 'dist/coverage'],
      ...[process.execPath, bin('mocha', 'bin/mocha.js')],
    ],
    tier: true,
  },
  { name: 'host', args: ['dist/test/harness/runHost.js', '--vscode', '1.139.1'], tier: true },
  { name: 'host', args: ['dist/test/harness/runHost.js', '--vscode', '1.103.2'], tier: true },
  { name: 'ui', args: ['dist/test/harness/runUi.js'], tier: true },
  { name: 'node20', args: ['dist/test/harness/runOnNode20.js'], tier: true },
];

interface Step {
  name: string;
  args: readonly string[];
  /** Whether its output tells how many tests passed and failed. */
  tier?: boolean;
}

interface Outcome {
  name: string;
  ok: boolean;
  seconds: number;
  /** mocha's output for the tests that failed, without the stacks. */
  failures: readonly string[];
  /** The tests that passed only at the second attempt. */
  secondTries: readonly string[];
}

/** Maximum number of failures to repeat at the end. */
const maxFailureLines = 60;

async function runAll(): Promise<number> {
  let current: ChildProcess | undefined;
  stopOnSignal(async () => {
    const child = current;
    if (child?.exitCode === null && child.kill('SIGTERM')) {
      await new Promise((resolve) => child.once('exit', resolve));
    }
  });
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    process.stdout.write(`\n== ${step.name}: node ${step.args.join(' ')}\n`);
    const startedMs = Date.now();
    const { ok, failures, secondTries } = await runStep(step, (child) => {
      current = child;
    });
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    outcomes.push({ name: step.name, ok, seconds, failures, secondTries });
    if (!ok && step.name === 'build') {
      break;
    }
  }
  // Repeated, in case only the end of a log is kept.
  for (const { name, failures } of outcomes.filter((outcome) => outcome.failures.length > 0)) {
    process.stdout.write(`\n== failed in ${name}\n${failures.slice(0, maxFailureLines).join('\n')}\n`);
  }
  process.stdout.write('\n');
  for (const { name, secondTries } of outcomes) {
    secondTries.forEach((line) => process.stdout.write(`${name}, ${line}\n`));
  }
  for (const { name, ok, seconds } of outcomes) {
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  }
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}

async function runStep(
  { name, args, tier }: Step,
  started: (child: ChildProcess) => void,
): Promise<Pick<Outcome, 'ok' | 'failures' | 'secondTries'>> {
  const child = spawn(process.execPath, args, { cwd: repoRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  started(child);
  let counts: { passed: number; failed: number } | undefined;
  const exited = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const mocha = { passing: 0, failing: 0 };
  const failures: string[] = [];
  const secondTries: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    process.stdout.write(`${line}\n`);
    // Our own runners report it on one line; mocha itself on two.
    const own = /^\w+: (\d+) passed, (\d+) failed$/.exec(line);
    if (own !== null) {
      counts = { passed: Number(own[1]), failed: Number(own[2]) };
    }
    const theirs = /^\s+(\d+) (passing|failing)\b/.exec(line);
    if (theirs?.[2] === 'passing' || theirs?.[2] === 'failing') {
      mocha[theirs[2]] = Number(theirs[1]);
    }
    if (line.startsWith('at the second try: ')) {
      secondTries.push(line);
    }
    if (mocha.failing > 0 && line.trim() !== '' && !/^\s+at /.test(line)) {
      failures.push(line);
    }
  });
  const ok = await exited;
  if (tier !== true) {
    return { ok, failures: [], secondTries: [] };
  }
  if (counts === undefined) {
    counts = { passed: mocha.passing, failed: mocha.failing };
    process.stdout.write(`${name}: ${counts.passed} passed, ${counts.failed} failed\n`);
  }
  return { ok: ok && counts.passed > 0 && counts.failed === 0, failures, secondTries };
}

function bin(packageName: string, path: string): string {
  return `node_modules/${packageName}/${path}`;
}

runAll().then((code) => process.exit(code), fail);
