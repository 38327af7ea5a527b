import { stopOnSignal } from './processes';

/**
 * Runs a command line program: its result becomes the exit code; an error is printed to standard error with exit code
 * 1. On a signal, the process ends together with everything it started.
 */
export function runMain(program: () => Promise<number>): void {
  stopOnSignal(async () => undefined);
  program().then((code) => process.exit(code), fail);
}

/** Ends the process with exit code 1 and the error's message on standard error. */
export function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
