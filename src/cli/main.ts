import { isCanceled } from '../connections/failures';
import { isPostHogError } from '../posthog/errors';
import { runCommand } from './commands';
import { readOptions, usage, UsageError } from './options';
import { formatVersion, printable } from './report';
import { Session } from './session';
import { CliError, Terminal } from './terminal';
import { nothingSent } from '../posthog/outcomePhrases';

const version = process.env.POSTHOG_ENVIRONMENTS_VERSION ?? '';

/** The command line: settings files without VS Code, as in CI. @returns the exit code */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help' || options === 'version') {
    process.stdout.write(options === 'help' ? usage : `${version}\n`);
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The first one stops, after checking what was already sent. The second one exits immediately.
    process.once(signal, () => stop.abort());
  }
  const terminal = new Terminal(process, options.json, stop.signal);
  try {
    return await runCommand(new Session(options, terminal, process.env, version));
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) {
      throw error;
    }
    terminal.warn([message]);
    const lines = message.split('\n').map(printable);
    terminal.json({ formatVersion, command: options.command, error: { message: lines.join('\n') } });
    return 1;
  }
}

function messageOf(error: unknown): string | undefined {
  if (isCanceled(error)) {
    return `Canceled. ${nothingSent}`;
  }
  return error instanceof CliError || isPostHogError(error) ? error.message : undefined;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = 1;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      error instanceof UsageError
        ? `${printable(message)}\nUse --help to see the commands and options.\n`
        : `Internal error: ${printable(message)}\n`,
    );
  },
);
