import { PostHogError } from '../posthog/errors';
import { parseOrigin } from '../posthog/origin';

const general = 'POSTHOG_PERSONAL_API_KEY';

/** The environment variable of one host's key: `POSTHOG_PERSONAL_API_KEY_EU_POSTHOG_COM`. */
const variableOf = (origin: string): string =>
  `${general}_${new URL(origin).host.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/**
 * The key of a host. A key that is named for no host goes nowhere when there are several: it belongs to one of them,
 * and nobody says to which.
 *
 * @param origins all hosts that are spoken to
 * @throws PostHogError
 */
export function keyFor(
  origin: string,
  origins: ReadonlySet<string>,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const variable = variableOf(origin);
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
      `The address is not encrypted, so that ${general} is not sent to it.`,
      `If the key may be sent there, set ${variable}.`,
    );
  }
  if (origins.size > 1) {
    throw missing(
      origin,
      `The environments have ${origins.size} hosts, and ${general} doesn't say which of them it belongs to.`,
      `Set ${variable}, or choose environments of one host with --environment.`,
    );
  }
  return shared;
}

const missing = (origin: string, why: string, remedy: string): PostHogError =>
  new PostHogError({ kind: 'unauthorized', what: `There is no API key for ${origin}.`, why, remedy });
