/** Parses the command line of the runners: `--name value` pairs, and everything else in order. */
export function parseArgs(
  args: readonly string[],
  names: readonly string[],
): { options: Record<string, string>; rest: string[] } {
  const options: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (!argument.startsWith('--')) {
      rest.push(argument);
      continue;
    }
    const [name = '', inline] = argument.slice(2).split(/=(.*)/s, 2);
    if (!names.includes(name)) {
      throw new Error(`Unknown option --${name}. Known: ${names.map((known) => `--${known}`).join(', ')}.`);
    }
    const value = inline ?? args[(index += 1)];
    if (value === undefined) {
      throw new Error(`--${name} needs a value.`);
    }
    options[name] = value;
  }
  return { options, rest };
}
