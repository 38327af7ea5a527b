import { parseArgs } from 'node:util';
import { settingsFileName } from '../operations/settingsFile/fileNames';

/** A mistake on the command line, as a sentence. */
export class UsageError extends Error {}

/** The options of a run. */
export interface CliOptions {
  readonly command: 'plan' | 'apply' | 'pull';
  readonly file: string;
  /** Whether it isn't the default. */
  readonly isFileChosen: boolean;
  /** Names of environments in the file; empty for all. */
  readonly environments: readonly string[];
  readonly json: boolean;
  readonly yes: boolean;
  readonly allowRisky: boolean;
  readonly allowProtected: readonly string[];
  /** The file of an earlier plan. */
  readonly plan: string | undefined;
  /** The file to write the plan to. */
  readonly out: string | undefined;
  readonly by: string | undefined;
  readonly why: string | undefined;
  readonly all: boolean;
}

export const usage = `Usage: cli.cjs <command> [options]

Commands
  plan    Show how PostHog differs from the settings file. Changes nothing.
  apply   Change PostHog to match the settings file.
  pull    Update the settings file from PostHog.

Options
  --file FILE             The settings file (default: ${settingsFileName})
  --environment NAME      Only this environment in the file; can be repeated
  --json                  Print a single JSON document instead of text
  --help                  Show this help
  --version               Show the version

Options of plan
  --out FILE              Write the plan to FILE to review and apply it later
  --by NAME, --why TEXT   Who made the plan, and why; stored in FILE

Options of apply
  --yes                   Don't ask for confirmation; covers only ordinary changes
  --allow-risky           Also apply changes that can stop, expose, or alter data
  --allow-protected NAME  Also apply to this protected environment; can be repeated
  --plan FILE             Apply exactly the plan in FILE, and stop if PostHog has changed since;
                          "protected" and "readOnly" in the settings file count, if there is one

Options of pull
  --all                   Also add settings that the file doesn't have yet

Keys
  The personal API key is read from POSTHOG_PERSONAL_API_KEY_<HOST>, where <HOST> is the host in uppercase,
  with "_" for a dot and "__" for a hyphen: POSTHOG_PERSONAL_API_KEY_EU_POSTHOG_COM. A port is added as _PORT_8000.
  Without it, POSTHOG_PERSONAL_API_KEY is used if all environments are on the same host.
  For unencrypted http to another computer, only POSTHOG_HTTP_PERSONAL_API_KEY_<HOST> is used.

Exit codes
  0  no drift, or all changes applied
  1  an error, or not all changes applied
  2  drift, or you answered no
`;

const definitions = {
  file: { type: 'string' },
  environment: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  'allow-risky': { type: 'boolean' },
  'allow-protected': { type: 'string', multiple: true },
  plan: { type: 'string' },
  out: { type: 'string' },
  by: { type: 'string' },
  why: { type: 'string' },
  all: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Options of a single command. */
const onlyOf: Readonly<Record<string, CliOptions['command']>> = {
  'allow-risky': 'apply',
  'allow-protected': 'apply',
  plan: 'apply',
  out: 'plan',
  by: 'plan',
  why: 'plan',
  all: 'pull',
};

/** Reads the arguments. @throws UsageError */
export function readOptions(args: readonly string[]): CliOptions | 'help' | 'version' {
  const { values, positionals } = parsed(args);
  if (values.help) {
    return 'help';
  }
  if (values.version) {
    return 'version';
  }
  const [command, ...others] = positionals;
  if (command !== 'plan' && command !== 'apply' && command !== 'pull') {
    throw new UsageError(
      command === undefined
        ? 'Enter a command: plan, apply, or pull.'
        : `Unknown command "${command}". Use plan, apply, or pull.`,
    );
  }
  if (others.length > 0) {
    throw new UsageError(`"${others.join(' ')}" isn't an option. Options start with --.`);
  }
  for (const [option, only] of Object.entries(onlyOf)) {
    if (Object.hasOwn(values, option) && command !== only) {
      throw new UsageError(`--${option} is an option of ${only}, not of ${command}.`);
    }
  }
  if (values.out === undefined && (values.by ?? values.why) !== undefined) {
    throw new UsageError('--by and --why are stored in the plan. Add --out.');
  }
  return {
    command,
    file: values.file ?? settingsFileName,
    isFileChosen: values.file !== undefined,
    environments: values.environment ?? [],
    json: values.json ?? false,
    yes: values.yes ?? false,
    allowRisky: values['allow-risky'] ?? false,
    allowProtected: values['allow-protected'] ?? [],
    plan: values.plan,
    out: values.out,
    by: values.by,
    why: values.why,
    all: values.all ?? false,
  };
}

const parse = (
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof definitions; allowPositionals: true }>> =>
  parseArgs({ args: [...args], options: definitions, allowPositionals: true, strict: true });

function parsed(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      throw new UsageError(`${error.message.split('. To ')[0] ?? ''}.`.replace(/\.\.$/, '.'));
    }
    throw error;
  }
}
