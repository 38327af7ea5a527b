import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const windows = process.platform === 'win32';

/** A process and all the processes that it started. */
export interface ProcessTree {
  readonly pid: number;
  /** Resolves to the exit code (or the signal's name) when the first process has ended. */
  readonly exited: Promise<number | string>;
  /** Asks all of them to end, kills them after five seconds, and resolves when they have ended. */
  stop(): Promise<void>;
}

const running = new Set<ProcessTree & { killNow(): void }>();
let guarded = false;

/**
 * Starts a program in its own process group, so that it can be stopped with all its children. Whatever still runs when
 * this process exits is stopped too.
 * @param options.logFile receives standard output and standard error
 */
export function startProcessTree(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string; logFile: string; shell?: boolean },
): ProcessTree {
  guardExit();
  const log = openSync(options.logFile, 'a');
  const child = spawn(command, args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['ignore', log, log],
    shell: options.shell ?? false,
    // Its own group, so that a terminal's Ctrl+C reaches only this process, which stops the rest in order.
    detached: !windows,
  });
  closeSync(log);
  const exited = exitOf(child);
  const pid = child.pid ?? 0;
  const tree = {
    pid,
    exited,
    killNow: () => signalTree(pid, 'SIGKILL'),
    stop: async () => {
      if (await endTree(pid, exited)) {
        running.delete(tree);
      }
    },
  };
  if (pid !== 0) {
    running.add(tree);
  }
  return tree;
}

/**
 * Runs `stop` once, at the first SIGINT, SIGTERM or SIGHUP, then exits with the code that shells use for that signal
 * (or with `exitCode`).
 */
export function stopOnSignal(stop: () => Promise<void>, exitCode?: number): void {
  let stopping = false;
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const;
  for (const [signal, code] of signals) {
    process.on(signal, () => {
      if (stopping) {
        return;
      }
      stopping = true;
      stop().then(
        () => process.exit(exitCode ?? code),
        (error: unknown) => {
          process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

/**
 * Runs `stop` and exits with code 0 when the parent process is gone: a signal to npm ends npm and its shell, but
 * doesn't always arrive here.
 */
export function stopWithParent(stop: () => Promise<void>): void {
  const parent = process.ppid;
  // There is no event for this.
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      void stop().finally(() => process.exit(0));
    }
  }, 500);
  timer.unref();
}

function guardExit(): void {
  if (guarded) {
    return;
  }
  guarded = true;
  process.on('exit', () => {
    for (const tree of running) {
      tree.killNow();
    }
  });
}

function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
  });
}

async function endTree(pid: number, exited: Promise<unknown>): Promise<boolean> {
  const graceMs = 5_000;
  const pollMs = 50;
  signalTree(pid, 'SIGTERM');
  await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
  // The first process has ended, but its children may take a moment longer. A group has no exit event to wait for.
  for (let waitedMs = 0; isAlive(pid); waitedMs += pollMs) {
    if (waitedMs >= graceMs / 2) {
      signalTree(pid, 'SIGKILL');
    }
    if (waitedMs >= graceMs) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return true;
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  if (windows) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isNoSuchProcess(error)) {
      throw error;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(windows ? pid : -pid, 0);
    return true;
  } catch (error) {
    if (isNoSuchProcess(error)) {
      return false;
    }
    throw error;
  }
}

/** EPERM: the rest of the group is no longer ours to signal (macOS reports this for a group of zombies). */
function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
}
