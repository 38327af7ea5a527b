import { PostHogError } from '../posthog/errors';
import type { ProxyUse } from '../posthog/http';

/** What decides about proxies: the settings under `http`, and the environment. */
export interface ProxySettings {
  /** `http.proxy`: an address, perhaps with a user name and password; empty for the proxy of the environment. */
  proxy?: string;
  /** `http.noProxy`: names, `.example.com`, `*` for all. */
  noProxy?: readonly string[];
  /** False for `http.proxySupport: off`: no proxy at all, whatever is set. */
  useProxy?: boolean;
  /** Where the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** A proxy and where it was set. */
interface Proxy {
  address: string;
  setting: string;
}

/** The proxies for http and https, and who is reached without them. */
export interface Proxies {
  http: Proxy | undefined;
  https: Proxy | undefined;
  noProxy: readonly string[];
}

/** This very machine is never reached through a proxy: the sandbox is here. */
export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The proxies of the setting or of the environment. @throws PostHogError `bad-address` */
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
    const remedy = `Correct the environment variable ${name} and start VS Code again, or set http.proxy.`;
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

/** The proxy before an address, in words. Settings that cannot be used name none: something else says so. */
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

/** An address with its scheme, which environments often leave out. @throws PostHogError `bad-address` */
function proxyAddress(proxy: string, remedy: string): string {
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (URL.canParse(address) && /^(https?|socks5?):\/\/[^/]/.test(address)) {
    return address;
  }
  throw new PostHogError({
    kind: 'bad-address',
    what: 'The proxy address cannot be used.',
    why: 'It is not an address such as http://proxy.example.com:3128.',
    remedy,
  });
}
