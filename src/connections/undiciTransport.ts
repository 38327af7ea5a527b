import { Agent, EnvHttpProxyAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { Readable } from 'node:stream';
import * as tls from 'node:tls';
import { PostHogError } from '../posthog/errors';
import { readText } from '../posthog/http';
import type { Transport } from '../posthog/http';

/** What VS Code's own fetch cannot be told (VS Code honours none of these for extensions). */
export interface UndiciTransportOptions {
  /**
   * Address of the proxy, perhaps with a user name and password; loopback never goes through it. Without it, the
   * variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY count, as they do for VS Code's own fetch.
   */
  proxy?: string;
  /** Hosts that are reached without the proxy, as in `http.noProxy`: names, `.example.com`, `*` for all. */
  noProxy?: readonly string[];
  /** Certificate authorities in PEM, trusted beside those of the system. */
  ca?: readonly string[];
  /** Client certificate in PEM. */
  cert?: string;
  /** Key of the client certificate in PEM. */
  key?: string;
  /** False accepts every certificate: only for `http.proxyStrictSSL: false`. */
  rejectUnauthorized?: boolean;
  /** Where the variables are looked up; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** A transport with connections of its own, to be closed when the settings change. */
export type UndiciTransport = Transport & { close(): Promise<void> };

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Makes the transport for own certificate authorities, client certificates and unchecked certificates. It has its own
 * connections and never touches the process-wide dispatcher, which other extensions use too.
 *
 * @throws PostHogError `certificate` when a PEM text cannot be used, `bad-address` for a proxy that is no address.
 */
export function createUndiciTransport(options: UndiciTransportOptions): UndiciTransport {
  const dispatcher = createDispatcher(options);
  const send: Transport = async ({ url, method, headers, body, signal }) => {
    const response = await request(url, {
      method,
      headers,
      signal,
      dispatcher,
      ...(body !== undefined && { body: body instanceof ReadableStream ? nodeStream(body) : body }),
    });
    return {
      status: response.statusCode,
      header: (name) => {
        const value = response.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      text: () => readText(response.body),
    };
  };
  return Object.assign(send, { close: () => dispatcher.close() });
}

function createDispatcher(given: UndiciTransportOptions): Dispatcher {
  const trust = {
    ca: [...(given.ca ?? []), ...tls.rootCertificates, ...systemCertificates()],
    rejectUnauthorized: given.rejectUnauthorized ?? true,
    ...(given.cert !== undefined && { cert: given.cert }),
    ...(given.key !== undefined && { key: given.key }),
  };
  checkCertificates(given);
  // The time limits are the client's; a long upload or a slow schema refresh is not for the connection to judge.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
  const connect = { ...trust, timeout: CONNECT_TIMEOUT_MS };
  const proxies = proxiesOf(given);
  return proxies.noProxy.includes('*') || (proxies.httpProxy === '' && proxies.httpsProxy === '')
    ? new Agent({ ...timeouts, connect })
    : new EnvHttpProxyAgent({
        ...timeouts,
        connect,
        requestTls: connect,
        proxyTls: trust,
        ...proxies,
        noProxy: [...LOOPBACK, ...proxies.noProxy].join(','),
      });
}

/** The proxies of the setting or of the environment; empty texts keep undici from looking for others. */
function proxiesOf({ proxy = '', noProxy = [], env = process.env }: UndiciTransportOptions): {
  httpProxy: string;
  httpsProxy: string;
  noProxy: readonly string[];
} {
  if (proxy !== '') {
    const address = proxyAddress(proxy, 'Correct the setting http.proxy.');
    return { httpProxy: address, httpsProxy: address, noProxy };
  }
  const ofEnvironment = (...names: string[]): string => {
    const name = names.flatMap((one) => [one.toLowerCase(), one]).find((one) => env[one]) ?? '';
    const remedy = `Correct the environment variable ${name} and start VS Code again, or set http.proxy.`;
    return proxyAddress(env[name] ?? '', remedy);
  };
  return {
    httpProxy: ofEnvironment('HTTP_PROXY'),
    httpsProxy: ofEnvironment('HTTPS_PROXY', 'HTTP_PROXY'),
    noProxy: [...noProxy, ...(env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/).filter(Boolean)],
  };
}

/** An address with its scheme, which environments often leave out. @throws PostHogError `bad-address` */
function proxyAddress(proxy: string, remedy: string): string {
  const address = proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;
  if (address === '' || (URL.canParse(address) && /^(https?|socks5?):\/\/[^/]/.test(address))) {
    return address;
  }
  throw new PostHogError({
    kind: 'bad-address',
    what: 'The proxy address cannot be used.',
    why: 'It is not an address such as http://proxy.example.com:3128.',
    remedy,
  });
}

/** Node learned to read the system's store in 22.15; before that its own list and the given ones must do. */
const systemCertificates = (): string[] =>
  'getCACertificates' in tls ? tls.getCACertificates('system') : [];

/** A wrong file would else show as a failed connection to the server. */
function checkCertificates({ ca, cert, key }: UndiciTransportOptions): void {
  const looksRight = (ca ?? []).every((pem) => pem.includes('-----BEGIN'));
  try {
    if (looksRight) {
      tls.createSecureContext({ ca: [...(ca ?? [])], cert, key });
      return;
    }
  } catch (error) {
    throw unusable(error instanceof Error && 'code' in error ? `OpenSSL says ${String(error.code)}.` : '');
  }
  throw unusable('The certificate authority file holds no PEM certificate.');
}

const unusable = (why: string): PostHogError =>
  new PostHogError({
    kind: 'certificate',
    what: 'The certificate files of the network settings cannot be used.',
    why,
    remedy: 'Give files in PEM format, and a client certificate together with its own key.',
  });

function nodeStream(stream: ReadableStream<Uint8Array>): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const reader = stream.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        yield next.value;
      }
    } finally {
      await reader.cancel();
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}
