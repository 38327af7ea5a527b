/** What {@link parseOrigin} makes of an address typed by a person. */
export type ParsedOrigin =
  | {
      ok: true;
      /** Scheme, host and port, without a slash at the end. */
      origin: string;
      /** The address is this very machine. */
      loopback: boolean;
      /** Plain http over a network: use it only with the person's consent. */
      insecure: boolean;
    }
  | { ok: false; /** Sentences: what is wrong and what to type instead. */ problem: string };

const US_CLOUD = 'https://us.posthog.com';
const EU_CLOUD = 'https://eu.posthog.com';

/** Whether an origin is PostHog's own Cloud, of either region. */
export const isCloud = (origin: string): boolean => origin === US_CLOUD || origin === EU_CLOUD;

const shortcuts: Readonly<Record<string, string>> = {
  us: US_CLOUD,
  'us cloud': US_CLOUD,
  eu: EU_CLOUD,
  'eu cloud': EU_CLOUD,
};

const refuse = (problem: string): ParsedOrigin => ({ ok: false, problem });

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/**
 * Reads the address of a PostHog server as a person types it (API facts 1.2): `US` and `EU`, a host name,
 * or a full origin. Only an origin is accepted, so that the key cannot be sent along a path somebody chose.
 *
 * @param input the typed text.
 * @returns the origin, or a problem in words; it never throws.
 */
export function parseOrigin(input: string): ParsedOrigin {
  const typed = input.trim();
  if (typed === '') {
    return refuse('The address is empty. Type US, EU or an address such as https://posthog.example.com.');
  }
  if (/^ph[a-z]_/i.test(typed)) {
    return refuse('This looks like an API key, not an address. Type the address first, the key comes next.');
  }
  const address = shortcuts[typed.toLowerCase()] ?? typed;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const url = hasScheme ? parse(address) : withScheme(address);
  if (url === undefined || /[\s\\]/.test(address)) {
    return refuse('This is not an address. Type US, EU or an address such as https://posthog.example.com.');
  }
  return checkUrl(url);
}

const parse = (address: string): URL | undefined => (URL.canParse(address) ? new URL(address) : undefined);

/** Without a scheme, https is meant, but a server on this machine rarely has a certificate. */
function withScheme(address: string): URL | undefined {
  const url = parse(`https://${address}`);
  return url !== undefined && isLoopback(url.hostname) ? parse(`http://${address}`) : url;
}

function checkUrl(url: URL): ParsedOrigin {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse('Only https addresses work, and http on this machine. Start the address with https://.');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'The address contains a user name or password. Leave it out; the API key is asked for separately.',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refuse(`The address goes on after the host. Only the first part is needed: ${url.origin}.`);
  }
  return checkHost(url);
}

function checkHost(url: URL): ParsedOrigin {
  const { hostname } = url;
  const loopback = isLoopback(hostname);
  if (hostname === 'i.posthog.com' || hostname.endsWith('.i.posthog.com')) {
    const cloud = hostname.startsWith('eu') ? EU_CLOUD : US_CLOUD;
    return refuse(
      `${hostname} only takes in events; settings cannot be read there. Use ${cloud} for the same region.`,
    );
  }
  if (hostname === 'posthog.com' || hostname === 'www.posthog.com') {
    return refuse(`${hostname} is PostHog's web site. Type US or EU for the region of your account.`);
  }
  if (hostname.endsWith('.posthog.com') && url.protocol === 'http:') {
    return refuse(`PostHog Cloud speaks https only. Use https://${hostname}.`);
  }
  return {
    ok: true,
    origin: hostname === 'app.posthog.com' ? US_CLOUD : url.origin,
    loopback,
    insecure: url.protocol === 'http:' && !loopback,
  };
}
