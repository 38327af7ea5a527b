import { sentences } from '../operations/phrases/sentences';
import { PostHogError } from '../posthog/errors';
import { parseOrigin } from '../posthog/origin';

const general = 'POSTHOG_PERSONAL_API_KEY';
/** Not a longer `general`, which could be the variable of a host called `http`. */
const overHttp = 'POSTHOG_HTTP_PERSONAL_API_KEY';

/** The code of a failure that says which variable to set. */
export const keyNotSet = 'key-not-set';

/** The variable to set for another key. */
export const variableToSet = (origin: string): string => keyVariable(origin) ?? general;

/**
 * The environment variable of one host's key: `POSTHOG_PERSONAL_API_KEY_EU_POSTHOG_COM`. Different hosts and ports have
 * different ones, and so do connections that aren't encrypted. `undefined` if the host can't be told from all others in
 * the characters of a variable.
 */
export function keyVariable(origin: string): string | undefined {
  const { hostname, port } = new URL(origin);
  // Next to each other, dots and hyphens would have the same underscores.
  if (!hostname.split('.').every((label) => /^[a-z\d]+(?:-+[a-z\d]+)*$/.test(label))) {
    return undefined;
  }
  const host = hostname.toUpperCase().replaceAll('-', '__').replaceAll('.', '_');
  // No host has such an end of its own: after a dot, only an IP address ends with a number.
  return `${isInsecure(origin) ? overHttp : general}_${host}${port === '' ? '' : `_PORT_${port}`}`;
}

/**
 * The key for a host. If there are several hosts, a key without a host in its name isn't used, because it belongs to
 * only one of them.
 *
 * @param origins all hosts that are used
 * @throws PostHogError
 */
export function keyFor(
  origin: string,
  origins: ReadonlySet<string>,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const valueOf = (name: string): string => environment[name]?.trim() ?? '';
  const variable = keyVariable(origin);
  const own = variable === undefined ? '' : valueOf(variable);
  if (own !== '') {
    return own;
  }
  if (isInsecure(origin)) {
    throw missing(
      origin,
      "The connection isn't encrypted, so keys for encrypted connections can't be used.",
      variable === undefined ? `${noVariable} Use https.` : `To send a key there anyway, set ${variable}.`,
    );
  }
  const shared = valueOf(general);
  if (shared === '') {
    throw variable === undefined
      ? missing(origin, noVariable, `Set ${general} to a personal API key.`)
      : missing(origin, '', `Set ${variable} or ${general} to a personal API key.`);
  }
  if (origins.size > 1) {
    throw missing(
      origin,
      sentences(
        `The environments are on ${origins.size} hosts, and ${general} doesn't say which of them its key is for.`,
        variable === undefined ? noVariable : '',
      ),
      variable === undefined
        ? 'Choose environments on one host with --environment.'
        : `Set ${variable}, or choose environments on one host with --environment.`,
    );
  }
  return shared;
}

const noVariable = 'Only a host of letters, digits, dots, and hyphens can have a variable of its own.';

function isInsecure(origin: string): boolean {
  const parsed = parseOrigin(origin);
  return !parsed.ok || parsed.insecure;
}

const missing = (origin: string, why: string, remedy: string): PostHogError =>
  new PostHogError({
    kind: 'unauthorized',
    code: keyNotSet,
    what: `There is no API key for ${origin}.`,
    why,
    remedy,
  });
