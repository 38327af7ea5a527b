import { causesOf } from '../posthog/causes';
import { PostHogError } from '../posthog/errors';
import type { ProxyUse } from '../posthog/http';
import { proxyStatusOf } from '../posthog/proxySentences';

/** What determines the proxy: the `http` settings, and environment variables. */
export interface ProxySettings {
  /** `http.proxy`: a URL, possibly with a user name and password; empty to use the environment's proxy. */
  proxy?: string;
  /** `http.noProxy`: names, `.example.com`, or `*` for all. */
  noProxy?: readonly string[];
  /** False for `http.proxySupport: off`: no proxy at all. */
  useProxy?: boolean;
  /** Where to find HTTPS_PROXY, HTTP_PROXY, and NO_PROXY; `process.env` by default. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** A proxy and where it was set. */
interface Proxy {
  address: string;
  setting: string;
}

/** The proxies for HTTP and HTTPS, and the exceptions. */
export interface Proxies {
  http: Proxy | undefined;
  https: Proxy | undefined;
  noProxy: readonly string[];
}

/** This machine is never reached through a proxy: the sandbox runs here. */
export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The proxies from the setting or the environment. @throws PostHogError `bad-address` */
export function proxiesOf({
  proxy = '',
  noProxy = [],
  useProxy = true,
  env = process.env,
}: ProxySettings): Proxies {
  if (!useProxy) {
    return { http: undefined, https: undefined, noProxy: [] };
  }
  if (proxy !== '') {
    const set = {
      address: proxyAddress(proxy, 'Correct the setting http.proxy.'),
      setting: 'the setting http.proxy',
    };
    return { http: set, https: set, noProxy };
  }
  const ofEnvironment = (...names: string[]): Proxy | undefined => {
    const name = names.flatMap((one) => [one.toLowerCase(), one]).find((one) => env[one]);
    const value = name === undefined ? undefined : env[name];
    const remedy = `Correct the environment variable ${name} and restart VS Code, or set http.proxy.`;
    return value === undefined
      ? undefined
      : { address: proxyAddress(value, remedy), setting: `the environment variable ${name}` };
  };
  return {
    http: ofEnvironment('HTTP_PROXY'),
    https: ofEnvironment('HTTPS_PROXY', 'HTTP_PROXY'),
    noProxy: [...noProxy, ...(env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/).filter(Boolean)],
  };
}

/** The proxy for a URL, in words; none if the settings are invalid, which is reported elsewhere. */
export function proxyUse(url: string, settings: ProxySettings): ProxyUse | undefined {
  let proxies: Proxies;
  try {
    proxies = proxiesOf(settings);
  } catch {
    return undefined;
  }
  const { protocol, hostname, port } = new URL(url);
  const found = protocol === 'https:' ? proxies.https : proxies.http;
  const isPast = [...LOOPBACK, ...proxies.noProxy].some((entry) => {
    const [name = '', onlyPort] = entry
      .toLowerCase()
      .split(/:(?=\d+$)/)
      .map((part) => part.replace(/^\*?\./, ''));
    const fits = name === '*' || hostname === name || hostname.endsWith(`.${name}`);
    return fits && (onlyPort === undefined || onlyPort === (port || (protocol === 'https:' ? '443' : '80')));
  });
  return found === undefined || isPast
    ? undefined
    : { address: new URL(found.address).host, setting: found.setting };
}

/** Whether a proxy rejected a connection because it requires signing in. */
export const asksToSignIn = (error: unknown): boolean =>
  [...causesOf(error)].some((cause) => proxyStatusOf(cause) === 407);

/** A proxy URL with its scheme, which environment variables often omit. @throws PostHogError `bad-address` */
function proxyAddress(proxy: string, remedy: string): string {
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (URL.canParse(address) && /^(https?|socks5?):\/\/[^/]/.test(address)) {
    return address;
  }
  throw new PostHogError({
    kind: 'bad-address',
    what: "The proxy URL can't be used.",
    why: "It isn't a URL such as http://proxy.example.com:3128.",
    remedy,
  });
}
