import { PostHogError } from '../posthog/errors';
import { parseOrigin } from '../posthog/origin';

const general = 'POSTHOG_PERSONAL_API_KEY';

/** The code of a failure that says which variable to set. */
export const keyNotSet = 'key-not-set';

/** The environment variable of one host's key: `POSTHOG_PERSONAL_API_KEY_EU_POSTHOG_COM`. */
export const keyVariable = (origin: string): string =>
  `${general}_${new URL(origin).host.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

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
  const variable = keyVariable(origin);
  const own = environment[variable]?.trim() ?? '';
  if (own !== '') {
    return own;
  }
  const shared = environment[general]?.trim() ?? '';
  if (shared === '') {
    throw missing(origin, '', `Set ${variable} or ${general} to a personal API key.`);
  }
  const parsed = parseOrigin(origin);
  if (parsed.ok && parsed.insecure) {
    throw missing(
      origin,
      `The connection isn't encrypted, so ${general} can't be used.`,
      `To send a key there anyway, set ${variable}.`,
    );
  }
  if (origins.size > 1) {
    throw missing(
      origin,
      `The environments are on ${origins.size} hosts, and ${general} doesn't say which of them its key is for.`,
      `Set ${variable}, or choose environments on one host with --environment.`,
    );
  }
  return shared;
}

const missing = (origin: string, why: string, remedy: string): PostHogError =>
  new PostHogError({
    kind: 'unauthorized',
    code: keyNotSet,
    what: `There is no API key for ${origin}.`,
    why,
    remedy,
  });
