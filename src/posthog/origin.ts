/** The result of {@link parseOrigin}. */
export type ParsedOrigin =
  | {
      ok: true;
      /** Scheme, host, and port, without a trailing slash. */
      origin: string;
      /** The address is this computer. */
      loopback: boolean;
      /** Plain http over a network: use it only with the user's consent. */
      insecure: boolean;
    }
  | { ok: false; /** Sentences: what is wrong and what to enter instead. */ problem: string };

const US_CLOUD = 'https://us.posthog.com';
const EU_CLOUD = 'https://eu.posthog.com';

/** Whether an origin is PostHog Cloud, in either region. */
export const isCloud = (origin: string): boolean => origin === US_CLOUD || origin === EU_CLOUD;

const shortcuts: Readonly<Record<string, string>> = {
  us: US_CLOUD,
  'us cloud': US_CLOUD,
  eu: EU_CLOUD,
  'eu cloud': EU_CLOUD,
};

const refuse = (problem: string): ParsedOrigin => ({ ok: false, problem });

const whatToEnter = 'Enter US, EU, or an address such as https://posthog.example.com.';

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/**
 * Parses the address of a PostHog server as entered by the user (API facts 1.2): `US` or `EU`, a host name, or a full
 * origin. Only an origin is accepted, so that the key can't be sent to a path that someone else chose.
 *
 * @returns the origin, or a problem in words; never throws
 */
export function parseOrigin(input: string): ParsedOrigin {
  const typed = input.trim();
  if (typed === '') {
    return refuse(`The address is empty. ${whatToEnter}`);
  }
  if (/^ph[a-z]_/i.test(typed)) {
    return refuse('This looks like an API key. Enter the address first. The key comes next.');
  }
  const address = shortcuts[typed.toLowerCase()] ?? typed;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const url = hasScheme ? parse(address) : withScheme(address);
  if (url === undefined || /[\s\\]/.test(address)) {
    return refuse(`This isn't an address. ${whatToEnter}`);
  }
  return checkUrl(url);
}

const parse = (address: string): URL | undefined => (URL.canParse(address) ? new URL(address) : undefined);

/** Without a scheme, https is assumed, except on this computer, where servers rarely have a certificate. */
function withScheme(address: string): URL | undefined {
  const url = parse(`https://${address}`);
  return url !== undefined && isLoopback(url.hostname) ? parse(`http://${address}`) : url;
}

function checkUrl(url: URL): ParsedOrigin {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse('The address must start with https://, or http:// for a server without a certificate.');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'The address contains a user name or password. Leave it out. You enter the API key in the next step.',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refuse(`The address continues after the host. Enter only the first part: ${url.origin}.`);
  }
  return checkHost(url);
}

function checkHost(url: URL): ParsedOrigin {
  const { hostname } = url;
  const loopback = isLoopback(hostname);
  if (hostname === 'i.posthog.com' || hostname.endsWith('.i.posthog.com')) {
    const cloud = hostname.startsWith('eu') ? EU_CLOUD : US_CLOUD;
    return refuse(
      `${hostname} only receives events and has no settings. Enter ${cloud} for the same region.`,
    );
  }
  if (hostname === 'posthog.com' || hostname === 'www.posthog.com') {
    return refuse(`${hostname} is PostHog's website. Enter US or EU for the region of your account.`);
  }
  if (hostname.endsWith('.posthog.com') && url.protocol === 'http:') {
    return refuse(`PostHog Cloud only supports https. Enter https://${hostname}.`);
  }
  return {
    ok: true,
    origin: hostname === 'app.posthog.com' ? US_CLOUD : url.origin,
    loopback,
    insecure: url.protocol === 'http:' && !loopback,
  };
}
